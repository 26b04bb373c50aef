"""The interval of a stated number, against exact arithmetic on fractions."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intervals.bounds import bounds

Bounds = tuple[Fraction | None, Fraction | None, bool, bool]


def interval(
    value: str, relator: str = "eq", precision: str | None = None, kind: str = "stock", *, whole: bool = True
) -> dict[str, object]:
    stated = pl.DataFrame(
        {"value": [value], "relator": [relator], "precision": [precision], "kind": [kind], "whole": [whole]},
        schema_overrides={"precision": pl.String},
    )
    return bounds(stated).row(0, named=True)


def expected(value: str, relator: str, precision: str | None, kind: str, *, whole: bool) -> Bounds:
    """The definition, in fractions: what the design says a printed number means."""
    number = Fraction(value)
    decimals = len(value.partition(".")[2])
    half = Fraction(precision) / 2 if precision else Fraction(0) if whole else Fraction(1, 2 * 10**decimals)
    least = {"flow": None, "ordinal": Fraction(1)}.get(kind, Fraction(0))
    most = Fraction(100) if kind in {"share", "multi_share"} else None
    if relator == "approx" and precision is None:
        return None, None, False, False
    low = {"eq": number - half, "approx": number - half, "gt": number + whole, "ge": number}.get(relator)
    high = {"eq": number + half, "approx": number + half, "lt": number - whole, "le": number}.get(relator)
    low_closed, high_closed = not (relator == "gt" and not whole), not (relator == "lt" and not whole)
    if whole:
        low = None if low is None else Fraction(ceil(low))
        high = None if high is None else Fraction(floor(high))
    if low is None or (least is not None and low < least):
        low, low_closed = least, True
    if high is None or (most is not None and high > most):
        high, high_closed = most, True
    return low, high, low is not None and low_closed, high is not None and high_closed


@settings(max_examples=300, deadline=None)
@given(
    digits=st.integers(1, 10**9),
    decimals=st.integers(0, 5),
    relator=st.sampled_from(["eq", "gt", "ge", "lt", "le", "approx"]),
    precision=st.sampled_from([None, "1", "5", "100", "0.5", "0.00001"]),
    kind=st.sampled_from(["stock", "flow", "share", "multi_share", "duration", "ordinal"]),
    whole=st.booleans(),
)
def test_bounds_are_what_the_words_mean(  # noqa: PLR0913 (what a number is typed with)
    digits: int, decimals: int, relator: str, precision: str | None, kind: str, *, whole: bool
) -> None:
    value = str(digits) if whole else f"{digits / 10**decimals:.{decimals}f}"
    if kind in {"share", "multi_share"}:
        value = str(digits % 101) if whole else f"{Decimal(digits % 10**decimals) / 10**decimals:.{decimals}f}"
    if relator not in {"eq", "approx"}:
        precision = None
    found = interval(value, relator, precision, kind, whole=whole)
    low, high, low_closed, high_closed = expected(value, relator, precision, kind, whole=whole)
    assert (found["lower_bound"] is None) == (low is None)
    assert (found["upper_bound"] is None) == (high is None)
    if low is not None:
        assert Fraction(str(found["lower_bound"])) == low
    if high is not None:
        assert Fraction(str(found["upper_bound"])) == high
    assert (found["lower_closed"], found["upper_closed"]) == (low_closed, high_closed)


def test_between_is_from_the_one_to_the_other() -> None:
    found = interval("20/30", "between")
    assert (found["lower_bound"], found["upper_bound"], found["value"], found["bound_basis"]) == (20, 30, None, "stated")


@pytest.mark.parametrize(("value", "decimals"), [("16", 0), ("16.0", 1), ("11.25", 2), ("0.00001", 5)])
def test_the_printed_digits_decide_how_far_a_percentage_is_rounded(value: str, decimals: int) -> None:
    found = interval(value, kind="share", whole=False)
    assert found["decimals"] == decimals
    width = Decimal(str(found["upper_bound"])) - Decimal(str(found["lower_bound"]))
    assert width == Decimal(1).scaleb(-decimals)


def test_no_share_is_below_0_or_above_100() -> None:
    assert interval("0", kind="share", whole=False)["lower_bound"] == 0
    assert interval("100", kind="share", whole=False)["upper_bound"] == 100
