"""What of a text no row covers: numerals without a role and direct speech without a statement, each with the row to paste.

Belongs here: what is said of these to the person who types. Does not belong here: which numerals have a role (roles).
"""

import csv
import io
import re

import polars as pl

from pipeline.defects import Defect
from pipeline.evidence.anchor import CONTEXT
from pipeline.evidence.texts import Texts, sentences

_MARK = re.compile(r"[,;:.!?](?=\s|$)|[()\n“”]")
_SPAN = ["source_id", "start", "end"]


def numerals_without_role(numerals: pl.DataFrame, texts: Texts) -> list[Defect]:
    """Return a defect for each numeral without a role: its sentence, and the row to paste."""
    by_source = dict(texts.table.select("source_id", "text").iter_rows())
    defects = []
    for source_id, start, end, words, value, relators in numerals.select(*_SPAN, "words", "numeral", "relators").iter_rows():
        text = by_source[source_id]
        sentence = next((text[first:last] for first, last in sentences(text) if first <= start < last), words)
        first, last = text.rfind(" ", 0, max(start - CONTEXT, 0)) + 1, text.find(" ", end + CONTEXT)
        around = " ".join(text[first : last if last >= 0 else len(text)].split())
        observation = _row(
            "FACT_ID", "INDICATOR", "AREA", "", "", value, relators.split(" ")[0], "", _clause(text, start, end), "", "", "", ""
        )
        paste = f"observations.csv: {observation}\n    waivers.csv: {_row(around, 'KIND', '', 'REASON')}"
        expected = f"a role for this numeral in {sentence!r}; paste a row:\n    {paste}\n   "
        defects.append(Defect(f"{source_id}/text.txt", *_place(text, start), "numeral_without_role", words, expected))
    return defects


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
    defects = []
    for source_id, start, end in silent.filter(~pl.col("speech_id").is_in(met["speech_id"].implode())).select(_SPAN).iter_rows():
        text = by_source[source_id]
        words = text[start:end]
        row = _row("FACT_ID", "", "WHO", "", "", "direct", "", words, "", "")
        expected = f"a statement or a waiver for this direct speech; paste a row:\n    statements.csv: {row}\n   "
        defects.append(Defect(f"{source_id}/text.txt", *_place(text, start), "speech_without_statement", words, expected))
    return defects, set(met["waiver_id"].to_list())


def _place(text: str, start: int) -> tuple[int, str]:
    """Return the line and the column of a place in a text."""
    return text.count("\n", 0, start) + 1, str(start - text.rfind("\n", 0, start))


def _clause(text: str, start: int, end: int) -> str:
    """Return the words around a numeral up to the next mark on both sides: what its quote will most likely be."""
    before = max((match.end() for match in _MARK.finditer(text, 0, start)), default=0)
    after = _MARK.search(text, end)
    return " ".join(text[before : after.start() if after else len(text)].split())


def _row(*cells: str) -> str:
    """Return a row as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
