"""The events that a date, or a sentence without one, could be of.

Belongs here: quotes around a date, and what they say beside it. Does not belong here: numbers and
statements.
"""

import re
from collections.abc import Iterator
from itertools import product

from pipeline.built import Row
from pipeline.enter.candidate import MOST_CODES, Candidate, Codes
from pipeline.enter.text_view import Span, TextView, distinct
from pipeline.intervals.periods import UNDATED

MOST_SHORT = 3
"""Letters of a word that joins others: Concept on Civil Society."""

_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_JOINING = re.compile(r"^(?:,|and|or)\s+", re.IGNORECASE)


def dated_events(view: TextView, item: Row, span: Span) -> Iterator[Candidate]:
    """Yield the events that a date could be of: what its clause says, its sentence up to it, or
    the name before it.
    """
    date = view.with_preposition(span)
    speakers = view.nearest("agents", span, view.paragraph(span.start))
    for place, (quote, period) in enumerate(_dated_quotes(view, item, date)):
        agents = {one.span for one in view.named("agents", quote)}
        areas = [one.code for one in view.named("areas", quote) if one.span not in agents]
        for (order, (what, who)), (off, area), (told, speaker) in product(
            enumerate(_happenings(view, quote, date)),
            enumerate([*areas[:MOST_CODES], ""]),
            enumerate(["", *(one.code for one in distinct(speakers)[: MOST_CODES - 1])]),
        ):
            codes: Codes = {
                "period": (period, f"the date in the words: {item['words']}"),
                "who": (who, "named before what happened" if who else ""),
                "what": (what, "what the quote says beside the date"),
                "where": (area, "named in the quote" if area else ""),
                "quote": (view.words(quote), "the words around the date"),
                "occurrence": (view.occurrence(quote), ""),
                "attributed_to": (speaker, "who speaks in this paragraph" if speaker else ""),
            }
            yield Candidate.of("events", codes, (told, place, order, off))


def _dated_quotes(view: TextView, item: Row, date: Span) -> list[tuple[Span, str]]:
    """Return passages that could be the quote of an event, and the period of each."""
    sentence = view.trimmed(view.sentence(item["start"]))
    others = _other_dates(view, item, sentence)
    next_date = min(
        (one.start for one, _ in others if one.start > date.start), default=sentence.end
    )
    last_date = max((one.end for one, _ in others if one.end <= date.start), default=sentence.start)
    clause = _clause_of(view, date, sentence)
    quotes = [
        Span(clause.start, min(clause.end, next_date)),
        Span(max(clause.start, last_date), date.end),
        Span(_start_of_name(view.text, last_date, date.start), date.end),
        Span(sentence.start, date.end),
        sentence,
    ]
    found = [(view.trimmed(one), item["period"]) for one in quotes]
    if item["period"].startswith("../") and last_date > sentence.start:  # in 2003 and until 2005
        found.insert(0, (sentence, f"{others[0][1]}/{item['period'].removeprefix('../')}"))
    return [one for one in dict.fromkeys(found) if one[0].has(Span(item["start"], item["end"]))]


def _other_dates(view: TextView, item: Row, sentence: Span) -> list[tuple[Span, str]]:
    """Return the other dates of a sentence, each with the word before it, and its period."""
    return [
        (view.with_preposition(Span(one["start"], one["end"])), one["period"])
        for one in view.periods_in(sentence)
        if one["start"] != item["start"]
    ]


def _clause_of(view: TextView, date: Span, sentence: Span) -> Span:
    """Return the clause of a date; of one that begins it, with what comes after the comma: In 2002,
    the union began.
    """
    clause = view.clause(date)
    if date.start != clause.start:
        return clause
    comma = min(date.end + 2, sentence.end)
    return Span(date.start, view.clause(Span(comma, comma)).end)


def _start_of_name(text: str, least: int, end: int) -> int:
    """Return where the name begins that stands before a place: Fifth Forum in Astana (in 2011); of
    a word in small letters that word (independence in 1991).
    """
    start = end
    for number, match in enumerate(reversed(list(re.finditer(r"\S+", text[least:end])))):
        word = match.group()
        if word[0].isupper() or (number == 0 and len(word) > MOST_SHORT):
            start = least + match.start()
        if not word[0].isupper() and len(word) > MOST_SHORT:
            break
    return start


def _happenings(view: TextView, quote: Span, date: Span) -> Iterator[tuple[str, str]]:
    """Yield what a quote says beside its date, and who did it, where somebody is named first."""
    for part in (Span(date.end, quote.end), Span(quote.start, date.start)):
        if part.start < part.end:
            yield from _told_of(view, part)


def _told_of(view: TextView, part: Span) -> Iterator[tuple[str, str]]:
    words = view.words(part).strip(" ,;:–—-")
    if not re.search(rf"\w{{{MOST_SHORT + 1}}}", words):
        return
    first = next(iter(view.named("agents", part)), None)
    if first and not _ARTICLE.sub("", view.words(Span(part.start, first.span.start)).strip(", ")):
        yield view.words(Span(first.span.end, part.end)).strip(" ,"), first.code
    yield _ARTICLE.sub("", _JOINING.sub("", words)), ""


def undated_events(view: TextView, sentence: Span) -> Iterator[Candidate]:
    """Yield the events that a sentence without a date tells: its clauses, each with what comes
    after it.
    """
    whole = view.trimmed(sentence)
    starts = [whole.start]
    while (clause := view.clause(Span(starts[-1], starts[-1] + 1))).end < whole.end:
        after = view.trimmed(Span(clause.end + 1, whole.end))
        if after.start <= starts[-1]:
            break
        starts.append(after.start)
    for place, start in enumerate(starts[:MOST_CODES]):
        quote = whole if place < 2 else Span(start, whole.end)  # noqa: PLR2004 (the first two tell it all)
        for what, who in _told_of(view, Span(start, whole.end)):
            codes: Codes = {
                "period": (UNDATED, "no date is told"),
                "who": (who, "named before what happened" if who else ""),
                "what": (what, "what the sentence says"),
                "quote": (view.words(quote), "the sentence"),
                "occurrence": (view.occurrence(quote), ""),
            }
            yield Candidate.of("events", codes, (2, place != 1, not who, place))
