"""Everything that follows from the facts and the rules: outcomes, implied bounds, error sets, and what a reading would change.

Belongs here: the order in which the parts of this folder are asked. Does not belong here: any of their work.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.defects import Defect, as_table
from pipeline.reason.dependence import Reading, with_dependence
from pipeline.reason.error_sets import error_sets
from pipeline.reason.implied_bounds import implied_bounds
from pipeline.reason.outcomes import results_of
from pipeline.reason.readings import alternatives
from pipeline.reason.solve import contradictions, solve
from pipeline.rules.listings import listing_results
from pipeline.rules.quantities import Facts, first_said
from pipeline.rules.rules_file import Placed, rules_table
from pipeline.rules.system import GROUP, System, domains

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Conclusions:
    """The three tables, and a defect for each rule that no facts could meet."""

    check_results: pl.DataFrame
    implied_bounds: pl.DataFrame
    error_sets: pl.DataFrame
    impossible: list[Defect]

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The three tables, and the defects as one."""
        three = {name: getattr(self, name) for name in ("check_results", "implied_bounds", "error_sets")}
        return {**three, "impossible": as_table(self.impossible)}


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
    known, table = domains(system.variables, facts), rules_table(rules)
    solution = solve(system, known)
    results = pl.concat([results_of(system, solution, table, facts.sources), listing_results(rules, facts)]).sort(GROUP)
    limits, premises = implied_bounds(system, solution, table)
    taken = Reading(results, limits.sort("variable"), premises)
    by_variable = {fact + part: weight for fact, weight in weights.items() for part in ("", "#start", "#end")}
    found, impossible = contradictions(
        system, known, solution.violated, by_variable, first_said(facts, other_readings[1]["observations"])
    )
    sets = error_sets(found, results)
    results, limits = with_dependence(rules, taken, alternatives(facts, *other_readings))
    return Conclusions(results, limits, sets, _impossible(rules, frozenset(rule_id for rule_id, _ in impossible)))


def _impossible(rules: list[Placed], names: frozenset[str]) -> list[Defect]:
    expected = f"rules that some facts can meet; no facts can meet together {', '.join(sorted(names))}"
    return [placed.defect("id", "impossible_rule", placed.rule.id, expected) for placed in rules if placed.rule.id in names]
