"""Write so that what was published stays whole: build aside, flush to disk, rename; one build at a
time; nothing is left of one that was stopped.

Belongs here: how a file or a folder gets its name. Does not belong here: what it holds.
"""

import errno
import fcntl
import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LOG = logging.getLogger(__name__)

_LEFT = (".*.aside*", "releases/.*.aside*", "tables/.*.parquet.*")
"""What a build that was killed leaves in outputs/."""

_NO_ROOM = {os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)}


class DiskFull(OSError):  # noqa: N818 (it says what is wrong, as Unusable does)
    """There is no room for what was to be written, said in one line."""


@contextmanager
def one_build_at_a_time(outputs: Path) -> Iterator[None]:
    """Hold the lock of an outputs folder, in which nothing is left of a build that was killed; a
    second build waits.

    The system frees the lock when its holder dies.
    """
    # locks take a tenth of a second to import
    from filelock import FileLock, Timeout  # noqa: PLC0415

    outputs.mkdir(parents=True, exist_ok=True)
    lock = FileLock(outputs / ".build.lock")
    try:
        held = lock.acquire(timeout=0)
    except Timeout:
        _LOG.warning("Another build is at work in %s; this one waits for it.", outputs.name)
        held = lock.acquire()
    with held:
        for path in left_by_builds(outputs):
            _remove(path)
        yield


@contextmanager
def one_writer_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of hand-entered files, in which no file is put for that; a second
    writer waits, in this process or another.

    The system frees the lock when its holder dies.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def left_by_builds(outputs: Path) -> list[Path]:
    """Return what a build that is at work has aside, or one that was killed has left."""
    return sorted(path for pattern in _LEFT for path in outputs.glob(pattern))


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """Give the path at which a file or folder is built, from where `swap_in` takes it; whatever
    else ends this, it is removed. Raises DiskFull where there is no room for it.
    """
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True)
        sync(target.parent.parent)
    built = _aside(target)
    try:
        yield built
    except Exception as error:
        if has_no_room(error):
            raise DiskFull(_needed(target, built)) from error
        raise
    finally:
        for path in target.parent.glob(f"{built.name}*"):
            _remove(path)


def swap_in(target: Path, may: Callable[[], bool] = lambda: True) -> bool:
    """Give what was built aside the name of `target`, where no folder stands yet; the name of a
    file goes from the old one to the new at once. Return whether it `may`, asked right before.
    """
    built = _aside(target)
    for path in (*sorted(built.rglob("*"), reverse=True), built):
        sync(path)
    if is_allowed := may():
        built.replace(target)
        sync(target.parent)
    return is_allowed


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def has_no_room(error: BaseException) -> bool:
    """Whether an error, of whichever library, says that the disk is full."""
    return isinstance(error, DiskFull) or any(text in str(error) for text in _NO_ROOM)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.aside")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _needed(target: Path, built: Path) -> str:
    files = (built, *built.rglob("*"))
    written = sum(path.lstat().st_size for path in files if path.is_file())
    free = shutil.disk_usage(target.parent).free
    return (
        f"the disk is full: of {target} {written:,} bytes were written, {free:,} are free there; "
        "what was published is as it was"
    )
