"""What stands in a folder of raw/: plain files and folders, and a defect for anything else.

Nothing is opened and no link followed. Hidden files are nobody's business here: editors and file
managers put them there, locks that are links among them. Does not belong here: what a folder should
hold (raw_folder), or opening its files (plain_file).
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.defects import Defect, nearest
from pipeline.read.plain_file import not_plain, unreadable

FILE, FOLDER = "a plain file", "a folder"


@dataclass
class Listing:
    """The names in a folder: of plain files, of folders, and of what is neither, or is the other
    one of the two.
    """

    defects: list[Defect]
    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    unfit: set[str] = field(default_factory=set)
    is_readable: bool = True


def list_folder(raw: Path, folder: str, wanted: Mapping[str, str]) -> Listing:
    """Return what stands in a folder ("" is raw/ itself, which may hold folders of any name
    besides).

    `wanted` says of each name that should stand there whether it is a plain file or a folder. A
    folder that cannot be read is one defect, and nothing stands in it.
    """
    try:
        modes = _modes(f"{raw}/{folder}")
    except OSError as error:
        return Listing([unreadable(folder or ".", FOLDER, error)], is_readable=False)
    found = Listing([])
    within = f"{folder}/" if folder else ""
    for name, mode in sorted(modes.items()):
        kind = FILE if stat.S_ISREG(mode) else FOLDER if stat.S_ISDIR(mode) else ""
        if not kind or wanted.get(name, kind) != kind:
            found.unfit.add(name)
            found.defects.append(
                not_plain(within + name, wanted.get(name, "only plain files and folders"), mode)
            )
            continue
        (found.files if kind == FILE else found.folders).add(name)
        if name not in wanted and (folder or kind == FILE):
            found.defects.append(_extra(within, name, wanted))
    return found


def _extra(within: str, name: str, wanted: Mapping[str, str]) -> Defect:
    files = sorted(name for name in wanted if wanted[name] == FILE)
    only = ", ".join(files) + ("" if within else ", and folders of sources")
    return Defect(within + name, 1, "", "extra_file", name, f"only {only}{nearest(name, files)}")


def _modes(path: str) -> dict[str, int]:
    """Return what each entry of a folder is, as the mode of a file tells it, but for hidden
    ones.
    """
    # needs the right to look up names, which a listing does not
    os.stat(f"{path}/.")  # noqa: PTH116
    with os.scandir(path) as entries:
        return {
            entry.name: entry.stat(follow_symlinks=False).st_mode
            for entry in entries
            if not entry.name.startswith(".")
        }
