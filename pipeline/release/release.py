"""Write a release: tables, the flat table of facts, the page, the texts, what describes them, and
the hash of every file.

Belongs here: what a release folder holds, and when one is made. Does not belong here: how a table
is written (files), how a folder survives a kill (durable), or the number of a version (versions).
"""

import errno
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.built import Tables
from pipeline.defects import Defect
from pipeline.durable import aside, file_hash, swap_in
from pipeline.parts import HERE, Parts
from pipeline.release.changes import changes
from pipeline.release.edition import Edition
from pipeline.release.exporters import EXPORTERS
from pipeline.release.files import File, Files, guarded, write_csv, write_parquet
from pipeline.release.opened import HASHES, RAW, hashes_in, lines_of
from pipeline.release.versions import (
    FILE,
    first_row_is_missing,
    published_tables,
    retrieved_later,
    row_is_missing,
    row_is_wrong,
)
from pipeline.release.zipped import write_zip, zip_of
from schemas.tables import FACTS, RELEASE_TABLES, empty, file_of


@dataclass(frozen=True)
class Published:
    """The folder of the release that raw/ builds, whether it is new, and what stands against it."""

    folder: Path
    is_new: bool
    defects: list[Defect]


def publish(
    tables: Tables,
    originals: Mapping[str, bytes],
    outputs: Path,
    releases: pl.DataFrame,
    parts: Parts = HERE,
) -> Published:
    """Make the release that is due, if releases.csv has its row; a published one is never
    rewritten.

    `tables` are those of with_history, `originals` the files of raw/ by their paths, `releases` the
    rows of releases.csv, with raw_line; `parts` keep drawings.
    """
    if releases.is_empty():
        return Published(outputs / "releases", is_new=False, defects=[first_row_is_missing()])
    row = releases.row(-1, named=True)
    target = outputs / "releases" / row["version"]
    before = _before(outputs, releases)
    if defects := _unfit(before, target, row):
        return Published(target, is_new=False, defects=defects)
    history = releases.select("version", "date", "based_on", "reason")
    place = history.row(-1, named=True)
    edition = Edition(**place, tables=tables, originals=originals, history=history, parts=parts)
    with aside(target) as built:
        write_release(edition, built)
        is_new = not target.exists()
        if is_new:
            defects = retrieved_later(tables["sources"], row)
            defects += row_is_wrong(row, tables["changes"]) if before else []
        elif (built / HASHES).read_bytes() != (target / HASHES).read_bytes():  # its own, see _unfit
            found = changes(published_tables(target), tables)
            defects = [row_is_missing(target.name, found, row["raw_line"])]
        if is_new and not defects:
            swap_in(target)
    if target.exists():
        write_zip(target)
    return Published(target, is_new=is_new and not defects, defects=defects)


def with_history(tables: Tables, outputs: Path, releases: pl.DataFrame) -> Tables:
    """Return tables with those about releases: `changes` since the release that the last row of
    releases.csv is based on, and `releases`.

    Nothing has changed since a release that is not there, or no longer what it was; `publish` says
    so.
    """
    before = _before(outputs, releases)
    found = empty("changes")
    if before and before.is_dir() and not tampered(before):
        found = changes(published_tables(before), tables)
    history = releases.select("version", pl.col("date").str.to_date(), "based_on", "reason")
    return {**tables, "changes": found, "releases": history}


def _before(outputs: Path, releases: pl.DataFrame) -> Path | None:
    """Return the folder of the release that the last row of releases.csv is based on."""
    version = releases["based_on"].to_list()[-1:]
    return outputs / "releases" / version[0] if any(version) else None


def _unfit(before: Path | None, target: Path, row: dict[str, Any]) -> list[Defect]:
    """Return why nothing can be published: the release before is not there, or a published one is
    not what it was.
    """
    if target.parent.is_file():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target.parent))
    if before and not before.is_dir():
        expected = (
            f"a version that stands in {target.parent.name}/: copy its folder there, or begin a "
            "history of your own with a first row, whose based_on is empty"
        )
        return [Defect(FILE, row["raw_line"], "based_on", "unknown_version", before.name, expected)]
    return [
        defect
        for folder in (before, target)
        if folder and folder.is_dir()
        for defect in tampered(folder)
    ]


def write_release(edition: Edition, folder: Path) -> None:
    """Write the files of a release into a new folder."""
    for name in ("tables/solver", "sources", "metadata"):
        (folder / name).mkdir(parents=True)
    files = _write_tables(edition, folder)
    originals = (
        (f"sources/{source_id}.txt", original) for source_id, original in edition.files.items()
    )
    made = (made for exporter in EXPORTERS for made in exporter(edition, files))
    hashes = {path: file.sha256 for path, file in files.items()}
    for path, content in chain(made, originals, [(RAW, zip_of(edition.raw))]):
        (folder / path).write_bytes(content)
        hashes[path] = hashlib.sha256(content).hexdigest()
    (folder / HASHES).write_bytes(lines_of(dict(sorted(hashes.items()))))


def _write_tables(edition: Edition, folder: Path) -> Files:
    """Write every table as Parquet and CSV, and the flat one as CSV."""
    logical = {}
    for name, schema in RELEASE_TABLES.items():
        table, path = edition.tables[name], file_of(name, "parquet")
        logical[path] = write_parquet(table, schema, folder / path, edition.licence.name)
        logical[file_of(name, "csv")] = logical[path]
        write_csv(table, schema, folder / file_of(name, "csv"))
    write_csv(guarded(FACTS.validate(edition.facts)), FACTS, folder / "facts.csv")
    return {
        path: File(digest, (folder / path).stat().st_size, logical.get(path, ""))
        for path, digest in hashes_of(folder).items()
    }


def hashes_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a release, by its path there, in their order."""
    paths = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != HASHES
    }
    return {name: file_hash(path) for name, path in sorted(paths.items())}


def tampered(folder: Path) -> list[Defect]:
    """Return a defect where a published release is no longer what its hashes say."""
    kept = (folder / HASHES).read_bytes() if (folder / HASHES).is_file() else b""
    now = hashes_of(folder)
    if kept == lines_of(now):
        return []
    differing = sorted({name for name, _ in hashes_in(kept).items() ^ now.items()}) or [HASHES]
    expected = (
        "the release as it was published; take it back from the repository, these files "
        f"differ: {', '.join(differing)}"
    )
    return [Defect(FILE, 1, "version", "tampered_release", folder.name, expected)]
