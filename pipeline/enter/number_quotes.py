"""The passages around a number that could be its quote, and what speaks against each.

Belongs here: from a number to passages of its text. Does not belong here: what it could be a number
of (number_rows).
"""

import re
from collections.abc import Iterator

from pipeline.built import Row
from pipeline.enter.text_view import Span, TextView


def clumsiness(view: TextView, span: Span, quote: Span, *, has_date: bool) -> tuple[int, int, int]:
    """Return what speaks against a quote: half a pair of brackets, a date of its sentence that it
    leaves out, and other numbers in it.
    """
    words = view.words(quote)
    sentence = view.sentence(span.start)
    dated = bool(view.periods_in(Span(sentence.start, span.start)))
    others = [one for one in view.mentions_in(quote, "quantity") if one["start"] != span.start]
    halves = re.sub(r"\([^()]*\)", "", words)
    return "(" in halves or ")" in halves, dated and not has_date, len(others)


def quotes_of(view: TextView, item: Row, span: Span) -> list[Span]:
    """Return passages that could be the quote of a number, each once: from it to the end of its
    clause, from a name before it, from a date, with what its brackets belong to, its sentence.
    """
    clause, whole = view.clause(span), view.trimmed(view.sentence(span.start))
    end = max(clause.end, span.end)
    found = [
        Span(span.start, end),
        clause,
        *_from_names(view, clause, Span(span.start, end)),
        *_beyond_brackets(view, clause, Span(whole.start, end)),
        *_with_dates(view, span, end),
        Span(span.start, max(whole.end, end)),
        whole,
    ]
    number = Span(item["number_start"], item["number_end"])
    return list(dict.fromkeys(view.trimmed(one) for one in found if one.has(number)))


def _from_names(view: TextView, clause: Span, rest: Span) -> Iterator[Span]:
    """Yield what begins with a name of the clause before a number: the shire had 40 clubs."""
    for name in ("areas", "indicators"):
        inside = view.named(name, Span(clause.start, rest.start))
        for one in inside[:1]:
            start = view.with_preposition(one.span).start
            yield Span(start if start == clause.start else one.span.start, rest.end)
        for one in inside[-2:]:
            yield Span(one.span.start, rest.end)


def _beyond_brackets(view: TextView, clause: Span, around: Span) -> Iterator[Span]:
    """Yield a number in brackets with the area before them: Fenland (40 percent)."""
    if view.text[clause.start - 1 : clause.start] == "(":
        closed = around.end + (view.text[around.end : around.end + 1] == ")")
        for one in view.named("areas", Span(around.start, clause.start))[-1:]:
            yield Span(one.span.start, closed)


def _with_dates(view: TextView, span: Span, end: int) -> Iterator[Span]:
    """Yield a number with each date of its sentence: since 2006, 40 clubs a year."""
    sentence = view.sentence(span.start)
    for date in view.periods_in(sentence):
        place = Span(date["start"], date["end"])
        if place.start < span.start:
            yield Span(min(view.with_preposition(place).start, span.start), end)
        else:
            yield Span(span.start, place.end)
