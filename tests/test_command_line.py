"""The command `facts`: what it answers, how fast it starts, and with which exit status."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipeline.cli import UNWELL, USAGE, WELL, main
from pipeline.durable import one_build_at_a_time
from pipeline.operate.run import run_release
from pipeline.operate.workspace import Workspace
from tests.conftest import ROOT, SOURCE, Edit, Told


def test_check_says_how_many_facts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--raw", str(ROOT / "raw")]) == WELL
    assert (
        "50 facts, 49 checks: 1 finding, 3 remarks, 2 undetermined, 19 untested, 24 satisfied"
        in capsys.readouterr().out
    )


def test_check_of_one_source_looks_at_no_other(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (raw / "broken-source").mkdir()
    assert main(["check", "--raw", str(raw)]) == UNWELL
    assert main(["check", "--raw", str(raw), "--source", SOURCE]) == WELL
    assert "50 facts" in capsys.readouterr().out


def test_check_of_an_unknown_source_names_the_nearest(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    assert run.returncode == UNWELL
    assert r"\u201cWorked in the region" in run.stdout
    assert run.stderr == ""


def imported_by(code: str) -> set[str]:
    command = [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.splitlines()[-1].split())


def test_what_checks_verifies_or_enters_imports_neither_dagster_nor_anything_of_a_cluster() -> None:
    commands = "main(['check', '--no-cache'])\nmain(['verify', 'outputs/releases/3.0.1'])"
    imported = imported_by(f"from pipeline.cli import enter, main\n{commands}")
    assert {"pipeline.parts", "pipeline.release.verify", "pipeline.enter.app"} <= imported
    assert not {"dagster", "grpc", "pandas", "pipeline.spark", "pyspark"} & imported


def test_a_raw_folder_that_changes_while_it_is_built_is_not_published(
    raw: Path, tmp_path: Path, edit: Edit
) -> None:
    def change_once(step: str) -> None:
        if step == "findings":
            edit("findings.csv", "The article counts", "This article counts")

    found = run_release(raw, tmp_path / "outputs", change_once)
    assert [(defect.file, defect.code) for defect in found.defects] == [
        ("tables/findings.parquet", "out_of_date")
    ]
    assert found.released is None
    assert not (tmp_path / "outputs" / "releases").exists()


def test_a_release_that_waits_for_another_says_so_imports_no_dagster_and_keeps_its_tables_for_it(
    raw: Path, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs"
    program = "import sys; from pipeline.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    command = [
        sys.executable,
        "-c",
        program,
        "release",
        "--raw",
        str(raw),
        "--outputs",
        str(outputs),
    ]
    with one_build_at_a_time(outputs):
        waiting = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert waiting.stderr
        assert (
            waiting.stderr.readline()
            == "Another build is at work in outputs; this one waits for it.\n"
        )
    said, *_, imported = waiting.communicate()[0].splitlines()
    assert said == f"Published {outputs}/releases/1.0.0"
    assert "dagster" not in imported.split()
    assert Workspace(raw, outputs).out_of_date() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("command", ["check", "diff"])
def test_an_answer_that_does_not_fit_on_the_disk_is_one_line(command: str, tmp_path: Path) -> None:
    given = ["1.0.0", "2.0.0"] if command == "diff" else ["--outputs", str(tmp_path)]
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", command, *given],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert run.stderr == f"facts {command}: [Errno 28] No space left on device\n"
    assert run.returncode == UNWELL


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (ended.value.code, capsys.readouterr().out) == (0, f"facts {package['version']}\n")


def test_help_imports_no_library_at_all() -> None:
    help_only = (
        "from pipeline.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    )
    assert not {"polars", "duckdb", "pyarrow", "pandera", "dagster"} & imported_by(help_only)


@pytest.mark.parametrize("file", ["outputs", "outputs/tables", "outputs/releases"])
def test_outputs_that_cannot_be_written_are_one_line(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("")
    assert (
        main(["release", "--raw", str(ROOT / "raw"), "--outputs", str(tmp_path / "outputs")])
        == USAGE
    )
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("facts release: build_")
    assert line.endswith(f"File exists: '{tmp_path / file}'")


def test_a_release_is_copied_to_a_second_place(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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


@pytest.mark.parametrize("port", ["0", "65536", "many"])
def test_a_port_is_a_number_that_ports_have(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["ui", "--port", port])
    assert f"'{port}' stands here; expected a number from 1 to 65535" in capsys.readouterr().err


SHORT = "The union, 3 March 2020\nIt has more than 1,200 members, just under £1.2bn, and $5.\n"


@pytest.fixture
def text(tmp_path: Path) -> str:
    path = tmp_path / "text.txt"
    path.write_text(SHORT, encoding="utf-8")
    return str(path)


def read(*arguments: str) -> int:
    return main(["read", *arguments, "--raw", "nowhere"])


def test_read_shows_each_number_with_its_line_and_column_and_names_a_key_that_is_wanted_once(
    text: str, told: Told
) -> None:
    assert read(text) == WELL
    out, err = told()
    assert [line.split(maxsplit=2)[:2] for line in out.splitlines()] == [
        ["place", "kind"],
        ["1:12", "period"],
        ["2:8", "quantity"],
        ["2:33", "quantity"],
        ["2:56", "unread"],
    ]
    assert "just under £1.2bn  lt 1200000000 GBP" in out
    assert err == "facts read: source.toml should say country; without it some words are unread\n"


def test_read_as_json_has_spans_words_kinds_and_decimal_numbers(text: str, told: Told) -> None:
    assert read(text, "--format", "json", "--country", "US") == WELL
    out, err = told()
    assert err == ""
    date, members, money, dollars = json.loads(out)
    assert date == {
        "start": 11,
        "end": 23,
        "words": "3 March 2020",
        "kind": "period",
        "period": "2020-03-03",
    }
    assert members["relators"] == ["gt"]
    assert money == {
        "start": 56,
        "end": 73,
        "words": "just under £1.2bn",
        "kind": "quantity",
        "low": "1200000000",
        "high": "1200000000",
        "step": "100000000",
        "relators": ["lt"],
        "unit": "GBP",
        "per": None,
    }
    assert (dollars["low"], dollars["unit"]) == ("5", "USD")
    assert all(
        SHORT[one["start"] : one["end"]] == one["words"] for one in (date, members, money, dollars)
    )


def test_read_follows_what_is_said_of_the_text(tmp_path: Path, told: Told) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Es gab 1.234 Vereine am 05/06/2020.", encoding="utf-8")
    assert (
        read(str(path), "--decimal", ",", "--group", ".", "--days", "DMY", "--format", "json")
        == WELL
    )
    number, day = json.loads(told()[0])
    assert (number["low"], day["period"]) == ("1234", "2020-06-05")


def run_read(*arguments: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pipeline.cli", "read", *arguments, "--raw", "nowhere"]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=ROOT)


def test_read_takes_standard_input() -> None:
    run = run_read("-", "--format", "json", stdin=b"\xef\xbb\xbfTwo dozen clubs")
    assert (run.returncode, run.stderr) == (WELL, b"")
    assert [(one["words"], one["low"]) for one in json.loads(run.stdout)] == [("Two dozen", "24")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.txt", "expected a text file that can be read"),
        ("folder", "expected a text file that can be read"),
        ("latin1.txt", ":2: expected UTF-8"),
    ],
)
def test_what_is_no_text_is_said_in_one_line(
    name: str, words: str, tmp_path: Path, told: Told
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin1.txt").write_bytes("5 clubs\n6 cafés".encode("latin-1"))
    assert read(str(tmp_path / name)) == USAGE
    out, err = told()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--language", "xx"], "--language xx: expected one of "),
        (["--country", "QQ"], "--country QQ: expected a code of ISO 3166-1 such as KZ"),
        (["--fiscal-year-starts", "13-01"], "expected month and day such as 04-01"),
        (["--decimal", ",", "--group", ","], "expected another mark than --decimal has"),
    ],
)
def test_an_option_that_says_nothing_names_what_would(
    options: list[str], words: str, text: str, told: Told
) -> None:
    assert read(text, *options) == USAGE
    out, err = told()
    assert out == ""
    assert words in err


@pytest.mark.parametrize(
    "options",
    [["--days", "DM"], ["--country", "Kazakhstan"], ["--decimal", "x"], ["--format", "html"]],
)
def test_an_option_of_another_form_is_wrong_usage(options: list[str], text: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        read(text, *options)


@pytest.mark.parametrize("option", ["--raw", "--outputs"])
def test_an_address_in_place_of_a_folder_is_refused_and_told_what_is_expected(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main(["release", option, "s3://bucket/facts"])
    assert error.value.code == USAGE
    assert (
        f"argument {option}: 's3://bucket/facts' stands here; expected a folder of this machine"
        in capsys.readouterr().err
    )
