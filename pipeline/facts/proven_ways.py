"""How a text writes numbers and days, as far as it proves that itself, before anything is typed.

Belongs here: which ways of writing read all that asks for a key of source.toml. Does not belong
here: ways that typed rows bear out (ways_of_writing), or the grammar that asks (evidence).

A way of writing is possible if all that asks for its key can be read by it, and nothing else is
lost. The text proves it if all possible ways read the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline.evidence.date_patterns import DECEMBER
from pipeline.evidence.mentions import DOCUMENT
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document, Mention
from pipeline.facts.ways_of_writing import WAYS
from pipeline.read_text import meaning

TRIED = 100_000
"""Characters of a text, from the first that ask for a key, by which possible ways of writing are
told apart; the one that is left is then held against the whole text.
"""
BEFORE = 1_000
"""Characters before these words that are looked at, where their line is longer."""

_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2\d{2,4}")
_SAID = Mention._fields.index("why")
"""The fields of a mention before this one are what it says."""


@dataclass(frozen=True)
class Question:
    """A key of source.toml that a text asks for, and the mentions that ask.

    `answers` are lines of source.toml, each with what the first of the mentions is read as by it.
    Where there is one alone, the text proves it; where there is none, no way of writing reads all.
    """

    key: str
    asking: list[Mention]
    answers: dict[str, str]


@dataclass(frozen=True)
class _Trial:
    """A text, how it is read so far, the names that are sought, and what is read so."""

    text: str
    document: Document
    names: PhraseTables
    mentions: list[Mention]

    def by(self, way: Mapping[str, str]) -> "_Trial":
        """Return the text read by a way of writing: fields of a Document."""
        document = replace(self.document, **way)
        return replace(
            self, document=document, mentions=read_mentions(self.text, document, self.names)
        )

    def reads_all_of(self, before: "_Trial", key: str) -> bool:
        """Return whether what is unread here was so before, for another reason than a key."""
        then, now = (
            [one for one in trial.mentions if one.kind == "unread"] for trial in (self, before)
        )
        places = {place for one in now if one.key != key for place in range(one.start, one.end)}
        return not any(places.isdisjoint(range(one.start, one.end)) for one in then)


def settle(
    text: str, document: Document, names: PhraseTables
) -> tuple[Document, list[Mention], list[Question]]:
    """Return how a text is read by all that it proves itself, what is read so, and each key that it
    asks for.
    """
    questions = []
    whole = _Trial(text, document, names, []).by({})
    for key in WAYS:
        asking = [mention for mention in whole.mentions if mention.key == key]
        if asking:
            possible = _possible(whole, key, asking[0].start)
            answers = {_line(key, way): meant for way, meant in possible}
            if len(possible) == 1:
                then = whole.by(possible[0][0])
                is_proven = then.reads_all_of(whole, key)
                whole, answers = (then, answers) if is_proven else (whole, {})
            questions.append(Question(key, asking, answers))
    return whole.document, whole.mentions, questions


def _possible(whole: _Trial, key: str, place: int) -> list[tuple[dict[str, str], str]]:
    """Return the ways of writing by which all can be read that asks for a key, from a place on, one
    for each reading: the fields of a Document, and what the first of it is read as.
    """
    text = whole.text
    start = max(text.rfind("\n", 0, place), text.rfind(" ", 0, max(place - BEFORE, 0))) + 1
    part = replace(whole, text=text[start : place + TRIED]).by({})
    shown = _shown_orders(text, whole.mentions) if key == "day_order" else set()
    found: dict[tuple[Any, ...], tuple[dict[str, str], str]] = {}
    for way in _likest_first(key, whole.document):
        then = part.by(way)
        if shown <= {*way.values()} and then.reads_all_of(part, key):
            # two ways that say the same of all mentions are one reading
            reading = tuple(mention[:_SAID] for mention in then.mentions)
            found.setdefault(reading, (way, _meaning_at(place - start, then.mentions)))
    return [*found.values()]


def _likest_first(key: str, document: Document) -> list[dict[str, str]]:
    """Return the ways of writing of a key as fields of a Document, those first whose marks are most
    like those of the language.
    """
    own = document.marks()._asdict()
    ways = [{DOCUMENT[column]: value for column, value in way.items()} for way in WAYS[key]]
    return sorted(ways, key=lambda way: sum(own.get(name) != way[name] for name in way))


def _meaning_at(place: int, mentions: list[Mention]) -> str:
    """Return what the words are read as that begin at or before a place and end after it."""
    first = [one for one in mentions if one.start <= place < one.end]
    return "; ".join(map(meaning, first))


def _shown_orders(text: str, now: list[Mention]) -> set[str]:
    """Return the orders of day and month that dates show, with the mark of those that ask, since
    one of their numbers is no month: 13.05.2011.
    """
    dates = [(one, _DATE.match(text, (one.number or one)[0])) for one in now]
    marks = {date[2] for one, date in dates if date and one.key == "day_order"}
    same = [date for one, date in dates if date and not one.key and {date[2]} == marks]
    return {
        order
        for order, group in (("DMY", 1), ("MDY", 3))
        if any(int(date[group]) > DECEMBER for date in same)
    }


def _line(key: str, said_so: dict[str, str]) -> str:
    """Return the line of source.toml that says a way of writing."""
    if key in said_so:
        return f'{key} = "{said_so[key]}"'
    marks = ", ".join(f'{name} = "{value}"' for name, value in said_so.items())
    return f"{key} = {{{marks}}}"
