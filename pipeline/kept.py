"""Results by the hash of all that they were made from: safe to delete, for several programs at
once, never trusted when damaged.

Belongs here: bytes by their key, in a folder of bounded size. Does not belong here: what a key is
made from (fingerprint), or what the bytes say.
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
        """Keep results in a folder, which is made with the first of them if the folder around it is
        there.
        """
        self._folder = folder
        self._most_bytes = most_bytes
        self._room: int | None = None
        """Bytes that may still be kept, once they have been counted."""

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
        path = self._folder / key
        try:
            self._folder.mkdir(exist_ok=True)
            # not aside: half of it, or of two that are written at once, has not its hash
            path.write_bytes(hashlib.sha256(content).digest() + content)
            self._make_room(len(content))
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _make_room(self, added: int) -> None:
        """Delete what was not used for the longest time, where there is more than there may be."""
        if self._room is not None and self._room >= added:
            self._room -= added
            return
        self._room = self._most_bytes
        states = [(path, path.stat()) for path in self._folder.iterdir()]
        for path, state in sorted(states, key=lambda one: one[1].st_mtime_ns, reverse=True):
            if self._room >= state.st_size:
                self._room -= state.st_size
            else:
                path.unlink(missing_ok=True)
