"""A release made again from the raw/ that it carries, and how its files differ from that.

Belongs here: the steps and the exporters that make any release, and the comparison, byte by byte.
Does not belong here: a release that this program does not make (listed_files).
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from os.path import commonprefix
from pathlib import Path, PurePosixPath

import polars as pl

from pipeline.built import Tables
from pipeline.defects import Defect, shortened, where
from pipeline.facts.dated import with_period_ends
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
from pipeline.release.opened import HASHES, RAW, TABLES, Damaged, open_zip
from pipeline.release.release import write_release
from pipeline.release.verification.contents import Contents
from pipeline.release.verification.failure import MADE, Failure, differing_rows
from pipeline.rule_steps import findings_of
from pipeline.steps import OF_FINDINGS, walk
from schemas.columns import PERIOD_ENDS
from schemas.raw_files import ENTERED
from schemas.tables import RELEASE_TABLES, empty

FACTS_FILE = "facts.csv"

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def made_again(contents: Contents) -> list[Failure]:
    """Return how the files of a release differ from those that its raw/ gives; where that has
    defects, these and no more.
    """
    if RAW not in contents.hashes:
        return (
            []
            if RAW in contents.opened.names
            else [Failure(RAW, "missing_file", "is not there; the release is made of it")]
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "raw")
        try:
            _unpack(contents, path)
        except Damaged as error:
            return [Failure(RAW, "unreadable_file", str(error))]
        read = RawTables(RawFolder(path))
        releases: Typed = read.given([RELEASES_FILE])[RELEASES_FILE]
        defects = folder_defects(read.raw) + releases.defects
        history = releases.rows.select("version", "date", "based_on", "reason")
        if history.is_empty():
            defects.append(
                Defect(RELEASES_FILE, 1, "version", "missing_file", "", "the row of this release")
            )
        tables, more = _tables(read, contents.tables) if not defects else ({}, [])
        if found := sorted({*defects, *more}):
            return [_as_failure(wrong) for wrong in found]
        place = history.row(-1, named=True)
        tables["changes"] = contents.tables["changes"] if place["based_on"] else empty("changes")
        made = Path(folder, "made")
        write_release(
            Edition(**place, tables=tables, originals=read.raw.originals(), history=history), made
        )
        return [*_other_version(contents, place["version"]), *_differing(contents, made)]


def _as_failure(wrong: Defect) -> Failure:
    """Return a defect of raw/, or of a table that is taken as published, as a failure of the file
    that has it.
    """
    file = wrong.file if wrong.file.startswith(TABLES) else RAW
    return Failure(file, wrong.code, wrong.at("").removeprefix("/"))


def _unpack(contents: Contents, folder: Path) -> None:
    """Write the files of raw/ that a release carries into a folder; raises Damaged where that is
    not safe.
    """
    packed = folder.with_name("raw.zip")
    packed.write_bytes(contents.opened.read(RAW))
    opened = open_zip(packed)
    if opened.refused:
        raise Damaged(f"holds files that are not safe to read: {', '.join(sorted(opened.refused))}")
    for name in opened.names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(opened.read(name))


def _other_version(contents: Contents, version: str) -> Iterator[Failure]:
    """Yield a failure where the folder or zip of a release has the name of another version."""
    called = contents.opened.path.name.removesuffix(".zip")
    if _VERSION.fullmatch(called) and called != version:
        yield Failure(RAW, "wrong_version", f"is that of version {version}, and not {called}")


def _tables(read: RawTables, published: Tables) -> tuple[dict[str, pl.DataFrame], list[Defect]]:
    """Return the tables that the steps make of raw/, and its defects.

    What was read in a text that the release may not carry is as published.
    """
    typed = read.given(
        (*OF_FINDINGS, SOURCES)
    )  # with the rules, of which one speaks of all sources
    sources, has_text = typed[SOURCES], _has_text(read.raw)
    to_read = replace(
        sources, rows=sources.rows.filter(has_text | (pl.col("republish_text") != "false"))
    )
    tables: dict[str, pl.DataFrame] = {}
    defects = release_defects(typed)
    for name, built in walk(RawTables(read.raw, {**typed, SOURCES: to_read}), tables):
        tables[name] = built.table
        defects += built.defects
        if name in (*ENTERED, "sources", "mentions"):
            others = published[name].filter(~has_text)
            tables[name] = pl.concat([built.table, _unread(name, others, tables)]).sort(
                RELEASE_TABLES[name].unique or []
            )
    if "findings" not in tables:
        return tables, defects
    return tables, [
        *defects,
        *_values_differ(tables, has_text),
        *findings_of(typed | tables).unacknowledged,
    ]


def _has_text(raw: RawFolder) -> pl.Expr:
    """Return whether a row is of a source whose text is there."""
    return pl.col("source_id").is_in(
        [name for name in raw.source_ids() if raw.has(f"{name}/{TEXT}")]
    )


def _unread(name: str, rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return rows whose text is not there, as published but for what does not come from it: days,
    unit and per.
    """
    if name in ENTERED:
        rows = with_period_ends(rows.drop(list(PERIOD_ENDS)), tables["sources"])[0]
    if name == "observations":
        fixed = tables["indicators"].select("unit", "per", indicator="code")
        rows = rows.drop("unit", "per").join(
            fixed, on="indicator", how="left", maintain_order="left"
        )
    return rows.select(list(RELEASE_TABLES[name].columns))


def _values_differ(tables: Tables, has_text: pl.Expr) -> list[Defect]:
    """Return a defect for each mention of a text that is not there which is the value of an
    observation, and has another.
    """
    mentions = tables["mentions"].filter(~has_text, role="value")
    numbers = tables["observations"].select("fact_id", "original_value", "value")
    rows = mentions.join(numbers, on="fact_id", how="left").with_columns(
        raw_file=pl.lit("tables/mentions.parquet"), raw_line="start_offset"
    )
    is_there = (
        pl.col("words").str.contains(pl.col("original_value"), literal=True).fill_null(value=False)
    )
    expected = pl.format("a fact whose value is in the words {}", "words")
    differs = ~is_there | (pl.col("low") != pl.col("value")).fill_null(value=False)
    return where(rows, differs, column="fact_id", code="value_not_in_quote", expected=expected)


def _differing(contents: Contents, folder: Path) -> Iterator[Failure]:
    """Yield how each file is not as it is made again in a folder, is not there, or is beyond
    those.
    """
    opened = contents.opened
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {
        HASHES
    }
    there = opened.names | opened.refused.keys()
    yield from (
        Failure(name, "missing_file", f"is not there; {MADE} has it")
        for name in sorted(made - there)
    )
    yield from (
        Failure(name, "extra_file", f"is not in {MADE}")
        for name in sorted(opened.names - made - {HASHES})
    )
    for name in sorted(made & contents.hashes.keys()):
        found, expected = opened.read(name), (folder / name).read_bytes()
        if found != expected:
            yield from _rows_differ(name, contents, folder) or [
                _bytes_differ(name, found, expected)
            ]


def _rows_differ(name: str, contents: Contents, folder: Path) -> list[Failure]:
    """Return how the rows of a table's file differ from those made again; none where it has no
    rows, or the right ones.
    """
    path = PurePosixPath(name)
    is_table = name == FACTS_FILE or path.stem in RELEASE_TABLES
    if not is_table or path.suffix not in {".csv", ".parquet"}:
        return []
    try:
        found = (
            contents.opened.read_csv(name) if path.suffix == ".csv" else contents.tables[path.stem]
        )
    except Damaged as error:
        return [Failure(name, "unreadable_file", str(error))]
    made = (
        pl.read_csv(folder / name, infer_schema=False)
        if path.suffix == ".csv"
        else pl.read_parquet(folder / name)
    )
    return differing_rows(name, found, made)


def _bytes_differ(name: str, found: bytes, expected: bytes) -> Failure:
    """Return where a file first differs: its line, and what stands there."""
    if name.endswith((".parquet", ".zip")):
        return Failure(name, "file_differs", f"has the content of {MADE}, but not its bytes")
    held, made = (data.decode("utf-8", "replace") for data in (found, expected))
    same = len(commonprefix([held, made]))  # noqa: RUF071 (of characters, as is meant)
    line = held.count("\n", 0, same) + 1
    first = [text[same:].partition("\n")[0] for text in (held, made)]
    return Failure(
        name,
        "file_differs",
        f"line {line} has {shortened(first[0])!r}; in {MADE} {shortened(first[1])!r}",
    )
