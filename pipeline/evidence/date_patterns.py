"""The patterns of dates in a language: the forms of date_forms.toml with the language's words in
them.

Belongs here: from words to patterns. Does not belong here: what a form means (date_forms).
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.evidence.language import Language
from pipeline.evidence.tokens import SMALL, unfolded

YEAR = r"(?:1[5-9]|20)\d\d"
DECEMBER = 12
_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMANS = {
    "x" * tens + one: 10 * tens + ones
    for tens in range(4)
    for ones, one in enumerate(_ONES)
    if tens + ones
}
"""Roman numerals up to 39, of centuries and congresses."""
ROMAN = dict([*ROMANS.items()][:DECEMBER])
POINT = "point"
POINTS = (POINT, "digits", "roman_day")
DASH = r"\s?[-–—]\s?"
# ordinals of months, quarters and halves, and of decades without their century; the twenties may be
# those of this one
_TOLD = {*range(1, 13), *range(30, 100, 10)}
_NOT_INSIDE, _ENDS = r"(?<![\w])(?<!\d[.,])", r"(?![\d\w]|[.,]\d)"
_FORMS: dict[str, list[str]] = tomllib.loads(
    (files("pipeline.evidence") / "date_forms.toml").read_text(encoding="utf-8")
)

Form = tuple[str, re.Pattern[str]]
"""What a form means, and its pattern."""

_WORDS = {
    "four": YEAR,
    "dash": DASH,
    "day": r"(?P<d>[0-3]?\d)(?:{day_endings})?(?!\d)",
    # a full stop belongs to a month only where the date, or its sentence, goes on
    "month": r"(?P<m>{months}(?:{number_endings})?)"
    r"(?:\.(?=\s*(?:[\d,/–—-]|(?-i:[SMALL]))))?".replace("SMALL", SMALL),
    "leading_month": r"(?P<m>{months}(?:{month_before_day}))",
    "year": r"(?P<y>{four})(?:\s?(?:{year_after})(?!\w))?",
    "first_year": r"(?P<y>{four})\s?(?:{year_after})(?!\w)",
    "of_year": r"(?:\s+(?:{day_of}|{in}))?",
    "ordinal": r"(?:(?P<o>{ordinals})|(?P<n>\d)(?:{endings})?)",
    "count": r"(?:(?P<c>\d{1,2})|(?P<w>{cardinals}))",
}
"""What names in braces stand for that has names in braces itself."""


def ordinals(spoken: Language) -> dict[str, int]:
    """Return the ordinals up to twelve of a language, in words and Roman, with their numbers."""
    words = spoken.number_words.items()
    return ROMAN | {word: n.value for word, n in words if n.is_ordinal and n.value in _TOLD}


@cache
def words_of(spoken: Language) -> dict[str, str]:
    """Return the patterns that stand for names in braces in the forms of dates."""
    cardinals = (
        word
        for word, n in spoken.number_words.items()
        if not n.is_ordinal and 1 < n.value <= DECEMBER
    )
    endings = spoken.words("digit_endings", "ordinal")
    words = {
        **{name: any_phrase(phrases) for name, phrases in spoken.tables["periods"].items()},
        **_WORDS,
        "months": month_pattern(spoken),
        "roman": any_word(ROMAN),
        "ordinals": any_word(ordinals(spoken)),
        "cardinals": any_word(cardinals),
        "endings": any_phrase(endings),
        "number_endings": any_word(spoken.words("number_endings")),
        "day_endings": any_phrase(endings + spoken.words("periods", "day_endings")),
        "or": any_phrase(spoken.words("or")),
        "percent": any_phrase(spoken.words("units", "percent")),
    }
    return {name: filled(pattern, words) for name, pattern in words.items()}


class Forms(NamedTuple):
    """The forms that begin alike, and a pattern that fits wherever one of them does: most places
    fit none, and are asked once.
    """

    any: re.Pattern[str]
    each: list[Form]


def forms(spoken: Language) -> Forms:
    """Return the forms of dates of a language; points tell small letters from capitals."""
    words = words_of(spoken)
    each = [
        (meaning, f"(?{'' if meaning == POINT else 'i'}:{filled(pattern, words)})")
        for meaning, patterns in _FORMS.items()
        for pattern in patterns
    ]
    nameless = re.sub(r"\(\?P<\w+>", "(?:", "|".join(pattern for _, pattern in each))
    return Forms(
        re.compile(f"{_NOT_INSIDE}(?:{nameless.replace('(?P=s)', '[./-]')}){_ENDS}"),
        [(meaning, re.compile(f"{pattern}{_ENDS}")) for meaning, pattern in each],
    )


def halves(spoken: Language) -> list[re.Pattern[str]]:
    """Return the forms of a date without its end, which the second date of a span completes: a day,
    a month, a year.
    """
    words = words_of(spoken)
    patterns = (
        rf"{words['day']}\s+{words['month']}",
        words["month"],
        words["day"],
        rf"(?P<y>{YEAR})(?!\d)",
    )
    return [re.compile(pattern) for pattern in patterns]


def filled(pattern: str, words: dict[str, str]) -> str:
    """Return a pattern with words in place of their names in braces; what a language does not have
    fits nowhere.
    """
    return re.sub(r"\{([a-z_]+)\}", lambda name: words.get(name[1], "(?!)"), pattern)


def month_pattern(spoken: Language) -> str:
    """Return the pattern of a month without its ending; in small letters only where the language
    writes them so.
    """
    small = [] if spoken.tables.get("capital_months") else list(spoken.months)
    names = [
        *small,
        *(name.capitalize() for name in spoken.months),
        *(name.upper() for name in spoken.months),
    ]
    return any_word(names)


def any_word(words: Iterable[str]) -> str:
    """Return the pattern of one of some words, the longest that fits; those that begin alike are
    tried together: ma(?:rch|y). Without it Russian is read 7 % slower.
    """
    # fold() makes two letters of this one
    tree = _tree({word.replace("ss", "ß") for word in words})
    return unfolded(tree).replace("ß", "(?:ss|ß)") or r"(?!)"


def _tree(words: Iterable[str]) -> str:
    rests: dict[str, list[str]] = {}
    for word in sorted(filter(None, words)):
        rests.setdefault(word[0], []).append(word[1:])
    branches = "|".join(re.escape(first) + _tree(rest) for first, rest in rests.items())
    return f"(?:{branches}){'?' * ('' in words)}" if branches else ""


def any_phrase(phrases: Iterable[str]) -> str:
    """Return the pattern of one of some phrases, the longest that fits; a word that ends in * goes
    on with any letters.
    """
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    each = (r"\s*".join(_word(word) for word in phrase.split()) for phrase in longest_first)
    return f"(?:{'|'.join(each) or '(?!)'})"


def _word(word: str) -> str:
    return unfolded(re.escape(word.removesuffix("*"))) + (r"\w*" if word.endswith("*") else "")
