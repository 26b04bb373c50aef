"""Mark passages in a text: spans may lie in each other, and may overlap.

Nested spans become nested elements, so that the whole passage is lit when its element is the target. Where spans cross, the one
that is cut goes on in a second element, and a style rule of its own lights that too. Every character of the text stays, and
nothing else gets in: what is added for readers is an attribute, or drawn by the style sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Span:
    """A passage of the text, from `start` to before `end` (code points); without an anchor it is a numeral."""

    start: int
    end: int
    kind: str
    label: str
    anchor: str | None = None
    back: str | None = None


def marked(text: str, spans: Iterable[Span], offset: int = 0) -> tuple[Markup, list[str]]:
    """Return the text with its passages marked, and the classes of those that had to be cut.

    `offset` is the place in the source of the first character of `text`.
    """
    # the longest first, so that the shorter ones lie in it; facts before numerals
    inside = [span for span in spans if offset <= span.start < span.end <= offset + len(text)]
    ordered = sorted(inside, key=lambda span: (span.start, -span.end, span.anchor is None, span.anchor or ""))
    names = {span: f"passage-{number}" for number, span in enumerate(ordered, start=1)}
    starting: dict[int, list[Span]] = {}
    for span in ordered:
        starting.setdefault(span.start, []).append(span)
    edges = sorted({offset, offset + len(text), *(end for span in ordered for end in (span.start, span.end))})
    pieces: list[str] = []
    cut: list[str] = []
    stack: list[Span] = []
    for edge, following in pairwise([*edges, offset + len(text)]):
        for span in _closed(stack, edge, pieces):
            stack.append(span)
            cut.append(names[span])
            pieces.append(_open_again(span, names[span]))
        for span in starting.get(edge, []):
            stack.append(span)
            pieces.append(_open(span, names[span]))
        pieces.append(escape(text[edge - offset : following - offset]))
    return Markup("".join(pieces)), sorted(set(cut))  # noqa: S704 (each piece is escaped where it is made)


def _closed(stack: list[Span], edge: int, pieces: list[str]) -> list[Span]:
    """Close what ends here, and what lies in it; return the latter, which goes on."""
    go_on: list[Span] = []
    while any(span.end == edge for span in stack):
        span = stack.pop()
        if span.end == edge:
            pieces.append(_back(span))
        else:
            go_on.append(span)
        pieces.append("</span>" if span.anchor is None else "</mark>")
    return go_on[::-1]


def _open(span: Span, name: str) -> str:
    if span.anchor is None:
        return f'<span class="numeral {escape(span.kind)}" title="{escape(span.label)}">'
    return f'<mark id="{escape(span.anchor)}" class="{escape(span.kind)} {name}">'


def _open_again(span: Span, name: str) -> str:
    if span.anchor is None:
        return f'<span class="numeral {escape(span.kind)}">'
    return f'<mark class="{escape(span.kind)} {name}-more">'


def _back(span: Span) -> str:
    return f'<a class="back" href="{escape(span.back)}" aria-label="{escape(span.label)}"></a>' if span.back else ""
