"""Fractions as percent: two-thirds, a fifth, half, ½, 2/3, one in five, every fifth, nine out of
ten.

Belongs here: a part of a whole in words or signs. Does not belong here: half a million, which is a
number (numbers).
"""

import re
from decimal import Decimal

from pipeline.evidence.candidates import may_begin
from pipeline.evidence.language import ASK
from pipeline.evidence.magnitudes import magnitude_at
from pipeline.evidence.number import Number, exact, quotient, unread
from pipeline.evidence.number_words import HUNDRED, NumberWord
from pipeline.evidence.numbers import SIGNS_OF_FRACTIONS, TENTH, counted
from pipeline.evidence.scan import Scan

_SLASH = re.compile(r"(?<![\w/–-])(\d{1,2})/(\d{1,2})(?![/.]\S|\d)")
TEN = 10
ROUND = {*range(1, TEN + 1), 20, HUNDRED, 1000, 10_000, 100_000, 1_000_000}
"""Wholes of which a part is a fraction; 98 out of 107 are two counts."""

SHARED = {"percent", "percentage_points"}
"""Units that the numbers of a list share, and that a fraction may be of without a word for one."""

Part = tuple[int, int, int] | None
"""A part, its whole, and the token after them."""


def percent(part: int, whole: int) -> Decimal:
    """Return a part of a whole in percent, to six decimals."""
    return quotient(HUNDRED * part, whole)


def number_at(scan: Scan, index: int) -> Number | None:
    """Return the number that begins at a token, fractions included: the longest that can be read;
    None where there is none.
    """
    if index not in scan.numbers:
        scan.numbers[index] = _longest(scan, index) if may_begin(scan, index) else None
    found: Number | None = scan.numbers[index]
    return found


def _longest(scan: Scan, index: int) -> Number | None:
    number, part = counted(scan, index), fraction_at(scan, index)
    if number and part and part.end <= number.end and part.form != "unread":
        return number
    return part or number


def fraction_at(scan: Scan, index: int) -> Number | None:
    """Return the fraction that begins at a token, in percent; the first of its forms that can be
    read.
    """
    for read in (
        _in_every,
        _every,
        _sign,
        _with_slash,
        _whole_first,
        _part_and_ordinal,
        _named_part,
    ):
        found = read(scan, index)
        if found and 0 < found[0] <= found[1]:
            number = exact(
                index, found[2], percent(*found[:2]), None, form="fraction", unit="percent"
            )
            return number if read is _every else _of_one(scan, number, *found)
    return _one_more(scan, index)


def _one_in(scan: Scan, index: int) -> bool:
    """Return whether a round number follows "one", what is counted, and "in": one worker in
    twenty.
    """
    for place in range(index + 2, index + 4):
        joins = scan.after(place, "fraction_words", "in")
        whole = _whole_number(scan, place + joins.length) if joins else None
        if whole:
            return whole[0] in ROUND
    return False


def _of_one(scan: Scan, number: Number, part: int, whole: int, end: int) -> Number:
    """Return the number that a fraction of one thing is (a quarter of a million, half an hour),
    else the fraction.
    """
    of = scan.after(end, "of")
    place = end + (of.length if of else scan.at(end) == "-")
    one = scan.after(place, "fraction_words", "one")
    place += one.length if one else scan.at(place) == "1"
    (magnitude, length), unit = magnitude_at(scan, place), scan.after(place, "units")
    named = unit.value if unit else ""
    if (
        named in {"times", ASK}
        or not (length or unit)
        or (of and place == end + of.length and named not in SHARED)
    ):
        return number
    value = quotient(part, whole)
    exactly = exact(number.first, place, value, TENTH if whole in {2, TEN} else TENTH * TENTH)
    return (
        exactly._replace(end=place + unit.length, unit=named)
        if unit
        else exactly.times(magnitude, place + length)
    )


def _one_more(scan: Scan, index: int) -> Number | None:
    """A third before a noun: a part, or one more; nobody can tell."""
    if (
        scan.spelled(index)
        and scan.at(index) in scan.language.words("one")
        and _one_in(scan, index)
    ):
        return unread(index, index + 1, "one, or one in every so many")
    one = scan.after(index, "fraction_words", "one")
    place = index + one.length if one else index
    word = scan.number_word(place)
    is_ordinal = word is not None and word.is_ordinal and word.value > 2  # noqa: PLR2004
    is_noun = one and not scan.is_function_word(place + 1) and not scan.is_capital(place + 1)
    if not is_ordinal or not (is_noun or scan.after(place + 1, "part_words")):
        return None
    return unread(index, place + 1, "a part, or one more")


def _whole_number(scan: Scan, index: int) -> tuple[int, int] | None:
    """Return the whole number at a token, in digits or words, and the token after it."""
    if scan.is_number(index):
        value, step, length, *_ = scan.numeral(index)
        return (int(value), index + length) if value is not None and step == 1 else None
    words = scan.spelled(index)
    return (words.value, index + words.length) if words and not words.is_ordinal else None


def _in_every(scan: Scan, index: int) -> Part:
    """One in five; nine out of ten."""
    part = _whole_number(scan, index)
    joint = _joint(scan, part[1]) if part else None
    whole = _whole_number(scan, joint) if joint else None
    if part is None or whole is None or whole[0] not in ROUND or whole[0] <= part[0]:
        return None
    is_measured = scan.after(whole[1], "units") or magnitude_at(scan, whole[1])[1]
    return None if is_measured else (part[0], *whole)


def _joint(scan: Scan, place: int) -> int | None:
    """Return the token after "in" between the part and the whole; what is counted may stand before
    some (une femme sur cinq).
    """
    if joins := scan.after(place, "fraction_words", "in"):
        return place + joins.length
    past = scan.next(place, 3, "fraction_words", "in_past")
    return past[1] if past else None


def _every(scan: Scan, index: int) -> Part:
    """Every fifth."""
    joins = scan.after(index, "fraction_words", "every")
    number = counted(scan, index + joins.length) if joins else None
    return (1, int(number.low), number.end) if number and number.form == "ordinal" else None


def _sign(scan: Scan, index: int) -> Part:
    """½, alone."""
    sign = SIGNS_OF_FRACTIONS.get(scan.at(index))
    return (int(sign[0]), int(sign[1]), index + 1) if sign else None


def _with_slash(scan: Scan, index: int) -> Part:
    """2/3, in digits: of a whole up to ten, and no part of a date or a code."""
    match = scan.match(_SLASH, index)
    part, whole = map(int, match.groups()) if match else (1, 1)
    return (part, whole, index + 3) if part < whole <= TEN else None


def _whole_first(scan: Scan, index: int) -> Part:
    """Үштен екі, оннан тоғызы, 10-нан 9-ы: the whole in the ablative, and then the smaller part."""
    endings = scan.language.words("range_endings")
    whole = counted(scan, index) if endings else None
    part = counted(scan, whole.end) if whole and scan.at(whole.end - 1).endswith(endings) else None
    if whole is None or part is None or not whole.form == part.form == "plain" or part.step != 1:
        return None
    # from 20 to 10 is a change; 5 people of 20 are two counts
    is_goal = scan.at(part.end - 1).endswith(scan.language.words("goal_endings")) or scan.after(
        part.end, "units"
    )
    is_said = whole.is_spelled or (whole.low in ROUND and scan.is_word(part.end - 1))
    return (int(part.low), int(whole.low), part.end) if is_said and not is_goal else None


def _part_and_ordinal(scan: Scan, index: int) -> Part:
    """Two-thirds, две пятых, a fifth of, three quarters: a number and the ordinal, or the name, of
    the whole.
    """
    one = scan.after(index, "fraction_words", "one")
    part = (1, index + one.length) if one else _whole_number(scan, index)
    if part is None:
        return None
    is_hyphenated = scan.at(part[1]) == "-"
    place = part[1] + is_hyphenated
    if named := scan.after(place, "fractions"):
        return part[0], int(named.value), place + named.length
    whole = _denominator(scan, place, is_one=part[0] == 1)
    is_said = is_hyphenated or scan.at(place) in scan.language.words("fraction_ordinals")
    if whole is None or (part[0] == 1 and not is_said and not scan.is_function_word(place + 1)):
        return None  # a third party is one more, not a part
    return part[0], whole, place + 1


def _denominator(scan: Scan, index: int, *, is_one: bool) -> int | None:
    """Return the whole that an ordinal names as a part: fifths, пятых."""
    token = scan.at(index)
    endings = (end for end in scan.language.words("fraction_endings") if token.endswith(end))
    stems = (scan.language.number(token.removesuffix(end)) for end in endings)
    plural = next((found for found in stems if found is not None and found.is_ordinal), None)
    found: NumberWord | None = plural or scan.number_word(index)
    if found is None or not found.is_ordinal or found.value < 2:  # noqa: PLR2004
        return None
    return (
        found.value
        if is_one or plural or token in scan.language.words("fraction_ordinals")
        else None
    )


def _named_part(scan: Scan, index: int) -> Part:
    """Half, треть: a part that has a name."""
    found = scan.after(index, "fractions")
    if found is None:
        return None
    is_hyphenated = (
        scan.at(index + found.length) == "-" and not magnitude_at(scan, index + found.length + 1)[1]
    )
    goes_on = is_hyphenated or scan.after(index, "periods", "quarter_to")
    is_of_time = goes_on or scan.before(index, "parts_of_time")
    if is_of_time and not scan.after(index + found.length, "of"):
        return None  # the last quarter, half-yearly
    return 1, int(found.value), index + found.length
