"""What all facts and rules say together: outcomes that only several rules decide, bounds that
follow, contradictions.

Belongs here: which parts of the system are settled by intervals and which need the exact solver.
Does not belong here: either of them (propagation, possibility), the search for what is wrong
(repairs), or words.
"""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

import polars as pl

from pipeline.reason.components import components, groups_of, only
from pipeline.reason.hull import Hull, Part
from pipeline.reason.limits import Limits
from pipeline.reason.possibility import Budget, Possibility
from pipeline.reason.problem import Key, Problem, SolverLimitError, problems_of
from pipeline.reason.repairs import ImpossibleRulesError, Repair, least_conflict, repairs
from pipeline.reason.repeats import without_repeats
from pipeline.reason.settled import settled_groups
from pipeline.rules.evaluate import judge
from pipeline.rules.system import GROUP, System

_LOG = logging.getLogger(__name__)

MOST_GROUPS = 2000
"""Groups of a component that the exact solver takes on."""

MOST_ASKED = 1000
"""Components of which z3 is asked, in the order of their names; what intervals on trees decide
takes a millisecond each.
"""


@dataclass(frozen=True)
class Bound:
    """How far a quantity can go, the groups that force it, and whether the last of these add it or
    take it off as it is.
    """

    limits: Limits
    groups: frozenset[Key]
    by_sums: bool


@dataclass(frozen=True)
class Solution:
    """What a system says as a whole.

    `judged` is each group judged by itself; `joint` names, for each group that is impossible only
    together with others, all of these; `open` are groups that may be so, undecided within the
    limits. `bounds` are, by quantity, those that groups not violated force on it beyond what is
    known of it by itself; those of groups that are settled by themselves are `settled`, a table.
    """

    judged: pl.DataFrame
    joint: Mapping[Key, tuple[Key, ...]]
    open: frozenset[Key]
    bounds: Mapping[str, Bound]
    settled: pl.DataFrame

    @property
    def violated(self) -> frozenset[Key]:
        """The groups that cannot hold, by themselves or with others."""
        alone = self.judged.filter(outcome="violated").select(GROUP)
        return frozenset(
            [*((rule_id, group_id) for rule_id, group_id in alone.iter_rows()), *self.joint]
        )


class _Component:
    """What follows from the groups of a component: which are impossible together, and how far
    quantities can go.
    """

    def __init__(self, problem: Problem, budget: Budget) -> None:
        """Reason about `problem`, with z3 as far as the budget goes."""
        self._budget = budget
        self.joint: dict[Key, tuple[Key, ...]] = {}
        self.bounds: dict[str, Bound] = {}
        while True:
            left = without_repeats(
                problem.within(key for key in problem.relations if key not in self.joint)
            )
            hull = Hull(left, left.stated, left.relations, over_intervals=True)
            self.open: set[Key] = set()
            self._possible: list[Possibility] = []
            conflicts = [
                conflict for part in hull.parts for conflict in self._conflicts(left, part)
            ]
            if not conflicts:
                break
            self.joint |= {key: conflict for conflict in conflicts for key in conflict}
        self._bound(left, hull)
        self._possible.clear()  # of each, z3 holds some 20 MB

    def _conflicts(self, problem: Problem, part: Part) -> Iterator[tuple[Key, ...]]:
        """Yield the groups of a part that cannot hold together, if some cannot; keep it in mind
        where it is open or possible.
        """
        if part.conflict is None and not part.is_open:
            return
        conflict = None
        if len(part.groups) <= MOST_GROUPS:
            possibility = Possibility(problem.within(part.groups), self._budget)
            with suppress(SolverLimitError):
                stated, relations = possibility.problem.stated, possibility.problem.relations
                if possibility.conflict(stated, relations) is None:
                    self._possible.append(possibility)
                    return
                conflict = least_conflict(possibility)
                if possibility.conflict(stated, conflict[:1]):  # by itself, whatever others do
                    conflict = conflict[:1]
        if conflict or part.conflict:
            yield conflict or part.groups
        else:
            self.open.update(part.groups)

    def _bound(self, problem: Problem, hull: Hull) -> None:
        """Find how far quantities can go: as intervals have it, and by z3 where that may not be the
        tightest.
        """
        for name in hull.narrower:
            self.bounds[name] = Bound(
                hull.limits(name), hull.groups_that_force(name), hull.is_summed(name)
            )
        for possibility in self._possible:
            self._ask(
                possibility,
                [name for name, one in possibility.problem.quantities.items() if not one.is_point],
            )
        for groups, names in hull.loose.items():
            if len(groups) <= MOST_GROUPS:
                self._ask(Possibility(problem.within(groups), self._budget), names)

    def _ask(self, possibility: Possibility, names: Collection[str]) -> None:
        """Find bounds of quantities, each with the groups that it takes to force them; none where
        that is too much.
        """
        for name, limits in possibility.limits(names).items():
            is_narrower = limits.interval != possibility.problem.quantities[name].believed
            if is_narrower and (limits.is_tight or name not in self.bounds):
                with suppress(SolverLimitError):
                    groups = possibility.groups_that_force(name, limits.interval)
                    self.bounds[name] = Bound(limits, groups, by_sums=False)


def solve(system: System, domains: pl.DataFrame, beside: int = 1) -> Solution:
    """Return what a system says; `domains` are what quantities can be if no fact is believed.

    `beside` are the systems that stand beside each other in it: z3 is asked of as much of each as
    of one alone.
    """
    budget = Budget(MOST_ASKED * beside)
    judged = judge(system)
    active = _undecided(system, judged)
    settled = settled_groups(active, domains)
    by_themselves = set(settled.select(GROUP).iter_rows())
    parts = components(active)
    left = [part for part in parts if not by_themselves.issuperset(part)]
    found = [_Component(problem, budget) for problem in problems_of(active, domains, left)]
    _LOG.info(
        "Of %s components the exact solver was asked of %s.",
        len(parts),
        MOST_ASKED * beside - budget.left,
    )
    return Solution(
        judged,
        {key: conflict for one in found for key, conflict in one.joint.items()},
        frozenset(key for one in found for key in one.open),
        {name: bound for one in found for name, bound in one.bounds.items()},
        settled.join(groups_of(chain(*left)), on=GROUP, how="anti").drop_nulls("quantity"),
    )


def _undecided(system: System, judged: pl.DataFrame) -> System:
    """Return the part of a system that may say more than its groups do one by one.

    What the facts satisfy whatever they are says nothing, but of the slack that it defines.
    """
    slack = system.quantities.filter(role="remainder")
    defining = system.rule_terms.join(slack, on="quantity", how="semi").select(GROUP)
    satisfied = judged.filter(outcome="satisfied").join(defining, on=GROUP, how="semi")
    undetermined = judged.filter(outcome="undetermined")
    return only(system, pl.concat([undetermined, satisfied]))


def contradictions(
    system: System,
    domains: pl.DataFrame,
    violated: Collection[Key],
    weights: Mapping[str, int],
    first_said: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, list[Repair]], frozenset[Key]]:
    """Return the repairs of each component that holds a violated group, and the groups that no
    facts can meet.

    `weights` are by quantity, where not 1; `first_said` names, for what only says again what
    another says, that one. A component is named after the first of its facts.
    """
    if not violated:
        return {}, frozenset()
    wrong = set(violated)
    parts = [part for part in components(system) if not wrong.isdisjoint(part)]
    found: dict[str, list[Repair]] = {}
    impossible: set[Key] = set()
    budget = Budget(MOST_ASKED)
    for problem in problems_of(system, domains, parts):
        name = min(problem.stated or problem.quantities)
        if len(problem.relations) > MOST_GROUPS:
            found[name] = [
                Repair(tuple(key for key in problem.relations if key in violated), None, ())
            ]
            continue
        try:
            found[name] = repairs(Possibility(problem, budget), weights, first_said)
        except ImpossibleRulesError as error:
            impossible |= error.groups
    return found, frozenset(impossible)
