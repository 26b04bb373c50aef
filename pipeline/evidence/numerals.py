"""Find every numeral and every date of a text, each with its span, and the words that touch it.

Belongs here: reading digits, number words, ordinals, dates, hedges and units as a language prints them. Does not belong
here: which fact a numeral is the value of, and whether that fact is right. Number words are read by text2num, the one kept
library that gives values without a model; its threshold is set to 0, since it otherwise passes over "one" and "first".
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import polars as pl
from text_to_num import Token, find_numbers

from pipeline.evidence.language import Language, language
from pipeline.evidence.portions import in_portions

CLOSE = 40
"""Characters before and after a numeral in which a hedge or a unit that touches it must lie."""

AROUND = 3
"""Words before and after a number word that may belong to the same numeral ("and", "point", a hyphen)."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\w\s]")
_ORDINAL_END = re.compile(r"(?<=\d)[^\W\d_.]+$")


class Numeral(NamedTuple):
    """A numeral of a text: its span in code points, end exclusive, and its value with the digits as printed."""

    start: int
    end: int
    value: str


class Context(NamedTuple):
    """What touches a numeral: its hedge, the relators that it allows (joined by a space), and the unit after it."""

    hedge: str
    relators: str
    unit: str


class Mention(NamedTuple):
    """A date of a text: its span, what of it is printed in EDTF (the year may be missing: XXXX-12-23), and what leads to it."""

    start: int
    end: int
    date: str
    leads: str
    """since, until, or nothing."""


class _Word(Token):  # type: ignore[misc] # text2num has no types
    """A word of the text, as text2num wants it."""

    def __init__(self, word: str) -> None:
        self._word = word

    def text(self) -> str:
        return self._word


def find_numerals(text: str, tag: str) -> list[Numeral]:
    """Return the numerals of a text in the order in which they stand."""
    tables = language(tag)
    found = list(_in_digits(text, tables))
    taken = {position for numeral in found for position in range(numeral.start, numeral.end)}
    found += [numeral for numeral in _in_words(text, tables) if numeral.start not in taken]
    return sorted(found)


def _in_digits(text: str, tables: Language) -> Iterator[Numeral]:
    for match in tables.digits.finditer(text):
        whole, _, fraction = match["number"].partition(tables.decimal_mark)
        value = re.sub(r"\D", "", whole) + (f".{fraction}" if fraction else "")
        if match["magnitude"]:
            value = _plain(Decimal(value) * tables.magnitudes[match["magnitude"].lower()])
        yield Numeral(match.start(), match.end(), value)


def _in_words(text: str, tables: Language) -> Iterator[Numeral]:
    places = list(_WORD.finditer(text))
    words = [place.group() for place in places]
    further = {word for word in set(words) if word.lower() in tables.numbers_in_words}
    numbers = {word for word in set(words) if _is_number(word.lower(), tables.tag)}
    read = set()
    for first, last in _stretches([index for index, word in enumerate(words) if word in numbers]):
        for found in find_numbers([_Word(word) for word in words[first:last]], tables.tag, threshold=0.0):
            read |= set(range(first + found.start, first + found.end))
            value = _ORDINAL_END.sub("", found.text)
            yield Numeral(places[first + found.start].start(), places[first + found.end - 1].end(), value)
    for index in (index for index, word in enumerate(words) if word in further and index not in read):
        yield Numeral(*places[index].span(), _plain(tables.numbers_in_words[words[index].lower()]))


@lru_cache(maxsize=100_000)
def _is_number(word: str, tag: str) -> bool:
    """Return whether a word is a numeral by itself: every numeral in words begins or goes on with one."""
    return bool(find_numbers([_Word(word)], tag, threshold=0.0))


def _stretches(indices: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches (first, last exclusive) of words around those that are numerals; most words are far from any."""
    for position, index in enumerate(indices):
        if position == 0 or index - indices[position - 1] > 2 * AROUND:
            first = max(index - AROUND, 0)
        if position == len(indices) - 1 or indices[position + 1] - index > 2 * AROUND:
            yield first, index + AROUND + 1


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def context(text: str, numeral: Numeral, tables: Language) -> Context:
    """Return the hedge and the unit that touch a numeral."""
    before_text = text[max(numeral.start - CLOSE, 0) : numeral.start]
    may_be_hedged = before_text.rstrip().rstrip("([$€£").rstrip().lower().endswith(tables.hedge_ends)
    before = tables.hedge_before.search(before_text) if may_be_hedged else None
    after_text = text[numeral.end : numeral.end + CLOSE]
    after = tables.hedge_after.match(after_text)
    unit = tables.unit_after.match(after_text)
    hedge, table = (before, tables.hedges) if before else (after, tables.hedges_after)
    unit_words = " ".join(unit["unit"].lower().split()) if unit else ""
    if hedge is None:
        return Context("", "", tables.unit_of.get(unit_words, ""))
    words = " ".join(hedge["hedge"].lower().split())
    return Context(words, " ".join(table[words]), tables.unit_of.get(unit_words, ""))


def find_dates(text: str, tag: str) -> list[Mention]:
    """Return the dates of a text in the order in which they stand; a year alone is one."""
    tables = language(tag)
    since, until = (re.compile(rf"(?<!\w)(?:{'|'.join(words)})\s+$", re.IGNORECASE) for words in (tables.since, tables.until))
    found = []
    for match in tables.dates.finditer(text):
        parts = {name.rstrip("12345"): part for name, part in match.groupdict().items() if part}
        date = parts.get("year", "XXXX")
        if "month" in parts:
            date += f"-{tables.month(parts['month']):02}"
        if "day" in parts:
            date += f"-{int(parts['day']):02}"
        before = text[max(match.start() - CLOSE, 0) : match.start()]
        leads = "since" if since.search(before) else "until" if until.search(before) else ""
        found.append(Mention(match.start(), match.end(), date, leads))
    return found


def numerals_of(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the numerals of all texts: source_id, start, end, words (as printed), numeral (value), hedge, relators, unit.

    `texts` has source_id, text and language.
    """
    rows = (
        (
            source_id,
            numeral.start,
            numeral.end,
            text[numeral.start : numeral.end],
            numeral.value,
            *context(text, numeral, language(tag)),
        )
        for source_id, text, tag in texts.select("source_id", "text", "language").iter_rows()
        for numeral in find_numerals(text, tag)
    )
    words = dict.fromkeys(("words", "numeral", "hedge", "relators", "unit"), pl.String)
    return in_portions(rows, {"source_id": pl.String, "start": pl.Int64, "end": pl.Int64, **words})


def dates_of(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the dates of all texts: source_id, start, end, date, leads."""
    rows = (
        (source_id, *mention)
        for source_id, text, tag in texts.select("source_id", "text", "language").iter_rows()
        for mention in find_dates(text, tag)
    )
    shape = {"source_id": pl.String, "start": pl.Int64, "end": pl.Int64, "date": pl.String, "leads": pl.String}
    return in_portions(rows, shape)
