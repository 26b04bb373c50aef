"""The observations that a number of a text could be.

Belongs here: quotes around a number, and what it could be a number of. Does not belong here: events
and statements.
"""

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.built import Row
from pipeline.enter.candidate import MOST_CODES, Candidate
from pipeline.enter.text_view import Name, Span, TextView, distinct
from pipeline.evidence.uncovered import value_and_relator

MOST_NAMES = 24
"""Codes of a list that are looked at for one that fits."""

FARTHEST = 4_000
"""Characters around a number in which it is sought what it could be a number of."""

LONGEST_HEADING = 150
"""Characters of a heading that may name the indicator, the area and the unit of a list."""

LONGEST_LABEL = 60
"""Characters of words elsewhere that name the indicator with its unit: percent of all clubs."""


def observations(view: TextView, item: Row, span: Span) -> Iterator[Candidate]:
    """Yield the observations that a number could be."""
    value, relator = value_and_relator(item)
    for quote in _quotes(view, item, span):
        period, why_period = view.period_in(quote)
        printed = {
            "period": period,
            "value": value,
            "relator": relator,
            "quote": view.words(quote),
            "occurrence": view.occurrence(quote),
        }
        why = {
            "value": f"as printed: {item['number_words']}",
            "relator": f"the words at the number: {item['words']}" if relator else "",
            "period": why_period,
            "quote": "the number, and the words around it that say what it is",
        }
        cost = _clumsiness(view, span, quote, period)
        for codes, doubts, told in _meanings(view, item, span, quote):
            cells = {column: code for column, (code, _) in codes.items()}
            reasons = {column: reason for column, (_, reason) in codes.items()} | why
            if not period and cells.get("period"):  # the heading over it has a date
                printed, reasons = (
                    printed | {"period": cells["period"]},
                    reasons | {"period": codes["period"][1]},
                )
            far = (len(doubts), *cost, *told, quote.end - quote.start)
            yield Candidate("observations", cells | printed, reasons, far, doubts)


def _clumsiness(view: TextView, span: Span, quote: Span, period: str) -> tuple[int, int, int]:
    """Return what speaks against a quote: half a pair of brackets, a date of its sentence that it
    leaves out, and other numbers in it.
    """
    words = view.words(quote)
    sentence = view.sentence(span.start)
    dated = bool(view.periods_in(Span(sentence.start, span.start)))
    others = [one for one in view.mentions_in(quote, "quantity") if one["start"] != span.start]
    halves = re.sub(r"\([^()]*\)", "", words)
    return "(" in halves or ")" in halves, dated and not period, len(others)


def _quotes(view: TextView, item: Row, span: Span) -> list[Span]:
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


Codes = dict[str, tuple[str, str]]
"""Cells and why, by column."""


def _meanings(
    view: TextView, item: Row, span: Span, quote: Span
) -> Iterator[tuple[Codes, tuple[str, ...], tuple[int, ...]]]:
    """Yield what a number in a quote could be of: the cells indicator, area, category, label_quote
    and attributed_to, which of them are doubtful, and how far-fetched.
    """
    indicators = _fitting(view, item, _codes(view, "indicators", span, quote))
    areas = _in_words(view, _codes(view, "areas", span, quote)) or [
        Name(quote, code) for code, row in view.codes["areas"].items() if not row["parent"]
    ]
    agents = distinct(view.nearest("agents", span, view.sentence(span.start)))
    speakers = ["", *(one.code for one in agents)][:2]
    for far, indicator in enumerate(indicators[:MOST_CODES]):
        level = view.codes["indicators"][indicator.code]["area_level"]
        fitting = [one for one in areas if level in {None, view.codes["areas"][one.code]["level"]}]
        is_only = len({one.code for one in fitting}) == 1
        for off, area in enumerate(fitting[:MOST_CODES]):
            for cells, doubts, cost in _named(view, item, quote, (indicator, area)):
                left = tuple(one for one in doubts if not (is_only and one == "area"))
                for told, speaker in enumerate(speakers):
                    said = (speaker, "who speaks in this sentence" if speaker else "")
                    is_lost, unnamed, has_label = cost
                    told_cost = (told, is_lost, far, unnamed, has_label, off)
                    yield cells | {"attributed_to": said}, left, told_cost


def _fitting(view: TextView, item: Row, indicators: list[Name]) -> list[Name]:
    """Return the indicators that a number with this unit can be of."""
    return [one for one in indicators if _fits(item, view.codes["indicators"][one.code])]


def _named(
    view: TextView, item: Row, quote: Span, names: tuple[Name, Name]
) -> Iterator[tuple[Codes, tuple[str, ...], tuple[int, int, int]]]:
    """Yield the cells of an indicator and an area, with each label that may name them, which of the
    two are doubtful, and whether a category is lost, how much is not named, and whether there is a
    label.
    """
    indicator, area = names
    span = Span(item["start"], item["end"])
    tree = view.codes["indicators"][indicator.code]["category_tree"]
    category = _category(view, tree, quote, span)
    is_lost = not category and _is_categorised(view, tree, span)
    named = [quote.has(one.span) and one.span != quote for one in names]
    for label, why_label, has in _labels(view, item, names, named):
        is_heading = label is not None and _is_over_list(view, label, span)
        cells: Codes = {
            "indicator": (indicator.code, _why(view, indicator, quote)),
            "area": (area.code, _why(view, area, quote)),
            "category": (category, "named in the quote" if category else ""),
            "label_quote": (view.words(label) if label else "", why_label),
        }
        if label and is_heading:
            cells["period"] = view.period_in(label)
        doubts = _doubts(view, names, quote, has if is_heading else (False, False))
        yield cells, doubts, (is_lost, 2 * (not has[0]) + (not has[1]), bool(label))


def _is_over_list(view: TextView, label: Span, span: Span) -> bool:
    """Whether words elsewhere are over a number: a heading is over a list, not over sentences."""
    paragraph = view.paragraph(span.start)
    return not label.meets(paragraph) and not view.is_assertion(paragraph)


def _doubts(
    view: TextView, names: tuple[Name, Name], quote: Span, in_heading: tuple[bool, bool]
) -> tuple[str, ...]:
    """Return of indicator and area what neither the sentence of a number names nor its heading."""
    sentence = view.sentence(quote.start)
    named = [sentence.has(one.span) and one.span != quote for one in names]
    columns = zip(("indicator", "area"), named, in_heading, strict=True)
    return tuple(column for column, *is_named in columns if not any(is_named))


def _codes(view: TextView, name: str, span: Span, quote: Span) -> list[Name]:
    """Return the codes of a list that are named in a quote, its sentence, its paragraph, or before
    it, each once, the nearest first.
    """
    places = (
        quote,
        view.sentence(span.start),
        view.paragraph(span.start),
        Span(max(span.start - FARTHEST, 0), span.start),
        Span(max(span.start - FARTHEST, 0), span.end + FARTHEST),
    )
    return list(
        islice(
            distinct(one for place in places for one in view.nearest(name, span, place)),
            MOST_NAMES,
        )
    )


def _in_words(view: TextView, names: list[Name]) -> list[Name]:
    """Return names with those first, of several at one place, of whose label other words stand in
    their paragraph, too: Almaty among oblasts is the oblast.
    """

    def unsaid(one: Name) -> bool:
        own = set(view.words(one.span).casefold().split())
        words = str(view.codes["areas"][one.code]["label"]).casefold().split()
        around = view.words(view.paragraph(one.span.start)).casefold()
        return not all(word in around for word in words if word not in own)

    places = list(dict.fromkeys(one.span for one in names))
    return sorted(names, key=lambda one: (places.index(one.span), unsaid(one)))


def _fits(item: Row, indicator: Row) -> bool:
    """Whether the unit and the per of a number can be an indicator's."""
    per = (indicator["per"] or "").split(" ")[0]
    return item["unit"] in {"", indicator["unit"]} and (
        not item["per"] or item["per"].split(" ")[0] == per
    )


def _why(view: TextView, name: Name, quote: Span) -> str:
    if name.span == quote:
        return "no area is named"
    place = "in the quote" if quote.has(name.span) else "nearest to it"
    return f"named {place}: {view.words(name.span)}"


def _category(view: TextView, tree: str | None, quote: Span, span: Span) -> str:
    fitting = [
        one.code
        for one in view.nearest("categories", span, quote)
        if view.codes["categories"][one.code]["tree"] == tree
    ]
    return fitting[0] if fitting else ""


def _is_categorised(view: TextView, tree: str | None, span: Span) -> bool:
    """Whether the clause of a number names a category, or its sentence just one."""
    named = [one.code for one in view.named("categories", view.sentence(span.start))]
    own = {code for code in named if view.codes["categories"][code]["tree"] == tree}
    return len(own) == 1 or bool(_category(view, tree, view.clause(span), span))


def _labels(
    view: TextView, item: Row, names: tuple[Name, Name], named: list[bool]
) -> Iterator[tuple[Span | None, str, tuple[bool, bool]]]:
    """Yield words elsewhere that name what a quote does not: the label, why, and whether indicator
    and area are then named.
    """
    yield None, "", (named[0], named[1])
    for place, (one, what) in enumerate(zip(names, ("indicator", "area"), strict=True)):
        if not named[place]:
            label = _with_unit(view, item, one.span) if what == "indicator" else one.span
            has = (named[0] or place == 0, named[1] or place == 1)
            yield label, f"the nearest words that name the {what}", has
            heading = view.trimmed(view.paragraph(one.span.start))
            is_short = heading.end - heading.start <= LONGEST_HEADING
            if is_short and not view.is_assertion(view.paragraph(one.span.start)):
                in_heading = heading.has(names[0].span), heading.has(names[1].span)
                both = (named[0] or in_heading[0], named[1] or in_heading[1])
                yield heading, "the heading over it", both


def _with_unit(view: TextView, item: Row, name: Span) -> Span:
    """Return a name with the unit before it: percent of all clubs."""
    before = Span(max(name.end - LONGEST_LABEL, 0), name.end)
    for one in view.mentions_in(before, "quantity"):
        if item["unit"] and one["unit"] == item["unit"]:
            return view.trimmed(Span(one["number_end"], name.end))
    return name
