"""A number as it is printed, before it is known what hedges it and what it counts.

Belongs here: the record of it. Does not belong here: from a text to it (numbers, fractions).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from pipeline.evidence.magnitudes import ONE

_SIX = Decimal("0.000001")


class Number(NamedTuple):
    """A number without its sign: its tokens [first, end), low and high, the printed step, and what
    form it has.

    `form` is plain, ordinal, vague, approximate, fraction, multiple or unread; `unit` is set where
    the form is a unit by itself.
    """

    first: int
    end: int
    low: Decimal
    high: Decimal | None
    step: Decimal | None
    form: str = "plain"
    unit: str = ""
    why: str = ""
    key: str = ""
    magnitude: Decimal = ONE
    is_spelled: bool = False
    hedge: str = ""
    """What hedges it within itself: 20 or more thousand, жүздей."""

    def times(self, magnitude: Decimal, end: int) -> "Number":
        """Return the number multiplied by a magnitude that ends before a token."""
        value = plain(self.low * magnitude)
        step = None if self.step is None else plain(self.step * magnitude)
        return self._replace(low=value, high=value, step=step, end=end, magnitude=magnitude)


@dataclass
class Quantity:
    """A quantity as it is put together: the tokens [first, end) that it reaches over, and what is
    known of it.
    """

    number: Number
    first: int
    end: int
    high: Number | None = None
    relators: tuple[str, ...] = ()
    unit: str = ""
    per: str = ""
    sign: int = 1
    why: str = ""
    key: str = ""

    @property
    def last(self) -> Number:
        """The second number of a range, else the only one."""
        return self.high or self.number

    def refuse(self, why: str) -> None:
        """Say why it cannot be read; what was said first stands, and nothing is no reason."""
        self.why = self.why or why


def plain(value: Decimal) -> Decimal:
    """Return a number without zeros at its end; 100 stays 100."""
    value = value.normalize()
    return value.quantize(ONE) if value == value.to_integral_value() else value


def quotient(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """Return a part of a whole, to six decimals."""
    return plain((Decimal(part) / whole).quantize(_SIX))


def unread(first: int, end: int, why: str, key: str = "") -> Number:
    """Return what looks like a number and cannot be read whole."""
    return Number(first, end, ONE, ONE, None, "unread", why=why, key=key)


def exact(
    first: int,
    end: int,
    value: Decimal,
    step: Decimal | None,
    **more: Any,  # noqa: ANN401 (the fields of a number)
) -> Number:
    """Return the number of a value in words."""
    return Number(first, end, value, value, step, is_spelled=True, **more)
