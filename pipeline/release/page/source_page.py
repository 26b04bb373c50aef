"""The pages of sources: the text with every fact's words marked, or, where it may not be
republished, the quoted passages.

Belongs here: what stands on them. Does not belong here: how passages are marked (marked).
"""

from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

import polars as pl
from markupsafe import Markup

from pipeline.built import Tables
from pipeline.release.edition import Edition
from pipeline.release.page import facts as on_index
from pipeline.release.page import words
from pipeline.release.page.marked import Span, in_order, marked
from schemas.raw_files import ENTERED


def source_contexts(edition: Edition, *, are_listed: bool) -> Iterator[dict[str, Any]]:
    """Yield what the template needs of each source; `are_listed` says whether index.html has a row
    for each fact.
    """
    quoted = _by_source(_passages(edition.tables, edition.facts).sort("start", "end", "fact_id"))
    mentioned = _by_source(edition.tables["mentions"].sort("start_offset", maintain_order=True))
    files = edition.files
    for source in on_index.described_sources(edition):
        source_id = source["source_id"]
        facts, mentions = (
            of[source_id,].to_dicts() if (source_id,) in of else [] for of in (quoted, mentioned)
        )
        text = (
            normalize("NFC", files[source_id].decode("utf-8-sig")) if source_id in files else None
        )
        is_marked = len(facts) <= on_index.LIMIT
        shown = _shown(
            text, facts if is_marked else [], mentions if is_marked else [], are_listed=are_listed
        )
        yield {"source": source, "facts": len(facts), "is_marked": is_marked, **shown}


def _shown(
    text: str | None, facts: words.Rows, mentions: words.Rows, *, are_listed: bool
) -> dict[str, Any]:
    """Return a text with its facts and mentions marked or, where there is none, the passages of the
    facts.
    """
    of_facts = [_fact_span(fact, is_listed=are_listed) for fact in facts]
    of_mentions = [*map(mention_span, mentions)]
    whole, cut = (
        marked(text, in_order([*of_facts, *of_mentions])) if text is not None else (None, [])
    )
    passages = (
        [_quoted(*pair, of_mentions) for pair in zip(facts, of_facts, strict=True)]
        if text is None
        else []
    )
    return {"text": whole, "cut": cut, "passages": passages, "mentions": mentions}


def _by_source(rows: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    return rows.partition_by("source_id", as_dict=True, maintain_order=True)


def _passages(tables: Tables, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the passage of every fact: fact_id, source_id, type, quote and its context, start and
    end, what and as_printed.
    """
    columns = ("fact_id", "source_id", "quote", "quote_prefix", "quote_suffix")
    rows = pl.concat(
        tables[name].select(*columns, start="quote_start", end="quote_end") for name in ENTERED
    )
    return rows.join(facts.select("fact_id", "type", "what", "as_printed"), on="fact_id")


def _fact_span(fact: dict[str, Any], *, is_listed: bool) -> Span:
    printed = "" if fact["type"] == "statement" else f", {fact['as_printed']}"
    row = words.fact_anchor(fact["fact_id"]) if is_listed else "facts"
    return Span(
        fact["start"],
        fact["end"],
        kind=fact["type"],
        label=f"Back to the fact: {fact['what']}{printed}",
        anchor=words.local(fact["fact_id"]),
        back=f"../index.html#{row}",
    )


def mention_span(mention: dict[str, Any]) -> Span:
    """Return the span of a row of the table `mentions`."""
    role = mention["role"]
    return Span(
        mention["start_offset"], mention["end_offset"], kind=f"mention role-{role}", label=role
    )


def _quoted(fact: dict[str, Any], span: Span, mentions: list[Span]) -> dict[str, Any]:
    """Return the passage of a fact of a source that shows no more of its text."""
    quoted, _ = marked(fact["quote"], [span, *mentions], span.start)
    return {
        "what": fact["what"],
        "quoted": Markup("{}{}{}").format(fact["quote_prefix"], quoted, fact["quote_suffix"]),
    }
