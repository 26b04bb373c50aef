"""A release that was published, a folder or a zip of one, wherever it comes from: reading its files
without trusting them.

No file takes more memory than the release has bytes, and what is broken is said in a sentence.
Parquet is not read at all, since a few bytes of it can stand for any number of cells; CSV has the
same rows. Does not belong here: which files are safe to read (opening), or whether what they say is
right (verify).
"""

import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import polars as pl

from pipeline.defects import shortened
from pipeline.unusable import Unusable

HASHES = "SHA256SUMS"
TABLES = "tables/"
PACKAGE = "datapackage.json"
RAW = "metadata/raw.zip"

ALWAYS_HELD = 4_000_000
"""Bytes of a file that are always read into memory at once; else at most as many as the whole
release has, packed.
"""

_TABLE = re.compile(rf"{TABLES}(?:[^/]+/)?(?P<name>[^/]+)\.csv")
"""A file of a table."""

_LINE = re.compile(r"^([0-9a-f]{64})  (.+)$", re.MULTILINE)

BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, ValueError)
"""What opening or reading a file can raise."""


class NotARelease(Unusable, ValueError):  # noqa: N818 (named as what a person is told)
    """What was named is no release; the text is a sentence about it."""


class Damaged(NotARelease):
    """A release, or a file of one, that cannot be read; the text says why."""


@dataclass(frozen=True)
class Opened:
    """A release: the names of its files relative to its folder, those that are not safe to read,
    how one is opened, and the bytes of all, packed where they are.

    `refused` says of each name what is wrong with it, and what would be read.
    """

    path: Path
    names: frozenset[str]
    refused: Mapping[str, str]
    open: Callable[[str], IO[bytes]]
    size: int

    @contextmanager
    def reading(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file; raises Damaged, whatever keeps it from being read."""
        if name not in self.names:
            raise Damaged("is not there, or is no file that is safe to read")
        try:
            with self.open(name) as file:
                yield file
        except BROKEN as error:
            raise Damaged(f"cannot be read ({reason(error)})") from error

    def read(self, name: str, share: int = 1) -> bytes:
        """Return the content of a file; raises Damaged, also where it is larger than the first, or
        another, share of what may be held.
        """
        most = max(ALWAYS_HELD, self.size) // share
        with self.reading(name) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise Damaged(f"is not read: at most {most:,} bytes are; this file has more")
        return content

    def measure(self, name: str) -> str:
        """Return the SHA-256 of a file in hexadecimal digits; raises Damaged."""
        with self.reading(name) as file:
            # of a zip too
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]

    def copy(self, name: str, target: Path) -> None:
        """Write the content of a file to another place; raises Damaged."""
        with self.reading(name) as file, target.open("wb") as copied:
            shutil.copyfileobj(file, copied)

    def read_table(self, name: str, shape: Mapping[str, Any]) -> pl.DataFrame:
        """Return the rows of a CSV file whose columns are of these names and polars types; raises
        Damaged.
        """
        content = self.read(name)
        header = content[: content.find(b"\n")].decode(errors="replace")
        if header != ",".join(shape):
            raise Damaged(
                f"has the columns {shortened(header)}; expected {','.join(shape) or 'none'}"
            )
        try:
            return pl.read_csv(content, schema=shape)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, MemoryError) as error:
            raise Damaged(f"cannot be read as CSV ({reason(error)})") from error

    def tables(self) -> dict[str, str]:
        """Return the CSV files of the tables that are there, by the tables' names.

        They lie in tables/ or a folder of it; releases before 3.0.0 have all of them on top.
        """
        found = map(_TABLE.fullmatch, sorted(self.names))
        return {match["name"]: match[0] for match in found if match}


def hashes_in(listed: bytes) -> dict[str, str]:
    """Return the SHA-256 of each file by its name, from what stands in SHA256SUMS, but for lines
    that are none.
    """
    return {name: digest for digest, name in _LINE.findall(listed.decode(errors="replace"))}


def lines_of(hashes: Mapping[str, str]) -> bytes:
    """Return what stands in SHA256SUMS, as `sha256sum --check` reads it, for the SHA-256 of each
    file.
    """
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()


def leads_out(name: str) -> bool:
    """Return whether a name could lead out of the folder that it is relative to, on any system."""
    parts = name.rstrip("/").split("/")
    return any(part in {"", ".", ".."} for part in parts) or any(
        mark in name for mark in ("\\", ":", "\0")
    )


def reason(error: BaseException) -> str:
    """Return what an error says, in one line."""
    return (
        getattr(error, "strerror", None)
        or str(error).split("\n", maxsplit=1)[0]
        or type(error).__name__
    )
