"""The least and the most that a quantity can be."""

from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import z3

from pipeline.consistency.solver.formulas import Formulas, real
from pipeline.consistency.solver.interval import FAR, NO_END, SIDES, Interval, Low, Number, exact, first_whole, interval, near
from pipeline.consistency.solver.problem import HUNDREDTH, STEPS, SolverLimitError


class Limits(NamedTuple):
    """The least and the most that a quantity can be, and whether these are the tightest."""

    interval: Interval
    is_tight: bool


class Extents:
    """How far quantities can go if all groups hold and all facts but the free ones; formulas are built once for all questions."""

    def __init__(self, full: Formulas, relaxed: Formulas, free: Collection[str] = ()) -> None:
        """Ask of the problem that `full` translates; `relaxed` has less of it."""
        self.problem = full.problem
        self._full = full
        self._relaxed = relaxed
        self._free = free
        self._met: dict[tuple[str, int], Number] = {}
        self._lows: dict[tuple[str, int], Low] = {}

    def limits(self, names: Iterable[str]) -> dict[str, Limits]:
        """Return the limits of each named quantity.

        An end is sought without regard to whole numbers and products of quantities, then whether it can be reached with them; a
        whole number that cannot is narrowed down. Raises SolverLimitError.
        """
        found = {}
        for name in names:
            (least, least_is_tight), (most, most_is_tight) = (self._limit(name, sign) for sign in SIDES)
            found[name] = Limits(interval(least, most), least_is_tight and most_is_tight)
        return found

    @cached_property
    def _solver(self) -> z3.Solver:
        return self._believing(self._full, z3.Solver())

    @cached_property
    def _optimize(self) -> z3.Optimize:
        return self._believing(self._relaxed, z3.Optimize())

    def _believing(self, formulas: Formulas, asked: z3.Z3PPObject) -> z3.Z3PPObject:
        """Return what is asked, once it knows all that holds."""
        stated = [formula for fact, part in formulas.stated.items() if fact not in self._free for formula in part]
        asked.set("rlimit", STEPS)
        asked.add(*formulas.anyway, *formulas.demanded.values(), *stated)
        return asked

    def _limit(self, name: str, sign: int) -> tuple[Low, bool]:
        """Return the lower end of a quantity times a sign, and whether it is tight."""
        is_share = name in self._relaxed.products
        low = self._relaxed_low(self._relaxed.numbers[name], sign)
        low = max([low, *self._by_products(name, sign)], key=lambda one: one[0]) if is_share else low
        try:
            if low == NO_END:
                return low, self.problem.is_linear or self._at_most(name, sign, -FAR)
            if self.problem.is_linear and not is_share:
                return low, True
            least, is_open = low
            if not self.problem.quantities[name].is_integer:
                return low, not is_open and self._at_most(name, sign, least)
            return (self._first_reached(name, sign, first_whole(least, is_open=is_open)), False), True
        except SolverLimitError:
            return low, False

    def _by_products(self, name: str, sign: int) -> Iterable[Low]:
        """Yield lower ends of a share times a sign, by what its products divided by their bases (of more than 0) can be."""
        for product, base in self._relaxed.products[name]:
            low, is_open = self._relaxed_low(product, sign)
            ends = interval(*(self._relaxed_low(self._relaxed.numbers[base], side) for side in SIDES))
            divisor, divisor_is_open = (ends.most, ends.most_open) if low > 0 else (ends.least, ends.least_open)
            if ends.least > 0 and (low, is_open) > NO_END and divisor < FAR:
                yield exact(Fraction(low) / Fraction(divisor) / HUNDREDTH), is_open or divisor_is_open

    def _relaxed_low(self, number: z3.ArithRef, sign: int) -> Low:
        """Return the lower end of a number of the relaxed problem, times a sign; none where that is too far."""
        asked = (str(number), sign)
        if asked not in self._lows:
            self._optimize.push()
            try:
                self._optimize.add(sign * number >= -FAR)
                handle = self._optimize.minimize(sign * number)
                if self._optimize.check() != z3.sat:
                    raise SolverLimitError
                _, value, strict = self._optimize.lower_values(handle)
                self._lows[asked] = near((_exact(value), not z3.is_true(z3.simplify(strict == 0))))
            finally:
                self._optimize.pop()
        return self._lows[asked]

    def _at_most(self, name: str, sign: int, value: Number) -> bool:
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
                for side in SIDES:
                    reached = side * _exact(found)
                    self._met[other, side] = min(reached, self._met.get((other, side), reached))
        return True

    def _first_reached(self, name: str, sign: int, first: int) -> int:
        """Return the least whole number from `first` on that a quantity times its sign can be."""
        step = 1
        while not self._at_most(name, sign, first + step - 1):
            first, step = first + step, step * 2
            if first > FAR:
                raise SolverLimitError
        last = first + step - 1
        while first < last:
            middle = (first + last) // 2
            if self._at_most(name, sign, middle):
                last = middle
            else:
                first = middle + 1
        return first


def _exact(value: z3.RatNumRef) -> Number:
    return exact(Fraction(value.as_fraction() if z3.is_rational_value(value) else value.as_long()))
