"""Whether the tables of a release are what their schemas say, and its CSV files hold the same rows.

Belongs here: types, keys, ranges, references, and the two forms of a table. Does not belong here: what the rows say of texts
(evidence) and of each other (conclusions).
"""

from pathlib import PurePosixPath

import pandera.errors
import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.release.database import facts_table
from pipeline.release.files import guarded
from pipeline.release.verification.contents import FACTS_FILE, Contents, Tables, attempt, wrong_columns
from pipeline.release.verification.failure import SHOWN, Failure, differing_rows, failing, some, table_file
from schemas.code_lists import BASE_AND_CATEGORY
from schemas.raw_files import ENTERED
from schemas.tables import RELEASE_TABLES

_EXPECTED = {"not_nullable": "a value", "multiple_fields_uniqueness": "each key once"}


def values_fit(contents: Contents) -> list[Failure]:
    """Return a failure for each cell, key or row that a schema does not admit."""
    schemas = contents.schemas
    return [failure for name, rows in contents.tables.items() for failure in _values(table_file(name), rows, schemas[name])]


def _values(file: str, rows: pl.DataFrame, schema: DataFrameSchema) -> list[Failure]:
    try:
        schema.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    expected = _EXPECTED | {str(check.name): str(check.description) for check in schema.checks}
    messages = []
    for case in cases.head(SHOWN).iter_rows(named=True):
        row = {} if case["index"] is None else rows.row(case["index"], named=True)
        column, check = case["column"], case["check"]
        key = " ".join(str(row[name]) for name in schema.unique or () if row.get(name) is not None)
        place = f"{key}: {column} is {row[column]!r}" if column in row else key
        messages.append(f"{place}; expected {expected.get(check, check)}")
    return some(file, "wrong_value", messages, cases.height)


def references_lead_somewhere(contents: Contents) -> list[Failure]:
    """Return a failure for each cell that names a row of another table that is not there."""
    known = _known(contents.tables)
    failures = []
    for name, rows in contents.tables.items():
        for column, described in contents.schemas[name].columns.items():
            target = str((described.metadata or {}).get("references") or (_FACTS if column == "fact_id" else ""))
            if target in known:
                there = known[target].alias(column).to_frame()
                lost = rows.drop_nulls(column).join(there, on=column, how="anti", maintain_order="left")
                message = pl.format("{} is {}, which stands nowhere in {}", pl.lit(column), column, pl.lit(target))
                failures += failing(name, "lost_reference", lost, message)
    return failures


_FACTS = ", ".join(ENTERED)


def _known(tables: Tables) -> dict[str, pl.Series]:
    """Return what a cell may hold that refers to "table.column"."""
    known = {f"{name}.{key}": rows[key] for name, rows in tables.items() for key in RELEASE_TABLES[name].unique or ()}
    if tables.keys() >= {*ENTERED, "indicators", "categories"}:
        known[_FACTS] = pl.concat(tables[name]["fact_id"] for name in ENTERED)
        codes = tables["indicators"].select("code", tree="category_tree")
        parts = codes.join(tables["categories"].select("tree", category="code"), on="tree")
        of_categories = parts.select(pl.concat_str("code", "category", separator="/")).to_series()
        known[BASE_AND_CATEGORY] = pl.concat([codes["code"], of_categories])
    return known


def twins_agree(contents: Contents) -> list[Failure]:
    """Return a failure for each row that the CSV file of a table has otherwise than its Parquet file."""
    there = set(contents.opened.tables("csv"))
    return [
        failure
        for name, rows in contents.tables.items()
        if name in there
        for failure in _same_rows(contents, table_file(name, "csv"), (table_file(name), rows), contents.schemas[name])
    ]


def facts_follow(contents: Contents) -> list[Failure]:
    """Return a failure for each row of facts.csv that is not what the view gives from the tables."""
    rows = guarded(facts_table(contents.tables))
    return _same_rows(contents, FACTS_FILE, ("the tables", rows), contents.schemas["facts"])


def facts_fit(contents: Contents) -> list[Failure]:
    """Return a failure for each column and key of facts.csv that its schema does not admit."""
    found, failures = _read_csv(contents, FACTS_FILE)
    return failures if found is None else _values(FACTS_FILE, found, contents.schemas["facts"])


def _same_rows(contents: Contents, file: str, other: tuple[str, pl.DataFrame], schema: DataFrameSchema) -> list[Failure]:
    place, rows = other
    found, failures = _read_csv(contents, file)
    if found is None:
        return failures
    return differing_rows(file, "rows_differ", found, (place, rows.cast(pl.String)), schema.unique or ())


def _read_csv(contents: Contents, file: str) -> tuple[pl.DataFrame | None, list[Failure]]:
    """Return the rows of a CSV file; none, and why, where it cannot be read or has not the columns of its schema."""
    failures: list[Failure] = []
    found = attempt(failures, contents.opened.read_csv, file)
    if found is not None:
        failures = wrong_columns(file, found.columns, list(contents.schemas[PurePosixPath(file).stem].columns))
    return None if failures else found, failures
