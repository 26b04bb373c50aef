"""What a release holds, as far as it can be read: its files, tables, texts and rules.

Belongs here: reading, and what cannot be read. Does not belong here: whether what was read is right; each check decides that.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar
from unicodedata import normalize

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.consistency.rules import Placed
from pipeline.defects import shortened
from pipeline.release.files import logical_hash
from pipeline.release.opened import PACKAGE, Damaged, Opened, reason
from pipeline.release.package import Package, read_package
from pipeline.release.verification.failure import Failure, table_file
from schemas.rules import RULE
from schemas.source_toml import ways_of_writing
from schemas.tables import FACTS, RELEASE_TABLES, empty

Anything = TypeVar("Anything")

FACTS_FILE = "facts.csv"
BYTE_ORDER_MARK = "\ufeff"

TODAY: Mapping[str, DataFrameSchema] = {**RELEASE_TABLES, "facts": FACTS}
"""The schemas of the tables of a release, and of facts.csv."""

_TEXTS = {"source_id": pl.String, "text": pl.String, "characters": pl.Int64, "sha256": pl.String}

OF_VERSION_1 = "numerals"
"""A table that releases of version 1 have, and later ones have not."""


class NoTable(KeyError):  # noqa: N818 (it is no error of the program)
    """A table that cannot be read."""


class Tables(dict[str, pl.DataFrame]):
    """The tables that can be read, by name; raises NoTable for another."""

    def __missing__(self, name: str) -> pl.DataFrame:
        """Say that a table cannot be read."""
        raise NoTable(name)


@dataclass(frozen=True)
class Contents:
    """A release as far as it can be read.

    - `hashes` are the SHA-256 and the size of each file, `package` is what datapackage.json says.
    - `schemas` are those that hold for the tables and, named facts, for facts.csv.
    - `tables` have the columns of their schemas; `metadata` is what their Parquet files say of themselves.
    - `texts` have source_id, text, characters, sha256, language and how each is read. `rules` are as they were typed; where one
      is none, the table of rules is left out.
    """

    opened: Opened
    hashes: Mapping[str, tuple[str, int]]
    package: Package
    schemas: Mapping[str, DataFrameSchema]
    tables: Tables
    metadata: Mapping[str, dict[str, str]]
    texts: pl.DataFrame
    rules: list[Placed]

    @property
    def is_todays(self) -> bool:
        """Whether this program makes releases with such tables."""
        return self.schemas is TODAY

    @cached_property
    def logical(self) -> dict[str, str]:
        """The hash of each table's values."""
        return {name: logical_hash(rows, self.schemas[name]) for name, rows in self.tables.items()}


def attempt(failures: list[Failure], read: Callable[[str], Anything], file: str) -> Anything | None:
    """Return what is read of a file; where it cannot be, add a failure and return nothing."""
    try:
        return read(file)
    except Damaged as error:
        failures.append(Failure(file, "unreadable_file", str(error)))
        return None


def read_contents(opened: Opened) -> tuple[Contents, list[Failure]]:
    """Return what can be read of a release, and why the rest cannot.

    A release of version 1 has tables that this program does not know: its schemas are those that its datapackage.json gives.
    """
    failures: list[Failure] = []
    hashes = measure(opened, failures)
    package = attempt(failures, lambda _: read_package(opened), PACKAGE) or Package(resources=[])
    is_todays = OF_VERSION_1 not in {*opened.tables("parquet"), *opened.tables("csv")}
    schemas = TODAY if is_todays else package.schemas()
    tables, metadata = _read_tables(opened, schemas, failures)
    sources, typed = (tables.get(name, empty(name)) if is_todays else empty(name) for name in ("sources", "rules"))
    texts = _read_texts(opened, sources, hashes, failures)
    rules = _read_rules(typed, failures)
    if len(rules) < typed.height:
        del tables["rules"]
    return Contents(opened, hashes, package, schemas, tables, metadata, texts, rules), failures


def measure(opened: Opened, failures: list[Failure]) -> dict[str, tuple[str, int]]:
    """Return the SHA-256 and the size of each file; add a failure for each that cannot be read or is not safe to."""
    failures += [Failure(name, "unsafe_path", why) for name, why in opened.refused.items()]
    found = {name: attempt(failures, opened.measure, name) for name in sorted(opened.names)}
    return {name: measured for name, measured in found.items() if measured is not None}


def _read_tables(
    opened: Opened, schemas: Mapping[str, DataFrameSchema], failures: list[Failure]
) -> tuple[Tables, dict[str, dict[str, str]]]:
    tables, metadata = Tables(), {}
    for name in opened.tables("parquet"):
        file = table_file(name)
        if name in schemas and (found := attempt(failures, opened.read_parquet, file)):
            rows, metadata[name] = found
            columns = [f"{key} ({dtype.base_type()})" for key, dtype in rows.schema.items()]
            wrong = wrong_columns(file, columns, list(_typed_columns(schemas[name])))
            failures += wrong
            if not wrong:
                tables[name] = rows
    return tables, metadata


def _typed_columns(schema: DataFrameSchema) -> Iterator[str]:
    for name, column in schema.columns.items():
        # a column of numbers whose schema does not say of which type (package) has decimal ones
        yield f"{name} ({column.dtype.type.base_type() if column.dtype else pl.Decimal})"


def wrong_columns(file: str, found: list[str], expected: list[str]) -> list[Failure]:
    """Return a failure where columns are not those expected, in their order."""
    if found == expected:
        return []
    strange = ", ".join(name for name in found if name not in expected) or "others in this order"
    lost = ", ".join(name for name in expected if name not in found) or ", ".join(expected)
    return [Failure(file, "wrong_column", f"has the columns {shortened(strange)}; expected {lost}")]


def _read_texts(
    opened: Opened, sources: pl.DataFrame, hashes: Mapping[str, tuple[str, int]], failures: list[Failure]
) -> pl.DataFrame:
    rows = []
    for file in sorted(hashes):
        if file.startswith("sources/") and file.endswith(".txt"):
            text = normalize("NFC", (attempt(failures, opened.read_text, file) or "").removeprefix(BYTE_ORDER_MARK))
            rows.append((PurePosixPath(file).stem, text, len(text), hashes[file][0]))
    texts = pl.DataFrame(rows, schema=_TEXTS, orient="row")
    said = sources.select("source_id", "language", *ways_of_writing())
    return texts.join(said, on="source_id", how="left", maintain_order="left")


def _read_rules(rules: pl.DataFrame, failures: list[Failure]) -> list[Placed]:
    placed = []
    for row in rules.sort("rule_id").iter_rows(named=True):
        typed = {"id": row["rule_id"], **{key: row[key] for key in ("kind", "title", "severity")}}
        try:
            rule = RULE.validate_python({**json.loads(row["definition"]), **typed})
        except (ValueError, TypeError, RecursionError) as error:
            message = f"{row['rule_id']}: the definition is no rule ({reason(error)})"
            failures.append(Failure(table_file("rules"), "wrong_rule", message))
        else:
            placed.append(Placed(rule, row["source_id"], row["raw_file"], row["raw_line"], {}))
    return placed
