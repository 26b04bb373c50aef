"""Who writes a source: what it has said so far, which rules that puts to use, and what in it is
false on purpose.

Belongs here: what all paragraphs need. Does not belong here: any sentence but that of a theme's
total.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from tests.benchmarks.corpus.classifications import Classifications, Country, Theme
from tests.benchmarks.corpus.document import Document, Row
from tests.benchmarks.corpus.printed import exact
from tests.benchmarks.corpus.rules import rule_id
from tests.benchmarks.corpus.world import World


class Contradiction(NamedTuple):
    """A planted contradiction (or a remainder that no named part holds): its kind, and the finding
    that it must give.
    """

    kind: str
    rule_id: str
    group_id: str
    type: str
    fact_ids: tuple[str, ...]


@dataclass(slots=True)
class Author:
    """The author of one source; `first_year` is when its themes began to grow; some sources have
    rules of their own.
    """

    document: Document
    world: World
    draw: Random
    lists: Classifications
    first_year: int
    has_own_rules: bool
    used: set[tuple[str, Theme]] = field(default_factory=set)
    planted: list[Contradiction] = field(default_factory=list)
    closed: set[tuple[str, str]] = field(default_factory=set)
    """Paragraphs, with their theme, that would be touched by what is false."""
    exaggerated: dict[str, int] = field(default_factory=dict)
    """By how much the totals of themes are too high, in all that the source says of them."""
    _totals: dict[str, Row] = field(default_factory=dict)
    _befores: dict[str, Row] = field(default_factory=dict)

    @property
    def country(self) -> Country:
        return self.document.country

    def uses(self, theme: Theme, *families: str) -> None:
        """Note that rules of a theme have facts to apply to."""
        self.used.update((family, theme) for family in families)

    def total(self, theme: Theme) -> int:
        """Return how many there are on the day of publication, by this source."""
        true = self.world.stock(self.country, theme, self.document.published.year)
        return true + self.exaggerated.get(theme.plural, 0)

    def has_total(self, theme: Theme) -> bool:
        """Return whether it has said how many there are."""
        return theme.plural in self._totals

    def state_total(self, theme: Theme) -> Row:
        """Say how many there are, once in a source."""
        if theme.plural not in self._totals:
            number = exact(self.total(theme))
            verb = self.draw.choice(("has", "counts", "keeps", "maintains"))
            quote = f"{self.country.name} {verb} {number.words} {theme.plural}"
            self._totals[theme.plural] = self.document.observe(
                quote, number, theme.plural, self.country.code
            )
            self.document.say(". ")
        return self._totals[theme.plural]

    def state_before(self, theme: Theme) -> Row:
        """Say how many there were in the first year, once in a source."""
        if theme.plural not in self._befores:
            number = exact(self.world.stock(self.country, theme, self.first_year))
            quote = f"In {self.first_year}, {self.country.name} had {number.words} {theme.plural}"
            place = {"period": str(self.first_year)}
            self._befores[theme.plural] = self.document.observe(
                quote, number, theme.plural, self.country.code, **place
            )
            self.document.say(". ")
        return self._befores[theme.plural]

    def contradict(  # noqa: PLR0913 (what names a group)
        self,
        kind: str,
        family: str,
        theme: Theme,
        place: Iterable[str],
        rows: Iterable[Row],
        *,
        rest: str = "",
    ) -> None:
        """Note what is planted: the group is named by the source, `place`, the day of publication
        and the `rest`.
        """
        group = " ".join([self.document.source_id, *place, self.document.day]) + rest
        self.contradict_group(kind, rule_id(family, theme), group, rows)

    def contradict_group(self, kind: str, rule: str, group: str, rows: Iterable[Row]) -> None:
        """Note what is planted, by the names of rule and group."""
        named = tuple(sorted(f"{self.document.source_id}/{row.cells['fact_id']}" for row in rows))
        type_ = "incomplete" if kind == "remainder" else "contradiction"
        self.planted.append(Contradiction(kind, rule, group, type_, named))
