"""The files that people read beside the tables: README.md, metadata/CITATION.cff,
metadata/CHANGES.md.
"""

import json
from importlib.resources import files

import polars as pl

from pipeline.release.edition import SUMMARY, TITLE, Edition
from pipeline.release.files import LICENCE, sorted_by_key
from schemas.tables import RELEASE_TABLES, file_of

TOLD = 200
"""Changes that CHANGES.md tells one by one; the table `changes` has all."""


def readme(edition: Edition) -> str:
    """Return the README.md of a release folder."""
    template = (files("pipeline.release.metadata") / "README.md.txt").read_text(encoding="utf-8")
    tables = "\n".join(
        f"| `{file_of(name, 'parquet')}` | {schema.description} |"
        for name, schema in RELEASE_TABLES.items()
    )
    return template.format(
        title=TITLE, version=edition.version, date=edition.date, summary=SUMMARY, tables=tables
    )


def citation(edition: Edition) -> str:
    """Return CITATION.cff (Citation File Format 1.2.0); its texts are quoted as JSON, which is
    YAML.
    """
    lines = [
        "cff-version: 1.2.0",
        "message: "
        + _quoted("If you use this dataset, cite it, and the document that a fact was read from."),
        "type: dataset",
        f"title: {_quoted(TITLE)}",
        f"abstract: {_quoted(SUMMARY)}",
        "authors:",
        f"  - name: {_quoted(f'{TITLE} contributors')}",
        f"version: {_quoted(edition.version)}",
        f"date-released: {edition.date}",
        f"license: {LICENCE}",
    ]
    if edition.sources:
        lines.append("references:")
    for row in edition.sources:
        lines += [
            "  - type: generic",
            f"    title: {_quoted(row['title'])}",
            "    authors:",
            f"      - name: {_quoted(row['publisher'])}",
            f"    notes: {_quoted('Published ' + row['published'])}",
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def changes_prose(edition: Edition) -> str:
    """Return CHANGES.md: every release with its reason, and of this one what has changed since the
    one it is based on.
    """
    lines = [f"# Changes of {TITLE}", ""]
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
