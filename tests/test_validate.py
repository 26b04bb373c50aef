"""What pandera finds in rows is told with the place of the row."""

import polars as pl
import pytest

from pipeline.check import Checked
from pipeline.read.raw_folder import (
    RawFolder,
    read_code_list,
    read_facts,
    read_findings,
    read_releases,
)
from pipeline.read.source_toml import read_sources
from pipeline.read.validate import not_as_described, validate
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import FINDINGS_CSV, RELEASES_CSV, SOURCE_FILES
from schemas.source_toml import SOURCE_TOML
from schemas.tables import TABLES
from tests.conftest import ROOT

RAW = RawFolder(ROOT / "raw")
TYPED = {
    **{name: (schema, read_facts(RAW, name).rows) for name, schema in SOURCE_FILES.items()},
    **{name: (schema, read_code_list(RAW, name).rows) for name, schema in CODE_LISTS.items()},
    "source.toml": (SOURCE_TOML, read_sources(RAW).rows),
    "findings.csv": (FINDINGS_CSV, read_findings(RAW).rows),
    "releases.csv": (RELEASES_CSV, read_releases(RAW).rows),
}


@pytest.mark.parametrize("name", TYPED)
def test_rows_that_are_as_they_should_be_have_no_defect(name: str) -> None:
    schema, rows = TYPED[name]
    assert validate(rows, schema) == []


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_is_not_as_described_is_told_with_its_column(
    name: str, article: Checked
) -> None:
    table, schema = article.tables[name], TABLES[name]
    assert not_as_described(table, schema) == []
    key = str((schema.unique or [""])[0])
    nameless = table.with_columns(pl.lit(None, table.schema[key]).alias(key))
    told = {defect.column for defect in not_as_described(nameless, schema)}
    assert (key in told) == (not table.is_empty())


def test_a_key_that_stands_twice_is_told_with_the_place_of_the_first() -> None:
    schema, rows = TYPED["waivers"]
    again = rows.head(1).with_columns(raw_line=pl.lit(9, pl.Int64))
    elsewhere = rows.head(1).with_columns(
        raw_file=pl.lit("b/waivers.csv"), raw_line=pl.lit(2, pl.Int64)
    )
    found = validate(pl.concat([rows, again, elsewhere]), schema)
    first = rows.row(0, named=True)
    assert [(one.file, one.line, one.column, one.code, one.found) for one in found] == [
        (first["raw_file"], 9, "quote", "duplicate", first["quote"]),
        ("b/waivers.csv", 2, "quote", "duplicate", first["quote"]),
    ]
    assert (
        found[0].expected
        == f"each quote once; it stands already in line {first['raw_line']}; remove the row"
    )
    place = f"{first['raw_file']}, line {first['raw_line']}"
    assert found[1].expected == f"each quote once; it stands already in {place}; remove the row"
