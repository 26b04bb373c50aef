"""What is said of numbers: an end that is not included is told so, nothing is less than none, and
one is not many.
"""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reason.implied_bounds import repaired
from pipeline.report import readable
from schemas.columns import RESULT
from tests.small_worlds import (
    ADDS_UP,
    MULTI_RESPONSE,
    NET,
    PARTS_OF,
    SHARE_OF,
    SHARES_PARTIAL,
    SUBSET,
    Row,
    explanation,
    follows,
    number,
    placed,
    split,
    stocks_and_flow,
    take,
)

BUDGET: dict[str, Any] = {
    "whole": take("budget"),
    "parts": take("budget", over="category", codes=["president", "government"]),
}


def told(facts: list[Row], kind: str) -> str:
    return explanation(follows(facts, placed(kind, **BUDGET)))


def test_a_sum_that_an_open_end_makes_impossible_is_told_with_that_end() -> None:
    facts = split("budget", "100", president="gt 60", government="between 40/90")
    assert told(facts, "adds_up").startswith(
        "2 parts sum to more than 100; budget, KZ, 23 December 2011: 100."
    )
    facts = split("budget", "lt 100", president="between 60/70", government="between 40/90")
    assert told(facts, "adds_up").startswith(
        "2 parts sum to 100 to 160; budget, KZ, 23 December 2011: less than 100."
    )
    facts = split("budget", "between 10/100", president="gt 60", government="lt 20")
    assert told(facts, "parts_of").startswith(
        "0 to less than 40 of 10 to 100 budget belong to no named group; the 2 named groups "
        "hold more than 60."
    )


def test_parts_that_are_more_than_the_whole_leave_nothing() -> None:
    found = follows(split("bodies", "300", president="200", government="110"), PARTS_OF)
    assert explanation(found).startswith(
        "0 of 300 bodies belong to no named group; the 2 named groups hold 310."
    )


@pytest.mark.parametrize(
    ("facts", "rule", "words"),
    [
        (split("bodies", "300", president="20"), PARTS_OF, "the 1 named group holds 20"),
        (
            split("level_share", president="20"),
            SHARES_PARTIAL,
            "1 share sums to 20 percent",
        ),
        (split("field_share", youth="20"), MULTI_RESPONSE, "the 1 has 19.5 to 20.5 mentions"),
        (
            split("ngos", "20", sport="5"),
            placed("distinct", values=take("ngos", over="category")),
            "1 value is printed, each once",
        ),
    ],
)
def test_one_is_not_told_as_many(facts: list[Row], rule: object, words: str) -> None:
    assert words in explanation(follows(facts, rule))  # type: ignore[arg-type]  # a rule


def test_a_share_with_an_open_end_is_told_so_and_so_is_what_it_makes_of_its_base() -> None:
    facts = [
        number("gazette/share", "region_share", "gt 50", area="KZ-A"),
        number("gazette/base", "organisations", "1000"),
    ]
    found = follows(
        [*facts, number("gazette/count", "organisations", "500", area="KZ-A")], SHARE_OF
    )
    assert explanation(found).startswith(
        "more than 50 percent of organisations, KZ, 23 December 2011 is 501 to 1,000;"
    )


def test_a_stock_before_an_open_growth_is_told_with_that_end() -> None:
    rule = placed("growth", stock=take("budget"), flow=take("budget_growth"))
    found = follows(stocks_and_flow("between 100/100", "gt 0", stock="budget"), rule)
    assert "At more than 0 a year over" in explanation(found)
    assert "mean less than 100 before" in explanation(found)


def test_what_is_open_among_the_premises_is_told_so() -> None:
    (premises,) = follows([number("gazette/part", "grants", "gt 10")], SUBSET).implied_bounds[
        "premises"
    ]
    assert premises == "subset. grants, KZ, 23 December 2011: more than 10."


def test_a_repair_is_told_as_what_a_number_would_lie_within() -> None:
    rows = follows(
        split("budget", "lt 100", president="200"), placed("parts_of", **BUDGET)
    ).error_sets
    words = dict(rows.with_columns(part=pl.lit("value")).select("quantity", repaired()).rows())
    assert words == {
        "gazette/president": "lie within 0 to less than 100",
        "gazette/whole": "be at least 199.5",
    }
    loose = rows.with_columns(part=pl.lit("value"), reason=pl.lit("solver_limit")).select(
        repaired()
    )
    assert loose.item(0, 0) == "lie within 0 to less than 100, perhaps less"


def test_flows_between_stocks_are_told_by_the_stocks() -> None:
    stocks = [
        number("gazette/a", "organisations", "1600", period="1997"),
        number("gazette/b", "organisations", "5000", period="2006"),
    ]
    words = explanation(follows(stocks, NET))
    assert words.startswith(
        "At an unknown number a year over 8 to 10 years, 5000 (organisations, KZ, 2006) mean"
    )
    assert "mean an unknown number before (stated: 1600)." in words


def test_parts_that_add_up_are_counted() -> None:
    found = follows(split("bodies", "20", president="20"), ADDS_UP)
    assert explanation(found).startswith(
        "3 parts sum to at least 20; bodies, KZ, 23 December 2011: 20."
    )


LIMITS = st.decimals(-(10**17), 10**17, places=14) | st.decimals(-10, 10, places=5)


@given(st.lists(LIMITS, min_size=1))
def test_a_limit_of_many_digits_is_shown_at_the_terminal_so_that_no_more_is_claimed(
    limits: list[Decimal],
) -> None:
    exact = pl.DataFrame({"lower": limits, "upper": limits}, {"lower": RESULT, "upper": RESULT})
    for limit, (lower, upper) in zip(limits, readable(exact).iter_rows(), strict=True):
        if limit == round(limit, 6):
            assert lower == limit == upper
        else:
            assert lower < limit < upper
            assert upper - lower == Decimal("0.001")
            assert lower == round(lower, 3)
