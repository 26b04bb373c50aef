"""Which release is due, and whether releases.csv has its row.

Belongs here: the comparison of a trial build with the last release, and the number that follows from it. Does not belong
here: what a release holds (release), or how two sets of tables are compared (changes).

MAJOR: a table, a column or a type changed; MINOR: keys were added or removed; PATCH: anything else. A changed value of an
observation needs one of REASONS in the row's reason.
"""

from pathlib import Path
from typing import Any

import polars as pl

from pipeline.defects import Defect
from pipeline.release.changes import Changes
from schemas.tables import empty

FIRST_VERSION = "1.0.0"
REASONS = ("source revised", "we erred", "newly covered")
FILE = "releases.csv"


def changes_table(found: Changes) -> pl.DataFrame:
    """Return changes as the table of that name."""
    nothing = pl.lit(None, pl.String)
    parts = [
        found.schema.with_columns(key=nothing),
        found.keys.with_columns(column=nothing, old=nothing, new=nothing),
        found.cells.with_columns(change=pl.lit("value")),
    ]
    shape = empty("changes")
    return pl.concat([shape, *(part.select(pl.col(shape.columns).cast(pl.String)) for part in parts)])


def next_version(version: str, level: str | None) -> str:
    """Return the number after `version` for a change of a level: major, minor, patch; none is a patch too (files differ)."""
    major, minor, patch = (int(part) for part in version.split("."))
    if level == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if level == "minor" else f"{major}.{minor}.{patch + 1}"


def first_row_is_missing() -> Defect:
    """Return what stops a first release that has no row."""
    return Defect(FILE, 1, "", "release_is_due", "", f"a row for the first release: {FIRST_VERSION},DATE,,REASON")


def row_is_missing(version: str, found: Changes, last_line: int) -> Defect:
    """Return what stops a release that is due and has no row: the row to fill in, with what has changed."""
    number = next_version(version, found.level)
    why = f"; the reason says one of: {', '.join(REASONS)}" if values_changed(found) else ""
    row = f"{number},DATE,{version},REASON"
    expected = f"a row for the release that is due, since raw/ or code no longer build {version} ({in_words(found)}): {row}{why}"
    return Defect(FILE, last_line, "version", "release_is_due", "", expected)


def row_is_wrong(row: dict[str, Any], found: Changes) -> list[Defect]:
    """Return what is wrong with the row of a release that is about to be published."""
    based_on, line = str(row["based_on"]), row["raw_line"]
    number = next_version(based_on, found.level)
    defects = []
    if row["version"] != number:
        expected = f"{number}, since {in_words(found)} from {based_on}"
        defects.append(Defect(FILE, line, "version", "wrong_version", str(row["version"]), expected))
    if values_changed(found) and not any(reason in str(row["reason"]).lower() for reason in REASONS):
        expected = f"a reason that says one of: {', '.join(REASONS)}; the value of a fact has changed"
        defects.append(Defect(FILE, line, "reason", "reason_is_missing", str(row["reason"]), expected))
    return defects


def values_changed(found: Changes) -> bool:
    """Return whether what a source is said to state has changed."""
    return not found.cells.filter((pl.col("table") == "observations") & (pl.col("column") == "value")).is_empty()


def in_words(found: Changes) -> str:
    """Return how much has changed, as "2 rows added, 1 value changed"."""
    counts = [
        (found.schema.height, "change of columns", "changes of columns"),
        (found.keys.filter(change="added").height, "row added", "rows added"),
        (found.keys.filter(change="removed").height, "row removed", "rows removed"),
        (found.cells.height, "value changed", "values changed"),
    ]
    told = [f"{count:,} {one if count == 1 else more}" for count, one, more in counts if count]
    return ", ".join(told) or "no table differs, other files do"


def published_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of a release folder, but for `changes`."""
    paths = sorted((folder / "tables").glob("*.parquet"))
    return {path.stem: pl.read_parquet(path, glob=False) for path in paths if path.stem != "changes"}
