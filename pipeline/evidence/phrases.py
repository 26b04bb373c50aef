"""Find many phrases in a text in one pass: the names of codes, words of saying, idioms.

Belongs here: where which phrase stands. Does not belong here: what a phrase means, or where the lists come from.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.evidence.language import any_of

_TOKEN = re.compile(r"\w+|[^\w\s]")


class Phrases:
    """Lists of phrases, each with the codes that it stands for, sought in any case and with any white space between words.

    A phrase stands as whole words; of several of a list that begin at a place the longest counts, and those of a list do not
    overlap. It is sought only where its first word stands, so that a long list takes no longer than a short one.
    """

    def __init__(self, lists: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        """`lists` has (phrase, code) by name."""
        self._codes: dict[str, dict[str, list[str]]] = {}
        self._by_first: dict[str, dict[str, list[str]]] = {}
        self._patterns: dict[tuple[str, str], re.Pattern[str]] = {}
        for name, phrases in lists.items():
            codes: dict[str, list[str]] = {}
            for phrase, code in phrases:
                codes.setdefault(_folded(phrase), []).append(code)
            self._codes[name] = codes
            for phrase in codes:
                if first := _TOKEN.match(phrase):
                    self._by_first.setdefault(first.group(), {}).setdefault(name, []).append(phrase)

    def find(self, text: str) -> Iterator[tuple[str, str, int, int]]:
        """Yield (list, code, start, end) for each code of each phrase of the text, in the order in which they stand."""
        ends = dict.fromkeys(self._codes, 0)
        for token in _TOKEN.finditer(text):
            first = token.group().casefold()
            for name in self._by_first.get(first, ()):
                start = token.start()
                if start >= ends[name] and (match := self._pattern(first, name).match(text, start)):
                    ends[name] = match.end()
                    for code in self._codes[name].get(_folded(match.group()), ()):
                        yield name, code, start, match.end()

    def _pattern(self, first: str, name: str) -> re.Pattern[str]:
        if (first, name) not in self._patterns:
            phrases = any_of(self._by_first[first][name])
            self._patterns[first, name] = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)
        return self._patterns[first, name]


def _folded(phrase: str) -> str:
    return " ".join(phrase.casefold().split())
