"""Parts without circles decided by intervals alone.

Belongs here: which facts and groups leave a quantity nothing, how far it can go, and which groups force that. Does not belong
here: how things hang together as a tree (tree), or what intervals leave open: that is z3's.
"""

from collections.abc import Collection

from pipeline.intervals.interval import SIDES, interval, near
from pipeline.reason.hitting_sets import smallest
from pipeline.reason.limits import Limits
from pipeline.reason.problem import Key, Problem
from pipeline.reason.tree import Tree

_Forced = tuple[Limits, frozenset[Key]]
"""Limits, and groups that force them."""


class Trees:
    """What the intervals of a problem's quantities leave."""

    def __init__(self, problem: Problem) -> None:
        """Look at `problem`."""
        self._problem = problem

    def conflict(self, facts: Collection[str], groups: Collection[Key]) -> tuple[frozenset[str | Key] | None, frozenset[Key]]:
        """Return some of the facts and groups that cannot be true together, or None and the groups that intervals leave open."""
        believed, held = frozenset(facts), frozenset(groups)
        settled: set[Key] = set()
        left: set[Key] = set()
        for key in self._problem.relations:
            if key in held and key not in settled:
                tree = Tree(self._problem, believed, held, key)
                conflict = tree.conflict()
                if conflict is not None:
                    return conflict, frozenset()
                settled |= tree.met
                left |= set() if tree.is_exact else tree.met
        return None, frozenset(left)

    def limits(self, name: str, free: Collection[str]) -> Limits | None:
        """Return limits of a quantity, tight or not, if all groups hold and all facts but the free ones; None if they cannot."""
        found = self._forced(name, frozenset(self._problem.stated) - frozenset(free), self._problem.relations)
        return found[0] if found else None

    def groups_that_force(self, name: str) -> frozenset[Key] | None:
        """Return the groups that it takes to force the limits of a quantity if all facts are true; None if they are not tight."""
        stated = frozenset(self._problem.stated)
        found = self._forced(name, stated, self._problem.relations)
        if found is None or not found[0].is_tight:
            return None
        limits, needed = found

        def still_forcing(groups: list[Key]) -> frozenset[Key] | None:
            fewer = self._forced(name, stated, frozenset(groups))
            return fewer[1] if fewer is not None and fewer[0] == limits else None

        return frozenset(smallest(needed, still_forcing))

    def _forced(self, name: str, believed: Collection[str], held: Collection[Key]) -> _Forced | None:
        tree = Tree(self._problem, believed, held, name)
        if tree.conflict() is not None:
            return None
        ends = interval(*(near(tree.ends[0].low(sign)) for sign in SIDES))
        return Limits(ends, tree.is_exact), frozenset(self._problem.relations.keys() & tree.reasons())
