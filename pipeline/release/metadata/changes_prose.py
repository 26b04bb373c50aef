"""metadata/CHANGES.md: what each release changed, and why."""

import re

import polars as pl

from pipeline.defects import TURNS
from pipeline.release.edition import Edition
from pipeline.release.files import Files, sorted_by_key
from schemas.tables import RELEASE_TABLES

TOLD = 200
"""Changes that CHANGES.md tells one by one; the table `changes` has all."""


_CHANGES = {
    "value": "another value",
    "type": "another type",
    "added": "added",
    "removed": "removed",
}

_MARKS = re.compile(r"(^[0-9]+)([.)])|()([\\`*{}\[\]<>#|~&!]|(?<!\w)_|_(?!\w)|^[-+=])", re.ASCII)
"""What Markdown takes for more than itself, in one line: anywhere, and at its beginning."""

_UNSEEN = re.compile(rf"[\s{TURNS}]+")


def changes_prose(edition: Edition, _: Files) -> str:
    """Return CHANGES.md: every release with its reason, and of this one what has changed since the
    one it is based on.
    """
    lines = [f"# Changes of {edition.title}", ""]
    for row in edition.history.reverse().iter_rows(named=True):
        lines += [f"## {row['version']} ({row['date']})", "", in_markdown(row["reason"]), ""]
        if row["version"] == edition.version and edition.based_on:
            lines += [f"Since {edition.based_on}:", "", *_told(edition.tables["changes"]), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _told(changes: pl.DataFrame) -> list[str]:
    if changes.is_empty():
        return ["- no table has changed; descriptions, page or libraries have"]
    what = (
        pl.when(pl.col("key").is_not_null())
        .then(pl.lit("row"))
        .otherwise(
            pl.when(pl.col("column_name").is_null())
            .then(pl.lit("table"))
            .otherwise(pl.lit("column"))
        )
    )
    counted = (
        changes.with_columns(what=pl.when(change="value").then(pl.lit("cell")).otherwise(what))
        .group_by("table_name", "what", "change")
        .agg(pl.len().alias("count"))
        .sort("table_name", "what", "change")
        .iter_rows()
    )
    lines = [
        f"- `{table}`: {count} {what}{'s' * (count > 1)}: {_CHANGES[change]}"
        for table, what, change, count in counted
    ]
    values = sorted_by_key(changes.filter(change="value"), RELEASE_TABLES["changes"]).head(TOLD)
    return lines + [
        (
            f"- `{row['table_name']}` {in_markdown(row['key'])}, {row['column_name']}: "
            f"{_shown(row['old'])} is now "
            f"{_shown(row['new'])}"
        )
        for row in values.iter_rows(named=True)
    ]


def _shown(value: str | None) -> str:
    return "nothing" if value is None else in_markdown(f"“{value}”")


def in_markdown(text: str) -> str:
    """Return a text as it shows itself in Markdown, in one line: marks that would command are
    escaped, and those that turn the direction of writing left out.
    """
    return _MARKS.sub(r"\1\3\\\2\4", _UNSEEN.sub(" ", text))
