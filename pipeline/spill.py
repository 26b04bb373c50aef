"""A folder for what does not fit into memory, gone when the program ends: also after a kill, by the
next one that spills.

Belongs here: making and removing it. Does not belong here: what spills into it, which is DuckDB's.
"""

import atexit
import shutil
import tempfile
from getpass import getuser
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK = "in_use.lock"


def spill_folder(parent: Path | None = None) -> Path:
    """Return a new folder below `parent` (the user's own in the system's for temporary files);
    remove those of dead programs.
    """
    parent = parent or Path(tempfile.gettempdir()) / f"facts-spill-{getuser()}"
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(parent / _LOCK):
        for folder in parent.glob("spill-*"):
            _remove_if_unused(folder)
        folder = Path(tempfile.mkdtemp(prefix="spill-", dir=parent))
        lock = FileLock(folder / _LOCK)
        lock.acquire()  # the system frees it when this program dies
    atexit.register(_remove, folder, lock)
    return folder


def _remove_if_unused(folder: Path) -> None:
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return
    _remove(folder, lock)


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()
