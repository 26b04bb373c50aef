"""Sums and quantities that hang together, as a tree: one pass to its root decides, and leaves of the root just what it can be.

That is directional arc consistency (Dechter and Pearl, Network-based heuristics for constraint-satisfaction problems, Artificial
Intelligence 34, 1987). What it excludes is impossible. What it leaves is possible where nothing closes a circle, of two
quantities multiplied one is known, and those not known are all whole numbers that only add up, or none of them is whole.
"""

from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from pipeline.consistency.solver.problem import Key
from pipeline.consistency.solver.spans import Number, Span, Spans, exact


class _Step(NamedTuple):
    """What a group says of the quantity at a place: it is, is at least, or is at most a constant and multiples of others.

    `given` are known quantities that these multiples depend on.
    """

    key: Key
    place: int
    constant: Number
    others: list[tuple[int, Number]]
    given: list[str]
    is_least: bool
    is_most: bool


class Tree:
    """What hangs from a root. A quantity that closes a circle, or is known, has a place of its own wherever it is met."""

    def __init__(self, spans: Spans, believed: Collection[str], held: Collection[Key], root: str | Key) -> None:
        """Take all that hangs from a quantity, or from a group, by groups that are held; some facts are believed."""
        self._spans, self._believed, self._held = spans, believed, held
        self._names: list[str] = []
        self._own: list[Span] = []
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
        self._lowest: dict[int, _Step] = {}
        self._highest: dict[int, _Step] = {}

    def _span(self, name: str) -> Span:
        return (self._spans.stated if name in self._believed else self._spans.anyway)[name]

    def _place(self, name: str) -> int:
        self._names.append(name)
        self._own.append(self._span(name))
        return len(self._names) - 1

    def _zero(self) -> int:
        """Return a new place of 0, which is what a group by itself says that its sum is, or is at least."""
        self._names.append("")
        self._own.append(Span(0, 0))
        return len(self._names) - 1

    def _reach(self, place: int) -> None:
        name = self._names[place]
        self._reached.add(name)
        self._whole.add(self._spans.problem.quantities[name].is_integer)
        self._waiting += [(key, place) for key in self._spans.groups[name] if key in self._held]

    def _join(self, name: str) -> int:
        """Return a new place of a quantity; what hangs from it hangs there, unless it is one number."""
        place = self._place(name)
        if not self._own[place].is_point:
            if name in self._reached:
                self.is_exact = False
            else:
                self._reach(place)
        return place

    def _hang(self, key: Key, place: int) -> None:
        """Take a group in, below the quantity at a place."""
        terms = self._linear(key)
        own: Number = 0 if self._names[place] else -1
        others: list[tuple[int, Number]] = []
        for name, size, _ in terms or ((name, 1, None) for name in self._spans.variables[key] if terms is None):
            if not own and name == self._names[place]:
                own = size
            elif size:
                others.append((self._join(name), size))
        if terms is None:
            self.is_exact = False
            return
        if not own:  # multiplied by 0, or known
            own, place = -1, self._zero()
        one = self._spans.sums[key]
        known = one.constant + sum(size * self._own[at].least for at, size in others if self._own[at].is_point)
        moved = [size for at, size in others if not self._own[at].is_point]
        self._only_adds &= known % 1 == 0 and all(abs(size) == 1 for size in (own, *moved))
        multiples = [(at, _divided(-size, own)) for at, size in others]
        given = [besides for _, _, besides in terms if besides is not None]
        is_least, is_most = one.is_equation or own < 0, one.is_equation or own > 0
        self._steps.append(_Step(key, place, _divided(-one.constant, own), multiples, given, is_least, is_most))

    def _linear(self, key: Key) -> list[tuple[str, Number, str | None]] | None:
        """Return the variables of a group, with coefficients and the known quantity in these; None where none is known."""
        terms = self._spans.sums[key].terms
        if terms is None:
            return None
        found: list[tuple[str, Number, str | None]] = []
        for name, size, share in terms:
            if share is None:
                found.append((name, size, None))
                continue
            known, other = (name, share) if self._span(name).is_point else (share, name)
            if not self._span(known).is_point:
                return None
            found.append((other, exact(size * self._span(known).least), known))
        return found

    def conflict(self) -> frozenset[str | Key] | None:
        """Return facts and groups that leave a quantity nothing, or None; narrow all quantities, up to the root."""
        for step in reversed(self._steps):
            end = self.ends[step.place]
            least, most, least_open, most_open = self._total(step)
            if step.is_least and (least, least_open) > (end.least, end.least_open):
                end = end._replace(least=least, least_open=least_open)
                self._lowest[step.place] = step
            if step.is_most and (most, not most_open) < (end.most, not end.most_open):
                end = end._replace(most=most, most_open=most_open)
                self._highest[step.place] = step
            self.ends[step.place] = end
            if end.is_empty:
                return self._core(step.place, end.least - end.most)
        return None

    def _total(self, step: _Step) -> tuple[Number, Number, bool, bool]:
        """Return the least and the most that a group allows, and whether these are open."""
        least = most = step.constant
        least_open = most_open = False
        for at, size in step.others:
            low, high, low_open, high_open = self.ends[at][:4]
            if size < 0:
                low, high, low_open, high_open = high, low, high_open, low_open
            least += size * low
            most += size * high
            least_open |= low_open
            most_open |= high_open
        return least, most, least_open, most_open

    def _core(self, empty: int, gap: Number) -> frozenset[str | Key]:
        """Return the groups that leave a quantity nothing, and the facts but for those without which a gap stays."""
        groups, rooms, core = self.reasons(empty)
        for room, name in sorted((room, name) for name, room in rooms.items() if name not in core):
            if room < gap:
                gap -= room
            else:
                core.add(name)
        return frozenset([*groups, *core])

    def reasons(self, place: int = 0) -> tuple[set[Key], dict[str, Number], set[str]]:
        """Return the groups that force both ends of what is at a place, the facts by how much each narrows, and those given."""
        groups: set[Key] = set()
        rooms: dict[str, Number] = {}
        given: set[str] = set()
        waiting: list[tuple[int, bool, Number]] = [(place, True, 1), (place, False, 1)]
        for at, is_least, times in waiting:
            step = (self._lowest if is_least else self._highest).get(at)
            if step is not None:
                groups.add(step.key)
                given |= {name for name in step.given if name in self._believed}
                waiting += [(other, is_least == (size > 0), times * (size if size > 0 else -size)) for other, size in step.others]
                continue
            room = self._own[at].below if is_least else self._own[at].above
            if room is not None:
                rooms[self._names[at]] = rooms.get(self._names[at], 0) + room * times
        return groups, rooms, given


def _divided(number: Number, divisor: Number) -> Number:
    return number * divisor if abs(divisor) == 1 else exact(Fraction(number) / Fraction(divisor))
