"""What all facts and rules say together: outcomes that only several rules decide, bounds that follow, contradictions.

Belongs here: which parts of the system are settled by rounds and which need the exact solver. Does not belong here: either
of them (propagate, solver), the search for what is wrong (repairs), or words.
"""

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.consistency.closed_form import ClosedForms, closed_forms
from pipeline.consistency.connections import components, freed, groups_of, only
from pipeline.consistency.each_group import judge
from pipeline.consistency.numbered import Names, numbered
from pipeline.consistency.propagate import Spread, spread
from pipeline.consistency.solver.limits import Limits
from pipeline.consistency.solver.possibility import Possibility
from pipeline.consistency.solver.problem import Key, Problem, SolverLimitError, problems_of
from pipeline.consistency.solver.repairs import ImpossibleRulesError, Repair, least_conflict, repairs
from pipeline.consistency.system import GROUP, System

_LOG = logging.getLogger(__name__)

MOST_GROUPS = 2000
"""Groups of a component that the exact solver takes on."""

MOST_COMPONENTS = 1000
"""Components of a portion without a closed form, in the order of their names, that it takes on for each purpose."""


@dataclass(frozen=True)
class Exact:
    """The least and the most that a variable can be, and the groups that force it."""

    limits: Limits
    groups: frozenset[Key]


@dataclass(frozen=True)
class Solution:
    """What a system says as a whole.

    `judged` is each group judged by itself; `joint` names, for each group that is impossible only together with others, all
    of these; `open` are groups that may be so, undecided within the limits. `because` and `proven` (of Spread), `closed`
    (bounds that have a closed form) and `exact` (those that the solver found) are what follows from all groups not violated.
    """

    judged: pl.DataFrame
    joint: Mapping[Key, tuple[Key, ...]]
    open: frozenset[Key]
    because: pl.DataFrame
    proven: pl.Series
    closed: pl.DataFrame
    exact: Mapping[str, Exact]

    @property
    def violated(self) -> frozenset[Key]:
        """The groups that cannot hold, by themselves or with others."""
        return frozenset([*_keys(self.judged.filter(outcome="violated")), *self.joint])


@dataclass(frozen=True)
class _Known:
    """What is known of a system beside its tables: domains and names, and how many components the exact solver takes on."""

    domains: pl.DataFrame
    names: Names
    most: int


def solve(system: System, domains: pl.DataFrame, beside: int = 1) -> Solution:
    """Return what a system says; `domains` are what variables can be if no fact is believed.

    `beside` are the systems that stand beside each other in it: the exact solver takes on as much of each as of one alone.
    """
    active, names = numbered(system)
    known = _Known(names.counted(domains), names, MOST_COMPONENTS * beside)
    judged = judge(active)
    active = only(active, judged.filter(pl.col("outcome") != "violated"))
    joint: dict[Key, tuple[Key, ...]] = {}
    while True:
        found = spread(active, judged)
        closed = closed_forms(active, found, known.domains)
        conflicts, undecided, checked = _conflicts(found, closed, known)
        if not conflicts:
            exact = _exact_bounds(active, found, closed, known, checked)
            proven = names.told(found.proven.to_frame())["variable"]
            told = [names.told(table) for table in (judged, found.because, closed.bounds)]
            return Solution(told[0], joint, undecided, told[1], proven, told[2], exact)
        joint |= {key: conflict for conflict in conflicts for key in conflict}
        gone = names.counted(groups_of(joint))
        active = only(active, active.rule_groups.join(gone, on=GROUP, how="anti"))


def _keys(groups: pl.DataFrame) -> list[Key]:
    return [(rule_id, group_id) for rule_id, group_id in groups.select(GROUP).sort(GROUP).iter_rows()]


def _problems(system: System, domains: pl.DataFrame, parts: pl.DataFrame, names: Names) -> Iterator[tuple[str, Problem]]:
    """Yield the problem of each part of a numbered system, as `problems_of` does, by its names."""
    whole = only(system, parts)
    spoken_of = whole.edges.select("variable").unique()
    variables, limits = (table.join(spoken_of, on="variable", how="semi") for table in (system.variables, domains))
    named = System(*(names.told(table) for table in (variables, whole.rule_groups, whole.rule_terms)))
    return problems_of(named, names.told(limits), names.told(parts))


def _conflicts(found: Spread, closed: ClosedForms, known: _Known) -> tuple[list[tuple[Key, ...]], frozenset[Key], list[Problem]]:
    """Return the groups in conflict of each component, those left undecided, and the components that are possible."""
    unsettled = pl.concat([found.impossible, found.open]).unique().to_frame().join(closed.components, on="component", how="anti")
    _LOG.info(
        "Rounds and closed forms settled all but %s of %s components; those go to the exact solver.",
        unsettled.height,
        found.components["component"].n_unique(),
    )
    parts = found.components.join(unsettled, on="component").rename({"component": "problem"})
    taken = _within_limits(parts, known.most)
    impossible = {str(component) for component in found.impossible}
    conflicts: list[tuple[Key, ...]] = []
    possible: list[Problem] = []
    undecided: set[str] = set()
    for name, problem in _problems(found.core, known.domains, taken, known.names):
        conflict = _conflict(problem)
        if conflict:
            conflicts.append(conflict)
        elif conflict is None or name in impossible:
            undecided.add(name)
        else:
            possible.append(problem)
    is_left = pl.col("problem").cast(pl.String).is_in(undecided)
    rest = pl.concat([parts.join(taken, on="problem", how="anti").select(taken.columns), taken.filter(is_left)])
    by_part = known.names.told(rest).sort("problem").partition_by("problem", as_dict=True)
    left = {str(name): _keys(groups) for (name,), groups in by_part.items()}
    conflicts += [tuple(keys) for name, keys in left.items() if name in impossible]
    return conflicts, frozenset(key for name, keys in left.items() if name not in impossible for key in keys), possible


def _within_limits(parts: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the parts that the exact solver takes on: rule_id, group_id, problem."""
    names = parts["problem"].unique().sort().head(most)
    small = pl.len().over("problem") <= MOST_GROUPS
    return parts.filter(pl.col("problem").is_in(names.implode()) & small).select(*GROUP, "problem")


def _conflict(problem: Problem) -> tuple[Key, ...] | None:
    """Return the groups that cannot hold together, none where all can; None where that takes too many steps."""
    possibility = Possibility(problem)
    try:
        possible = possibility.conflict(problem.stated, problem.relations) is None
        return () if possible else least_conflict(possibility, problem)
    except SolverLimitError:
        return None


def _exact_bounds(active: System, found: Spread, closed: ClosedForms, known: _Known, possible: list[Problem]) -> dict[str, Exact]:
    """Return the bounds of variables in components not settled otherwise, and of slack that depends on such."""
    exact: dict[str, Exact] = {}
    for problem in possible:
        exact |= _limits(problem, [name for name, quantity in problem.quantities.items() if not quantity.is_point])
    loose = found.slack.join(found.proven.to_frame(), on="variable", how="anti").join(closed.groups, on=GROUP, how="anti")
    groups = loose.select(GROUP).unique().sort(GROUP).head(known.most).with_columns(problem="group_id")
    own = known.names.told(loose.join(groups, on=GROUP)).sort("variable").group_by("problem").agg("variable")
    slack = {str(part): variables for part, variables in own.iter_rows()}
    for part, problem in _problems(active, known.domains, found.needed_for(active, groups, MOST_GROUPS), known.names):
        exact |= _limits(problem, slack[part])
    return exact


def _limits(problem: Problem, names: Collection[str]) -> dict[str, Exact]:
    """Return the exact bounds of variables, each with the groups that it takes to force them; nothing where that is too much."""
    exact: dict[str, Exact] = {}
    possibility = Possibility(problem)
    for name in names:
        try:
            found = possibility.limits([name])[name]
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
    whole, names = numbered(system)
    parts = components(System(freed(whole.variables), whole.rule_groups, whole.rule_terms))
    parts = parts.join(parts.join(names.counted(groups_of(violated)), on=GROUP), on="component", how="semi")
    parts = parts.rename({"component": "problem"})
    taken = _within_limits(parts, MOST_COMPONENTS)
    for part in parts.join(taken, on="problem", how="anti").sort("problem").partition_by("problem"):
        groups = names.told(part)
        named = only(system, groups).edges["variable"].min()
        found[str(named)] = [Repair(tuple(key for key in _keys(groups) if key in violated), None, ())]
    for _, problem in _problems(whole, names.counted(domains), taken, names):
        try:
            found[min(problem.stated or problem.quantities)] = repairs(problem, weights)
        except ImpossibleRulesError as error:
            impossible |= error.groups
    return found, frozenset(impossible)
