"""The observations that a number of a text could be.

Belongs here: what a number could be of, by the names around it. Does not belong here: its quotes
(number_quotes), events and statements.
"""

from collections.abc import Iterator
from itertools import islice, product
from typing import NamedTuple

from pipeline.built import Row
from pipeline.enter.candidate import MOST_CODES, Candidate, Codes
from pipeline.enter.number_quotes import clumsiness, quotes_of
from pipeline.enter.text_view import Name, Span, TextView, distinct
from pipeline.evidence.uncovered import value_and_relator

NOWHERE = Span(-1, -1)
"""Where a name stands that is tried for want of any."""

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
    hedge = f"the words at the number: {item['words']}" if relator else ""
    around = "the number, and the words around it that say what it is"
    for quote in quotes_of(view, item, span):
        printed: Codes = {
            "period": view.period_in(quote),
            "value": (value, f"as printed: {item['number_words']}"),
            "relator": (relator, hedge),
            "quote": (view.words(quote), around),
            "occurrence": (view.occurrence(quote), ""),
        }
        has_date = bool(printed["period"][0])
        cost = clumsiness(view, span, quote, has_date=has_date)
        meanings = _meanings(view, item, span, quote)
        for one, (told, speaker) in product(meanings, enumerate(_speakers(view, span))):
            # the date of the quote, else that of the heading over it
            both = one.cells | printed if has_date else printed | one.cells
            said = (speaker, "who speaks in this sentence" if speaker else "")
            far = (len(one.doubts), *cost, told, *one.order, quote.end - quote.start)
            both |= {"attributed_to": said}
            yield Candidate.of("observations", both, far, one.doubts)


def _speakers(view: TextView, span: Span) -> list[str]:
    """Return who may claim a number: nobody, or who is named nearest to it in its sentence."""
    agents = distinct(view.nearest("agents", span, view.sentence(span.start)))
    return ["", *(one.code for one in agents[:1])]


class Meaning(NamedTuple):
    """What a number could be of: cells, which of them are doubtful, and how far-fetched (least
    first).
    """

    cells: Codes
    doubts: tuple[str, ...]
    order: tuple[int, ...]


def _meanings(view: TextView, item: Row, span: Span, quote: Span) -> Iterator[Meaning]:
    """Yield what a number in a quote could be of: indicator, area, category and label_quote."""
    named = _codes(view, "indicators", span, quote)
    indicators = [one for one in named if _fits(item, view.codes["indicators"][one.code])]
    areas = _in_words(view, _codes(view, "areas", span, quote)) or [
        Name(NOWHERE, code) for code, row in view.codes["areas"].items() if not row["parent"]
    ]
    for far, indicator in enumerate(indicators[:MOST_CODES]):
        level = view.codes["indicators"][indicator.code]["area_level"]
        fitting = [one for one in areas if level in {None, view.codes["areas"][one.code]["level"]}]
        for off, area in enumerate(fitting[:MOST_CODES]):
            for one in _named(view, item, quote, (indicator, area)):
                is_lost, unnamed, has_label = one.order
                # where one area fits alone, none has to be named
                doubts = one.doubts if len(fitting) > 1 else one.doubts[: "indicator" in one.doubts]
                yield Meaning(one.cells, doubts, (is_lost, far, unnamed, has_label, off))


def _named(view: TextView, item: Row, quote: Span, names: tuple[Name, Name]) -> Iterator[Meaning]:
    """Yield the cells of an indicator and an area, with each label that may name them; the order is
    whether a category is lost, how much is not named, and whether there is a label.
    """
    span = Span(item["start"], item["end"])
    category, is_lost = _category_in(view, names[0], quote, span)
    named = [quote.has(one.span) for one in names]
    codes: Codes = {
        "indicator": (names[0].code, _why(view, names[0], quote)),
        "area": (names[1].code, _why(view, names[1], quote)),
        "category": (category, "named in the quote" if category else ""),
    }
    for label, why, has in _labels(view, item, names, named):
        cells = codes | {"label_quote": (view.words(label) if label else "", why)}
        is_heading = label is not None and _is_over_list(view, label, span)
        if label and is_heading:
            cells["period"] = view.period_in(label)
        doubts = _doubts(view, names, quote, has if is_heading else (False, False))
        yield Meaning(cells, doubts, (is_lost, 2 * (not has[0]) + (not has[1]), bool(label)))


def _category_in(view: TextView, indicator: Name, quote: Span, span: Span) -> tuple[str, bool]:
    """Return the category that a quote names of an indicator, and whether it leaves one out."""
    tree = view.codes["indicators"][indicator.code]["category_tree"]
    category = _category(view, tree, quote, span)
    return category, not category and _is_categorised(view, tree, span)


def _is_over_list(view: TextView, label: Span, span: Span) -> bool:
    """Whether words elsewhere are over a number: a heading is over a list, not over sentences."""
    paragraph = view.paragraph(span.start)
    return not label.meets(paragraph) and not view.is_assertion(paragraph)


def _doubts(
    view: TextView, names: tuple[Name, Name], quote: Span, in_heading: tuple[bool, bool]
) -> tuple[str, ...]:
    """Return of indicator and area what neither the sentence of a number names nor its heading."""
    sentence = view.sentence(quote.start)
    named = [sentence.has(one.span) for one in names]
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
    if name.span == NOWHERE:
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
        if not named[place] and one.span != NOWHERE:
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
