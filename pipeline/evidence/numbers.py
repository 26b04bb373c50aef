"""The number at a token: digits or words, with magnitude, multiple or vague plural, before hedge
and unit.

Belongs here: what is printed as the number itself. Does not belong here: fractions, signs, ranges,
hedges and units.
"""

import re
from decimal import Decimal
from unicodedata import normalize

from pipeline.evidence.magnitudes import ONE, magnitude_at
from pipeline.evidence.number import Number, exact, plain, quotient, unread
from pipeline.evidence.number_words import HUNDRED, THOUSAND
from pipeline.evidence.phrases import Found
from pipeline.evidence.scan import Scan
from pipeline.evidence.tokens import FRACTIONS

TEN = 10
HALF = Decimal("0.5")
TENTH = Decimal("0.1")
SIGNS_OF_FRACTIONS = {sign: normalize("NFKC", sign).split("\u2044") for sign in FRACTIONS}
"""Each sign of a fraction with its part and its whole: ¾ is 3 and 4."""
_MIXED = re.compile(r" ([1-8])/([2-9])(?![\d/])")
_NEVER_A_REST = {"percent", "percentage_points", "years", "times"}


def counted(scan: Scan, index: int) -> Number | None:
    """Return the longest number at a token that is no fraction; None where there is none."""
    begun = scan.phrases_at(index)
    found = [read(scan, index, begun[table]) for table, read in _BEGUN_BY.items() if table in begun]
    found += [_compound(scan, index), _digits(scan, index), _spelled(scan, index)]
    return max(filter(None, found), key=lambda number: number.end, default=None)


def _vague(scan: Scan, index: int, found: Found) -> Number | None:
    """Hundreds of, tens of thousands of: at least twice the word."""
    # after "more than", a thousand may have a case that looks like thousands
    if scan.is_numeral(index - 1) or scan.before(index, "singular_after"):
        return None
    value, end = _times(scan, Decimal(found.value), index + found.length)
    return _inverted(scan, index, end) or Number(index, end, plain(2 * value), None, None, "vague")


def _singular(scan: Scan, index: int, found: Found) -> Number | None:
    """A magnitude alone, before its number: миллиона на три."""
    end = index + found.length
    is_one = not scan.is_numeral(index - 1) and scan.after(end, "inverting")
    return _inverted(scan, index, end) if is_one else None


def _inverted(scan: Scan, index: int, end: int) -> Number | None:
    """Тысяч двадцать, тысяч на двадцать: about so many, which is not read."""
    joint = scan.after(end, "inverting")
    number = counted(scan, end + (joint.length if joint else 0))
    is_one = number and (number.is_spelled or joint is None)
    return unread(index, number.end, "a magnitude before its number") if number and is_one else None


def _approximate(scan: Scan, index: int, found: Found) -> Number | None:
    """Words that say about a number by themselves: une centaine, жүздей."""
    value, end = _times(scan, Decimal(found.value), index + found.length)
    return exact(index, end, value, _last_power(int(value)), hedge="approx")


def _times(scan: Scan, value: Decimal, end: int) -> tuple[Decimal, int]:
    """Return a value with the plurals and magnitudes after it (tens of thousands), and the token
    after them.
    """
    while True:
        place = scan.past(end, "of")
        times = scan.after(place, "vague_plurals")
        magnitude, length = (
            (Decimal(times.value), times.length) if times else magnitude_at(scan, place)
        )
        if not length:
            return value, end
        value, end = value * magnitude, place + length


def _last_power(value: int) -> Decimal:
    """Return the largest power of ten of which a number is a multiple."""
    return Decimal(TEN ** (len(str(value)) - len(str(value).rstrip("0"))))


def _multiple(_: Scan, index: int, found: Found) -> Number:
    """Doubled, threefold, halved: how many times."""
    number = exact(index, index + found.length, Decimal(found.value), None)
    return number._replace(form="multiple", unit="times")


def _compound(scan: Scan, index: int) -> Number | None:
    """A number and what it counts in one word: tenfold, двадцатипроцентный, полгода."""
    for part, unit in scan.language.compounds:
        head, joint, _ = scan.at(index).partition(part)
        stem = scan.language.number(head) if head and joint else None
        if stem or (joint and head in scan.language.words("half_stems")):
            return exact(
                index,
                index + 1,
                Decimal(stem.value) if stem else HALF,
                None,
                form="multiple",
                unit=unit,
            )
    return None


def _half(scan: Scan, index: int, found: Found) -> Number | None:
    """Полтора миллиона, a word for a number with a half."""
    return _multiplied(scan, exact(index, index + found.length, Decimal(found.value), TENTH))


_BEGUN_BY = {
    ("vague_plurals",): _vague,
    ("magnitudes",): _singular,
    ("approximate",): _approximate,
    ("multiples",): _multiple,
    ("decimals",): _half,
}
"""What reads a number that begins with a phrase of a table."""


def _digits(scan: Scan, index: int) -> Number | None:
    """Digits, with what multiplies them, or an ordinal."""
    if _is_decimal_mark(scan, index):
        return _below_one(scan, index)
    if not scan.is_number(index):
        return None
    value, step, length, why, key = scan.numeral(index)
    end = index + length
    if value is None:
        end += magnitude_at(scan, end)[1]
        return unread(index, end, why, key)
    return _with_sign(scan, index, end, value) or _ended(
        scan, Number(index, end, value, value, step)
    )


def _with_sign(scan: Scan, index: int, end: int, value: Decimal) -> Number | None:
    """Return digits with a fraction after them: 2½, 4 3/4."""
    mixed = _MIXED.match(scan.text, scan.tokens[end - 1].end) if value < HUNDRED else None
    sign = mixed.groups() if mixed else SIGNS_OF_FRACTIONS.get(scan.at(end))
    if sign is None:
        return None
    value += quotient(int(sign[0]), int(sign[1]))
    return _multiplied(scan, Number(index, end + (3 if mixed else 1), value, value, None))


def _ended(scan: Scan, number: Number) -> Number:
    """Return digits with the ending after them, of an ordinal (5th) or a case (500-ден), and with
    what multiplies them.
    """
    end = number.end
    ordinal = scan.after(end, "digit_endings", "ordinal")
    if (ordinal and scan.is_glued(end, ordinal.length)) or _is_hyphenated_noun(scan, end):
        return number._replace(
            end=end + (ordinal.length if ordinal else 1), step=ONE, form="ordinal"
        )
    case = scan.after(end, "digit_endings", "case")
    if case and scan.is_glued(end, case.length):
        number = number._replace(end=end + case.length)
    return _with_rest(scan, _multiplied(scan, number))


def _is_decimal_mark(scan: Scan, index: int) -> bool:
    """Return whether a decimal mark begins a number, since digits touch it and nothing before
    (.75).
    """
    is_mark = (
        scan.at(index) == scan.marks.decimal
        and scan.is_number(index + 1)
        and scan.is_glued(index + 1)
    )
    before = scan.at(index - 1)
    return is_mark and (
        index == 0
        or not scan.is_glued(index)
        or before in set("([-–−~><=")
        or scan.before(index, "currency") is not None
    )


def _below_one(scan: Scan, index: int) -> Number | None:
    """.75: a number without its 0."""
    digits, end = scan.at(index + 1), index + 2
    goes_on = scan.at(end) in {".", ","} and scan.is_glued(end, 2) and scan.is_number(end + 1)
    if goes_on:
        return unread(index, end, "no form of a number")
    value = Decimal(f"0.{digits}")
    return _multiplied(scan, Number(index, end, value, value, ONE.scaleb(-len(digits))))


def _is_hyphenated_noun(scan: Scan, end: int) -> bool:
    """Return whether digits, a hyphen and a noun are an ordinal, in a language that writes ordinals
    so (5-тарау).
    """
    if not scan.language.tables.get("hyphen_makes_ordinal") or scan.at(end) != "-":
        return False
    if not (scan.is_glued(end, 2) and scan.is_word(end + 1)) or scan.number_word(end + 1):
        return False
    others = (("digit_endings", "case"), ("units",), ("hedges_after",), ("magnitudes",))
    return not any(scan.after(end, *path) for path in others)


def _spelled(scan: Scan, index: int) -> Number | None:
    """A number in words, with what multiplies it, or an ordinal."""
    words = scan.spelled(index)
    # an article may also be the number one
    if words is None or (
        words.length == 1 and scan.at(index) in scan.language.words("number_articles")
    ):
        return None
    value, end = Decimal(words.value), index + words.length
    if words.is_ordinal:
        return exact(index, end, value, ONE, form="ordinal")
    # the step is the last magnitude (thousand, dozen), else 1
    last, named = scan.number_word(end - 1), scan.after(end - 1, "magnitudes")
    step = Decimal(named.value) if named else ONE
    if last is not None and last.value >= THOUSAND:
        step = _last_power(last.value)
    magnitude = max(ONE, step)
    is_bare = value == magnitude or value == _last_power(words.value) >= HUNDRED
    if is_bare and (several := scan.before(index, "several")):  # a few thousand: at least two
        return Number(index - several.length, end, plain(2 * value), None, None, "vague")
    return _multiplied(scan, exact(index, end, value, step, magnitude=magnitude))


def _multiplied(scan: Scan, number: Number) -> Number:
    """Return a number with the magnitude after it: 5 thousand, 3 and a half million, 88bn."""
    alone = number
    number = with_part(scan, number, number.end)
    if scan.at(number.end) == "-" and not number.is_spelled and not scan.is_glued(number.end):
        return number
    magnitude, length = magnitude_at(
        scan, number.end, is_spelled=number.is_spelled and number is alone
    )
    if not length:
        return _interrupted(scan, number)
    times = number.times(magnitude, number.end + length)
    return (
        times
        if number is not alone or magnitude >= THOUSAND * THOUSAND
        else _multiplied(scan, times)
    )


def with_part(scan: Scan, number: Number, place: int) -> Number:
    """Return a number with the half or quarter at a token: two and a half; 300 and a quarter of the
    rest are two numbers.
    """
    found = scan.after(place, "halves")
    part = Decimal(found.value) if found else HALF
    if found is None or (
        part != HALF and (not number.is_spelled or scan.after(place + found.length, "of"))
    ):
        return number
    value, step = (
        plain(number.low + part * number.magnitude),
        TENTH if part == HALF else TENTH * TENTH,
    )
    return number._replace(
        low=value, high=value, step=plain(step * number.magnitude), end=place + found.length
    )


def _interrupted(scan: Scan, number: Number) -> Number:
    """Return a number past what stands before its magnitude or unit: itself in brackets, a hedge
    (20 or more thousand).
    """
    again = counted(scan, number.end + 1) if scan.at(number.end) == "(" else None
    if again and again.form == "plain" and again.low == number.low and scan.at(again.end) == ")":
        return _multiplied(scan, number._replace(end=again.end + 1))
    hedge = scan.after(number.end, "hedges_after")
    times = _multiplied(scan, number._replace(end=number.end + hedge.length)) if hedge else number
    return (
        times._replace(hedge=hedge.value)
        if hedge and times.magnitude != number.magnitude
        else number
    )


def _with_rest(scan: Scan, number: Number) -> Number:
    """Return a number in digits with the smaller rest right after its magnitude: 3 thousand 450, 2
    million 300 thousand.
    """
    end = number.end
    is_open = number.magnitude >= THOUSAND and number.step == number.magnitude
    rest = _digits(scan, end) if is_open and scan.is_near(end) else None
    if (
        rest is None
        or rest.form != "plain"
        or rest.low >= min(number.magnitude, rest.magnitude * THOUSAND)
    ):
        return number
    unit = scan.after(rest.end, "units")
    is_other = scan.at(rest.end) in scan.language.months or (unit and unit.value in _NEVER_A_REST)
    if is_other or (scan.is_glued(rest.end) and scan.at(rest.end) in set("-–:.,/")):
        return number
    if scan.at(end - 1) == ".":
        return unread(number.first, rest.end, "a full stop between two numbers that may be one")
    value = number.low + rest.low
    return number._replace(
        low=value, high=value, step=rest.step, end=rest.end, magnitude=max(rest.magnitude, ONE)
    )
