"""Number words of a language, cardinal and ordinal, in every case and gender, and how they make up
a number.

The words come from CLDR's spell-out rules (unicode-rbnf), turned round: the names of 0 to 100, of
the hundreds and of the powers of a thousand are looked up by their words. Belongs here: words to
numbers. Does not belong here: which words a text has, or what is counted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, product, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from pipeline.evidence.tokens import Token, fold, tokenize

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

HUNDRED = 100
THOUSAND = 1000
_SOFT_HYPHEN = "\u00ad"
_SCALES = tuple(times * 10**power for power in (3, 6, 9, 12) for times in (1, 2, 5))
_PART = re.compile(r"[\s-]+")


class NumberWord(NamedTuple):
    """What a number word stands for: 20, or the 20th; `is_last` where an ending closes the number
    (оннан, of ten).
    """

    value: int
    is_ordinal: bool
    is_last: bool = False


Words = Sequence[NumberWord | None]
"""What each token of a text stands for, if it is a number word."""


class Spelled(NamedTuple):
    """A number spelled in words: its value, whether it is an ordinal, and how many tokens it
    takes.
    """

    value: int
    is_ordinal: bool
    length: int


LEADS = NumberWord(-1, is_ordinal=False)
"""What a word stands for that only goes before the last word of a name, which has the value: quatre
in quatre-vingt-dix.
"""


@cache
def number_words(tag: str) -> Mapping[str, NumberWord]:
    """Return what each number word of a language stands for; KeyError where CLDR has no rules for
    it.
    """
    words: dict[str, NumberWord] = {}
    is_compound = all(not _PART.search(name) for name, _ in _names(tag, 21))
    small = range(THOUSAND if is_compound else HUNDRED + 1)
    for number in (*small, *range(200, THOUSAND, HUNDRED), *_SCALES):
        for name, word in _names(tag, number):
            _add(words, name, word)
    return words


def number_phrases(tag: str) -> Iterator[tuple[str, NumberWord]]:
    """Yield the names of 11 to 100 that are not the sum of their words (soixante-dix), with and
    without each of their hyphens.
    """
    words = number_words(tag)
    sums = teens_are_sums(words)
    for name, word in (pair for number in range(11, HUNDRED) for pair in _names(tag, number)):
        tokens = tokenize(name)
        found = spelled(
            [words.get(token.text) for token in tokens], tokens, 0, frozenset("-"), sums=sums
        )
        if len(tokens) > 1 and found != Spelled(word.value, word.is_ordinal, len(tokens)):
            parts = [token.text for token in tokens if token.text != "-"]
            for joints in product((" ", " - "), repeat=len(parts) - 1):
                yield "".join(chain(*zip_longest(parts, joints, fillvalue=""))), word


def compound(word: str, words: Mapping[str, NumberWord]) -> NumberWord | None:
    """Return what one word of thousands and a rest stands for, in a language that writes numbers so
    (zweitausenddreihundert).
    """
    if NumberWord(21, is_ordinal=False) not in words.values():
        return None
    for scale in [
        name for name, number in words.items() if number == NumberWord(THOUSAND, is_ordinal=False)
    ]:
        head, found, tail = word.partition(scale)
        first = words.get(head) if head else NumberWord(1, is_ordinal=False)
        last = words.get(tail) if tail else NumberWord(0, is_ordinal=False)
        if (
            found
            and first
            and last
            and not first.is_ordinal
            and first.value < THOUSAND
            and last.value < THOUSAND
        ):
            return NumberWord(first.value * THOUSAND + last.value, last.is_ordinal)
    return None


@cache
def _names(tag: str, number: int) -> list[tuple[str, NumberWord]]:
    """Return the names of a number in a language, as they are compared, and what they stand for."""
    from unicode_rbnf import FormatPurpose  # noqa: PLC0415 (40 ms, where a text is read only)
    from unicode_rbnf.engine import NoRuleForNumberError  # noqa: PLC0415

    names = []
    for purpose in (FormatPurpose.CARDINAL, FormatPurpose.ORDINAL):
        try:
            found = _engine(tag).format_number(number, purpose).text_by_ruleset.items()
        except NoRuleForNumberError:  # Russian has no ordinal of a million
            continue
        word = NumberWord(number, purpose is FormatPurpose.ORDINAL)
        names += [
            (fold(text.replace(_SOFT_HYPHEN, "")), word)
            for rules, text in found
            if rules.startswith("spellout")
        ]
    return names


@cache
def _engine(tag: str) -> "RbnfEngine":
    from unicode_rbnf import RbnfEngine  # noqa: PLC0415

    if tag not in RbnfEngine.get_supported_languages():
        raise KeyError(tag)
    return RbnfEngine.for_language(tag)


def _add(words: dict[str, NumberWord], name: str, word: NumberWord) -> None:
    """Add a name of one word, or the second of two that are a product ("five hundred"), unless it
    is known already.
    """
    parts = _PART.split(name.strip())
    value = word.value
    if len(parts) == 2 and value >= HUNDRED and parts[0] in words:  # noqa: PLR2004
        times = max(words[parts[0]].value, 1)
        value, rest = divmod(value, times)
        parts = parts[1:] if rest == 0 and value >= HUNDRED else []
    if len(parts) == 1 and parts[0].isalpha():
        words.setdefault(parts[0], word._replace(value=value))


def teens_are_sums(words: Mapping[str, NumberWord]) -> bool:
    """Return whether eleven to nineteen are spelled as ten and a number (as in Kazakh: он бес)."""
    return not any(11 <= word.value <= 19 and not word.is_ordinal for word in words.values())  # noqa: PLR2004


def spelled(
    words: Words,
    tokens: Sequence[Token],
    index: int,
    joints: frozenset[str],
    *,
    sums: bool,
) -> Spelled | None:
    """Return the number that begins at a token, as long as it can be; None where no number word
    stands there.

    `words` has what each token stands for, `joints` the words and marks that may stand inside a
    number ("two hundred and five", "twenty-one"); with `sums`, ten and a unit make a teen. An
    ordinal ends a number.
    """
    sum_ = _Sum(sums)
    end = place = index
    while place < len(tokens):
        word = words[place]
        if word is None:
            if end == index or not _joins(words, tokens[place].text, place, joints, sum_.group):
                break
            place += 1
            continue
        if word is LEADS:
            place += 1
            continue
        if not sum_.takes(word.value):
            break
        end = place = place + 1
        if word.is_ordinal or word.is_last:
            return Spelled(sum_.value, word.is_ordinal, end - index)
    return Spelled(sum_.value, False, end - index) if end > index else None  # noqa: FBT003


class _Sum:
    """A number as its words add up: thousands and more that are done, and the group of up to three
    digits that is open.
    """

    def __init__(self, sums: bool) -> None:  # noqa: FBT001
        self.group: int | None = None
        self._done = 0
        self._scale: int | None = None
        self._sums = sums

    @property
    def value(self) -> int:
        """The number so far."""
        return self._done + (self.group or 0)

    def takes(self, value: int) -> bool:
        """Add the next number word, if the number can go on with it."""
        if value >= THOUSAND:
            is_next = self._scale is None or (value < self._scale and self.group is not None)
            if is_next:
                self._done += (1 if self.group is None else self.group) * value
                self.group, self._scale = None, value
            return is_next
        if value == HUNDRED and self.group is not None and self.group < HUNDRED and self.group % 10:
            self.group *= HUNDRED
        elif self.group is None or _fits(self.group, value, sums=self._sums):
            self.group = (self.group or 0) + value
        else:
            return False
        return True


def _joins(
    words: Words,
    mark: str,
    place: int,
    joints: frozenset[str],
    group: int | None,
) -> bool:
    """Return whether a hyphen, or a word such as "and" before the rest of a number ("two hundred
    and five", not "... and two hundred"), stands inside a number.
    """
    word, following, *_ = (*words[place + 1 : place + 3], None, None)
    if mark not in joints or word is None or mark == "-":
        return mark in joints and word is not None
    is_open = following is None or not HUNDRED <= following.value < THOUSAND
    is_round = group is not None and group > 0 and group % HUNDRED == 0
    return is_round and 0 < word.value < HUNDRED and is_open


def hyphens_join(tag: str) -> bool:
    """Return whether a language writes a hyphen inside the name of a number (twenty-two), so that
    none there means a range.
    """
    return any("-" in name for name, _ in _names(tag, 22))


def _fits(group: int, value: int, *, sums: bool) -> bool:
    """Return whether a number goes on with a value: 20 with 1, 100 with 21; 10 with 5 only where
    teens are sums.
    """
    if value == 0 or value >= HUNDRED or group == 0:
        return False
    if value < 10:  # noqa: PLR2004
        tens = group % HUNDRED
        return tens % 10 == 0 and (tens == 0 or tens >= 20 or sums)  # noqa: PLR2004
    return group % HUNDRED == 0
