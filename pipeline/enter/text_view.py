"""One text as the page shows it: its mentions, names, sentences and speech, and spans around them.

Belongs here: what stands where, for one text, as plain values. Does not belong here: which row a
mention could be (candidates).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple, TypeVar

import polars as pl

from pipeline.built import Row
from pipeline.evidence.anchor import places_of
from pipeline.evidence.texts import Texts
from pipeline.facts.reference_tables import CodeLists
from schemas.code_lists import CODE_LISTS

_MARK = re.compile(r"[,;:!?](?=\s|$)|\.(?=\s+[^a-zа-яёәғқңөұүһі\s]|\s*$)|[()\n“”«»]")
FEWEST_WORDS = 4
"""Words of a sentence that may be a statement."""

_SHORT = 3
"""Letters of a preposition before a date: in 2002, by 2025, в 2002."""

_PREPOSITION = re.compile(rf"(?<!\w)[^\W\d]{{1,{_SHORT}}}\s+$")


Thing = TypeVar("Thing")


class Span(NamedTuple):
    """A passage of a text, from `start` to before `end`, in code points."""

    start: int
    end: int

    def has(self, other: "Span") -> bool:
        """Whether another passage lies in this one."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Whether the two share words."""
        return self.start < other.end and other.start < self.end


class Name(NamedTuple):
    """A label or alias of a code list in a text."""

    span: Span
    code: str


@dataclass(frozen=True)
class TextView:
    """A text of a source, and what is found in it."""

    text: str
    mentions: list[Row]
    names: dict[str, list[Name]]
    sentences: list[Span]
    speech: list[Span]
    said: list[Span]
    """Words of saying."""
    paragraphs: list[Span]
    codes: dict[str, dict[str, Row]] = field(repr=False)
    """The rows of the code lists, by list and code."""

    def mentions_in(self, span: Span, kind: str) -> list[Row]:
        """Return the mentions of a kind that lie in a passage, in their order."""
        begun = begun_in(span, self.mentions, itemgetter("start"))
        return [one for one in begun if one["end"] <= span.end and one["kind"] == kind]

    def periods_in(self, span: Span) -> list[Row]:
        """Return the dates and periods that lie in a passage."""
        return self.mentions_in(span, "period")

    def words(self, span: Span) -> str:
        """Return the words of a passage as a person would type them: in one line."""
        return " ".join(self.text[span.start : span.end].split())

    def is_assertion(self, span: Span) -> bool:
        """Whether a passage is a sentence that says something, and no heading."""
        words = self.words(span).split()
        return len(words) >= FEWEST_WORDS and words[-1][-1] in '.!?…”»"'

    def sentence(self, at: int) -> Span:
        """Return the sentence in which a place lies."""
        return _around(self.sentences, at, len(self.text))

    def sentences_of(self, span: Span) -> list[Span]:
        """Return the sentences that share words with a passage."""
        first = bisect_right(self.sentences, span.start, key=lambda one: one.end)
        last = bisect_left(self.sentences, span.end, key=lambda one: one.start)
        return self.sentences[first:last]

    def paragraph(self, at: int) -> Span:
        """Return the paragraph in which a place lies."""
        return _around(self.paragraphs, at, len(self.text))

    def clause(self, span: Span) -> Span:
        """Return the words around a passage up to the next mark on both sides."""
        around = self.sentence(span.start)
        low, high = min(around.start, span.start), max(around.end, span.end)
        ends = [match.end() for match in _MARK.finditer(self.text, low, span.start)]
        after = _MARK.search(self.text, span.end, high)
        return self.trimmed(Span(max(ends, default=low), after.start() if after else high))

    def trimmed(self, span: Span) -> Span:
        """Return a passage without white space, and without a full stop, at its ends."""
        words = self.text[span.start : span.end]
        end = span.start + len(words.rstrip().rstrip(".;:,").rstrip())
        return Span(span.start + len(words) - len(words.lstrip()), max(end, span.start))

    def with_preposition(self, span: Span) -> Span:
        """Return a date with the short word before it: in 2002."""
        before = max(span.start - 3 * _SHORT, 0)
        match = _PREPOSITION.search(self.text[before : span.start])
        return Span(before + match.start(), span.end) if match else span

    def named(self, name: str, span: Span) -> list[Name]:
        """Return the names of a list that stand in a passage, in their order."""
        begun = begun_in(span, self.names[name], lambda one: one.span.start)
        return [one for one in begun if one.span.end <= span.end]

    def nearest(self, name: str, span: Span, within: Span) -> list[Name]:
        """Return the names of a list within a passage, the nearest to `span` first, those before it
        before those after it.
        """

        def distance(one: Name) -> tuple[bool, int]:
            return one.span.start >= span.end, abs(one.span.start - span.start)

        return sorted(self.named(name, within), key=distance)

    def period_in(self, quote: Span) -> tuple[str, str]:
        """Return the period of a quote, where it has one date, and why."""
        dates = self.periods_in(quote)
        if len({one["period"] for one in dates}) == 1 and "XXXX" not in dates[0]["period"]:
            return dates[0]["period"], f"the date in the quote: {dates[0]['words']}"
        return "", "" if dates else "the day of publication, since the quote has no date"

    def occurrence(self, span: Span) -> str:
        """Return which one of its kind a passage is, or nothing where its words stand once."""
        places = places_of(self.text[span.start : span.end], self.text)
        return str(places.index(span.start) + 1) if len(places) > 1 else ""

    def span_of(self, quote: str, occurrence: str = "") -> Span | None:
        """Return where a quote stands, or nothing where it does not or may be several."""
        pattern = re.compile(r"\s+".join(map(re.escape, quote.split())))
        places = [Span(*match.span()) for match in pattern.finditer(self.text)] if quote else []
        number = int(occurrence) if occurrence.isdecimal() else 1
        return places[number - 1] if 0 < number <= len(places) else None


def begun_in(span: Span, things: list[Thing], start: Callable[[Thing], int]) -> list[Thing]:
    """Return those of some things, which are in the order of the text, that begin in a passage."""
    first, last = (bisect_left(things, at, key=start) for at in span)
    return things[first:last]


def distinct(names: Iterable[Name]) -> list[Name]:
    """Return names, of each code the first."""
    first: dict[str, Name] = {}
    for one in names:
        first.setdefault(one.code, one)
    return list(first.values())


def view_of(source_id: str, texts: Texts, lists: CodeLists) -> TextView:
    """Return the text of a source among some texts."""

    def rows(table: pl.DataFrame) -> list[Row]:
        return table.filter(source_id=source_id).sort("start").rows(named=True)

    def spans(table: pl.DataFrame) -> list[Span]:
        return [Span(row["start"], row["end"]) for row in rows(table)]

    names: dict[str, list[Name]] = {name: [] for name in CODE_LISTS}
    for row in rows(texts.names):
        if not row["is_part"] or row["list"] == "categories":
            names[row["list"]].append(Name(Span(row["start"], row["end"]), row["code"]))
    return TextView(
        texts.table.filter(source_id=source_id)["text"].item(),
        rows(texts.mentions),
        names,
        spans(texts.sentences),
        spans(texts.speech),
        spans(texts.speech_words),
        spans(texts.paragraphs),
        {
            name: {row["code"]: row for row in getattr(lists, name).iter_rows(named=True)}
            for name in CODE_LISTS
        },
    )


def _around(spans: list[Span], at: int, end: int) -> Span:
    place = bisect_right(spans, at, key=lambda one: one.start) - 1
    if place >= 0 and at < spans[place].end:
        return spans[place]
    return Span(at, min(at + 1, end))
