"""Second readings: the facts as the other reading would have them, and the rules that this may concern.

Belongs here: taking the other reading of facts. Does not belong here: which readings there are (raw/), where they touch the
system (touched), or what follows from facts (solve).
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from pipeline.consistency.kinds import speaks_of
from pipeline.consistency.quantities import QUANTITY, Facts
from pipeline.consistency.rules import Placed
from pipeline.intervals.bounds import bounds
from pipeline.intervals.periods import with_period_ends
from schemas.raw_files import ENTERED
from schemas.rules import SameQuantity

_PERIOD = ["period", "start_earliest", "start_latest", "end_earliest", "end_latest"]
_BOUNDS = ["value", "decimals", "relator", "lower_bound", "upper_bound", "lower_closed", "upper_closed", "bound_basis"]
_READ_OTHERWISE = {
    "observations": [*_PERIOD, *_BOUNDS, *(name for name in QUANTITY if name != "period")],
    "events": _PERIOD,
    "statements": _PERIOD,
}


@dataclass(frozen=True)
class Alternative:
    """Some readings taken, the facts that they give, and the indicators of the observations among them, in either reading."""

    readings: pl.DataFrame
    facts: Facts
    indicators: frozenset[str]

    def concerned(self, rules: Iterable[Placed]) -> list[Placed]:
        """Return the rules that may say something else of these facts."""
        sources = {None, *self.readings["source_id"]}
        return [placed for placed in rules if self._may_concern(placed, sources)]

    def _may_concern(self, placed: Placed, sources: Container[str | None]) -> bool:
        """Return whether a rule is one of those, `sources` being those that are read otherwise, and any.

        Two statements of one quantity may come from any two sources, and be of what other rules need; all else is of one source.
        """
        if isinstance(placed.rule, SameQuantity):
            return True
        if placed.source_id not in sources:
            return False
        spoken_of = speaks_of(placed.rule, self.facts.indicators)
        return not spoken_of or not spoken_of.isdisjoint(self.indicators)


def alternatives(facts: Facts, readings: pl.DataFrame, typed: Mapping[str, pl.DataFrame]) -> Iterator[Alternative]:
    """Yield the other readings of facts, until each has been taken once.

    `readings` is the table of that name, `typed` the rows of the files that hold facts. Each time one reading of every source
    is taken: sources meet only in statements of one quantity, so a million of them take no more rounds than one.
    """
    rounds = readings.with_columns(round=pl.int_range(pl.len()).over("source_id"))
    read = {name: _read_otherwise(name, facts, rounds, typed[name]) for name in ENTERED}
    for number in sorted(set(rounds["round"])):
        taken = {name: rows.filter(round=number).drop("round") for name, rows in read.items()}
        before = facts.observations.join(taken["observations"], on="fact_id", how="semi")
        yield Alternative(
            rounds.filter(round=number),
            replace(facts, **{name: _with(getattr(facts, name), rows) for name, rows in taken.items()}),
            frozenset([*before["indicator"], *taken["observations"]["indicator"]]),
        )


def _read_otherwise(name: str, facts: Facts, rounds: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """Return the facts of a table that have another reading as that has them, and in which round it is taken."""
    table: pl.DataFrame = getattr(facts, name)
    cells = rounds.select("fact_id", "column", "other", "round")
    rows = typed.with_columns(fact_id=pl.concat_str("source_id", "fact_id", separator="/")).join(cells, on="fact_id")
    if rows.is_empty():
        return table.clear().with_columns(round=rounds["round"].clear())
    rows = rows.with_columns(
        pl.when(pl.col("column") == column).then("other").otherwise(column).alias(column)
        for column in typed.columns
        if column in set(cells["column"])
    )
    read, _ = with_period_ends(rows, facts.sources)
    if name == "observations":
        kinds = facts.indicators.select("kind", "whole", indicator="code")
        read = read.with_columns(pl.col("relator").fill_null("eq")).join(kinds, on="indicator")
        read = read.drop("value").with_columns(bounds(read))
    columns = _READ_OTHERWISE[name]
    return table.drop(columns).join(read.select("fact_id", *columns, "round"), on="fact_id").select(*table.columns, "round")


def _with(table: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """Return a table of facts with some of them in their other reading."""
    if changed.is_empty():
        return table
    return pl.concat([table.join(changed, on="fact_id", how="anti"), changed]).sort("fact_id")
