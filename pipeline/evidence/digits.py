"""Numerals in digits: which marks group them, which is the decimal mark, and when that must be
asked.

Belongs here: from digits and marks to one number. Does not belong here: magnitudes, signs, units,
or what is counted.
"""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

NO_BREAK_SPACES = "\u00a0\u202f\u2009\u2007"
SPACES = f" \n{NO_BREAK_SPACES}"
APOSTROPHES = "'’"
MARKS = f",.٬{APOSTROPHES}"
IN_A_GROUP = 3
LONGEST = 40
"""Digits of a number: more is no number that anybody counts."""

_TOKEN, _NO_DIGIT = re.compile(r"\d+|\S"), re.compile(r"\D")
_BROKEN = re.compile(rf"(?<=[{MARKS}])\n")
_KINDS = str.maketrans({**dict.fromkeys(NO_BREAK_SPACES, "\u00a0"), "\n": " ", "’": "'"})
"""One mark for each kind of space and apostrophe."""

_GROUPED = re.compile(r"[1-9]\d{0,2}(\D)\d{3}(?:\1\d{3})*|[1-9]\d?(?:,\d\d)+,\d{3}")
"""Digits in groups of three, or with commas also as in India: 12,34,567."""


class Marks(NamedTuple):
    """The decimal mark and the group mark of a document; `is_given` where source.toml says them,
    not the language alone.
    """

    decimal: str
    group: str
    is_given: bool


class Numeral(NamedTuple):
    """A numeral in digits: its value and step (the last printed digit), how many tokens it takes,
    or why it cannot be read.
    """

    value: Decimal | None
    step: Decimal
    length: int
    why: str = ""
    key: str = ""


def read_numeral(text: str, place: int, marks: Marks) -> Numeral:
    """Return the numeral that begins with the digits at a place of a text."""
    words = next(_numerals(marks).finditer(text, place))[0]
    digits = _NO_DIGIT.sub("", words)
    length = len(_TOKEN.findall(words))
    if len(digits) > LONGEST or not digits.isascii():
        why = f"more than {LONGEST} digits, or digits of another script"
        return Numeral(None, Decimal(1), length, why)
    if words == digits != "0" and digits[0] == "0":
        return Numeral(None, Decimal(1), length, "a number does not begin with 0")
    value = _value(_BROKEN.sub("", words).translate(_KINDS), marks)
    if value is None:
        why = f"{words!r} can be read in two ways, or in none"
        return Numeral(None, Decimal(1), length, why, "number_format")
    decimals = len(value.partition(".")[2])
    return Numeral(Decimal(value), Decimal(1).scaleb(-decimals), length)


@cache
def _numerals(marks: Marks) -> re.Pattern[str]:
    """Return the pattern of digits with the marks and spaces that may stand between them."""
    is_spaced = not marks.is_given or marks.group in SPACES
    of_three = r"(?=\d{3}(?!\d))"
    # before a space: 1 to 3 digits, the first group of a number not a 0
    group = r"(?:(?<=(?<!\d)[^\D0])|(?<=(?<!\d)[^\D0]\d)|(?<=(?<!\d)\d{3}))"
    space = f"{group}[{SPACES if is_spaced else NO_BREAK_SPACES}]{of_three}"
    # a number broken over two lines goes on after its mark
    broken = f"(?=[{marks.group}])[{MARKS}]\n{of_three}" if marks.group else "(?!)"
    return re.compile(rf"\d+(?:(?:[{MARKS}](?=\d)|{broken}|{space})\d+)*")


def _value(words: str, marks: Marks) -> str | None:
    """Return the number of digits and marks as plain text; None where the marks do not say it in
    one way.
    """
    whole, mark, decimals = words.rpartition(marks.decimal)
    if not mark or not decimals.isdecimal():
        whole, decimals = words, ""
    if not whole.isdecimal():
        is_grouped = _GROUPED.fullmatch(whole) and _groups(whole.lstrip("0123456789")[0], marks)
        if not is_grouped:
            return None
    elif decimals:
        begins_with_0 = whole != "0" and whole[0] == "0"
        is_open = len(decimals) == IN_A_GROUP and len(whole) <= IN_A_GROUP and whole != "0"
        # 1.234 can be a thousand and more, or one and less than a quarter
        if begins_with_0 or (is_open and not marks.is_given):
            return None
    return _NO_DIGIT.sub("", whole) + f".{decimals}".rstrip(".")


def _groups(mark: str, marks: Marks) -> bool:
    """Return whether a mark groups digits in this document; a no-break space does so everywhere."""
    if mark == "\u00a0":
        return True
    if mark == " ":
        return marks.group != "" and marks.group in SPACES
    return mark == ("'" if marks.group in APOSTROPHES else marks.group)
