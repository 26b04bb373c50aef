"""Open a file of raw/: the only place that does, and only a plain file of a bounded size.

Links, pipes, sockets and devices are told apart before anything is opened, so that none of them
makes a check wait for ever, fill the memory, or publish what lies outside raw/. Belongs here: bytes
and text of one file. Does not belong here: what it holds.
"""

import os
import stat
import unicodedata
from pathlib import Path

from pipeline.defects import Defect
from pipeline.read.encodings import not_utf8

MEGABYTE = 2**20
MOST_MEGABYTES = {".csv": 256, ".txt": 16}
"""How large a file of raw/ may be, by the ending of its name."""

MOST_MEGABYTES_ELSE = 4

NO_CONTROL = (
    "no control characters, nor marks that turn the direction of writing; leave them out: a quote "
    "is found without them"
)

_NOT_THROUGH_LINKS = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
}


def not_plain(file: str, wanted: str, mode: int) -> Defect:
    """Return the defect of what is no plain file, or no folder, where one is wanted."""
    instead = (
        "put here what it leads to" if stat.S_ISLNK(mode) else "put one here, or take this away"
    )
    kind = _KINDS.get(stat.S_IFMT(mode), "something else")
    return Defect(
        file, 1, "", "not_plain", file.rpartition("/")[2], f"{wanted}; this is {kind}: {instead}"
    )


def unreadable(file: str, wanted: str, error: OSError) -> Defect:
    """Return the defect of a file or folder that the system does not let one read."""
    return Defect(
        file, 1, "", "unreadable_file", "", f"{wanted} that can be read ({error.strerror})"
    )


def read_bytes(
    raw: str | Path, file: str, ending: str | None = None
) -> tuple[bytes | None, list[Defect]]:
    """Return the content of a file (relative to `raw`), or nothing and the one defect that it
    has.

    It may be as large as its name's `ending` allows, or as another one does.
    """
    path = f"{raw}/{file}"
    # a Path for each takes its time
    own = os.path.splitext(file)[1]  # noqa: PTH122
    most = MOST_MEGABYTES.get(own if ending is None else ending, MOST_MEGABYTES_ELSE)
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            return None, [not_plain(file, "a plain file", status.st_mode)]
        if status.st_size > most * MEGABYTE:
            size = f"{status.st_size / MEGABYTE:.1f}"
            return None, [
                Defect(
                    file,
                    1,
                    "",
                    "too_large",
                    "",
                    f"a file of at most {most} megabytes; this one has {size}",
                )
            ]
        # see above
        with open(os.open(path, os.O_RDONLY | _NOT_THROUGH_LINKS), "rb", buffering=0) as opened:  # noqa: PTH123
            return opened.read(), []
    except FileNotFoundError:
        return None, [Defect(file, 1, "", "missing_file", "", "this file")]
    except OSError as error:
        return None, [unreadable(file, "a file", error)]


def read_plain_text(raw: str | Path, file: str) -> tuple[str | None, bytes, list[Defect]]:
    """Return the text of a file in Unicode normal form C, without a byte-order mark, and its bytes;
    or nothing and its defect.
    """
    data, defects = read_bytes(raw, file)
    if data is None:
        return None, b"", defects
    text, defects = text_in(data, file)
    return text, data, defects


def text_in(data: bytes, file: str) -> tuple[str | None, list[Defect]]:
    """Return the text that bytes of a file are, likewise; or nothing and its defect."""
    try:
        text, place = data.decode("utf-8-sig"), data.find(b"\0")  # which is no text
    except UnicodeDecodeError as error:
        text, place = "", error.start
    if place >= 0:
        return None, [not_utf8(data, file, place)]
    return text if text.isascii() else unicodedata.normalize("NFC", text), []
