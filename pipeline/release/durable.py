"""Write so that what was published stays whole: build aside, flush to disk, rename; one build at a time; hashes of files."""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_SMALL = 2**18

_LOG = logging.getLogger(__name__)


@contextmanager
def one_build_at_a_time(outputs: Path) -> Iterator[None]:
    """Hold the lock of an outputs folder; a second build waits. The system frees it when its holder dies."""
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
        start = file.read(_SMALL)  # file_digest makes room for as much each time, which takes longer than hashing a page
        digest = hashlib.sha256(start) if len(start) < _SMALL else hashlib.file_digest(file, lambda: hashlib.sha256(start))
        return digest.hexdigest()


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def recover(target: Path) -> None:
    """Mend what a killed `swap_in` left: put back a folder that was moved away, remove what was half built."""
    if _old(target).exists() and not target.exists():
        _old(target).rename(target)
    for debris in (_old(target), aside(target)):
        shutil.rmtree(debris, ignore_errors=True)


def aside(target: Path) -> Path:
    """Return where a folder is built before it is swapped in."""
    return target.with_name(f".{target.name}.aside")


def swap_in(target: Path) -> None:
    """Put the folder built aside in the place of `target`."""
    built = aside(target)
    for path in sorted(built.rglob("*"), reverse=True):
        sync(path)
    sync(built)
    if target.exists():
        target.rename(_old(target))
    built.rename(target)
    sync(target.parent)
    shutil.rmtree(_old(target), ignore_errors=True)


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
