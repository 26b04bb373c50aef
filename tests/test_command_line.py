"""The command `facts`: what it answers, how fast it starts, and with which exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import UNWELL, USAGE, WELL, main
from tests.conftest import ROOT, SOURCE, Edit


def test_check_says_how_many_facts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--raw", str(ROOT / "raw")]) == WELL
    assert "46 facts, 29 checks: 24 satisfied, 2 undetermined, 3 violated; 14 groups only derive" in capsys.readouterr().out


def test_check_of_one_source_looks_at_no_other(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (raw / "broken-source").mkdir()
    assert main(["check", "--raw", str(raw)]) == UNWELL
    assert main(["check", "--raw", str(raw), "--source", SOURCE]) == WELL
    assert "46 facts" in capsys.readouterr().out


def test_check_of_an_unknown_source_names_the_nearest(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--raw", str(raw), "--source", "mfa-2011-12-32"]) == UNWELL
    out = capsys.readouterr().out
    assert f"nearest: {SOURCE}" in out
    assert "1 defect;" in out


def test_check_of_no_folder_is_a_defect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--raw", str(tmp_path / "nowhere"), "--format", "json"]) == UNWELL
    codes = {defect["code"] for defect in json.loads(capsys.readouterr().out)["defects"]}
    assert "missing_folder" in codes


def test_json_of_a_sound_folder_has_its_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--raw", str(ROOT / "raw"), "--format", "json"]) == WELL
    report = json.loads(capsys.readouterr().out)
    assert report["defects"] == []
    assert report["findings"][0]["rule_id"] == "every_dialogue_body_is_named"


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check", "--format", "yaml"]])
def test_wrong_usage_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == USAGE
    assert "usage: facts" in capsys.readouterr().err


def test_a_terminal_without_unicode_shows_defects_all_the_same(raw: Path, edit: Edit) -> None:
    edit(f"{SOURCE}/statements.csv", "“Working in the region", "“Worked in the region")
    command = [sys.executable, "-m", "pipeline.cli", "check", "--raw", str(raw)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)  # noqa: S603 (our own)
    assert run.returncode == UNWELL
    assert r"\u201cWorked in the region" in run.stdout
    assert run.stderr == ""


def imported_by(code: str) -> set[str]:
    command = [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 (our own)
    return set(run.stdout.splitlines()[-1].split())


def test_check_imports_neither_dagster_nor_pandas() -> None:
    assert not {"dagster", "pandas"} & imported_by("from pipeline.cli import main\nmain(['check'])")


def test_help_imports_no_library_at_all() -> None:
    help_only = "from pipeline.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert not {"polars", "duckdb", "pyarrow", "pandera", "dagster"} & imported_by(help_only)


@pytest.mark.parametrize("file", ["outputs", "outputs/tables", "outputs/releases"])
def test_outputs_that_cannot_be_written_are_one_line(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("")
    assert main(["release", "--raw", str(ROOT / "raw"), "--outputs", str(tmp_path / "outputs")]) == USAGE
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("facts release: build_")
    assert line.endswith(f"File exists: '{tmp_path / file}'")


def test_a_release_is_copied_to_a_second_place(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--raw", str(raw), "--outputs", str(tmp_path / "outputs")]
    assert main(["release", *where, "--copy-to", (tmp_path / "second").as_uri()]) == WELL
    assert (tmp_path / "second" / "1.0.0" / "SHA256SUMS").exists()
    assert main(["release", *where, "--copy-to", "nowhere://second"]) == UNWELL
    told = capsys.readouterr()
    assert "cannot be read or written" in told.err
    assert "Unchanged" in told.out
    assert "Traceback" not in told.err


def test_the_ui_starts_only_where_it_would_not_call_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    assert main(["ui"]) == USAGE
    assert ".dagster/dagster.yaml: no such file" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65535", "many"])
def test_a_port_is_a_number_that_has_a_next_one(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["ui", "--port", port])
    assert f"'{port}' stands here; expected a number from 1 to 65534" in capsys.readouterr().err
