"""The least and the most that a quantity can be."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

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


class Extents:
    """What the quantities of a problem can be; its formulas are built once for all questions."""

    def __init__(self, full: Formulas) -> None:
        """Ask of the problem that `full` translates."""
        self._full = full
        self._relaxed = Formulas(full.problem, relaxed=True)

    def limits(self, names: Iterable[str], free: Collection[str] = ()) -> dict[str, Limits]:
        """Return the limits of each named quantity if all groups hold, and all facts but the `free` ones.

        An end is sought without regard to whole numbers and products of quantities, then whether it can be reached with them;
        a whole number that cannot is narrowed down. Raises SolverLimitError.
        """
        reach = _Reach(self._full, free)
        found = {}
        for name in names:
            lower, lower_is_tight = _limit(self._relaxed, reach, name, 1, free)
            upper, upper_is_tight = _limit(self._relaxed, reach, name, -1, free)
            found[name] = Limits(lower, upper, lower_is_tight and upper_is_tight)
        return found


class _Reach:
    """Whether a quantity can have a value, or one beyond it, if all groups hold and all facts but the free ones."""

    def __init__(self, formulas: Formulas, free: Collection[str]) -> None:
        self.problem = formulas.problem
        self._numbers = formulas.numbers
        self._solver = z3.Solver()
        self._solver.set("rlimit", STEPS)
        self._solver.add(*_believed(formulas, free))

    def at_most(self, name: str, sign: int, value: Fraction) -> bool:
        answer = self._solver.check(sign * self._numbers[name] <= real(value))
        if answer == z3.unknown:
            raise SolverLimitError
        return bool(answer == z3.sat)


def _believed(formulas: Formulas, free: Collection[str]) -> list[z3.BoolRef]:
    stated = [formula for fact, part in formulas.stated.items() if fact not in free for formula in part]
    return [*formulas.anyway, *formulas.demanded.values(), *stated]


def _limit(relaxed: Formulas, full: _Reach, name: str, sign: int, free: Collection[str]) -> tuple[End, bool]:
    """Return the least value of a quantity (sign 1), or the most (-1), and whether it is the tightest."""
    problem = full.problem
    end = _relaxed_end(relaxed, relaxed.numbers[name], sign, free)
    if name in relaxed.products:
        end = _of_share(relaxed, name, sign, free, end)
    try:
        if end.value is None:
            return end, problem.is_linear or full.at_most(name, sign, Fraction(-FAR))
        if problem.is_linear and name not in relaxed.products:
            return end, True
        least = sign * end.value
        if not problem.quantities[name].is_integer:
            return end, end.is_closed and full.at_most(name, sign, least)
        first = math.ceil(least) if end.is_closed else math.floor(least) + 1
        return End(Fraction(sign * _first_reached(full, name, sign, first)), is_closed=True), True
    except SolverLimitError:
        return end, False


def _relaxed_end(relaxed: Formulas, number: z3.ArithRef, sign: int, free: Collection[str]) -> End:
    """Return the least (sign 1) or the most (-1) that a number of the relaxed problem can be."""
    optimize = z3.Optimize()
    optimize.set("rlimit", STEPS)
    optimize.add(*_believed(relaxed, free), sign * number >= -FAR)
    handle = optimize.minimize(sign * number)
    if optimize.check() != z3.sat:
        raise SolverLimitError
    _, value, strict = optimize.lower_values(handle)
    least = _exact(value)
    return End(None, is_closed=False) if least <= -FAR else End(sign * least, z3.is_true(z3.simplify(strict == 0)))


def _of_share(relaxed: Formulas, name: str, sign: int, free: Collection[str], end: End) -> End:
    """Return an end of a share, narrowed to what its products divided by their bases (of more than 0) can be, in percent."""
    for product, base in relaxed.products[name]:
        of_product = _relaxed_end(relaxed, product, sign, free)
        least_base, most_base = (_relaxed_end(relaxed, relaxed.numbers[base], side, free) for side in (1, -1))
        divisor = most_base if (of_product.value or 0) * sign > 0 else least_base
        if of_product.value is None or not divisor.value or not least_base.value or least_base.value <= 0:
            continue
        found = End(of_product.value * PERCENT / divisor.value, of_product.is_closed and divisor.is_closed)
        if end.value is None or (found.value is not None and sign * found.value > sign * end.value):
            end = found
    return end


def _first_reached(full: _Reach, name: str, sign: int, first: int) -> int:
    """Return the least whole number from `first` on that a quantity can be."""
    step = 1
    while not full.at_most(name, sign, Fraction(first + step - 1)):
        first, step = first + step, step * 2
        if first > FAR:
            raise SolverLimitError
    last = first + step - 1
    while first < last:
        middle = (first + last) // 2
        if full.at_most(name, sign, Fraction(middle)):
            last = middle
        else:
            first = middle + 1
    return first


def _exact(value: z3.RatNumRef) -> Fraction:
    return Fraction(value.as_fraction()) if z3.is_rational_value(value) else Fraction(value.as_long())
