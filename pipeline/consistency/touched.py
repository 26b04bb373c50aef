"""Where other readings of the facts touch the linear system: what only one of the two has, and all that is connected with it.

Belongs here: comparing two systems, of which one is there and the other never whole. Does not belong here: the other readings
(readings), or what follows from either (dependence).
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from pipeline.consistency.connections import connected, only
from pipeline.consistency.quantities import QUANTITY, Facts, key
from pipeline.consistency.readings import Alternative
from pipeline.consistency.rules import Placed
from pipeline.consistency.system import GROUP, TERM_ORDER, System, stated_variables, systems_of
from schemas.raw_files import ENTERED

_GROUP_HASH = pl.struct(GROUP).hash()
"""For connections by the million: two names of one hash connect what else would not be, and nothing is missed."""

_OF_EDGES = [*GROUP, "variable", "coefficient_variable"]
MARKED = ["variable", "coefficient_variable", "group_id"]


def touched(base: System, other: Alternative, rules: list[Placed]) -> tuple[pl.DataFrame, System]:
    """Return the groups of a system in which outcomes may differ by other readings, and the part of the other in which they may.

    `rules` are those that the readings may concern. The groups are those connected, in either system, with what only one of them
    has. The other system is never there as a whole: most of it is that of the base.
    """
    new, lost = _differences(base, other, rules)
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


def _differences(base: System, other: Alternative, rules: list[Placed]) -> tuple[System, pl.DataFrame]:
    """Return what other facts give that a system has not, and the terms of the system that they do not give."""
    variables, groups, terms, lost = [_stated(other)], [], [], []
    left = pl.DataFrame({"rule_id": [placed.rule.id for placed in rules]}, schema={"rule_id": pl.String})
    of_others = base.rule_terms.join(left, on="rule_id", how="anti").select("variable").unique()
    for part in systems_of(rules, other.facts, _needed(base.variables.join(of_others, on="variable", how="semi"), other.facts)):
        names = part.rule_groups.select("rule_id").unique()
        own = base.rule_terms.join(names, on="rule_id", how="semi")
        lost.append(own.join(part.rule_terms, on=own.columns, how="anti", nulls_equal=True))
        terms.append(part.rule_terms.join(own, on=own.columns, how="anti", nulls_equal=True))
        groups.append(part.rule_groups.join(terms[-1], on=GROUP, how="semi"))
        variables.append(part.variables)
        left = left.join(names, on="rule_id", how="anti")
    lost.append(base.rule_terms.join(left, on="rule_id", how="semi"))
    compared = [name for name in base.variables.columns if name != "description"]
    there = pl.concat(variables).unique("variable", keep="first")
    changed = there.join(base.variables, on=compared, how="anti", nulls_equal=True)
    return System(changed, pl.concat(groups), pl.concat(terms)), pl.concat(lost)


def _stated(other: Alternative) -> pl.DataFrame:
    """Return the variables that the facts state of which other readings were taken."""
    read = {name: getattr(other.facts, name).join(other.readings, on="fact_id", how="semi") for name in ENTERED}
    return stated_variables(replace(other.facts, **read)).drop_nulls("fact_id")


def _needed(variables: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return the variables that some source leaves unstated and another states: variable, and the quantity."""
    unstated = variables.filter(role="unstated").select("variable")
    stated = facts.observations.select(key().alias("variable"), *QUANTITY)
    return stated.join(unstated, on="variable", how="semi").unique("variable")


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
