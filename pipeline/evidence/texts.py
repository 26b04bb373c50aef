"""The texts of the sources, and everything that is read out of them by itself: mentions, names,
paragraphs, speech.

Each is found once for a run, in one pass over a text, whatever the number of facts; facts are then
joined to it. Belongs here: what stands where in a text. Does not belong here: whether that agrees
with what was typed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import polars as pl

from pipeline.built import Tables
from pipeline.evidence.language import language
from pipeline.evidence.mentions import document_of, mentions_of
from pipeline.evidence.phrases import PhraseTables, Table
from pipeline.evidence.scan import Document
from pipeline.evidence.searchable import Searchable, searchable
from pipeline.evidence.spans import begun, inside
from pipeline.evidence.tokens import SMALL, Token, tokenize

DIMENSIONS = ("indicators", "areas", "categories", "agents")
SPEECH = "speech"
LIST_MARK = "|"
FOUND = ("mentions", "phrases", "paragraphs", "speech", "sentences")
"""The tables of what is found in texts by themselves."""

PLACE = ("row", "source_id", "raw_file", "raw_line", "quote_start", "quote_end")
"""The columns that say where a row was typed, and where its quote stands."""

_ENDS = {"start": pl.Int64, "end": pl.Int64}
_SPAN = {"source_id": pl.String, **_ENDS}
_PARAGRAPH = re.compile(r"[^\r\n]+")
_SPEECH = re.compile(r"“[^“”]*”|\"[^\"\n]*\"|«[^«»]*»")
_SENTENCE_END = re.compile(
    rf"(?!\.\s+[{SMALL}])[.!?…\r\n](?:(?<=[.!?…])[”\"»')\]]*\s+|(?<=[\r\n])[\r\n]*)"
)


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts (source_id, language, text, and how each is read), and the code lists whose labels
    and aliases are sought.
    """

    table: pl.DataFrame
    code_lists: Tables

    @property
    def given(self) -> Tables:
        """All that is found in texts comes from these tables; `table` has the hashes of the texts,
        sha256, in place of them.
        """
        names = {f"names of {name}": rows for name, rows in names_of(self.code_lists).items()}
        return {"texts": self.table.drop("text"), **names}

    @cached_property
    def documents(self) -> dict[str, Document]:
        """How each text is read, by source."""
        return {
            row["source_id"]: document_of(row)
            for row in self.table.drop("text").iter_rows(named=True)
        }

    @cached_property
    def forms(self) -> dict[str, Searchable]:
        """Each text as quotes are sought in it, by source."""
        return {
            source_id: searchable(text)
            for source_id, text in self.table.select("source_id", "text").iter_rows()
        }

    @cached_property
    def steps(self) -> pl.DataFrame:
        """From where on a text as it is has how many characters more than the form that is
        searched: source_id, start, more.
        """
        rows = ((source_id, *step) for source_id, form in self.forms.items() for step in form.steps)
        return pl.DataFrame(
            rows, {"source_id": pl.String, "start": pl.Int64, "more": pl.Int64}, orient="row"
        )

    @cached_property
    def mentions(self) -> pl.DataFrame:
        """Every mention, as `mentions_of` gives it."""
        return mentions_of(self.table, self.sought)

    @cached_property
    def names(self) -> pl.DataFrame:
        """Every label or alias of a code list: source_id, list, code, start, end; the longest that
        fits at a place wins.

        A name that is part of a longer name of an agent is_part: it names something for want of
        another name alone.
        """
        names = self.phrases.filter(pl.col("list").is_in(DIMENSIONS)).with_row_index("name")
        agents = names.filter(list="agents").select("source_id", name_start="start", name_end="end")
        parts = inside(agents, names, start="name_start", end="name_end")
        parts = parts.filter(
            pl.col("end") - pl.col("start") < pl.col("name_end") - pl.col("name_start")
        )
        return names.with_columns(is_part=pl.col("name").is_in(parts["name"].implode())).drop(
            "name"
        )

    @cached_property
    def paragraphs(self) -> pl.DataFrame:
        """Every paragraph: source_id, start, end."""
        return self._spans(lambda text: (match.span() for match in _PARAGRAPH.finditer(text)))

    @cached_property
    def speech(self) -> pl.DataFrame:
        """Every passage in quotation marks: source_id, start, end, the marks included."""
        return self._spans(lambda text: (match.span() for match in _SPEECH.finditer(text)))

    @cached_property
    def speech_words(self) -> pl.DataFrame:
        """Every word that marks a speaker: source_id, start, end."""
        return self.phrases.filter(list=SPEECH).select(list(_SPAN))

    def codes_in(self, name: str, words: str) -> set[str]:
        """Return the codes of a list that some words name."""
        return {code for found, code, _, _ in _found(tokenize(words), self.sought) if found == name}

    @cached_property
    def sought(self) -> PhraseTables:
        """The labels and aliases of the code lists: the code of each, by list."""
        return PhraseTables(
            ((name,), phrase, code)
            for name, rows in self.code_lists.items()
            for code, label, aliases in rows.select("code", "label", "aliases").iter_rows()
            for phrase in dict.fromkeys((label, *(aliases or "").split(LIST_MARK)))
            if phrase
        )

    @cached_property
    def phrases(self) -> pl.DataFrame:
        """Every name of a code list and every word that marks a speaker: source_id, list, code,
        start, end.
        """
        shape = {"source_id": pl.String, "list": pl.String, "code": pl.String, **_ENDS}
        return pl.DataFrame(self._phrase_rows(), shape, orient="row")

    def _phrase_rows(self) -> Iterator[tuple[str, str, str, int, int]]:
        for source_id, tag, text in self.table.select("source_id", "language", "text").iter_rows():
            tokens = tokenize(text)
            for tables in (self.sought, _speech_words(tag)):
                for found in _found(tokens, tables):
                    yield source_id, *found

    @cached_property
    def sentences(self) -> pl.DataFrame:
        """Every sentence: source_id, start, end."""
        return self._spans(sentences)

    def _spans(self, find: Callable[[str], Iterable[tuple[int, int]]]) -> pl.DataFrame:
        texts = self.table.select("source_id", "text").iter_rows()
        return pl.DataFrame(
            ((source_id, *span) for source_id, text in texts for span in find(text)),
            _SPAN,
            orient="row",
        )

    def with_text(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows (source_id) with the text of their source, those of a source that has one."""
        texts = self.table.select("source_id", "text")
        return rows.join(texts, on="source_id", maintain_order="left")

    def with_paragraph(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows (source_id, quote_start) with the paragraph in which their quote begins:
        paragraph_start, paragraph_end.
        """
        paragraphs = begun(rows, self.paragraphs, at="quote_start")
        return rows.with_columns(
            paragraph_start=paragraphs["start"], paragraph_end=paragraphs["end"]
        )


def names_of(code_lists: Tables) -> Tables:
    """Return of code lists what is sought in texts: code, label, aliases."""
    return {name: rows.select("code", "label", "aliases") for name, rows in code_lists.items()}


@cache
def _speech_words(tag: str) -> PhraseTables:
    """Return the words of a language that mark a speaker, as a table of their own."""
    return PhraseTables(((SPEECH,), word, "") for word in language(tag).words(SPEECH))


def _found(tokens: list[Token], tables: PhraseTables) -> Iterator[tuple[str, str, int, int]]:
    """Yield (table, code, start, end) for each code of each phrase, as they stand; those of a table
    do not overlap.
    """
    free: dict[Table, int] = {}
    for index, found in tables.match(tokens).after.items():
        for table, match in found.items():
            if index >= free.get(table, 0):
                free[table] = index + match.length
                span = tokens[index].start, tokens[index + match.length - 1].end
                yield from ((table[0], code, *span) for code in match.values)


def in_quote() -> pl.Expr:
    """Return whether a span (start, end) of a text lies in a quote (quote_start, quote_end)."""
    return (pl.col("start") >= pl.col("quote_start")) & (pl.col("end") <= pl.col("quote_end"))


def meets_quote() -> pl.Expr:
    """Return whether a span (start, end) of a text shares words with a quote (quote_start,
    quote_end).
    """
    return (pl.col("quote_start") < pl.col("end")) & (pl.col("quote_end") > pl.col("start"))


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text; a line break ends one, and what closes it
    belongs to it.
    """
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        closed = match.start() + len(match.group().rstrip())
        if text[start:closed].strip():
            spans.append((start, closed))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
