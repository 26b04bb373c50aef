"""Rules that say nothing which the others do not say already, whatever the facts are.

Belongs here: redundancy, as in validatetools for R (de Jonge and van der Loo). Does not belong here: rules that cannot hold,
which repairs finds.
"""

from collections.abc import Iterable

import polars as pl

from pipeline.consistency.connections import components, freed
from pipeline.consistency.solver.possibility import Possibility
from pipeline.consistency.solver.problem import Key, Problem, SolverLimitError, problems_of
from pipeline.consistency.system import GROUP, System

MOST_GROUPS = 200
"""Groups of a component up to which its rules are looked at."""

_DERIVES = "multi_response"


def redundant_rules(rules: pl.DataFrame, system: System, domains: pl.DataFrame) -> list[str]:
    """Return the rules (rule_id) all of whose groups follow from those of the other rules; of two that say the same, one.

    `rules` is the table of that name, `domains` what variables can be if no fact is believed.
    """
    linear = rules.filter(pl.col("kind") != _DERIVES).join(_covered(system, domains), on="rule_id", how="semi")
    if linear.is_empty():
        return []
    parts = components(System(freed(system.variables), system.rule_groups, system.rule_terms))
    parts = parts.with_columns(size=pl.len().over("component")).rename({"component": "problem"})
    groups = parts.join(linear, on="rule_id", how="semi")
    groups = groups.filter((pl.col("size") <= MOST_GROUPS).all().over("rule_id")).sort("rule_id", "size", *GROUP)
    slack = set(system.variables.filter(role="remainder")["variable"])
    first = _problems(system, domains, parts, groups.unique("rule_id", keep="first", maintain_order=True))
    follows = [key[0] for key, problem in first.items() if _follows(problem, key, {key[0]}, slack)]
    every = _problems(system, domains, parts, groups.filter(pl.col("rule_id").is_in(follows)))
    redundant: list[str] = []
    for rule_id in sorted(follows):
        own = {key: problem for key, problem in every.items() if key[0] == rule_id}
        if all(_follows(problem, key, {rule_id, *redundant}, slack) for key, problem in own.items()):
            redundant.append(rule_id)
    return redundant


def _problems(system: System, domains: pl.DataFrame, parts: pl.DataFrame, groups: pl.DataFrame) -> dict[Key, Problem]:
    """Return the problem that each of some groups is in; `parts` has rule_id, group_id and problem, its name."""
    needed = parts.join(groups, on="problem", how="semi").select(*GROUP, "problem")
    problems = dict(problems_of(system, domains, needed))
    return {(rule_id, group_id): problems[str(name)] for rule_id, group_id, name in groups.select(*GROUP, "problem").iter_rows()}


def _covered(system: System, domains: pl.DataFrame) -> pl.DataFrame:
    """Return the rules that may follow from others: rule_id.

    For each end of a variable that such a rule limits (but for its own slack), another rule limits it too.
    """
    terms = system.rule_terms.lazy().join(system.rule_groups.lazy().select(*GROUP, "op"), on=GROUP)
    is_any = (pl.col("op") == "eq") | pl.col("coefficient_variable").is_not_null()
    ends = {"most": is_any | (pl.col("coefficient_upper") > 0), "least": is_any | (pl.col("coefficient_lower") < 0)}
    shares = system.rule_terms.lazy().select(
        "rule_id", variable="coefficient_variable", **dict.fromkeys(ends, pl.lit(value=True))
    )
    not_slack = system.variables.lazy().filter(pl.col("role") != "remainder").select("variable")
    rows = pl.concat([terms.select("rule_id", "variable", **ends), shares]).filter(pl.any_horizontal(*ends))
    rows = rows.join(not_slack, on="variable", how="semi")
    limited = rows.group_by("rule_id", "variable").agg(pl.col(*ends).any()).collect()
    named = limited.group_by("variable").agg(pl.len().alias("rules"), pl.col(*ends).sum().name.prefix("rules_"))
    alone = limited.join(named.filter(pl.col("rules") == 1), on="variable", how="semi").select("rule_id").unique()
    rest = limited.join(alone, on="rule_id", how="anti").join(named, on="variable")
    rest = rest.join(domains.rename({end: f"own_{end}" for end in ends}), on="variable", how="left")
    met = [~pl.col(end) | (pl.col(f"rules_{end}") > 1) | pl.col(f"own_{end}").is_not_null() for end in ends]
    return rest.group_by("rule_id").agg(pl.all_horizontal(met).all().alias("met")).filter("met").sort("rule_id")


def _follows(problem: Problem, key: Key, without: Iterable[str], slack: set[str]) -> bool:
    others = [other for other in problem.relations if other[0] not in without]
    try:
        return Possibility(problem).implies(others, key, slack)
    except SolverLimitError:
        return False
