"""Why a number that could be read is not read after all: what stands at it and is in no part of the
grammar.

Belongs here: the guards of "nothing is wrong in silence". Does not belong here: what can be read.
"""

import re

from pipeline.evidence.date_forms import Dates, dates
from pipeline.evidence.edtf import UNDATED
from pipeline.evidence.hedges import ORDINARY
from pipeline.evidence.number_words import THOUSAND
from pipeline.evidence.scan import Scan

WITHIN = 6
"""Tokens before a hedge in which a negation of the whole sentence is sought."""

TIMES = {"years", "months", "weeks", "days", "hours"}
DAYS = range(1, 32)
_JOINS_DIGITS = re.compile(r"(?::\d+)*:\d|(?:/|\s?[x×х]\s?|\s?(?:…|\.{3})[-+−]?)\d")
"""A colon, a stroke, dots, or the sign of a product, after digits and before others."""
APOSTROPHES = {"'", "’"}
CENTURY = 2
"""Digits of a year without its century."""


def doubt_before(scan: Scan, first: int, *, is_hedged: bool) -> str:
    """Return why a number whose words begin at a token is not read, for what stands before it;
    nothing if it can be.
    """
    for place in range(first, max(first - (WITHIN if is_hedged else 1), scan.least), -1):
        if not scan.is_word(place - 1):
            break
        if scan.before(place - (not is_hedged), "far_negations"):
            return "a negation stands before the words of the number"
    return ""


def doubt_at(scan: Scan, first: int, end: int) -> tuple[str, int]:
    """Return why the digits of the tokens [first, end) are not read, and the token after what they
    go on with.
    """
    if why := _part_of_more(scan, first):
        return why, end
    if _begins_list_of_days(scan, first, end):
        return "a day of the month or a number", end
    decade = scan.after(first + 1, "digit_endings", "decade")
    if decade and scan.is_glued(first + 1, decade.length) and len(scan.at(first)) == CENTURY:
        return "a decade without its century", max(end, first + 1 + decade.length)
    return _mark_after(scan, end)


def _part_of_more(scan: Scan, first: int) -> str:
    """Return why digits are part of what stands before them: '20, 2h 15m."""
    is_century = (
        scan.at(first - 1) in APOSTROPHES
        and scan.is_glued(first)
        and len(scan.raw(first)) == CENTURY
    )
    if is_century and scan.is_number(first):
        return "a year without its century"
    word, letter = scan.number_word(first), scan.at(first - 1)
    if (
        word
        and word.value >= THOUSAND
        and (scan.raw(first - 1) in {"(", ","} or scan.is_currency_code(first - 1))
    ):
        return "a magnitude without its number"
    goes_on = (
        len(letter) == 1
        and letter != "s"
        and scan.is_word(first - 1)
        and scan.is_glued(first - 1)
        and scan.is_number(first - 2)
    )
    return "a part of what stands before" if goes_on else ""


def _mark_after(scan: Scan, end: int) -> tuple[str, int]:
    """Return why a number that a mark touches is not read, and the token after all that goes on
    with it.
    """
    after = scan.at(end)
    if joined := _JOINS_DIGITS.match(scan.text, scan.tokens[end - 1].end):
        past = scan.token_after(joined.end(), end)
        return "digits after a mark, or a product", past if after == ":" else glued_end(scan, past)
    is_mark = not scan.is_word(end) and scan.is_glued(end)
    if is_mark and after not in ORDINARY and not scan.after(end, "units"):
        return f"the mark {scan.raw(end)!r} at the digits is in no table", glued_end(scan, end)
    return "", end


def glued_end(scan: Scan, end: int) -> int:
    """Return the token after all that goes on without white space: letters, digits and marks among
    them.
    """
    while (
        scan.at(end)
        and scan.is_glued(end)
        and not (scan.at(end) in ORDINARY and not scan.is_glued(end + 1))
    ):
        end += 1
    return end


def _begins_list_of_days(scan: Scan, first: int, end: int) -> bool:
    """Return whether a number is followed by a comma and days of a month: 3, 10 and 17 March
    2022.
    """
    is_alone = scan.at(end) == "," and end == first + 1 and scan.is_number(first)
    return is_alone and int(scan.at(first)) in DAYS and is_day_list(scan, end + 1)


def dates_of(scan: Scan) -> Dates:
    """Return the dates of a text's language, in the order of days that its document has."""
    document = scan.document
    return dates(document.language, document.day_order, document.fiscal_year_starts)


def is_day_list(scan: Scan, index: int) -> bool:
    """Return whether days of one month, in a list that ends in a date, begin at a token."""
    known = dates_of(scan)
    while scan.is_number(index):
        printed = known.at(scan.text, scan.tokens[index].start)
        if printed and not printed.is_part and printed.edtf.replace(UNDATED, "").count("-") > 1:
            return True
        if scan.at(index + 1) != ",":
            return False
        index += 2
    return False


def counted_from(scan: Scan, end: int) -> int | None:
    """Return the token after the date from which a time that ends before a token is counted: three
    years before 2010.
    """
    date = past_time(scan, end, "before", "after")
    is_there = date and scan.at(date)
    printed = dates_of(scan).at(scan.text, scan.tokens[date].start) if is_there else None
    return scan.token_after(printed.end, date) if printed else None


def past_time(scan: Scan, end: int, *names: str) -> int:
    """Return the token after a unit of time at a token and one of some words for before or after; 0
    where they do not stand there.
    """
    unit = scan.after(end, "units")
    place = end + unit.length if unit and unit.value in TIMES else -1
    joint = scan.after_any(place, *names, of=("periods",))
    return place + joint.length if joint else 0


def spelled_day_end(scan: Scan, end: int) -> int | None:
    """Return the token after the month that follows an ordinal: the third of June 2020; None where
    none does.
    """
    place = scan.past(end, "periods", "day_of")
    word = scan.at(place)
    is_month = word in scan.language.months or word.startswith(
        tuple(m for m in scan.language.months if len(m) > CENTURY + 1)
    )
    if not is_month or not scan.is_near(place):
        return None
    return place + 1 + (scan.is_number(place + 1) and len(scan.at(place + 1)) == 2 * CENTURY)
