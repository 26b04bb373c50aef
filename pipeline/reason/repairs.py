"""Error localisation: where facts contradict each other under the rules, all cheapest sets of which
one must be wrong.

Belongs here: the search for the sets, their independent parts, and the groups in conflict. Does not
belong here: what can be true together (possibility), or how a repair is published (error_sets).

The principle is Fellegi and Holt's (A systematic approach to automatic edit and imputation, JASA
71, 1976): change as little as possible, weighted by how much each fact is trusted.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.reason.hitting_sets import HittingSets, smallest
from pipeline.reason.limits import Limits
from pipeline.reason.possibility import Possibility
from pipeline.reason.problem import Key, Problem, SolverLimitError
from pipeline.rules.disjoint_sets import connected

MOST_SETS = 100
"""Cheapest sets of one part after which only their weight is told."""


class ImpossibleRulesError(Exception):
    """Some groups cannot hold whatever the facts say."""

    def __init__(self, groups: frozenset[Key]) -> None:
        """Name the groups, none of which can be left out."""
        super().__init__(groups)
        self.groups = groups


@dataclass(frozen=True)
class Repair:
    """One independent part of a contradiction.

    `conflict` are the groups that cannot hold together; `sets` all cheapest sets of quantities of
    which one set must be wrong, each quantity with the least and the most that it would have to be;
    none where that took too many steps.
    """

    conflict: tuple[Key, ...]
    weight: int | None
    sets: tuple[Mapping[str, Limits], ...]


def repairs(
    possibility: Possibility,
    weights: Mapping[str, int],
    first_said: Mapping[str, str] = MappingProxyType({}),
) -> list[Repair]:
    """Return the independent parts of a problem whose facts contradict each other; `weights` are by
    quantity, else 1.

    `possibility` is what can be true in the problem, `first_said` names, for what only says again
    what another quantity says, that one: all of one origin are wrong together, at the weight of the
    one that weighs most. Raises ImpossibleRulesError where the groups cannot hold under any facts.
    """
    problem = possibility.problem
    groups = list(problem.relations)
    origins = {name: first_said.get(name, name) for name in problem.stated}
    try:
        search = _search(possibility, origins, weights)
        first = search.cheapest()
        if first is None:  # not even with all facts wrong
            _refuse_impossible_rules(possibility, groups)
        wrong = _suspects(search, first or frozenset())
    except SolverLimitError:
        return [Repair(tuple(groups), None, ())]
    suspects = {name: origin for name, origin in origins.items() if origin in wrong}
    return [
        _repair(
            possibility if part == problem else Possibility(part, possibility.budget),
            suspects,
            weights,
        )
        for part in _independent(problem, suspects)
        if suspects.keys() & set(part.stated)
    ]


def _search(
    possibility: Possibility, origins: Mapping[str, str], weights: Mapping[str, int]
) -> HittingSets[str]:
    """Return the search for the origins of which some are wrong; `origins` are by quantity, all
    others are believed.
    """
    problem = possibility.problem
    always = [name for name in problem.stated if name not in origins]
    costs: dict[str, int] = {}
    for name, origin in origins.items():
        costs[origin] = max(weights.get(name, 1), costs.get(origin, 0))

    def missed(wrong: frozenset[str]) -> frozenset[str] | None:
        believed = [name for name, origin in origins.items() if origin not in wrong]
        core = possibility.facts_in_conflict(believed, list(problem.relations), always)
        return None if core is None else frozenset(origins[name] for name in core)

    return HittingSets(missed, costs)


def _refuse_impossible_rules(possibility: Possibility, groups: Collection[Key]) -> None:
    core = possibility.conflict((), groups)
    if core is None:
        return
    suspects = (key for key in groups if key in core)
    kept = smallest(
        suspects, lambda some: some if possibility.conflict((), some) is not None else None
    )
    raise ImpossibleRulesError(frozenset(kept))


def _suspects(search: HittingSets[str], first: frozenset[str]) -> frozenset[str]:
    """Return the origins that are in some cheapest set, of which `first` is one."""
    suspects = set(first)
    weight = search.cost(suspects)
    cleared: set[str] = set()
    while untried := search.members - suspects - cleared:
        name = min(untried)
        found = search.cheapest(including=[name], most=weight)
        if found:
            suspects |= found
        else:
            cleared.add(name)
    return frozenset(suspects)


def _independent(problem: Problem, suspects: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the parts of a problem that share no quantity which may be more than one number if only
    suspects are wrong.

    `suspects` are quantities with their origin; those of one origin are of one part.
    """
    moving = {
        name: suspects.get(name, name)
        for name, one in problem.quantities.items()
        if name in suspects or not one.is_point
    }
    held = {
        key: [moving[name] for name in one.names if name in moving]
        for key, one in problem.relations.items()
    }
    for keys in connected(held):
        yield problem.within(keys)


def _repair(
    possibility: Possibility, suspects: Mapping[str, str], weights: Mapping[str, int]
) -> Repair:
    """Return the repair of the problem of which `possibility` knows what can be true; `suspects`
    have their origins.
    """
    part = possibility.problem
    groups = list(part.relations)
    free = {name: suspects[name] for name in part.stated if name in suspects}
    search = _search(possibility, free, weights)
    weight = None
    try:
        found = [search.cheapest() or frozenset()]
        weight = search.cost(found[0])
        while more := search.cheapest(excluding=found, most=weight):
            found.append(more)
            if len(found) > MOST_SETS:
                return Repair(least_conflict(possibility), weight, ())
        sets = sorted(
            tuple(sorted(name for name, origin in free.items() if origin in one)) for one in found
        )
        ranges = tuple(possibility.limits(one, free=one) for one in sets)
        return Repair(least_conflict(possibility), weight, ranges)
    except SolverLimitError:
        return Repair(tuple(groups), weight, ())


def least_conflict(possibility: Possibility) -> tuple[Key, ...]:
    """Return the fewest groups that contradict the facts together; every group that does so alone,
    where some do.
    """
    facts, groups = possibility.problem.stated, list(possibility.problem.relations)
    alone = [key for key in groups if possibility.conflict(facts, [key])]
    if alone:
        return tuple(alone)

    def left_out(chosen: frozenset[Key]) -> frozenset[Key] | None:
        if possibility.conflict(facts, chosen) is not None:
            return None
        held = set(chosen)
        for key in groups:
            if key not in held and possibility.conflict(facts, [*held, key]) is None:
                held.add(key)
        return frozenset(groups) - held

    search: HittingSets[Key] = HittingSets(left_out, dict.fromkeys(groups, 1))
    return tuple(sorted(search.cheapest() or groups))
