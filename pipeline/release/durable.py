"""Write so that what was published stays whole: build aside, flush to disk, rename; one build at a
time; hashes of files.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_LOG = logging.getLogger(__name__)


@contextmanager
def one_build_at_a_time(outputs: Path) -> Iterator[None]:
    """Hold the lock of an outputs folder; a second build waits. The system frees it when its holder
    dies.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    lock = FileLock(outputs / ".build.lock")
    try:
        held = lock.acquire(timeout=0)
    except Timeout:
        _LOG.warning("Another build is at work in %s; this one waits for it.", outputs.name)
        held = lock.acquire()
    with held:
        yield


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def aside(target: Path) -> Path:
    """Return where a folder is built before it is swapped in."""
    return target.with_name(f".{target.name}.aside")


def remove_aside(target: Path) -> None:
    """Remove what was built aside and is not to be published, or was left by a build that was
    killed.
    """
    shutil.rmtree(aside(target), ignore_errors=True)


def swap_in(target: Path) -> None:
    """Give the folder built aside the name of `target`, where nothing stands yet."""
    built = aside(target)
    for path in sorted(built.rglob("*"), reverse=True):
        sync(path)
    sync(built)
    built.rename(target)
    sync(target.parent)
