"""How a number is printed: in digits or words, exact or hedged. What is printed is always true of
the number.

Belongs here: the words, and what a curator types for them. Does not belong here: which number it is
(world).
"""

from random import Random
from typing import NamedTuple

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_MONTHS = "January February March April May June July August September October November December"
UNITS, ORDINALS, MONTHS = _UNITS.split(), _ORDINALS.split(), _MONTHS.split()

_STEPS = {100: "hundreds", 1000: "thousands", 1_000_000: "millions"}
_MILLION = 1_000_000


class Printed(NamedTuple):
    """A number as printed, and as typed: words, the words that follow what is counted, value,
    relator, precision.
    """

    words: str
    value: str
    relator: str = ""
    precision: str = ""
    after: str = ""


def exact(number: int) -> Printed:
    """Return a number in digits."""
    return Printed(f"{number:,}", str(number))


def spelled(number: int) -> Printed:
    """Return a number in a word, where it is small."""
    return Printed(UNITS[number], str(number)) if number < len(UNITS) else exact(number)


def ordinal(number: int) -> Printed:
    """Return a running number as a name has it: Fifth, 21st."""
    if number < len(ORDINALS):
        return Printed(ORDINALS[number].capitalize(), str(number))
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return Printed(f"{number}{ending}", str(number))


def tenths(number: int) -> Printed:
    """Return a number of tenths with its one decimal: 179 is 17.9."""
    text = f"{number // 10}.{number % 10}"
    return Printed(text, text)


def hundredths(number: int) -> Printed:
    """Return a number of hundredths with its two decimals."""
    text = f"{number // 100}.{number % 100:02}"
    return Printed(text, text)


def hedged(draw: Random, number: int) -> Printed:
    """Return a number of 100 or more as texts print it: as it is, or in words that allow it."""
    step: int = 10 ** (len(str(number)) - 2)
    below, above = number // step * step, (number // step + 1) * step
    less = below if below < number else below - step
    ways = (
        Printed(f"more than {less:,}", str(less), "gt"),
        Printed(f"at least {below:,}", str(below), "ge"),
        Printed(f"{below:,} or more", str(below), "ge"),
        Printed(f"fewer than {above:,}", str(above), "lt"),
        Printed(f"up to {above:,}", str(above), "le"),
        Printed(f"about {below:,}", str(below), "approx"),
        Printed(f"between {below:,} and {above:,}", f"{below}/{above}", "between"),
        Printed(f"from {below:,} to {above:,}", f"{below}/{above}", "between"),
        _rounded(number),
    )
    way = draw.randrange(len(ways) + 3)
    return ways[way] if way < len(ways) else in_millions(number)


def in_millions(number: int) -> Printed:
    """Return a number in digits, or as so many millions where that loses nothing."""
    if number < _MILLION or number % (_MILLION // 10):
        return exact(number)
    return Printed(f"{tenths(number // (_MILLION // 10)).words} million", str(number))


def _rounded(number: int) -> Printed:
    step = max((step for step in _STEPS if step * 2 <= number), default=0)
    if not step:
        return exact(number)
    near = (number + step // 2) // step * step
    return Printed(
        f"about {near:,}",
        str(near),
        "approx",
        str(step),
        f" in {_STEPS[step]}, as the clerks round such figures",
    )
