"""The text as the page shows it: paragraphs of sentences, with each mention in its role.

Belongs here: from a state to what the template shows. Does not belong here: roles (desk), or
markup.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.enter.desk import Item, State
from pipeline.enter.text_view import Span, TextView, begun_in

ROLES = {
    "covered": "entered",
    "waived": "waived",
    "label": "needs no row",
    "open": "to be entered",
    "wrong": "in a row with a defect",
    "bare": "nothing of it is entered",
}
"""What is said of each role."""


class Piece(NamedTuple):
    """Words of a sentence; with an item, they are one."""

    words: str
    item: Item | None
    title: str


class Sentence(NamedTuple):
    """A sentence, or what stands between two of them (without an item)."""

    item: Item | None
    pieces: list[Piece]


def paragraphs(state: State) -> list[list[Sentence]]:
    """Return the text of a state, paragraph by paragraph."""
    view = state.view
    if view is None:
        return []
    shown = sorted(
        (one for one in state.items.values() if one.key[0] in "mq"), key=lambda one: one.span
    )
    return [_paragraph(view, span, state.items, shown) for span in view.paragraphs]


def _paragraph(
    view: TextView, paragraph: Span, items: dict[str, Item], shown: list[Item]
) -> list[Sentence]:
    """Return the sentences of a paragraph, and what stands before and after each."""
    sentences = view.sentences_of(paragraph)
    ends = [at for span in sentences for at in span]
    parts = map(Span, [paragraph.start, *ends], [*ends, paragraph.end])
    return [
        Sentence(items.get(f"s{part.start}"), list(_pieces(view, part, shown)))
        for part in parts
        if part.start < part.end
    ]


def _pieces(view: TextView, span: Span, shown: list[Item]) -> Iterator[Piece]:
    """Yield the words of a passage; of what stands in quotation marks, the first mark is the
    item.
    """
    at = span.start
    for item in begun_in(span, shown, lambda one: one.span.start):
        mark = item.span if item.key[0] == "m" else Span(item.span.start, item.span.start + 1)
        if at <= mark.start and mark.end <= span.end:
            yield Piece(view.text[at : mark.start], None, "")
            words = view.words(item.span)
            yield Piece(view.text[mark.start : mark.end], item, f"{words}: {ROLES[item.role]}")
            at = mark.end
    yield Piece(view.text[at : span.end], None, "")
