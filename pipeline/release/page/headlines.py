"""What the newest sources say first: their numbers of wholes, as printed, in the order of their
texts.

Belongs here: which sources and numbers head the page. Does not belong here: charts, which show
parts beside their wholes, or markup.
"""

from typing import Any

import polars as pl

from pipeline.intervals.period_words import period_in_words
from pipeline.release.edition import Edition
from pipeline.release.page.facts import described_sources

SOURCES = 4
"""Sources whose numbers head the page, the newest first."""

NUMBERS = 12
"""Numbers of a source that head the page."""

_PARTS = ("share", "multi_share")
_NO_COUNTS = ("ordinal", "duration")


def headlines(edition: Edition) -> list[dict[str, Any]]:
    """Return the newest sources, each with the first of its `numbers` that are of no part, and how
    many `more` it has.
    """
    newest = sorted(
        described_sources(edition),
        key=lambda source: (-source["published_latest"].toordinal(), source["source_id"]),
    )[:SOURCES]
    numbers = _numbers(edition)
    found = []
    for source in newest:
        of_source = numbers.filter(source_id=source["source_id"])
        shown = of_source.head(NUMBERS).to_dicts()
        for row in shown:
            row["when"] = period_in_words(row["period"])
        found.append({**source, "numbers": shown, "more": max(of_source.height - NUMBERS, 0)})
    return found


def _numbers(edition: Edition) -> pl.DataFrame:
    """Return the numbers of wholes, in the order of the texts."""
    kinds = edition.tables["indicators"].select("kind", indicator="code")
    placed = edition.tables["observations"].select("fact_id", "quote_start")
    rows = edition.facts.filter(pl.col("category").is_null()).join(kinds, on="indicator")
    rows = rows.filter(~pl.col("kind").is_in([*_PARTS, *_NO_COUNTS]))
    return rows.join(placed, on="fact_id").sort("source_id", "quote_start", "fact_id")
