"""Folders typed for the first release still open; what is new in a file may be left out, and is
judged where it stands.
"""

from functools import partial
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import check
from pipeline.defects import Defect
from pipeline.read.raw_folder import RawFolder, read_code_list, read_facts
from pipeline.read.source_toml import read_sources
from tests.article_copies import found_in_copies
from tests.bad_cells import OBSERVATIONS, TOML
from tests.conftest import SOURCE, Edit, put
from tests.test_bad_input import assert_defect, found

INDICATORS = "codelists/indicators.csv"


def with_column(path: Path, after: str, name: str, cells: dict[int, str]) -> None:
    """Put a column into a CSV file, in place of one there; `cells` are what it holds, by line, and
    empty elsewhere.
    """
    rows = pl.read_csv(path, infer_schema=False).drop(name, strict=False).with_row_index("line", 2)
    column = rows["line"].replace_strict(cells, default="", return_dtype=pl.String).alias(name)
    rows.insert_column(rows.columns.index(after) + 1, column).drop("line").write_csv(path)


def test_a_folder_typed_for_the_first_release_has_empty_cells_where_it_lacks_a_column(
    raw: Path,
) -> None:
    for file, column in ((OBSERVATIONS, "same_as"), (INDICATORS, "per")):
        pl.read_csv(raw / file, infer_schema=False).drop(column, strict=False).write_csv(raw / file)
    facts, indicators = (
        read_facts(RawFolder(raw), "observations").rows,
        read_code_list(RawFolder(raw), "indicators").rows,
    )
    assert (facts["same_as"].null_count(), indicators["per"].null_count()) == (
        facts.height,
        indicators.height,
    )
    assert facts.height > 0 < indicators.height


def test_a_column_that_may_be_absent_is_read_where_it_stands(raw: Path) -> None:
    with_column(raw / OBSERVATIONS, "note", "same_as", {4: "organisations"})
    with_column(raw / INDICATORS, "base", "per", {2: "year", 3: "100000 live births"})
    assert read_facts(RawFolder(raw), "observations").rows["same_as"].drop_nulls().to_list() == [
        "organisations"
    ]
    assert read_code_list(RawFolder(raw), "indicators").rows["per"][:3].to_list() == [
        "year",
        "100000 live births",
        None,
    ]


def test_files_with_and_without_the_column_are_read_together(raw: Path) -> None:
    other = raw / "another-2012"
    other.mkdir()
    (other / "observations.csv").write_bytes((raw / OBSERVATIONS).read_bytes())
    with_column(raw / OBSERVATIONS, "note", "same_as", {4: "organisations"})
    rows = read_facts(RawFolder(raw), "observations").rows
    assert rows.group_by("source_id").agg(pl.col("same_as").count()).sort("source_id").rows() == [
        ("another-2012", 0),
        (SOURCE, 1),
    ]


def test_a_column_in_the_wrong_place_is_a_defect(raw: Path) -> None:
    with_column(raw / OBSERVATIONS, "fact_id", "same_as", {})
    assert_defect(found(raw), OBSERVATIONS, 1, "", "column_order", "note,same_as")


@pytest.mark.parametrize("name", ["waivers", "readings", "events", "statements"])
def test_a_file_that_is_not_there_has_no_rows(name: str, raw: Path) -> None:
    (raw / SOURCE / f"{name}.csv").unlink()
    defects = found(raw)
    assert read_facts(RawFolder(raw), name).rows.is_empty()
    assert "missing_file" not in {defect.code for defect in defects}
    assert (f"expected.{name}" in {defect.column for defect in defects}) == (
        name in {"events", "statements"}
    )


NUMBERS = {
    "number_format.decimal": (",", ".", "."),
    "number_format.group": (" ", "", "'"),
    "number_format.negative": ("minus", "brackets", "minus"),
    "day_order": ("DMY", "MDY", "YMD"),
    "country": ("KZ", "US", "FR"),
    "fiscal_year_starts": ("04-01", "07-01", "02-28"),
}


def with_keys(raw: Path, lines: str) -> None:
    path = raw / TOML
    path.write_text(f"{lines}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")


@pytest.mark.parametrize("take", range(3))
def test_how_a_text_writes_numbers_and_days_may_be_said(take: int, raw: Path) -> None:
    said = {key: values[take] for key, values in NUMBERS.items()}
    with_keys(raw, "\n".join(f'{key} = "{value}"' for key, value in said.items()))
    (row,) = read_sources(RawFolder(raw)).rows.to_dicts()
    assert {key: row[key] for key in said} == said
    assert {defect.code for defect in found(raw) if defect.file == TOML} == {
        "read_otherwise"
    }  # not as the article does


WRONG_KEYS = [
    ('number_format = {decimal = ";"}', "number_format.decimal", "one of ., ,"),
    ('number_format = {group = "_"}', "number_format.group", "for none"),
    ('number_format = {negative = "-"}', "number_format.negative", "minus"),
    ('number_format = {decimal = ",", group = ","}', "number_format.group", "another mark"),
    ('day_order = "DYM"', "day_order", "one of DMY"),
    ('country = "kz"', "country", "two capital letters"),
    ('fiscal_year_starts = "02-30"', "fiscal_year_starts", "every year"),
    ('fiscal_year_starts = "4-1"', "fiscal_year_starts", "04-01"),
]


FRACTIONS = ["2:3", "1:5", "3:1"]
NO_FRACTIONS = ["0:3", "2:0", "1.5:2", "-1:2", "1:2:3", "2/3:4"]


@pytest.fixture(scope="module")
def found_in_each(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Defect]]:
    """The defects of each line in source.toml, and of each fraction in place of a count."""

    def begin(line: str, folder: Path) -> None:
        path = folder / "source.toml"
        path.write_text(f"{line}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")

    def count(value: str, folder: Path) -> None:
        put(folder / "observations.csv", ",,300,,,", f",,{value},,,")

    changes = {line: partial(begin, line) for line, _, _ in WRONG_KEYS}
    changes |= {value: partial(count, value) for value in (*FRACTIONS, *NO_FRACTIONS)}
    return found_in_copies(tmp_path_factory.mktemp("copies"), changes)


@pytest.mark.parametrize(("line", "key", "words"), WRONG_KEYS)
def test_another_way_of_writing_is_a_defect_at_its_key(
    line: str, key: str, words: str, found_in_each: dict[str, list[Defect]]
) -> None:
    (defect,) = found_in_each[line]
    assert (defect.file, defect.line, defect.column) == (TOML, 1, key)
    assert words in defect.message


@pytest.mark.parametrize("value", FRACTIONS)
def test_a_fraction_is_typed_as_two_numbers_and_compared_with_the_words(
    value: str, found_in_each: dict[str, list[Defect]]
) -> None:
    assert [
        (defect.column, defect.code)
        for defect in found_in_each[value]
        if defect.file == OBSERVATIONS
    ] == [("value", "fraction_misfit")]


@pytest.mark.parametrize("value", NO_FRACTIONS)
def test_a_fraction_of_other_than_positive_whole_numbers_is_a_defect(
    value: str, found_in_each: dict[str, list[Defect]]
) -> None:
    assert_defect(
        found_in_each[value], OBSERVATIONS, 20, "value", "wrong_value", "2:3 for two-thirds"
    )


@pytest.mark.parametrize("kind", ["limit", "plan", "denied"])
def test_a_waiver_may_say_that_a_number_is_no_fact_of_its_own(
    kind: str, raw: Path, edit: Edit
) -> None:
    edit(f"{SOURCE}/waivers.csv", "sector,name,", f"sector,{kind},")
    assert found(raw) == []


@pytest.mark.parametrize("kind", ["rate", "ratio", "money"])
def test_an_indicator_may_be_a_rate_a_ratio_or_money(kind: str, raw: Path, edit: Edit) -> None:
    edit(
        INDICATORS,
        'advisory bodies and expert and working groups",bodies,true,stock,',
        f'advisory bodies and expert and working groups",bodies,true,{kind},',
    )
    assert found(raw) == []


def test_the_base_of_a_share_may_be_one_category_of_an_indicator(raw: Path, edit: Edit) -> None:
    edit(
        INDICATORS,
        "percent,false,multi_share,ngos,",
        "percent,false,multi_share,dialogue_bodies/president,",
    )
    assert not [defect for defect in check(raw).defects if defect.file == INDICATORS]


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("dialogue_bodys/president", "nearest: dialogue_bodies"),
        ("dialogue_bodies/youth", "of the tree dialogue_levels"),
        ("ngos/youth", "ngos alone"),
        ("dialogue_bodies/", "of the tree dialogue_levels"),
    ],
)
def test_a_base_that_is_no_category_of_its_indicator_is_a_defect(
    base: str, words: str, raw: Path, edit: Edit
) -> None:
    edit(INDICATORS, "percent,false,multi_share,ngos,", f"percent,false,multi_share,{base},")
    assert_defect(found(raw), INDICATORS, 8, "base", "unknown_code", words)


def test_the_count_of_rows_that_is_expected_is_never_switched_off(raw: Path, edit: Edit) -> None:
    edit(TOML, "events = 11", "events = 99999999999999999999")
    assert_defect(found(raw), TOML, 21, "expected.events", "too_long", "at most 18 digits")
    edit(TOML, "events = 99999999999999999999", "events = 99999999999")
    assert_defect(found(raw), TOML, 21, "expected.events", "wrong_value", "at most 10 digits")
    edit(TOML, "events = 99999999999", "events = 9999999999")
    assert_defect(
        found(raw),
        TOML,
        21,
        "expected.events",
        "unexpected_count",
        "11, as many rows as events.csv has",
    )
