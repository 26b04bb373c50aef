"""Parts without circles decided by intervals alone.

Belongs here: which facts and groups leave a quantity nothing, how far it can go, and which groups force that. Does not belong
here: how things hang together as a tree (tree), or what intervals leave open: that is z3's.
"""

from collections.abc import Collection
from fractions import Fraction

from pipeline.consistency.solver.limits import FAR, Limits
from pipeline.consistency.solver.problem import End, Key, Problem
from pipeline.consistency.solver.spans import Number, Spans
from pipeline.consistency.solver.tree import Tree

_Forced = tuple[Limits, frozenset[Key]]
"""Limits, and groups that force them."""


class Trees:
    """What the intervals of a problem's quantities leave."""

    def __init__(self, problem: Problem) -> None:
        """Look at each group of `problem` alone."""
        spans = self._spans = Spans(problem)
        self._known: dict[str, _Forced | None] = {}
        self._points = {name for name, span in spans.stated.items() if span.is_point}
        self._fixed = {
            key for key, one in spans.sums.items() if one.terms is not None and self._points >= {*spans.variables[key]}
        }
        wrong = (name for name, span in spans.stated.items() if span.is_empty)
        self._alone: list[frozenset[str | Key]] = [frozenset({name}) for name in wrong]
        for key in spans.sums:
            core = Tree(spans, spans.stated, {key}, key).conflict()
            self._alone += [core] if core is not None else []

    def conflict(self, facts: Collection[str], groups: Collection[Key]) -> tuple[frozenset[str | Key] | None, frozenset[Key]]:
        """Return some of the facts and groups that cannot be true together, or None and the groups that intervals leave open."""
        believed, held = frozenset(facts), frozenset(groups)
        for core in self._alone:
            if all(one in held if isinstance(one, tuple) else one in believed for one in core):
                return core, frozenset()
        settled = self._fixed.difference(*(self._spans.groups[name] for name in self._points - believed))
        left: set[Key] = set()
        for key in self._spans.sums:
            if key in held and key not in settled:
                tree = Tree(self._spans, believed, held, key)
                conflict = tree.conflict()
                if conflict is not None:
                    return conflict, frozenset()
                settled |= tree.met
                left |= set() if tree.is_exact else tree.met
        return None, frozenset(left)

    def limits(self, name: str, free: Collection[str]) -> Limits | None:
        """Return limits of a quantity, tight or not, if all groups hold and all facts but the free ones; None if they cannot."""
        found = self._forced(name, self._spans.stated.keys() - free, self._spans.sums) if free else self._by_all(name)
        return found[0] if found else None

    def groups_that_force(self, name: str) -> frozenset[Key] | None:
        """Return the groups that it takes to force the limits of a quantity if all facts are true; None if they are not tight."""
        found = self._by_all(name)
        if found is None or not found[0].is_tight:
            return None
        limits, needed = found
        for key in sorted(needed):
            fewer = self._forced(name, self._spans.stated, needed - {key}) if key in needed else None
            if fewer is not None and fewer[0] == limits:
                needed = fewer[1]
        return needed

    def _by_all(self, name: str) -> _Forced | None:
        if name not in self._known:
            self._known[name] = self._forced(name, self._spans.stated, self._spans.sums)
        return self._known[name]

    def _forced(self, name: str, believed: Collection[str], held: Collection[Key]) -> _Forced | None:
        tree = Tree(self._spans, believed, held, name)
        if tree.conflict() is not None:
            return None
        end = tree.ends[0]
        lower, upper = _end(end.least, 1, is_open=end.least_open), _end(end.most, -1, is_open=end.most_open)
        return Limits(lower, upper, tree.is_exact), frozenset(tree.reasons()[0])


def _end(number: Number, sign: int, *, is_open: bool) -> End:
    """Return a lower end (sign 1) or an upper one (-1)."""
    return End(None, is_closed=False) if sign * number <= -FAR else End(Fraction(number), not is_open)
