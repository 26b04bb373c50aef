"""The statements that a sentence, or what stands in quotation marks, could be.

Belongs here: who says it, in which office, on which occasion, as far as the words tell. Does not
belong here: numbers and events.
"""

import re
from collections.abc import Iterator
from itertools import product

from pipeline.enter.candidate import MOST_CODES, Candidate
from pipeline.enter.text_view import Name, Span, TextView, distinct

_HAS_A_WORD = re.compile(r"\w{4}")
_SHORT = re.compile(r"^\w{1,3}\s+")
"""The preposition of an occasion: said at the meeting."""


def statements(
    view: TextView, span: Span, publisher: str, *, is_speech: bool
) -> Iterator[Candidate]:
    """Yield the statements that a sentence, or what stands in quotation marks, could be."""
    quote = span if is_speech else view.sentence(span.start)
    printed = {"quote": view.words(quote), "occurrence": view.occurrence(quote)}
    why = {"quote": "all that stands in the quotation marks" if is_speech else "a sentence"}
    places = _places(view, quote)
    if not is_speech:
        periods = dict.fromkeys([view.period_in(quote)[0], ""])
        for order, (period, place) in enumerate(product(periods, places)):
            cells = {"who": publisher, "speech": "narrative", "period": period, "where": place}
            because = why | {"who": "the publisher, in its own voice"}
            yield Candidate("statements", printed | cells, because, (1, order))
    for rank, speaker in enumerate(_speakers(view, quote)[:MOST_CODES]):
        speech = "direct" if is_speech else "indirect"
        said = {**printed, "who": speaker.code, "speech": speech}
        because = why | {"who": f"named with it: {view.words(speaker.span)}"}
        circumstances = [*_circumstances(view, speaker), *({"where": one} for one in places)]
        for order, more in enumerate(circumstances):
            yield Candidate("statements", said | more, because, (0, order, rank))


def _speakers(view: TextView, quote: Span) -> list[Name]:
    """Return who may say it: who is named nearest to a word of saying, after it or around it."""
    rest = Span(quote.end, max(view.sentence(quote.end - 1).end, quote.end))
    around = view.nearest("agents", quote, view.paragraph(quote.start))
    named = [*view.named("agents", rest), *around]
    return distinct(sorted(named, key=lambda one: _far_from_saying(view, one.span)))


def _places(view: TextView, quote: Span) -> list[str]:
    """Return the area that a quote names, where it names one that is nobody, too, and none."""
    agents = {one.span for one in view.named("agents", quote)}
    areas = [one for one in view.named("areas", quote) if one.span not in agents]
    return [areas[0].code, ""] if len({one.span for one in areas}) == 1 else [""]


def _circumstances(view: TextView, speaker: Name) -> Iterator[dict[str, str]]:
    """Yield in which office, on which occasion, when and where something is said, as far as the
    sentence of the speaker tells, the most first.
    """
    sentence = view.trimmed(view.sentence(speaker.span.start))
    occasion = _occasion(view, speaker, sentence)
    dates = [one["period"] for one in view.periods_in(sentence) if one["words"] in occasion]
    areas = [one.code for one in view.named("areas", sentence) if view.words(one.span) in occasion]
    office = _office(view, speaker, sentence)
    for area, held in product(dict.fromkeys([*areas, ""]), dict.fromkeys([office, ""])):
        yield {
            "office": held,
            "occasion": occasion,
            "period": next(iter(dates), ""),
            "where": area,
        }


def _office(view: TextView, speaker: Name, sentence: Span) -> str:
    """Return what stands before a speaker's name, where that may be an office: President of."""
    spoken = [one.end for one in view.speech if one.end <= speaker.span.start]
    before = Span(max(sentence.start, *spoken, sentence.start), speaker.span.start)
    words = view.words(view.trimmed(before))
    is_office = _HAS_A_WORD.search(words) and not any(before.meets(one) for one in view.said)
    return words if is_office else ""


def _far_from_saying(view: TextView, name: Span) -> int:
    """Return how far a name is from the nearest word of saying."""
    gaps = (max(one.start - name.end, name.start - one.end, 0) for one in view.said)
    return min(gaps, default=0)


def _occasion(view: TextView, speaker: Name, sentence: Span) -> str:
    """Return what comes after a speaker and a word of saying: said at the meeting of clubs."""
    said = [one for one in view.said if speaker.span.end <= one.start <= speaker.span.end + 2]
    rest = view.words(Span(said[0].end, sentence.end)) if said else ""
    return _SHORT.sub("", rest) if _SHORT.match(rest) else ""
