"""Second readings: the facts as the other reading would have them.

Belongs here: taking the other reading of facts. Does not belong here: which readings there are
(raw/), or what follows from them (dependence).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from pipeline.facts.dated import with_period_ends
from pipeline.intervals.bounds import bounds
from pipeline.rules.quantities import QUANTITY, Facts
from schemas.raw_files import ENTERED

_PERIOD = ["period", "start_earliest", "start_latest", "end_earliest", "end_latest"]
_BOUNDS = [
    "value",
    "decimals",
    "relator",
    "lower",
    "upper",
    "lower_closed",
    "upper_closed",
    "bound_basis",
]
_READ_OTHERWISE = {
    "observations": [*_PERIOD, *_BOUNDS, *(name for name in QUANTITY if name != "period")],
    "events": _PERIOD,
    "statements": _PERIOD,
}


@dataclass(frozen=True)
class Alternative:
    """Some readings taken, and the facts that they give."""

    readings: pl.DataFrame
    facts: Facts
    indicators: set[str]
    """Those of which an observation is read otherwise, by either reading."""


def alternatives(
    facts: Facts, readings: pl.DataFrame, typed: Mapping[str, pl.DataFrame]
) -> Iterator[Alternative]:
    """Yield the other readings of facts, until each has been taken once.

    `readings` is the table of that name, `typed` the rows of the files that hold facts. Each time
    one reading of every source is taken: sources meet only in statements of one quantity, so a
    million of them take no more rounds than one.
    """
    rounds = readings.with_columns(round=pl.int_range(pl.len()).over("source_id"))
    read = {name: _read_otherwise(name, facts, rounds, typed[name]) for name in ENTERED}
    for number in sorted(set(rounds["round"])):
        taken = {name: rows.filter(round=number).drop("round") for name, rows in read.items()}
        others = {name: _with(getattr(facts, name), rows) for name, rows in taken.items()}
        of_round = rounds.filter(round=number)
        both = (
            one.join(of_round, on="fact_id") for one in (facts.observations, taken["observations"])
        )
        indicators = {code for one in both for code in one["indicator"]}
        yield Alternative(of_round, replace(facts, **others), indicators)


def _read_otherwise(
    name: str, facts: Facts, rounds: pl.DataFrame, typed: pl.DataFrame
) -> pl.DataFrame:
    """Return the facts of a table that have another reading as that has them, and in which round it
    is taken.
    """
    table: pl.DataFrame = getattr(facts, name)
    cells = rounds.select("fact_id", "other", "round", column="column_name")
    rows = typed.with_columns(fact_id=pl.concat_str("source_id", "fact_id", separator="/")).join(
        cells, on="fact_id"
    )
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
    return (
        table.drop(columns)
        .join(read.select("fact_id", *columns, "round"), on="fact_id")
        .select(*table.columns, "round")
    )


def _with(table: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """Return a table of facts with some of them in their other reading."""
    if changed.is_empty():
        return table
    return pl.concat([table.join(changed, on="fact_id", how="anti"), changed]).sort("fact_id")
