"""What a number is for each of: a year, 1000 people, 100000 live births.

Belongs here: from words to year, month, day, or a number and what it counts. Does not belong here: the number that is per it.
"""

from pipeline.evidence.fractions import number_at
from pipeline.evidence.number_words import HUNDRED
from pipeline.evidence.scan import Scan


def whole_before(scan: Scan, index: int) -> tuple[str, int] | None:
    """Return what a number is per where that is printed before it (per 1000 people there are 5), and the number's token."""
    number = number_at(scan, index)
    if number is None or number.form != "plain":
        return None
    is_open = scan.before(index, "per", "of") or any(scan.after(place, "whole_ends") for place in range(index + 3, index + 8))
    for place in range(number.end, number.end + 5):
        closing = scan.after(place, "whole_closings")
        begins = place + (closing.length if closing else 0)
        if closing or (is_open and place > number.end and number_at(scan, place)):
            nouns = (scan.raw(at) for at in range(number.end, place) if not scan.is_function_word(at))
            per = " ".join([f"{number.low:f}", *nouns])
            return next(((per, at) for at in range(begins, begins + 3) if number_at(scan, at)), None)
        if not scan.is_word(place) and scan.at(place) not in {"–", "—"}:
            break
    return None


def whole_at(scan: Scan, place: int, *, is_round: bool = False) -> tuple[str, int] | None:
    """Return the number and what it counts after "per", and the token after them: 100000 live births.

    With `is_round` the number must be a power of ten from a hundred on: the word before it says many other things too.
    """
    number = number_at(scan, place)
    if number is None or number.form != "plain":
        return None
    if is_round and (number.low < HUNDRED or f"{number.low:f}".strip("0") != "1"):
        return None
    end = number.end
    while end < number.end + 2 and not scan.is_function_word(end):
        end += 1
    return " ".join([f"{number.low:f}", *(scan.raw(place) for place in range(number.end, end))]), end
