"""Write a release: every table as Parquet and CSV, the flat table of facts, the texts, and the hash of every file.

Belongs here: what a release folder holds, and when it is replaced. Does not belong here: how a table is written (files) or
how a folder survives a kill (durable).
"""

import filecmp
import hashlib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipeline.release.database import facts_table
from pipeline.release.durable import aside, recover, swap_in
from pipeline.release.files import write_csv, write_parquet
from schemas.tables import FACTS, TABLES

FIRST_VERSION = "1.0.0"
HASHES = "SHA256SUMS"


def release_version(releases: pl.DataFrame) -> str:
    """Return the version that raw/ builds: the last of releases.csv, or the first there is."""
    return FIRST_VERSION if releases.is_empty() else str(releases["version"][-1])


def publish(tables: Mapping[str, pl.DataFrame], texts: pl.DataFrame, outputs: Path, version: str) -> tuple[Path, bool]:
    """Write the release `version` under `outputs`; return its folder, and whether it is new.

    `texts` has source_id and text of the sources that may be republished. A release that would be the same to the byte is
    left as it is.
    """
    target = outputs / "releases" / version
    target.parent.mkdir(parents=True, exist_ok=True)
    recover(target)
    folder = aside(target)
    write_release(tables, texts, folder)
    if target.exists() and same_files(folder, target):
        recover(target)
        return target, False
    swap_in(target)
    return target, True


def write_release(tables: Mapping[str, pl.DataFrame], texts: pl.DataFrame, folder: Path) -> None:
    """Write the files of a release into a new folder."""
    (folder / "tables").mkdir(parents=True)
    (folder / "sources").mkdir()
    for name, schema in TABLES.items():
        write_parquet(tables[name], schema, folder / "tables" / f"{name}.parquet")
        write_csv(tables[name], schema, folder / "tables" / f"{name}.csv")
    write_csv(FACTS.validate(facts_table(tables)), FACTS, folder / "facts.csv")
    for source_id, text in texts.select("source_id", "text").sort("source_id").iter_rows():
        (folder / "sources" / f"{source_id}.txt").write_bytes(text.encode())
    (folder / HASHES).write_text(_hashes(folder), encoding="utf-8")


def _hashes(folder: Path) -> str:
    """Return the lines of SHA256SUMS, as `sha256sum --check` reads them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    return "".join(sorted(lines, key=lambda line: line[66:]))


def same_files(one: Path, other: Path) -> bool:
    """Return whether two folders hold the same files, byte for byte."""
    names = {path.relative_to(folder) for folder in (one, other) for path in folder.rglob("*") if path.is_file()}
    _, differing, missing = filecmp.cmpfiles(one, other, [str(name) for name in names], shallow=False)
    return not differing and not missing
