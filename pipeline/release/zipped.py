"""Zips: that of a release, beside its folder, with a hash of its own, and that of raw/ in it; the
same bytes for the same files.

Python's zipfile with one date for every entry: the library made for this takes the date from the
environment.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.release.durable import file_hash

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""

_PLAIN_FILE = 0o100644 << 16

_LEVEL = 5
"""Of deflate: of a million facts, the zip is a twentieth larger than with 9, in a fourth of the
time.
"""

_COMPRESSED = {".parquet"}
"""Files that deflate makes no smaller."""


def write_zip(folder: Path) -> Path:
    """Write FOLDER.zip and FOLDER.zip.sha256 and return the first; whatever stops this, no half of
    one is left under its name.
    """
    target = folder.with_name(f"{folder.name}.zip")
    aside = folder.with_name(f".{target.name}.aside")
    with zipfile.ZipFile(aside, "w") as zipped:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = _entry(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            method = zipfile.ZIP_STORED if path.suffix in _COMPRESSED else zipfile.ZIP_DEFLATED
            zipped.writestr(entry, path.read_bytes(), method, compresslevel=_LEVEL)
    digest = file_hash(aside)
    aside.replace(target)
    target.with_name(f"{target.name}.sha256").write_text(
        f"{digest}  {target.name}\n", encoding="utf-8"
    )
    return target


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return the zip of some files by their names, not compressed: the same bytes whichever library
    makes it.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as zipped:
        for name, content in sorted(files.items()):
            zipped.writestr(_entry(name), content, zipfile.ZIP_STORED)
    return held.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.external_attr = _PLAIN_FILE
    entry.create_system = 3
    return entry
