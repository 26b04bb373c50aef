"""Work on parts of the data: in this process, on all cores, or on a Spark cluster; what was done
once is kept.

Belongs here: where a part is computed, and whether it must be. Does not belong here: what the work
is, or how data are cut.
"""

import hashlib
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Protocol, TypeAlias

import polars as pl
import pyarrow as pa

from pipeline.built import Tables
from pipeline.fingerprint import code_version, digest_of
from pipeline.kept import Kept
from pipeline.unusable import Unusable


class Composed(Protocol):
    """A value that is told from others by what it is made from."""

    @property
    def given(self) -> "Mapping[str, Value]":
        """All that it is made from, by name."""


Value: TypeAlias = "str | pl.DataFrame | Composed | Mapping[str, Value]"
Given = Mapping[str, Any]
"""What a step, or the work on a part, is given: values by name, and nothing else."""

Work = Callable[[Given], Tables]
"""A function of a module, so that another process finds it by its name."""


class Workers(Protocol):
    """Other machines that do the same work."""

    def run(self, work: Work, parts: Sequence[Given]) -> list[Tables]:
        """Return what the work makes of each part, in their order."""


DONE = pa.schema({"number": pa.int64(), "content": pa.binary(), "error": pa.string()})
"""What a worker elsewhere gives back of each part: what the work made of it, or the error that
ended it.
"""


@dataclass(frozen=True)
class Parts:
    """How parts are computed: by so many processes, or by workers elsewhere; and where results are
    kept, if they are.
    """

    processes: int = 1
    workers: Workers | None = None
    kept: Kept | None = None

    def run(self, work: Work, parts: Sequence[Given]) -> list[Tables]:
        """Return what the work makes of each part, in their order; only of those of which nothing
        is kept it is done.

        A result is kept by the work and all of its part.
        """
        if self.kept is None:
            return self._do(work, parts)
        of_work = digest_of([code_version(), work.__module__, work.__qualname__])
        keys = [digest_of([of_work, hash_of_value(part)]) for part in parts]
        known: dict[str, Tables] = {
            key: unpacked(content) for key in keys if (content := self.kept.get(key)) is not None
        }
        new = {key: part for key, part in zip(keys, parts, strict=True) if key not in known}
        for key, made in zip(new, self._do(work, list(new.values())), strict=True):
            self.kept.put(key, packed(made))
            known[key] = made
        return [known[key] for key in keys]

    def _do(self, work: Work, parts: Sequence[Given]) -> list[Tables]:
        if self.workers is not None and len(parts) > 1:
            return self.workers.run(work, parts)
        if min(self.processes, len(parts)) <= 1:  # a lone part is not worth the way
            return [work(part) for part in parts]
        try:
            return list(_pool(self.processes).map(work, parts))
        except BrokenProcessPool as error:
            _pool.cache_clear()
            said = "was ended from outside, as a system does that is short of memory"
            raise Unusable(f"a process that reads the texts {said}") from error


@cache
def _pool(processes: int) -> ProcessPoolExecutor:
    """Return the processes that work beside this one, as long as it runs: each takes a second to
    start, and knows the languages once it has read in them.
    """
    return ProcessPoolExecutor(processes, get_context("spawn"), _end_with_the_parent)


def _end_with_the_parent() -> None:
    """Let this process end as soon as the one that started it has been killed, which tells it
    nothing.
    """

    def wait() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()


HERE = Parts()
"""In this process, one after the other; nothing is kept."""


def done_row_by_row(
    work: Work, version: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Do the work for rows of number and part (pickled), as workers elsewhere get them: rows of
    DONE.

    `version` is that of the code which asks. An error is a row, too, since what else comes of it
    there tells nobody here what happened.
    """
    for batch in batches:
        for number, part in zip(
            *(batch.column(name).to_pylist() for name in ("number", "part")), strict=True
        ):
            content, error = _done(work, version, part)
            yield pa.RecordBatch.from_pydict(
                {"number": [number], "content": [content], "error": [error]}, DONE
            )


def _done(work: Work, version: str, part: bytes) -> tuple[bytes | None, str | None]:
    if code_version() != version:
        return None, "another version of this project, or of its libraries, than the one that asks"
    try:
        # it comes with the work, from who asks
        return packed(work(pickle.loads(part))), None  # noqa: S301
    except Exception as failure:  # noqa: BLE001 (whatever it is, it is told)
        return None, f"{type(failure).__name__}: {failure}"


def hash_of_value(value: Value) -> str:
    """Return the SHA-256 of a value of a part."""
    if isinstance(value, str):
        return digest_of([value])
    if isinstance(value, pl.DataFrame):
        return hashlib.sha256(_ipc(value)).hexdigest()
    values = value if isinstance(value, Mapping) else value.given
    return digest_of(text for name, one in values.items() for text in (name, hash_of_value(one)))


def packed(tables: Mapping[str, pl.DataFrame]) -> bytes:
    """Return tables as bytes."""
    each = [(name, _ipc(table)) for name, table in tables.items()]
    return _ipc(pl.DataFrame(each, schema={"name": pl.String, "table": pl.Binary}, orient="row"))


def unpacked(content: bytes) -> dict[str, pl.DataFrame]:
    """Return the tables that `packed` made into bytes."""
    return {
        name: pl.read_ipc(BytesIO(table))
        for name, table in pl.read_ipc(BytesIO(content)).iter_rows()
    }


def _ipc(table: pl.DataFrame) -> bytes:
    # in the oldest layout the same rows are the same bytes, whatever table they were taken from
    return (
        table.rechunk()
        .write_ipc(None, compression="zstd", compat_level=pl.CompatLevel.oldest())
        .getvalue()
    )
