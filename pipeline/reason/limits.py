"""The least and the most that a quantity can be, by z3."""

from collections.abc import Collection
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import z3

from pipeline.intervals.interval import FAR, NO_END, SIDES, Interval, Low, Number, exact, first_whole, interval, near
from pipeline.reason.formulas import Formulas, real
from pipeline.reason.problem import HUNDREDTH, STEPS, SolverLimitError
from schemas.columns import RESULT

MOST_STEPS = 150
"""Steps towards an end after which it is left open; each halves what is left at least."""

MOST_RATIOS = 10
"""Quotients after which the least one is left open; a few are enough, unless it is not reached at all."""

CLOSE = Fraction(1, 10**20)
"""What comes so close to an end comes up to it."""

PUBLISHED = Fraction(1, 10**RESULT.scale)
"""The last digit that is published: an end that has no more digits is found as it is."""


class Limits(NamedTuple):
    """The least and the most that a quantity can be, and whether these are the tightest."""

    interval: Interval
    is_tight: bool


class Extents:
    """How far quantities can go if all groups hold and all facts but the free ones; formulas are built once for all questions."""

    def __init__(self, full: Formulas, relaxed: Formulas, free: Collection[str] = ()) -> None:
        """Ask of the problem that `full` translates; `relaxed` has less of it."""
        self._full = full
        self._relaxed = relaxed
        self._free = free

    def limits(self, name: str) -> Limits:
        """Return the limits of a quantity.

        An end is sought without regard to whole numbers and products of quantities, then whether it can be reached with them;
        if not, the nearest one that can. Raises SolverLimitError.
        """
        (least, least_is_tight), (most, most_is_tight) = (self._limit(name, sign) for sign in SIDES)
        return Limits(interval(least, most), least_is_tight and most_is_tight)

    def _limit(self, name: str, sign: int) -> tuple[Low, bool]:
        """Return the lower end of a quantity times a sign, and whether it is tight."""
        low = self._relaxed_low(name, sign)
        if self._full.is_linear and name not in self._full.lone_products:
            return low, True
        with suppress(SolverLimitError):
            if low == NO_END:
                return low, self._reached(name, sign, -FAR) is not None
            if self._full.problem.quantities[name].is_integer:
                low = first_whole(low[0], is_open=low[1]), False
            return self._nearest(name, sign, low), True
        return low, False

    def _relaxed_low(self, name: str, sign: int) -> Low:
        """Return the lower end of a quantity of the relaxed problem, times a sign."""
        product, base = self._relaxed.lone_products.get(name, (None, None))
        with suppress(SolverLimitError):
            if base is not None and self._least(base)[0][0] > 0:
                return self._least_ratio(sign * product, base)
        return self._least(sign * self._relaxed.numbers[name])[0]

    def _least(self, number: z3.ArithRef) -> tuple[Low, z3.ModelRef]:
        """Return the lower end of a number of the relaxed problem, none where that is too far, and what comes up to it."""
        self._optimize.push()
        try:
            self._optimize.add(number >= -FAR)
            handle = self._optimize.minimize(number)
            if self._optimize.check() != z3.sat:
                raise SolverLimitError
            _, value, strict = self._optimize.lower_values(handle)
            return near((exact(_exact(value)), not z3.is_true(z3.simplify(strict == 0)))), self._optimize.model()
        finally:
            self._optimize.pop()

    def _least_ratio(self, product: z3.ArithRef, base: z3.ArithRef) -> Low:
        """Return the lower end of a product in percent of its base, which is more than 0.

        No quotient is below r where no product is below r times its base, which is linear (Dinkelbach, On nonlinear fractional
        programming, Management Science 13, 1967).
        """
        _, model = self._least(product)
        for _ in range(MOST_RATIOS):
            ratio = _evaluated(model, product) / _evaluated(model, base)
            (left, is_open), model = self._least(product - real(ratio) * base)
            if left >= 0:
                return exact(ratio / HUNDREDTH), is_open
        raise SolverLimitError

    def _nearest(self, name: str, sign: int, low: Low) -> Low:
        """Return the lower end of a quantity times a sign, from one that may be too low."""
        (least, is_open), whole = low, self._full.problem.quantities[name].is_integer
        if not is_open and self._reached(name, sign, least) is not None:
            return low
        if not whole and self._reached(name, sign, least + CLOSE) is not None:
            return least, True
        grains = [1] if whole else [PUBLISHED, CLOSE / 4]
        reached = Fraction(FAR)
        for _ in range(MOST_STEPS):
            lower = self._reached(name, sign, reached - whole, but=not whole)
            if lower is None:
                return exact(reached), False
            middles = ((least + lower) // (2 * grain) * grain for grain in grains)
            middle = next((one for one in middles if one > least), least)
            nearer = self._reached(name, sign, middle)
            least, reached = (middle, lower) if nearer is None else (least, nearer)
            if reached - least <= CLOSE:
                return (least, False) if whole else self._rounded(name, sign, least, reached)
        raise SolverLimitError

    def _rounded(self, name: str, sign: int, least: Number, reached: Fraction) -> Low:
        """Return the lower end that lies between two numbers close together: one of as few digits as are published, if it is one.

        How far below it the search has ended depends on what z3 was asked before.
        """
        end = -(-least // PUBLISHED) * PUBLISHED
        if end > reached or self._reached(name, sign, end, but=True) is not None:
            return least, True
        return exact(end), self._reached(name, sign, end) is None

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

    def _reached(self, name: str, sign: int, most: Number, *, but: bool = False) -> Fraction | None:
        """Return what a quantity times its sign can be of at most (`but`: less than) a number, or None.

        Of a base of nothing any share is as good.
        """
        (formula,) = self._full.limited(name, Interval().raised(-sign, (-most, but)))
        answer = self._solver.check(formula)
        if answer == z3.unknown:
            raise SolverLimitError
        if answer == z3.unsat:
            return None
        model = self._solver.model()
        if name not in self._full.lone_products:
            return sign * _evaluated(model, self._full.numbers[name])
        product, base = (_evaluated(model, number) for number in self._full.lone_products[name])
        return sign * product / base / HUNDREDTH if base else Fraction(most)


def _evaluated(model: z3.ModelRef, number: z3.ArithRef) -> Fraction:
    return _exact(model.eval(number, model_completion=True))


def _exact(value: z3.ExprRef) -> Fraction:
    try:
        return Fraction(value.as_string())
    except ValueError as error:  # no fraction, or one of thousands of digits
        raise SolverLimitError from error
