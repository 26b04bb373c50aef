"""Releases of a few megabytes, or less, that would take gigabytes of memory or for ever where what
they hold were read as it asks to be.
"""

import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.release.opened import RAW
from pipeline.release.zipped import write_zip
from tests.conftest import SOURCE
from tests.verify.spoil import hash_anew, pack_anew, packed

MEGABYTE = 10**6
ZEROS = bytes(MEGABYTE)


def zipped(release: Path, path: Path) -> Path:
    return Path(shutil.copy(f"{release}.zip", path))


def of_zeros(release: Path, path: Path) -> None:
    """A file of zeros, deflated a thousandfold."""
    with (
        zipfile.ZipFile(zipped(release, path), "a", zipfile.ZIP_DEFLATED) as held,
        held.open("1.0.0/zeros", "w") as entry,
    ):
        for _ in range(150):
            entry.write(ZEROS)


def of_many_files(_: Path, path: Path) -> None:
    """A hundred thousand files of one byte."""
    with zipfile.ZipFile(path, "w") as held:
        for number in range(100_000):
            held.writestr(f"tables/{number}", b"0")


def of_a_long_list(release: Path, path: Path) -> None:
    """A list of files with nothing in it but names that nobody wrote, and an end that says that
    they are two.
    """
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *[0] * 6, 0, 0, 0, 1, *[0] * 4, 0, 0) + b"x"
    entries = entry * 200_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(entries), 0, 0)
    path.write_bytes(entries + end)
    assert release


def nested(release: Path, path: Path) -> None:
    """A raw.zip that is itself deflated a thousandfold."""
    folder = Path(shutil.copytree(release, path.with_suffix(".folder")))
    with zipfile.ZipFile(folder / RAW, "a", zipfile.ZIP_DEFLATED) as held:
        held.writestr("rules.txt", bytes(100 * MEGABYTE))
    hash_anew(folder)
    folder.rename(path)


Bomb = tuple[Callable[[Path, Path], None], str]
"""How a release is made, and what is said of it."""

REFUSED: dict[str, Bomb] = {
    "zeros.zip": (of_zeros, "would unpack"),
    "many.zip": (of_many_files, "files; of "),
    "list.zip": (of_a_long_list, "files; of "),
    "nested": (nested, "would unpack"),
}


def in_files(release: Path, path: Path) -> None:
    """Tables, pages and descriptions that no reader could take in, in a zip that is just large
    enough to unpack to all of them.
    """
    folder = Path(shutil.copytree(release, path.with_name("1.0.0")))
    rows = pa.array([0]).take(pa.array([0] * MEGABYTE))
    table = pa.table({"code": pa.DictionaryArray.from_arrays(rows.cast(pa.int32()), ["x" * 1000])})
    pq.write_table(pa.concat_tables([table] * 500), folder / "tables" / "agents.parquet")
    huge = pa.table({"code": ["x" * 100 * MEGABYTE]})
    pq.write_table(huge, folder / "tables" / "areas.parquet", compression="zstd")
    (folder / "tables" / "areas.csv").write_bytes(b"x" * 10 * MEGABYTE)
    (folder / "tables" / "agents.csv").write_bytes(b"," * 10 * MEGABYTE)
    (folder / "datapackage.json").write_bytes(b"[" * 10 * MEGABYTE)
    (folder / "metadata" / "croissant.json").write_bytes(b'{"a":' * 2 * MEGABYTE)
    (folder / "index.html").write_bytes(b"<a>&a;" * 2 * MEGABYTE)
    (folder / "noise").write_bytes(os.urandom(4 * MEGABYTE))
    for name in ("zeros.html", "tables/zeros.csv"):
        (folder / name).write_bytes(bytes(15 * MEGABYTE))
    hash_anew(folder)
    write_zip(folder).rename(path)


def without_a_text(release: Path, path: Path) -> None:
    """A number as it is printed of 140 KB, a period without end, and ten thousand rows of one key:
    of a text that may not be republished.
    """
    folder = Path(shutil.copytree(release, path))
    toml = packed(folder, "source.toml").replace("republish_text = true", "republish_text = false")
    pack_anew(folder, **{"source.toml": toml.encode(), "text.txt": None})
    (folder / "sources" / f"{SOURCE}.txt").unlink()
    observations = folder / "tables" / "observations.csv"
    text = observations.read_text(encoding="utf-8")
    assert '"35,000",' in text
    text = text.replace('"35,000",', f'"{"35,000" * 23_000}",', 1)
    observations.write_text(text.replace(",KZ,,2011-12-23,", ",KZ,,Y1E99999999,"), encoding="utf-8")
    mentions = folder / "tables" / "mentions.csv"
    lines = mentions.read_text(encoding="utf-8").splitlines(keepends=True)
    mentions.write_text("".join(lines + lines[-1:] * 10_000), encoding="utf-8")
    hash_anew(folder)


UNREAD: Bomb = (without_a_text, "with the words that were typed")

COMPARED: dict[str, Bomb] = {"files.zip": (in_files, "tables/agents.csv: line 1 has")}
"""Those whose raw/ is sound, so that the release is made again."""
