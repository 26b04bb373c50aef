"""A stretch of text with all that is known of its tokens, as the grammar of mentions reads it.

Belongs here: the text, its tokens, the number words among them, the language and what source.toml
says of the document. Does not belong here: what is a mention.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from pipeline.evidence.digits import Marks, Numeral, read_numeral
from pipeline.evidence.language import Language, language
from pipeline.evidence.number_words import LEADS, NumberWord, Spelled, spelled
from pipeline.evidence.phrases import Found, Longest, PhraseTables, Table
from pipeline.evidence.tokens import Token, tokenize

NOTHING: Longest = {}


@dataclass(frozen=True)
class Document:
    """How a document is read: its language, and what source.toml says of its numbers, days, country
    and fiscal year.
    """

    language: str = "en"
    decimal: str | None = None
    group: str | None = None
    negative: str = "minus"
    day_order: str | None = None
    country: str | None = None
    fiscal_year_starts: str | None = None

    def marks(self) -> Marks:
        """Return the marks of its numbers: those given, else those of its language."""
        own_decimal, own_group = language(self.language).marks
        decimal = self.decimal or ("." if self.group == "," else own_decimal)
        group = (
            ("" if self.decimal == own_group else own_group) if self.group is None else self.group
        )
        return Marks(decimal, group, is_given=self.decimal is not None or self.group is not None)


class Mention(NamedTuple):
    """A mention: its span (code points, end exclusive), its kind, and the keys of its kind; the
    others are empty.
    """

    start: int
    end: int
    kind: str
    low: Decimal | None = None
    high: Decimal | None = None
    step: Decimal | None = None
    relators: tuple[str, ...] = ()
    unit: str = ""
    per: str = ""
    period: str = ""
    label: str = ""
    why: str = ""
    key: str = ""
    """The key of source.toml that would settle what is unread."""
    number: tuple[int, int] | None = None
    """The span of the number itself, without hedge, sign, currency and unit; of a period without
    its hedge; None: all of it.
    """


@dataclass
class Kept:
    """What a sentence says, before they come, of numbers: what they are per, and the unit that they
    go on with.
    """

    whole: str = ""
    """What they are per: each quarter; per 1000 people."""
    whole_end: int = 0
    """The token after the words for it."""
    is_taken: bool = False
    """Whether a number after these words has been read."""
    unit: str = ""
    """The last unit that was read."""
    last: tuple[str, str] = "", ""
    """Unit and per of the last number."""


def _number_words(tokens: list[Token], spoken: Language) -> list[NumberWord | None]:
    """Return what each token stands for as a number word, if it is one; of names of several words
    (soixante-dix) the last has the value.
    """
    words = [spoken.number(token.text) for token in tokens]
    end = 0
    for index, found in spoken.number_phrases.match(tokens).after.items():
        if index >= end:
            end = index + found[()].length
            value = spoken.named_numbers[found[()].value]
            words[index:end] = [*[LEADS] * (end - index - 1), value]
    return words


class Scan:
    """A stretch of text as it is read from left to right; what stands outside its tokens is
    nothing, and never an error.
    """

    def __init__(
        self, text: str, span: tuple[int, int], document: Document, names: PhraseTables
    ) -> None:
        """Cut text[start:end] into tokens; spans count from the beginning of the text.

        `names` are the labels and aliases of the code lists, by list: what a text counts, and names
        that hold numerals.
        """
        self.text = text
        self.document = document
        self.language: Language = language(document.language)
        self.marks: Marks = document.marks()
        self.tokens: list[Token] = tokenize(text, *span)
        self.names = names.match(self.tokens).after
        """The names that begin at a token, the longest of each list."""
        self.words = _number_words(self.tokens, self.language)
        self._phrases = self.language.phrases.match(self.tokens)
        self._glued = "".join("+" if token.is_glued else " " for token in self.tokens)
        self._texts = {index: token.text for index, token in enumerate(self.tokens)}
        self._numerals: dict[int, Numeral] = {}
        self.numbers: dict[int, Any] = {}
        """The number at each token, as far as it was asked for: every reading asks for it."""
        self.least = 0
        """The token after the last mention: no other begins before it."""
        self.goes_on_label = ""
        """The kind of the last mention, if it is a label."""
        self.kept = Kept()
        """What the sentence has said so far of the numbers after it."""
        self.is_list = False
        """Whether a word in the plural stands before it, so that a list may go on with it (Articles
        5 and 6).
        """

    def at(self, index: int) -> str:
        """Return a token as it is compared, or nothing outside."""
        return self._texts.get(index, "")

    def raw(self, index: int) -> str:
        """Return a token as the text prints it, or nothing outside."""
        return (
            self.text[self.tokens[index].start : self.tokens[index].end]
            if 0 <= index < len(self.tokens)
            else ""
        )

    def is_currency_code(self, index: int) -> bool:
        """Return whether a code of ISO 4217 stands at a token, in capitals."""
        return self.raw(index) in self.language.currency_codes

    def match(self, pattern: re.Pattern[str], index: int) -> re.Match[str] | None:
        """Return what a pattern fits from a token on."""
        return pattern.match(self.text, self.tokens[index].start)

    def is_number(self, index: int) -> bool:
        """Return whether a run of digits stands at a token."""
        return self._texts.get(index, "")[:1].isdecimal()

    def is_word(self, index: int) -> bool:
        """Return whether a word stands at a token."""
        return self._texts.get(index, "")[:1].isalpha()

    def is_glued(self, index: int, length: int = 1) -> bool:
        """Return whether some tokens follow what stands before them without white space."""
        return self._glued.startswith("+" * length, index)

    def number_word(self, index: int) -> NumberWord | None:
        """Return what a token stands for as a number word, if it is one."""
        return self.words[index] if 0 <= index < len(self.words) else None

    def is_numeral(self, index: int) -> bool:
        """Return whether digits or a number word stand at a token."""
        return self.is_number(index) or self.number_word(index) is not None

    def after(self, index: int, *path: str) -> Found | None:
        """Return the longest phrase of a table of the language that begins at a token."""
        return self._phrases.after.get(index, NOTHING).get(path)

    def after_any(self, index: int, *names: str, of: Table = ()) -> Found | None:
        """Return the phrase that begins at a token of the first table that has one; `of` is the
        table that they are part of.
        """
        for name in names:
            if found := self.after(index, *of, name):
                return found
        return None

    def next(self, index: int, most: int, *path: str) -> tuple[Found, int] | None:
        """Return the first phrase of a table that begins at a token or after some words, so many
        tokens at most, and the token after it.
        """
        for place in range(index, index + most):
            if found := self.after(place, *path):
                return found, place + found.length
            if not self.is_word(place) or self.number_word(place):
                return None
        return None

    def has(self, places: Iterable[int], *path: str) -> bool:
        """Return whether a phrase of a table begins at one of some tokens."""
        return any(self.after(place, *path) for place in places)

    def past(self, index: int, *path: str) -> int:
        """Return the token after the phrase of a table that begins at a token; without one this
        token.
        """
        found = self.after(index, *path)
        return index + found.length if found else index

    def phrases_at(self, index: int) -> Longest:
        """Return the longest phrase that begins at a token of each table of the language."""
        return self._phrases.after.get(index, NOTHING)

    def before(self, index: int, *path: str) -> Found | None:
        """Return the longest phrase of a table of the language that ends before a token, after the
        last mention.
        """
        found = self._phrases.before.get(index, NOTHING).get(path)
        return found if found and index - found.length >= self.least else None

    def before_any(self, index: int, *names: str, of: Table = ()) -> Found | None:
        """Return the phrase that ends before a token of the first table that has one, as
        `after_any` does.
        """
        for name in names:
            if found := self.before(index, *of, name):
                return found
        return None

    def label_before(self, index: int) -> str:
        """Return the kind of label that a numeral has from the words before it, or nothing."""
        found = self.before(index, "labels")
        return next((kind for kind in found.values if kind != "clock"), "") if found else ""

    def numeral(self, index: int) -> Numeral:
        """Return the numeral in digits at a token."""
        if index not in self._numerals:
            self._numerals[index] = read_numeral(self.text, self.tokens[index].start, self.marks)
        return self._numerals[index]

    def spelled(self, index: int) -> Spelled | None:
        """Return the number in words at a token, if one begins there."""
        if self.number_word(index) is None:
            return None
        joints, sums = self.language.number_joints, self.language.teens_are_sums
        return spelled(self.words, self.tokens, index, joints, sums=sums)

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Return the span in the text of the tokens [first, end)."""
        return self.tokens[first].start, self.tokens[end - 1].end

    # the fields of a mention
    def mention(self, first: int, end: int, kind: str, **keys: Any) -> Mention:  # noqa: ANN401
        """Return the mention of the tokens [first, end)."""
        return Mention(*self.span(first, end), kind, **keys)

    def token_after(self, place: int, index: int = 0) -> int:
        """Return the first token, from an index on, that does not begin before a place of the
        text.
        """
        while index < len(self.tokens) and self.tokens[index].start < place:
            index += 1
        return index

    def gap(self, index: int) -> str | None:
        """Return the white space before a token; None before the first, and outside."""
        if not 0 < index < len(self.tokens):
            return None
        return self.text[self.tokens[index - 1].end : self.tokens[index].start]

    def is_near(self, index: int) -> bool:
        """Return whether a token and the one before it stand in one paragraph."""
        gap = self.gap(index)
        return gap is not None and "\n\n" not in gap

    def is_capital(self, index: int) -> bool:
        """Return whether a token is a word with a capital."""
        return self.raw(index)[:1].isupper()

    def begins_line(self, index: int) -> bool:
        """Return whether a token is the first of its line."""
        return index == 0 or "\n" in (self.gap(index) or "")

    def is_function_word(self, index: int) -> bool:
        """Return whether what stands at a token is no noun: a mark, a function word, a verb, or
        nothing.
        """
        return not self.is_word(index) or self.after(index, "function_words") is not None
