"""The days of typed rows: each row's period, or the day of publication, in the one text and the
four days that it has.

Belongs here: periods of rows, and defects of these. Does not belong here: what a period's text
means (pipeline/intervals).
"""

from dataclasses import replace

import polars as pl

from pipeline.built import RowsAndDefects
from pipeline.defects import hint, shortened, where
from pipeline.intervals.periods import EXPECTED, LONGEST, UNDATED, period_ends


def with_period_ends(rows: pl.DataFrame, sources: pl.DataFrame) -> RowsAndDefects:
    """Return the rows with the one text and the four days of their period, and a defect for each
    period that is none.

    An empty period is the day of publication, and is filled in; typed_period keeps what was typed.
    A row of a source that is not there, and one whose period is none, keeps null days;
    period_is_known tells whether there is one.
    """
    rows = rows.with_columns(typed_period="period")
    filled = rows.join(
        sources.select("source_id", "published"), on="source_id", how="left", maintain_order="left"
    )
    filled = filled.with_columns(pl.coalesce("period", "published").alias("period")).drop(
        "published"
    )
    ends, bad = period_ends(filled["period"])
    wrong = where(
        filled, pl.col("period").is_in(bad), column="period", code="not_edtf", expected=EXPECTED
    )
    defects = [
        replace(defect, found=shortened(defect.found), expected=EXPECTED + _hint(defect.found))
        for defect in wrong
    ]
    known = filled.join(ends, on="period", how="left", maintain_order="left")
    is_known = pl.col("canonical").is_not_null()
    return known.with_columns(
        pl.coalesce("canonical", "period").alias("period"), period_is_known=is_known
    ).drop("canonical"), defects


def _hint(found: str) -> str:
    if len(found) > LONGEST:
        return f" (in at most {LONGEST} characters)"
    if found.startswith(f"{UNDATED}-"):
        return " (with its year, which the text or the day of publication implies)"
    return hint(found)
