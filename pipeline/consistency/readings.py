"""Second readings: the facts as the other reading would have them, and what that would change.

Belongs here: taking the other reading of facts, and comparing what follows. Does not belong here: which readings there are
(raw/), or what follows from facts (solve).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from pipeline.consistency.connections import connected, only
from pipeline.consistency.quantities import QUANTITY, Facts
from pipeline.consistency.rules import Placed
from pipeline.consistency.system import GROUP, TERM_ORDER, System, stated_variables, systems_of
from pipeline.facts.bounds import bounds
from pipeline.facts.periods import with_period_ends
from schemas.raw_files import ENTERED

_GROUP_HASH = pl.struct(GROUP).hash()
"""For connections by the million: two names of one hash connect what else would not be, and nothing is missed."""

_OF_EDGES = [*GROUP, "variable", "coefficient_variable"]
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


def touched(base: System, taken: pl.DataFrame, facts: Facts, rules: list[Placed]) -> tuple[pl.DataFrame, System]:
    """Return the groups of a system in which outcomes may differ by other readings, and the part of the other in which they may.

    `taken` are the readings, `facts` those that they give. The groups are those connected, in either, with what only one of them
    has. The other system is never there as a whole: most of it is that of the base.
    """
    new, lost = _differences(base, taken, facts, rules)
    here = _connected_with(base, new, lost)
    kept = here.rule_terms.join(lost, on=lost.columns, how="anti", nulls_equal=True)
    terms = pl.concat([kept, new.rule_terms]).sort(TERM_ORDER, nulls_last=True)
    groups = (
        pl.concat([here.rule_groups, new.rule_groups]).unique(GROUP, keep="last").join(terms, on=GROUP, how="semi").sort(GROUP)
    )
    spoken_of = System(new.variables, groups, terms).edges.select("variable").unique()
    same = base.variables.join(spoken_of, on="variable", how="semi").join(new.variables, on="variable", how="anti")
    variables = pl.concat([same, new.variables.join(spoken_of, on="variable", how="semi")]).sort("variable")
    return here.rule_groups.select(GROUP), System(variables, groups, terms)


def _differences(base: System, taken: pl.DataFrame, facts: Facts, rules: list[Placed]) -> tuple[System, pl.DataFrame]:
    """Return what other facts give that a system has not, and the terms of the system that they do not give."""
    variables, groups, terms, lost = [_stated(taken, facts)], [], [], []
    left = base.rule_groups.select("rule_id").unique()
    for part in systems_of(rules, facts):
        names = part.rule_groups.select("rule_id").unique()
        own = base.rule_terms.join(names, on="rule_id", how="semi")
        lost.append(own.join(part.rule_terms, on=own.columns, how="anti", nulls_equal=True))
        terms.append(part.rule_terms.join(own, on=own.columns, how="anti", nulls_equal=True))
        groups.append(part.rule_groups.join(terms[-1], on=GROUP, how="semi"))
        variables.append(part.variables)
        left = left.join(names, on="rule_id", how="anti")
    lost.append(base.rule_terms.join(left, on="rule_id", how="semi"))
    compared = [name for name in base.variables.columns if name != "description"]
    other = pl.concat(variables).unique("variable", keep="first")
    changed = other.join(base.variables, on=compared, how="anti", nulls_equal=True)
    return System(changed, pl.concat(groups), pl.concat(terms)), pl.concat(lost)


def _stated(taken: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return the variables that the facts state of which other readings were taken."""
    read = {name: getattr(facts, name).join(taken, on="fact_id", how="semi") for name in ENTERED}
    return stated_variables(replace(facts, **read)).drop_nulls("fact_id")


def _connected_with(base: System, new: System, lost: pl.DataFrame) -> System:
    """Return the groups of a system that are connected with new variables, with new terms, or with terms that it loses."""
    edges = _hashed(pl.concat([base.rule_terms.select(_OF_EDGES), new.rule_terms.select(_OF_EDGES)]))
    parts = connected(edges, ["group"])
    speaking = edges.join(new.variables.select(pl.col("variable").hash()), on="variable", how="semi").select("group")
    met = pl.concat([speaking, *(rows.select(group=_GROUP_HASH) for rows in (lost, new.rule_terms))])
    met = parts.join(parts.join(met, on="group", how="semi"), on="component", how="semi")
    return only(base, base.rule_groups.filter(_GROUP_HASH.is_in(met["group"].implode())))


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
