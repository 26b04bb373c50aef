"""The checks of the Dagster side: one defect is one red check and one line of the log, and each
defect belongs to the check that is about it.
"""

import re
import shutil
from pathlib import Path

import dagster as dg
import pytest

from pipeline.check import check
from pipeline.operate.checks import typed_checks
from pipeline.operate.workspace import DATABASE
from pipeline.read.raw_folder import FINDINGS_FILE
from pipeline.report import defect_lines
from schemas.tables import TABLES
from tests.conftest import ROOT, SOURCE, Edit
from tests.dagster_runs import checks, run

OBSERVATIONS = f"{SOURCE}/observations.csv"
VALUE = ("observations", "value_is_as_its_words_say")
FINDING = ("check_results", "every_dialogue_body_is_named")

LONGEST = 40
"""Characters of a check's name; the list of checks shows 29 of them."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a run of the job `check`."""
    outputs = tmp_path_factory.mktemp("built") / "outputs"
    assert run(ROOT / "raw", outputs, "check").success
    return outputs


@pytest.fixture
def outputs(tmp_path: Path, built: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "outputs"))


def failed(result: dg.ExecuteInProcessResult) -> dict[tuple[str, str], dg.AssetCheckSeverity]:
    return {key: found.severity for key, found in checks(result).items() if not found.passed}


def test_one_wrong_digit_is_one_red_check_and_the_others_tell_of_the_tables_that_stand(
    raw: Path, outputs: Path, edit: Edit
) -> None:
    edit(OBSERVATIONS, ",11.25,", ",11.52,")
    result = run(raw, outputs)
    assert not result.success
    assert failed(result) == {
        VALUE: dg.AssetCheckSeverity.ERROR,
        # nothing was released here before
        **dict.fromkeys(
            [key for key in checks(result) if key[0] in {DATABASE, "release"}],
            dg.AssetCheckSeverity.WARN,
        ),
    }
    finding = str(checks(result)[FINDING].description)
    assert re.match("Not run; of what stands: 122 of 300 .* Acknowledged: The article", finding)
    ran = str(checks(result)[("events", "what_is_as_its_words_say")].description)
    assert ran == "No defect"


def test_where_nothing_stands_yet_what_did_not_run_is_no_error_and_says_so(
    raw: Path, tmp_path: Path, edit: Edit
) -> None:
    edit(OBSERVATIONS, ",11.25,", ",11.52,")
    result = run(raw, tmp_path / "new", "check")
    red = [key for key, how in failed(result).items() if how == dg.AssetCheckSeverity.ERROR]
    assert red == [VALUE]
    assert "nothing stands yet" in str(checks(result)[FINDING].description)


def test_checks_alone_are_one_red_check_too(raw: Path, outputs: Path, edit: Edit) -> None:
    edit(OBSERVATIONS, ",11.25,", ",11.52,")
    alone = dg.AssetSelection.checks_for_assets("observations", "check_results")
    result = run(raw, outputs, alone)
    assert not result.success
    assert list(failed(result)) == [VALUE]


def test_a_run_of_one_asset_says_nothing_of_the_others(raw: Path, outputs: Path) -> None:
    result = run(raw, outputs, dg.AssetSelection.assets("observations"))
    assert {asset for asset, _ in checks(result)} == {"observations"}


def test_the_log_has_the_line_of_each_defect_and_the_failure_begins_with_the_first(
    raw: Path, outputs: Path, edit: Edit
) -> None:
    edit(OBSERVATIONS, ",11.25,", ",11.52,")
    edit(f"{SOURCE}/events.csv", "1991,kz_state", "1991,kz_stat")
    edit(f"{SOURCE}/events.csv", "2003/2005", "2005/2003")
    logged: list[str] = []
    result = run(raw, outputs, "check", errors=logged)
    lines = list(defect_lines(check(raw).defects, str(raw)))
    assert len(lines) == 3
    # the others are Dagster's, of the steps that did not run
    assert sorted(line for line in logged if str(raw) in line) == sorted(lines)
    failures = [
        result.failure_data_for_node(step) for step in ("build_events", "build_observations")
    ]
    shown = [failure.error_display_string.strip() for failure in failures if failure]
    assert shown == [f"{lines[0]} (and 1 more)", lines[2]]


def test_an_acknowledged_finding_passes_as_soon_as_its_row_is_built(
    raw: Path, outputs: Path
) -> None:
    row = (raw / FINDINGS_FILE).read_text(encoding="utf-8")
    (raw / FINDINGS_FILE).unlink()
    assert failed(run(raw, outputs, "check")) == {FINDING: dg.AssetCheckSeverity.WARN}
    (raw / FINDINGS_FILE).write_text(row, encoding="utf-8")
    result = run(raw, outputs, dg.AssetSelection.assets("findings"))
    assert "Acknowledged: The article counts" in str(checks(result)[FINDING].description)
    assert not failed(result)


def test_a_run_writes_only_what_an_edit_has_changed(raw: Path, outputs: Path, edit: Edit) -> None:
    def written() -> dict[str, int]:
        return {path.stem: path.stat().st_mtime_ns for path in (outputs / "tables").iterdir()}

    before = written()
    shutil.copy(ROOT / "raw" / SOURCE / "readings.csv", raw / SOURCE)  # as they were then
    edit(FINDINGS_FILE, "The article counts", "This article counts")
    result = run(raw, outputs, "check")
    assert [name for name, when in written().items() if when != before[name]] == ["findings"]
    assert "Acknowledged: This article counts" in str(checks(result)[FINDING].description)
    assert len(result.get_asset_materialization_events()) > len(TABLES)


def test_names_say_what_must_be_so_and_can_be_read_in_the_list() -> None:
    names = [name for table in TABLES for name in typed_checks(table)]
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in names)
    assert not [name for name in names if len(name) > LONGEST]
    assert sum(len(name) > 29 for name in names) < len(names) / 6
