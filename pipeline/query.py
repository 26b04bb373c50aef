"""Run one of the SQL files over tables, with DuckDB in this process: every use of SQL for computing goes through here."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from pipeline.unusable import Unusable

_IN_USE: list[duckdb.DuckDBPyConnection] = []
"""The connection, since making one takes time, and while memory is limited a second one."""


def query(sql: str, **tables: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that a SELECT gives over tables, which it names as they are named here.

    Where the SELECT asks for no order, they come in any. Raises Unusable where so little memory does not do.
    """
    if not _IN_USE:
        _IN_USE.append(duckdb.connect())
        _IN_USE[0].execute("SET allocator_background_threads = true")  # what a query is done with goes back while others work
    with _IN_USE[-1].cursor() as con:
        for name, table in tables.items():
            con.register(name, table.to_arrow(compat_level=pl.CompatLevel.newest()))
        try:
            return _rows(con, sql)
        except duckdb.OutOfMemoryException as error:
            first = str(error).partition("\n")[0]
            raise Unusable(f"the memory is too little for a query: {first}") from error


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    return pl.DataFrame(con.sql(sql).to_arrow_table())


@contextmanager
def within_memory(amount: str) -> Iterator[None]:
    """Let DuckDB take an amount of memory ("2GB") at most, and spill the rest to disk; raises Unusable for what is none."""
    from pipeline.spill import spill_folder  # noqa: PLC0415 (locks take a tenth of a second to import)

    with duckdb.connect() as con:
        try:
            con.execute("SET memory_limit = $amount", {"amount": amount})
        except duckdb.Error as error:
            raise Unusable(f"{amount!r} stands here; expected an amount of memory, such as 2GB") from error
        con.execute("SET temp_directory = $folder", {"folder": str(spill_folder())})
        con.execute("SET preserve_insertion_order = false")
        _IN_USE.append(con)
        try:
            yield
        finally:
            _IN_USE.pop()
