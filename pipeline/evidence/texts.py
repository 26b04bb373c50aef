"""The texts of the sources, and everything that is read out of them by itself: numerals, dates, names, paragraphs, speech.

Each is found once for a run, in one pass over a text, whatever the number of facts; facts are then joined to it. Belongs
here: what stands where in a text. Does not belong here: whether that agrees with what was typed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from pipeline.evidence.language import language
from pipeline.evidence.numerals import dates_of, numerals_of
from pipeline.evidence.phrases import Phrases
from pipeline.evidence.portions import in_portions
from pipeline.evidence.searchable import Searchable, searchable
from pipeline.evidence.spans import begun

DIMENSIONS = ("indicators", "areas", "categories", "agents")
SPEECH = "speech"
IDIOMS = "idioms"
LIST_MARK = "|"

CHARACTERS = 4_000_000
"""Characters of texts that are looked at together: more of them take more memory, and hardly less time."""

_ENDS = {"start": pl.Int64, "end": pl.Int64}
_SPAN = {"source_id": pl.String, **_ENDS}
_PARAGRAPH = re.compile(r"[^\r\n]+")
_SPEECH = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»")
_SENTENCE_END = re.compile(r"[.!?…\r\n](?:(?<=[.!?…])[”\"»')\]]*\s+|(?<=[\r\n])[\r\n]*)")


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts (source_id, language, text), and the code lists by name whose labels and aliases are looked for."""

    table: pl.DataFrame
    code_lists: dict[str, pl.DataFrame]
    finders: dict[str | None, Phrases] = field(default_factory=dict, repr=False)
    """What finds the names and phrases, by language, as far as it has been made."""

    @cached_property
    def forms(self) -> dict[str, Searchable]:
        """Each text as quotes are sought in it, by source."""
        return {source_id: searchable(text) for source_id, text in self.table.select("source_id", "text").iter_rows()}

    @cached_property
    def steps(self) -> pl.DataFrame:
        """From where on a text as it is has how many characters more than the form that is searched: source_id, start, more."""
        rows = ((source_id, *step) for source_id, form in self.forms.items() for step in form.steps)
        return in_portions(rows, {"source_id": pl.String, "start": pl.Int64, "more": pl.Int64})

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
        return self._phrases.filter(pl.col("list").is_in(DIMENSIONS))

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
        return self._phrases.filter(list=SPEECH).select(list(_SPAN))

    @cached_property
    def idioms(self) -> pl.DataFrame:
        """Every idiom in which a numeral counts nothing: source_id, start, end."""
        return self._phrases.filter(list=IDIOMS).select(list(_SPAN))

    def codes_in(self, name: str, words: str) -> set[str]:
        """Return the codes of a list that some words name."""
        return {code for found, code, _, _ in self._finder(None).find(words) if found == name}

    @cached_property
    def _phrases(self) -> pl.DataFrame:
        rows = (
            (source_id, *found)
            for source_id, tag, text in self.table.select("source_id", "language", "text").iter_rows()
            for found in self._finder(tag).find(text)
        )
        return in_portions(rows, {"source_id": pl.String, "list": pl.String, "code": pl.String, **_ENDS})

    def _finder(self, tag: str | None) -> Phrases:
        """Return what finds the names of the code lists, and the phrases of a language where one is given."""
        if tag not in self.finders:
            lists = {
                name: [
                    (phrase, code)
                    for code, label, aliases in self.code_lists[name].select("code", "label", "aliases").iter_rows()
                    for phrase in {label, *(aliases or "").split(LIST_MARK)} - {""}
                ]
                for name in self.code_lists
            }
            if tag is not None:
                tables = language(tag)
                lists |= {SPEECH: [(word, "") for word in tables.speech], IDIOMS: [(idiom, "") for idiom in tables.idioms]}
            self.finders[tag] = Phrases(lists)
        return self.finders[tag]

    def _spans(self, find: Callable[[str], Iterable[re.Match[str]]]) -> pl.DataFrame:
        rows = (
            (source_id, *match.span())
            for source_id, text in self.table.select("source_id", "text").iter_rows()
            for match in find(text)
        )
        return in_portions(rows, _SPAN)

    def with_paragraph(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows (source_id, quote_start) with the paragraph in which their quote begins: paragraph_start, paragraph_end."""
        paragraphs = begun(rows, self.paragraphs, at="quote_start")
        return rows.with_columns(paragraph_start=paragraphs["start"], paragraph_end=paragraphs["end"])


def together(table: pl.DataFrame, code_lists: dict[str, pl.DataFrame], most: int = CHARACTERS) -> list[Texts]:
    """Return texts in their order, as many together as have `most` characters, or a text more; without any, none together."""
    places = table.select(pl.col("text").str.len_chars().cast(pl.Int64).cum_sum() // most).to_series()
    finders: dict[str | None, Phrases] = {}
    parts = [table.filter(places == number) for number in places.unique().sort()] or [table]
    return [Texts(part, code_lists, finders) for part in parts]


def in_quote() -> pl.Expr:
    """Return whether a span (start, end) of a text lies in a quote (quote_start, quote_end)."""
    return (pl.col("start") >= pl.col("quote_start")) & (pl.col("end") <= pl.col("quote_end"))


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text; a line break ends one, and what closes it belongs to it."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        closed = match.start() + len(match.group().rstrip())
        if text[start:closed].strip():
            spans.append((start, closed))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
