"""facts.xlsx: every fact for who works with a spreadsheet, as what it is, and nothing that runs."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest

from pipeline.check import Checked
from pipeline.release.edition import Edition
from pipeline.release.metadata import workbook as module
from pipeline.release.metadata.workbook import workbook
from schemas.tables import FACTS
from tests.conftest import SOURCE
from tests.read_page import TEXT, changed, edition_of


@pytest.fixture(scope="module")
def edition(article: Checked) -> Edition:
    return edition_of(article.tables, {SOURCE: TEXT})


def written(edition: Edition) -> bytes:
    ((path, content),) = workbook(edition, {})
    assert path == "facts.xlsx"
    return content


def cells(edition: Edition, sheet: str) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(written(edition)))
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_every_fact_has_its_row_with_numbers_as_numbers_and_days_as_days(edition: Edition) -> None:
    heading, *rows = cells(edition, "facts")
    assert heading == list(FACTS.columns)
    assert len(rows) == edition.facts.height
    for shown, expected in zip(rows, edition.facts.sort("fact_id").iter_rows(), strict=True):
        for cell, value in zip(shown, expected, strict=True):
            if isinstance(value, Decimal):
                assert cell == float(value)
            elif isinstance(value, date):
                assert cell == datetime.combine(value, datetime.min.time())
            else:
                assert cell == value


def test_every_column_is_explained(edition: Edition) -> None:
    heading, *rows = cells(edition, "columns")
    assert heading == ["column", "type", "unit", "what it is"]
    assert [row[0] for row in rows] == list(FACTS.columns)
    assert all(row[3] for row in rows)


def test_a_text_is_never_a_formula_or_a_link_and_a_long_number_keeps_its_digits(
    edition: Edition,
) -> None:
    hostile = "=HYPERLINK(A1)"
    events = edition.tables["events"].with_columns(
        what=pl.lit(hostile), who=pl.lit(None, pl.String)
    )
    huge = Decimal("12345678901234.567891")
    numbers = edition.tables["observations"].with_columns(
        lower=pl.lit(huge, pl.Decimal(20, 6)), upper=pl.lit(None, pl.Decimal(20, 6))
    )
    spoilt = changed(edition, events=events, observations=numbers)
    book = openpyxl.load_workbook(io.BytesIO(written(spoilt)))
    shown = [cell for row in book["facts"].iter_rows() for cell in row]
    assert hostile in {cell.value for cell in shown}
    assert {cell.data_type for cell in shown} <= {"s", "n", "d", "inlineStr"}
    assert not any(cell.hyperlink for cell in shown)
    assert str(huge) in {cell.value for cell in shown}


def test_the_same_facts_are_the_same_bytes_and_no_clock_is_in_them(edition: Edition) -> None:
    made = written(edition)
    assert written(edition) == made
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert b"2026-11-24T00:00:00Z" in packed.read("docProps/core.xml")
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert written(replace(edition, date="2026-11-25")) != made


def test_more_facts_than_a_sheet_has_rows_for_make_no_workbook(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", edition.facts.height - 1)
    assert [*workbook(edition, {})] == []
