"""Hashes that tell one state of files and code from another, without opening what is no plain file.

Belongs here: what a result depends on, in one text. Does not belong here: where results are kept (kept), or reading what files
say. Nothing here imports a library that is slow to load: whether anything has changed is the first question of a command.
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

GONE = "gone"
"""The hash of what is not there."""

LARGEST = 2**28
"""Bytes above which no file of raw/ is read: of a larger one its size and its time are its state."""

_SHAPING = ("duckdb", "jinja2", "pandera", "polars", "pyarrow", "babel", "unicode-rbnf", "z3-solver")


@cache
def code_version() -> str:
    """Return the hash of the code, and of the libraries that shape what it makes."""
    roots = (Path(str(files(package))) for package in ("pipeline", "schemas"))
    return digest_of([*map(hash_of, roots), *map(version, _SHAPING)])


def hash_of(path: Path) -> str:
    """Return the hash of a file, or of the names and contents of all files of a folder; nothing there is a state, too."""
    if not os.path.lexists(path):
        return GONE
    return digest_of(text for file in files_of(path) for text in (file.relative_to(path).as_posix(), content_hash(file)))


def files_of(path: Path) -> list[Path]:
    """Return a file, or those of a folder, sorted, but for hidden ones and what Python keeps; links are not followed."""
    if path.is_symlink() or not path.is_dir():
        return [path] if os.path.lexists(path) else []
    within = (Path(folder, name) for folder, _, names in os.walk(path) for name in names if not name.startswith("."))
    return sorted(file for file in within if "__pycache__" not in file.parts)


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a plain file; of anything else, or of what cannot be read, what it is."""
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
