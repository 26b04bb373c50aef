"""What is wrong with the history of releases as a whole: each row follows from the one before.

Does not belong here: single cells (schemas), or whether the release that is due has its row
(release/versions).
"""

from functools import partial

import polars as pl

from pipeline.defects import Defect, no_such_day, where

_DIGITS = 9
"""To which each part of a version is filled up, so that text sorts as its numbers do."""

_BASE = pl.coalesce(
    pl.format("{}, the version of the row before", "before"),
    pl.lit("nothing, since the first release follows none"),
)
"""On what a release is based."""


def history_defects(rows: pl.DataFrame) -> list[Defect]:
    """Return a defect for each sound row of releases.csv, as typed, that does not follow from the
    row before.
    """
    order = pl.col("version").str.split(".").list.eval(pl.element().str.zfill(_DIGITS))
    told = rows.with_columns(
        before=pl.col("version").shift(),
        date_before=pl.col("date").shift(),
        order=order.list.join("."),
    )
    is_first, is_other = pl.col("before").is_null(), pl.col("based_on").ne_missing(pl.col("before"))
    is_known = pl.col("based_on").is_in(rows["version"].implode()).fill_null(value=True)
    base = partial(where, told, column="based_on", expected=_BASE)
    out_of_order = partial(where, told, code="out_of_order")
    later = pl.format("a version after {}, that of the row before", "before")
    from_then = pl.format("a day from {} on, that of the row before", "date_before")
    return [
        *no_such_day(rows, "date", "2026-11-24"),
        *base(is_other & (is_first | is_known), code="wrong_base"),
        *base(~is_first & ~is_known, code="unknown_version"),
        *out_of_order(pl.col("order") <= pl.col("order").shift(), column="version", expected=later),
        *out_of_order(pl.col("date") < pl.col("date_before"), column="date", expected=from_then),
    ]
