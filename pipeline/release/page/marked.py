"""Mark passages in a text: spans may lie in each other, and may overlap.

Nested spans become nested elements, so that the whole passage is lit when its element is the target. Where spans cross, the one
that is cut goes on in a second element, and a style rule of its own lights that too. Every character of the text stays, and
nothing else gets in: what is added for readers is an attribute, or drawn by the style sheet. Tags are made for many sources at
once, as columns; a text is cut and put together again in one loop.
"""

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

import polars as pl
from markupsafe import Markup, escape

_SPECIAL = {character: str(escape(character)) for character in "&<>'\""}

_SEAM = "\ud800"
"""Stands between pieces of a text that are escaped together: no UTF-8 holds it."""


class Span(NamedTuple):
    """A passage of a text, from `start` to before `end` (code points), with its tags; without an anchor it is a mention."""

    start: int
    end: int
    anchor: str | None
    kind: str
    """Classes, escaped like all that follows."""

    opening: str
    """The start tag; that of a fact ends within its classes."""

    closing: str


def escaped(text: pl.Expr) -> pl.Expr:
    """Return a text as markupsafe.escape writes it."""
    return text.str.replace_many(list(_SPECIAL), list(_SPECIAL.values()))


def fact_spans(rows: pl.DataFrame, kind: pl.Expr, label: pl.Expr, anchor: pl.Expr, back: pl.Expr) -> pl.DataFrame:
    """Return the spans of facts, with all columns of `rows`, which has start and end; the label names the link back."""
    kind, label, name, back = (escaped(text) for text in (kind, label, anchor, back))
    return rows.with_columns(
        anchor=anchor,
        kind=kind,
        opening=pl.format('<mark id="{}" class="{}', name, kind),
        closing=pl.format('<a class="back" href="{}" aria-label="{}"></a></mark>', back, label),
    )


def mention_spans(rows: pl.DataFrame, label: pl.Expr) -> pl.DataFrame:
    """Return the spans of mentions, with all columns of `rows`, which has start_offset, end_offset and role."""
    kind = pl.format("mention role-{}", escaped(pl.col("role")))
    return rows.with_columns(
        start=pl.col("start_offset"),
        end=pl.col("end_offset"),
        anchor=pl.lit(None, pl.String),
        kind=kind,
        opening=pl.format('<span class="{}" title="{}">', kind, escaped(label)),
        closing=pl.lit("</span>"),
    )


def in_order(spans: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return spans as `marked` takes them: the longest first, so that the shorter ones lie in it; facts before mentions."""
    descending = [False] * len(by) + [False, True, False]
    return spans.sort(*by, "start", "end", "anchor", descending=descending, nulls_last=True, maintain_order=True)


def listed(spans: pl.DataFrame) -> list[Span]:
    """Return the rows of a table of spans."""
    return list(map(Span, *(spans[name].to_list() for name in Span._fields)))


def marked(text: str, spans: Iterable[Span], offset: int = 0) -> tuple[Markup, list[str]]:
    """Return the text with its passages marked, and the classes of those that had to be cut; `spans` are in their order.

    `offset` is the place in the source of the first character of `text`.
    """
    pieces: list[str] = []
    tags: list[str] = []
    cut: set[str] = set()
    stack: list[tuple[Span, str]] = []
    ends: list[int] = []
    limit = offset + len(text)
    done = offset
    inside = [span for span in spans if offset <= span.start < span.end <= limit]
    for number, span in enumerate([*inside, None], start=1):
        next_start = span.start if span else limit
        while ends and (edge := min(ends)) <= next_start:
            pieces.append(text[done - offset : edge - offset])
            done = edge
            tags.append(_closed(stack, ends, edge, cut))
        if span:
            pieces.append(text[done - offset : next_start - offset])
            done = next_start
            tags.append(f'{span.opening} passage-{number}">' if span.anchor is not None else span.opening)
            stack.append((span, f"passage-{number}"))
            ends.append(span.end)
    pieces.append(text[done - offset :])
    whole = str(escape(_SEAM.join(pieces))).split(_SEAM)
    return Markup("".join(chain.from_iterable(zip(whole, [*tags, ""], strict=True)))), sorted(cut)  # noqa: S704 (all is escaped)


def _closed(stack: list[tuple[Span, str]], ends: list[int], edge: int, cut: set[str]) -> str:
    """Return the tags that close what ends here, and what lies in it; the latter goes on."""
    tags: list[str] = []
    go_on: list[tuple[Span, str]] = []
    while edge in ends:
        span, name = stack.pop()
        if ends.pop() == edge:
            tags.append(span.closing)
        else:
            go_on.append((span, name))
            tags.append("</span>" if span.anchor is None else "</mark>")
    for span, name in reversed(go_on):
        stack.append((span, name))
        ends.append(span.end)
        cut.add(name)
        tags.append(f'<span class="{span.kind}">' if span.anchor is None else f'<mark class="{span.kind} {name}-more">')
    return "".join(tags)
