"""The least and the most that a quantity can be."""

import math
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

import z3

from pipeline.consistency.solver.formulas import Formulas, real
from pipeline.consistency.solver.problem import PERCENT, STEPS, End, SolverLimitError

FAR = 10**14
"""What no stated amount reaches; a quantity that can be as far away has no end."""


@dataclass(frozen=True)
class Limits:
    """The least and the most that a quantity can be (an end with no value: there is none), and whether these are the tightest."""

    lower: End
    upper: End
    is_tight: bool


_UNKNOWN = Limits(End(None, is_closed=False), End(None, is_closed=False), is_tight=False)


class Extents:
    """What the quantities of a problem can be; its formulas are built once for all questions."""

    def __init__(self, full: Formulas) -> None:
        """Ask of the problem that `full` translates."""
        self._full = full
        self._relaxed = Formulas(full.problem, relaxed=True)
        self._reaches: dict[frozenset[str], _Reach] = {}

    def limits(
        self, names: Iterable[str], free: Collection[str] = (), within: Mapping[str, Limits] = MappingProxyType({})
    ) -> dict[str, Limits]:
        """Return the limits of each named quantity if all groups hold, and all facts but the `free` ones.

        Limits that hold, `within`, are the first to be tried. An end that they do not reach is sought without regard to whole
        numbers and products of quantities, then whether it can be reached with them; a whole number that cannot is narrowed
        down. Raises SolverLimitError.
        """
        reach = self._reaches.setdefault(frozenset(free), _Reach(self._full, self._relaxed, free))
        found = {}
        for name in names:
            known = within.get(name, _UNKNOWN)
            lower, lower_is_tight = _limit(reach, name, 1, known.lower)
            upper, upper_is_tight = _limit(reach, name, -1, known.upper)
            found[name] = Limits(lower, upper, lower_is_tight and upper_is_tight)
        return found


class _Reach:
    """How far quantities can go if all groups hold and all facts but the free ones: nearly, and whether just so far."""

    def __init__(self, full: Formulas, relaxed: Formulas, free: Collection[str]) -> None:
        self.problem = full.problem
        self.relaxed = relaxed
        self._full = full
        self._free = free
        self._met: dict[tuple[str, int], Fraction] = {}
        self._ends: dict[tuple[str, int], End] = {}

    @cached_property
    def _solver(self) -> z3.Solver:
        solver = z3.Solver()
        solver.set("rlimit", STEPS)
        solver.add(*_believed(self._full, self._free))
        return solver

    @cached_property
    def _optimize(self) -> z3.Optimize:
        optimize = z3.Optimize()
        optimize.set("rlimit", STEPS)
        optimize.add(*_believed(self.relaxed, self._free))
        return optimize

    def at_most(self, name: str, sign: int, value: Fraction) -> bool:
        """Return whether a quantity times its sign can be at most a value; the answer tells how far others can go as well."""
        if (name, sign) in self._met and self._met[name, sign] <= value:
            return True
        answer = self._solver.check(sign * self._full.numbers[name] <= real(value))
        if answer == z3.unknown:
            raise SolverLimitError
        if answer == z3.unsat:
            return False
        model = self._solver.model()
        for other, number in self._full.numbers.items():
            found = model.eval(number, model_completion=True)
            if z3.is_rational_value(found):
                for side in (1, -1):
                    reached = side * _exact(found)
                    self._met[other, side] = min(reached, self._met.get((other, side), reached))
        return True

    def relaxed_end(self, number: z3.ArithRef, sign: int) -> End:
        """Return the least (sign 1) or the most (-1) that a number of the relaxed problem can be."""
        asked = (str(number), sign)
        if asked not in self._ends:
            self._optimize.push()
            try:
                self._ends[asked] = _optimum(self._optimize, sign * number, sign)
            finally:
                self._optimize.pop()
        return self._ends[asked]


def _believed(formulas: Formulas, free: Collection[str]) -> list[z3.BoolRef]:
    stated = [formula for fact, part in formulas.stated.items() if fact not in free for formula in part]
    return [*formulas.anyway, *formulas.demanded.values(), *stated]


def _optimum(optimize: z3.Optimize, number: z3.ArithRef, sign: int) -> End:
    """Return the least that a number can be, times its sign; none where that is too far."""
    optimize.add(number >= -FAR)
    handle = optimize.minimize(number)
    if optimize.check() != z3.sat:
        raise SolverLimitError
    _, value, strict = optimize.lower_values(handle)
    least = _exact(value)
    return End(None, is_closed=False) if least <= -FAR else End(sign * least, z3.is_true(z3.simplify(strict == 0)))


def _limit(reach: _Reach, name: str, sign: int, known: End) -> tuple[End, bool]:
    """Return the least value of a quantity (sign 1), or the most (-1), and whether it is tight; `known` is one that holds."""
    problem = reach.problem
    is_told = name not in reach.relaxed.products or problem.mentions(name) > 1
    with suppress(SolverLimitError):
        if is_told and known.value is not None and known.is_closed and reach.at_most(name, sign, sign * known.value):
            return known, True
    end = reach.relaxed_end(reach.relaxed.numbers[name], sign)
    if name in reach.relaxed.products:
        end = _of_share(reach, name, sign, end)
    try:
        if end.value is None:
            return end, problem.is_linear or reach.at_most(name, sign, Fraction(-FAR))
        if problem.is_linear and name not in reach.relaxed.products:
            return end, True
        least = sign * end.value
        if not problem.quantities[name].is_integer:
            return end, end.is_closed and reach.at_most(name, sign, least)
        first = math.ceil(least) if end.is_closed else math.floor(least) + 1
        return End(Fraction(sign * _first_reached(reach, name, sign, first)), is_closed=True), True
    except SolverLimitError:
        return end, False


def _of_share(reach: _Reach, name: str, sign: int, end: End) -> End:
    """Return an end of a share, narrowed to what its products divided by their bases (of more than 0) can be, in percent."""
    for product, base in reach.relaxed.products[name]:
        of_product = reach.relaxed_end(product, sign)
        least_base, most_base = (reach.relaxed_end(reach.relaxed.numbers[base], side) for side in (1, -1))
        divisor = most_base if (of_product.value or 0) * sign > 0 else least_base
        if of_product.value is None or not divisor.value or not least_base.value or least_base.value <= 0:
            continue
        found = End(of_product.value * PERCENT / divisor.value, of_product.is_closed and divisor.is_closed)
        if end.value is None or (found.value is not None and sign * found.value > sign * end.value):
            end = found
    return end


def _first_reached(reach: _Reach, name: str, sign: int, first: int) -> int:
    """Return the least whole number from `first` on that a quantity can be."""
    step = 1
    while not reach.at_most(name, sign, Fraction(first + step - 1)):
        first, step = first + step, step * 2
        if first > FAR:
            raise SolverLimitError
    last = first + step - 1
    while first < last:
        middle = (first + last) // 2
        if reach.at_most(name, sign, Fraction(middle)):
            last = middle
        else:
            first = middle + 1
    return first


def _exact(value: z3.RatNumRef) -> Fraction:
    return Fraction(value.as_fraction()) if z3.is_rational_value(value) else Fraction(value.as_long())
