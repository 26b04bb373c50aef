"""The pages of sources: the text with every fact's words marked, or, where it may not be republished, the quoted passages.

Belongs here: what stands on them, made for a batch of sources at once. Does not belong here: how passages are marked (marked).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import polars as pl
from markupsafe import Markup

from pipeline.release.page import facts as on_index
from pipeline.release.page import marked, words
from pipeline.release.page.marked import Span

_TYPES = {"observations": "observation", "events": "event", "statements": "statement"}
_NUMERAL = '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td class="prose">{}</td></tr>\n'
"""A mention in the table under the text; there are too many for a template's loop."""


def passages(tables: Mapping[str, pl.DataFrame], facts: pl.DataFrame) -> pl.DataFrame:
    """Return the passage of every fact: fact_id, source_id, type, quote and its context, start and end, what and as_printed."""
    columns = ("fact_id", "source_id", "quote", "quote_prefix", "quote_suffix")
    rows = pl.concat(
        tables[name].select(*columns, start="quote_start", end="quote_end", type=pl.lit(kind)) for name, kind in _TYPES.items()
    )
    named = rows.join(facts.select("fact_id", "what", "as_printed"), on="fact_id", how="left")
    return named.with_columns(pl.col("what", "as_printed").fill_null(""))


def source_contexts(
    sources: list[dict[str, Any]],
    text_of: Callable[[str], str | None],
    quoted: pl.DataFrame,
    mentions: pl.DataFrame,
    *,
    are_listed: bool,
) -> Iterator[dict[str, Any]]:
    """Yield what the template needs of each of a batch of sources, of which all passages are held at once.

    `text_of` gives a text, or None where it may not be republished; `quoted` are the passages and `mentions` the mentions of all
    sources there are; `are_listed` says whether index.html has a row for each fact.
    """
    ids = [source["source_id"] for source in sources]
    quoted, mentions = (rows.filter(pl.col("source_id").is_in(ids)) for rows in (quoted, mentions))
    sizes = dict(quoted.group_by("source_id").len().iter_rows())
    too_many = [source_id for source_id, size in sizes.items() if size > on_index.LIMIT]
    quoted, mentions = (rows.filter(~pl.col("source_id").is_in(too_many)) for rows in (quoted, mentions))
    mentions = mentions.sort("source_id", "start_offset", maintain_order=True)
    table = dict(mentions.group_by("source_id").agg(_rows().str.join("")).iter_rows())
    facts, roles = _facts(quoted, are_listed=are_listed), marked.mention_spans(mentions, pl.format("{}", "role"))
    ordered = marked.in_order(pl.concat(rows.select("source_id", *Span._fields) for rows in (facts, roles)), "source_id")
    counts = dict(ordered.group_by("source_id").len().iter_rows())
    spans = iter(marked.listed(ordered))
    for source in sources:
        source_id = source["source_id"]
        own = list(islice(spans, counts.get(source_id, 0)))
        text = text_of(source_id)
        whole, cut = marked.marked(text, own) if text is not None else (None, [])
        yield {
            "source": source,
            "text": whole,
            "cut": cut,
            "passages": _passages(facts.filter(source_id=source_id), own) if text is None else [],
            "facts": sizes.get(source_id, 0),
            "is_marked": source_id not in too_many,
            "mentions": Markup(table.get(source_id, "")),  # noqa: S704 (its cells are escaped)
        }


def _facts(quoted: pl.DataFrame, *, are_listed: bool) -> pl.DataFrame:
    row = pl.lit(words.fact_anchor("")) + pl.col("fact_id") if are_listed else pl.lit("facts")
    printed = pl.when(pl.col("type") == "statement").then(pl.lit("")).otherwise(pl.format(", {}", "as_printed"))
    label = pl.format("Back to the fact: {}{}", "what", printed)
    return marked.fact_spans(quoted, pl.col("type"), label, _local(), pl.lit("../index.html#") + row)


def _local() -> pl.Expr:
    """Return a fact's name within its source, as words.local does."""
    return pl.coalesce(pl.col("fact_id").str.splitn("/", 2).struct.field("field_1"), "fact_id")


def _rows() -> pl.Expr:
    """Return a mention as a row of the table under the text."""
    printed, role, reason = (marked.escaped(pl.col(name).fill_null("")) for name in ("words", "role", "reason"))
    local = marked.escaped(_local())
    return pl.format(_NUMERAL, printed, role, pl.format('<a href="#{}">{}</a>', local, local).fill_null(""), reason)


def _passages(facts: pl.DataFrame, spans: list[Span]) -> list[dict[str, Any]]:
    """Return the passages of a source that shows no more of its text; `spans` are all of its spans."""
    mentions = [span for span in spans if span.anchor is None]
    starts = [span.start for span in mentions]
    shown = facts.sort("start", "end", "fact_id")
    passages = []
    for span, row in zip(marked.listed(shown), shown.iter_rows(named=True), strict=True):
        within = mentions[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        quoted, _ = marked.marked(row["quote"], [span, *within], span.start)
        passages.append(
            {"what": row["what"], "quoted": Markup("{}{}{}").format(row["quote_prefix"], quoted, row["quote_suffix"])}
        )
    return passages
