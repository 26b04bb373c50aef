"""Where tables are computed: here, with DuckDB and polars, or elsewhere, if that is chosen at the start.

Belongs here: what an engine does, the one that needs nothing but this machine, and which one is in use. Does not belong
here: any other engine, which is imported when it is chosen and has its packages from an extra.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import duckdb
import polars as pl

from pipeline.unusable import Unusable

if TYPE_CHECKING:
    from pipeline.spark.cluster import Cluster


class Engine(Protocol):
    """What computes: the same rows for the same tables, whichever engine it is."""

    def query(self, sql: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows that a SELECT in DuckDB's SQL gives over tables, which it names; in any order but one it asks for."""


class Here:
    """DuckDB and polars in this process; `memory` is what DuckDB may take of it ("2GB"), where the rest spills to disk."""

    def __init__(self, memory: str | None = None) -> None:
        """Raise Unusable for a `memory` that DuckDB does not understand."""
        self._memory = memory
        if memory is not None:
            _ = self._connection

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        if self._memory is None:
            con.execute("SET allocator_background_threads = true")  # what a query is done with goes back while others work
            return con
        try:
            con.execute("SET memory_limit = $memory", {"memory": self._memory})
        except duckdb.Error as error:
            raise Unusable(f"{self._memory!r} stands here; expected an amount of memory, such as 2GB") from error
        from pipeline.spill import spill_folder  # noqa: PLC0415 (locks take a tenth of a second to import)

        con.execute("SET temp_directory = $folder", {"folder": str(spill_folder())})
        con.execute("SET preserve_insertion_order = false")
        return con

    def query(self, sql: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows of a SELECT over tables; raises Unusable where so little memory does not do."""
        with self._connection.cursor() as con:
            for name, table in tables.items():
                con.register(name, table.to_arrow(compat_level=pl.CompatLevel.newest()))
            try:
                return pl.DataFrame(con.sql(sql).to_arrow_table())
            except duckdb.OutOfMemoryException as error:
                first = str(error).partition("\n")[0]
                raise Unusable(f"{self._memory or 'all'} memory is too little for a query: {first}") from error


_IN_USE: list[Engine] = [Here()]


def engine() -> Engine:
    """Return the engine in use."""
    return _IN_USE[-1]


def use(chosen: Engine) -> None:
    """Compute with an engine from now on, in this whole process."""
    _IN_USE[:] = [chosen]


def use_cluster(url: str) -> "Cluster":
    """Compute on the Spark cluster that a URL names, spark://HOST:PORT, from now on; raises Unusable where that cannot be."""
    try:
        from pipeline.spark.cluster import Cluster  # noqa: PLC0415 (an extra, which most have no use for)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith(("pipeline", "schemas")):
            raise
        expected = "install the extra `spark` (uv sync --extra spark)"
        raise Unusable(f"an engine needs the package {error.name}, which is not installed: {expected}") from error
    cluster = Cluster(url)
    use(cluster)
    return cluster
