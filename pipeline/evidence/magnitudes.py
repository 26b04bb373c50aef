"""The magnitude after a number: thousand, million, bn, тыс., мың; and whether a currency stands
beside it.

Belongs here: what multiplies the number before it. Does not belong here: the number itself
(numbers).
"""

from decimal import Decimal

from pipeline.evidence.number_words import HUNDRED
from pipeline.evidence.scan import Scan

ONE = Decimal(1)
# may stand between a full stop and the word that begins the next sentence
QUOTES = set("([\"'“”„«»‘’‹›")


def magnitude_at(scan: Scan, index: int, *, is_spelled: bool = False) -> tuple[Decimal, int]:
    """Return the magnitude at a token and how many tokens it takes; 1 and 0 where there is none.

    A single letter is one where it touches the digits, or where a currency stands before them or
    after it; 15m² and 4m wide are no millions.
    """
    found = scan.after(index, "magnitudes")
    word = scan.number_word(index)
    if (
        found is None
        and word is not None
        and not word.is_ordinal
        and word.value >= HUNDRED
        and not is_spelled
    ):
        return Decimal(word.value), 1
    if (
        found is None
        or scan.after(index, "lengths")
        or (len(scan.at(index)) == found.length == 1 and _is_no_letter(scan, index))
    ):
        return ONE, 0
    dot = index + found.length - (scan.at(index + found.length - 1) == ".")
    past = dot + 1 + (scan.at(dot + 1) in QUOTES)
    # a full stop belongs to an abbreviation (5 тыс. человек) where it does not end the sentence,
    # whose next may begin with a mark
    goes_on = (
        scan.at(dot) == "."
        and scan.is_glued(dot)
        and scan.at(past) != ""
        and not scan.is_capital(past)
    )
    return Decimal(found.value), dot - index + (goes_on and not scan.begins_line(dot + 1))


def _is_no_letter(scan: Scan, index: int) -> bool:
    """Return whether a single letter does not multiply: that of 221b Baker Street, of 15m² and of 4
    m.
    """
    is_size = scan.is_glued(index + 1) and (
        scan.is_number(index + 1) or scan.at(index + 1) in {"²", "³"}
    )
    is_other = scan.raw(index).islower() and scan.at(index) not in scan.language.words("letters")
    return is_size or is_other or (not scan.is_glued(index) and not _has_currency(scan, index))


def currency_of_next(scan: Scan, place: int, length: int) -> bool:
    """Return whether a currency after a number is the next one's, which follows it: in 2020 £3.2m
    was raised.
    """
    return scan.is_number(place + length) and (
        scan.after(place, "currency_marks") is not None or scan.is_currency_code(place)
    )


def _has_currency(scan: Scan, index: int) -> bool:
    if scan.after(index + 1, "currency"):
        return True
    place = index
    while scan.is_number(place - 1) or scan.at(place - 1) in {",", "."}:
        place -= 1
    return scan.before(place, "currency") is not None
