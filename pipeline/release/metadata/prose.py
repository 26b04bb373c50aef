"""The files that people read beside the tables: README.md, metadata/CITATION.cff,
metadata/CHANGES.md.
"""

import json
from importlib.resources import files

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.release.edition import SUMMARY, TITLE, Edition
from pipeline.release.files import LICENCE, of_column, sorted_by_key
from pipeline.release.metadata.datapackage import type_of
from schemas.columns import references
from schemas.tables import FACTS, RELEASE_TABLES, file_of

_TABLES = {"facts": FACTS, **RELEASE_TABLES}

TOLD = 200
"""Changes that CHANGES.md tells one by one; the table `changes` has all."""


def readme(edition: Edition) -> str:
    """Return the README.md of a release folder."""
    template = (files("pipeline.release.metadata") / "README.md.txt").read_text(encoding="utf-8")
    return template.format(
        title=TITLE,
        version=edition.version,
        date=edition.date,
        summary=SUMMARY,
        diagram=diagram(),
        dictionary=dictionary(),
    )


def diagram() -> str:
    """Return a Mermaid diagram of the tables with their keys, and of each reference: from many rows
    to one, or to none where the cell may be empty.
    """
    lines = ["erDiagram"]
    for name, schema in _TABLES.items():
        key = " ".join(f"{_type(schema, column)} {column} PK" for column in schema.unique or [])
        lines.append(f"    {name} {{ {key} }}")
        for column, targets in references(schema).items():
            end = "o|" if schema.columns[column].nullable else "||"
            lines += [
                f"    {name} }}o--{end} {target.partition('.')[0]} : {column}"
                for target in targets.split("/")
            ]
    return "\n".join(lines)


def dictionary() -> str:
    """Return what each table is, its key, and the type, unit and description of each column."""
    lines = []
    for name, schema in _TABLES.items():
        key = ", ".join(f"`{column}`" for column in schema.unique or [])
        file = file_of(name, "parquet") if name in RELEASE_TABLES else "facts.csv"
        lines += [f"### {name}", "", f"{schema.description}. Key: {key}. File: `{file}`.", ""]
        lines += ["| column | type | unit | what it is |", "|---|---|---|---|"]
        for column in schema.columns:
            said = of_column(schema, column)
            words = f"{said['title']}. {said['description']}".replace("|", r"\|")
            unit = said.get("unit", "")
            lines.append(f"| `{column}` | {_type(schema, column)} | {unit} | {words} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n")


def _type(schema: DataFrameSchema, column: str) -> str:
    return type_of(schema.columns[column], in_parquet=False)


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
    places = {"url": "homepage", "repository-code": "repository"}
    lines += [
        f"{key}: {_quoted(place)}"
        for key, name in places.items()
        if (place := edition.publication[name])
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
