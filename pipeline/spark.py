"""Parts on a Spark cluster, whose workers have this project's wheel: the same work as here, on more
machines.

Belongs here: the session, the parts that go there and come back, and errors in one line. Does not
belong here: the work.
"""

import pickle
import re
import socket
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial

import grpc
import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql.connect.client.core import DefaultChannelBuilder
from pyspark.sql.connect.client.retries import DefaultPolicy
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from pipeline.built import Tables
from pipeline.fingerprint import code_version
from pipeline.parts import DONE, Given, Work, done_row_by_row, unpacked
from pipeline.unusable import Unusable

SCHEMES = ("spark://", "sc://")
"""Of these the second is Spark Connect's own; what it allows after the port
(/;token=...;use_ssl=true), the first does, too.
"""

MESSAGE = 32 * 2**20
"""Bytes of parts that go in one message: gRPC's end at 128 MiB, and Spark caches what is above 64
where not all servers can.
"""

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
        """End the session: the server forgets it, and its client does not wait for it when the
        program ends.
        """
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
            raise Unusable(
                f"{self._place} is no Spark Connect server: it does not answer as one"
            ) from error
        warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # of this the error tells
        session = SparkSession.builder.channelBuilder(self._channel).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
        return session

    def run(self, work: Work, parts: Sequence[Given]) -> list[Tables]:
        """Return what the work makes of each part, in their order; raises Unusable where the
        cluster does not do it.
        """
        with self._one_line():
            return [
                made
                for some in _in_messages(map(pickle.dumps, parts))
                for made in self._answers(work, some)
            ]

    def _answers(self, work: Work, parts: Sequence[bytes]) -> list[Tables]:
        rows = self._session.createDataFrame(
            pa.table({"number": range(len(parts)), "part": pa.array(parts, pa.binary())})
        )
        on_a_worker = partial(done_row_by_row, work, code_version())
        answered = (
            rows.repartition(len(parts)).mapInArrow(on_a_worker, from_arrow_schema(DONE)).toArrow()
        )
        if errors := [error for error in answered["error"].to_pylist() if error]:
            raise Unusable(f"{self._place}: a worker says: {errors[0]}")
        return [
            unpacked(bytes(content))
            for content in answered.sort_by("number")["content"].to_pylist()
        ]

    @contextmanager
    def _one_line(self) -> Iterator[None]:
        """Say what goes wrong on the way or there in one line."""
        try:
            yield
        except (PySparkException, grpc.RpcError) as error:
            raise Unusable(f"{self._place}: {_line(error)}") from error


def _in_messages(parts: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield parts in their order, as many together as fit a message."""
    some: list[bytes] = []
    for part in parts:
        if some and sum(map(len, some)) + len(part) > MESSAGE:
            yield some
            some = []
        some.append(part)
    if some:
        yield some


def _no_server(url: str) -> Unusable:
    shown = url.partition(";")[0]  # after this there may be a token
    expected = (
        "the URL of a Spark Connect server, spark://HOST:PORT, after which "
        "/;NAME=VALUE;... may follow"
    )
    return Unusable(f"{shown!r} stands here; expected {expected}")


def _line(error: BaseException) -> str:
    """Return what an error says, in one line: of a worker's, the one that its traceback ends
    with.
    """
    said = str(error.details() if isinstance(error, grpc.Call) else error).strip()
    own = re.findall(r"^\s*((?:\w+\.)*\w*(?:Error|Exception): .+)$", said, re.MULTILINE)
    return (own[-1] if "Traceback" in said and own else said.split("\n", maxsplit=1)[0]).strip()
