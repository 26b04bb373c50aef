"""What differs between two states of the tables: tables, columns, rows by their key, and cells, as
the table `changes`.

Belongs here: the comparison, set-wise, and how grave it is. Does not belong here: where tables come
from (opened), and how the difference is shown (diff) or numbered (versions).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import polars as pl

from pipeline.built import Tables
from schemas.tables import ABOUT_RELEASES, FACTS, RELEASE_TABLES, empty

Level = Literal["major", "minor", "patch"]

_SCHEMAS = RELEASE_TABLES | {"facts": FACTS}

_ZEROS = r"(?:(\.[0-9]*[1-9])|\.)0*$"
"""A decimal point with what follows it, of which the first group is not idle."""


def changes(
    old: Tables, new: Tables, keys: Mapping[str, Sequence[str]] | None = None
) -> pl.DataFrame:
    """Return what differs between two states, in the columns of the table `changes`, all of them
    text.

    - Tables about releases (`changes`, `releases`) are left out.
    - A table that one side lacks is added or removed; old and new say how many rows it has. Key
      and column are empty.
    - A column is added, removed, or of another type, which old and new say. The key is empty.
    - A row is added or removed. Its key is the values of the key's columns joined by a space, an
      empty one as nothing.
    - Else the value of a cell has changed. Only columns that both sides have are compared.

    Rows are matched by the key that the table's schema has; `keys` has those of tables without one,
    whose key is else all their columns. Rows of one key that is not unique are matched in the order
    in which they stand.
    """
    found = [empty("changes")]
    for name in [table for table in {**old, **new} if table not in ABOUT_RELEASES]:
        found.append(_structure(name, old.get(name), new.get(name)))
        if name in old and name in new:
            found.append(_rows(name, old[name], new[name], (keys or {}).get(name, ())))
    return pl.concat(found)


def level(found: pl.DataFrame) -> Level | None:
    """Return how grave changes are: major (tables, columns, types), minor (rows), patch (cells
    alone), None (nothing).
    """
    if found.is_empty():
        return None
    if found["key"].null_count():
        return "major"
    return "minor" if found["column_name"].null_count() else "patch"


def _structure(table: str, old: pl.DataFrame | None, new: pl.DataFrame | None) -> pl.DataFrame:
    """Return whether a table was added or removed, else which of its columns were, or have another
    type.
    """
    before, after = _described(old, new), _described(new, old)
    words = {(False, True): "added", (True, False): "removed", (True, True): "type"}
    rows = [
        (
            table,
            None,
            column,
            words[column in before, column in after],
            before.get(column),
            after.get(column),
        )
        for column in {**before, **after}
        if before.get(column) != after.get(column)
    ]
    return pl.DataFrame(rows, schema=empty("changes").schema, orient="row")


def _described(rows: pl.DataFrame | None, other: pl.DataFrame | None) -> dict[str | None, str]:
    """Return the type of each column or, of a table that the other side lacks, how many rows it
    has.
    """
    if rows is None:
        return {}
    return (
        {None: f"rows: {rows.height}"}
        if other is None
        else {name: str(dtype) for name, dtype in rows.schema.items()}
    )


def _key(table: str, common: list[str], told: Sequence[str]) -> list[str]:
    """Return the columns by which the rows of a table are matched: those of its key, if both sides
    have them, or all in both.
    """
    known = list(_SCHEMAS[table].unique or ()) if table in _SCHEMAS else list(told)
    return known if known and set(known) <= set(common) else common


def _rows(table: str, old: pl.DataFrame, new: pl.DataFrame, told: Sequence[str]) -> pl.DataFrame:
    """Return which rows were removed and added, and which cells of the others have changed."""
    common = [name for name in new.columns if name in old.columns]
    key = _key(table, common, told)
    if not key:
        return empty("changes")
    before, after = _numbered(old, key, "old"), _numbered(new, key, "new")
    by = [name for name in before.columns if name != "old"]
    parts = [empty("changes").drop("key", "table_name")]
    for one, other, change in ((before, after, "removed"), (after, before, "added")):
        lost = one.join(other, on=by, how="anti", nulls_equal=True)
        parts.append(lost.select(*by, change=pl.lit(change)))
    parts += _cells(
        old, new, before.join(after, on=by, nulls_equal=True, maintain_order="right"), common
    )
    words = pl.concat_str(pl.col(by).exclude("repeated").fill_null(""), separator=" ")
    found = pl.concat(parts, how="diagonal").with_columns(table_name=pl.lit(table), key=words)
    return found.select(empty("changes").columns)


def _cells(
    old: pl.DataFrame, new: pl.DataFrame, matched: pl.DataFrame, columns: list[str]
) -> Iterator[pl.DataFrame]:
    """Yield the cells that have changed, column by column; `matched` has the numbers of the rows,
    old and new, and their key.

    Those of a key are the same. Whole rows of both sides beside each other would take much memory.
    """
    for column in columns:
        values = [
            _as_text(frame[column])[matched[side]].alias(side)
            for frame, side in ((old, "old"), (new, "new"))
        ]
        cells = matched.with_columns(values, column_name=pl.lit(column), change=pl.lit("value"))
        yield cells.filter(pl.col("old").ne_missing(pl.col("new")))


def _numbered(frame: pl.DataFrame, key: list[str], side: str) -> pl.DataFrame:
    """Return the key of each row as text (key0, key1, ..., and which row of its key it is), and the
    row's number.
    """
    named = frame.select(
        _as_text(frame[name]).alias(f"key{place}") for place, name in enumerate(key)
    )
    return named.with_columns(repeated=pl.int_range(pl.len()).over(named.columns)).with_row_index(
        side
    )


def _as_text(column: pl.Series) -> pl.Series:
    """Return a column as text; decimals without zeros at their end."""
    text = column.cast(pl.String)
    return text.str.replace(_ZEROS, "${1}") if column.dtype.is_decimal() else text
