"""Whether the tables of a release are what their schemas say, and its CSV files hold the same rows.

Belongs here: columns, types, keys, ranges, references, and the two forms of a table. Does not belong here: what the rows
say of texts (evidence) and of each other (conclusions).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandera.errors
import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.release.database import facts_table
from pipeline.release.files import guarded, logical_hash
from pipeline.release.opened import Damaged, Opened, read_csv, read_parquet
from pipeline.release.verification.failure import SHOWN, Failure, differing, failing, table_file, told
from schemas.raw_files import ENTERED
from schemas.tables import FACTS, RELEASE_TABLES

FACTS_FILE = "facts.csv"

Tables = Mapping[str, pl.DataFrame]


@dataclass
class Read:
    """The tables that can be read and have the columns of their schema, by name, and the metadata of their files."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    metadata: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def logical(self) -> dict[str, str]:
        """The hash of each table's values."""
        return {name: logical_hash(rows, RELEASE_TABLES[name]) for name, rows in self.tables.items()}


def read_tables(opened: Opened) -> tuple[Read, list[Failure]]:
    """Return the tables of a release, and what keeps others from being read."""
    read, failures = Read(), []
    for ending in ("parquet", "csv"):
        there = set(opened.tables(ending))
        lost, strange = (
            [f"tables/{name}.{ending}" for name in sorted(names)]
            for names in (RELEASE_TABLES.keys() - there, there - RELEASE_TABLES.keys())
        )
        failures += [Failure(file, "missing_file", "is not there; a release has this table") for file in lost]
        failures += [Failure(file, "unknown_table", "is no table that this program can check") for file in strange]
    for name in (name for name in RELEASE_TABLES if table_file(name) in opened.names):
        try:
            rows, read.metadata[name] = read_parquet(opened.read(table_file(name)))
        except Damaged as error:
            failures.append(Failure(table_file(name), "unreadable_file", str(error)))
            continue
        if wrong := _columns(name, rows):
            failures += wrong
        else:
            read.tables[name] = rows
    return read, failures


def _columns(name: str, rows: pl.DataFrame) -> list[Failure]:
    """Return a failure for each column that the schema does not have, has with another type, or in another place."""
    expected = {column: described.dtype.type for column, described in RELEASE_TABLES[name].columns.items()}
    found = dict(rows.schema)
    wrong = [f"the column {column} is not there" for column in expected if column not in found]
    wrong += [f"the column {column} is none of this table's" for column in found if column not in expected]
    wrong += [
        f"the column {column} is {found[column]}; expected {dtype}"
        for column, dtype in expected.items()
        if column in found and found[column] != dtype
    ]
    if not wrong and list(found) != list(expected):
        wrong = [f"the columns stand in the order {', '.join(found)}; expected {', '.join(expected)}"]
    return [Failure(table_file(name), "wrong_column", message) for message in wrong]


def values_fit(tables: Tables) -> list[Failure]:
    """Return a failure for each cell, key or row that a schema does not admit."""
    return [failure for name, rows in tables.items() for failure in _values(name, rows, RELEASE_TABLES[name])]


def _values(name: str, rows: pl.DataFrame, schema: DataFrameSchema) -> list[Failure]:
    try:
        schema.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    described = {check.name: check.description for check in schema.checks}
    messages = []
    for case in cases.head(SHOWN).iter_rows(named=True):
        row = rows.row(case["index"], named=True) if case["index"] is not None else {}
        key = " ".join(str(row[column]) for column in schema.unique or () if row.get(column) is not None)
        place = f"{key}: {case['column']}" if case["column"] in row else key
        shown = f" is {row[case['column']]!r}" if case["column"] in row else ""
        messages.append(
            f"{place}{shown}; expected {_EXPECTED.get(case['check']) or described.get(case['check']) or case['check']}"
        )
    return told(table_file(name), "wrong_value", messages, cases.height)


_EXPECTED = {"not_nullable": "a value", "multiple_fields_uniqueness": "each key once"}


def references_lead_somewhere(tables: Tables) -> list[Failure]:
    """Return a failure for each cell that names a row of another table that is not there."""
    facts = pl.concat([tables[name]["fact_id"] for name in ENTERED if name in tables] or [pl.Series([], dtype=pl.String)])
    failures = []
    for name, rows in tables.items():
        for column, described in RELEASE_TABLES[name].columns.items():
            target = (described.metadata or {}).get("references", "")
            table, _, key = str(target or "").partition(".")
            if table in tables:
                known = tables[table][key]
            elif column == "fact_id" and name not in ENTERED and set(ENTERED) <= tables.keys():
                target, known = "observations, events and statements", facts
            else:
                continue
            lost = rows.drop_nulls(column).join(known.alias(column).to_frame(), on=column, how="anti", maintain_order="left")
            message = pl.format("{} is {}, which stands nowhere in {}", pl.lit(column), pl.col(column), pl.lit(str(target)))
            failures += failing(table_file(name), "lost_reference", lost, list(RELEASE_TABLES[name].unique or ()), message)
    return failures


def twins_agree(opened: Opened, tables: Tables) -> list[Failure]:
    """Return a failure for each row that the CSV file of a table has otherwise than its Parquet file."""
    failures = []
    for name, rows in tables.items():
        if f"tables/{name}.csv" in opened.names:
            failures += _same_rows(opened, f"tables/{name}.csv", table_file(name), rows, RELEASE_TABLES[name])
    return failures


def facts_follow(opened: Opened, tables: Tables) -> list[Failure]:
    """Return a failure for each row of facts.csv that is not what the view gives from the tables."""
    if FACTS_FILE not in opened.names:
        return [Failure(FACTS_FILE, "missing_file", "is not there; a release has this file")]
    rows = guarded(facts_table(tables))
    return _same_rows(opened, FACTS_FILE, "the tables", rows, FACTS)


def _same_rows(opened: Opened, file: str, place: str, rows: pl.DataFrame, schema: DataFrameSchema) -> list[Failure]:
    try:
        found = read_csv(opened.read(file))
    except Damaged as error:
        return [Failure(file, "unreadable_file", str(error))]
    if found.columns != rows.columns:
        expected = f"has the columns {', '.join(found.columns)[:500]}; expected {', '.join(rows.columns)}"
        return [Failure(file, "wrong_column", expected)]
    expected_rows = rows.select(pl.all().cast(pl.String))
    return differing(file, "rows_differ", found, (place, expected_rows), list(schema.unique or ()))
