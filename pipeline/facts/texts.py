"""The texts of the sources, and everything that is read out of them by itself: numerals, dates, names, paragraphs, speech.

Each is found once for a run, in one pass over a text, whatever the number of facts; facts are then joined to it. Belongs
here: what stands where in a text. Does not belong here: whether that agrees with what was typed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipeline.facts.language import Language, any_of, language
from pipeline.facts.numerals import dates_of, numerals_of
from pipeline.facts.searchable import Searchable, searchable

DIMENSIONS = ("indicators", "areas", "categories", "agents")
LIST_MARK = "|"

_SPAN = {"source_id": pl.String, "start": pl.Int64, "end": pl.Int64}
_PARAGRAPH = re.compile(r"[^\r\n]+")
_SPEECH = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[”\"»')\]]*\s+|[\r\n]+")


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts (source_id, language, text), and the code lists by name whose labels and aliases are looked for."""

    table: pl.DataFrame
    code_lists: dict[str, pl.DataFrame]

    @cached_property
    def forms(self) -> dict[str, Searchable]:
        """Each text as quotes are sought in it, by source."""
        return {source_id: searchable(text) for source_id, text in self.table.select("source_id", "text").iter_rows()}

    @cached_property
    def numerals(self) -> pl.DataFrame:
        """Every numeral, as `numerals_of` gives it."""
        return numerals_of(self.table)

    @cached_property
    def dates(self) -> pl.DataFrame:
        """Every date, as `dates_of` gives it."""
        return dates_of(self.table)

    @cached_property
    def names(self) -> pl.DataFrame:
        """Every label or alias of a code list: source_id, list, code, start, end; the longest that fits at a place wins."""
        rows = [
            (source_id, name, code, start, end)
            for source_id, text in self.table.select("source_id", "text").iter_rows()
            for name in DIMENSIONS
            for code, start, end in self._found(name, text)
        ]
        shape = {"source_id": pl.String, "list": pl.String, "code": pl.String, "start": pl.Int64, "end": pl.Int64}
        return pl.DataFrame(rows, schema=shape, orient="row")

    @cached_property
    def paragraphs(self) -> pl.DataFrame:
        """Every paragraph: source_id, start, end."""
        return self._spans(_PARAGRAPH.finditer)

    @cached_property
    def speech(self) -> pl.DataFrame:
        """Every passage in quotation marks: source_id, start, end, the marks included."""
        return self._spans(_SPEECH.finditer)

    @cached_property
    def speech_words(self) -> pl.DataFrame:
        """Every word that marks a speaker: source_id, start, end."""
        return self._spans_of_words(lambda tables: tables.speech)

    @cached_property
    def idioms(self) -> pl.DataFrame:
        """Every idiom in which a numeral counts nothing: source_id, start, end."""
        return self._spans_of_words(lambda tables: tables.idioms)

    def codes_in(self, name: str, words: str) -> set[str]:
        """Return the codes of a list that some words name."""
        return {code for code, _, _ in self._found(name, words)}

    def _found(self, name: str, text: str) -> Iterator[tuple[str, int, int]]:
        pattern, codes = self._patterns[name]
        for match in pattern.finditer(text):
            for code in codes[" ".join(match.group().casefold().split())]:
                yield code, *match.span()

    @cached_property
    def _patterns(self) -> dict[str, tuple[re.Pattern[str], dict[str, list[str]]]]:
        patterns = {}
        for name in DIMENSIONS:
            codes: dict[str, list[str]] = {}
            for code, label, aliases in self.code_lists[name].select("code", "label", "aliases").iter_rows():
                for alias in {label, *(aliases or "").split(LIST_MARK)} - {""}:
                    codes.setdefault(" ".join(alias.casefold().split()), []).append(code)
            patterns[name] = (re.compile(rf"(?<!\w)(?:{any_of(codes)})(?!\w)", re.IGNORECASE), codes)
        return patterns

    def _spans_of_words(self, words: Callable[[Language], list[str]]) -> pl.DataFrame:
        """Return where some words of each text's language stand, as whole words."""
        rows = [
            (source_id, *match.span())
            for source_id, tag, text in self.table.select("source_id", "language", "text").iter_rows()
            for match in re.finditer(rf"(?<!\w)(?:{any_of(words(language(tag)))})(?!\w)", text, re.IGNORECASE)
        ]
        return pl.DataFrame(rows, schema=_SPAN, orient="row")

    def _spans(self, find: Callable[[str], Iterable[re.Match[str]]]) -> pl.DataFrame:
        rows = [
            (source_id, *match.span())
            for source_id, text in self.table.select("source_id", "text").iter_rows()
            for match in find(text)
        ]
        return pl.DataFrame(rows, schema=_SPAN, orient="row")

    def with_paragraph(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows (source_id, quote_start) with the paragraph in which their quote begins: paragraph_start, paragraph_end."""
        ends = self.paragraphs.rename({"start": "paragraph_start", "end": "paragraph_end"}).sort("source_id", "paragraph_start")
        ordered = rows.with_row_index("_order").sort("source_id", "quote_start")
        joined = ordered.join_asof(
            ends, left_on="quote_start", right_on="paragraph_start", by="source_id", check_sortedness=False
        )
        return joined.sort("_order").drop("_order")


def in_quote() -> pl.Expr:
    """Return whether a span (start, end) of a text lies in a quote (quote_start, quote_end)."""
    return (pl.col("start") >= pl.col("quote_start")) & (pl.col("end") <= pl.col("quote_end"))


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text; a line break ends one, and what closes it belongs to it."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        closed = match.start() + len(match.group().rstrip()) if match.group().strip() else match.start()
        if text[start:closed].strip():
            spans.append((start, closed))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
