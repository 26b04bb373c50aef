"""Run one of the SQL files over tables: every use of DuckDB for computing goes through here."""

from functools import cache

import duckdb
import polars as pl


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def query(sql: str, **tables: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that a SELECT gives over tables, which it names as they are named here."""
    with _engine().cursor() as con:
        for name, table in tables.items():
            con.register(name, table.to_arrow())
        return pl.DataFrame(con.sql(sql).to_arrow_table())


def composed(sql: str, **parts: str) -> str:
    """Return a SELECT over others, each of which it names like a table."""
    named = ", ".join(f"{name} AS ({part})" for name, part in parts.items())
    return f"WITH {named} SELECT * FROM ({sql}) AS composed"  # noqa: S608 (of SQL files, never of data)
