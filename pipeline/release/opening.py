"""Which files of a release are safe to read: of a folder, or of a zip within limits on their
number, their depth and what they unpack to.

A zip is refused as a whole where it is a bomb, or of another form than a release's; a file of it
where its name could lead elsewhere. Each sentence names the limit, or what would be read. Does not
belong here: reading files (opened).
"""

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path

from pipeline.defects import shortened
from pipeline.release.opened import (
    BROKEN,
    HASHES,
    TABLES,
    Damaged,
    NotARelease,
    Opened,
    leads_out,
    reason,
)

MOST_FILES, LEAST_SHARE, DEEPEST = 4_000_000, 100, 8
"""Files of a zip, bytes of it for each of them beyond the first thousand, and folders in each
other.
"""

ALWAYS_UNPACKED, MOST_TIMES = 20_000_000, 20
"""Bytes that a zip may always unpack to, and how many times its own where that is more; of large
releases it is six times.
"""

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_LISTED = b"PK\x01\x02"
"""What the entry of each file begins with in the list at a zip's end."""

_AT_ONCE = 2**20

_HOLDS = re.compile(rf"([^/]+/)?(?:{HASHES}$|{TABLES})")
"""A file of a release, and the folder that the release lies in."""


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
    if HASHES not in opened.names and not opened.tables():
        raise NotARelease(f"{path} is no release: it has neither {HASHES} nor tables")
    return opened


def _in_folder(path: Path) -> Opened:
    try:
        found = {entry.relative_to(path).as_posix(): entry.lstat() for entry in path.rglob("*")}
    except OSError as error:
        raise Damaged(f"cannot be read ({reason(error)})") from error
    plain = {name: one.st_size for name, one in found.items() if stat.S_ISREG(one.st_mode)}
    refused = {
        name: _not_plain(one.st_mode)
        for name, one in found.items()
        if name not in plain and not stat.S_ISDIR(one.st_mode)
    }
    return Opened(
        path, frozenset(plain), refused, lambda name: (path / name).open("rb"), sum(plain.values())
    )


def open_zip(path: Path, times: int = MOST_TIMES, always: int = ALWAYS_UNPACKED) -> Opened:
    """Return the files of a zip that unpacks to at most so many times its size, or to so many bytes
    as it always may; raises Damaged where it cannot be read, or is none that is safe to read.
    """
    try:
        size = path.stat().st_size
        _refuse_many(path, size)
        opened = zipfile.ZipFile(path)
    except BROKEN as error:
        raise Damaged(f"cannot be read as a zip ({reason(error)})") from error
    # not is_dir(), which some Pythons cannot ask of a file without a name
    files = [entry for entry in opened.infolist() if not entry.filename.endswith("/")]
    _refuse_odd(files)
    unpacked, most = sum(entry.file_size for entry in files), max(always, times * size)
    if unpacked > most:
        raise Damaged(f"would unpack {size:,} bytes to {unpacked:,}; at most {most:,} are read")
    safe, refused = _sorted_out(files)
    root = _root(safe)
    refused |= {
        name: f"is not below {root}; expected all files in one folder"
        for name in safe
        if not name.startswith(root)
    }
    within = {name[len(root) :]: safe[name] for name in safe if name.startswith(root)}
    return Opened(path, frozenset(within), refused, lambda name: opened.open(within[name]), size)


def _refuse_many(path: Path, size: int) -> None:
    """Raise Damaged where a zip lists too many files; Python would hold the whole list in memory.

    The marks of the list are counted, since how many there are said to be may be a lie.
    """
    most, found, end = min(MOST_FILES, 1000 + size // LEAST_SHARE), 0, b""
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            found += (end + part).count(_LISTED)
            end = part[1 - len(_LISTED) :]
    if found > most:
        raise Damaged(
            f"is not opened: it has {found:,} files; of {size:,} bytes at most {most:,} are read"
        )


def _refuse_odd(files: list[zipfile.ZipInfo]) -> None:
    """Raise Damaged where a zip is of another form than a release's: it begins with a script, say,
    or needs a password.
    """
    if files and min(entry.header_offset for entry in files) > 0:
        raise Damaged(
            "is not opened: something stands before its first file; expected a zip and nothing else"
        )
    for entry in files:
        if entry.filename.count("/") > DEEPEST:
            why = f"lies in more than {DEEPEST} folders; expected at most {DEEPEST}"
        elif entry.flag_bits & _ENCRYPTED:
            why = "is encrypted; expected files that need no password"
        elif entry.compress_type not in _METHODS:
            why = "is compressed in another way; expected files that are stored or deflated"
        else:
            continue
        raise Damaged(f"is not opened: {shortened(entry.filename)!r} {why}")


def _sorted_out(
    files: list[zipfile.ZipInfo],
) -> tuple[dict[str, zipfile.ZipInfo], dict[str, str]]:
    """Return the files of a zip that are safe to read by their names, and what is wrong with the
    other names.
    """
    safe: dict[str, zipfile.ZipInfo] = {}
    refused: dict[str, str] = {}
    known: dict[str, str] = {}
    for entry in files:
        name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
        like = known.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if leads_out(entry.orig_filename):
            refused[name] = "leads out of the release's folder; expected a name such as facts.csv"
        elif kind and not stat.S_ISREG(kind):
            refused[name] = _not_plain(kind)
        elif name in safe:
            refused[name] = "stands in the zip twice; expected each file once"
        elif like != name:
            refused[name] = (
                f"is told from {like!r} by capitals or accents alone, which not every system does"
            )
        else:
            safe[name] = entry
    return safe, refused


def _not_plain(mode: int) -> str:
    kind = "a link" if stat.S_ISLNK(mode) else "no plain file"
    return f"is {kind}; expected plain files and folders"


def _root(names: Iterable[str]) -> str:
    """Return the folder of a zip that holds the release, with a slash at its end; nothing where it
    lies on top.
    """
    roots = {match[1] or "" for name in names if (match := _HOLDS.match(name))}
    return "" if "" in roots or len(roots) != 1 else roots.pop()
