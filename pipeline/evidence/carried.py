"""What a number has from words of its sentence that do not stand at it: each quarter the centre handles 120.

Belongs here: what is kept while a sentence is read, and when a later number takes it. Does not belong here: what stands at a
number (quantities).
"""

from pipeline.evidence.changes import change_before
from pipeline.evidence.doubts import TIMES
from pipeline.evidence.magnitudes import ONE
from pipeline.evidence.number import Quantity
from pipeline.evidence.per import WHOLE
from pipeline.evidence.scan import Mention, Scan

RECURRING = "recurring"
STOPS = {".", ";", "!", "?", "|"}
PARTING = {",", "(", ")", ":", "–", "—"}
"""Marks after which a number may be of another clause than what stands before them."""

RELATIVE = 4
"""Tokens before words such as "each month" in which a relative clause, whose words they then are, begins."""


def pass_over(scan: Scan, index: int) -> None:
    """Keep what the token at which no mention begins says of the numbers after it, or forget it where the sentence ends."""
    if scan.at(index) in STOPS or scan.begins_line(index):
        scan.whole = scan.unit = ""
    found = scan.after(index, "per_before")
    if found and index >= scan.whole_end and not scan.after(index + found.length, "per_exceptions"):
        scan.whole, scan.whole_end, scan.is_whole_taken = found.value, index + found.length, False


def keep(scan: Scan, found: Mention) -> None:
    """Keep what a mention says of the numbers after it."""
    if found.label == WHOLE:
        scan.whole, scan.whole_end, scan.is_whole_taken = found.per, scan.least, False
    elif found.kind == "quantity":
        scan.is_whole_taken = True
        scan.unit, scan.is_unit_of_last = found.unit or scan.unit, found.unit != ""
    elif found.kind == "unread" or found.label == RECURRING:
        scan.is_whole_taken = True


def take_whole(scan: Scan, found: Quantity) -> None:
    """Take what the number is per where its clause says so before it; what may be of another clause is unread."""
    is_money = found.unit in scan.language.currency_codes
    is_time = not scan.whole[:1].isdigit()
    is_other = found.unit and not is_money and (not is_time or scan.at(found.number.end) == "-")
    if found.per or not scan.whole or is_other:
        return
    between = range(max(scan.whole_end, scan.least), found.first)
    is_circumstance = scan.before(found.first, "of") or scan.before(found.first, "periods", "in")
    if is_circumstance and (scan.is_whole_taken or found.unit in TIMES):
        return  # in 12 towns, for a term of 4 years
    is_joined = any(scan.after(place, joint) for place in between for joint in ("and", "or", "to"))
    is_doubtful = is_time and (
        is_circumstance
        or (found.unit and not is_money and not change_before(scan, found.first))
        or any(scan.after(place, "levels") or scan.at(place) in PARTING for place in between[scan.at(between.start) == "," :])
        or any(scan.after(scan.whole_end - place, "relatives") for place in range(1, RELATIVE))
    )
    if is_doubtful or (scan.is_whole_taken and not is_joined):
        found.why = found.why or f"whether it is for each {scan.whole}"
    else:
        found.per = scan.whole


def take_unit_of_last(scan: Scan, found: Quantity) -> None:
    """Take the unit of the number before, where this one goes on with it and counts nothing; unread where it may do so."""
    end = (found.high or found.number).end
    is_counted = found.end == end and scan.is_word(end) and not scan.is_function_word(end)
    is_money = scan.unit in scan.language.currency_codes
    if found.unit or is_counted or found.number.form != "plain" or not (is_money or scan.unit == "percent"):
        return
    # grew by 5 percent to 7,000: the goal of a change by so many percent is none itself
    is_joined = any(scan.before(found.first, name) for name in ("and", "or", *("to",) * is_money))
    is_closed = not scan.is_word(found.end) or scan.after(found.end, "periods", "in")
    if is_joined and is_closed and scan.is_unit_of_last:
        found.unit = scan.unit
    elif is_joined or (is_money and (found.high or found.number).magnitude > ONE):
        found.why = found.why or "whether it has the unit of the number before"
