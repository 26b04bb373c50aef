"""Which language a text is in, told by the reader's own tables, before anything is typed of it.

Belongs here: how sure one has to be. Does not belong here: what the words of a language mean.

A text is in a language if the tables of that language know a quarter of its words, five times as
many as any other language knows of the rest, and hardly a word has a letter that none of its words
has. Of the sentences of tests/real_shapes, one at a time, none is taken for another language so.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from pipeline.evidence.language import known_languages, language
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.tokens import fold, tokenize

LEAST_WORDS = 3
LEAST_SHARE = 0.25
AHEAD = 5
"""How many times as many words the right language knows as the next does of the rest."""
MOST_STRANGE = 0.05
"""The share of words with a letter that the language lacks: names of people and places."""
CHARACTERS = 50_000
"""Of a long text the beginning is looked at."""


class Guess(NamedTuple):
    """The language that a text is most likely in, how many of its words (`words`) are known in it,
    and of the rest in the `next` one; it is to be relied on only if `is_sure`.
    """

    tag: str
    known: int
    next_tag: str
    next_known: int
    words: int
    is_sure: bool

    @property
    def reason(self) -> str:
        """What the guess rests on, in words."""
        other = f", {self.next_known} others in {self.next_tag}" if self.next_tag else ""
        return f"of {self.words} words {self.known} are known in {self.tag}{other}"


def guess_language(text: str) -> Guess | None:
    """Return the language of a text; None where no word of it is in any table."""
    tokens = tokenize(text, 0, min(len(text), CHARACTERS))
    words = [token.text for token in tokens if token.text[0].isalpha()]
    places = _known_words().match(tokens).after.values()
    known = Counter(tag for found in places for (tag,) in found)
    if not known:
        return None
    ((tag, most),) = known.most_common(1)
    others = Counter(other for found in places if (tag,) not in found for (other,) in found)
    ((next_tag, next_most),) = others.most_common(1) or [("", 0)]
    strange = sum(not letters_of(tag).issuperset(word) for word in words)
    is_sure = most >= max(
        LEAST_WORDS, LEAST_SHARE * len(words), AHEAD * next_most
    ) and strange <= MOST_STRANGE * len(words)
    return Guess(tag, most, next_tag, next_most, len(words), is_sure)


@cache
def _known_words() -> PhraseTables:
    """Return the single words of the tables of all languages."""
    return PhraseTables(
        ((tag,), word, tag)
        for tag in known_languages()
        for word in _words_of(tag)
        if word.rstrip("*").isalpha()
    )


@cache
def letters_of(tag: str) -> frozenset[str]:
    """Return the letters of all words that the tables of a language have, and those of English,
    in which names and addresses are written everywhere.
    """
    return frozenset("abcdefghijklmnopqrstuvwxyz").union(*map(fold, _words_of(tag)))


def _words_of(tag: str) -> Iterator[str]:
    """Yield the words and phrases of a language: those of its file, months and number words."""
    spoken = language(tag)
    yield from _texts_in(spoken.tables)
    yield from spoken.months
    yield from spoken.number_words


def _texts_in(table: Any) -> Iterator[str]:  # noqa: ANN401 (what TOML holds)
    """Yield each text within a table of a language's file."""
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict | list):
        for inner in table.values() if isinstance(table, dict) else table:
            yield from _texts_in(inner)
