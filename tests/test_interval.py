"""What is reckoned with intervals holds of their numbers, and of no others."""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from operator import add, mul

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intervals.interval import FAR, NO_END, SIDES, Interval, Number, exact, near

NEAR, FAR_AWAY = Fraction(1, 10**9), 10**5
"""How far from an open end, and how far where there is none, the numbers are that are tried."""

ENDS = st.sampled_from([Fraction(number, 2) for number in range(-6, 7)])


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    least, most = sorted(draw(st.tuples(ENDS, ENDS)))
    known = draw(st.tuples(st.booleans(), st.booleans()))
    is_open = draw(st.tuples(st.booleans(), st.booleans())) if least < most else (False, False)
    return Interval(
        least if known[0] else -math.inf,
        most if known[1] else math.inf,
        known[0] and is_open[0],
        known[1] and is_open[1],
    )


def holds(interval: Interval, number: Number) -> bool:
    return (interval.least < number or (interval.least == number and not interval.least_open)) and (
        number < interval.most or (interval.most == number and not interval.most_open)
    )


def numbers(interval: Interval) -> list[Number]:
    """Return numbers of an interval at each of its ends, about 0, and 1."""
    least, most = interval.least, interval.most
    tried = (
        *(-FAR_AWAY if math.isinf(least) else end for end in (least, least + NEAR)),
        *(FAR_AWAY if math.isinf(most) else end for end in (most, most - NEAR)),
        *(-NEAR, 0, NEAR, 1),
    )
    return [number for number in tried if holds(interval, number)]


def assert_is_all_of(found: Interval, reckoned: list[Number]) -> None:
    """Assert that an interval holds some numbers, and ends where they do."""
    assert all(holds(found, number) for number in reckoned)
    for end, reached, is_open in (
        (-found.least, max(-number for number in reckoned), found.least_open),
        (found.most, max(reckoned), found.most_open),
    ):
        if math.isinf(end):
            assert reached > FAR_AWAY / 4
        else:
            assert is_open == (reached < end)
            assert end - reached < FAR_AWAY * NEAR * 4


@pytest.mark.parametrize("operation", [mul, add], ids=["times", "plus"])
@settings(max_examples=150, deadline=None)
@given(one=intervals(), other=intervals())
def test_it_is_all_that_comes_of_two_numbers(
    operation: Callable[[Number, Number], Number], one: Interval, other: Interval
) -> None:
    found = one.times(other) if operation is mul else one.plus(other)
    assert_is_all_of(found, [operation(a, b) for a in numbers(one) for b in numbers(other)])


@settings(max_examples=250, deadline=None)
@given(product=intervals(), divisor=intervals())
def test_a_quotient_is_what_may_have_been_multiplied(product: Interval, divisor: Interval) -> None:
    found = product.over(divisor)
    quotients = [Fraction(a) / b for a in numbers(product) for b in numbers(divisor) if b]
    if product.has_zero and divisor.has_zero:
        assert found == Interval()
    elif quotients:
        assert_is_all_of(found, quotients)
    else:
        assert found.is_empty


def ints(interval: Interval) -> Iterator[int]:
    return (number for number in range(-9, 10) if holds(interval, number))


@settings(max_examples=150, deadline=None)
@given(one=intervals(), other=intervals(), number=ENDS)
def test_what_two_hold_is_in_both_and_whole_numbers_stay(
    one: Interval, other: Interval, number: Fraction
) -> None:
    both = one.within(other)
    assert holds(both, number) == (holds(one, number) and holds(other, number))
    whole = both.whole()
    assert list(ints(whole)) == list(ints(both))
    assert whole.is_empty or not {end % 1 for end in whole[:2] if not math.isinf(end)} - {0}
    for sign in SIDES:
        raised = one.raised(sign, other.low(sign))
        assert (raised.low(sign), raised.low(-sign)) == (other.low(sign), one.low(-sign))
    assert one.is_empty == (not numbers(one))
    assert one.is_point == (one.least == one.most)
    assert one.sign * number >= 0 or not holds(one, number)


def test_an_end_too_far_away_is_none_and_a_whole_fraction_is_a_whole_number() -> None:
    assert near((-FAR, True)) == NO_END
    assert near((1 - FAR, True)) == (1 - FAR, True)
    assert isinstance(exact(Fraction(4, 2)), int)
    assert exact(Fraction(1, 2)) == Fraction(1, 2)
