"""The engine on a Spark cluster: the same SQL files, transpiled.

Belongs here: the session, what goes to the cluster and comes back, and errors in one line. Does not belong here: anything
that only one engine could compute.
"""

import re
import socket
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property, reduce

import grpc
import polars as pl
import pyarrow as pa
import sqlglot
from pyspark.errors import PySparkException
from pyspark.sql.connect.client.core import DefaultChannelBuilder
from pyspark.sql.connect.client.retries import DefaultPolicy
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from pipeline.unusable import Unusable

SCHEMES = ("spark://", "sc://")
"""Of these the second is Spark Connect's own; what it allows after the port (/;token=...;use_ssl=true), the first does, too."""

SLICE = 32 * 2**20
"""Bytes of a table that go in one message: gRPC's end at 128 MiB, and Spark caches what is above 64 where not all servers can."""

SECONDS = 5
"""For a server to answer at all."""

RETRIES = 4
"""After a failure on the way, with pauses that grow to some four seconds altogether."""


class Cluster:
    """A cluster that is reached through Spark Connect; the session begins with the first use."""

    def __init__(self, url: str) -> None:
        """Raise Unusable for a URL that is none."""
        scheme = next((scheme for scheme in SCHEMES if url.startswith(scheme)), None)
        if scheme is None:
            raise _no_server(url)
        try:
            self._channel = DefaultChannelBuilder(f"sc://{url.removeprefix(scheme)}")
            host, _, port = self._channel.endpoint.rpartition(":")
            self._address = host.strip("[]"), int(port)
        except (PySparkException, ValueError) as error:
            raise _no_server(url) from error
        self._place = f"{scheme}{self._channel.endpoint}"

    def connect(self) -> None:
        """Begin the session; raises Unusable where there is no server."""
        with self._one_line():
            _ = self._session

    def close(self) -> None:
        """End the session: the server forgets it, and its client does not wait for it when the program ends."""
        self._session.stop()

    @cached_property
    def _session(self) -> SparkSession:
        try:
            socket.create_connection(self._address, SECONDS).close()
            with self._channel.toChannel() as channel:
                grpc.channel_ready_future(channel).result(SECONDS)
        except OSError as error:
            raise Unusable(f"{self._place} cannot be reached: {error.strerror or error}") from error
        except grpc.FutureTimeoutError as error:
            raise Unusable(f"{self._place} is no Spark Connect server: it does not answer as one") from error
        warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # of this the error tells
        session = SparkSession.builder.channelBuilder(self._channel).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
        # decimals keep their scale, and one that does not fit is an error: both as in DuckDB
        session.conf.set("spark.sql.decimalOperations.allowPrecisionLoss", "false")
        session.conf.set("spark.sql.ansi.enabled", "true")
        return session

    def query(self, sql: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows of a SELECT; whole numbers that Spark has no type for come back as the tables have them."""
        with self._one_line(), self._shipped(tables):
            rows = pl.DataFrame(self._session.sql(transpiled(sql)).toArrow())
        unsigned = pl.selectors.unsigned_integer()
        dtypes = {name: dtype for table in tables.values() for name, dtype in table.select(unsigned).schema.items()}
        return rows.cast({name: dtype for name, dtype in dtypes.items() if name in rows.columns})

    @contextmanager
    def _shipped(self, tables: Mapping[str, pl.DataFrame]) -> Iterator[None]:
        """Give the session tables under their names, and take them away again."""
        names = [shipped for name, table in tables.items() for shipped in (name, *self._sliced(name, _plain(table.to_arrow())))]
        yield
        for name in names:
            self._session.catalog.dropTempView(name)

    def _sliced(self, name: str, table: pa.Table) -> list[str]:
        """Give the session a table in slices that fit a message; return their names, beside its own."""
        session, schema = self._session, from_arrow_schema(table.schema)
        rows = max(1, table.num_rows * SLICE // max(table.nbytes, 1))
        slices = [table.slice(first, rows) for first in range(0, table.num_rows, rows)] or [table]
        parts = [f"{name}_part_{number}" for number in range(len(slices))] if len(slices) > 1 else [name]
        for part, sliced in zip(parts, slices, strict=True):
            session.createDataFrame(sliced, schema).createOrReplaceTempView(part)
        if len(slices) == 1:
            return []
        reduce(DataFrame.unionAll, map(session.table, parts)).createOrReplaceTempView(name)
        return parts

    @contextmanager
    def _one_line(self) -> Iterator[None]:
        """Say what goes wrong on the way or there in one line."""
        try:
            yield
        except (PySparkException, grpc.RpcError) as error:
            raise Unusable(f"{self._place}: {_line(error)}") from error


def _no_server(url: str) -> Unusable:
    shown = url.partition(";")[0]  # after this there may be a token
    expected = "the URL of a Spark Connect server, spark://HOST:PORT, after which /;NAME=VALUE;... may follow"
    return Unusable(f"{shown!r} stands here; expected {expected}")


def _plain(table: pa.Table) -> pa.Table:
    """Return a table in the types that Spark has."""
    return table.cast(pa.schema([pa.field(field.name, _plain_type(field.type)) for field in table.schema]))


def _plain_type(dtype: pa.DataType) -> pa.DataType:
    if pa.types.is_large_string(dtype) or pa.types.is_string_view(dtype):
        return pa.string()
    return pa.int64() if pa.types.is_unsigned_integer(dtype) else dtype


@cache
def transpiled(sql: str) -> str:
    """Return a SELECT in Spark's SQL; raises sqlglot's UnsupportedError where it has no words for it."""
    (one,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    return one


def _line(error: BaseException) -> str:
    """Return what an error says, in one line: of a worker's, the one that its traceback ends with."""
    said = str(error.details() if isinstance(error, grpc.Call) else error).strip()
    own = re.findall(r"^\s*((?:\w+\.)*\w*(?:Error|Exception): .+)$", said, re.MULTILINE)
    return (own[-1] if "Traceback" in said and own else said.split("\n", maxsplit=1)[0]).strip()
