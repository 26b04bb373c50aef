"""Ranges: 20-30, from 20 to 30, between 20 and 30, two or three.

Belongs here: whether two numbers are the ends of one range, and what magnitude the first shares
with the second. Does not belong here: each number by itself.
"""

from decimal import Decimal
from typing import NamedTuple

from pipeline.evidence.changes import change_after, change_before
from pipeline.evidence.fractions import SHARED, number_at
from pipeline.evidence.hedges import MOST_BETWEEN
from pipeline.evidence.magnitudes import ONE
from pipeline.evidence.number import Number
from pipeline.evidence.number_words import HUNDRED, THOUSAND
from pipeline.evidence.numbers import TEN
from pipeline.evidence.scan import Scan

DASHES = {"-", "–", "—", "−"}
SIGNS = {"-", "−", "–"}
CHANGE = "the ends of a change"
EITHER = "a range, or a change and what it has led to"


class Range(NamedTuple):
    """The first number of two, with the magnitude that it shares, and the second; or why they
    cannot be read.
    """

    first: Number
    second: Number | None
    end: int
    why: str = ""


def range_from(scan: Scan, number: Number) -> Range:
    """Return the range that a number begins; where it begins none, the number alone."""
    alone = Range(number, None, number.end)
    joint = scan.past(number.end, "units")
    index, no_range = _second_at(scan, number, joint)
    second = number_at(scan, index) if index is not None else None
    if second is None or not _are_alike(scan, number, second):
        return alone
    first = _with_shared_magnitude(number, second)
    low, high = (-one.low if is_sign(scan, one.first - 1) else one.low for one in (first, second))
    why = "" if no_range == CHANGE else no_range
    if first is not number and second.low < min(
        number.low * second.magnitude, number.low * HUNDRED
    ):  # from 500 to 1 thousand
        why = "which of the two numbers the magnitude is of"
    elif not no_range and low < high:
        return Range(first, second._replace(low=high, high=high), second.end)
    elif not no_range and scan.at(joint) in DASHES and scan.is_glued(joint):
        why = "a range goes up"
    return Range(first, None, second.end if why else number.end, why)


def _are_alike(scan: Scan, number: Number, second: Number) -> bool:
    """Return whether two numbers can be the ends of one range: of one form and unit, the second no
    time, the first no year.
    """
    unit, other = scan.after(number.end, "units"), scan.after(second.end, "units")
    if number.form not in {"plain", "fraction"} or (
        unit and unit.values != (other.values if other else ())
    ):
        return False
    is_clock = scan.at(second.end) == ":" and scan.is_glued(second.end, 2)
    return second.form == number.form and not is_clock and not _is_year_before(scan, number, second)


def _is_year_before(scan: Scan, number: Number, second: Number) -> bool:
    """Return whether a year stands before a number of its own: 2020 – 18 879,6."""
    first, other = (len(scan.at(one.first)) == len("2020") for one in (number, second))
    return first and not other and scan.at(number.first)[:2] in {"19", "20"}


def _with_shared_magnitude(number: Number, second: Number) -> Number:
    """Return the first of two numbers with the magnitude after the second, where it is of both:
    from 11 to 20 billion.
    """
    is_spelled = number.is_spelled and second.is_spelled and number.low < TEN
    is_hundreds = is_spelled and HUNDRED <= second.low < THOUSAND and second.low % HUNDRED == 0
    if not is_hundreds and (
        number.magnitude != ONE or second.magnitude < TEN or number.low >= THOUSAND
    ):
        return number
    return number.times(
        second.magnitude if second.magnitude > ONE else Decimal(HUNDRED), number.end
    )


def _second_at(scan: Scan, number: Number, place: int) -> tuple[int | None, str]:
    """Return the token at which the second number of two begins, and why they are no range; nothing
    where they are one.
    """
    if not scan.is_near(place):
        return None, ""
    if scan.at(place) in DASHES:
        is_negative = not scan.is_glued(place) and scan.is_glued(place + 1)
        return (None if is_negative else _past_marks(scan, place + 1)), ""
    if closing := _closing(scan, place):
        return place, CHANGE if change_after(scan, closing) else ""
    for joint in ("and", "or", "to"):
        match = scan.after(place, joint)
        if match is None:
            continue
        opening, before = _opening(scan, number.first)
        index = _past_marks(scan, place + match.length)
        other = number_at(scan, index)
        is_closed = other is not None and scan.after(other.end, "between_after")
        if joint == "and" and opening != "between" and not is_closed:
            continue
        if joint == "or":
            return (index if other and other.low == number.low + 1 else None), ""
        return index, _no_range(scan, opening, place, index) if change_before(scan, before) else ""
    return None, ""


def _no_range(scan: Scan, opening: str, place: int, index: int) -> str:
    """Return why two numbers after a verb of change and a word are no range: from 5 to 6, by 200 to
    1,400; by 2 to 3 % is one.
    """
    second = number_at(scan, index) if opening == "by" else None
    unit = scan.after(second.end, "units") if second else None
    is_range = unit and unit.value in SHARED and not scan.before(place, "units")
    return "" if is_range else {"from": CHANGE, "by": EITHER}.get(opening, "")


def _past_marks(scan: Scan, place: int) -> int:
    """Return the token after a currency mark and a sign, where the second number of a range
    begins.
    """
    place = scan.past(place, "currency")
    return place + (is_sign(scan, place) or (scan.at(place) == "+" and scan.is_glued(place + 1)))


def _closing(scan: Scan, place: int) -> int | None:
    """Return the token after the word that closes a range whose first number has an ending for from
    (20-дан 30-ға дейін).
    """
    endings = tuple(scan.language.words("range_endings"))
    second = number_at(scan, place) if endings and scan.at(place - 1).endswith(endings) else None
    closing = scan.next(second.end, MOST_BETWEEN, "range_closings") if second else None
    return closing[1] if closing else None


def _opening(scan: Scan, first: int) -> tuple[str, int]:
    """Return whether "between" or "from" stands before a number, past its hedge and currency, and
    where its words begin.
    """
    place = first - is_sign(scan, first - 1)
    for _ in range(MOST_BETWEEN):
        for name in ("between", "from", "by"):
            if match := scan.before(place, name):
                return name, place - match.length
        hedge = scan.before_any(place, "hedges", "currency")
        if hedge is None:
            break
        place -= hedge.length
    return "", first


def is_sign(scan: Scan, place: int) -> bool:
    """Return whether a dash is the sign of the number after it: it touches this number, and nothing
    before it.
    """
    if scan.at(place) not in SIGNS or not scan.is_glued(place + 1):
        return False
    is_apart = place == 0 or not scan.is_glued(place) or scan.at(place - 1) in set('([/:,;="“„«')
    return is_apart or scan.before(place, "currency") is not None


def last_of_list(scan: Scan, place: int) -> Number | None:
    """Return the last number of a list or a change that goes on at a token: 14, 15 and 16 percent,
    from 11 to 20 billion tenge.

    Its unit is that of the numbers before it. A list ends in "and" or "or"; what is counted does
    not stand between its numbers.
    """
    last, is_joined = None, scan.at(place - 1).endswith(scan.language.words("range_endings"))
    for _ in range(MOST_BETWEEN):
        comma = scan.at(place) == ","
        joint = scan.after_any(place + comma, "and", "or", "to")
        is_joined = is_joined or joint is not None
        if not is_joined and not comma:
            break
        number = number_at(scan, _past_marks(scan, place + comma + (joint.length if joint else 0)))
        if number is None or number.form != "plain":
            break
        last, place = number, number.end
        if scan.after(place, "units"):
            break
    return last if is_joined else None
