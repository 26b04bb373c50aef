"""What differs between two states of the tables: columns, rows by their key, cells, and the outcomes of checks.

Belongs here: the comparison, set-wise, and how grave it is. Does not belong here: where tables come from (opened), and how
the difference is shown (diff) or numbered (versions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from schemas.tables import RELEASE_TABLES

Tables = Mapping[str, pl.DataFrame]
Level = Literal["major", "minor", "patch"]

_RESULTS = "check_results"
_GROUP = ["rule_id", "group_id"]
_OUTCOME = ["outcome", "reason", "scope"]

_SCHEMA = ("table", "column", "change", "old", "new")
_KEYS = ("table", "change", "key")
_CELLS = ("table", "key", "column", "old", "new")
_OUTCOMES = ("rule_id", "group_id", "change", "old", "new")


@dataclass(frozen=True)
class Changes:
    """What differs between two states; every column of the four frames is text.

    `schema` (table, column, change, old, new): tables (column is null; old and new say how many rows) and columns added and
    removed, and types changed. `keys` (table, change, key): rows added and removed. `cells` (table, key, column, old, new):
    values changed. `outcomes` (rule_id, group_id, change, old, new): check outcomes that are new, gone or changed, each with
    its reason and scope. A key is the values of its columns joined by a space, an empty one as nothing.
    """

    schema: pl.DataFrame
    keys: pl.DataFrame
    cells: pl.DataFrame
    outcomes: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return all(frame.is_empty() for frame in (self.schema, self.keys, self.cells, self.outcomes))

    @property
    def level(self) -> Level | None:
        """How grave it is: major (tables, columns, types), minor (rows by their key), patch (cells alone), None (nothing)."""
        if not self.schema.is_empty():
            return "major"
        if not self.keys.is_empty():
            return "minor"
        return None if self.is_empty else "patch"


def changes(old: Tables, new: Tables, keys: Mapping[str, Sequence[str]] | None = None) -> Changes:
    """Return what differs between the tables of two releases, by name.

    Rows are matched by the key that the table's schema has; `keys` has those of tables without one, whose key is else all
    their columns. Rows of one key that is not unique are matched in the order in which they stand.
    """
    both = [name for name in new if name in old]
    schema = [_tables(old, new), *(_columns(name, old[name], new[name]) for name in both)]
    rows = [_rows(name, old[name], new[name], _key(name, old[name], new[name], keys or {})) for name in both]
    return Changes(
        pl.concat([_nothing(_SCHEMA), *schema]),
        pl.concat([_nothing(_KEYS), *(found for found, _ in rows)]),
        pl.concat([_nothing(_CELLS), *(found for _, found in rows)]),
        _outcomes(old.get(_RESULTS), new.get(_RESULTS)),
    )


def _nothing(columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))


def _tables(old: Tables, new: Tables) -> pl.DataFrame:
    added = [(name, None, "added", None, f"rows: {new[name].height}") for name in new if name not in old]
    removed = [(name, None, "removed", f"rows: {old[name].height}", None) for name in old if name not in new]
    return pl.DataFrame([*added, *removed], schema=dict.fromkeys(_SCHEMA, pl.String), orient="row")


def _columns(table: str, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    before, after = ({name: str(dtype) for name, dtype in frame.schema.items()} for frame in (old, new))
    words = {(False, True): "added", (True, False): "removed", (True, True): "type"}
    rows = [
        (table, name, words[name in before, name in after], before.get(name), after.get(name))
        for name in {**after, **before}
        if before.get(name) != after.get(name)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(_SCHEMA, pl.String), orient="row")


def _key(table: str, old: pl.DataFrame, new: pl.DataFrame, keys: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the columns by which the rows of a table are matched: those of its key, if both states have them, or all in both."""
    common = [name for name in new.columns if name in old.columns]
    known = list((RELEASE_TABLES[table].unique if table in RELEASE_TABLES else keys.get(table)) or ())
    return known if known and set(known) <= set(common) else common


def _rows(table: str, old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return which rows were added and removed, and which cells of the others changed."""
    if not key:
        return _nothing(_KEYS), _nothing(_CELLS)
    before, after = _numbered(old, key, "old"), _numbered(new, key, "new")
    by = [name for name in before.columns if name != "old"]
    words = pl.concat_str([pl.col(name).fill_null("") for name in by if name != "repeated"], separator=" ").alias("key")
    named = pl.lit(table).alias("table")
    keys = [
        one.join(other, on=by, how="anti", nulls_equal=True).select(named, pl.lit(change).alias("change"), words)
        for one, other, change in ((before, after, "removed"), (after, before, "added"))
    ]
    matched = before.join(after, on=by, nulls_equal=True, maintain_order="right")
    cells = [_nothing(_CELLS)]
    for column in (name for name in new.columns if name in old.columns and name not in key):
        rows = matched.filter(_differing(old[column].gather(matched["old"]), new[column].gather(matched["new"])))
        values = [_as_text(frame[column].gather(rows[side])).alias(side) for frame, side in ((old, "old"), (new, "new"))]
        cells.append(rows.select(named, words, pl.lit(column).alias("column"), *values))
    return pl.concat(keys), pl.concat(cells)


def _numbered(frame: pl.DataFrame, key: list[str], side: str) -> pl.DataFrame:
    """Return the key of each row as text (key0, key1, ..., and which row of its key it is), and the row's number."""
    named = frame.select(_as_text(frame[name]).alias(f"key{place}") for place, name in enumerate(key))
    repeated = pl.int_range(pl.len()).over(named.columns) if named.is_duplicated().any() else pl.lit(0, pl.Int64)
    return named.with_columns(repeated.alias("repeated")).with_row_index(side)


def _differing(old: pl.Series, new: pl.Series) -> pl.Series:
    """Return where two columns differ, as values or, where their type has changed, as text."""
    return old.ne_missing(new) if old.dtype == new.dtype else _as_text(old).ne_missing(_as_text(new))


def _as_text(column: pl.Series) -> pl.Series:
    """Return a column as text; decimals without zeros at their end."""
    text = column.cast(pl.String)
    return text.str.replace(r"\.?0+$", "") if isinstance(column.dtype, pl.Decimal) and column.dtype.scale else text


def _outcomes(old: pl.DataFrame | None, new: pl.DataFrame | None) -> pl.DataFrame:
    joined = _told(old, "old").join(_told(new, "new"), on=_GROUP, how="full", coalesce=True, nulls_equal=True)
    change = pl.when(pl.col("old").is_null()).then(pl.lit("new")).when(pl.col("new").is_null()).then(pl.lit("gone"))
    differing = joined.filter(pl.col("old").ne_missing(pl.col("new")))
    return differing.with_columns(change.otherwise(pl.lit("changed")).alias("change")).select(_OUTCOMES).sort(_GROUP)


def _told(results: pl.DataFrame | None, side: str) -> pl.DataFrame:
    """Return each outcome with its reason and scope in one text, if the table has what that takes."""
    if results is None or not {*_GROUP, *_OUTCOME} <= set(results.columns):
        return _nothing([*_GROUP, side])
    words = pl.concat_str([pl.col(column).cast(pl.String) for column in _OUTCOME], separator=" ", ignore_nulls=True)
    return results.select(pl.col(_GROUP).cast(pl.String), words.alias(side)).unique(_GROUP, keep="first")
