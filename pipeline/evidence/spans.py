"""Which spans of the texts lie inside which others: how facts, numerals, dates and names find each
other.

They are sought by position, never by trying every pair of one text, so that a text may be as long
as it likes.
"""

import polars as pl

FARTHEST = 2**32
"""No text has so many characters."""


def inside(
    rows: pl.DataFrame, spans: pl.DataFrame, *, start: str = "quote_start", end: str = "quote_end"
) -> pl.DataFrame:
    """Return the rows joined to the spans of their text that lie between their ends, in the order
    of the rows, then of the text.

    `rows` have source_id and the columns that `start` and `end` name; a row without them holds
    nothing. `spans` have source_id, start and end, and none is empty.
    """
    if rows.is_empty() or spans.is_empty():
        return pl.concat([rows.clear(), spans.drop("source_id").clear()], how="horizontal")
    texts = spans.select("source_id").unique(maintain_order=True).with_row_index("_text")
    ordered = spans.join(texts, on="source_id").sort("_text", "start", maintain_order=True)
    places = ordered.select(_place("start")).to_series()
    holding = rows.join(texts, on="source_id", maintain_order="left").drop_nulls([start, end])
    found = holding.with_columns(
        _first=places.search_sorted(holding.select(_place(start)).to_series()),
        _last=places.search_sorted(holding.select(_place(end)).to_series()),
    )
    pairs = (
        found.filter(pl.col("_first") < pl.col("_last"))
        .with_columns(_span=pl.int_ranges("_first", "_last"))
        .explode("_span")
    )
    held = ordered.drop("source_id", "_text")[pairs["_span"]]
    joined = pl.concat([pairs.drop("_text", "_first", "_last", "_span"), held], how="horizontal")
    return joined.filter(pl.col("end") <= pl.col(end))


def begun(rows: pl.DataFrame, spans: pl.DataFrame, *, at: str) -> pl.DataFrame:
    """Return the last span of its text that begins at or before a position of each row, without
    source_id; none: nulls.

    `rows` have source_id and the column that `at` names; `spans` have source_id and start.
    """
    if rows.is_empty() or spans.is_empty():
        return spans.drop("source_id").clear(rows.height)
    placed = rows.select("source_id", _at=at).with_row_index("_row").sort("_at")
    found = placed.join_asof(
        spans.sort("start"),
        left_on="_at",
        right_on="start",
        by="source_id",
        coalesce=False,
        check_sortedness=False,
    )
    return found.sort("_row").drop("_row", "_at", "source_id")


def _place(position: str) -> pl.Expr:
    return pl.col("_text").cast(pl.Int64) * FARTHEST + pl.col(position).clip(0, FARTHEST - 1)
