"""Hashes that tell one state of files and code from another, without opening what is no plain file.

Belongs here: what a result depends on, in one text. Does not belong here: where results are kept
(kept), or reading what files say. Nothing here imports a library that is slow to load: whether
anything has changed is the first question of a command.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

GONE = "gone"
"""The hash of what is not there."""

LARGEST = 2**28
"""Bytes above which no file of raw/ is read: of a larger one its size and its time are its
state.
"""

PROGRAM = "civil-society-facts"
"""What this program is called among installed packages."""

_SHAPING = (
    *(
        "babel",
        "charset-normalizer",
        "duckdb",
        "jinja2",
        "pandera",
        "polars",
        "pyarrow",
        "pydantic",
        "unicode-rbnf",
    ),
    *("altair", "vl-convert-python", "xlsxwriter", "z3-solver"),
)


@cache
def program_versions() -> dict[str, str]:
    """Return the versions of this program and of the libraries that shape what it makes, by their
    names.
    """
    return {name: version(name) for name in (PROGRAM, *sorted(_SHAPING))}


@cache
def code_version() -> str:
    """Return the hash of the code, and of the libraries that shape what it makes."""
    roots = (Path(str(files(package))) for package in ("pipeline", "schemas"))
    return digest_of([*map(hash_of, roots), *map(version, _SHAPING)])


def hash_of(path: Path) -> str:
    """Return the hash of a file, or of the names and contents of all that stands in a folder;
    nothing there is a state, too.
    """
    if not os.path.lexists(path):
        return GONE
    return digest_of(
        text
        for one in sorted(_within(path))
        for text in (one.relative_to(path).as_posix(), content_hash(one))
    )


def files_of(path: Path) -> list[Path]:
    """Return a file, or those of a folder, sorted, but for hidden ones and what Python keeps; links
    are not followed.
    """
    return sorted(one for one in _within(path) if one.is_symlink() or not one.is_dir())


def _within(path: Path) -> Iterator[Path]:
    """Yield a file, or the folders and files within a folder."""
    if path.is_symlink() or not path.is_dir():
        yield from [path] if os.path.lexists(path) else []
        return
    for folder, folders, names in os.walk(path):
        folders[:] = [
            name for name in folders if name != "__pycache__" and not name.startswith(".")
        ]
        yield from (Path(folder, name) for name in (*folders, *names) if not name.startswith("."))


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a plain file; of anything else, or of what cannot be read, what it
    is.
    """
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            return f"no plain file: {stat.S_IFMT(found.st_mode)}"
        if found.st_size > LARGEST:
            return f"{found.st_size} bytes at {found.st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.errno}"


def digest_of(texts: Iterable[str]) -> str:
    """Return the SHA-256 of texts in their order."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}:{text}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
