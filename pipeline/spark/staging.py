"""A folder that this machine and the workers of a cluster both reach: large tables go that way, and not through one connection.

Belongs here: putting a table there as Parquet, and taking it away. Does not belong here: which, and what is asked (cluster).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.fs import FileSystem

from pipeline.release.opened import reason
from pipeline.release.second_place import UNREACHABLE, without_secrets
from pipeline.unusable import Unusable

ROWS = 250_000
"""Rows of a part that one worker reads."""


class Staging:
    """Such a folder, by its URL: s3://, gs://, abfs://, hdfs://, or file:/// on a disk that all of them share."""

    def __init__(self, url: str) -> None:
        """Raise Unusable for a URL that is none, or leads to no storage that is known."""
        self._url = url.rstrip("/")
        with self._one_line():
            self._files, path = FileSystem.from_uri(url)
        self._path = path.rstrip("/")

    @contextmanager
    def holding(self, name: str, table: pa.Table) -> Iterator[str]:
        """Write a table under a name and give the URL that the workers read it from; afterwards it is gone."""
        file = f"{self._path}/{name}"
        with self._one_line():
            self._files.create_dir(self._path)
            pq.write_table(table, file, filesystem=self._files, row_group_size=ROWS, compression="zstd")
        try:
            yield f"{self._url.partition('?')[0].rstrip('/')}/{name}"  # what follows a question mark is for pyarrow
        finally:
            with self._one_line():
                self._files.delete_file(file)

    @contextmanager
    def _one_line(self) -> Iterator[None]:
        try:
            yield
        except UNREACHABLE as error:
            said = without_secrets(reason(error), self._url)
            raise Unusable(f"{without_secrets(self._url, self._url)} cannot hold tables for the workers: {said}") from error
