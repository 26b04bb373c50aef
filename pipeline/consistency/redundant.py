"""Rules that say nothing which the others do not say already, whatever the facts are.

Belongs here: redundancy, as in validatetools for R (de Jonge and van der Loo). Does not belong here: rules that cannot hold,
which repairs finds.
"""

from collections.abc import Iterable

import polars as pl

from pipeline.consistency.propagate import GROUP, components, edges, freed, only
from pipeline.consistency.solver.possibility import Possibility
from pipeline.consistency.solver.problem import Key, Problem, SolverLimitError, problem_of
from pipeline.consistency.system import System

MOST_GROUPS = 200
"""Groups of a component up to which its rules are looked at."""

_DERIVES = "multi_response"


def redundant_rules(rules: pl.DataFrame, system: System, domains: pl.DataFrame) -> list[str]:
    """Return the rules (rule_id) all of whose groups follow from those of the other rules; of two that say the same, one.

    `rules` is the table of that name, `domains` what variables can be if no fact is believed.
    """
    parts = components(System(freed(system.variables), system.rule_groups, system.rule_terms))
    sizes = parts.group_by("component").agg(pl.len().alias("groups"))
    parts = parts.join(sizes.filter(pl.col("groups") <= MOST_GROUPS), on="component", how="semi")
    slack = set(system.variables.filter(role="remainder")["variable"])
    problems: dict[str, Problem] = {}
    redundant: list[str] = []
    for rule_id in rules.filter(pl.col("kind") != _DERIVES).join(_covered(system), on="rule_id", how="semi")["rule_id"]:
        groups = system.rule_groups.filter(rule_id=rule_id).join(parts, on=GROUP, how="left").sort("group_id")
        if groups["component"].null_count() or groups.is_empty():
            continue
        for name in groups["component"].unique():
            if name not in problems:
                problems[name] = problem_of(only(system, parts.filter(component=name)), domains)
        keyed = groups.select(*GROUP, "component").iter_rows()
        if all(_follows(problems[name], (rule, group), {rule_id, *redundant}, slack) for rule, group, name in keyed):
            redundant.append(rule_id)
    return redundant


def _covered(system: System) -> pl.DataFrame:
    """Return the rules whose every variable, but for their own slack, another rule speaks of: rule_id."""
    named = edges(system.rule_terms).join(system.variables.filter(pl.col("role") != "remainder"), on="variable", how="semi")
    rules = named.select("rule_id", "variable").unique()
    met = rules.with_columns(elsewhere=pl.len().over("variable") > 1)
    return met.group_by("rule_id").agg(pl.col("elsewhere").all()).filter("elsewhere").sort("rule_id")


def _follows(problem: Problem, key: Key, without: Iterable[str], slack: set[str]) -> bool:
    others = [other for other in problem.relations if other[0] not in without]
    try:
        return Possibility(problem).implies(others, key, slack)
    except SolverLimitError:
        return False
