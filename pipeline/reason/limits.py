"""The least and the most that a quantity can be, by z3."""

from collections.abc import Collection
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import z3

from pipeline.intervals.interval import FAR, NO_END, SIDES, Interval, Low, Number, exact, interval
from pipeline.reason.formulas import Formulas
from pipeline.reason.problem import HUNDREDTH, STEPS, SolverLimitError
from schemas.columns import RESULT

MOST_STEPS = 150
"""Steps towards an end after which it is left open; each halves what is left at least."""

CLOSE = Fraction(1, 10**20)
"""What comes so close to an end comes up to it."""

PUBLISHED = Fraction(1, 10**RESULT.scale)
"""The last digit that is published: an end that has no more digits is found as it is."""


class Limits(NamedTuple):
    """The least and the most that a quantity can be, and whether these are the tightest."""

    interval: Interval
    is_tight: bool


class Extents:
    """How far quantities can go if all groups hold and all facts but the free ones."""

    def __init__(self, formulas: Formulas, free: Collection[str] = ()) -> None:
        """Ask of the problem that `formulas` translate."""
        self._formulas = formulas
        self._free = free

    def limits(self, name: str, known: Interval) -> Limits:
        """Return the limits of a quantity, which is known to lie in an interval; where they take
        too many steps, these ends.
        """
        if self._formulas.problem.quantities[name].is_integer:
            known = known.whole()
        (least, least_is_tight), (most, most_is_tight) = (
            self._limit(name, sign, known.low(sign)) for sign in SIDES
        )
        return Limits(interval(least, most), least_is_tight and most_is_tight)

    def _limit(self, name: str, sign: int, low: Low) -> tuple[Low, bool]:
        """Return the lower end of a quantity times a sign, from one that may be too low, and
        whether it is tight.
        """
        with suppress(SolverLimitError):
            if low != NO_END:  # an open end stays open: of a base of nothing any share is as good
                return max(low, self._nearest(name, sign, *low)), True
            if self._reached(name, sign, -FAR) is not None:
                return low, True
            return self._nearest(name, sign, -FAR, is_open=False), True
        return low, False

    # a Low
    def _nearest(self, name: str, sign: int, least: Number, is_open: bool) -> Low:  # noqa: FBT001
        """Return the lower end of a quantity times a sign, from one that may be too low."""
        whole = self._formulas.problem.quantities[name].is_integer
        if not is_open and self._reached(name, sign, least) is not None:
            return least, False
        if not whole and (near := self._reached(name, sign, least + CLOSE)) is not None:
            return self._rounded(name, sign, least, near)
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
        """Return the lower end that lies between two numbers close together: one of as few digits
        as are published, if it is one.

        How far below it the search has ended depends on what z3 was asked before.
        """
        end = -(-least // PUBLISHED) * PUBLISHED
        if end > reached or self._reached(name, sign, end, but=True) is not None:
            return least, True
        return exact(end), self._reached(name, sign, end) is None

    @cached_property
    def _solver(self) -> z3.Solver:
        """What is asked: it knows all that holds."""
        stated = [
            formula
            for fact, part in self._formulas.stated.items()
            if fact not in self._free
            for formula in part
        ]
        solver = z3.Solver(ctx=self._formulas.context)
        solver.set("rlimit", STEPS)
        solver.add(*self._formulas.anyway, *self._formulas.demanded.values(), *stated)
        return solver

    def _reached(self, name: str, sign: int, most: Number, *, but: bool = False) -> Fraction | None:
        """Return what a quantity times its sign can be of at most (`but`: less than) a number, or
        None.

        Of a base of nothing any share is as good.
        """
        (formula,) = self._formulas.limited(name, Interval().raised(-sign, (-most, but)))
        answer = self._solver.check(formula)
        if answer == z3.unknown:
            raise SolverLimitError
        if answer == z3.unsat:
            return None
        model = self._solver.model()
        if name not in self._formulas.lone_products:
            return sign * _evaluated(model, self._formulas.numbers[name])
        product, base = (_evaluated(model, number) for number in self._formulas.lone_products[name])
        return sign * product / base / HUNDREDTH if base else Fraction(most)


def _evaluated(model: z3.ModelRef, number: z3.ArithRef) -> Fraction:
    try:
        return Fraction(model.eval(number, model_completion=True).as_string())
    except ValueError as error:  # no fraction, or one of thousands of digits
        raise SolverLimitError from error
