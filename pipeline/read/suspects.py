"""Which rows pandera has to see, found in passes over whole columns.

Belongs here: asking a schema's own checks whether they hold. Does not belong here: what a failure is called (pandera, of these
rows alone), or how it is told (validate).
"""

from functools import reduce
from operator import xor
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema


def suspects(rows: pl.DataFrame, schema: "DataFrameSchema") -> pl.DataFrame:
    """Return the rows, in their order, that pandera has to see: of these it names the same failures as of all.

    Each check is of a cell or of a row, so that rows without a failure can be left out, and here a check is asked only whether it
    holds; pandera's own way to its failures copies all rows, more than once. Keys are compared by hashes: of two that only seem
    to be one pandera finds nothing. Rows with other columns than the schema's are returned whole.
    """
    if dict(rows.schema) != {name: column.dtype.type for name, column in schema.columns.items()}:
        return rows
    lazy = rows.lazy()
    filled = [name for name, column in schema.columns.items() if not column.nullable]
    sound = rows.select(pl.all_horizontal(pl.col(filled).is_not_null())).to_series()
    cells = [(check, name) for name, column in schema.columns.items() for check in column.checks]
    asked = [*cells, *((check, "*") for check in schema.checks)]
    for answer in pl.collect_all(check(lazy, name).check_output for check, name in asked):
        sound &= answer.to_series()
    if schema.unique:
        hashes = (pl.col(name).hash(seed) for seed, name in enumerate(schema.unique))
        keys = rows.select(reduce(xor, hashes)).to_series()
        ordered = keys.sort()
        twice = ordered.filter(ordered == ordered.shift(1)).unique()
        sound &= ~keys.is_in(twice.implode())
    return rows.filter(~sound)
