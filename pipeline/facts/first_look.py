"""What a text shows of its source before anything is typed: language, ways of writing, title, and
the day of publication.

Belongs here: what may be taken from the text, and what only a person can decide. Does not belong
here: the files that are made of it (new_source).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from pipeline.evidence.agreement.dates import is_part
from pipeline.evidence.anchor import unique_words
from pipeline.evidence.language import known_languages
from pipeline.evidence.language_guess import Guess, guess_language
from pipeline.evidence.mentions import place_in
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.scan import Document, Mention
from pipeline.evidence.tokens import tokenize
from pipeline.facts.proven_ways import Question, settle

HEAD = 10
"""Lines that are not empty at the beginning of a text, in which it may say when it was
published.
"""
MOST_WORDS = 3
"""Words beside the date in such a line, or before it: a place, a day of the week, "published on".
"""
LONGEST_TITLE = 200
DASHES = ("-", "–", "—")
DAY = len("2011-12-23")


class Dateline(NamedTuple):
    """A date that stands (almost) alone in a line, or before the dash after which a text begins:
    its line, its words, long enough to stand once, its EDTF (nothing where the order of day and
    month is not known), and whether the text goes on there.
    """

    line: int
    words: str
    period: str
    goes_on: bool


@dataclass(frozen=True)
class FirstLook:
    """What a text shows of itself; `document` is None, and nothing is read, where its language is
    not known.

    `guess` is None where the language was given. `questions` are the keys of source.toml that the
    text asks for. `title` and `published` are empty where it does not show them in one way.
    """

    guess: Guess | None
    document: Document | None
    mentions: list[Mention]
    questions: list[Question]
    datelines: list[Dateline]
    title: tuple[int, str]
    published: Dateline | None

    @property
    def language(self) -> str:
        """The language, or nothing."""
        return self.document.language if self.document else ""


def look_at(text: str, names: PhraseTables, language: str = "", published: str = "") -> FirstLook:
    """Return what a text shows; `names` are those of the code lists, `language` and `published`
    what is known already.
    """
    guess = None if language else guess_language(text)
    tag = language or (guess.tag if guess and guess.is_sure else "")
    if tag.partition("-")[0] not in known_languages():
        return FirstLook(guess, None, [], [], [], _title(text, []), None)
    document, mentions, questions = settle(text, Document(tag), names)
    datelines = list(_datelines(text, mentions))
    # a day, with or without its year, or in an order that is not known, or the date that is given
    days = [one for one in datelines if len(one.period) in {0, DAY} and "~" not in one.period]
    fit = [one for one in datelines if is_part(one.period, published)] if published else days
    first = fit[0] if len({one.period for one in fit}) == 1 else None
    return FirstLook(
        guess, document, mentions, questions, datelines, _title(text, datelines), first
    )


def _head(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each of the first lines that are not empty."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start, start + len(line.rstrip())
        start += len(line)


def _datelines(text: str, mentions: list[Mention]) -> Iterator[Dateline]:
    """Yield the datelines among the first lines of a text."""
    periods = [
        (one.number or one[:2], one.period)
        for one in mentions
        if one.kind == "period" or one.key == "day_order"
    ]
    for start, end in islice(_head(text), HEAD):
        within = [one for one in periods if start <= one[0][0] and one[0][1] <= end]
        if not within:
            continue
        ((first, last), period) = within[0]
        before, after = text[start:first], text[last:end]
        goes_on = not _is_short(before + after) or after.endswith((".", "!", "?"))
        if goes_on and not _begins_a_text(before, after):
            continue
        is_first = text.find(text[first:last]) == first
        words = text[first:last] if is_first else unique_words(text, start, last)
        yield Dateline(place_in(text, first)[0], " ".join(words.split()), period, goes_on)


def _begins_a_text(before: str, after: str) -> bool:
    """Return whether a place stands before a date, and a text after it: "Fenland, 3 March 2020 –
    ...", "Fenland, 3 March 2020. ...". Without a place it is one of a list of events.
    """
    is_dash = after.lstrip(" .)").startswith(DASHES)
    is_stop = after.startswith(".") and before.rstrip().endswith(",")
    return (is_dash or is_stop) and before.strip() != "" and _is_short(before)


def _is_short(words: str) -> bool:
    """Return whether there are few words, and no numbers."""
    found = [one.text for one in tokenize(words) if one.text.isalnum()]
    return len(found) <= MOST_WORDS and all(map(str.isalpha, found))


def _title(text: str, datelines: list[Dateline]) -> tuple[int, str]:
    """Return the line and the words of the title: the first line that is no dateline, where it
    looks like one; else nothing.
    """
    dated = {one.line for one in datelines if not one.goes_on}
    head = [*islice(_head(text), HEAD)]
    for start, end in head:
        line, title = place_in(text, start)[0], " ".join(text[start:end].split())
        if line not in dated:
            is_title = (
                len(title) <= LONGEST_TITLE
                and title.isprintable()
                and any(map(str.isalpha, title))
                and title[-1] not in ".,;:"
                and (start, end) != head[-1]
            )
            return (line, title) if is_title else (0, "")
    return 0, ""
