"""Results by the hash of all that they were made from: safe to delete, for several programs at once, never trusted when damaged.

Belongs here: bytes by their key, in a folder of bounded size. Does not belong here: what a key is made from (fingerprint), or
what the bytes say.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 2**31
"""What the folder may hold; what was not used for the longest time goes first."""

_DIGEST = hashlib.sha256().digest_size


class Kept:
    """A folder of results, each in a file that begins with the SHA-256 of the rest."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        """Keep results in a folder, which is made with the first of them if the folder around it is there."""
        self._folder = folder
        self._most_bytes = most_bytes

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, or None where there is nothing, or nothing whole."""
        path = self._folder / key
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        kept = content[_DIGEST:]
        return kept if hashlib.sha256(kept).digest() == content[:_DIGEST] else None

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a key; where that cannot be, as on a full disk, nothing is kept."""
        aside = self._folder / f".{key}.{os.getpid()}"
        try:
            self._folder.mkdir(exist_ok=True)
            aside.write_bytes(hashlib.sha256(content).digest() + content)
            aside.replace(self._folder / key)
        except OSError:
            with suppress(OSError):
                aside.unlink(missing_ok=True)

    def trim(self) -> None:
        """Delete what was not used for the longest time, until the rest is as small as it must be."""
        with suppress(OSError):  # another program trims at the same time
            room = self._most_bytes
            for _, size, path in sorted(_files_in(self._folder), reverse=True):
                room -= size
                if room < 0:
                    path.unlink(missing_ok=True)


def _files_in(folder: Path) -> list[tuple[int, int, Path]]:
    found = [(path, path.stat()) for path in folder.iterdir()] if folder.is_dir() else []
    return [(state.st_mtime_ns, state.st_size, path) for path, state in found]
