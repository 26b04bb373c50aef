"""Find phrases among the tokens of a text: names of codes, hedges, units, idioms.

Belongs here: where which phrase stands. Does not belong here: what a phrase means, or where the
lists come from.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.evidence.tokens import REMEMBERED, Token, words_of

Table = tuple[str, ...]
"""A table of phrases, by its path in the file of a language, or by the name of a code list."""


class Found(NamedTuple):
    """A phrase that was found: how many tokens it has, and what it stands for."""

    length: int
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        """What the phrase stands for in the table that has it first."""
        return self.values[0]


Longest = Mapping[Table, Found]
"""The longest phrase of each table at a place; tables without any are left out."""


class _Node:
    """A place in the tree of phrases: what follows by whole word, by beginning or end of a word
    (*), and what ends here.
    """

    __slots__ = ("beginnings", "endings", "values", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.beginnings: dict[str, _Node] = {}
        self.endings: dict[str, _Node] = {}
        self.values: dict[Table, list[str]] = {}

    def followers(self, word: str) -> Iterable["_Node"]:
        """Yield the nodes that a word leads to; the whole word goes first."""
        if word in self.words:
            yield self.words[word]
        for beginning, node in self.beginnings.items():
            if word.startswith(beginning):
                yield node
        for ending, node in self.endings.items():
            if word.endswith(ending):
                yield node

    def follower(self, word: str) -> "_Node":
        """Return the node that a word of a phrase leads to, made if there is none yet."""
        step, part = self.words, word
        if word[-1] == "*":
            step, part = self.beginnings, word[:-1]
        elif word[0] == "*":
            step, part = self.endings, word[1:]
        if part not in step:
            step[part] = _Node()
        return step[part]


class _Path:
    """Words of a text that phrases begin with: where they lead in the tree, the phrases that end
    with them, and the longest of each table so far.
    """

    __slots__ = ("_length", "_nodes", "ends", "longest")

    def __init__(
        self,
        nodes: list[_Node],
        length: int = 0,
        longest: Longest | None = None,
    ) -> None:
        self._nodes, self._length = nodes, length
        self.ends: dict[Table, Found] = {}
        for node in nodes:
            for table, values in node.values.items():
                self.ends.setdefault(table, Found(length, tuple(values)))
        self.longest: Longest = {**(longest or {}), **self.ends}

    def followed_by(self, word: str) -> "_Path | None":
        """Return the path with one word more; None where no phrase goes on with it."""
        nodes = [follower for node in self._nodes for follower in node.followers(word)]
        return _Path(nodes, self._length + 1, self.longest) if nodes else None


class Matches(NamedTuple):
    """The longest phrase of each table that begins at a token, and the longest that ends before
    one; tokens without any are left out.
    """

    after: dict[int, Longest]
    before: dict[int, Longest]


class PhraseTables:
    """Tables of phrases and what each stands for, in one tree: a token is looked up in all of them
    at once.

    Phrases are compared word by word in any case, with any white space between words. A word of a
    phrase that ends in `*` stands for every word that begins so, one that begins in `*` for every
    word that ends so, a star alone for any word. Of several phrases of a table at a place the one
    of most tokens counts, then the one without a star.
    """

    def __init__(self, phrases: Iterable[tuple[Table, str, str]]) -> None:
        """Build the tree of (table, phrase, what it stands for)."""
        root: _Node = _Node()
        for table, phrase, value in phrases:
            node = root
            for word in words_of(phrase):
                node = node.follower(word)
            if node is not root:
                node.values.setdefault(table, []).append(value)
        self._start = _Path([root])
        self._follow = lru_cache(REMEMBERED)(_Path.followed_by)

    def match(self, tokens: Iterable[Token]) -> Matches:
        """Return the phrases among some tokens."""
        words = [token.text for token in tokens]
        found: Matches = Matches({}, {})
        for first in range(len(words)):
            path, end = self._start, first
            while end < len(words) and (longer := self._follow(path, words[end])):
                path, end = longer, end + 1
                if path.ends:
                    # of the phrases that end here, the one that begins first is the longest
                    found.before[end] = {**path.ends, **found.before.get(end, {})}
            if path.longest:
                found.after[first] = path.longest
        return found
