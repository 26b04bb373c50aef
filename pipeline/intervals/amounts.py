"""From the cell of a number to the number that it states, exactly or rounded to both sides.

Belongs here: digits, fractions and two numbers in one cell. Does not belong here: what the words
say of the number (bounds), or whether it fits its indicator (pipeline/facts).
"""

import math
from decimal import Decimal
from fractions import Fraction

import polars as pl

from schemas.columns import AMOUNT
from schemas.kinds import FRACTIONAL, SHARES
from schemas.raw_files import FRACTION, NUMBER

_DIGITS = rf"^{NUMBER}$"
_FINEST = 10**AMOUNT.scale
_BEYOND = 10**AMOUNT.precision
_FRACTION = rf"^{FRACTION}$"
_READ = {"amount_lower": AMOUNT, "amount": AMOUNT, "amount_upper": AMOUNT, "decimals": pl.Int64()}


def with_amounts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the numbers that their cells state; null where a cell states none with a
    place in AMOUNT.

    `rows` have value (text: 35000, 17.9, with between 20/30, and of a share or a ratio 2:3) and
    kind. Added are amount (the first number, rounded half even), amount_lower (the first, rounded
    down), amount_upper (the last, rounded up), decimals (of the first; all of AMOUNT's where a
    fraction has no end) and is_fraction. 2:3 of a share is 66.666667 percent, between 66.666666 and
    66.666667; 3:1 of a ratio is 3.
    """
    parts = pl.col("value").str.split("/")
    numbers = rows.select("kind", first_number=parts.list.first(), last_number=parts.list.last())
    firsts, lasts = (
        _read(numbers.select("kind", number=name)) for name in ("first_number", "last_number")
    )
    return rows.with_columns(
        firsts["amount"],
        firsts["amount_lower"],
        lasts["amount_upper"],
        firsts["decimals"],
        is_fraction=pl.col("value").str.contains(":"),
    )


def _read(numbers: pl.DataFrame) -> pl.DataFrame:
    """Return what each number is (_READ), in the order given; `numbers` have kind and number, one
    number a cell.
    """
    number = pl.col("number")
    digits = pl.when(number.str.contains(_DIGITS)).then(number)
    plain = numbers.select(
        **dict.fromkeys(("amount_lower", "amount", "amount_upper"), digits.cast(AMOUNT)),
        decimals=digits.str.extract(r"\.([0-9]+)").str.len_chars().cast(pl.Int64).fill_null(0),
    )
    fractions = numbers.filter(number.str.contains(_FRACTION)).unique()
    if fractions.is_empty():
        return plain
    read = [(kind, text, *_quotient(text, kind)) for kind, text in fractions.iter_rows()]
    known = pl.DataFrame(
        read, schema={"kind": pl.String, "number": pl.String, **_READ}, orient="row"
    )
    quotients = numbers.join(known, on=["kind", "number"], how="left", maintain_order="left")
    return quotients.select(pl.coalesce(name, plain[name]).alias(name) for name in _READ)


def _quotient(
    text: str, kind: str
) -> tuple[Decimal, Decimal, Decimal, int] | tuple[None, None, None, int]:
    """Return a fraction such as 2:3 rounded down, half even and up, and its decimals; of a kind
    that has none, nothing.
    """
    finest = Fraction(text.replace(":", "/")) * (100 if kind in SHARES else 1) * _FINEST
    if kind not in FRACTIONAL or finest >= _BEYOND:
        return None, None, None, 0
    lower, nearest, upper = (
        Decimal(whole).scaleb(-AMOUNT.scale)
        for whole in (math.floor(finest), round(finest), math.ceil(finest))
    )
    ends = lower == upper
    return (
        lower,
        nearest,
        upper,
        max(0, -int(nearest.normalize().as_tuple().exponent)) if ends else AMOUNT.scale,
    )
