"""Which release is due, and whether releases.csv has its row.

Belongs here: the comparison of a trial build with the last release, and the number that follows
from it. Does not belong here: what a release holds (release), or how two sets of tables are
compared (changes).

MAJOR: a table, a column or a type changed; MINOR: keys were added or removed; PATCH: anything else.
A changed value of an observation needs one of REASONS in the row's reason.
"""

from pathlib import Path
from typing import Any

import polars as pl

from pipeline.defects import Defect
from pipeline.release.changes import level

FIRST_VERSION = "1.0.0"
REASONS = ("source revised", "we erred", "newly covered")
FILE = "releases.csv"


def next_version(version: str, grave: str | None) -> str:
    """Return the number after `version` for a change as grave as: major, minor, patch; none is a
    patch too (files differ).
    """
    major, minor, patch = (int(part) for part in version.split("."))
    if grave == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if grave == "minor" else f"{major}.{minor}.{patch + 1}"


def first_row_is_missing() -> Defect:
    """Return what stops a first release that has no row."""
    return Defect(
        FILE,
        1,
        "",
        "release_is_due",
        "",
        f"a row for the first release: {FIRST_VERSION},DATE,,REASON",
    )


def row_is_missing(version: str, found: pl.DataFrame, last_line: int) -> Defect:
    """Return what stops a release that is due and has no row: the row to fill in, with what has
    changed.
    """
    number = next_version(version, level(found))
    why = f"; the reason says one of: {', '.join(REASONS)}" if values_changed(found) else ""
    row = f"{number},DATE,{version},REASON"
    expected = (
        "a row for the release that is due, since raw/ or code no longer build "
        f"{version} ({in_words(found)}): {row}{why}"
    )
    return Defect(FILE, last_line, "version", "release_is_due", "", expected)


def row_is_wrong(row: dict[str, Any], found: pl.DataFrame) -> list[Defect]:
    """Return what is wrong with the row of a release that is about to be published."""
    based_on, line = str(row["based_on"]), row["raw_line"]
    number = next_version(based_on, level(found))
    defects = []
    if row["version"] != number:
        expected = f"{number}, since {in_words(found)} from {based_on}"
        defects.append(
            Defect(FILE, line, "version", "wrong_version", str(row["version"]), expected)
        )
    if values_changed(found) and not any(
        reason in str(row["reason"]).lower() for reason in REASONS
    ):
        expected = (
            f"a reason that says one of: {', '.join(REASONS)}; the value of a fact has changed"
        )
        defects.append(
            Defect(FILE, line, "reason", "reason_is_missing", str(row["reason"]), expected)
        )
    return defects


def retrieved_later(sources: pl.DataFrame, row: dict[str, Any]) -> list[Defect]:
    """Return a defect for each source that was read after the day of the release that is about to
    be published.
    """
    expected = (
        f"a day up to {row['date']}, that of the release {row['version']} in {FILE}; or "
        "mend the day there"
    )
    later = sources.filter(pl.col("retrieved") > row["date"])
    return [
        Defect(f"{source_id}/source.toml", 1, "retrieved", "retrieved_later", day, expected)
        for source_id, day in later.select("source_id", "retrieved").iter_rows()
    ]


def values_changed(found: pl.DataFrame) -> bool:
    """Return whether what a source is said to state has changed."""
    return not found.filter(
        table_name="observations", column_name="value", change="value"
    ).is_empty()


def in_words(found: pl.DataFrame) -> str:
    """Return how much has changed, as "2 rows added, 1 value changed"."""
    of_rows = found.drop_nulls("key")
    counts = [
        (found["key"].null_count(), "table or column changed", "tables or columns changed"),
        (of_rows.filter(change="added").height, "row added", "rows added"),
        (of_rows.filter(change="removed").height, "row removed", "rows removed"),
        (of_rows.filter(change="value").height, "value changed", "values changed"),
    ]
    told = [f"{count:,} {one if count == 1 else more}" for count, one, more in counts if count]
    return ", ".join(told) or "no table differs, other files do"


def published_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of a release folder."""
    paths = sorted((folder / "tables").rglob("*.parquet"))
    return {path.stem: pl.read_parquet(path, glob=False) for path in paths}
