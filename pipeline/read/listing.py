"""What stands in a folder of raw/: plain files and folders, and a defect for anything else.

Nothing is opened and no link followed. Hidden files are nobody's business here: editors and file managers put them there, locks
that are links among them. Does not belong here: what a folder should hold (raw_folder), or opening its files (plain_file).
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.defects import Defect, nearest
from pipeline.read.plain_file import not_plain, unreadable

FILE, FOLDER = "a plain file", "a folder"


@dataclass(frozen=True)
class Listing:
    """The names in a folder: of plain files, of folders, and of what is neither, or is the other one of the two."""

    defects: tuple[Defect, ...]
    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    unfit: frozenset[str] = frozenset()
    is_readable: bool = True


def list_folder(raw: Path, folder: str, wanted: Mapping[str, str]) -> Listing:
    """Return what stands in a folder ("" is raw/ itself, which may hold folders of any name besides).

    `wanted` says of each name that should stand there whether it is a plain file or a folder. A folder that cannot be read is
    one defect, and nothing stands in it.
    """
    try:
        modes = _modes(f"{raw}/{folder}")
    except OSError as error:
        return Listing((unreadable(folder or ".", FOLDER, error),), is_readable=False)
    kinds = {name: _kind(mode) for name, mode in modes.items()}
    unfit = frozenset(name for name, kind in kinds.items() if not kind or wanted.get(name, kind) != kind)
    plain = frozenset(name for name, kind in kinds.items() if kind == FILE) - unfit
    folders = frozenset(kinds) - unfit - plain
    extra = (plain | (folders if folder else frozenset())) - frozenset(wanted)
    within = f"{folder}/" if folder else ""
    wrong = [not_plain(within + name, wanted.get(name, "only plain files and folders"), modes[name]) for name in unfit]
    wrong += [_extra(within, name, wanted) for name in extra]
    return Listing(tuple(sorted(wrong)), plain, folders, unfit)


def _extra(within: str, name: str, wanted: Mapping[str, str]) -> Defect:
    files = sorted(name for name in wanted if wanted[name] == FILE)
    only = ", ".join(files) + ("" if within else ", and folders of sources")
    return Defect(within + name, 1, "", "extra_file", name, f"only {only}{nearest(name, files)}")


def _kind(mode: int) -> str:
    return FILE if stat.S_ISREG(mode) else FOLDER if stat.S_ISDIR(mode) else ""


def _modes(path: str) -> dict[str, int]:
    """Return what each entry of a folder is, as the mode of a file tells it, but for hidden ones."""
    os.stat(f"{path}/.")  # noqa: PTH116 (needs the right to look up names, which a listing does not)
    with os.scandir(path) as entries:
        return {entry.name: _mode(entry) for entry in entries if not entry.name.startswith(".")}


def _mode(entry: os.DirEntry[str]) -> int:
    """Return the mode of an entry as far as it tells plain files and folders; of these without asking the system again."""
    if entry.is_file(follow_symlinks=False):
        return stat.S_IFREG
    return stat.S_IFDIR if entry.is_dir(follow_symlinks=False) else entry.stat(follow_symlinks=False).st_mode
