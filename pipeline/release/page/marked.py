"""Mark passages in a text: spans may lie in each other, and may overlap.

Nested spans become nested elements, so that the whole passage is lit when its element is the
target. Where spans cross, the one that is cut goes on in a second element, and a style rule of its
own lights that too. Every character of the text stays, and nothing else gets in: what is added for
readers is an attribute, or drawn by the style sheet.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup, escape


class Span(NamedTuple):
    """A passage of a text, from `start` to before `end` (code points); without an anchor it is a
    mention, else a fact's.
    """

    start: int
    end: int
    kind: str
    """Its classes."""

    label: str
    """The title of a mention; of a fact the name of the link back, which leads to `back`."""

    anchor: str | None = None
    back: str = ""

    def start_tag(self, name: str) -> Markup:
        """Return the tag that opens the passage; `name` tells it from the others of its text."""
        if self.anchor is None:
            return Markup('<span class="{}" title="{}">').format(self.kind, self.label)
        return Markup('<mark id="{}" class="{} {}">').format(self.anchor, self.kind, name)

    def start_tag_again(self, name: str) -> Markup:
        """Return the tag that opens what is left of a passage that was cut."""
        if self.anchor is None:
            return Markup('<span class="{}">').format(self.kind)
        return Markup('<mark class="{} {}-more">').format(self.kind, name)

    def end_tag(self, *, is_cut: bool) -> Markup:
        """Return what closes the passage; that of a fact has the link back, once it is whole."""
        if self.anchor is None:
            return Markup("</span>")
        back = Markup('<a class="back" href="{}" aria-label="{}"></a>').format(
            self.back, self.label
        )
        return Markup("</mark>") if is_cut else back + Markup("</mark>")


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Return spans as `marked` takes them: the longest first, so that the shorter ones lie in it;
    facts before mentions.
    """
    return sorted(spans, key=lambda span: (span.start, -span.end, span.anchor is None, span.anchor))


def marked(text: str, spans: Iterable[Span], offset: int = 0) -> tuple[Markup, list[str]]:
    """Return the text with its passages marked, and the classes of those that had to be cut;
    `spans` are in their order.

    `offset` is the place in the source of the first character of `text`.
    """
    pieces: list[Markup] = []
    cut: set[str] = set()
    stack: list[tuple[Span, str]] = []
    done = 0
    for number, span in enumerate([*_within(spans, offset, len(text)), None], start=1):
        next_start = span.start if span else len(text)
        while stack and (edge := min(opened.end for opened, _ in stack)) <= next_start:
            pieces += [escape(text[done:edge]), *_closed(stack, edge, cut)]
            done = edge
        pieces.append(escape(text[done:next_start]))
        done = next_start
        if span:
            name = f"passage-{number}"
            pieces.append(span.start_tag(name))
            stack.append((span, name))
    return Markup("").join(pieces), sorted(cut)


def _within(spans: Iterable[Span], offset: int, length: int) -> Iterator[Span]:
    """Yield the spans that lie in so many characters from an offset on, with their places in
    these.
    """
    for span in spans:
        moved = span._replace(start=span.start - offset, end=span.end - offset)
        if 0 <= moved.start < moved.end <= length:
            yield moved


def _closed(stack: list[tuple[Span, str]], edge: int, cut: set[str]) -> list[Markup]:
    """Return the tags that close what ends here, and what lies in it; the latter goes on."""
    tags: list[Markup] = []
    go_on: list[tuple[Span, str]] = []
    while any(span.end == edge for span, _ in stack):
        span, name = stack.pop()
        tags.append(span.end_tag(is_cut=span.end != edge))
        if span.end != edge:
            go_on.append((span, name))
    for span, name in reversed(go_on):
        stack.append((span, name))
        cut.add(name)
        tags.append(span.start_tag_again(name))
    return tags
