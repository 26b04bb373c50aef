"""The interval of a quantity, in exact numbers.

Belongs here: the one type for whatever reckons with the ends of an interval one by one, and its arithmetic. Does not belong here:
intervals by the million, which are columns, or what a quantity is (pipeline/reason).

What is said of a lower end is said of an upper one too, of the interval times -1: so an end is asked for by a sign.
"""

import math
from fractions import Fraction
from typing import NamedTuple

Number = Fraction | float
"""A whole number where it can be, since these add up fast, else a fraction; a float only if infinite."""

Low = tuple[Number, bool]
"""A lower end, and whether it is open; one that is greater says more."""

SIDES = (1, -1)
"""The signs by which the ends are asked for: the lower one, and the upper one."""

FAR = 10**14
"""What no stated amount reaches; a quantity that can be as far away has no end."""

NO_END: Low = (-math.inf, False)


class Interval(NamedTuple):
    """The numbers between two ends, each closed unless it is open; an end that there is not is infinite."""

    least: Number = -math.inf
    most: Number = math.inf
    least_open: bool = False
    most_open: bool = False

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.least == self.most and not self.least_open and not self.most_open

    @property
    def is_empty(self) -> bool:
        """Whether it is no number at all."""
        return self.least > self.most or (self.least == self.most and (self.least_open or self.most_open))

    def low(self, sign: int) -> Low:
        """Return the lower end of the interval (sign 1), or of the interval times -1."""
        return (self.least, self.least_open) if sign > 0 else (-self.most, self.most_open)

    def raised(self, sign: int, low: Low) -> "Interval":
        """Return the interval with another end in place of `low(sign)`."""
        if sign > 0:
            return self._replace(least=low[0], least_open=low[1])
        return self._replace(most=-low[0], most_open=low[1])

    def within(self, other: "Interval") -> "Interval":
        """Return what both intervals hold."""
        found = self
        for sign in SIDES:
            if other.low(sign) > self.low(sign):
                found = found.raised(sign, other.low(sign))
        return found

    def times(self, size: Number) -> "Interval":
        """Return the products of its numbers and one other than 0."""
        if size > 0:
            return Interval(self.least * size, self.most * size, self.least_open, self.most_open)
        return Interval(self.most * size, self.least * size, self.most_open, self.least_open)

    def plus(self, other: "Interval") -> "Interval":
        """Return the sums of its numbers and those of another."""
        least_open, most_open = self.least_open or other.least_open, self.most_open or other.most_open
        return Interval(self.least + other.least, self.most + other.most, least_open, most_open)

    def whole(self) -> "Interval":
        """Return the interval of its whole numbers."""
        return interval(*(_first_whole(*self.low(sign)) for sign in SIDES))


def interval(low: Low, high: Low) -> Interval:
    """Return an interval by its lower end, and by that of the interval times -1."""
    return Interval().raised(1, low).raised(-1, high)


def point(number: Number) -> Interval:
    """Return the interval of one number."""
    return Interval(exact(number), exact(number))


def exact(number: Number) -> Number:
    """Return a fraction as a whole number where it is one."""
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number


def _first_whole(number: Number, is_open: bool) -> Low:  # noqa: FBT001 (a Low)
    return (number, False) if math.isinf(number) else (first_whole(number, is_open=is_open), False)


def first_whole(number: Number, *, is_open: bool) -> int:
    """Return the least whole number from a lower end on."""
    return math.floor(number) + 1 if is_open else math.ceil(number)


def near(low: Low) -> Low:
    """Return a lower end, or none where it is too far away."""
    return NO_END if low[0] <= -FAR else low
