"""Run one of the SQL files over tables, with DuckDB in this process: every use of SQL for computing
goes through here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import duckdb
import polars as pl

from pipeline.unusable import Unusable

_LIMITED: ContextVar[duckdb.DuckDBPyConnection | None] = ContextVar("limited", default=None)
"""The connection to use while memory is limited."""


@cache
def _unlimited() -> duckdb.DuckDBPyConnection:
    """Return the connection of this process, since making one takes time."""
    con = duckdb.connect()
    # what a query is done with goes back while others work
    con.execute("SET allocator_background_threads = true")
    return con


def query(sql: str, **tables: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that a SELECT gives over tables, which it names as they are named here.

    Where the SELECT asks for no order, they come in any. Raises Unusable where so little memory
    does not do.
    """
    with (_LIMITED.get() or _unlimited()).cursor() as con:
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
    """Let DuckDB take an amount of memory ("2GB") at most, and spill the rest to disk; raises
    Unusable for what is none.
    """
    # locks take a tenth of a second to import
    from pipeline.spill import spill_folder  # noqa: PLC0415

    with duckdb.connect() as con:
        try:
            con.execute("SET memory_limit = $amount", {"amount": amount})
        except duckdb.Error as error:
            expected = "expected an amount of memory, such as 2GB"
            raise Unusable(f"{amount!r} stands here; {expected}") from error
        con.execute("SET temp_directory = $folder", {"folder": str(spill_folder())})
        con.execute("SET preserve_insertion_order = false")
        before = _LIMITED.set(con)
        try:
            yield
        finally:
            _LIMITED.reset(before)
