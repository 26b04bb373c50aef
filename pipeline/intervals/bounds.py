"""From a printed number to the interval that it states."""

from decimal import Decimal
from importlib.resources import files

import polars as pl

from pipeline.intervals.amounts import with_amounts
from pipeline.query import query
from schemas.columns import AMOUNT
from schemas.kinds import natural_ranges

_BOUNDS = (files("pipeline.intervals") / "bounds.sql").read_text(encoding="utf-8")

_OF_DIGITS = {decimals: Decimal(1).scaleb(-decimals) for decimals in range(AMOUNT.scale + 1)}
"""The step to which a number is rounded that is printed with so many decimals."""

_FROM_WORDS = {
    "step": pl.lit(None, AMOUNT),
    "is_fraction": pl.lit(value=False),
    "is_hedged": pl.lit(value=False),
    "by_curator": pl.lit(value=False),
}
"""What the words say besides, where nobody has asked them."""


def bounds(stated: pl.DataFrame) -> pl.DataFrame:
    """Return the interval of each stated number, in the order given.

    `stated` has, as typed, value (text: 35000, 17.9, with between 20/30, of a share or a ratio
    2:3), relator (filled in) and
    precision (text, the step to which the source says that it rounds); kind and whole of the
    indicator; and what the words say,
    each of which may be left out:
    - step (AMOUNT): the last printed digit times the magnitude. "59.6 million" has 100000, the
      plain digits of a count 1, "17.9
      percent" 0.1. Null: the typed digits decide, and whole numbers are exact.
    - is_fraction: whether they are a fraction ("two-thirds"), however it is typed; 2:3 is one
      anyway.
    - is_hedged: whether they hedge a range ("about 26 to 31 percent"), which is typed with between.
    - by_curator: whether a note says how they are read, since they do not say it themselves.

    The result has value (AMOUNT, half even; null with between), decimals, lower, upper
    (AMOUNT; null: no bound is
    known), lower_closed, upper_closed and bound_basis, which names the reason:
    - exact: a count with all its digits. A precision of 1 or a step of up to 1 leaves a count
      what it is.
    - rounding: half a step to both sides, inward to whole numbers where only these are possible.
      59.6 million is 59,550,000 to
      59,650,000, and 17.9 percent is 17.85 to 17.95. A typed precision is taken, whatever the step.
    - hedge: "more than 35 million" of a whole number is 35,000,001 and above. About a number
      without a precision has no bounds.
    - stated: between 20 and 30 is just that; a precision widens both ends.
    - fraction: without a precision a fraction says nothing of its rounding, and its bounds are
      the kind's.
    - curator: any of these, where a note says so.

    No bound leaves what the kind allows (natural_ranges: a share is 0 to 100).
    """
    known = stated.with_columns(
        **{name: missing for name, missing in _FROM_WORDS.items() if name not in stated.columns}
    )
    known = known.select("value", "relator", "precision", "kind", "whole", *_FROM_WORDS).rename(
        {"is_fraction": "says_fraction"}
    )
    rows = with_amounts(known).with_columns(
        pl.coalesce(
            pl.col("step").cast(AMOUNT),
            pl.col("decimals").replace_strict(_OF_DIGITS, return_dtype=AMOUNT),
        ),
        is_fraction=pl.col("is_fraction") | pl.col("says_fraction"),
    )
    return (
        query(_BOUNDS, stated=rows.with_row_index("row"), natural_ranges=natural_ranges())
        .sort("row")
        .drop("row")
    )
