"""A label: a numeral that counts nothing, such as the number of a table, a law, a house or a clock
time; and ratios beside times.

Belongs here: what shows that a numeral counts nothing. Does not belong here: names of the code
lists, which are sought first.
"""

import re
from decimal import Decimal

from pipeline.evidence.date_patterns import ROMANS
from pipeline.evidence.fractions import number_at
from pipeline.evidence.number import quotient
from pipeline.evidence.scan import Mention, Scan
from pipeline.evidence.tokens import SUPERSCRIPTS

_PATTERNS = {
    "address": r"(?i:(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?:[\w-]+\.)+(?:com|org|net|int|gov|edu|kz|ru|eu|uk|de|fr)(?:/\S*)?)",
    "telephone": r"(?<![\w+])(?:\+(?:\d{1,3}[\s(-]|7(?=\d{10}\b))|\(\d{2,5}\)\s?"
    r"|8[\s-]\(?\d{3})[\d\s()/-]{5,20}\d(?!\d)"
    r"|(?<![\w.,-])\d{2,4}-\d{2,4}-\d{2,4}(?:-\d{2,4})?(?![\w-])",
    "clock": r"(?<![\d:.,])(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?(?![\d:]|[.,]\d)",
    "footnote": rf"\[\d{{1,3}}(?:\s?[,–-]\s?\d{{1,3}})*\]|[{SUPERSCRIPTS}]+",
}
_LABEL = re.compile("|".join(f"(?P<{label}>{pattern})" for label, pattern in _PATTERNS.items()))
_CLOCK = re.compile(_PATTERNS["clock"])
_HEADING = re.compile(
    r"\(?\d{1,2}(?:\.\d{1,2})*[.)](?=\s)|\(\d{1,2}\)(?=\s)|\d{1,2}(?:\.\d{1,2})+(?=\s+[^\W\d_])"
)
_SECTION = re.compile(r"\w+(?:[.\-–/]\w+|\(\w+\))*")
_CODED = re.compile(r"[^\W\d_]+(?:[-–]?\d+)+(?:\.\d+)*[^\W\d_]*(?:[-–/][\w]+)*")
PARTS = ("part", "before", "after")
"""The tables of words that a hyphen joins to a year: mid-2020, pre-1991."""
MINUTES = 60
NEAR_RATIO = 5
"""Tokens before a ratio in which the word for it stands."""


def label_at(scan: Scan, index: int) -> Mention | None:
    """Return the label that begins at a token; None where none does."""
    match = scan.match(_LABEL, index)
    if match and (match.lastgroup != "clock" or _is_clock(scan, index, match)):
        return _label(scan, index, match.end(), match.lastgroup or "")
    if scan.begins_line(index) and (match := scan.match(_HEADING, index)):
        return _label(scan, index, match.end(), "heading")
    if scan.is_word(index):
        return _coded_name(scan, index) or _roman(scan, index) or _numbered(scan, index)
    return _numbered(scan, index) if scan.is_number(index) else None


def _label(scan: Scan, index: int, end: int, label: str) -> Mention:
    """Return the label from a token to a place of the text, or to the end of the token there."""
    start, stop = scan.span(index, scan.token_after(end, index))
    return Mention(start, max(end, stop), "label", label=label)


def _is_clock(scan: Scan, index: int, match: re.Match[str]) -> bool:
    """Return whether hours and minutes are a time of day: with a colon always, with a point where
    the words say so.
    """
    if ":" in match[0]:
        return not _is_ratio(scan, index)
    last = scan.token_after(match.end(), index)
    joint = scan.after_any(last, "and", "to")
    second = last + (joint.length if joint else 1)
    is_first = (joint or scan.at(last) in {"-", "–"}) and second < len(scan.tokens)
    other = scan.match(_CLOCK, second) if is_first else None
    return scan.after(last, "labels_after", "clock") is not None or (
        other is not None and ":" in other[0]
    )


def _coded_name(scan: Scan, index: int) -> Mention | None:
    """Return a word with digits, such as COVID-19; KZT5bn is money, and mid-2020 a part of a
    year.
    """
    match = scan.match(_CODED, index)
    is_part = scan.after_any(index, *PARTS, of=("periods",))
    is_money = scan.is_currency_code(index) or scan.before(index + 1, "currency")
    if match is None or is_money or is_part:
        return None
    return _label(scan, index, match.end(), "name")


def _roman(scan: Scan, index: int) -> Mention | None:
    """Return a Roman numeral before a name or a word such as century: it counts as an ordinal."""
    raw = scan.raw(index)
    value = ROMANS.get(raw.casefold()) if raw.isupper() and raw != "I" else None
    is_named = (
        scan.is_capital(index + 1)
        or len(raw) > 1
        or scan.after(index + 1, "labels_after", "ordinal")
    )
    if value is None or not is_named or not scan.is_word(index + 1):
        return None
    low = Decimal(value)
    return scan.mention(
        index, index + 1, "label", low=low, high=low, step=Decimal(1), label="ordinal"
    )


def _numbered(scan: Scan, index: int) -> Mention | None:
    """Return a numeral that words before it (Table 2, Article 19) or after it (10 a.m., 12 Baker
    Street) make a label.
    """
    if not scan.is_numeral(index):
        return None
    if listed := _listed(scan, index):
        return listed
    # on Abay Street, 12 people met; for this goal 40 schools
    is_doubtful = (scan.at(index - 1) == "," and not scan.is_function_word(index + 1)) or (
        scan.before(index, "suspects") and not scan.is_capital(index - 1)
    )
    kind = scan.label_before(index)
    if kind and not is_doubtful:
        match = scan.match(_SECTION, index)
        return _label(scan, index, match.end() if match else scan.tokens[index].end, kind)
    return _numbered_after(scan, index)


def _listed(scan: Scan, index: int) -> Mention | None:
    """Return a numeral that goes on a list of labels (Articles 5 and 6); after a word in the
    singular it may be a number.
    """
    joint = scan.after(index - 1, "and")
    is_joined = index == scan.least + 1 and (joint or scan.at(index - 1) in {",", "–", "-"})
    if not is_joined or not scan.goes_on_label:
        return None
    if scan.is_list:
        return _label(scan, index, scan.tokens[index].end, scan.goes_on_label)
    is_open = joint or scan.is_function_word(index + 1)
    return scan.mention(index, index + 1, "unread", why="a label or a number") if is_open else None


def _numbered_after(scan: Scan, index: int) -> Mention | None:
    """Return a numeral that words after it make a label: 10 a.m., 12 Baker Street."""
    for place in range(index + 1, index + 4):
        if found := scan.after(place, "labels_after"):
            is_name = all(scan.is_capital(between) for between in range(index + 1, place + 1))
            is_there = {"clock": place == index + 1, "address": is_name, "ordinal": False}
            if is_there.get(found.value, True):
                return _label(scan, index, scan.tokens[place + found.length - 1].end, found.value)
    return None


def _is_ratio(scan: Scan, index: int) -> bool:
    """Return whether a word for a ratio stands shortly before a token."""
    return scan.has(range(index - NEAR_RATIO, index), "ratio_words")


def ratio_at(scan: Scan, index: int) -> Mention | None:
    """Return the ratio that begins at a token: 3:1, two to one, which goes down and so is no range;
    times of day are none.
    """
    first = number_at(scan, index)
    if first is None or first.form != "plain":
        return None
    is_colon = scan.at(first.end) == ":" and scan.is_glued(first.end) == scan.is_glued(
        first.end + 1
    )
    joint = scan.after(first.end, "ratio_joints")
    length = joint.length if joint else int(is_colon)
    second = number_at(scan, first.end + length) if length else None
    if second is None or second.form != "plain" or second.low % 1 or not second.low:
        return None
    if is_colon:
        is_clock = scan.match(_CLOCK, index) and second.low < MINUTES
        is_ratio = not is_clock or _is_ratio(scan, index)
    else:
        is_ratio = (second.low == 1 and first.low > 1) or (
            first.low == 1 and _is_ratio(scan, index)
        )
    value = quotient(first.low, second.low)
    return (
        scan.mention(index, second.end, "quantity", low=value, high=value, unit="ratio")
        if is_ratio
        else None
    )
