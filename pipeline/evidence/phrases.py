"""Find phrases among the tokens of a text: names of codes, hedges, units, idioms.

Belongs here: where which phrase stands. Does not belong here: what a phrase means, or where the lists come from.
"""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from pipeline.evidence.tokens import Token, words_of

Value = TypeVar("Value")


REMEMBERED = 10_000
"""Words of which a table of phrases remembers where they lead."""


class Found(NamedTuple, Generic[Value]):
    """A phrase that was found: how many tokens it has, and what it stands for."""

    length: int
    values: tuple[Value, ...]


class _Node(Generic[Value]):
    """A place in the tree of phrases: what follows by whole word, by beginning or end of a word (*), and what ends here."""

    __slots__ = ("beginnings", "endings", "values", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node[Value]] = {}
        self.beginnings: dict[str, _Node[Value]] = {}
        self.endings: dict[str, _Node[Value]] = {}
        self.values: list[Value] = []

    def followers(self, word: str) -> Iterable["_Node[Value]"]:
        """Return the nodes that a word leads to; the whole word goes first."""
        if word in self.words:
            yield self.words[word]
        for beginning, node in self.beginnings.items():
            if word.startswith(beginning):
                yield node
        for ending, node in self.endings.items():
            if word.endswith(ending):
                yield node

    def follower(self, word: str) -> "_Node[Value]":
        """Return the node that a word of a phrase leads to, made if there is none yet."""
        if word.endswith("*"):
            return self.beginnings.setdefault(word.removesuffix("*"), _Node())
        if word.startswith("*") and word != "*":
            return self.endings.setdefault(word.removeprefix("*"), _Node())
        return self.words.setdefault(word, _Node())


class Phrases(Generic[Value]):
    """Phrases and what each stands for, compared word by word in any case, with any white space between words.

    A word of a phrase that ends in `*` stands for every word that begins so, one that begins in `*` for every word that ends
    so. Of several phrases at a place the one of most tokens counts, then the one without a star. With `backwards`, phrases
    are matched from their end.
    """

    def __init__(self, phrases: Iterable[tuple[str, Value]], *, backwards: bool = False) -> None:
        """Build the tree of (phrase, what it stands for)."""
        self._step = -1 if backwards else 1
        self._root: _Node[Value] = _Node()
        self._first: dict[str, list[_Node[Value]]] = {}
        """Where each word leads that was met: most words begin no phrase, and that is asked many times for each word."""
        for phrase, value in phrases:
            node = self._root
            for word in words_of(phrase)[:: self._step]:
                node = node.follower(word)
            if node is not self._root:
                node.values.append(value)

    def match(self, tokens: Sequence[Token], index: int) -> Found[Value] | None:
        """Return the longest phrase that begins at a token or, backwards, ends there; None where there is none."""
        if not 0 <= index < len(tokens):
            return None
        first = self._first_nodes(tokens[index].text)
        if not first:
            return None
        best: Found[Value] | None = None
        paths = [(node, 1) for node in reversed(first)]
        while paths:
            node, length = paths.pop()
            if node.values and (best is None or length > best.length):
                best = Found(length, tuple(node.values))
            place = index + self._step * length
            if 0 <= place < len(tokens):
                paths += [(follower, length + 1) for follower in reversed(list(node.followers(tokens[place].text)))]
        return best

    def _first_nodes(self, word: str) -> list[_Node[Value]]:
        """Return where the first word of a phrase leads; remembered, for a bounded number of words."""
        if word not in self._first:
            if len(self._first) >= REMEMBERED:
                self._first.clear()
            self._first[word] = list(self._root.followers(word))
        return self._first[word]

    def starters(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the whole words and the beginnings of words that a phrase can begin with."""
        return frozenset(self._root.words), tuple(self._root.beginnings)
