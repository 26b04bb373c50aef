"""Write a table as Parquet and CSV, the same bytes each time.

Rows are sorted by the table's key, row groups have one size, and nothing of the machine or the day gets in. Titles,
descriptions and units of the schema stand in Parquet's field metadata, and at file level, where readers other than pyarrow
find them too.
"""

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.polars import DataFrameSchema

ROW_GROUP = 100_000
"""Rows of a Parquet row group."""


def sorted_by_key(table: pl.DataFrame, schema: DataFrameSchema) -> pl.DataFrame:
    """Return a table in the order of its key, empty cells last."""
    return table.sort(list(schema.unique or []), nulls_last=True)


def write_parquet(table: pl.DataFrame, schema: DataFrameSchema, path: Path) -> None:
    """Write a table as Parquet (zstd)."""
    described = pa.schema(
        [
            pa.field(field.name, _plain(field.type), field.nullable, metadata=_of_column(schema, field.name))
            for field in table.to_arrow().schema
        ],
        metadata={"title": str(schema.title), "description": str(schema.description)},
    )
    arrow = sorted_by_key(table, schema).to_arrow().cast(described).combine_chunks()
    pq.write_table(arrow, path, compression="zstd", row_group_size=ROW_GROUP)


def _plain(dtype: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_large_string(dtype) or dtype == pa.string_view() else dtype


def _of_column(schema: DataFrameSchema, name: str) -> dict[str, str]:
    column = schema.columns[name]
    unit = (column.metadata or {}).get("unit")
    return {"title": str(column.title), "description": str(column.description), **({"unit": unit} if unit else {})}


def write_csv(table: pl.DataFrame, schema: DataFrameSchema, path: Path) -> None:
    """Write a table as CSV: UTF-8, LF, a header, empty cells for null, true and false, days as 2011-12-23."""
    sorted_by_key(table, schema).write_csv(path, line_terminator="\n", date_format="%Y-%m-%d")
