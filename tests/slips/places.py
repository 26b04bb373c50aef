"""Where a slip can be planted in a source, and what its words say there."""

import re
from collections.abc import Iterator

from pipeline.evidence.scan import Mention
from pipeline.evidence.values import numbers_of
from tests.slips.source_copy import FACT_FILES, Row, SourceCopy

Place = tuple[str, int, Row]


def facts(source: SourceCopy, *files: str) -> Iterator[Place]:
    for file in files or FACT_FILES:
        for index, row in enumerate(source.rows[file]):
            yield file, index, row


def span_of(source: SourceCopy, quote: str) -> tuple[int, int]:
    match = re.search(r"\s+".join(map(re.escape, quote.split())), source.text)
    assert match is not None, quote
    return match.span()


def periods_in(source: SourceCopy, words: str) -> set[str]:
    return {mention.period for mention in source.mentions(words) if mention.kind == "period"}


def around(text: str, start: int, end: int) -> str:
    """Return a numeral with as many whole words on both sides as make it unique."""
    while True:
        start = text.rfind(" ", 0, max(start - 1, 0)) + 1
        following = text.find(" ", end + 1)
        end = following if following >= 0 else len(text)
        if text.count(text[start:end]) == 1:
            return text[start:end].strip().replace("\n", " ")


def is_whole_words(text: str, start: int, end: int) -> bool:
    inside = (
        text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()
        for at in (start, end)
        if 0 < at < len(text)
    )
    return not any(inside)


def is_value(mention: Mention, row: Row) -> bool:
    """Return whether a mention is the number that a row has typed."""
    first, last = numbers_of(row["value"], "ratio" if mention.unit == "ratio" else None)
    low, high = (
        None if number is None else f"{number:f}" for number in (mention.low, mention.high)
    )
    return low is not None and low == first and last in {None, high}


def is_inside(mention: Mention, start: int, end: int) -> bool:
    first, last = mention.number or (mention.start, mention.end)
    return start <= first and last <= end
