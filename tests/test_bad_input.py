"""Whatever is wrong in a cell or a key gets a line with file, line, column, what stands there and
what was expected.
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.cli import UNWELL, main
from pipeline.defects import Defect
from tests.article_copies import found_in_copies
from tests.bad_cells import CELLS, EVENTS, OBSERVATIONS, RULES, TOML, Expected
from tests.conftest import SOURCE, Edit, put


@pytest.fixture
def raw(raw_with_readings: Path) -> Path:
    return raw_with_readings


def found(raw: Path) -> list[Defect]:
    return check(raw).defects


def assert_defect(defects: list[Defect], *expected: *Expected) -> None:
    file, line, column, code, words = expected
    shown = "\n".join(defect.at("raw") for defect in defects)
    near = [
        defect
        for defect in defects
        if (defect.file, defect.line, defect.column, defect.code) == (file, line, column, code)
    ]
    assert near, f"no {code} at {file}:{line}:{column} among:\n{shown}"
    assert words in near[0].message, near[0].message


@pytest.fixture(scope="module")
def found_in_each(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Defect]]:
    """The defects of each wrong cell of a source."""

    def change(what: str, folder: Path) -> None:
        file, old, new, _ = CELLS[what]
        put(folder / Path(file).name, old, new)

    changes = {what: partial(change, what) for what in CELLS if is_of_a_source(what)}
    return found_in_copies(tmp_path_factory.mktemp("copies"), changes)


def is_of_a_source(what: str) -> bool:
    file = CELLS[what][0]
    return file.startswith(f"{SOURCE}/") and file != RULES


@pytest.mark.parametrize("what", [what for what in CELLS if is_of_a_source(what)])
def test_a_defect_of_a_source_names_file_line_column_and_what_was_expected(
    what: str, found_in_each: dict[str, list[Defect]]
) -> None:
    assert_defect(found_in_each[what], *CELLS[what][3])


@pytest.mark.parametrize("what", [what for what in CELLS if not is_of_a_source(what)])
def test_a_defect_names_file_line_column_and_what_was_expected(
    what: str, raw: Path, edit: Edit
) -> None:
    file, old, new, expected = CELLS[what]
    edit(file, old, new)
    assert_defect(found(raw), *expected)


def test_a_fact_whose_indicator_is_a_defect_has_none_of_its_own(raw: Path, edit: Edit) -> None:
    edit("codelists/indicators.csv", "multi_share,ngos,,activities,", "multi_share,ngos,,,")
    assert len(found(raw)) == 1


def test_a_reading_of_no_fact_may_be_of_the_fact_without_a_name_and_is_not_told_of(
    raw: Path, edit: Edit
) -> None:
    edit(OBSERVATIONS, "\nngos,", "\n,")
    edit(f"{SOURCE}/readings.csv", "\nshare-almaty,", "\nshare-of-almaty,")
    assert_defect(found(raw), OBSERVATIONS, 4, "fact_id", "empty_cell", "name of the fact")
    assert "unknown_fact" not in {defect.code for defect in found(raw)}


def test_a_waiver_that_repeats_a_fact_is_not_told_of_what_is_wrong_with_the_fact(
    raw: Path, edit: Edit
) -> None:
    edit(
        f"{SOURCE}/waivers.csv",
        "the third sector,name,,",
        "14 under the government,repeats,bodies-government,",
    )
    edit(
        OBSERVATIONS,
        "dialogue_bodies,KZ,government,,14,",
        "dialogue_bodies,KZ,government,,fourteen,",
    )
    assert "unknown_fact" not in {defect.code for defect in found(raw)}
    assert_defect(found(raw), OBSERVATIONS, 22, "value", "wrong_value", "digits")


def test_a_quote_that_stands_more_than_once_needs_its_occurrence(raw: Path, edit: Edit) -> None:
    edit(OBSERVATIONS, "14 under the government", "under the government")
    assert_defect(found(raw), OBSERVATIONS, 22, "quote", "quote_ambiguous", "these stand 2 times")


def test_an_occurrence_beyond_the_last_is_a_defect(raw: Path, edit: Edit) -> None:
    edit(OBSERVATIONS, "14 under the government,,", "14 under the government,2,")
    assert_defect(found(raw), OBSERVATIONS, 22, "occurrence", "no_such_occurrence", "stand 1 times")


def test_all_defects_come_at_once_and_each_once(raw: Path, edit: Edit) -> None:
    edit(OBSERVATIONS, "35000,gt", "35 000,gt")
    edit(
        OBSERVATIONS,
        "share-karaganda,organisations_share,KZ-KAR",
        "share-karaganda,organisations_share,KZ-KRA",
    )
    edit(EVENTS, "forum-2011,2011-10", "forum-2011,Oct-11")
    edit(TOML, '"kz_mfa"', '"kz_mfaa"')
    edit(RULES, '"parts_of"', '"partsof"')
    codes = [defect.code for defect in found(raw)]
    assert sorted(codes) == [
        "not_edtf",
        "unknown_code",
        "unknown_code",
        "wrong_value",
        "wrong_value",
    ]


def test_bad_input_exits_1_prints_no_traceback_and_touches_no_output(
    raw: Path, edit: Edit, tmp_path: Path
) -> None:
    edit(OBSERVATIONS, "35000,gt", "35 000,gt")
    outputs = tmp_path / "outputs"
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "release",
        "--raw",
        str(raw),
        "--outputs",
        str(outputs),
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == UNWELL
    assert "Traceback" not in run.stdout + run.stderr
    assert (
        f"{raw.as_posix()}/{OBSERVATIONS}:3:value: '35 000' stands here; expected digits"
        in run.stderr
    )
    assert not list(outputs.rglob("*.duckdb"))
    assert not list(outputs.glob("releases/*"))


def test_json_defects_have_file_line_column_code_and_message(
    raw: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(OBSERVATIONS, "35000,gt", "35 000,gt")
    assert main(["check", "--raw", str(raw), "--format", "json"]) == UNWELL
    (defect,) = json.loads(capsys.readouterr().out)["defects"]
    assert set(defect) == {"file", "line", "column", "code", "message"}
    assert (defect["file"], defect["line"], defect["column"]) == (
        f"{raw.as_posix()}/{OBSERVATIONS}",
        3,
        "value",
    )
