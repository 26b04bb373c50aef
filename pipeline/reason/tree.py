"""Sums and quantities that hang together, as a tree: one pass to its root decides, and leaves of the root just what it can be.

That is directional arc consistency (Dechter and Pearl, Network-based heuristics for constraint-satisfaction problems, Artificial
Intelligence 34, 1987). What it excludes is impossible. What it leaves is possible where nothing closes a circle, of two
quantities multiplied one is known, and those not known are all whole numbers that only add up, or none of them is whole.
"""

from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from pipeline.intervals.interval import SIDES, Interval, Number, exact, point
from pipeline.reason.problem import Key, Problem


class _Step(NamedTuple):
    """What a group says of the quantity at a place: it is, is at least, or is at most a constant and multiples of others.

    `sides` are the ends of it that the group limits. `given` are known quantities that the multiples depend on.
    """

    key: Key
    place: int
    constant: Number
    others: list[tuple[int, Number]]
    given: list[str]
    sides: tuple[int, ...]


class Tree:
    """What hangs from a root. A quantity that closes a circle, or is known, has a place of its own wherever it is met."""

    def __init__(self, problem: Problem, believed: Collection[str], held: Collection[Key], root: str | Key) -> None:
        """Take all that hangs from a quantity, or from a group, by groups that are held; some facts are believed."""
        self._problem, self._believed, self._held = problem, believed, held
        self._names: list[str] = []
        self._own: list[Interval] = []
        self._steps: list[_Step] = []
        self._reached: set[str] = set()
        self._waiting: list[tuple[Key, int]] = []
        self._whole: set[bool] = set()
        self._only_adds = True
        self.met: set[Key] = set()
        self.is_exact = True
        if isinstance(root, str):
            self._join(root)
        else:
            self._waiting.append((root, self._zero()))
        for key, place in self._waiting:
            if key not in self.met:
                self.met.add(key)
                self._hang(key, place)
        self.is_exact &= True not in self._whole or (False not in self._whole and self._only_adds)
        self.ends = list(self._own)
        self._narrowed: dict[tuple[int, int], _Step] = {}

    def _interval(self, name: str) -> Interval:
        quantity = self._problem.quantities[name]
        return quantity.believed if name in self._believed else quantity.anyway

    def _place(self, name: str, own: Interval) -> int:
        self._names.append(name)
        self._own.append(own)
        return len(self._names) - 1

    def _zero(self) -> int:
        """Return a new place of 0, which is what a group by itself says that its sum is, or is at least."""
        return self._place("", point(0))

    def _reach(self, place: int) -> None:
        name = self._names[place]
        self._reached.add(name)
        self._whole.add(self._problem.quantities[name].is_integer)
        self._waiting += [(key, place) for key in self._problem.groups[name] if key in self._held]

    def _join(self, name: str) -> int:
        """Return a new place of a quantity; what hangs from it hangs there, unless it is one number."""
        place = self._place(name, self._interval(name))
        if not self._own[place].is_point:
            if name in self._reached:
                self.is_exact = False
            else:
                self._reach(place)
        return place

    def _hang(self, key: Key, place: int) -> None:
        """Take a group in, below the quantity at a place."""
        relation = self._problem.relations[key]
        terms = self._linear(key)
        own: Number = 0 if self._names[place] else -1
        others: list[tuple[int, Number]] = []
        reached: list[tuple[str, Number, str | None]] = [(name, 1, None) for name in relation.names] if terms is None else terms
        for name, size, _ in reached:
            if not own and name == self._names[place]:
                own = size
            elif size:
                others.append((self._join(name), size))
        if terms is None:
            self.is_exact = False
            return
        if not own:  # multiplied by 0, or known
            own, place = -1, self._zero()
        known = relation.constant + sum(size * self._own[at].least for at, size in others if self._own[at].is_point)
        moved = [size for at, size in others if not self._own[at].is_point]
        self._only_adds &= known % 1 == 0 and all(abs(size) == 1 for size in (own, *moved))
        multiples = [(at, _divided(-size, own)) for at, size in others]
        given = [besides for _, _, besides in terms if besides is not None]
        sides = SIDES if relation.op == "eq" else (-1 if own > 0 else 1,)
        self._steps.append(_Step(key, place, _divided(-relation.constant, own), multiples, given, sides))

    def _linear(self, key: Key) -> list[tuple[str, Number, str | None]] | None:
        """Return the variables of a group, with coefficients and the known quantity in these; None where none is known."""
        relation = self._problem.relations[key]
        if not relation.is_exact:
            return None
        found: list[tuple[str, Number, str | None]] = []
        for term in relation.terms:
            name, size, share = term.variable, term.coefficient.least, term.multiplier
            if name is None or not size:
                continue
            if share is None:
                found.append((name, size, None))
                continue
            known, other = (name, share) if self._interval(name).is_point else (share, name)
            if not self._interval(known).is_point:
                return None
            found.append((other, exact(size * self._interval(known).least), known))
        return found

    def conflict(self) -> frozenset[str | Key] | None:
        """Return facts and groups that leave a quantity nothing, or None; narrow all quantities, up to the root."""
        for place, own in enumerate(self._own):
            if own.is_empty:
                return frozenset(self.reasons(place))
        for step in reversed(self._steps):
            end, allowed = self.ends[step.place], point(step.constant)
            for at, size in step.others:
                allowed = allowed.plus(self.ends[at].times(size))
            for side in step.sides:
                if allowed.low(side) > end.low(side):
                    end = end.raised(side, allowed.low(side))
                    self._narrowed[step.place, side] = step
            self.ends[step.place] = end
            if end.is_empty:
                return frozenset(self.reasons(step.place))
        return None

    def reasons(self, place: int = 0) -> set[str | Key]:
        """Return the groups and the believed facts that force both ends of what is at a place."""
        found: set[str | Key] = set()
        waiting = [(place, side) for side in SIDES]
        for at, side in waiting:
            step = self._narrowed.get((at, side))
            if step is not None:
                found |= {step.key, *(name for name in step.given if name in self._believed)}
                waiting += [(other, side if size > 0 else -side) for other, size in step.others]
            elif self._names[at] in self._believed:
                found.add(self._names[at])
        return found


def _divided(number: Number, divisor: Number) -> Number:
    return number * divisor if abs(divisor) == 1 else exact(Fraction(number) / Fraction(divisor))
