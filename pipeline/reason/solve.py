"""What all facts and rules say together: outcomes that only several rules decide, bounds that follow, contradictions.

Belongs here: which parts of the system are settled by rounds and which need the exact solver. Does not belong here: either
of them (propagation, possibility), the search for what is wrong (repairs), or words.
"""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from pipeline.reason.components import components, freed, groups_of, only
from pipeline.reason.limits import Limits
from pipeline.reason.possibility import Possibility
from pipeline.reason.problem import Key, SolverLimitError, problems_of
from pipeline.reason.propagation import Spread, spread
from pipeline.reason.repairs import ImpossibleRulesError, Repair, least_conflict, repairs
from pipeline.reason.repeats import without_repeats
from pipeline.rules.evaluate import judge
from pipeline.rules.system import GROUP, System

_LOG = logging.getLogger(__name__)

MOST_GROUPS = 2000
"""Groups of a component that the exact solver takes on."""

MOST_ASKED = 1000
"""Components of which z3 is asked, in the order of their names; what intervals on trees decide takes a millisecond each."""


@dataclass(frozen=True)
class Exact:
    """The least and the most that a variable can be, and the groups that force it."""

    limits: Limits
    groups: frozenset[Key]


@dataclass(frozen=True)
class Solution:
    """What a system says as a whole.

    `judged` is each group judged by itself; `joint` names, for each group that is impossible only together with others, all
    of these; `open` are groups that may be so, undecided within the limits. `because` and `proven` (of Spread) and `exact` (what
    the solver found) are what follows from all groups not violated.
    """

    judged: pl.DataFrame
    joint: Mapping[Key, tuple[Key, ...]]
    open: frozenset[Key]
    because: pl.DataFrame
    proven: pl.Series
    exact: Mapping[str, Exact]

    @property
    def violated(self) -> frozenset[Key]:
        """The groups that cannot hold, by themselves or with others."""
        return frozenset([*_keys(self.judged.filter(outcome="violated")), *self.joint])


@dataclass
class _Solver:
    """What the exact solver is asked by: what variables can be if no fact is believed, and of how many parts z3 may be asked."""

    domains: pl.DataFrame
    most: int

    def possibilities(self, system: System, parts: pl.DataFrame) -> Iterator[tuple[int, Possibility]]:
        """Yield what can be true in each part of a system, by its number; `parts` has rule_id, group_id, problem."""
        for number, problem in problems_of(system, self.domains, parts):
            possibility = Possibility(problem, may_ask=self.most > 0)
            yield number, possibility
            self.most -= possibility.has_asked


def solve(system: System, domains: pl.DataFrame, beside: int = 1) -> Solution:
    """Return what a system says; `domains` are what variables can be if no fact is believed.

    `beside` are the systems that stand beside each other in it: z3 is asked of as much of each as of one alone.
    """
    solver = _Solver(domains, MOST_ASKED * beside)
    judged = judge(system)
    active = only(system, judged.filter(pl.col("outcome") != "violated"))
    joint: dict[Key, tuple[Key, ...]] = {}
    while True:
        found = spread(without_repeats(active), judged)
        conflicts, undecided, possible = _conflicts(found, solver)
        if not conflicts:
            exact = _exact_bounds(active, found, solver, possible)
            return Solution(judged, joint, undecided, found.because, found.proven, exact)
        joint |= {key: conflict for conflict in conflicts for key in conflict}
        active = only(active, active.rule_groups.join(groups_of(joint), on=GROUP, how="anti"))


def _keys(groups: pl.DataFrame) -> list[Key]:
    return [(rule_id, group_id) for rule_id, group_id in groups.select(GROUP).sort(GROUP).iter_rows()]


def _conflicts(found: Spread, solver: _Solver) -> tuple[list[tuple[Key, ...]], frozenset[Key], list[Possibility]]:
    """Return the groups in conflict of each component, those left undecided, and the components that are possible."""
    unsettled = pl.concat([found.impossible, found.open]).unique().to_frame()
    _LOG.info(
        "Rounds settled all but %s of %s components; those go to the exact solver.",
        unsettled.height,
        found.components["component"].n_unique(),
    )
    small, left = _by_size(found.components.join(unsettled, on="component").rename({"component": "problem"}))
    impossible = set(found.impossible)
    conflicts: list[tuple[Key, ...]] = []
    possible: list[Possibility] = []
    for component, possibility in solver.possibilities(found.core, small):
        conflict = _conflict(possibility)
        if conflict:
            conflicts.append(conflict)
        elif conflict is None or component in impossible:
            left[component] = sorted(possibility.problem.relations)
        else:
            possible.append(possibility)
    conflicts += [tuple(keys) for component, keys in sorted(left.items()) if component in impossible]
    undecided = frozenset(key for component, keys in left.items() if component not in impossible for key in keys)
    return conflicts, undecided, possible


def _by_size(parts: pl.DataFrame) -> tuple[pl.DataFrame, dict[int, list[Key]]]:
    """Return the parts that the exact solver takes on (rule_id, group_id, problem), and the groups of the others by part."""
    is_small = pl.len().over("problem") <= MOST_GROUPS
    large = parts.filter(~is_small).partition_by("problem", as_dict=True)
    return parts.filter(is_small), {number: _keys(groups) for (number,), groups in large.items()}


def _conflict(possibility: Possibility) -> tuple[Key, ...] | None:
    """Return the groups that cannot hold together, none where all can; None where that takes too many steps."""
    problem = possibility.problem
    try:
        possible = possibility.conflict(problem.stated, problem.relations) is None
        return () if possible else least_conflict(possibility)
    except SolverLimitError:
        return None


def _exact_bounds(active: System, found: Spread, solver: _Solver, possible: list[Possibility]) -> dict[str, Exact]:
    """Return the bounds of variables in components not settled otherwise, and of slack that depends on such."""
    exact: dict[str, Exact] = {}
    for possibility in possible:
        exact |= _limits(possibility, [name for name, one in possibility.problem.quantities.items() if not one.is_point])
    loose = found.slack.join(found.proven.to_frame(), on="variable", how="anti")
    groups = loose.select(GROUP).unique().sort(GROUP).with_row_index("problem")
    own = loose.join(groups, on=GROUP).sort("variable").group_by("problem").agg("variable")
    slack = dict(own.iter_rows())
    for number, possibility in solver.possibilities(active, found.needed_for(active, groups, MOST_GROUPS)):
        exact |= _limits(possibility, slack[number])
    spread = set(found.because["variable"])  # in rounds bounds may come closer than what is not the tightest
    return {name: one for name, one in exact.items() if one.limits.is_tight or name not in spread}


def _limits(possibility: Possibility, names: Collection[str]) -> dict[str, Exact]:
    """Return bounds of variables, each with the groups that it takes to force them; nothing where that is too much."""
    exact: dict[str, Exact] = {}
    for name, found in possibility.limits(names).items():
        with suppress(SolverLimitError):
            exact[name] = Exact(found, possibility.groups_that_force(name, found.interval))
    return exact


def contradictions(
    system: System,
    domains: pl.DataFrame,
    violated: Collection[Key],
    weights: Mapping[str, int],
    first_said: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, list[Repair]], frozenset[Key]]:
    """Return the repairs of each component that holds a violated group, and the groups that no facts can meet.

    `weights` are by variable, where not 1; `first_said` names, for what only says again what another says, that one. A component
    is named after the first of its facts.
    """
    found: dict[str, list[Repair]] = {}
    impossible: set[Key] = set()
    if not violated:
        return found, frozenset()
    parts = components(System(freed(system.variables), system.rule_groups, system.rule_terms))
    parts = parts.join(parts.join(groups_of(violated), on=GROUP), on="component", how="semi")
    small, large = _by_size(parts.rename({"component": "problem"}))
    for keys in large.values():
        named = only(system, groups_of(keys)).edges["variable"].min()
        found[str(named)] = [Repair(tuple(key for key in keys if key in violated), None, ())]
    for _, possibility in _Solver(domains, MOST_ASKED).possibilities(system, small):
        problem = possibility.problem
        try:
            found[min(problem.stated or problem.quantities)] = repairs(possibility, weights, first_said)
        except ImpossibleRulesError as error:
            impossible |= error.groups
    return found, frozenset(impossible)
