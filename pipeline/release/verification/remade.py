"""A release made again from the raw/ that it carries, and how its files differ from that.

Belongs here: the steps and the exporters that make any release, and the comparison, byte by byte:
of a file that differs nothing is parsed. Does not belong here: rows whose text the release may not
carry (unread).
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from os.path import commonprefix
from pathlib import Path
from typing import IO

import polars as pl

from pipeline.defects import Defect, shortened
from pipeline.fingerprint import program_versions
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import (
    RELEASES_FILE,
    SOURCES,
    TEXT,
    RawFolder,
    Typed,
    folder_defects,
    release_defects,
)
from pipeline.release.edition import Edition
from pipeline.release.opened import HASHES, PACKAGE, RAW, TABLES, Damaged, Opened
from pipeline.release.opening import open_zip
from pipeline.release.release import hashes_of, write_release
from pipeline.release.verification.failure import Failure, Unmade, of_each
from pipeline.release.verification.unread import Unread
from pipeline.rule_steps import findings_of
from pipeline.steps import OF_FINDINGS, walk
from schemas.columns import shape_of
from schemas.raw_files import ENTERED
from schemas.tables import RELEASE_TABLES, empty, file_of

MADE = "the release made again from its raw.zip"

_AT_ONCE = 2**20
_CELL = re.compile(rb"[^,\s\"<>]*\Z")
"""What of a cell or a word stands before a place."""

_MADE_WITH = re.compile(rb'"madeWith": {([^{}]*)}')
_VERSIONS = re.compile(rb'"([a-z0-9-]+)": "([0-9A-Za-z.+-]+)"')

SHOWN = 60
"""Characters that are shown of what differs."""

_TYPED = {"sources": SOURCES, **{name: f"{name}.csv" for name in ENTERED}}
"""The files of which tables are typed, of which texts say more."""

Published = Callable[[str], pl.DataFrame]
"""Gives the rows of a table, by its name, as they were published."""


def made_again(opened: Opened, hashes: Mapping[str, str]) -> tuple[Edition | None, list[Failure]]:
    """Return the release that the raw/ of another gives, and how the files of this differ from it;
    where there is none, why.

    `hashes` are those of the files that can be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = make_again(opened, Path(folder))
        except Unmade as stopped:
            return None, stopped.failures
        return made, [*differing(opened, hashes, Path(folder, "made"))]


def make_again(opened: Opened, folder: Path) -> Edition:
    """Make a release again in the folder `made` of a folder, and return it; raises Unmade."""
    read = RawTables(RawFolder(_unpacked(opened, folder)))
    releases: Typed = read.given([RELEASES_FILE])[RELEASES_FILE]
    defects = folder_defects(read.raw) + releases.defects
    history = releases.rows.select("version", "date", "based_on", "reason")
    if history.is_empty():
        expected = "the row of this release"
        defects.append(Defect(RELEASES_FILE, 1, "version", "missing_file", "", expected))
    _stop_at(defects)

    def published(name: str) -> pl.DataFrame:
        file = file_of(name, "csv")
        try:
            return opened.read_table(file, shape_of(RELEASE_TABLES[name]))
        except Damaged as error:
            raise Unmade(Failure(file, "unreadable_file", str(error))) from error

    place = history.row(-1, named=True)
    tables = _tables(read, published)
    tables["changes"] = published("changes") if place["based_on"] else empty("changes")
    made = Edition(
        **place,
        tables=tables,
        originals=read.raw.originals(),
        history=history,
        made_with=_made_with(opened),
    )
    write_release(made, folder / "made")
    return made


def _made_with(opened: Opened) -> dict[str, str]:
    """Return the versions with which a release says that it was made or, where it names none, those
    here.
    """
    with suppress(Damaged), opened.reading(PACKAGE) as file:
        if found := _MADE_WITH.search(file.read(_AT_ONCE)):
            return {name.decode(): said.decode() for name, said in _VERSIONS.findall(found[1])}
    return program_versions()


def _stop_at(defects: list[Defect]) -> None:
    """Raise Unmade where there are defects of raw/, or of a table that is taken as published."""
    if defects:
        raise Unmade(
            *(
                Failure(
                    wrong.file if wrong.file.startswith(TABLES) else RAW,
                    wrong.code,
                    wrong.at("").removeprefix("/"),
                )
                for wrong in sorted({*defects})
            )
        )


def _unpacked(opened: Opened, folder: Path) -> Path:
    """Return the folder with the files of the raw/ that a release carries; raises Unmade."""
    raw, packed = folder / "raw", folder / "raw.zip"
    if RAW not in opened.names:
        raise Unmade(Failure(RAW, "missing_file", "is not there; the release is made of it"))
    try:
        opened.copy(RAW, packed)
        held = open_zip(packed, times=1, always=0)
        for name in held.names:
            (raw / name).parent.mkdir(parents=True, exist_ok=True)
            held.copy(name, raw / name)
    except Damaged as error:
        raise Unmade(Failure(RAW, "unreadable_file", str(error))) from error
    if held.refused:
        raise Unmade(
            *(Failure(RAW, "unsafe_path", f"{name} {why}") for name, why in held.refused.items())
        )
    return raw


def _tables(read: RawTables, published: Published) -> dict[str, pl.DataFrame]:
    """Return the tables that the steps make of raw/; raises Unmade where it has defects.

    What was read in a text that the release may not carry is as published.
    """
    # with the rules, of which one speaks of all sources
    typed = read.given((*OF_FINDINGS, SOURCES, *(f"{name}.csv" for name in ENTERED)))
    sources, defects = typed[SOURCES], release_defects(typed)
    kept_back = sources.rows.filter(republish_text="false")["source_id"]
    ids = [one for one in kept_back if not read.raw.has(f"{one}/{TEXT}")]
    unread = _unread(ids, typed, published) if ids else Unread({}, {})
    read_ones = replace(sources, rows=sources.rows.filter(~pl.col("source_id").is_in(ids)))
    tables: dict[str, pl.DataFrame] = {}
    for name, built in walk(RawTables(read.raw, {**typed, SOURCES: read_ones}), tables):
        tables[name], wrong = unread.added_to(built.table, name, tables)
        defects += built.defects + wrong
    if "findings" in tables:
        defects += findings_of(typed | tables).unacknowledged
    _stop_at(defects)
    return tables


def _unread(ids: list[str], typed: dict[str, Typed], published: Published) -> Unread:
    """Return what was typed of some sources, which has no defects, and what was published."""
    _stop_at([*chain(*(typed[file].defects for file in _TYPED.values()))])
    is_of_them = pl.col("source_id").is_in(ids)
    return Unread(
        {name: typed[file].rows.filter(is_of_them) for name, file in _TYPED.items()},
        {name: published(name).filter(is_of_them) for name in (*_TYPED, "mentions")},
    )


def differing(opened: Opened, hashes: Mapping[str, str], folder: Path) -> Iterator[Failure]:
    """Yield how each file of a release is not as it is made again in a folder, is not there, or is
    beyond those.

    `hashes` are those of the files that can be read.
    """
    made = hashes_of(folder)
    missing = made.keys() - opened.names - opened.refused.keys()
    yield from of_each(missing, "missing_file", f"is not there; {MADE} has it")
    extra = opened.names - made.keys() - {HASHES}
    yield from of_each(extra, "extra_file", f"is not in {MADE}")
    for name in sorted(name for name in made.keys() & hashes.keys() if made[name] != hashes[name]):
        # where it cannot be read twice, that is told of it
        with (
            suppress(Damaged),
            opened.reading(name) as found,
            (folder / name).open("rb") as expected,
        ):
            yield Failure(name, "file_differs", _difference(name, found, expected))


def _difference(name: str, found: IO[bytes], expected: IO[bytes]) -> str:
    """Return where a file first differs, in words: its line, and what stands there."""
    if name.endswith((".parquet", ".xlsx", ".zip")):
        return f"is not that of {MADE}"
    line, parts = 1, (b"", b"")
    while parts[0] == parts[1]:
        line += parts[0].count(b"\n")
        parts = found.read(_AT_ONCE), expected.read(_AT_ONCE)
    same = len(commonprefix(parts))  # noqa: RUF071 (of bytes, as is meant)
    begin = _CELL.search(parts[0], max(same - SHOWN, 0), same)
    held, made = (
        shortened(
            part[begin.start() if begin else same :][: 4 * SHOWN]
            .decode(errors="replace")
            .partition("\n")[0]
        )
        for part in parts
    )
    line += parts[0].count(b"\n", 0, same)
    return f"line {line} has {held!r}; in {MADE} {made!r}"
