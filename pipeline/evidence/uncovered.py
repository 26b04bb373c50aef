"""What of a text no row covers: mentions without a role and direct speech without a statement, each
with the row to paste.

Belongs here: what is said of these to the person who types. Does not belong here: which mentions
have a role (roles).
"""

import csv
import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from fractions import Fraction
from operator import itemgetter

import polars as pl

from pipeline.built import Row
from pipeline.defects import Defect
from pipeline.evidence.anchor import places_of, unique_words
from pipeline.evidence.doubts import TIMES
from pipeline.evidence.leading_dates import governing_dates
from pipeline.evidence.mentions import place_in
from pipeline.evidence.texts import Texts, meets_quote
from schemas.columns import optional_columns, typed_columns
from schemas.raw_files import ENTERED, SOURCE_FILES

MOST_PARTS = 20
"""Parts of a fraction that words name: a twelfth."""

_ENDLESS = 6
"""Digits after the point of a percentage that is none in digits: 66.666667."""

_MARK = re.compile(r"[,;:.!?](?=\s|$)|[()\n“”]")
_NEXT_WORD = re.compile(r"\.\s+(\w\w)")
ROWS_FOLLOW = "; paste a row"
"""What a defect says before rows that would mend it."""

KEYS = {
    "number_format": 'number_format, such as number_format = {decimal = ",", group = " "}',
    "day_order": 'day_order: "DMY" or "MDY"',
    "country": 'country, such as country = "US"',
    "fiscal_year_starts": 'fiscal_year_starts, such as fiscal_year_starts = "04-01"',
}


def mentions_without_role(uncovered: pl.DataFrame, texts: Texts) -> list[Defect]:
    """Return a defect for each mention without a role, with the rows to paste; what one key would
    settle is one defect.
    """
    found = []
    dates = governing_dates(uncovered, texts, start="start", end="end")
    dated = pl.concat([uncovered, dates], how="horizontal")
    for page, rows in _pages(dated, texts):
        asked: set[str] = set()
        for row in rows.iter_rows(named=True):
            if row["key"]:
                if row["key"] not in asked:
                    asked.add(row["key"])
                    found.append(page.defect(row, "unread", _asked(rows, row["key"])))
            else:
                code = "unread" if row["kind"] == "unread" else "mention_without_role"
                found.append(page.defect(row, code, page.expected(row)))
    return found


def value_and_relator(mention: Row) -> tuple[str, str]:
    """Return what is typed of the number that a mention prints."""
    is_range = mention["high"] is not None and mention["high"] != mention["low"]
    value = f"{mention['low']}/{mention['high']}" if is_range else _as_fraction(mention)
    return value or "", (mention["relators"] or "").split(" ")[-1 if is_range else 0]


def _as_fraction(mention: Row) -> str | None:
    """Return the number of a mention; a part that no percentage is in digits, as two-thirds, as
    2:3.
    """
    low: str | None = mention["low"]
    if low is None or mention["unit"] != "percent" or len(low.partition(".")[2]) < _ENDLESS:
        return low
    part = (Fraction(low) / 100).limit_denominator(MOST_PARTS)
    is_it = abs(part * 100 - Fraction(low)) < Fraction(1, 10**_ENDLESS)
    return f"{part.numerator}:{part.denominator}" if is_it else low


def _asked(rows: pl.DataFrame, key: str) -> str:
    """Return what settles all mentions of a source that one key of source.toml settles."""
    same = rows.filter(key=key)
    others = f" (and {same.height - 1} more like it)" if same.height > 1 else ""
    return (
        f"in source.toml the key {KEYS[key]}; without it these words{others} can be read in "
        f"two ways: {same['why'][0]}"
    )


class _Page:
    """A text, with what is needed to say where something stands in it and which row would cover
    it.
    """

    def __init__(self, source_id: str, texts: Texts) -> None:
        self._file = f"{source_id}/text.txt"
        self.text = texts.table.filter(source_id=source_id)["text"].item()
        self._mentions = texts.mentions.filter(source_id=source_id).sort("start")
        self._spans = self._mentions.select("start", "end", "kind").rows()
        self._numbers = self._mentions.filter(kind="quantity")["number_start"].to_list()

    def defect(self, row: Row, code: str, expected: str) -> Defect:
        """Return the defect of words (start, words) of the text."""
        line, column = place_in(self.text, row["start"])
        return Defect(self._file, line, str(column), code, row["words"], expected)

    def expected(self, row: Row) -> str:
        """Return the clause of a mention and the rows of which one would cover it."""
        start, end = self._clause_span(row)
        clause = " ".join(self.text[start:end].split())
        if row["kind"] == "period":
            is_beside = bisect_left(self._numbers, start) < bisect_left(self._numbers, end)
            how = ", from the row of the number there or from its own" if is_beside else ""
            period = row["period"].replace("XXXX", "YEAR")
            event = to_type("events", period=period, what="WHAT", quote=clause)
            return self.to_paste(
                row, f"a role for this period in {clause!r}{how}", f"events.csv: {event}"
            )
        if row["kind"] == "unread":
            how = ", with a note that quotes the words and says how they are read"
            fact = f"observations.csv: {self._observation(row, note=True)}"
            return self.to_paste(
                row, f"words that can be read ({row['why']}) in {clause!r}", fact, how
            )
        return self.to_paste(
            row,
            f"a role for this number in {clause!r}",
            f"observations.csv: {self._observation(row)}",
        )

    def to_paste(self, row: Row, said: str, fact: str, how: str = "") -> str:
        """Return what is expected, with the row of a fact, or of a waiver of words (start, end), to
        paste.
        """
        words = unique_words(self.text, row["start"], row["end"])
        waiver = to_type("waivers", quote=words, kind=_kind(row), reason="REASON")
        return f"{said}{ROWS_FOLLOW}{how}:\n    {fact}\n    waivers.csv: {waiver}\n   "

    def _observation(self, row: Row, *, note: bool = False) -> str:
        """Return the row of an observation: value, relator, period and quote are those of the
        mention.
        """
        value, relator = value_and_relator(row)
        quote, occurrence, period = self._quote(row)
        remark = f"NOTE: {row['number_words']}" if note else ""
        return to_type(
            "observations",
            indicator="INDICATOR",
            area="AREA",
            period=period,
            value=value or "VALUE",
            relator=relator,
            quote=quote,
            occurrence=occurrence,
            note=remark,
        )

    def _quote(self, row: Row) -> tuple[str, str, str]:
        """Return the words to quote, which of them it is where they stand more than once, and the
        period in them.
        """
        start, end = self._clause_span(row)
        inside = self._mentions.filter(
            (pl.col("number_start") >= start) & (pl.col("number_end") <= end)
        )
        periods = inside.filter(kind="period")["period"].unique(maintain_order=True).to_list()
        is_clear = (
            inside.filter(pl.col("low").eq_missing(row["low"]) & (pl.col("kind") != "label")).height
            <= 1
            and len(periods) <= 1
        )
        if not is_clear or any("XXXX" in period for period in periods):
            start, end, periods = self._beside(row, inside)
        words = self.text[start:end]
        places = places_of(words, self.text)
        occurrence = str(places.index(start) + 1) if len(places) > 1 and start in places else ""
        return " ".join(words.split()), occurrence, periods[0] if periods else ""

    def _beside(self, row: Row, inside: pl.DataFrame) -> tuple[int, int, list[str]]:
        """Return the span of a mention and of the period that is its own among several, and that
        period: 5 in 2019, 7 in 2020.

        It is the one after it where the clause begins with a number and ends with a period, and the
        one before in the other case.
        """
        rows = inside.filter(pl.col("kind") != "label").rows(named=True)
        first, last = (
            (rows[side]["kind"] == "period" for side in (0, -1)) if rows else (False, False)
        )
        step = last - first
        beside = next(
            (rows[place + step] for place, one in enumerate(rows) if one["start"] == row["start"]),
            row,
        )
        if beside["kind"] == "period" and "XXXX" not in beside["period"]:
            return (
                min(row["start"], beside["start"]),
                max(row["end"], beside["end"]),
                [beside["period"]],
            )
        return row["start"], row["end"], ["PERIOD"] if "period" in inside["kind"] else []

    def _clause_span(self, row: Row) -> tuple[int, int]:
        """Return the span around a mention up to the next mark on both sides, or from the date on
        that governs it: what its quote will most likely be.
        """
        start, end = row["start"], row["end"]
        low, high = max(start - 300, 0), min(end + 300, len(self.text))
        before = max((mark + 1 for mark in self._marks(low, start)), default=low)
        if row["date_start"] is not None:
            before = min(before, row["date_start"])
        stop = next(self._marks(end, high), high)
        words = self.text[before:stop]
        return before + len(words) - len(words.lstrip()), stop - (len(words) - len(words.rstrip()))

    def _marks(self, start: int, end: int) -> Iterator[int]:
        """Yield where a clause ends in a span: not at the full stop of an abbreviation that is part
        of a mention, 22 тыс. человек, or its end before what is written in capitals, 22 тыс. НПО.
        """
        for match in _MARK.finditer(self.text, start, end):
            place = match.start()
            nearest = bisect_right(self._spans, place, key=itemgetter(0)) - 1
            _, ended, kind = self._spans[nearest] if nearest >= 0 else (0, 0, "")
            follows = _NEXT_WORD.match(self.text, place)
            is_short = (
                (ended, kind) == (place, "quantity")
                and self.text[place - 1].isalpha()
                and follows is not None
                and follows[1].isupper()
            )
            if place >= ended and not is_short:
                yield place


def speech_without_statement(
    statements: pl.DataFrame, waivers: pl.DataFrame, spoiled: pl.DataFrame, texts: Texts
) -> tuple[list[Defect], set[int]]:
    """Return a defect for each passage in quotation marks that no direct statement or waiver holds,
    and the waivers used.
    """
    spoken = texts.speech.with_row_index("speech_id")
    direct = statements.filter(speech="direct").select("source_id", "quote_start", "quote_end")
    held = pl.concat([direct, spoiled.select("source_id", quote_start="start", quote_end="end")])
    said = spoken.join(held, on="source_id").filter(meets_quote())["speech_id"]
    silent = spoken.filter(~pl.col("speech_id").is_in(said.implode()))
    met = silent.join(
        waivers.select("waiver_id", "source_id", "quote_start", "quote_end"), on="source_id"
    ).filter(meets_quote())
    left = silent.filter(~pl.col("speech_id").is_in(met["speech_id"].implode()))
    return list(_silent(left, texts)), set(met["waiver_id"].to_list())


def _silent(left: pl.DataFrame, texts: Texts) -> Iterator[Defect]:
    for page, rows in _pages(left, texts):
        for row in rows.iter_rows(named=True):
            words = page.text[row["start"] : row["end"]]
            quote = " ".join(words.split())
            fact = to_type("statements", who="WHO", speech="direct", quote=quote)
            expected = page.to_paste(
                row, "a statement or a waiver for this direct speech", f"statements.csv: {fact}"
            )
            yield page.defect({**row, "words": words}, "speech_without_statement", expected)


def _pages(rows: pl.DataFrame, texts: Texts) -> Iterator[tuple[_Page, pl.DataFrame]]:
    """Yield each text with the rows that speak of it."""
    for (source_id,), of_one in rows.partition_by(
        "source_id", as_dict=True, maintain_order=True
    ).items():
        yield _Page(str(source_id), texts), of_one


def _kind(row: Row) -> str:
    """Return the kind of waiver that fits a mention as it stands, if one does: over ten years, of
    one project.
    """
    if row.get("unit") in TIMES:
        return "limit"
    return "idiom" if row.get("low") == "1" and not re.search(r"\d", row["words"]) else "KIND"


def to_type(name: str, **cells: str) -> str:
    """Return a row of a file of a source as CSV; whoever types it names the fact."""
    schema = SOURCE_FILES[name]
    columns = [one for one in typed_columns(schema) if one not in optional_columns(schema)]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="")
    writer.writerow({"fact_id": "FACT_ID" if name in ENTERED else "", **cells})
    return out.getvalue()
