"""Words, runs of digits and marks of a text, in their order, each with its place.

Belongs here: cutting a text into tokens. Does not belong here: what any token means.
"""

import re
from functools import lru_cache
from typing import NamedTuple

FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SMALL = "a-zß-ÿа-џғқңҳөұүһәі"
"""Small letters, for a class of a pattern: after a full stop they go on with its sentence."""

_TOKEN = re.compile(
    rf"\d+|[{FRACTIONS}]|[{SUPERSCRIPTS}]+|[^\W\d_{FRACTIONS}{SUPERSCRIPTS}]+|[^\w\s]|_"
)

REMEMBERED = 50_000
"""Words and steps of which it is remembered where they lead: texts say the same again and again."""
_WORD = re.compile(r"\*?[^\W\d_]+\*?|\d+|[^\w\s]|_")


class Token(NamedTuple):
    """A word, a run of digits or a mark: as it is compared (small letters, е for ё), its span, and
    what precedes it.
    """

    text: str
    start: int
    end: int
    is_glued: bool
    """Whether no white space stands before it."""


@lru_cache(REMEMBERED)
def fold(words: str) -> str:
    """Return words as they are compared: small letters, е for ё, one kind of hyphen."""
    return words.casefold().replace("ё", "е").replace("\u2011", "-")


def unfolded(pattern: str) -> str:
    """Return a pattern of folded words so that it also fits the letters that fold() changes."""
    return pattern.replace("е", "[её]").replace("ss", "(?:ss|ß)").replace(r"\-", "[-\u2011–]")


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of text[start:end]; their spans count from the beginning of the text."""
    tokens, last = [], start
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        first, stop = match.span()
        tokens.append(Token(fold(match.group()), first, stop, first == last))
        last = stop
    return tokens


def words_of(phrase: str) -> list[str]:
    """Return a phrase as the texts of its tokens; a word that begins or ends in * keeps its
    star.
    """
    return _WORD.findall(fold(phrase))
