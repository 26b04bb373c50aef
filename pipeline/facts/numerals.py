"""Find every numeral of a text: digits, number words, ordinals, each with its span and its value.

Belongs here: reading numerals. Does not belong here: which fact a numeral is the value of, and whether that fact is right.
Number words are read by text2num, the one kept library that gives values without a model; its threshold is set to 0, since
it otherwise passes over "one" and "first".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import polars as pl
from text_to_num import Token, find_numbers

from pipeline.facts.language import Language, language

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\w\s]")
_ORDINAL_END = re.compile(r"(?<=\d)[^\W\d_.]+$")
_SHAPE = {
    "source_id": pl.String,
    "numeral_start": pl.Int64,
    "numeral_end": pl.Int64,
    "words": pl.String,
    "numeral": pl.String,
}


@dataclass(frozen=True)
class Numeral:
    """A numeral of a text: its span in code points, end exclusive, and its value with the digits as printed."""

    start: int
    end: int
    value: str


class _Word(Token):  # type: ignore[misc] # text2num has no types
    """A word of the text, as text2num wants it."""

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end = match.span()
        self._text = match.group()

    def text(self) -> str:
        return self._text


@cache
def _digits(tables: Language) -> re.Pattern[str]:
    marks = "".join(re.escape(mark) for mark in tables.thousands_marks)
    decimal = re.escape(tables.decimal_mark)
    # a number broken over two lines goes on after its mark
    grouped = rf"\d{{1,3}}(?:[{marks}]\n?\d{{3}})+(?!\d)"
    magnitude = "|".join(tables.magnitudes)
    return re.compile(rf"(?P<number>(?:{grouped}|\d+)(?:{decimal}\d+)?)(?:\s(?P<magnitude>{magnitude})\b)?", re.IGNORECASE)


def find_numerals(text: str, tag: str) -> list[Numeral]:
    """Return the numerals of a text in the order in which they stand."""
    tables = language(tag)
    found = list(_in_digits(text, tables))
    taken = {position for numeral in found for position in range(numeral.start, numeral.end)}
    found += [numeral for numeral in _in_words(text, tables) if numeral.start not in taken]
    return sorted(found, key=lambda numeral: numeral.start)


def _in_digits(text: str, tables: Language) -> Iterator[Numeral]:
    for match in _digits(tables).finditer(text):
        whole, _, fraction = match["number"].partition(tables.decimal_mark)
        digits = re.sub(r"\D", "", whole)
        value = digits + (f".{fraction}" if fraction else "")
        if match["magnitude"]:
            value = _plain(Decimal(value) * tables.magnitudes[match["magnitude"].lower()])
        yield Numeral(match.start(), match.end(), value)


def _in_words(text: str, tables: Language) -> Iterator[Numeral]:
    words = [_Word(match) for match in _WORD.finditer(text)]
    read = set()
    for occurrence in find_numbers(words, tables.tag, threshold=0.0):
        read |= set(range(occurrence.start, occurrence.end))
        value = _ORDINAL_END.sub("", occurrence.text)
        yield Numeral(words[occurrence.start].start, words[occurrence.end - 1].end, value)
    for index, word in enumerate(words):
        further = tables.further_numerals.get(word.text().lower())
        if further is not None and index not in read:
            yield Numeral(word.start, word.end, _plain(further))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def numerals_of(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the numerals of all texts: source_id, numeral_start, numeral_end, words (as printed), numeral (its value).

    `texts` has source_id, text and language.
    """
    rows = [
        (source_id, numeral.start, numeral.end, text[numeral.start : numeral.end], numeral.value)
        for source_id, text, tag in texts.select("source_id", "text", "language").iter_rows()
        for numeral in find_numerals(text, tag)
    ]
    return pl.DataFrame(rows, schema=_SHAPE, orient="row")
