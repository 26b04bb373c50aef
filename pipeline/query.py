"""Run one of the SQL files over tables: every use of SQL for computing goes through here."""

import polars as pl

from pipeline.engine import engine


def query(sql: str, **tables: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that a SELECT gives over tables, which it names as they are named here.

    Where the SELECT asks for no order, they come in any: it depends on the engine.
    """
    return engine().query(sql, tables)


def composed(sql: str, **parts: str) -> str:
    """Return a SELECT over others, each of which it names like a table."""
    named = ", ".join(f"{name} AS ({part})" for name, part in parts.items())
    return f"WITH {named} SELECT * FROM ({sql}) AS composed"  # noqa: S608 (of SQL files, never of data)
