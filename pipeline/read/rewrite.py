"""Change a file of raw/ that others change too: other commands, other tabs, and editors.

Belongs here: that nothing which somebody else has saved is lost, and no half of a file is ever
seen. Does not belong here: what is changed.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.defects import Defect
from pipeline.durable import aside, one_writer_at_a_time, swap_in, sync
from pipeline.read.plain_file import read_plain_text

MARK = "\ufeff"
"""The byte-order mark, which a file keeps that has one."""

MOST_ROUNDS = 100
"""How often a change is made anew because the file became another meanwhile."""


def rewrite(raw: Path, file: str, change: Callable[[str | None], str | None]) -> list[Defect]:
    """Change the text of a file (relative to `raw`), as it stands there now, into another; None is
    no file. Return why the file cannot be changed, which is then as it was.

    All who call this wait for each other; what an editor saves meanwhile is what `change` is asked
    about again. Raises what `change` raises, and OSError where nothing can be written.
    """
    path = raw / file
    with one_writer_at_a_time(raw):
        for left in path.parent.glob(".*.*.aside"):  # by a writer that was killed
            left.unlink(missing_ok=True)
        for _ in range(MOST_ROUNDS):
            text, defects = as_typed(raw, file)
            if defects:
                return defects
            mark = MARK if text and text.startswith(MARK) else ""
            changed = change(text and bare(text))
            new = None if changed is None else mark + changed
            if new == text or _replace(raw, file, new, text):
                return []
    return [Defect(file, 1, "", "busy", "", "a file that is not written all the time")]


def as_typed(raw: Path, file: str) -> tuple[str | None, list[Defect]]:
    """Return the text of a file as it is, in any form of Unicode and with its byte-order mark, and
    its defect; None where there is no file, or a defect.
    """
    _, data, defects = read_plain_text(raw, file)
    if [defect.code for defect in defects] == ["missing_file"]:
        return None, []
    return (None if defects else data.decode("utf-8")), defects


def bare(text: str) -> str:
    """Return a text without its byte-order mark."""
    return text.removeprefix(MARK)


def _replace(raw: Path, file: str, new: str | None, old: str | None) -> bool:
    """Write a file that is still what was read of it; return whether it is."""
    path = raw / file

    def is_as_read() -> bool:
        return as_typed(raw, file) == (old, [])

    if new is None:
        if is_there := is_as_read():
            path.unlink()
            sync(path.parent)
        return is_there
    with aside(path) as built:
        built.write_bytes(new.encode("utf-8"))
        if old is not None:
            shutil.copymode(path, built)
        return swap_in(path, is_as_read)
