"""The page of one source: its text with every fact's words marked, or, where it may not be republished, the quoted passages.

Belongs here: what stands on it. Does not belong here: how passages are marked (marked).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from pipeline.release.page import facts as listed
from pipeline.release.page import words
from pipeline.release.page.marked import Span, marked

_TYPES = {"observations": "observation", "events": "event", "statements": "statement"}


def passages(tables: Mapping[str, pl.DataFrame], facts: pl.DataFrame) -> pl.DataFrame:
    """Return the passage of every fact: fact_id, source_id, type, quote and its context and span, what and as_printed."""
    columns = ("fact_id", "source_id", "quote", "quote_prefix", "quote_suffix", "quote_start", "quote_end")
    rows = pl.concat(tables[name].select(*columns, type=pl.lit(kind)) for name, kind in _TYPES.items())
    named = rows.join(facts.select("fact_id", "what", "as_printed"), on="fact_id", how="left")
    return named.sort("source_id", "quote_start", "quote_end", "fact_id")


def source_context(
    source: dict[str, Any], text: str | None, rows: pl.DataFrame, numerals: pl.DataFrame, *, are_listed: bool
) -> dict[str, Any]:
    """Return what the template of a source page needs.

    `text` is None where it may not be republished; `rows` are the passages and `numerals` the numerals of this source, both in
    their order; `are_listed` says whether index.html has a row for each fact.
    """
    is_marked = rows.height <= listed.LIMIT
    spans = [_fact_span(row, are_listed=are_listed) for row in rows.iter_rows(named=True)] if is_marked else []
    roles = [_numeral_span(row) for row in numerals.iter_rows(named=True)] if is_marked else []
    whole, cut = marked(text, [*spans, *roles]) if text is not None else (None, [])
    quoted = []
    if text is None and is_marked:
        quoted = [_passage(row, span, roles) for row, span in zip(rows.iter_rows(named=True), spans, strict=True)]
    return {
        "source": source,
        "text": whole,
        "cut": cut,
        "passages": quoted,
        "facts": rows.height,
        "is_marked": is_marked,
        "are_listed": are_listed,
        "numerals": numerals.rows(named=True) if is_marked else [],
    }


def _fact_span(row: dict[str, Any], *, are_listed: bool) -> Span:
    back = f"../index.html#{words.fact_anchor(row['fact_id']) if are_listed else 'facts'}"
    label = f"Back to the fact: {row['what']}" + (f", {row['as_printed']}" if row["type"] != "statement" else "")
    return Span(row["quote_start"], row["quote_end"], row["type"], label, words.local(row["fact_id"]), back)


def _numeral_span(row: dict[str, Any]) -> Span:
    return Span(row["start"], row["end"], f"role-{row['role']}", f"numeral: {row['role']}")


def _passage(row: dict[str, Any], span: Span, roles: list[Span]) -> dict[str, Any]:
    quoted, _ = marked(row["quote"], [span, *roles], row["quote_start"])
    return {**row, "quoted": Markup("{}{}{}").format(row["quote_prefix"], quoted, row["quote_suffix"])}
