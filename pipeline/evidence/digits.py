"""Numerals in digits: which marks group them, which is the decimal mark, and when that must be
asked.

Belongs here: from digits and marks to one number. Does not belong here: magnitudes, signs, units,
or what is counted.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.evidence.tokens import Token, is_number

NO_BREAK_SPACES = "\u00a0\u202f\u2009\u2007"
SPACES = f" \n{NO_BREAK_SPACES}"
APOSTROPHES = "'’"
IN_A_GROUP = 3
IN_INDIA = 2
LONGEST = 40
"""Digits of a number: more is no number that anybody counts."""


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


def read_numeral(text: str, tokens: Sequence[Token], index: int, marks: Marks) -> Numeral:
    """Return the numeral that begins at a run of digits."""
    parts, between, place = _parts(text, tokens, index, marks)
    length = place - index
    if sum(map(len, parts)) > LONGEST or not "".join(parts).isascii():
        return Numeral(
            None, Decimal(1), length, f"more than {LONGEST} digits, or digits of another script"
        )
    if not between and len(parts[0]) > 1 and parts[0][0] == "0":
        return Numeral(None, Decimal(1), length, "a number does not begin with 0")
    value = _value(parts, between, marks)
    if value is None:
        words = text[tokens[index].start : tokens[place - 1].end]
        return Numeral(
            None,
            Decimal(1),
            length,
            f"{words!r} can be read in two ways, or in none",
            "number_format",
        )
    decimals = len(value.partition(".")[2])
    return Numeral(Decimal(value), Decimal(1).scaleb(-decimals), length)


def _parts(
    text: str, tokens: Sequence[Token], index: int, marks: Marks
) -> tuple[list[str], list[str], int]:
    """Return the runs of digits of a numeral, the marks between them, and the token after it."""
    parts, between, place = [tokens[index].text], [], index + 1
    while place < len(tokens):
        mark, following = _mark(text, tokens, place, marks)
        if mark is None:
            break
        parts.append(tokens[following].text)
        between.append(mark)
        place = following + 1
    return parts, between, place


def _mark(text: str, tokens: Sequence[Token], place: int, marks: Marks) -> tuple[str | None, int]:
    """Return the mark between two runs of digits of one numeral and the index of the second; None
    where the numeral ends.
    """
    token = tokens[place]
    gap = text[tokens[place - 1].end : token.start]
    if is_number(token):
        is_group = (
            len(gap) == 1
            and gap in SPACES
            and len(token.text) == IN_A_GROUP
            and _may_go_on(tokens, place - 1)
        )
        if is_group and (not marks.is_given or marks.group in SPACES or gap in NO_BREAK_SPACES):
            return (" " if gap in " \n" else "\u00a0"), place
        return None, place
    if token.text in (",", ".", "٬", *APOSTROPHES) and token.is_glued and place + 1 < len(tokens):
        following = tokens[place + 1]
        # a number broken over two lines goes on after its mark
        is_broken = (
            text[token.end : following.start] == "\n"
            and token.text == marks.group
            and len(following.text) == IN_A_GROUP
        )
        if is_number(following) and (following.is_glued or is_broken):
            return ("'" if token.text in APOSTROPHES else token.text), place + 1
    return None, place


def _may_go_on(tokens: Sequence[Token], place: int) -> bool:
    """Return whether the digits before a space can be a group: 1 to 3 of them, the first group of a
    number not a 0.
    """
    return (len(tokens[place].text) <= IN_A_GROUP and tokens[place].text[0] != "0") or len(
        tokens[place].text
    ) == IN_A_GROUP


def _value(parts: list[str], between: list[str], marks: Marks) -> str | None:
    """Return the number of digits and marks as plain text; None where the marks do not say it in
    one way.
    """
    groups, fraction = parts, ""
    if between and between[-1] == marks.decimal:
        groups, fraction, between = parts[:-1], f".{parts[-1]}", between[:-1]
        is_open = len(parts[-1]) == IN_A_GROUP and len(groups[0]) <= IN_A_GROUP and groups[0] != "0"
        begins_with_0 = len(groups[0]) > 1 and groups[0][0] == "0"
        # 1.234 can be a thousand and more, or one and less than a quarter
        if not between and (begins_with_0 or (is_open and not marks.is_given)):
            return None
    is_grouped = (
        len(set(between)) == 1 and _groups(between[0], marks) and _are_groups(groups, between[0])
    )
    return "".join(groups) + fraction if is_grouped or not between else None


def _groups(mark: str, marks: Marks) -> bool:
    """Return whether a mark groups digits in this document; a no-break space does so everywhere."""
    if mark == "\u00a0":
        return True
    if mark == " ":
        return marks.group != "" and marks.group in SPACES
    return mark == ("'" if marks.group in APOSTROPHES else marks.group)


def _are_groups(groups: list[str], mark: str) -> bool:
    """Return whether runs of digits are groups of three, or with commas also as in India:
    12,34,567.
    """
    first, *rest = groups
    if not 1 <= len(first) <= IN_A_GROUP or first[0] == "0":
        return False
    if all(len(group) == IN_A_GROUP for group in rest):
        return True
    *middle, last = rest
    is_indian = len(first) < IN_A_GROUP == len(last) and all(
        len(group) == IN_INDIA for group in middle
    )
    return mark == "," and bool(middle) and is_indian
