"""Validation looks at once whether all is well, and asks pandera only about the rows where it is not: nothing is lost by that."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandera.errors
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.polars import DataFrameSchema

from pipeline.check import Checked
from pipeline.read.raw_folder import RawFolder, read_code_list, read_facts, read_findings, read_releases
from pipeline.read.source_toml import read_sources
from pipeline.read.suspects import suspects
from pipeline.read.validate import validate
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
WORDS = ["A b", "20/30", "-1", "eq", "between", "100", "repeats", "share", "2011-12-23"]


def others(dtype: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 (a type of polars, or an instance of one)
    """What may stand in a cell instead."""
    few = {pl.String: st.sampled_from(WORDS), pl.Int64: st.integers(-1, 2), pl.Boolean: st.booleans(), pl.Date: st.dates()}
    return st.none() | few.get(dtype, st.integers(-1, 3).map(Decimal))


def spoiled(data: st.DataObject, sound: pl.DataFrame) -> pl.DataFrame:
    """Some rows of a sound table, a few of them twice, with other values in a few cells."""
    chosen = data.draw(st.lists(st.integers(0, sound.height - 1), min_size=1, max_size=8))
    rows = [sound.row(number, named=True) for number in chosen]
    cells = st.tuples(st.integers(0, len(rows) - 1), st.sampled_from(sound.columns))
    for number, column in data.draw(st.lists(cells, max_size=4)):
        rows[number][column] = data.draw(others(sound.schema[column]))
    return pl.DataFrame(rows, schema=sound.schema)


def failures(rows: pl.DataFrame, schema: DataFrameSchema, places: list[int]) -> Iterator[tuple[Any, ...]]:
    """What pandera finds in rows, each failure with the place of its row."""
    try:
        schema.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.iter_rows(named=True):
            yield case["column"], case["check"], case["failure_case"], places[case["index"]]


def nothing_is_lost(data: st.DataObject, sound: pl.DataFrame, schema: DataFrameSchema) -> None:
    rows = spoiled(data, sound)
    failing = suspects(rows, schema)
    whole = list(failures(rows, schema, list(range(rows.height))))
    places = sorted({place for *_, place in whole})
    assert failing.equals(rows[places])
    assert list(failures(failing, schema, places)) == whole


@pytest.mark.parametrize("name", TYPED)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_suspects_are_the_typed_rows_in_which_pandera_finds_something(name: str, data: st.DataObject) -> None:
    schema, sound = TYPED[name]
    nothing_is_lost(data, sound, schema)


@pytest.mark.parametrize("name", ["sources", "observations", "events", "mentions", "variables", "rule_terms", "check_results"])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_suspects_are_the_published_rows_in_which_pandera_finds_something(
    article: Checked, name: str, data: st.DataObject
) -> None:
    nothing_is_lost(data, article.tables[name], TABLES[name])


def test_rows_that_are_as_they_should_be_are_no_suspects(article: Checked) -> None:
    found = {name: suspects(rows, schema).height for name, (schema, rows) in TYPED.items()}
    assert found == dict.fromkeys(TYPED, 0)
    assert {name for name, table in article.tables.items() if not suspects(table, TABLES[name]).is_empty()} == set()


def test_a_key_that_stands_twice_is_told_with_the_place_of_the_first() -> None:
    schema, rows = TYPED["waivers"]
    again = rows.head(1).with_columns(raw_line=pl.lit(9, pl.Int64))
    elsewhere = rows.head(1).with_columns(raw_file=pl.lit("b/waivers.csv"), raw_line=pl.lit(2, pl.Int64))
    found = validate(pl.concat([rows, again, elsewhere]), schema)
    first = rows.row(0, named=True)
    assert [(one.file, one.line, one.column, one.code, one.found) for one in found] == [
        (first["raw_file"], 9, "quote", "duplicate", first["quote"]),
        ("b/waivers.csv", 2, "quote", "duplicate", first["quote"]),
    ]
    assert found[0].expected == f"each quote once; it stands already in line {first['raw_line']}; remove the row"
    assert (
        found[1].expected
        == f"each quote once; it stands already in {first['raw_file']}, line {first['raw_line']}; remove the row"
    )


def test_rows_of_another_shape_are_left_to_pandera() -> None:
    rows = pl.DataFrame({"version": [1]})
    assert suspects(rows, RELEASES_CSV).equals(rows)
