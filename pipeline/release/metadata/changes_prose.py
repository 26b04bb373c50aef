"""metadata/CHANGES.md: what each release changed, and why."""

import polars as pl

from pipeline.release.edition import Edition
from pipeline.release.files import Files, sorted_by_key
from schemas.tables import RELEASE_TABLES

TOLD = 200
"""Changes that CHANGES.md tells one by one; the table `changes` has all."""


def changes_prose(edition: Edition, _: Files) -> str:
    """Return CHANGES.md: every release with its reason, and of this one what has changed since the
    one it is based on.
    """
    lines = [f"# Changes of {edition.title}", ""]
    for row in edition.history.reverse().iter_rows(named=True):
        lines += [f"## {row['version']} ({row['date']})", "", str(row["reason"]), ""]
        if row["version"] == edition.version and edition.based_on:
            lines += [f"Since {edition.based_on}:", "", *_told(edition.tables["changes"]), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _told(changes: pl.DataFrame) -> list[str]:
    if changes.is_empty():
        return ["- no table has changed; descriptions, page or libraries have"]
    counted = (
        changes.group_by("table_name", "change")
        .agg(pl.len().alias("count"))
        .sort("table_name", "change")
        .iter_rows()
    )
    lines = [f"- `{table}`: {count} {change}" for table, change, count in counted]
    values = sorted_by_key(changes.filter(change="value"), RELEASE_TABLES["changes"]).head(TOLD)
    return lines + [
        (
            f"- `{row['table_name']}` {row['key']}, {row['column_name']}: "
            f"{_shown(row['old'])} is now "
            f"{_shown(row['new'])}"
        )
        for row in values.iter_rows(named=True)
    ]


def _shown(value: str | None) -> str:
    return "nothing" if value is None else f"“{value}”"
