"""Where texts may have numbers: stretches around digits, number words and what else begins a
mention.

Belongs here: passing over what has no number, in one pass of polars (Aho and Corasick's automaton,
in Rust) over all texts. Does not belong here: reading the rest.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import polars as pl

from pipeline.evidence.date_patterns import ROMAN, ROMANS
from pipeline.evidence.language import Language, language
from pipeline.evidence.scan import Scan
from pipeline.evidence.tokens import FRACTIONS, REMEMBERED, SUPERSCRIPTS, words_of

AROUND = 120
"""Characters around a candidate that may belong to its mention."""

SIGNS = frozenset(FRACTIONS + SUPERSCRIPTS)
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_TABLES = {
    ("multiples",),
    ("compounds",),
    ("vague_plurals",),
    ("fractions",),
    ("approximate",),
    ("decimals",),
}
"""Tables of words that may begin a mention wherever they stand."""

_STARTS = _TABLES | {
    ("fraction_words", "one"),
    ("fraction_words", "every"),
    ("periods", "quarter_letters"),
    ("periods", "half_letters"),
    ("periods", "first"),
    ("periods", "last"),
    ("periods", "fiscal"),
    ("periods", "academic"),
    ("periods", "decade_before"),
}
"""Tables of words that may begin one with a number after them, too."""


def stretches(texts: list[str], tag: str) -> Iterator[list[tuple[int, int]]]:
    """Yield for each text of a language the stretches (start, end) that may hold mentions, cut
    between words, in order.
    """
    # of whichever script: those of some can be read, and nobody passes over the others
    digits = "".join(sorted(filter(str.isdecimal, {*"0123456789"}.union(*texts))))
    found = pl.Series(texts, dtype=pl.String).str.find_many(
        _beginnings(tag, digits), overlapping=False, leftmost=True
    )
    for text, offsets in zip(texts, found, strict=True):
        yield list(_stretches(text, _characters(text, offsets if offsets is not None else ())))


def _characters(text: str, offsets: Iterable[int]) -> Iterator[int]:
    """Yield places in bytes as places in characters."""
    if text.isascii():
        yield from offsets
        return
    data, last, place = text.encode(), 0, 0
    for offset in offsets:
        place += len(data[last:offset].decode())
        last = offset
        yield place


def _stretches(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    start = end = -1
    paragraph = last = 0
    blank_lines = (match.start() + 1 for match in BLANK_LINE.finditer(text))
    for place in places:
        if place and text[place].isalpha() and text[place - 1].isalpha():
            continue  # inside a word
        while place >= last:  # no mention goes over a blank line
            paragraph, last = last, next(blank_lines, len(text))
        first = max(place - AROUND, paragraph)
        if end < first:
            if end >= 0:
                yield start, end
            start = _edge(text, first, paragraph, -1)
        end = _edge(text, min(place + AROUND, last), last, 1)
    if end >= 0:
        yield start, end


def _edge(text: str, place: int, last: int, step: int) -> int:
    """Return the place, from one towards the last, at which no word or number goes on: backwards
    (-1) or forwards (1).
    """
    while place != last and not text[place - (step < 0)].isspace():
        place += step
    return place


def may_begin(scan: Scan, index: int) -> bool:
    """Return whether a mention, other than a name or an idiom, may begin at a token: most tokens
    begin none.
    """
    if scan.number_word(index) or _is_beginning(scan.language, scan.at(index)):
        return True
    # a bracket before digits, a code (COVID-19), an address: they go on without space
    if scan.is_glued(index + 1) and (
        not scan.is_word(index) or scan.is_glued(index + 2) or scan.is_number(index + 1)
    ):
        return True
    return not scan.phrases_at(index).keys().isdisjoint(_STARTS)


@lru_cache(REMEMBERED)
def _is_beginning(spoken: Language, word: str) -> bool:
    """Return whether a word or mark may begin a mention wherever it stands."""
    is_date = word in ROMANS or word.startswith(tuple(spoken.months))
    is_number = word[:1].isdecimal() or word in SIGNS
    return is_date or is_number or any(part in word for part, _ in spoken.compounds)


@lru_cache(64)
def _beginnings(tag: str, digits: str) -> pl.Series:
    """Return what a mention can begin with, as one list: digits, signs, Roman numerals, and words
    as they may be written.
    """
    spoken = language(tag)
    firsts = (
        word.removesuffix("*")
        for path in _TABLES
        for phrase, _ in spoken.table(*path)
        for word in words_of(phrase)[:1]
    )
    words = {*spoken.number_words, *spoken.words("half_stems"), *firsts}
    letters = {word for word in words if len(word) > 1 and word.isalpha()}
    unfolded = (
        letters
        | {word.replace("е", "ё", 1) for word in letters if "е" in word}
        | {word.replace("ss", "ß") for word in letters}
    )
    written = {form for word in unfolded for form in (word, word.capitalize(), word.upper())}
    return pl.Series(
        [
            [
                *digits,
                *FRACTIONS,
                *SUPERSCRIPTS,
                *(roman.upper() for roman in ROMAN),
                *sorted(written),
            ]
        ]
    )
