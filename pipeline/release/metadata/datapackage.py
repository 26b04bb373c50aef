"""datapackage.json: what is in which file, column by column (Data Package 2.0, datapackage.org)."""

import json
import re
from typing import Any

import polars as pl
from pandera.polars import Column, DataFrameSchema

from pipeline.release.edition import Edition
from pipeline.release.files import Files
from schemas.columns import references
from schemas.tables import FACTS, RELEASE_TABLES, file_of

_TYPES: dict[object, str] = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Boolean: "boolean",
    pl.Date: "date",
}
"""What the types of columns are called there; any other is a decimal number's."""


def datapackage(edition: Edition, files: Files) -> str:
    """Return datapackage.json for the files of tables."""
    resources = [_resource("facts", FACTS, files, "facts.csv", "")]
    for name, schema in RELEASE_TABLES.items():
        for suffix, ending in (("", "csv"), ("-parquet", "parquet")):
            path = file_of(name, ending)
            resource = _resource(f"{name.replace('_', '-')}{suffix}", schema, files, path, suffix)
            resources.append({**resource, "logical_sha256": files[path].logical_sha256})
    licence = edition.licence
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": _name(edition.title),
        "title": edition.title,
        "description": edition.summary,
        "version": edition.version,
        "created": f"{edition.date}T00:00:00Z",
        "madeWith": dict(edition.made_with),
        "licenses": [{"name": licence.name, "path": licence.url, "title": licence.title}],
        **({"homepage": homepage} if (homepage := edition.publication["homepage"]) else {}),
        "sources": _sources(edition),
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _name(title: str) -> str:
    """Return a title as a name of a package: small letters and digits of ASCII, joined by
    hyphens.
    """
    return "-".join(re.findall("[a-z0-9]+", title.lower())) or "facts"


def _sources(edition: Edition) -> list[dict[str, str]]:
    return [
        {"title": f"{row['title']} ({row['publisher']}, {row['published']})"}
        | (
            {"path": row["url"]}
            if str(row["url"] or "").startswith(("https://", "http://"))
            else {}
        )
        for row in edition.sources
    ]


def _resource(
    name: str, schema: DataFrameSchema, files: Files, path: str, suffix: str
) -> dict[str, Any]:
    """Return the description of a file; of `bytes` in CSV only, since frictionless takes those of
    Parquet for an error.
    """
    file = files[path]
    is_csv = path.endswith(".csv")
    kind = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": file.size}
    return {
        "name": name,
        "path": path,
        "title": str(schema.title),
        "description": str(schema.description),
        **(
            kind if is_csv else {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
        ),
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [_field(schema, column, in_parquet=not is_csv) for column in schema.columns],
            "primaryKey": list(schema.unique or []),
            **({"foreignKeys": keys} if (keys := _foreign_keys(schema, suffix)) else {}),
        },
    }


def _field(schema: DataFrameSchema, name: str, *, in_parquet: bool) -> dict[str, Any]:
    column = schema.columns[name]
    unit = (column.metadata or {}).get("unit")
    required = (
        {}
        if column.nullable or name in (schema.unique or [])
        else {"constraints": {"required": True}}
    )
    described = {
        "name": name,
        "type": type_of(column, in_parquet=in_parquet),
        "title": str(column.title),
        "description": str(column.description),
    }
    return {**described, **({"unit": unit} if unit else {}), **required}


def type_of(column: Column, *, in_parquet: bool) -> str:
    """Return what the type of a column is called in Data Package."""
    kind = _TYPES.get(column.dtype.type, "number")
    # frictionless reads such a column of Parquet as one of floating-point numbers
    return "number" if in_parquet and kind == "integer" and column.nullable else kind


def _foreign_keys(schema: DataFrameSchema, suffix: str) -> list[dict[str, Any]]:
    keys = []
    for name, target in references(schema).items():
        table, _, field = target.partition(".")
        if "/" not in target:  # of a cell with two references in it there is no such key
            other = (
                {} if table == schema.name else {"resource": f"{table.replace('_', '-')}{suffix}"}
            )
            keys.append({"fields": [name], "reference": {**other, "fields": [field]}})
    return keys
