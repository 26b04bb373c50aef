"""Forgeries of a release, each with all hashes made anew: in a table, in a form of it, or in a file
beside the tables.
"""

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.release.files import write_csv, write_parquet
from schemas.tables import FACTS, RELEASE_TABLES, file_of
from tests.conftest import SOURCE
from tests.verify.spoil import files_of, hash_anew

SEED = 2026
PAGE = f"sources/{SOURCE}.html"
TEXT = f"sources/{SOURCE}.txt"
EMPTY = {"changes", "error_sets"}
"""The tables of the first release of the article that have no rows."""

DESCRIPTIONS = ("datapackage.json", "metadata/croissant.json", "metadata/dcat.ttl")

Change = Callable[[pl.DataFrame, random.Random], pl.DataFrame]
Spoil = Callable[[Path, random.Random], None]
"""What a forger does to the folder of a release."""


def other(value: Any, dtype: pl.DataType) -> Any:  # noqa: ANN401 (what a cell holds)
    """Another value of the same type."""
    if dtype == pl.String:
        return f"{value or ''}0"
    if dtype == pl.Boolean:
        return not value
    if dtype == pl.Date:
        return (value or date(2011, 12, 23)) + timedelta(days=1)
    return (value or 0) + (1 if dtype == pl.Int64 else Decimal(1))


def cell(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    column, row = chance.choice(rows.columns), chance.randrange(rows.height)
    values = rows[column].to_list()
    values[row] = other(values[row], rows.schema[column])
    return rows.with_columns(pl.Series(column, values, rows.schema[column]))


def emptied(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    column = chance.choice([name for name in rows.columns if rows[name].null_count() < rows.height])
    return rows.with_columns(pl.lit(None, rows.schema[column]).alias(column))


def dropped(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    lost = chance.randrange(rows.height)
    return rows.filter(pl.int_range(pl.len()) != lost)


def added(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    if rows.is_empty():
        values = {name: [other(None, dtype)] for name, dtype in rows.schema.items()}
        return pl.DataFrame(values, rows.schema)
    return pl.concat([rows, rows.sample(1, seed=chance.randrange(100))])


OF_ROWS: dict[str, Change] = {
    "a cell changed": cell,
    "a column emptied": emptied,
    "a row dropped": dropped,
    "a row added": added,
}


def rows_of(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / file_of(name, "parquet"))


def in_forms(name: str, change: Change, *forms: str) -> Spoil:
    """Change the rows of a table in some of its forms."""

    def spoil(folder: Path, chance: random.Random) -> None:
        rows = change(rows_of(folder, name), chance)
        for form in forms:
            where = RELEASE_TABLES[name], folder / file_of(name, form)
            if form == "csv":
                write_csv(rows, *where)
            else:
                write_parquet(rows, *where, "CC-BY-4.0")

    return spoil


def of_parquet(name: str, change: Callable[[pa.Table], pa.Table]) -> Spoil:
    """Change what a Parquet file says of itself, and none of its values."""

    def spoil(folder: Path, _: random.Random) -> None:
        path = folder / file_of(name, "parquet")
        pq.write_table(change(pq.ParquetFile(path).read()), path, compression="zstd")

    return spoil


def of_another_type(rows: pa.Table) -> pa.Table:
    first = rows.schema.field(0)
    return rows.set_column(0, first.with_type(pa.large_string()), rows[0].cast(pa.large_string()))


def of_another_title(rows: pa.Table) -> pa.Table:
    return rows.replace_schema_metadata({**rows.schema.metadata, b"title": b"Of another"})


def in_text(file: str, *swaps: tuple[str, str]) -> Spoil:
    """Swap words of a file that must stand there."""

    def spoil(folder: Path, _: random.Random) -> None:
        text = (folder / file).read_bytes().decode()
        for old, new in swaps:
            assert old in text, (file, old)
            text = text.replace(old, new)
        (folder / file).write_bytes(text.encode())

    return spoil


def gone(file: str) -> Spoil:
    return lambda folder, _: (folder / file).unlink()


def put(file: str, content: bytes) -> Spoil:
    def spoil(folder: Path, _: random.Random) -> None:
        (folder / file).write_bytes(content)

    return spoil


def of_columns(name: str, **values: pl.Expr | str) -> Spoil:
    """Write other values into columns of a table, in both its forms."""
    return in_forms(name, lambda rows, _: rows.with_columns(**values), "csv", "parquet")


def of_facts(change: Change) -> Spoil:
    def spoil(folder: Path, chance: random.Random) -> None:
        rows = change(pl.read_csv(folder / "facts.csv", infer_schema=False), chance)
        write_csv(rows, FACTS, folder / "facts.csv")

    return spoil


def flipped(file: str) -> Spoil:
    def spoil(folder: Path, chance: random.Random) -> None:
        content = bytearray((folder / file).read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        (folder / file).write_bytes(content)

    return spoil


SCRIPT = b"<script>alert(1)</script>"
NAMED: dict[str, tuple[str, Spoil]] = {
    "the page is a script": ("index.html", put("index.html", SCRIPT)),
    "the page has a script more": (
        "index.html",
        in_text("index.html", ("</body>", f"{SCRIPT.decode()}</body>")),
    ),
    "a number on the page": ("index.html", in_text("index.html", ("122", "121"))),
    "a word on the page of a source": (PAGE, in_text(PAGE, ("Astana", "Almaty"))),
    "a link on the page of a source": (
        PAGE,
        in_text(PAGE, ('href="..', 'href="https://x.example')),
    ),
    "the version to be cited": (
        "metadata/CITATION.cff",
        in_text("metadata/CITATION.cff", ('version: "1.0.0"', 'version: "1.0.1"')),
    ),
    "who is to be cited": (
        "metadata/CITATION.cff",
        in_text("metadata/CITATION.cff", ("Civil-society", "Other")),
    ),
    "a hash in croissant": (
        "metadata/croissant.json",
        in_text("metadata/croissant.json", ('"sha256": "', '"sha256": "0')),
    ),
    "a hash in dcat": (
        "metadata/dcat.ttl",
        in_text("metadata/dcat.ttl", ('checksumValue "', 'checksumValue "0')),
    ),
    "a size in dcat": (
        "metadata/dcat.ttl",
        in_text("metadata/dcat.ttl", ('dcat:byteSize "', 'dcat:byteSize "1')),
    ),
    "a day of the history": (
        "metadata/CHANGES.md",
        in_text("metadata/CHANGES.md", ("(2026-", "(2025-")),
    ),
    "the reason of the release": (
        "metadata/CHANGES.md",
        in_text("metadata/CHANGES.md", ("The first source", "The last source")),
    ),
    "the licence": ("datapackage.json", in_text("datapackage.json", ("CC-BY-4.0", "CC0-1.0"))),
    "the key of a table": (
        "datapackage.json",
        in_text("datapackage.json", ('"primaryKey": [', '"primaryKey": ["other", ')),
    ),
    "what the release says of itself": (
        "README.md",
        in_text("README.md", ("Civil-society", "Uncivil-society")),
    ),
    "no description": ("datapackage.json", gone("datapackage.json")),
    "no citation": ("metadata/CITATION.cff", gone("metadata/CITATION.cff")),
    "no history": ("metadata/CHANGES.md", gone("metadata/CHANGES.md")),
    "no page": ("index.html", gone("index.html")),
    "a bit of the workbook": ("facts.xlsx", flipped("facts.xlsx")),
    "the workbook is a script": ("facts.xlsx", put("facts.xlsx", SCRIPT)),
    "no workbook": ("facts.xlsx", gone("facts.xlsx")),
    "no page of a source": (PAGE, gone(PAGE)),
    "no text": (TEXT, gone(TEXT)),
    "no table as Parquet": ("tables/areas.parquet", gone("tables/areas.parquet")),
    "no table as CSV": ("tables/solver/rule_terms.csv", gone("tables/solver/rule_terms.csv")),
    "no facts": ("facts.csv", gone("facts.csv")),
    "a file more": ("metadata/more.txt", put("metadata/more.txt", b"more")),
    "a table more": ("tables/more.csv", put("tables/more.csv", b"code\na\n")),
    "a table of an earlier version": ("tables/variables.csv", put("tables/variables.csv", b"a\n")),
    "a page more": ("sources/other.html", put("sources/other.html", SCRIPT)),
    "a word of the text": (TEXT, in_text(TEXT, ("35,000", "36,000"))),
    "another end of the text": (TEXT, in_text(TEXT, ("\n", "\r\n"))),
    "a formula for spreadsheets": (
        "facts.csv",
        in_text("facts.csv", ("Kazakhstan", "=Kazakhstan")),
    ),
    "an implied bound narrowed": (
        "tables/implied_bounds.csv",
        of_columns("implied_bounds", lower=pl.col("lower") + 1),
    ),
    "no implied bound": (
        "tables/implied_bounds.csv",
        in_forms("implied_bounds", lambda rows, _: rows.clear(), "csv", "parquet"),
    ),
    "what a reading decides": (
        "tables/check_results.csv",
        of_columns("check_results", depends_on_reading=pl.lit("some reading")),
    ),
    "who speaks": ("tables/statements.csv", of_columns("statements", who=pl.lit("icnl"))),
    "an office": ("tables/statements.csv", of_columns("statements", office=pl.lit("The king"))),
    "who acts": ("tables/events.csv", of_columns("events", who=pl.lit("icnl"))),
    "a unit": ("tables/observations.csv", of_columns("observations", unit=pl.lit("other"))),
    "what is claimed by whom": (
        "tables/observations.csv",
        of_columns("observations", attributed_to=pl.lit("icnl")),
    ),
    "an outcome": (
        "tables/check_results.csv",
        of_columns("check_results", outcome=pl.lit("satisfied")),
    ),
    "the right to the text": (
        "tables/sources.csv",
        of_columns("sources", republish_text=pl.lit(value=False)),
    ),
    "a period without an end": (
        "tables/events.csv",
        of_columns("events", period=pl.lit("Y1E99999999")),
    ),
}
"""What fault 28 names, and its like: the file in which it must be found, and what is done."""


def forgeries() -> Iterator[tuple[str, set[str], Spoil]]:
    """Yield forgeries: what each is, the files that are forged, and how."""
    for what, (file, spoil) in NAMED.items():
        yield what, {file}, spoil
    for name in RELEASE_TABLES:
        forms = {form: file_of(name, form) for form in ("csv", "parquet")}
        for what, change in OF_ROWS.items():
            if name in EMPTY and change is not added:
                continue
            yield f"{name}: {what}", {*forms.values()}, in_forms(name, change, *forms)
        for form, file in forms.items():
            yield f"{name}: a row added in {form} alone", {file}, in_forms(name, added, form)
            yield f"{name}: a bit of {form}", {file}, flipped(file)
        yield f"{name}: another type", {forms["parquet"]}, of_parquet(name, of_another_type)
        yield f"{name}: another title", {forms["parquet"]}, of_parquet(name, of_another_title)
    for what, change in OF_ROWS.items():
        yield f"facts.csv: {what}", {"facts.csv"}, of_facts(change)


def make_fit(folder: Path, before: dict[str, str]) -> None:
    """Write the hashes of files as they are in place of those before, wherever they stand."""
    after = hashes_in_folder(folder)
    new = {
        before[name]: after[name] for name in before.keys() & after if before[name] != after[name]
    }
    for path in (folder / file for file in DESCRIPTIONS):
        if new and path.exists():
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            fit = re.sub("[0-9a-f]{64}", lambda digest: new.get(digest[0], digest[0]), text)
            path.write_text(fit, encoding="utf-8", errors="surrogateescape")
    hash_anew(folder)


def hashes_in_folder(folder: Path) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files_of(folder)
    }
