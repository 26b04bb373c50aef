"""Check typed rows against their pandera schema, and say each failure as a defect.

Belongs here: from pandera's failure cases to file, line, column, what stands there and what was
expected; keys across tables; hints for what spreadsheets do to numbers and dates. Does not belong
here: any single column's rule.
"""

from collections.abc import Iterable
from dataclasses import replace

import pandera.errors
import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.built import Row, Tables
from pipeline.defects import (
    Defect,
    as_table,
    hint,
    nearest,
    of_table,
    shortened,
    where,
    with_advice,
)
from pipeline.parts import HERE, Given, Parts
from schemas.code_lists import CODE_LISTS
from schemas.columns import references
from schemas.publication_toml import PUBLICATION_TOML
from schemas.raw_files import FINDINGS_CSV, RELEASES_CSV, SOURCE_FILES
from schemas.source_toml import SOURCE_TOML
from schemas.tables import TABLES

ROWS = 100_000
"""Rows that are validated together, and those of the file that has the last of them."""

Codes = dict[str, pl.Series]
"""The values that other rows may refer to, by "table.column"."""

_SCHEMAS = {
    one.name: one
    for one in (
        *SOURCE_FILES.values(),
        *CODE_LISTS.values(),
        FINDINGS_CSV,
        RELEASES_CSV,
        SOURCE_TOML,
        PUBLICATION_TOML,
    )
}


def validate(rows: pl.DataFrame, schema: DataFrameSchema, parts: Parts = HERE) -> list[Defect]:
    """Return a defect for each failure of the checks of a file of raw/; `rows` has raw_file and
    raw_line.

    Every key is one within its file, so that files can be validated apart.
    """
    place = rows.select(pl.int_range(pl.len()).first().over("raw_file") // ROWS).to_series()
    apart = [rows.filter(place == number) for number in place.unique().sort()]
    found = parts.run(validate_part, [{"schema": str(schema.name), "rows": part} for part in apart])
    return [defect for tables in found for defect in of_table(tables["defects"])]


def validate_part(part: Given) -> Tables:
    """Return the defects of some rows, which a schema, by its name, is of."""
    return {"defects": as_table(_defects(part["rows"], _SCHEMAS[part["schema"]]))}


def _defects(rows: pl.DataFrame, schema: DataFrameSchema) -> list[Defect]:
    failures = _failures(rows, schema)
    if not failures:
        return []
    key = list(schema.unique or ())
    placed = rows.with_columns(first=pl.struct("raw_file", "raw_line").first().over(key))
    defects: list[Defect] = []
    of_rows: list[Defect] = []
    for case in failures:
        row = placed.row(case["index"], named=True)
        if case["check"] == "multiple_fields_uniqueness":
            defects += _duplicate(row, key)
        elif case["column"] in schema.columns:
            defects.append(_of_cell(case["check"], case["column"], row, schema))
        else:
            check = next(check for check in schema.checks if check.name == case["check"])
            column = str(check.title)
            found = shortened(row[column] or "")
            of_rows.append(
                Defect(
                    row["raw_file"],
                    row["raw_line"],
                    column,
                    str(check.name),
                    found,
                    str(check.description),
                )
            )
    return with_advice(defects, of_rows)


def not_as_described(
    table: pl.DataFrame, schema: DataFrameSchema, parts: Parts = HERE
) -> list[Defect]:
    """Return a defect for each place at which a derived table is not as its schema describes it."""
    (found,) = parts.run(find_misbuilt, [{str(schema.name): table}])
    return of_table(found["defects"])


def find_misbuilt(part: Given) -> Tables:
    """Return a defect for each place at which a table, by its name, is not as its schema describes
    it.
    """
    ((name, table),) = part.items()
    cases = (
        (case["column"], str(case["failure_case"]), str(case["check"]))
        for case in _failures(table, TABLES[name])
    )
    file = f"tables/{name}.parquet"
    wrong = (
        Defect(file, 1, column, "not_as_described", shortened(found), check)
        for column, found, check in cases
    )
    return {"defects": as_table(wrong)}


def _failures(rows: pl.DataFrame, schema: DataFrameSchema) -> list[Row]:
    """Return pandera's failure cases: column, check, index (of the row), failure_case."""
    try:
        schema.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases: list[Row] = errors.failure_cases.to_dicts()
        return cases
    return []


def _of_cell(check: str, column: str, row: Row, schema: DataFrameSchema) -> Defect:
    """Return the defect of a cell that fails a check of its column."""
    file, line = row["raw_file"], row["raw_line"]
    if check == "not_nullable":
        form = "".join(f"; {check.error}" for check in schema.columns[column].checks)
        target = references(schema).get(column)
        code = f"; {code_of(target)}" if target else ""
        description = str(schema.columns[column].description)
        place = "key" if file.endswith(".toml") else "cell"
        expected = f"{description[0].lower()}{description[1:]}{form}{code}; the {place} is empty"
        return Defect(file, line, column, "empty_cell", "", expected)
    found = str(row[column])
    choice = (
        nearest(found, check.removeprefix("one of ").split(", "))
        if check.startswith("one of ")
        else ""
    )
    return Defect(
        file, line, column, "wrong_value", shortened(found), f"{check}{choice}{hint(found)}"
    )


def _duplicate(row: Row, key: list[str]) -> list[Defect]:
    """Return that a row's key stands already in the `first` row that has it, unless it is that
    row.
    """
    first, file, line = row["first"], row["raw_file"], row["raw_line"]
    if first == {"raw_file": file, "raw_line": line}:
        return []
    typed = [name for name in key if name != "source_id"]
    found = ", ".join(str(row[name]) for name in typed)
    place = (
        f"line {first['raw_line']}"
        if first["raw_file"] == file
        else f"{first['raw_file']}, line {first['raw_line']}"
    )
    another = f"; another would be {found}-{line}" if typed == ["fact_id"] else "; remove the row"
    expected = f"each {' and '.join(typed)} once; it stands already in {place}{another}"
    return [Defect(file, line, typed[0], "duplicate", found, expected)]


def without(rows: pl.DataFrame, defects: Iterable[Defect]) -> pl.DataFrame:
    """Return the rows, in their order, in which there is no defect; `rows` has raw_file and
    raw_line.
    """
    places = {(defect.file, defect.line) for defect in defects}
    if not places:
        return rows
    failed = pl.DataFrame(
        sorted(places), schema={"raw_file": pl.String, "raw_line": pl.Int64}, orient="row"
    )
    return rows.join(failed, on=["raw_file", "raw_line"], how="anti", maintain_order="left")


def unknown_codes(rows: pl.DataFrame, schema: DataFrameSchema, known: Codes) -> list[Defect]:
    """Return a defect for each cell that refers to a row of another table that is not there.

    `known` maps "table.column" to the values there; columns that refer to a table not in it are
    passed over.
    """
    defects: list[Defect] = []
    for name, target in references(schema).items():
        if target in known:
            unknown = ~pl.col(name).is_in(known[target].implode())
            none = "nothing, or " if schema.columns[name].nullable else ""
            of_column = where(
                rows,
                unknown,
                column=name,
                code="unknown_code",
                expected=f"{none}{code_of(target)}",
            )
            defects += with_nearest(of_column, known[target])
    return defects


def code_of(target: str) -> str:
    """Return what may stand in a cell that refers to the "table.column" of another table."""
    table, _, column = target.partition(".")
    if table in CODE_LISTS:
        return f"a {column} of codelists/{table}.csv, to which new ones are added"
    return f"a {column} of {table}"


def with_nearest(defects: Iterable[Defect], valid: Iterable[str]) -> list[Defect]:
    """Return the defects of words that are not among the valid ones with those that are nearest,
    and long words cut.
    """
    known = list(valid)
    return [
        replace(
            one, found=shortened(one.found), expected=f"{one.expected}{nearest(one.found, known)}"
        )
        for one in defects
    ]
