"""What the words of a language mean for facts: small tables, one file a language, so that another language is data."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files

FOLDER = files("pipeline.evidence") / "languages"


@dataclass(frozen=True, eq=False)
class Language:
    """The tables of one language, as languages/*.toml has them."""

    tag: str
    decimal_mark: str
    thousands_marks: list[str]
    months: list[list[str]]
    ordinal_endings: list[str]
    since: list[str]
    until: list[str]
    speech: list[str]
    idioms: list[str]
    hedges: dict[str, list[str]]
    hedges_after: dict[str, list[str]]
    units: dict[str, list[str]]
    per_year: dict[str, list[str]]
    rounding: dict[str, int]
    magnitudes: dict[str, int]
    further_numerals: dict[str, str]

    @cached_property
    def digits(self) -> re.Pattern[str]:
        """A numeral in digits: number, and the magnitude that multiplies it."""
        marks = "".join(re.escape(mark) for mark in self.thousands_marks)
        # a number broken over two lines goes on after its mark
        grouped = rf"\d{{0,2}}(?:[{marks}]\n?\d{{3}})+(?!\d)"
        fraction = rf"(?:{re.escape(self.decimal_mark)}\d+)?"
        return _pattern(rf"(?P<number>\d(?:{grouped}|\d*){fraction})(?:\s(?P<magnitude>{any_of(self.magnitudes)})\b)?")

    @cached_property
    def hedge_before(self) -> re.Pattern[str]:
        """A hedge at the end of the words before a numeral; it is a whole word, and touches the numeral."""
        return _pattern(rf"(?<!\w)(?P<hedge>{any_of(self.hedges)})\s+(?:an?\s|the\s)?[(\[$€£]?$")

    @cached_property
    def hedge_ends(self) -> tuple[str, ...]:
        """What the words before a numeral end with where a hedge is among them."""
        return (*{hedge.split()[-1].lower() for hedge in self.hedges}, "a", "an", "the")

    @cached_property
    def hedge_after(self) -> re.Pattern[str]:
        """A hedge at the beginning of the words after a numeral."""
        return _pattern(rf"\s+(?P<hedge>{any_of(self.hedges_after)})(?!\w)")

    @cached_property
    def unit_after(self) -> re.Pattern[str]:
        """A unit at the beginning of the words after a numeral."""
        return _pattern(rf"\s*(?P<unit>{any_of(word for words in self.units.values() for word in words)})(?!\w)")

    @cached_property
    def unit_of(self) -> dict[str, str]:
        """The unit that each of its words stands for."""
        return {word: unit for unit, words in self.units.items() for word in words}

    @cached_property
    def yearly(self) -> str:
        """The pattern of the words that make a number one for each year."""
        return rf"(?i)(?:^|\W)(?:{any_of(word for words in self.per_year.values() for word in words)})(?:\W|$)"

    @cached_property
    def dates(self) -> re.Pattern[str]:
        """A date: day, month, year or a part of it, as this language prints them, or as ISO 8601 does."""
        month = any_of(name for names in self.months for name in names)
        day = rf"(?P<{{day}}>\d{{{{1,2}}}})(?:{any_of(self.ordinal_endings)})?"
        year = r"(?P<{year}>(?:1[5-9]|20)\d\d)"
        forms = (
            rf"{day.format(day='day1')}\s+(?P<month1>{month})\.?,?\s+{year.format(year='year1')}",
            rf"(?P<month2>{month})\.?\s+{day.format(day='day2')}(?!\d)(?:,?\s+{year.format(year='year2')})?",
            rf"(?P<month3>{month})\.?,?\s+{year.format(year='year3')}",
            r"(?P<year4>(?:1[5-9]|20)\d\d)-(?P<month4>0[1-9]|1[0-2])(?:-(?P<day4>\d\d))?",
            rf"{year.format(year='year5')}",
        )
        firsts = "".join(sorted({re.escape(name[0]) for names in self.months for name in names}))
        return _pattern(rf"(?<![\d.,\w])(?=[\d{firsts}])(?:{'|'.join(forms)})(?![\d\w]|[.,]\d)")

    def month(self, name: str) -> int:
        """Return the number of a month by one of its names, or by its digits."""
        if name.isdecimal():
            return int(name)
        return next(
            number for number, names in enumerate(self.months, start=1) if name.casefold() in [n.casefold() for n in names]
        )

    @cached_property
    def numbers_in_words(self) -> dict[str, Decimal]:
        """The numerals that text2num does not know, with their value."""
        return {word: Decimal(value) for word, value in self.further_numerals.items()}


def known_languages() -> list[str]:
    """Return the tags of the languages that have a table, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if entry.name.endswith(".toml"))


@cache
def language(tag: str) -> Language:
    """Return the tables of a language, by its primary tag (en-GB reads as en); raises KeyError where there are none."""
    primary = tag.split("-", maxsplit=1)[0]
    if primary not in known_languages():
        raise KeyError(primary)
    return Language(tag=primary, **tomllib.loads((FOLDER / f"{primary}.toml").read_text(encoding="utf-8")))


def any_of(words: Iterable[str]) -> str:
    """Return the pattern of one of some words, the longest that fits, any white space between their parts."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(r"\s+".join(re.escape(part) for part in word.split()) for word in longest_first) or r"(?!)"


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
