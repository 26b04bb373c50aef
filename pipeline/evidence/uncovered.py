"""What of a text no row covers: mentions without a role and direct speech without a statement, each with the row to paste.

Belongs here: what is said of these to the person who types. Does not belong here: which mentions have a role (roles).
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline.defects import Defect
from pipeline.evidence.anchor import places_of, unique_words
from pipeline.evidence.texts import Texts

_MARK = re.compile(r"[,;:.!?](?=\s|$)|[()\n“”]")
_SPAN = ["source_id", "start", "end"]
KEYS = {
    "number_format": 'number_format, such as number_format = {decimal = ",", group = " "}',
    "day_order": 'day_order: "DMY" or "MDY"',
    "country": 'country, such as country = "US"',
    "fiscal_year_starts": 'fiscal_year_starts, such as fiscal_year_starts = "04-01"',
}


def mentions_without_role(uncovered: pl.DataFrame, texts: Texts) -> list[Defect]:
    """Return a defect for each mention without a role, with the rows to paste; what one key would settle is one defect."""
    by_source = dict(texts.table.select("source_id", "text").iter_rows())
    found = []
    for (source_id,), rows in uncovered.partition_by("source_id", as_dict=True, maintain_order=True).items():
        page = _Page(by_source[str(source_id)], texts.mentions.filter(source_id=source_id))
        file = f"{source_id}/text.txt"
        asked: set[str] = set()
        for row in rows.iter_rows(named=True):
            if row["key"]:
                if row["key"] not in asked:
                    asked.add(row["key"])
                    found.append(Defect(file, *page.place(row["start"]), "unread", row["words"], _asked(rows, row["key"])))
            else:
                code = "unread" if row["kind"] == "unread" else "mention_without_role"
                found.append(Defect(file, *page.place(row["start"]), code, row["words"], page.expected(row)))
    return found


def _asked(rows: pl.DataFrame, key: str) -> str:
    """Return what settles all mentions of a source that one key of source.toml settles."""
    same = rows.filter(key=key)
    others = f" (and {same.height - 1} more like it)" if same.height > 1 else ""
    return f"in source.toml the key {KEYS[key]}; without it these words{others} can be read in two ways: {same['why'][0]}"


class _Page:
    """A text, with what is needed to say where something stands in it and which row would cover it."""

    def __init__(self, text: str, mentions: pl.DataFrame) -> None:
        self._text = text
        self._mentions = mentions.sort("start")
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, start: int) -> tuple[int, str]:
        """Return the line and the column of a place."""
        line = pl.Series(self._lines).search_sorted(start, side="right")
        return int(line), str(start - self._lines[int(line) - 1] + 1)

    def expected(self, row: dict[str, Any]) -> str:
        """Return the clause of a mention and the rows of which one would cover it."""
        sentence = self._clause(row)
        waiver = csv_row(unique_words(self._text, row["start"], row["end"]), "KIND", "", "REASON")
        if row["kind"] == "unread":
            return (
                f"words that can be read ({row['why']}) in {sentence!r}; paste a row, with a note that quotes the words and"
                f" says how they are read:\n    observations.csv: {self._observation(row, note=True)}\n"
                f"    waivers.csv: {waiver}\n   "
            )
        if row["kind"] == "period":
            event = csv_row("FACT_ID", row["period"].replace("XXXX", "YEAR"), "", "WHAT", "", self._clause(row), "", "", "")
            return (
                f"a role for this period in {sentence!r}; paste a row:\n    events.csv: {event}\n    waivers.csv: {waiver}\n   "
            )
        return (
            f"a role for this number in {sentence!r}; paste a row:\n"
            f"    observations.csv: {self._observation(row)}\n    waivers.csv: {waiver}\n   "
        )

    def _observation(self, row: dict[str, Any], *, note: bool = False) -> str:
        """Return the row of an observation: value, relator, period and quote are those of the mention."""
        is_range = row["high"] is not None and row["high"] != row["low"]
        value = f"{row['low']}/{row['high']}" if is_range else (row["low"] or "VALUE")
        relator = (row["relators"] or "").split(" ")[-1 if is_range else 0]
        quote, occurrence, period = self._quote(row)
        remark = f"NOTE: {row['number_words']}" if note else ""
        return csv_row("FACT_ID", "INDICATOR", "AREA", "", period, value, relator, "", quote, occurrence, "", "", remark)

    def _quote(self, row: dict[str, Any]) -> tuple[str, str, str]:
        """Return the words to quote, which of them it is where they stand more than once, and the period in them."""
        start, end = self._clause_span(row["start"], row["end"])
        inside = self._mentions.filter((pl.col("number_start") >= start) & (pl.col("number_end") <= end))
        periods = inside.filter(kind="period")["period"].unique(maintain_order=True).to_list()
        is_clear = (
            inside.filter(pl.col("low").eq_missing(row["low"]) & (pl.col("kind") != "label")).height <= 1 and len(periods) <= 1
        )
        if not is_clear or any("XXXX" in period for period in periods):
            start, end, periods = self._beside(row, inside)
        words = self._text[start:end]
        places = places_of(words, self._text)
        occurrence = str(places.index(start) + 1) if len(places) > 1 and start in places else ""
        return " ".join(words.split()), occurrence, periods[0] if periods else ""

    def _beside(self, row: dict[str, Any], inside: pl.DataFrame) -> tuple[int, int, list[str]]:
        """Return the span of a mention and of the period that is its own among several, and that period: 5 in 2019, 7 in 2020.

        It is the one after it where the clause begins with a number and ends with a period, and the one before in the other case.
        """
        rows = inside.filter(pl.col("kind") != "label").rows(named=True)
        first, last = (rows[side]["kind"] == "period" for side in (0, -1)) if rows else (False, False)
        step = last - first
        beside = next((rows[place + step] for place, one in enumerate(rows) if one["start"] == row["start"]), row)
        if beside["kind"] == "period" and "XXXX" not in beside["period"]:
            return min(row["start"], beside["start"]), max(row["end"], beside["end"]), [beside["period"]]
        return row["start"], row["end"], ["PERIOD"] if "period" in inside["kind"] else []

    def _clause_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span around a mention up to the next mark on both sides: what its quote will most likely be."""
        low, high = max(start - 300, 0), min(end + 300, len(self._text))
        before = max((match.end() for match in _MARK.finditer(self._text, low, start)), default=low)
        after = _MARK.search(self._text, end, high)
        stop = after.start() if after else high
        words = self._text[before:stop]
        return before + len(words) - len(words.lstrip()), stop - (len(words) - len(words.rstrip()))

    def _clause(self, row: dict[str, Any]) -> str:
        return " ".join(self._text[slice(*self._clause_span(row["start"], row["end"]))].split())


def speech_without_statement(
    statements: pl.DataFrame, waivers: pl.DataFrame, spoiled: pl.DataFrame, texts: Texts
) -> tuple[list[Defect], set[int]]:
    """Return a defect for each passage in quotation marks that no direct statement or waiver holds, and the waivers used."""
    spoken = texts.speech.with_row_index("speech_id")
    direct = statements.filter(speech="direct").select("source_id", "quote_start", "quote_end")
    held = pl.concat([direct, spoiled.select("source_id", quote_start="start", quote_end="end")])
    meets = (pl.col("quote_start") < pl.col("end")) & (pl.col("quote_end") > pl.col("start"))
    said = spoken.join(held, on="source_id").filter(meets)["speech_id"]
    silent = spoken.filter(~pl.col("speech_id").is_in(said.implode()))
    met = silent.join(waivers.select("waiver_id", "source_id", "quote_start", "quote_end"), on="source_id").filter(meets)
    by_source = dict(texts.table.select("source_id", "text").iter_rows())
    left = silent.filter(~pl.col("speech_id").is_in(met["speech_id"].implode())).select(_SPAN)
    return list(_silent(left, by_source)), set(met["waiver_id"].to_list())


def _silent(left: pl.DataFrame, by_source: dict[str, str]) -> Iterator[Defect]:
    for source_id, start, end in left.iter_rows():
        text = by_source[source_id]
        words = text[start:end]
        row = csv_row("FACT_ID", "", "WHO", "", "", "direct", "", " ".join(words.split()), "", "")
        waiver = csv_row(unique_words(text, start, end), "KIND", "", "REASON")
        rows = f"statements.csv: {row}\n    waivers.csv: {waiver}"
        expected = f"a statement or a waiver for this direct speech; paste a row:\n    {rows}\n   "
        line, column = text.count("\n", 0, start) + 1, str(start - text.rfind("\n", 0, start))
        yield Defect(f"{source_id}/text.txt", line, column, "speech_without_statement", words, expected)


def csv_row(*cells: str) -> str:
    """Return a row as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
