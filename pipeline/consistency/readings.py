"""Second readings: the facts as the other reading would have them, and what that would change.

Belongs here: taking the other reading of facts, and comparing what follows. Does not belong here: which readings there are
(raw/), or what follows from facts (solve).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from pipeline.consistency.connections import connected, only
from pipeline.consistency.quantities import QUANTITY, Facts
from pipeline.consistency.system import GROUP, System
from pipeline.facts.bounds import bounds
from pipeline.facts.periods import with_period_ends
from schemas.raw_files import ENTERED

_GROUP_HASH = pl.struct(GROUP).hash()
"""For connections by the million: two names of one hash connect what else would not be, and nothing is missed."""

ROWS_AT_ONCE = 300_000
"""Rows of systems that are compared at once: more of them take more memory, and hardly less time."""

MARKED = ["variable", "coefficient_variable", "group_id"]
_PERIOD = ["period", "start_earliest", "start_latest", "end_earliest", "end_latest"]
_BOUNDS = ["value", "decimals", "relator", "lower_bound", "upper_bound", "lower_closed", "upper_closed", "bound_basis"]
_READ_OTHERWISE = {
    "observations": [*_PERIOD, *_BOUNDS, *(name for name in QUANTITY if name != "period")],
    "events": _PERIOD,
    "statements": _PERIOD,
}


def alternatives(facts: Facts, readings: pl.DataFrame, typed: Mapping[str, pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, Facts]]:
    """Yield readings and the facts that they give, until each reading has been taken once.

    `readings` is the table of that name, `typed` the rows of the files that hold facts. Each time one reading of every source
    is taken: sources meet only in statements of one quantity, so a million of them take no more rounds than one.
    """
    rounds = readings.with_columns(round=pl.int_range(pl.len()).over("source_id"))
    for number in sorted(set(rounds["round"])):
        taken = rounds.filter(round=number)
        yield taken, replace(facts, **{name: _otherwise(name, facts, taken, typed[name]) for name in ENTERED})


def _otherwise(name: str, facts: Facts, taken: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """Return a table of facts with the other reading of some of them."""
    table: pl.DataFrame = getattr(facts, name)
    cells = taken.select("fact_id", "column", "other")
    rows = typed.with_columns(fact_id=pl.concat_str("source_id", "fact_id", separator="/")).join(cells, on="fact_id")
    rows = rows.with_columns(
        pl.when(pl.col("column") == column).then("other").otherwise(column).alias(column)
        for column in typed.columns
        if column in set(cells["column"])
    )
    if rows.is_empty():
        return table
    read, _ = with_period_ends(rows, facts.sources)
    if name == "observations":
        kinds = facts.indicators.select("kind", "whole", indicator="code")
        read = read.with_columns(pl.col("relator").fill_null("eq")).join(kinds, on="indicator")
        read = read.drop("value").with_columns(bounds(read))
    columns = _READ_OTHERWISE[name]
    changed = table.drop(columns).join(read.select("fact_id", *columns), on="fact_id").select(table.columns)
    return pl.concat([table.join(changed, on="fact_id", how="anti"), changed]).sort("fact_id")


def touched(base: System, other: System) -> tuple[pl.DataFrame, System]:
    """Return the groups of a system in which outcomes may differ in another, and the part of the other in which they may.

    These are the groups connected, in either, with what only one of them has.
    """
    kept = [name for name in base.variables.columns if name != "description"]
    groups, variables = [], []
    for one, without in ((base, other), (other, base)):
        groups.append(_only_in(one.rule_terms, without.rule_terms, one.rule_terms.columns, "group_id"))
        variables.append(_only_in(one.variables, without.variables, kept, "variable").select("variable"))
    edges = pl.concat(_hashed(one.rule_terms) for one in (base, other))
    parts = connected(edges, ["group"])
    speaking = edges.join(pl.concat(variables).select(pl.col("variable").hash()), on="variable", how="semi").select("group")
    met = parts.join(pl.concat([speaking, *(part.select(group=_GROUP_HASH) for part in groups)]), on="group", how="semi")
    connection = parts.join(met, on="component", how="semi")["group"]
    here, there = (one.rule_groups.filter(_GROUP_HASH.is_in(connection.implode())).select(GROUP) for one in (base, other))
    part = only(other, there)
    return here, replace(part, variables=other.variables.join(part.edges, on="variable", how="semi"))


def _only_in(one: pl.DataFrame, without: pl.DataFrame, columns: list[str], name: str) -> pl.DataFrame:
    """Return the rows of one table that are not in another, by some columns; a part of the names of `name` at a time."""
    parts = 1 + one.height // ROWS_AT_ONCE
    places = [table.select(pl.col(name).hash() % parts).to_series() for table in (one, without)]
    rows = []
    for part in range(parts):
        here, there = (table.filter(place == part) for table, place in zip((one, without), places, strict=True))
        rows.append(here.join(there, on=columns, how="anti", nulls_equal=True))
    return pl.concat(rows)


def _hashed(terms: pl.DataFrame) -> pl.DataFrame:
    """Return which group speaks of which variable, as `System.edges`, by hashes: group, variable."""
    names = map(pl.col, ("variable", "coefficient_variable"))
    return pl.concat(terms.filter(name.is_not_null()).select(group=_GROUP_HASH, variable=name.hash()) for name in names)


def marked(table: pl.DataFrame, number: int) -> pl.DataFrame:
    """Return a table with names for its variables and groups that are those of a round of readings."""
    return table.with_columns(pl.format("{} {}", pl.lit(number), name).alias(name) for name in MARKED if name in table.columns)


def united(systems: Iterable[System]) -> System:
    """Return systems beside each other as one, the names of each marked with its number, from 0."""
    tables = [(one.variables, one.rule_groups, one.rule_terms) for one in systems]
    parts = [[marked(table, number) for table in one] for number, one in enumerate(tables)]
    return System(*(pl.concat(part) for part in zip(*parts, strict=True)))
