"""The interval of a quantity, in exact numbers.

Belongs here: the one type for whatever reckons with the ends of an interval one by one, and its
arithmetic. Does not belong here: intervals by the million, which are columns, or what a quantity is
(pipeline/reason).

What is said of a lower end is said of an upper one too, of the interval times -1: so an end is
asked for by a sign.
"""

import math
from fractions import Fraction
from typing import NamedTuple

Number = Fraction | float
"""A whole number where it can be, since these add up fast, else a fraction; a float only if
infinite.
"""

Low = tuple[Number, bool]
"""A lower end, and whether it is open; one that is greater says more."""

SIDES = (1, -1)
"""The signs by which the ends are asked for: the lower one, and the upper one."""

FAR = 10**14
"""What no stated amount reaches; a quantity that can be as far away has no end."""

NO_END: Low = (-math.inf, False)

_NO_LIMIT: Low = (math.inf, False)


class Interval(NamedTuple):
    """The numbers between two ends, each closed unless it is open; an end that there is not is
    infinite.
    """

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
        return self.least > self.most or (
            self.least == self.most and (self.least_open or self.most_open)
        )

    @property
    def has_zero(self) -> bool:
        """Whether 0 is one of its numbers."""
        return (self.least, self.least_open) <= (0, False) and (-self.most, self.most_open) <= (
            0,
            False,
        )

    @property
    def sign(self) -> int:
        """The sign of its numbers, 0 where these are on both sides of 0."""
        return 1 if self.least >= 0 else -1 if self.most <= 0 else 0

    @property
    def width(self) -> Number:
        """How far its ends are from each other."""
        return self.most - self.least

    @property
    def distance(self) -> Number:
        """How far it is from 0."""
        return max(self.least, -self.most, 0)

    @property
    def corners(self) -> tuple[Low, Low]:
        """Its ends: the number of each, and whether it is open."""
        return (self.least, self.least_open), (self.most, self.most_open)

    def low(self, sign: int) -> Low:
        """Return the lower end of the interval (sign 1), or of the interval times -1."""
        return (self.least, self.least_open) if sign == 1 else (-self.most, self.most_open)

    def raised(self, sign: int, low: Low) -> "Interval":
        """Return the interval with another end in place of `low(sign)`."""
        number, is_open = low
        if sign == 1:
            return Interval(number, self.most, is_open, self.most_open)
        return Interval(self.least, -number, self.least_open, is_open)

    def within(self, other: "Interval") -> "Interval":
        """Return what both intervals hold."""
        return interval(*(max(self.low(sign), other.low(sign)) for sign in SIDES))

    def scaled(self, size: Number) -> "Interval":
        """Return the products of its numbers and one other than 0."""
        if size == 1:
            return self
        if size > 0:
            return Interval(self.least * size, self.most * size, self.least_open, self.most_open)
        return Interval(self.most * size, self.least * size, self.most_open, self.least_open)

    def times(self, other: "Interval") -> "Interval":
        """Return the products of its numbers and those of another."""
        if other.is_point and other.least:
            return self.scaled(other.least)
        corners = [_product(one, another) for one in self.corners for another in other.corners]
        least, least_open = min(corners)
        most, most_open = max(corners, key=lambda corner: (corner[0], not corner[1]))
        return Interval(least, most, least_open, most_open)

    def over(self, divisor: "Interval") -> "Interval":
        """Return the numbers of which a product with a number of the divisor is among these, and
        all that lies between them.
        """
        if divisor.is_point and divisor.least:
            return self if divisor.least == 1 else self.scaled(exact(1 / Fraction(divisor.least)))
        if divisor.least < 0 < divisor.most or (self.has_zero and divisor.has_zero):
            return Interval()
        if divisor.is_point:
            return NOTHING
        (least, least_open), (most, most_open) = (
            _inverse(divisor.most, divisor.most_open),
            _inverse(divisor.least, divisor.least_open),
        )
        return self.times(
            Interval(least if divisor.most else -math.inf, most, least_open, most_open)
        )

    def plus(self, other: "Interval") -> "Interval":
        """Return the sums of its numbers and those of another."""
        least_open, most_open = (
            self.least_open or other.least_open,
            self.most_open or other.most_open,
        )
        return Interval(self.least + other.least, self.most + other.most, least_open, most_open)

    def whole(self) -> "Interval":
        """Return the interval of its whole numbers."""
        return interval(*(_first_whole(*self.low(sign)) for sign in SIDES))


def interval(low: Low, high: Low) -> Interval:
    """Return an interval by its lower end, and by that of the interval times -1."""
    return Interval(low[0], -high[0], low[1], high[1])


NOTHING = Interval(1, 0)
"""The interval of no number."""


def _product(one: Low, other: Low) -> Low:
    """Return the product of two ends; 0 makes 0 of whatever it meets, also of what has no end."""
    (number, is_open), (times, other_open) = one, other
    if not number or not times:
        return 0, (is_open or bool(number)) and (other_open or bool(times))
    product = number * times
    return product, (is_open or other_open) and not math.isinf(product)


def _inverse(end: Number, is_open: bool) -> Low:  # noqa: FBT001 (a Low)
    """Return 1 divided by an end: by 0 no end, by what has none an end of 0 that is not reached."""
    if math.isinf(end):
        return 0, True
    return (exact(1 / Fraction(end)), is_open) if end else _NO_LIMIT


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
