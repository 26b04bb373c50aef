"""Write a table as Parquet and CSV, the same bytes each time.

Rows are sorted by the table's key, row groups have one size, and nothing of the machine or the day
gets in. Titles, descriptions and units of the schema stand in Parquet's field metadata, and at file
level, where readers other than pyarrow find them too. CSV cells are exact, for programs; only
facts.csv, which people open, is guarded against formulas.
"""

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.polars import DataFrameSchema

from pipeline.defects import TURNS
from schemas.columns import MUST

ROW_GROUP = 100_000
"""Rows of a Parquet row group."""


class File(NamedTuple):
    """A file of a table: its SHA-256, its size in bytes, and that of its values (logical_hash),
    which the flat table has none of.
    """

    sha256: str
    size: int
    logical_sha256: str = ""


Files = Mapping[str, File]
"""The files of tables by their path in a release."""

_MISSING = 'a"b'
"""What no cell is written as: a quotation mark that is neither doubled nor beside a comma or the
end of a line.
"""

_FORMULA = r"((?:^|[;\t\r\n]) *)([=+\-@＝＋－＠\t\r\n])"
"""Where a cell or a part of it begins, and what a formula begins with."""


def sorted_by_key(table: pl.DataFrame, schema: DataFrameSchema) -> pl.DataFrame:
    """Return a table in the order of its key, empty cells last."""
    return table.sort(list(schema.unique or []), nulls_last=True)


def logical_hash(table: pl.DataFrame, schema: DataFrameSchema) -> str:
    """Return the SHA-256 of a table's values, which no library's version changes.

    It is that of a CSV with LF, sorted by the key, in which every cell stands in quotation marks
    (those within doubled), a missing one is nothing, truth is true or false, and a decimal number
    has all digits of its type.
    """
    rows = sorted_by_key(table, schema)
    digest = hashlib.sha256((",".join(f'"{name}"' for name in rows.columns) + "\n").encode())
    for part in rows.iter_slices(ROW_GROUP):
        part.write_csv(
            lines := BytesIO(), include_header=False, quote_style="always", null_value=_MISSING
        )
        digest.update(lines.getvalue().replace(f'"{_MISSING}"'.encode(), b""))
    return digest.hexdigest()


def write_parquet(table: pl.DataFrame, schema: DataFrameSchema, path: Path, licence: str) -> str:
    """Write a table as Parquet (zstd), with its logical hash and the licence of the data at file
    level, and return that hash.
    """
    logical = logical_hash(table, schema)
    described = pa.schema(
        [
            pa.field(
                field.name,
                _plain(field.type),
                field.nullable,
                metadata=of_column(schema, field.name),
            )
            for field in table.to_arrow().schema
        ],
        metadata={
            "title": str(schema.title),
            "description": str(schema.description),
            "license": licence,
            "key": " ".join(schema.unique or []),
            "columns": json.dumps(
                [{"name": name, **of_column(schema, name)} for name in schema.columns],
                ensure_ascii=False,
            ),
            "logical_sha256": logical,
        },
    )
    arrow = sorted_by_key(table, schema).to_arrow().cast(described).combine_chunks()
    pq.write_table(arrow, path, compression="zstd", row_group_size=ROW_GROUP)
    return logical


def _plain(dtype: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_large_string(dtype) or dtype == pa.string_view() else dtype


def of_column(schema: DataFrameSchema, name: str) -> dict[str, str]:
    """Return what the schema says of a column: title, description, and unit and references where it
    has them.
    """
    column = schema.columns[name]
    said = column.metadata or {}
    more = {key: str(value) for key, value in said.items() if value and key != MUST}
    return {"title": str(column.title), "description": str(column.description), **more}


def write_csv(table: pl.DataFrame, schema: DataFrameSchema, path: Path) -> None:
    """Write a table as CSV: UTF-8, LF, a header, empty cells for null, true and false, days as
    2011-12-23.
    """
    sorted_by_key(table, schema).write_csv(path, line_terminator="\n", date_format="%Y-%m-%d")


def guarded(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table for spreadsheets: an apostrophe before what they would take for a formula, but
    for a number; and no marks that turn the direction of writing.

    Where semicolons part cells, a formula can begin after one; Chinese, Japanese and Korean
    spreadsheets know its marks in full width.
    """
    text = pl.col(pl.String).str.replace_all(f"[{TURNS}]", "")
    is_number = text.str.contains(r"^-?[0-9]+(\.[0-9]+)?$")
    return table.with_columns(
        pl.when(is_number).then(text).otherwise(text.str.replace_all(_FORMULA, "$1'$2"))
    )
