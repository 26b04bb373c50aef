"""Everything that follows from the facts and the rules: outcomes, implied bounds, error sets, and
what a reading would change.

Belongs here: the order in which the parts of this folder are asked. Does not belong here: any of
their work.
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
from pipeline.reason.problem import Key
from pipeline.reason.readings import alternatives
from pipeline.reason.solve import contradictions, solve
from pipeline.rules.listings import listing_results
from pipeline.rules.quantities import Facts, first_said
from pipeline.rules.rules_file import Placed, rules_table
from pipeline.rules.system import GROUP, System, domains
from schemas.rules import TRANSLATIONS_AGREE

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
        return {**vars(self), "impossible": as_table(self.impossible)}


def conclude(
    rules: list[Placed],
    facts: Facts,
    system: System,
    weights: Mapping[str, int],
    other_readings: tuple[pl.DataFrame, Mapping[str, pl.DataFrame]],
) -> Conclusions:
    """Return what follows; `system` is what the rules make of the facts, `weights` how much each
    fact is trusted, if not 1.

    `other_readings` are the table of readings and the rows of the files that hold facts.
    """
    _LOG.info("The system has %s groups.", system.rule_groups.height)
    known = domains(system.quantities, facts)
    solution = solve(system, known)
    listed = listing_results(rules, facts)
    results = pl.concat([results_of(system, solution, rules, facts), listed]).sort(GROUP)
    limits, premises = implied_bounds(system, solution, rules_table(rules), facts)
    first = first_said(facts, other_readings[1]["observations"])
    found, impossible = contradictions(
        system, known, solution.violated, _by_variable(weights), first
    )
    sets = error_sets(found, results)
    taken = Reading(
        results, limits.sort("quantity"), premises, _sources(system, listed, facts.sources), facts
    )
    results, limits = with_dependence(rules, system, taken, alternatives(facts, *other_readings))
    return Conclusions(results, limits, sets, _impossible(rules, impossible))


def _by_variable(weights: Mapping[str, int]) -> dict[str, int]:
    """Return how much facts are trusted by each quantity that they may state."""
    return {
        fact + part: weight for fact, weight in weights.items() for part in ("", "#start", "#end")
    }


def _sources(system: System, listed: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Return whose facts each group speaks of: rule_id, group_id, source_id; of a translation also
    its original.
    """
    stated = system.quantities.drop_nulls("fact_id").select("quantity", "source_id")
    own = listed.select(*GROUP, "source_id")
    originals = sources.select("source_id", original="translation_of").drop_nulls()
    translated = own.filter(rule_id=TRANSLATIONS_AGREE).join(originals, on="source_id")
    translated = translated.select(*GROUP, source_id="original")
    return pl.concat(
        [system.edges.join(stated, on="quantity").select(*GROUP, "source_id"), own, translated]
    ).unique()


def _impossible(rules: list[Placed], groups: frozenset[Key]) -> list[Defect]:
    names = {rule_id for rule_id, _ in groups}
    expected = (
        f"rules that some facts can meet; no facts can meet together {', '.join(sorted(names))}"
    )
    return [
        placed.defect("id", "impossible_rule", placed.rule.id, expected)
        for placed in rules
        if placed.rule.id in names
    ]
