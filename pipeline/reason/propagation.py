"""What the groups, each for itself, force on quantities, until none forces more: hull consistency.

Belongs here: narrowing the interval of every quantity that a group speaks of, and from which facts
and groups an end follows. Does not belong here: whether what is left is possible, and the narrowest
(hull).

After Lhomme (Consistency techniques for numeric CSPs, IJCAI 1993). Each end keeps the ends that it
was reckoned from, so that what leaves a quantity nothing can be told to the last group.
"""

import math
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from pipeline.intervals.interval import SIDES, Interval, Low, exact, first_whole, point
from pipeline.reason.problem import Key, Problem, Relation, Term
from schemas.columns import RESULT

MOST_VISITS = 100
"""Visits to one group after which ends are left as they are: they hold, and may not be the
narrowest.
"""

LONGEST = 10**120
"""A denominator that no chain of rules comes to, only a circle of them that goes on; ends are then
rounded outward.
"""

_PUBLISHED = 10**RESULT.scale
_NOTHING_ADDED = point(0)


class _End(NamedTuple):
    """An end of a quantity (its side: 1 the lower, -1 the upper), as the narrowing with a number
    made it; None: its own.
    """

    name: str
    side: int
    narrowing: int | None


class _Narrowing(NamedTuple):
    """The group that forced an end, whether only by sums, and the ends that it was reckoned
    from.
    """

    key: Key
    is_sum: bool
    ends: tuple[_End, ...]


class Factor(NamedTuple):
    """A quantity in a term, and the interval of what it is multiplied by there."""

    name: str
    times: Interval


class Propagation:
    """The intervals of a problem's quantities, and why they are no wider."""

    def __init__(self, problem: Problem, believed: Collection[str]) -> None:
        """Start from what is known of each quantity by itself; the facts of the `believed` ones are
        true.
        """
        self._problem = problem
        self._believed = frozenset(believed)
        quantities = problem.quantities.items()
        self.own = {
            name: one.believed if name in believed else one.anyway for name, one in quantities
        }
        self.ends = dict(self.own)
        self._narrowings: list[_Narrowing] = []
        self._latest: dict[tuple[str, int], int] = {}

    def spread(self, keys: Iterable[Key]) -> tuple[str | None, bool]:
        """Visit groups until none forces more; return a quantity that nothing is left of, and
        whether that came to an end.
        """
        waiting = deque(keys)
        every = frozenset(waiting)
        queued, visits = set(waiting), Counter[Key]()
        while waiting:
            key = waiting.popleft()
            queued.remove(key)
            visits[key] += 1
            if visits[key] > MOST_VISITS:
                return None, False
            for name in self.visit(key):
                if self.ends[name].is_empty:
                    return name, True
                again = [
                    other
                    for other in self._problem.groups[name]
                    if other in every and other not in queued
                ]
                waiting += again
                queued.update(again)
        return None, True

    def visit(self, key: Key, only: Collection[str] | None = None) -> list[str]:
        """Narrow the quantities that a group speaks of, or `only` some of them; return those that
        became narrower.
        """
        relation = self._problem.relations[key]
        parts = [self.product(term) for term in relation.terms]
        narrower = []
        for term, others in zip(relation.terms, _sums_without_each(parts), strict=True):
            left = others.scaled(-1)
            if relation.op == "le":
                left = Interval(most=left.most, most_open=left.most_open)
            for name, times in self.factors(term):
                if only is None or name in only:
                    allowed = left.over(times)
                    sides = [side for side in SIDES if self._narrow(name, side, allowed.low(side))]
                    for side in sides:
                        self._explain(_End(name, side, None), key, relation, term)
                    narrower += [name] if sides else []
        return narrower

    def product(self, term: Term) -> Interval:
        """Return the interval of a term."""
        if term.quantity is None:
            return term.coefficient
        product = self.ends[term.quantity].times(term.coefficient)
        return product if term.multiplier is None else product.times(self.ends[term.multiplier])

    def factors(self, term: Term) -> Iterator[Factor]:
        """Yield the quantities of a term: of a share that multiplies its base, both."""
        if term.quantity is None:
            return
        if term.multiplier is None:
            yield Factor(term.quantity, term.coefficient)
            return
        yield Factor(term.quantity, self.ends[term.multiplier].times(term.coefficient))
        yield Factor(term.multiplier, self.ends[term.quantity].times(term.coefficient))

    def _narrow(self, name: str, side: int, low: Low) -> bool:
        """Take an end for a quantity where it is narrower; return whether it was."""
        number, is_open = low
        if isinstance(number, float):  # there is no end
            return False
        if self._problem.quantities[name].is_integer:
            low = first_whole(number, is_open=is_open), False
        elif number.denominator > LONGEST:
            low = exact(Fraction(math.floor(number * _PUBLISHED), _PUBLISHED)), False
        if low <= self.ends[name].low(side):
            return False
        self.ends[name] = self.ends[name].raised(side, low)
        return True

    def _explain(self, end: _End, key: Key, relation: Relation, term: Term) -> None:
        """Keep what a new end of a quantity in a term of a group was reckoned from."""
        (sign,) = (times.sign for name, times in self.factors(term) if name == end.name)
        reasons: list[_End] = []
        for other in relation.terms:
            for name, times in self.factors(other):
                if other is not term:
                    sides = SIDES if not sign * times.sign else (-end.side * sign * times.sign,)
                    reasons += [_End(name, side, self._latest.get((name, side))) for side in sides]
                elif name != end.name:
                    reasons += [_End(name, side, self._latest.get((name, side))) for side in SIDES]
        self._latest[end.name, end.side] = len(self._narrowings)
        self._narrowings.append(_Narrowing(key, term.is_sum, tuple(reasons)))

    def reasons(self, name: str) -> set[str | Key]:
        """Return the groups and the believed facts from which both ends of a quantity follow."""
        found: set[str | Key] = set()
        seen: set[int] = set()
        waiting = [_End(name, side, self._latest.get((name, side))) for side in SIDES]
        for end in waiting:
            if end.narrowing is None:
                found |= {end.name} & self._believed
            elif end.narrowing not in seen:
                seen.add(end.narrowing)
                narrowing = self._narrowings[end.narrowing]
                found.add(narrowing.key)
                waiting += narrowing.ends
        return found

    @property
    def narrower(self) -> list[str]:
        """The quantities that became narrower, in the order of their names."""
        return sorted({name for name, _ in self._latest})

    def is_summed(self, name: str) -> bool:
        """Whether the ends of a quantity follow from groups in which it is added or taken off as it
        is.
        """
        last = (self._latest.get((name, side)) for side in SIDES)
        return all(self._narrowings[number].is_sum for number in last if number is not None)


def _sums_without_each(parts: list[Interval]) -> Iterator[Interval]:
    """Yield, for each of some intervals, the sum of the others."""
    before = accumulate(parts, Interval.plus, initial=_NOTHING_ADDED)
    after = list(accumulate(reversed(parts), Interval.plus, initial=_NOTHING_ADDED))
    for place, sum_before in zip(range(len(parts), 0, -1), before, strict=False):
        yield sum_before.plus(after[place - 1])
