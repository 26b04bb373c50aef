"""Everything that follows from the facts and the rules: outcomes, implied bounds, error sets, and what a reading would change.

Belongs here: the order in which the parts of this folder are asked. Does not belong here: any of their work.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.consistency.connections import only
from pipeline.consistency.error_sets import error_sets
from pipeline.consistency.evaluate import check_results, outcomes
from pipeline.consistency.implied_bounds import bounds, implied_bounds, needed_groups
from pipeline.consistency.listings import listing_results
from pipeline.consistency.quantities import Facts
from pipeline.consistency.readings import alternatives, changed, dependence, touched
from pipeline.consistency.rules import Placed, rules_table
from pipeline.consistency.solve import Solution, contradictions, solve
from pipeline.consistency.system import GROUP, System, build_system, domains
from pipeline.defects import Defect

_LOG = logging.getLogger(__name__)

_OUTCOME = ["outcome", "reason", "imbalance_upper"]
_BOUNDS = ["lower", "upper", "lower_closed", "upper_closed"]


@dataclass(frozen=True)
class Conclusions:
    """The three tables, and a defect for each rule that no facts could meet."""

    check_results: pl.DataFrame
    implied_bounds: pl.DataFrame
    error_sets: pl.DataFrame
    impossible: list[Defect]


@dataclass(frozen=True)
class _Reading:
    """What one reading of the facts gives; `listed` are the results of the listings."""

    facts: Facts
    system: System
    solution: Solution
    listed: pl.DataFrame

    def compared(self) -> pl.DataFrame:
        """Return of each group what another reading might change: rule_id, group_id, and the outcome."""
        groups = pl.concat([part.select(*GROUP, *_OUTCOME) for part in (outcomes(self.solution), self.listed)])
        return groups.with_columns(is_incomplete=pl.col("imbalance_upper") < 0).drop("imbalance_upper")


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
    sizes = (system.rule_groups.height, len(rules), system.variables.height)
    _LOG.info("The system has %s groups of %s rules, over %s variables.", *sizes)
    taken = _read(rules, facts, system)
    table = rules_table(rules)
    results = check_results(table, facts.sources, system, taken.solution, taken.listed)
    limits = implied_bounds(table, system, taken.solution)
    results, limits = _with_dependence(rules, taken, (results, limits), other_readings)
    by_variable = {
        variable: weights[fact_id]
        for variable, fact_id in system.variables.select("variable", "fact_id").iter_rows()
        if fact_id in weights
    }
    found, impossible = contradictions(system, domains(system.variables, facts), taken.solution.violated, by_variable)
    explanations = {(rule, group): words for rule, group, words in results.select(*GROUP, "explanation").iter_rows()}
    return Conclusions(results, limits, error_sets(found, explanations), _impossible(rules, impossible))


def _read(rules: list[Placed], facts: Facts, system: System) -> _Reading:
    solution = solve(system, domains(system.variables, facts))
    return _Reading(facts, system, solution, listing_results(rules, facts))


def _with_dependence(
    rules: list[Placed],
    taken: _Reading,
    published: tuple[pl.DataFrame, pl.DataFrame],
    other_readings: tuple[pl.DataFrame, Mapping[str, pl.DataFrame]],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return results and bounds with what another reading than the one taken would change in them."""
    results, limits = published
    groups = needed_groups(taken.system, taken.solution, limits)
    sources = results.select(*GROUP, source_ids=pl.col("fact_ids").str.split(" ").list.eval(_source_of(pl.element())))
    groups_before = taken.compared().join(sources, on=GROUP)
    resting = groups.join(sources, on=GROUP).group_by("variable").agg(pl.col("source_ids").explode().unique())
    bounds_before = limits.select("variable", *_BOUNDS).join(resting, on="variable", how="left")
    of_results = [pl.DataFrame(schema=dict.fromkeys([*GROUP, "reading"], pl.String))]
    of_bounds = [pl.DataFrame(schema=dict.fromkeys(["variable", "reading"], pl.String))]
    for readings, facts in alternatives(taken.facts, *other_readings):
        system = build_system(rules, facts)
        here, there = touched(taken.system, system)
        _LOG.info("Other readings of %s facts touch %s groups.", readings.height, here.height)
        other = _read(rules, facts, only(system, there))
        at_stake = groups_before.join(pl.concat([here, taken.listed.select(GROUP)]), on=GROUP, how="semi")
        of_results.append(changed(at_stake, other.compared(), GROUP, readings))
        bounded = bounds_before.join(groups.join(here, on=GROUP, how="semi"), on="variable", how="semi")
        found = bounds(other.system, other.solution).select("variable", *_BOUNDS)
        of_bounds.append(changed(bounded, found, ["variable"], readings))
    return _told(results, of_results, GROUP), _told(limits, of_bounds, ["variable"])


def _told(table: pl.DataFrame, changes: list[pl.DataFrame], key: list[str]) -> pl.DataFrame:
    depends = dependence(pl.concat(changes), key)
    return table.drop("depends_on_reading").join(depends, on=key, how="left", maintain_order="left").select(table.columns)


def _source_of(fact_id: pl.Expr) -> pl.Expr:
    return fact_id.str.split("/").list.first()


def _impossible(rules: list[Placed], groups: frozenset[tuple[str, str]]) -> list[Defect]:
    names = sorted({rule_id for rule_id, _ in groups})
    expected = f"rules that some facts can meet; no facts can meet together {', '.join(names)}"
    return [placed.defect("id", "impossible_rule", placed.rule.id, expected) for placed in rules if placed.rule.id in names]
