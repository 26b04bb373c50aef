"""Find phrases among the tokens of a text: names of codes, hedges, units, idioms.

Belongs here: where which phrase stands. Does not belong here: what a phrase means, or where the
lists come from.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from pipeline.evidence.tokens import Token, words_of

Key = TypeVar("Key", bound=Hashable | None)
Value = TypeVar("Value")

REMEMBERED = 10_000
"""Words of which a table of phrases remembers where they lead."""


class Found(NamedTuple, Generic[Value]):
    """A phrase that was found: how many tokens it has, and what it stands for."""

    length: int
    values: tuple[Value, ...]

    @property
    def value(self) -> Value:
        """What the phrase stands for in the table that has it first."""
        return self.values[0]


class _Node(Generic[Key, Value]):
    """A place in the tree of phrases: what follows by whole word, by beginning or end of a word
    (*), and what ends here.
    """

    __slots__ = ("beginnings", "endings", "values", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node[Key, Value]] = {}
        self.beginnings: dict[str, _Node[Key, Value]] = {}
        self.endings: dict[str, _Node[Key, Value]] = {}
        self.values: dict[Key, list[Value]] = {}

    def followers(self, word: str) -> Iterable["_Node[Key, Value]"]:
        """Yield the nodes that a word leads to; the whole word goes first."""
        if word in self.words:
            yield self.words[word]
        for beginning, node in self.beginnings.items():
            if word.startswith(beginning):
                yield node
        for ending, node in self.endings.items():
            if word.endswith(ending):
                yield node

    def follower(self, word: str) -> "_Node[Key, Value]":
        """Return the node that a word of a phrase leads to, made if there is none yet."""
        if word.endswith("*"):
            return self.beginnings.setdefault(word.removesuffix("*"), _Node())
        if word.startswith("*") and word != "*":
            return self.endings.setdefault(word.removeprefix("*"), _Node())
        return self.words.setdefault(word, _Node())


class PhraseTables(Generic[Key, Value]):
    """Tables of phrases and what each stands for, in one tree: a token is looked up in all of them
    at once.

    Phrases are compared word by word in any case, with any white space between words. A word of a
    phrase that ends in `*` stands for every word that begins so, one that begins in `*` for every
    word that ends so. Of several phrases of a table at a place the one of most tokens counts, then
    the one without a star. With `backwards`, phrases are matched from their end.
    """

    def __init__(
        self, phrases: Iterable[tuple[Key, str, Value]], *, backwards: bool = False
    ) -> None:
        """Build the tree of (table, phrase, what it stands for)."""
        self._step = -1 if backwards else 1
        self._root: _Node[Key, Value] = _Node()
        # most words begin no phrase, and that is asked many times for each word
        self._first_nodes = lru_cache(REMEMBERED)(lambda word: list(self._root.followers(word)))
        for table, phrase, value in phrases:
            node = self._root
            for word in words_of(phrase)[:: self._step]:
                node = node.follower(word)
            if node is not self._root:
                node.values.setdefault(table, []).append(value)

    def match(self, tokens: Sequence[Token], index: int) -> Mapping[Key, Found[Value]]:
        """Return the longest phrase of each table that begins at a token or, backwards, ends
        there.
        """
        first = self._first_nodes(tokens[index].text) if 0 <= index < len(tokens) else ()
        best: dict[Key, Found[Value]] = {}
        paths = [(node, 1) for node in reversed(first)]
        while paths:
            node, length = paths.pop()
            for table, values in node.values.items():
                if table not in best or length > best[table].length:
                    best[table] = Found(length, tuple(values))
            place = index + self._step * length
            if 0 <= place < len(tokens):
                paths += [
                    (follower, length + 1)
                    for follower in reversed(list(node.followers(tokens[place].text)))
                ]
        return best
