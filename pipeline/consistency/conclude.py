"""Everything that follows from the facts and the rules: outcomes, implied bounds, error sets, and what a reading would change.

Belongs here: the order in which the parts of this folder are asked. Does not belong here: any of their work.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.consistency.error_sets import error_sets
from pipeline.consistency.evaluate import check_results
from pipeline.consistency.implied_bounds import implied_bounds, needed_groups
from pipeline.consistency.kinds import Facts
from pipeline.consistency.listings import listing_results
from pipeline.consistency.propagate import GROUP, only
from pipeline.consistency.readings import alternatives, changed, dependence, touched
from pipeline.consistency.rules import Placed, rules_table
from pipeline.consistency.solve import Solution, contradictions, solve
from pipeline.consistency.system import System, build_system, domains
from pipeline.defects import Defect
from schemas.rules import Listing

_OUTCOME = ["outcome", "reason", "is_incomplete"]
_BOUNDS = ["lower", "upper", "lower_closed", "upper_closed"]


@dataclass(frozen=True)
class Conclusions:
    """The three tables, and a defect for each rule that no facts could meet."""

    check_results: pl.DataFrame
    implied_bounds: pl.DataFrame
    error_sets: pl.DataFrame
    impossible: list[Defect]


@dataclass(frozen=True)
class _Settled:
    """What one reading of the facts gives."""

    facts: Facts
    system: System
    solution: Solution
    results: pl.DataFrame
    bounds: pl.DataFrame


def conclude(
    rules: list[Placed],
    facts: Facts,
    system: System,
    weights: Mapping[str, int],
    other_readings: tuple[pl.DataFrame, Mapping[str, pl.DataFrame]],
) -> Conclusions:
    """Return what follows; `system` is what the rules make of the facts, `weights` how much each fact is trusted, if not 1.

    `other_readings` are the table of readings and the rows of the files that hold facts.
    """
    settled = _settled(rules, facts, system)
    results, bounds = _with_dependence(rules, settled, other_readings)
    by_variable = {
        variable: weights[fact_id]
        for variable, fact_id in system.variables.select("variable", "fact_id").iter_rows()
        if fact_id in weights
    }
    found, impossible = contradictions(system, domains(system.variables, facts), settled.solution.violated, by_variable)
    explanations = {(rule, group): words for rule, group, words in results.select(*GROUP, "explanation").iter_rows()}
    return Conclusions(results, bounds, error_sets(found, explanations), _impossible(rules, impossible))


def _settled(rules: list[Placed], facts: Facts, system: System) -> _Settled:
    table = rules_table(rules)
    solution = solve(system, domains(system.variables, facts))
    results = check_results(table, facts.sources, system, solution, listing_results(rules, facts))
    return _Settled(facts, system, solution, results, implied_bounds(table, system, solution))


def _with_dependence(
    rules: list[Placed], taken: _Settled, other_readings: tuple[pl.DataFrame, Mapping[str, pl.DataFrame]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return results and bounds with what another reading than the one taken would change in them."""
    groups = needed_groups(taken.system, taken.solution, taken.bounds)
    sources = _source_of(pl.element())
    outcomes = _compared(taken.results).with_columns(source_ids=pl.col("fact_ids").str.split(" ").list.eval(sources))
    resting = (
        groups.join(taken.results.select(*GROUP, "fact_ids"), on=GROUP)
        .group_by("variable")
        .agg(_source_of(pl.col("fact_ids").str.split(" ").explode()).unique().alias("source_ids"))
    )
    limits = taken.bounds.join(resting, on="variable", how="left")
    listings = outcomes.filter(pl.col("rule_id").is_in([one.rule.id for one in rules if isinstance(one.rule, Listing)]))
    of_results = [pl.DataFrame(schema=dict.fromkeys([*GROUP, "reading"], pl.String))]
    of_bounds = [pl.DataFrame(schema=dict.fromkeys(["variable", "reading"], pl.String))]
    for readings, facts in alternatives(taken.facts, *other_readings):
        system = build_system(rules, facts)
        here, there = touched(taken.system, system)
        other = _settled(rules, facts, only(system, there))
        at_stake = outcomes.join(pl.concat([here, listings.select(GROUP)]), on=GROUP, how="semi")
        of_results.append(changed(at_stake, _compared(other.results).select(*GROUP, *_OUTCOME), GROUP, readings))
        bounded = limits.join(groups.join(here, on=GROUP, how="semi"), on="variable", how="semi")
        of_bounds.append(changed(bounded, other.bounds.select("variable", *_BOUNDS), ["variable"], readings))
    return _told(taken.results, of_results, GROUP), _told(taken.bounds, of_bounds, ["variable"])


def _told(table: pl.DataFrame, changes: list[pl.DataFrame], key: list[str]) -> pl.DataFrame:
    depends = dependence(pl.concat(changes), key)
    return table.drop("depends_on_reading").join(depends, on=key, how="left", maintain_order="left").select(table.columns)


def _compared(results: pl.DataFrame) -> pl.DataFrame:
    return results.with_columns(is_incomplete=pl.col("imbalance_upper") < 0)


def _source_of(fact_id: pl.Expr) -> pl.Expr:
    return fact_id.str.split("/").list.first()


def _impossible(rules: list[Placed], groups: frozenset[tuple[str, str]]) -> list[Defect]:
    names = sorted({rule_id for rule_id, _ in groups})
    expected = f"rules that some facts can meet; no facts can meet together {', '.join(names)}"
    return [placed.defect("id", "impossible_rule", placed.rule.id, expected) for placed in rules if placed.rule.id in names]
