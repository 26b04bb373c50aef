"""The made-up world that every text of a corpus speaks of: what is true of a country, a theme and a
year.

Two sources that state one quantity draw it from here, and so agree. Belongs here: true numbers.
Does not belong here: how they are printed, and which are false on purpose (contradictions).
"""

from functools import cache
from random import Random
from typing import NamedTuple

from tests.benchmarks.corpus.classifications import Country, Theme

FIRST_YEAR = 1900


class Course(NamedTuple):
    """The course of a theme in a country.

    How many there were in the first year, how many more there are each year, how many open each
    year; the year before the first fair, and the month of fairs, from 0.
    """

    first: int
    growth: int
    opened: int
    before_fairs: int
    month: int


class World:
    """True numbers, by the corpus's seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._course = cache(self._drawn_course)

    def draw(self, *parts: object) -> Random:
        """Return a source of chance that is the same for the same parts."""
        return Random(" ".join(map(str, (self._seed, *parts))))  # noqa: S311 (not for secrets)

    def _drawn_course(self, country: str, theme: str) -> Course:
        draw = self.draw(country, theme)
        growth = draw.randrange(20, 90)
        return Course(
            draw.randrange(1000, 5000),
            growth,
            growth + draw.randrange(40),
            draw.randrange(1970, 1990),
            draw.randrange(12),
        )

    def course(self, country: Country, theme: Theme) -> Course:
        """Return the course of a theme in a country."""
        return self._course(country.code, theme.plural)

    def stock(self, country: Country, theme: Theme, year: int) -> int:
        """Return how many there are in a year: 1,000 to 20,000."""
        course = self.course(country, theme)
        return course.first + course.growth * (year - FIRST_YEAR)

    def spending(self, theme: Theme, area: str, year: int) -> int:
        """Return what is spent in an area and year: a round number of crowns."""
        number = sum(map(ord, area)) * 7919 + year * 104_729 + (theme.number + 1) * 1_299_709
        return (number % 899 + 101) * 100_000
