"""From a printed number to the interval that it states."""

from importlib.resources import files

import polars as pl

from pipeline.query import query

_BOUNDS = (files("pipeline.intervals") / "bounds.sql").read_text(encoding="utf-8")


def bounds(stated: pl.DataFrame) -> pl.DataFrame:
    """Return the interval of each stated number, in the order given.

    `stated` has value, relator and precision as typed (the relator filled in), and kind and whole of the indicator. The
    result has value (null with between), decimals, lower_bound, upper_bound (null: no bound is known), lower_closed,
    upper_closed and bound_basis. "More than 35,000" of a whole-numbered indicator is 35001 and above; 17.9 percent is 17.85
    to 17.95; a count is exact unless a precision is typed; no bound leaves what the kind allows (a share: 0 to 100).
    """
    columns = stated.select("value", "relator", "precision", "kind", "whole").with_row_index("row")
    return query(_BOUNDS, stated=columns).sort("row").drop("row")
