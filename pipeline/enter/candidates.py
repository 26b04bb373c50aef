"""The rows that a number, a date, a sentence or a passage in quotation marks could be: many
of each, most of them wrong.

Belongs here: which kinds of rows an item may be. Does not belong here: how their cells are found
(number_rows, event_rows, statement_rows), or which of them are right (proposals has the checks
judge them).
"""

from pipeline.built import Row
from pipeline.enter.candidate import Candidate
from pipeline.enter.event_rows import dated_events, undated_events
from pipeline.enter.number_rows import observations
from pipeline.enter.statement_rows import statements
from pipeline.enter.text_view import Span, TextView
from pipeline.evidence.anchor import unique_words


def candidates(view: TextView, item: Row, publisher: str) -> list[Candidate]:
    """Return the rows that an item of a text could be: a mention, or a passage (start, end, and as
    kind speech or sentence).
    """
    span = Span(item["start"], item["end"])
    if item["kind"] == "speech":
        return list(statements(view, span, publisher, is_speech=True))
    if item["kind"] == "sentence":
        return [*statements(view, span, publisher, is_speech=False), *undated_events(view, span)]
    if item["kind"] == "period":
        return list(dated_events(view, item, span))
    return list(observations(view, item, span)) if item["low"] is not None else []


def waiver(view: TextView, item: Row) -> Candidate:
    """Return the waiver of an item: a person says of which kind it is, and why."""
    words = unique_words(view.text, item["start"], item["end"])
    why = "the number with words enough to stand once in the text"
    return Candidate("waivers", {"quote": words}, {"quote": why})
