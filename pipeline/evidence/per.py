"""What a number is for each of: a year, 1000 people, 100000 live births.

Belongs here: from words to year, month, day, or a number and what it counts. Does not belong here:
words for it that do not stand at the number (carried).
"""

from pipeline.evidence.changes import change_before
from pipeline.evidence.fractions import number_at
from pipeline.evidence.hedges import MOST_BETWEEN, says_how_often
from pipeline.evidence.magnitudes import ONE
from pipeline.evidence.number import Quantity
from pipeline.evidence.number_words import HUNDRED
from pipeline.evidence.phrases import Found
from pipeline.evidence.scan import Mention, Scan

WHOLE = "whole"
"""The label of what the numbers after it are per."""

MOST_BEFORE = 10
"""Tokens in which the first of these numbers stands."""

_WHOLE_AFTER = {"whole_closings", "whole_ends"}
"""The tables of words that make what stands before them a whole, without a word for per."""

_NOT_COUNTED = {("and",), ("hedges",), ("verbs_of_change",), ("periods", "year_after")}
"""The tables of words that do not stand between a number and what it is per."""


def whole_before(scan: Scan, index: int) -> Mention | None:
    """Return the label of what the numbers after it are per: per 1000 people it rose from 5 to
    6.
    """
    per = scan.before(index, "per")
    of = per.value if per else ""
    if not of and not scan.language.tables.keys() & _WHOLE_AFTER:
        return None
    whole = whole_at(scan, index, is_round=of == "of_round")
    if whole is None:
        return None
    end, last = whole[1], whole[1] + MOST_BEFORE
    stop = next((place for place in range(end, last) if scan.at(place) in {".", ";", ""}), last)
    is_closed = scan.has(range(end - 1, end + 3), "whole_closings")
    is_ended = scan.has(range(end, stop), "whole_ends")
    # grew by 1000 people is no whole
    is_counted = of == "of_round" and scan.after(end - 1, "whole_nouns")
    is_whole = (is_counted and not change_before(scan, index)) or is_closed or is_ended
    if (is_whole or of == "of") and any(scan.is_numeral(place) for place in range(end, stop)):
        return scan.mention(index, end, "label", label=WHOLE, per=whole[0])
    return None


def whole_at(scan: Scan, place: int, *, is_round: bool = False) -> tuple[str, int] | None:
    """Return the number and what it counts after "per", and the token after them: 100000 live
    births.

    With `is_round` the number must be 1 or a power of ten from a hundred on: the word before it
    says many other things too. Without a number it is one: per night.
    """
    number = number_at(scan, place)
    if number is None and not is_round and not scan.is_function_word(place):
        return f"1 {scan.raw(place)}", place + 1
    if number is None or number.form != "plain":
        return None
    if is_round and (ONE < number.low < HUNDRED or f"{number.low:f}".strip("0") != "1"):
        return None
    unit = scan.after(number.end, "units")
    end = number.end + (unit.length if unit else 0)
    while not unit and end < number.end + 2 and not scan.is_function_word(end):
        if scan.after_any(end, "verbs_of_change", "whole_closings"):
            break
        end += 1
        if scan.after(end - 1, "whole_nouns"):
            break
    return " ".join(
        [f"{number.low:f}", *(scan.raw(place) for place in range(number.end, end))]
    ), end


def take_per(scan: Scan, found: Quantity, start: int) -> None:
    """Take what the number is per, from the token after its unit on: a year, 1000 people; past what
    is counted, too.
    """
    for place in range(start, found.end + MOST_BETWEEN + 2):
        match = scan.after(place, "per")
        is_other = not scan.is_word(place) or scan.number_word(place) or says_how_often(scan, place)
        if match is None and (is_other or _NOT_COUNTED & scan.phrases_at(place).keys()):
            return
        if match and match.value not in {"of", "of_round"}:
            _take_time(scan, found, place, match)
            return
        whole = (
            whole_at(scan, place + match.length, is_round=match.value == "of_round")
            if match
            else None
        )
        if whole:
            found.per, found.end = whole[0], max(found.end, whole[1])
            return


def _take_time(scan: Scan, found: Quantity, place: int, match: Found) -> None:
    """Take a word for each year, month or day; nothing where it is of what follows (monthly
    meetings, in the year 2020).
    """
    end = place + match.length
    if scan.after(place, "per_adjectives") and not scan.is_function_word(end):
        is_open = place == found.end and not scan.before(place, "definite")
        found.why = f"so many {scan.raw(place)}, or {scan.raw(place)} things" * is_open
    elif not scan.is_number(end) and not scan.after(end, "per_exceptions"):
        found.per, found.end = match.value, max(found.end, end)
