"""The interval of a stated number, against exact arithmetic on fractions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intervals.amounts import with_amounts
from pipeline.intervals.bounds import bounds
from schemas.columns import AMOUNT
from schemas.kinds import FRACTIONAL, INDICATOR_KINDS

FINEST = Fraction(1, 10**6)


@dataclass(frozen=True)
class Stated:
    """A number as a person types it and as the words print it."""

    value: str
    relator: str = "eq"
    precision: str | None = None
    kind: str = "stock"
    whole: bool = True
    step: Decimal | None = None
    is_fraction: bool = False
    is_hedged: bool = False
    by_curator: bool = False


@dataclass(frozen=True)
class Interval:
    """What is known of the true number; None: no end."""

    lower: Fraction | None
    upper: Fraction | None
    lower_closed: bool
    upper_closed: bool
    basis: str

    def holds(self, number: Fraction) -> bool:
        above = (
            self.lower is None
            or number > self.lower
            or (number == self.lower and self.lower_closed)
        )
        return above and (
            self.upper is None
            or number < self.upper
            or (number == self.upper and self.upper_closed)
        )


def intervals(*stated: Stated) -> list[Interval]:
    shape = {"precision": pl.String(), "step": AMOUNT}
    rows = bounds(pl.DataFrame([vars(one) for one in stated], schema_overrides=shape))
    ends = [
        [None if end is None else Fraction(end) for end in rows[name]]
        for name in ("lower", "upper")
    ]
    return [
        Interval(*one)
        for one in zip(
            *ends, rows["lower_closed"], rows["upper_closed"], rows["bound_basis"], strict=True
        )
    ]


def interval(stated: Stated) -> Interval:
    (found,) = intervals(stated)
    return found


def typed(value: str, **more: object) -> dict[str, object]:
    """A row as it stands before anybody has asked the words."""
    named = {
        "value": value,
        "relator": "eq",
        "precision": None,
        "kind": "stock",
        "whole": True,
        **more,
    }
    return bounds(pl.DataFrame([named], schema_overrides={"precision": pl.String})).row(
        0, named=True
    )


def number_of(text: str, kind: str) -> Fraction:
    above, colon, below = text.partition(":")
    if not colon:
        return Fraction(above)
    return Fraction(above) / Fraction(below) * (100 if INDICATOR_KINDS[kind].is_share else 1)


def outward(number: Fraction, rounding: Callable[[Fraction], int]) -> Fraction:
    return rounding(number / FINEST) * FINEST


def expected(one: Stated) -> Interval:
    """The definition, in fractions: what the design says a printed number means."""
    first, *second = one.value.split("/")
    low = outward(number_of(first, one.kind), floor)
    high = outward(number_of(second[0] if second else first, one.kind), ceil)
    is_fraction = one.is_fraction or ":" in one.value
    digits = Fraction(1, 10 ** len(first.partition(".")[2]))
    step = Fraction(one.precision or one.step or digits)
    is_exact = one.relator == "between" or (one.whole and step <= 1)
    half = outward(step / 2, ceil) if one.precision or not is_exact else Fraction(0)
    is_loose = one.precision is None and (
        one.relator == "approx" or (one.relator == "eq" and is_fraction)
    )
    least, most = low - half, high + half
    lower = {"gt": low + one.whole, "ge": low, "lt": None, "le": None}.get(
        one.relator, None if is_loose else least
    )
    upper = {"lt": high - one.whole, "le": high, "gt": None, "ge": None}.get(
        one.relator, None if is_loose else most
    )
    if one.whole:
        lower = None if lower is None else Fraction(ceil(lower))
        upper = None if upper is None else Fraction(floor(upper))
    open_below, open_above = (
        one.relator == "gt" and not one.whole,
        one.relator == "lt" and not one.whole,
    )
    kind = INDICATOR_KINDS[one.kind]
    if kind.least is not None and (lower is None or lower < kind.least):
        lower, open_below = Fraction(kind.least), False
    if kind.most is not None and (upper is None or upper > kind.most):
        upper, open_above = Fraction(kind.most), False
    if is_loose and one.relator == "approx":
        lower = upper = None
    basis = {"gt": "hedge", "ge": "hedge", "lt": "hedge", "le": "hedge"}.get(
        one.relator, "rounding" if half or one.precision else "exact"
    )
    if one.relator == "between" and not one.precision:
        basis = "hedge" if one.is_hedged else "stated"
    if is_loose:
        basis = "hedge" if one.relator == "approx" else "fraction"
    basis = "curator" if one.by_curator else basis
    return Interval(
        lower,
        upper,
        lower is not None and not open_below,
        upper is not None and not open_above,
        basis,
    )


@st.composite
def numbers(draw: st.DrawFn, kind: str, *, whole: bool) -> str:
    """A number that its kind allows, as a person types it."""
    if kind in FRACTIONAL and not whole and draw(st.booleans()):
        below = draw(st.integers(1, 99))
        return f"{draw(st.integers(1, below))}:{below}"
    decimals = 0 if whole else draw(st.integers(0, 5))
    least, most = INDICATOR_KINDS[kind].least, INDICATOR_KINDS[kind].most
    digits = draw(
        st.integers(-(10**9) if least is None else 0, 10**9 if most is None else 100 * 10**decimals)
    )
    return f"{(least or 0) + Decimal(digits) / 10**decimals:.{decimals}f}"


@st.composite
def printed(draw: st.DrawFn) -> Stated:
    """A number of any kind, said in any way."""
    kind, whole = draw(st.sampled_from(sorted(INDICATOR_KINDS))), draw(st.booleans())
    relator = draw(st.sampled_from(["eq", "gt", "ge", "lt", "le", "approx", "between"]))
    parts = sorted(
        draw(
            st.lists(numbers(kind, whole=whole), min_size=2, max_size=2)
            if relator == "between"
            else st.tuples(numbers(kind, whole=whole))
        ),
        key=lambda text: number_of(text, kind),
    )
    steps = st.sampled_from([None, "1", "5", "100", "0.5", "0.00001", "12.5"])
    precision = draw(steps) if relator in {"eq", "approx", "between"} else None
    step = draw(st.sampled_from([None, *(Decimal(1).scaleb(power) for power in range(-5, 8))]))
    flags = [draw(st.booleans()) for _ in range(3)]
    return Stated("/".join(parts), relator, precision, kind, whole, step, *flags)


@settings(max_examples=120, deadline=None)
@given(st.lists(printed(), min_size=1, max_size=20))
def test_bounds_are_what_the_words_mean(stated: list[Stated]) -> None:
    assert intervals(*stated) == [expected(one) for one in stated]


@settings(max_examples=100, deadline=None)
@given(printed())
def test_an_interval_holds_what_was_printed_and_only_what_its_kind_allows(stated: Stated) -> None:
    found, kind = interval(stated), INDICATOR_KINDS[stated.kind]
    first, *_ = stated.value.split("/")
    number = number_of(first, stated.kind)
    if stated.relator in {"eq", "ge", "le", "approx", "between"}:
        assert found.holds(number)
    elif found.lower != found.upper or number not in {
        kind.least,
        kind.most,
    }:  # "more than 100 percent" has nothing to hold
        assert not found.holds(number) or ":" in stated.value
    if stated.relator == "approx" and stated.precision is None:
        return
    for end, limit in ((found.lower, kind.least), (found.upper, kind.most)):
        assert limit is None or end is not None
    assert (
        found.lower is None
        or kind.least is None
        or found.lower >= kind.least
        or stated.relator == "lt"
    )
    assert (
        found.upper is None
        or kind.most is None
        or found.upper <= kind.most
        or stated.relator == "gt"
    )
    if stated.whole:
        assert all(end is None or end.denominator == 1 for end in (found.lower, found.upper))


@settings(max_examples=100, deadline=None)
@given(printed(), st.integers(-5, 7), st.integers(0, 3))
def test_a_coarser_step_never_says_more(stated: Stated, power: int, times: int) -> None:
    fine, coarse = (
        replace(stated, step=Decimal(1).scaleb(min(exponent, 7)))
        for exponent in (power, power + times)
    )
    narrow, wide = intervals(fine, coarse)
    assert wide.lower is None or (narrow.lower is not None and narrow.lower >= wide.lower)
    assert wide.upper is None or (narrow.upper is not None and narrow.upper <= wide.upper)


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (Stated("59600000", step=Decimal(100_000)), (59_550_000, 59_650_000, "rounding")),
        (Stated("59597300", step=Decimal(1)), (59_597_300, 59_597_300, "exact")),
        (Stated("35000000", "gt", step=Decimal(1_000_000)), (35_000_001, None, "hedge")),
        (Stated("200", "ge"), (200, None, "hedge")),
        (
            Stated("1200000000", kind="money", whole=False, step=Decimal(100_000_000)),
            (1_150_000_000, 1_250_000_000, "rounding"),
        ),
        (
            Stated("-1000", kind="rate", whole=False, step=Decimal(1)),
            (Fraction("-1000.5"), Fraction("-999.5"), "rounding"),
        ),
        (
            Stated("40000", kind="flow", step=Decimal(10_000), precision="1"),
            (40_000, 40_000, "rounding"),
        ),
        (Stated("300000", step=Decimal(1_000_000)), (0, 800_000, "rounding")),
        (Stated("2:3", kind="share", whole=False), (0, 100, "fraction")),
        (Stated("75", kind="share", whole=False, is_fraction=True), (0, 100, "fraction")),
        (Stated("2:3", "ge", kind="share", whole=False), (Fraction("66.666666"), 100, "hedge")),
        (Stated("1:5", kind="share", whole=False, precision="2"), (19, 21, "rounding")),
        (
            Stated("1:3/1:2", "between", kind="share", whole=False),
            (Fraction("33.333333"), 50, "stated"),
        ),
        (Stated("3:1", kind="ratio", whole=False), (0, None, "fraction")),
        (Stated("26/31", "between", kind="share", whole=False, is_hedged=True), (26, 31, "hedge")),
        (Stated("12", by_curator=True), (12, 12, "curator")),
        (Stated("1", "lt", kind="ordinal"), (1, 0, "hedge")),
    ],
)
def test_what_is_printed_says_how_far_it_is_rounded(
    stated: Stated, found: tuple[int | None, int | None, str]
) -> None:
    known = interval(stated)
    assert (known.lower, known.upper, known.basis) == found


def test_between_is_from_the_one_to_the_other() -> None:
    found = typed("20/30", relator="between")
    assert (found["lower"], found["upper"], found["value"], found["bound_basis"]) == (
        20,
        30,
        None,
        "stated",
    )


@pytest.mark.parametrize(
    ("value", "decimals"), [("16", 0), ("16.0", 1), ("11.25", 2), ("0.00001", 5)]
)
def test_the_printed_digits_decide_how_far_a_percentage_is_rounded(
    value: str, decimals: int
) -> None:
    found = typed(value, kind="share", whole=False)
    assert found["decimals"] == decimals
    width = Decimal(str(found["upper"])) - Decimal(str(found["lower"]))
    assert width == Decimal(1).scaleb(-decimals)


def test_no_share_is_below_0_or_above_100() -> None:
    assert typed("0", kind="share", whole=False)["lower"] == 0
    assert typed("100", kind="share", whole=False)["upper"] == 100


@pytest.mark.parametrize(
    ("typed_as", "kind", "value", "decimals"),
    [
        ("2:3", "share", "66.666667", 6),
        ("1:3", "multi_share", "33.333333", 6),
        ("1:5", "share", "20", 0),
        ("11:149", "share", "7.382550", 6),
        ("1:8", "share", "12.5", 1),
        ("3:1", "ratio", "3", 0),
        ("1:128", "ratio", "0.007812", 6),
        ("3:128", "ratio", "0.023438", 6),
        ("9999999999999:1", "ratio", "9999999999999", 0),
    ],
)
def test_a_fraction_is_the_number_that_it_means(
    typed_as: str, kind: str, value: str, decimals: int
) -> None:
    found = typed(typed_as, kind=kind, whole=False)
    assert (found["value"], found["decimals"]) == (Decimal(value), decimals)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2:0", "share"), ("2:3", "stock"), ("1:-5", "ratio"), ("1000000000000:1", "share")],
)
def test_what_is_no_fraction_of_its_kind_is_no_number(text: str, kind: str) -> None:
    assert typed(text, kind=kind, whole=False)["value"] is None


def test_each_number_of_a_column_is_read_by_itself() -> None:
    typed_as = {"12": 12, "1:2": 50, "7.5": Decimal("7.5"), "1:8": Decimal("12.5"), "none": None}
    rows = pl.DataFrame({"value": list(typed_as), "kind": ["share"] * len(typed_as)})
    assert with_amounts(rows)["amount"].to_list() == list(typed_as.values())
