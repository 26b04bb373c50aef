"""Which contradictions a corpus holds, and in which sources: their number and places are known
before a word is written.

Belongs here: the plan, and contradictions between sources. Does not belong here: those within one
paragraph (counts, shares, times), whose words are false.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.benchmarks.corpus import counts, shares, speech, times
from tests.benchmarks.corpus.author import Author, Contradiction
from tests.benchmarks.corpus.classifications import Classifications, Country, Theme
from tests.benchmarks.corpus.printed import Printed, exact
from tests.benchmarks.corpus.rules import SAME_QUANTITY
from tests.benchmarks.corpus.world import FIRST_YEAR, World

Paragraph = Callable[[Author, Theme, str], None]

PARAGRAPHS: dict[str, Paragraph] = {
    "kinds": counts.kinds,
    "regions": shares.regions,
    "growth": times.growth,
    "owners": shares.owners,
    "projects": counts.projects,
    "statements": speech.statements,
    "workers": counts.workers,
    "services": shares.services,
    "inspected": counts.inspected,
    "fair": times.fair,
    "grants": counts.grants,
    "asides": speech.asides,
    "history": times.history,
    "opened": times.opened,
    "spending": speech.spending,
    "steps": times.steps,
    "reform": times.reform,
}

WITHIN: dict[str, str] = {
    "kinds_do_not_add_up": "kinds",
    "shares_complete": "owners",
    "part_above_whole": "inspected",
    "remainder": "grants",
    "share_of": "regions",
    "sequence": "steps",
    "growth": "growth",
    "multi_response": "services",
    "after_publication": "fair",
    "parts_above_whole": "projects",
    "shares_partial": "regions",
    "elapsed": "reform",
    "workers_do_not_add_up": "workers",
    "gross_growth": "opened",
    "ranked": "regions",
    "sequence_together": "steps",
    "same_precision": "regions",
    "distinct": "services",
}
"""The kinds of contradictions within a source, each with the paragraph that holds it."""

FLOWS = ("growth", "opened")
"""The paragraphs that contradict their source's total."""

DISAGREE, DISAGREE_TOGETHER = "same_quantity", "same_quantity_together"
KINDS = (*WITHIN, DISAGREE, DISAGREE_TOGETHER)

YEARS = 90
"""Years, from the world's first, of which only sources that contradict each other speak."""


@dataclass(frozen=True)
class Said:
    """A statement that another source, or two, contradict: so many of a theme there were in a
    country in a year.
    """

    name: str
    country: Country
    theme: Theme
    year: int
    printed: Printed

    def write(self, author: Author) -> None:
        """Write it."""
        quote = f"In {self.year}, {self.country.name} had {self.printed.words} {self.theme.plural}"
        place = {"period": str(self.year), "name": self.name}
        author.document.observe(quote, self.printed, self.theme.plural, self.country.code, **place)
        author.document.say(".\n\n")


@dataclass
class Plan:
    """What is to be false: kinds within a source, what it says that others contradict (both by its
    place), and the latter.
    """

    within: dict[int, list[str]] = field(default_factory=dict)
    said: dict[int, list[Said]] = field(default_factory=dict)
    between: list[Contradiction] = field(default_factory=list)


def spread(count: int, sources: int) -> list[int]:
    """Return the places of some things spread evenly over the sources."""
    return [(2 * number + 1) * sources // (2 * count) for number in range(count)]


def plan(count: int, source_ids: Sequence[str], lists: Classifications, world: World) -> Plan:
    """Return where `count` contradictions are planted, of each kind in turn."""
    planned = Plan()
    sources = len(source_ids)
    for number, source in enumerate(spread(count, sources)):
        kind = KINDS[number % len(KINDS)]
        if kind in WITHIN:
            planned.within.setdefault(source, []).append(kind)
            continue
        together = kind == DISAGREE_TOGETHER
        theme, year = _unspoken(2 * (number // len(KINDS)) + together, lists)
        country = lists.countries[source % len(lists.countries)]
        true = world.stock(country, theme, year)
        places = sorted(
            {(source + step) % sources for step in range(3 if together else 2)},
            key=lambda place: source_ids[place],
        )
        between = Printed(f"between {true:,} and {true + 2:,}", f"{true}/{true + 2}", "between")
        printed = (
            [exact(true), between, exact(true + 2)] if together else [exact(true), exact(true + 57)]
        )
        if len(places) < len(printed):
            raise ValueError(f"a contradiction between {len(printed)} sources needs as many")
        said = [Said(f"said-{number + 1}", country, theme, year, one) for one in printed]
        facts = [f"{source_ids[place]}/said-{number + 1}" for place in places]
        for place, one in zip(places, said, strict=True):
            planned.said.setdefault(place, []).append(one)
        for pair in pairwise(facts):
            planned.between.append(
                Contradiction(kind, SAME_QUANTITY, " ".join(pair), "contradiction", pair)
            )
    return planned


def _unspoken(number: int, lists: Classifications) -> tuple[Theme, int]:
    """Return a theme and a year of which no other source speaks."""
    theme, year = lists.themes[number % len(lists.themes)], number // len(lists.themes)
    if year >= YEARS:
        raise ValueError("there are not years enough for so many contradictions between sources")
    return theme, FIRST_YEAR + year
