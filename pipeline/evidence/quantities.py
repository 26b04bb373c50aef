"""A quantity: a number with its sign, range, hedge, unit and what it is per.

Belongs here: putting together what belongs to one number. Does not belong here: the number itself
(numbers), a second one (ranges), the words that hedge it (hedges), or which fact it is the value
of.
"""

from decimal import Decimal

from pipeline.evidence.carried import take_from_last, take_whole
from pipeline.evidence.changes import FALL, change_after, change_before
from pipeline.evidence.doubts import (
    counted_from,
    doubt_at,
    doubt_before,
    glued_end,
    spelled_day_end,
)
from pipeline.evidence.fractions import number_at
from pipeline.evidence.hedges import MOST_BETWEEN, hedge_after, hedge_before, together
from pipeline.evidence.language import ASK, UNKNOWN
from pipeline.evidence.magnitudes import ONE, currency_of_next
from pipeline.evidence.number import Number, Quantity
from pipeline.evidence.number_words import THOUSAND
from pipeline.evidence.numbers import with_part
from pipeline.evidence.per import take_per, whole_before
from pipeline.evidence.ranges import is_sign, last_of_list, range_from
from pipeline.evidence.scan import Mention, Scan

FINEST, LARGEST = Decimal("0.000001"), Decimal(10) ** 14
"""What a published number has a place for."""


def quantity_at(scan: Scan, index: int) -> Mention | None:
    """Return the quantity whose number begins at a token; None where no number begins there."""
    number = number_at(scan, index)
    if number is None:
        return None
    if whole := whole_before(scan, index):
        return whole
    found = _together(scan, number)
    if number.form not in {"ordinal", "unread"}:
        take_from_last(scan, found)
        take_whole(scan, found)
    return _mention(scan, found)


def _together(scan: Scan, number: Number) -> Quantity:
    """Return a number with all that belongs to it by what stands at it."""
    found = Quantity(
        number, number.first, number.end, unit=number.unit, why=number.why, key=number.key
    )
    if number.form == "ordinal":
        if end := spelled_day_end(scan, found.end):  # the third of June 2020
            found.why, found.end = "a day in words", end
    elif end := counted_from(scan, number.end):
        found.why, found.end = "a time before or after another", end
    elif number.form != "unread":
        found.number, found.high, found.end, found.why = range_from(scan, number)
        _take_unit(scan, found)
        _take_sign_and_currency(scan, found)
        counted = found.end
        _take_hedges(scan, found)
        take_per(scan, found, counted)
        _share_unit(scan, found, counted)
        _refuse_doubtful(scan, found)
    return found


def _refuse_doubtful(scan: Scan, found: Quantity) -> None:
    """Refuse a number at which something stands that no part of the grammar takes."""
    why, end = doubt_at(scan, found.number.first, found.last.end)
    found.end = max(found.end, end)
    found.refuse(why or doubt_before(scan, found.first, is_hedged=bool(found.relators)))
    if found.unit == "times" and found.number.low > 1:
        is_less = scan.after(found.end, "lower") or FALL in {
            change_before(scan, found.first),
            change_after(scan, found.end),
        }
        found.refuse("so many times less" * bool(is_less))


def _take_unit(scan: Scan, found: Quantity) -> None:
    """Take the unit after the number: percent, years, tenge; a code of ISO 4217 in capitals."""
    place = found.end
    past = scan.past(place, "of")
    if scan.after(past, "units"):  # 5 million of tenge
        place = past
    match = scan.after(place, "units")
    if currency_of_next(scan, place, match.length if match else 1):
        return
    if match and found.number.form != "fraction":
        found.unit, found.end = _currency(scan, found, match.value), place + match.length
        if found.high is None:  # two years and a half
            found.number = with_part(scan, found.number, found.end)
            found.end = max(found.end, found.number.end)
    elif scan.is_currency_code(place):
        found.unit, found.end = scan.raw(place), place + 1
    else:
        _refuse_what_touches(scan, found)


def _share_unit(scan: Scan, found: Quantity, place: int) -> None:
    """Take the unit and the per of the last number of the list or change that goes on at a
    token.
    """
    last = last_of_list(scan, place) if found.number.form == "plain" and not found.per else None
    if last is None:
        return
    shared = _together(scan, last)
    if found.unit and (shared.why or shared.unit not in {"", found.unit}):
        return
    if found.unit and not shared.unit:  # €5 and 7 million
        scan.kept.unit, scan.kept.last = found.unit, (found.unit, "")
    found.unit, found.per = found.unit or shared.unit, shared.per
    if last.magnitude > ONE == found.last.magnitude and found.number.low < THOUSAND:
        found.refuse("which of the numbers the magnitude is of")
    found.why, found.key = found.why or shared.why, found.key or shared.key


def _refuse_what_touches(scan: Scan, found: Quantity) -> None:
    """Refuse digits that letters touch, or that letters and digits go on: 18kk, 18,O21."""
    place = found.end
    is_spoiled = (
        scan.at(place) in {",", "."} and scan.is_word(place + 1) and scan.is_number(place + 2)
    )
    if is_spoiled and scan.is_glued(place, 3):
        found.why, found.end = "letters among the digits", place + 3
    elif scan.is_word(place) and scan.is_glued(place) and scan.is_number(place - 1):
        found.why, found.end = (
            f"the letters {scan.raw(place)!r} at the digits are in no table",
            glued_end(scan, place),
        )


def _currency(scan: Scan, found: Quantity, unit: str) -> str:
    """Return a unit as it is; dollars alone are those of the document's country, or else unread."""
    if unit == UNKNOWN:
        found.why = "a unit that no indicator has"
        return ""
    if unit != ASK:
        return unit
    if scan.document.country is None:
        found.why, found.key = "dollars of which country", "country"
        return ""
    # its data are read where they are needed
    from babel.numbers import get_territory_currencies  # noqa: PLC0415

    own = get_territory_currencies(scan.document.country)[-1:]
    return (
        own[0]
        if own and "dollar" in scan.language.locale.currencies.get(own[0], "").casefold()
        else "USD"
    )


def _take_sign_and_currency(scan: Scan, found: Quantity) -> None:
    """Take what stands right before the number: a sign, a currency mark, a bracket that means
    minus.
    """
    place = found.first
    for _ in range(2):
        if place <= scan.least:
            break
        mark = scan.before(place, "currency")
        minus, hedge = scan.before(place, "minus"), scan.before(place, "hedges")
        minus = None if minus and hedge and hedge.length > minus.length else minus  # au moins
        if not found.unit and (mark or scan.is_currency_code(place - 1)):
            found.unit = _currency(scan, found, mark.value) if mark else scan.raw(place - 1)
            place -= mark.length if mark else 1
        elif minus or is_sign(scan, place - 1):
            found.sign, place = -1, place - (minus.length if minus else 1)
        elif scan.at(place - 1) == "+" and scan.is_glued(place):
            place -= 1
        else:
            break
    found.first = place
    _take_brackets(scan, found)


def _take_brackets(scan: Scan, found: Quantity) -> None:
    """Take the brackets of a number below 0, where the document writes it so: (1,250), but not
    (2018) or (five).
    """
    is_bracketed = (
        found.first > scan.least and scan.at(found.first - 1) == "(" and scan.at(found.end) == ")"
    )
    could_be_year = found.end == found.number.first + 1 and len(scan.at(found.number.first)) == len(
        "2018"
    )
    if not is_bracketed or found.number.is_spelled or could_be_year:
        return
    is_minus = scan.document.negative == "brackets"
    # (34) percent, or a cell of a table, may be below 0; (34 percent) says more of what stands
    # before
    if (
        is_minus
        or scan.at(found.first - 2) in {":", "|"}
        or (not found.unit and scan.after(found.end + 1, "units"))
    ):
        found.sign, found.first, found.end = -1, found.first - 1, found.end + 1
        found.refuse("a number in brackets, which may mean below 0" * (not is_minus))
        _take_unit(scan, found)


def _take_hedges(scan: Scan, found: Quantity) -> None:
    """Take the hedges before and after, and between where two numbers are printed."""
    if found.high is not None:
        opening = scan.before_any(found.first, "between", "from")
        found.first -= opening.length if opening else 0
    before = hedge_before(scan, found.first)
    after = hedge_after(scan, found.end)
    own = (*before.relators, *found.last.hedge.split("_"))
    # a word after a range may only close it: 20-дан 30-ға дейін
    found.relators = together(
        (*own, *(one for one in after.relators if found.high is None or one == "approx"))
    )
    if found.high is not None:
        found.relators = (*found.relators, "between")
    if found.number.form == "vague":
        found.relators = ("ge",)
    is_open = (
        after.first == found.end and not found.unit and not scan.after(after.end, "per_before")
    )
    found.first, found.end = before.first, after.end
    found.refuse(before.why or after.why)
    if is_open:  # 10 or more percent
        _take_unit(scan, found)
    _take_rounding(scan, found)


def _take_rounding(scan: Scan, found: Quantity) -> None:
    """Take words such as "to the nearest hundred": the printed step."""
    for place in range(found.end, found.end + MOST_BETWEEN + 2):
        if match := scan.after(place, "rounding"):
            found.end = place + match.length
            found.number = found.number._replace(step=Decimal(match.value))
        if match or not (scan.is_word(place) or scan.at(place) == ",") or scan.number_word(place):
            return


def _mention(scan: Scan, found: Quantity) -> Mention:
    """Return the mention of a quantity, of an ordinal, or of what is unread."""
    span, number, last = scan.span(found.first, found.end), found.number, found.last
    place = scan.span(number.first, last.end)
    low = number.low * found.sign
    high = last.low if found.high else None if number.high is None else low
    step = None if number.step is None or last.step is None else min(number.step, last.step)
    is_beyond = max(abs(low), abs(high or low)) >= LARGEST or (step is not None and step < FINEST)
    if why := found.why or (f"above {LARGEST:,f} or finer than {FINEST}" if is_beyond else ""):
        return Mention(*span, "unread", why=why, key=found.key, number=place)
    if number.form == "ordinal":
        return Mention(*span, "label", low, high, step, label="ordinal", number=place)
    return Mention(
        *span, "quantity", low, high, step, found.relators, found.unit, found.per, number=place
    )
