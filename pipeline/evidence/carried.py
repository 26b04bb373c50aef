"""What a number has from words of its sentence that do not stand at it: each quarter the centre
handles 120.

Belongs here: what is kept while a sentence is read, and when a later number takes it. Does not
belong here: what stands at a number (quantities).
"""

from pipeline.evidence.changes import change_before
from pipeline.evidence.doubts import APOSTROPHES, TIMES
from pipeline.evidence.magnitudes import ONE
from pipeline.evidence.number import Quantity
from pipeline.evidence.per import WHOLE
from pipeline.evidence.scan import Kept, Mention, Scan

RECURRING = "recurring"
STOPS = {".", ";", "!", "?", "|"}
PARTING = {",", "(", ")", ":", "–", "—"}
"""Marks after which a number may be of another clause than what stands before them."""

RELATIVE = 4
"""Tokens before words such as "each month" in which a relative clause, whose words they then are,
begins.
"""


def pass_over(scan: Scan, index: int) -> None:
    """Keep what the token at which no mention begins says of the numbers after it, or forget it
    where the sentence ends.
    """
    if scan.at(index) in STOPS or not scan.is_near(index):
        scan.kept = Kept()
    elif scan.begins_line(index):
        scan.kept.unit = ""
    found = scan.after(index, "per_before")
    if found is None or index < scan.kept.whole_end:
        return
    end = index + found.length
    # the daily paper, each year's forum, in the year of elections
    is_adjective = scan.after(index, "per_adjectives") and not scan.is_function_word(end)
    is_of_next = is_adjective or scan.at(end) in APOSTROPHES or scan.after(end, "per_exceptions")
    if not is_of_next:
        scan.kept.whole, scan.kept.whole_end, scan.kept.is_taken = found.value, end, False


def keep(scan: Scan, found: Mention) -> None:
    """Keep what a mention says of the numbers after it."""
    kept = scan.kept
    if found.label == WHOLE:
        kept.whole, kept.whole_end, kept.is_taken = found.per, scan.least, False
    elif found.kind == "quantity":
        kept.is_taken, kept.unit, kept.last = True, found.unit or kept.unit, (found.unit, found.per)
    elif found.kind == "unread" or found.label == RECURRING:
        kept.is_taken = True


def take_whole(scan: Scan, found: Quantity) -> None:
    """Take what the number is per where its clause says so before it; what may be of another clause
    is unread.
    """
    kept = scan.kept
    is_time = not kept.whole[:1].isdigit()
    is_other = (
        found.unit
        and not _is_money(scan, found.unit)
        and (not is_time or scan.at(found.number.end) == "-")
    )
    if found.per or not kept.whole or is_other:
        return
    is_circumstance = bool(
        scan.before(found.first, "of") or scan.before(found.first, "periods", "in")
    )
    if is_circumstance and (kept.is_taken or found.unit in TIMES):
        return  # in 12 towns, for a term of 4 years
    between = range(max(kept.whole_end, scan.least), found.first)
    is_joined = any(scan.after_any(place, "and", "or", "to") for place in between)
    is_doubtful = is_time and (is_circumstance or _may_be_apart(scan, found, between))
    if is_doubtful or (kept.is_taken and not is_joined):
        found.refuse(f"whether it is for each {kept.whole}")
    else:
        found.per = kept.whole


def _is_money(scan: Scan, unit: str) -> bool:
    return unit in scan.language.currency_codes


def _may_be_apart(scan: Scan, found: Quantity, between: range) -> bool:
    """Return whether the words between "each year" and a number may say how many there are, and not
    how many come a year.
    """
    is_level = (
        found.unit and not _is_money(scan, found.unit) and not change_before(scan, found.first)
    )
    whole_end = scan.kept.whole_end
    is_relative = scan.has(range(whole_end - RELATIVE + 1, whole_end), "relatives")
    past_comma = between[scan.at(between.start) == "," :]
    is_apart = any(scan.after(place, "levels") or scan.at(place) in PARTING for place in past_comma)
    return bool(between) and bool(is_level or is_relative or is_apart)


def take_from_last(scan: Scan, found: Quantity) -> None:
    """Take the unit of the number before, where this one goes on with it and counts nothing; unread
    where it may do so.

    What is compared takes its per, too: 3.4 per 1000 people, compared with 3.1 in 2010.
    """
    number, (unit, per) = found.last, scan.kept.last
    is_money = _is_money(scan, scan.kept.unit)
    is_compared = scan.before(found.first, "comparisons") is not None
    is_counted = found.end == number.end and not scan.is_function_word(number.end)
    if (
        found.unit
        or found.number.form != "plain"
        or (is_counted and not (is_compared and number.magnitude > ONE))
    ):
        return
    # grew by 5 percent to 7,000: the goal of a change by so many percent is none itself
    is_joined = is_compared or scan.before_any(found.first, "and", "or", *("to",) * is_money)
    is_closed = not scan.is_word(found.end) or scan.after(found.end, "periods", "in") is not None
    if is_joined and is_closed and (is_compared or unit in {"percent", scan.kept.unit * is_money}):
        found.unit, found.per = unit, found.per or per * is_compared
    elif (is_joined and scan.kept.unit == "percent") or (
        is_money and (is_joined or number.magnitude > ONE)
    ):
        found.refuse("whether it has the unit of the number before")
