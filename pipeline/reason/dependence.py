"""What another reading of the facts than the one taken would change in outcomes and bounds: the column depends_on_reading.

Belongs here: what follows from other readings, compared with what is published. Does not belong here: the other readings
(readings), or what follows from facts (solve).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from pipeline.reason.components import components, groups_of, only
from pipeline.reason.implied_bounds import bounds
from pipeline.reason.outcomes import outcomes
from pipeline.reason.readings import Alternative
from pipeline.reason.solve import solve
from pipeline.rules.listings import listing_results
from pipeline.rules.rules_file import Placed
from pipeline.rules.system import GROUP, System, build_system, domains

_MARKED = ["variable", "coefficient_variable", "group_id"]
_BOUNDS = ["lower", "upper", "lower_closed", "upper_closed"]


@dataclass(frozen=True)
class Reading:
    """What the reading taken gives: the results of all rules, the bounds, and their premises.

    The premises are the groups that each bound rests on: variable, rule_id, group_id. The sources are those of the facts that
    each group speaks of: rule_id, group_id, source_id.
    """

    results: pl.DataFrame
    limits: pl.DataFrame
    premises: pl.DataFrame
    sources: pl.DataFrame


def with_dependence(
    rules: list[Placed], system: System, taken: Reading, alternatives: Iterable[Alternative]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return results and bounds with what another reading than the one taken would change in them; `system` is as it has it.

    All other readings are solved at once, beside each other: of each what differs from the system, or hangs together with that.
    """
    others = list(alternatives)
    if not others:
        return taken.results, taken.limits
    readings = pl.concat(one.readings for one in others)
    wholes = [build_system(rules, one.facts) for one in others]
    affected = [_affected(system, whole) for whole in wholes]
    parts = [_part(whole, groups) for whole, groups in zip(wholes, affected, strict=True)]
    other_results, other_limits = _found(rules, others, parts)
    by_group = taken.sources.group_by(GROUP).agg(source_ids=pl.col("source_id").unique())
    results = _compared(taken.results).join(by_group, on=GROUP, how="left")
    listings = results.join(system.rule_groups, on=GROUP, how="anti")
    resting = taken.premises.join(taken.sources, on=GROUP).group_by("variable").agg(source_ids=pl.col("source_id").unique())
    limits = taken.limits.select("variable", *_BOUNDS).join(resting, on="variable", how="left")
    before = _rounds(pl.concat([results.join(groups, on=GROUP, how="semi"), listings]) for groups in affected)
    of_results = _changed(before, other_results, GROUP, readings)
    before = _rounds(limits.join(only(system, groups).edges, on="variable", how="semi") for groups in affected)
    of_limits = _changed(before, other_limits, ["variable"], readings)
    return _told(taken.results, of_results, GROUP), _told(taken.limits, of_limits, ["variable"])


def _found(rules: list[Placed], others: list[Alternative], parts: list[System]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what other readings give in parts of their systems: what is compared of the results, and the bounds.

    Names are marked.
    """
    known = _beside(domains(part.variables, one.facts) for part, one in zip(parts, others, strict=True))
    beside = System(*(_beside(tables) for tables in zip(*(part.tables for part in parts), strict=True)))
    solution = solve(beside, known, beside=len(others))
    listed = _beside(listing_results(rules, one.facts) for one in others)
    results = pl.concat([_compared(listed), _compared(outcomes(solution))])
    return results, bounds(solution).select("variable", *_BOUNDS)


def _affected(system: System, other: System) -> pl.DataFrame:
    """Return the groups in which two systems differ, and those that hang together with them: rule_id, group_id."""
    differing = System(
        *(
            pl.concat(rows.join(but, on=rows.columns, how="anti", nulls_equal=True) for rows, but in ((one, two), (two, one)))
            for one, two in zip(system.tables, other.tables, strict=True)
        )
    )
    names, groups = differing.variables.select("variable").unique(), differing.rule_groups
    both = System(
        system.variables,
        pl.concat([system.rule_groups, groups]).unique(GROUP, keep="first", maintain_order=True),
        pl.concat([system.rule_terms, differing.rule_terms]),
    )
    seeds = [groups.select(GROUP), differing.rule_terms.select(GROUP), both.edges.join(names, on="variable").select(GROUP)]
    changed = set(pl.concat(seeds).iter_rows())
    return groups_of(key for part in components(both) if not changed.isdisjoint(part) for key in part)


def _part(system: System, groups: pl.DataFrame) -> System:
    """Return some groups of a system, and the variables that they speak of."""
    part = only(system, groups)
    return replace(part, variables=part.variables.join(part.edges, on="variable", how="semi", maintain_order="left"))


def _compared(results: pl.DataFrame) -> pl.DataFrame:
    """Return of each group what another reading might change: rule_id, group_id, and the outcome."""
    return results.select(*GROUP, "outcome", "reason", is_incomplete=pl.col("imbalance_upper") < 0)


def _beside(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return a table of each round of readings as one; names of variables and groups begin with the number of theirs."""
    return pl.concat(
        table.with_columns(pl.format("{} {}", pl.lit(number), name).alias(name) for name in _MARKED if name in table.columns)
        for number, table in enumerate(tables)
    )


def _rounds(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return a table of each round of readings as one, with the round."""
    return _beside(table.with_columns(round=pl.lit(number, pl.Int64)) for number, table in enumerate(tables))


def _changed(base: pl.DataFrame, other: pl.DataFrame, key: list[str], taken: pl.DataFrame) -> pl.DataFrame:
    """Return which readings change which rows: the key, and reading (fact.column=other).

    `base` and `other` have the key, marked, and what is compared; `base` also round, and source_ids, the sources that its row
    rests on; `taken` are the readings with their round. A change is put down to the readings of these sources; to all of the
    round where there is none of these.
    """
    compared = [name for name in other.columns if name not in key]
    rows = base.join(other.with_columns(is_there=pl.lit(value=True)), on=key, how="left", suffix="_other")
    same = [pl.col(name).eq_missing(pl.col(f"{name}_other")) for name in compared]
    differing = rows.filter(~pl.all_horizontal(pl.col("is_there").fill_null(value=False), *same))
    differing = differing.select(*key, "round", "source_ids")
    names = pl.format("{}.{}={}", "fact_id", "column", "other")
    readings = taken.select("round", "source_id", reading=names)
    own = differing.explode("source_ids").join(readings, left_on=["round", "source_ids"], right_on=["round", "source_id"])
    rest = differing.join(own, on=key, how="anti").join(readings, on="round")
    of_names = [pl.col(name).str.replace("^[0-9]+ ", "") for name in key if name in _MARKED]
    return pl.concat([part.select(*key, "reading") for part in (own, rest)]).with_columns(of_names)


def _told(table: pl.DataFrame, changes: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return a table with the readings that would change each row, joined by a space."""
    depends = changes.group_by(key).agg(pl.col("reading").unique().sort().str.join(" ").alias("depends_on_reading"))
    return table.drop("depends_on_reading").join(depends, on=key, how="left", maintain_order="left").select(table.columns)
