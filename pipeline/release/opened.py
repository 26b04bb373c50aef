"""Open a release that was published: a folder, or a zip of one, wherever it comes from.

Belongs here: which files it has, and reading them without trusting it: no path leads out of it, no
link is followed, and what is broken is said in a sentence. Does not belong here: whether what the
files say is right (verify).
"""

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.unusable import Unusable

HASHES = "SHA256SUMS"
TABLES = "tables/"
PACKAGE = "datapackage.json"
RAW = "metadata/raw.zip"

MOST_FILES, DEEPEST = 4_000_000, 8
"""Files of a zip, and folders in each other."""

ALWAYS_READ, MOST_TIMES = 100_000_000, 100
"""Bytes that a file may always have when it is unpacked, and how many times those of the packed one
where that is more.
"""

_HOLDS = re.compile(rf"([^/]+/)?(?:{HASHES}$|{TABLES})")
"""A file of a release, and the folder that the release lies in."""

_TABLE = re.compile(rf"{TABLES}(?:[^/]+/)?(?P<name>[^/]+)\.(?P<ending>csv|parquet)")
"""A file of a table."""

_LINE = re.compile(r"^([0-9a-f]{64})  (.+)$", re.MULTILINE)

_BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError)
"""What reading a file can raise; the last: a zip that is encrypted, or compressed in a way that
Python does not know.
"""

_NO_TABLE = (
    pa.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    ValueError,
    TypeError,
    MemoryError,
)


class NotARelease(Unusable, ValueError):  # noqa: N818 (named as what a person is told)
    """What was named is no release; the text is a sentence about it."""


class Damaged(NotARelease):
    """A release, or a file of one, that cannot be read; the text says why."""


@dataclass(frozen=True)
class Opened:
    """A release: the names of its files relative to its folder, those that are not safe to read,
    and how one is opened.

    `refused` says of each name what is wrong with it: it leads out of the folder, is a link, or
    stands there twice.
    """

    path: Path
    names: frozenset[str]
    refused: Mapping[str, str]
    open: Callable[[str], IO[bytes]]

    @contextmanager
    def reading(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file; raises Damaged, whatever keeps it from being read."""
        try:
            with self.open(name) as file:
                yield file
        except _BROKEN as error:
            raise Damaged(f"cannot be read ({reason(error)})") from error

    def read(self, name: str) -> bytes:
        """Return the content of a file; raises Damaged."""
        with self.reading(name) as file:
            return file.read()

    def measure(self, name: str) -> str:
        """Return the SHA-256 of a file in hexadecimal digits; raises Damaged."""
        with self.reading(name) as file:
            # of a zip too
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]

    def read_parquet(self, name: str) -> tuple[pl.DataFrame, dict[str, str]]:
        """Return the rows of a Parquet file and its metadata; raises Damaged.

        pyarrow reads it, in one thread, and checks every value's form: a broken file can make
        polars panic and end the program.
        """
        data = pa.BufferReader(self.read(name))
        try:
            file = pq.ParquetFile(data, pre_buffer=False)
            groups = [
                file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)
            ]
            cells = file.metadata.num_rows * file.metadata.num_columns
            _refuse_large(max(cells, sum(group.total_byte_size for group in groups)), data.size())
            rows = file.read(use_threads=False)
            rows.validate(full=True)
            bare = pa.Table.from_arrays(
                rows.columns, names=rows.schema.names
            )  # polars panics on metadata that is no UTF-8
            told = {
                key.decode(): value.decode()
                for key, value in (file.metadata.metadata or {}).items()
            }
            return pl.DataFrame(bare), told
        except _NO_TABLE as error:
            raise Damaged(f"cannot be read as Parquet ({reason(error)})") from error

    def read_csv(self, name: str) -> pl.DataFrame:
        """Return the rows of a CSV file, every cell as text, an empty one as null; raises
        Damaged.
        """
        data = self.read(name)
        try:
            return pl.read_csv(io.BytesIO(data), infer_schema=False)
        except _NO_TABLE as error:
            raise Damaged(f"cannot be read as CSV ({reason(error)})") from error

    def tables(self, ending: str) -> dict[str, str]:
        """Return the files with this ending of the tables that are there, by the tables' names.

        They lie in tables/ or a folder of it; releases before 3.0.0 have all of them on top.
        """
        found = map(_TABLE.fullmatch, sorted(self.names))
        return {match["name"]: match[0] for match in found if match and match["ending"] == ending}


def open_release(path: Path) -> Opened:
    """Return the release in a folder or a zip; raises NotARelease, or Damaged where it cannot be
    read.
    """
    if path.is_dir():
        opened = _in_folder(path)
    elif path.is_file() and (path.suffix == ".zip" or zipfile.is_zipfile(path)):
        opened = open_zip(path)
    elif path.exists():
        raise NotARelease(f"{path} is neither a folder nor a zip")
    else:
        raise NotARelease(f"{path} is not there")
    if HASHES not in opened.names and not opened.tables("parquet"):
        raise NotARelease(f"{path} is no release: it has neither {HASHES} nor tables")
    return opened


def _in_folder(path: Path) -> Opened:
    try:
        modes = {
            entry.relative_to(path).as_posix(): entry.lstat().st_mode for entry in path.rglob("*")
        }
    except OSError as error:
        raise Damaged(f"cannot be read ({reason(error)})") from error
    plain = frozenset(name for name, mode in modes.items() if stat.S_ISREG(mode))
    refused = {
        name: "is a link" if stat.S_ISLNK(mode) else "is no plain file"
        for name, mode in modes.items()
        if name not in plain and not stat.S_ISDIR(mode)
    }
    return Opened(path, plain, refused, lambda name: (path / name).open("rb"))


def open_zip(path: Path) -> Opened:
    """Return the files of a zip; raises Damaged where it cannot be read, or is none that is safe to
    read.
    """
    try:
        opened = zipfile.ZipFile(path)
    except (*_BROKEN, ValueError) as error:
        raise Damaged(f"cannot be read as a zip ({reason(error)})") from error
    _refuse_odd(opened.infolist(), path.stat().st_size)
    entries: dict[str, zipfile.ZipInfo] = {}
    refused = {}
    for entry in opened.infolist():
        if leads_out(entry.orig_filename):
            refused[entry.filename] = "leads out of the release's folder"
        elif stat.S_ISLNK(entry.external_attr >> 16):
            refused[entry.filename] = "is a link"
        elif entry.filename in entries:
            refused[entry.filename] = "stands in the zip twice"
        elif not entry.is_dir():
            entries[entry.filename] = entry
    root = _root(entries)
    refused |= {name: f"is not below {root}" for name in entries if not name.startswith(root)}
    within = {
        name.removeprefix(root): entry for name, entry in entries.items() if name not in refused
    }
    return Opened(path, frozenset(within), refused, lambda name: opened.open(within[name]))


def _refuse_odd(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Raise Damaged where a zip of some bytes is a bomb, or begins with something else, such as a
    script.
    """
    if entries and min(entry.header_offset for entry in entries) > 0:
        raise Damaged("is not opened: something stands before its first file, which no release has")
    if len(entries) > MOST_FILES:
        raise Damaged(
            f"is not opened: it has {len(entries):,} files; at most {MOST_FILES:,} are read"
        )
    if any(entry.filename.count("/") > DEEPEST for entry in entries):
        raise Damaged(f"is not opened: a file lies in more than {DEEPEST} folders")
    _refuse_large(sum(entry.file_size for entry in entries), size)


def _refuse_large(unpacked: int, packed: int) -> None:
    """Raise Damaged where a file would take far more memory or disk than it has bytes; no more is
    read than it says.
    """
    most = max(ALWAYS_READ, MOST_TIMES * packed)
    if unpacked > most:
        raise Damaged(f"would unpack {packed:,} bytes to {unpacked:,}; at most {most:,} are read")


def _root(names: Iterable[str]) -> str:
    """Return the folder of a zip that holds the release, with a slash at its end; nothing where it
    lies on top.
    """
    roots = {match[1] or "" for name in names if (match := _HOLDS.match(name))}
    return "" if "" in roots or len(roots) != 1 else roots.pop()


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
