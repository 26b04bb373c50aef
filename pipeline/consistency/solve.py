"""What all facts and rules say together: outcomes that only several rules decide, bounds that follow, contradictions.

Belongs here: which parts of the system are settled by rounds and which need the exact solver. Does not belong here: either
of them (propagate, solver), the search for what is wrong (repairs), or words.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.consistency.propagate import GROUP, Spread, components, freed, groups_of, judge, only, spread
from pipeline.consistency.solver.limits import Limits, limits
from pipeline.consistency.solver.possibility import Possibility
from pipeline.consistency.solver.problem import Key, Problem, SolverLimitError, problem_of
from pipeline.consistency.solver.repairs import ImpossibleRulesError, Repair, least_conflict, repairs
from pipeline.consistency.system import System

_LOG = logging.getLogger(__name__)

MOST_GROUPS = 2000
"""Groups of a component that the exact solver takes on."""

MOST_COMPONENTS = 1000
"""Components, in the order of their names, that it takes on for each purpose."""


@dataclass(frozen=True)
class Exact:
    """The least and the most that a variable can be, and the groups that force it."""

    limits: Limits
    groups: frozenset[Key]


@dataclass(frozen=True)
class Solution:
    """What a system says as a whole.

    `judged` is each group judged by itself; `joint` names, for each group that is impossible only together with others, all
    of these; `open` are groups that may be so, undecided within the limits. `spread` and `exact` are what follows from all
    groups not violated.
    """

    judged: pl.DataFrame
    joint: Mapping[Key, tuple[Key, ...]]
    open: frozenset[Key]
    spread: Spread
    exact: Mapping[str, Exact]

    @property
    def violated(self) -> frozenset[Key]:
        """The groups that cannot hold, by themselves or with others."""
        return frozenset([*_keys(self.judged.filter(outcome="violated")), *self.joint])


def solve(system: System, domains: pl.DataFrame) -> Solution:
    """Return what a system says; `domains` are what variables can be if no fact is believed."""
    judged = judge(system)
    active = only(system, judged.filter(pl.col("outcome") != "violated"))
    joint: dict[Key, tuple[Key, ...]] = {}
    while True:
        found = spread(active)
        conflicts, undecided, checked = _conflicts(found, domains)
        if not conflicts:
            return Solution(judged, joint, undecided, found, _exact_bounds(active, found, domains, checked))
        joint |= {key: conflict for conflict in conflicts for key in conflict}
        active = _without(active, joint)


def _keys(groups: pl.DataFrame) -> list[Key]:
    return [(rule_id, group_id) for rule_id, group_id in groups.select(GROUP).sort(GROUP).iter_rows()]


def _without(system: System, keys: Collection[Key]) -> System:
    return only(system, system.rule_groups.join(groups_of(keys), on=GROUP, how="anti"))


def _conflicts(found: Spread, domains: pl.DataFrame) -> tuple[list[tuple[Key, ...]], frozenset[Key], list[Problem]]:
    """Return the groups in conflict of each component, those left undecided, and the components that are possible."""
    _LOG.info(
        "Rounds settled all but %s of %s components; those go to the exact solver.",
        len(found.impossible | found.open),
        found.components["component"].n_unique(),
    )
    conflicts: list[tuple[Key, ...]] = []
    undecided: set[Key] = set()
    possible: list[Problem] = []
    for number, name in enumerate(sorted(found.impossible | found.open)):
        part = found.components.filter(component=name)
        within_limits = part.height <= MOST_GROUPS and number < MOST_COMPONENTS
        problem = problem_of(only(found.core, part), domains) if within_limits else None
        conflict = _conflict(problem) if problem else None
        if conflict:
            conflicts.append(conflict)
        elif name in found.impossible:
            conflicts.append(tuple(_keys(part)))
        elif problem and conflict is not None:
            possible.append(problem)
        else:
            undecided.update(_keys(part))
    return conflicts, frozenset(undecided), possible


def _conflict(problem: Problem) -> tuple[Key, ...] | None:
    """Return the groups that cannot hold together, none where all can; None where that takes too many steps."""
    possibility = Possibility(problem)
    try:
        possible = possibility.conflict(problem.stated, problem.relations) is None
        return () if possible else least_conflict(possibility, problem)
    except SolverLimitError:
        return None


def _exact_bounds(active: System, found: Spread, domains: pl.DataFrame, possible: list[Problem]) -> dict[str, Exact]:
    """Return the bounds of variables in components not settled by rounds, and of slack that depends on such."""
    exact: dict[str, Exact] = {}
    for problem in possible:
        names = [name for name, quantity in problem.quantities.items() if not quantity.is_point]
        exact |= _limits(problem, names)
    loose = found.slack.filter(~pl.col("variable").is_in(sorted(found.proven)))
    for rule_id, group_id in loose.select(GROUP).unique().sort(GROUP).head(MOST_COMPONENTS).iter_rows():
        needed = found.needed_for(active, (rule_id, group_id))
        if needed.height <= MOST_GROUPS:
            own = loose.filter(rule_id=rule_id, group_id=group_id)["variable"].sort()
            exact |= _limits(problem_of(only(active, needed), domains), own)
    return exact


def _limits(problem: Problem, names: Collection[str]) -> dict[str, Exact]:
    """Return the exact bounds of variables, each with the groups that it takes to force them; nothing where that is too much."""
    exact: dict[str, Exact] = {}
    possibility = Possibility(problem)
    for name in names:
        try:
            found = limits(problem, [name])[name]
            groups = possibility.groups_that_force(name, found)
        except SolverLimitError:
            continue
        exact[name] = Exact(found, groups)
    return exact


def contradictions(
    system: System, domains: pl.DataFrame, violated: Collection[Key], weights: Mapping[str, int]
) -> tuple[dict[str, list[Repair]], frozenset[Key]]:
    """Return the repairs of each component that holds a violated group, and the groups that no facts can meet.

    `weights` are by variable, where not 1. A component is named after the first of its facts.
    """
    found: dict[str, list[Repair]] = {}
    impossible: set[Key] = set()
    if not violated:
        return found, frozenset()
    parts = components(System(freed(system.variables), system.rule_groups, system.rule_terms))
    names = parts.join(groups_of(violated), on=GROUP)["component"].unique().sort()
    for number, name in enumerate(names):
        part = parts.filter(component=name)
        if part.height > MOST_GROUPS or number >= MOST_COMPONENTS:
            found[name] = [Repair(tuple(key for key in _keys(part) if key in violated), None, ())]
            continue
        try:
            problem = problem_of(only(system, part), domains)
            found[min(problem.stated, default=name)] = repairs(problem, weights)
        except ImpossibleRulesError as error:
            impossible |= error.groups
    return found, frozenset(impossible)
