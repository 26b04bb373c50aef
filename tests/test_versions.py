"""A release that is due needs its row in releases.csv, with the number that the changes give; a
published one stays as it is.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import UNWELL, WELL, main
from tests.conftest import ROOT, SOURCE, Edit, before_its_first_release

OBSERVATIONS = f"{SOURCE}/observations.csv"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs folder of the first release of the article."""
    folder = tmp_path_factory.mktemp("first")
    raw = before_its_first_release(Path(shutil.copytree(ROOT / "raw", folder / "raw")))
    assert main(["release", "--raw", str(raw), "--outputs", str(folder / "outputs")]) == WELL
    return folder


@pytest.fixture
def raw(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first / "raw", tmp_path / "raw"))


@pytest.fixture
def outputs(first: Path, tmp_path: Path) -> Path:
    """Return a copy of it, under a name that is no pattern for files."""
    return Path(shutil.copytree(first / "outputs", tmp_path / "out[1] v=*"))


def release(
    raw: Path, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    status = main(["release", "--raw", str(raw), "--outputs", str(outputs), "--format", "json"])
    return status, json.loads(capsys.readouterr().out)["defects"]


def add_row(raw: Path, row: str) -> None:
    with (raw / "releases.csv").open("a", encoding="utf-8") as releases:
        releases.write(f"{row}\n")


def a_note_more(edit: Edit) -> None:
    edit(
        OBSERVATIONS,
        "14 under the government,,such bodies,,",
        "14 under the government,,such bodies,,a note",
    )


def test_a_changed_note_makes_a_patch_due_and_the_row_to_fill_in_is_printed(
    raw: Path, outputs: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    a_note_more(edit)
    status, (defect,) = release(raw, outputs, capsys)
    assert (status, defect["code"]) == (UNWELL, "release_is_due")
    assert "1.0.1,DATE,1.0.0,REASON" in defect["message"]
    assert "1 value changed" in defect["message"]
    assert sorted(path.name for path in (outputs / "releases").iterdir()) == [
        "1.0.0",
        "1.0.0.zip",
        "1.0.0.zip.sha256",
    ]


def test_with_its_row_the_release_is_published_and_tells_what_has_changed(
    raw: Path, outputs: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    a_note_more(edit)
    add_row(raw, "1.0.1,2026-12-01,1.0.0,A note on the bodies under the government")
    before = (outputs / "releases" / "1.0.0" / "SHA256SUMS").read_bytes()
    assert release(raw, outputs, capsys) == (WELL, [])
    folder = outputs / "releases" / "1.0.1"
    prose = (folder / "metadata" / "CHANGES.md").read_text(encoding="utf-8")
    assert "## 1.0.1 (2026-12-01)\n\nA note on the bodies under the government" in prose
    assert f"- `observations` {SOURCE}/bodies-government, note: nothing is now “a note”" in prose
    assert f"observations,{SOURCE}/bodies-government,note,value,,a note" in (
        folder / "tables" / "changes.csv"
    ).read_text("utf-8")
    assert (outputs / "releases" / "1.0.0" / "SHA256SUMS").read_bytes() == before
    assert release(raw, outputs, capsys) == (WELL, [])


def test_a_number_that_the_changes_do_not_give_is_a_defect(
    raw: Path, outputs: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    a_note_more(edit)
    add_row(raw, "1.1.0,2026-12-01,1.0.0,A note")
    status, (defect,) = release(raw, outputs, capsys)
    assert (status, defect["code"], defect["line"]) == (UNWELL, "wrong_version", 3)
    assert "expected 1.0.1" in defect["message"]
    assert not (outputs / "releases" / "1.1.0").exists()


def test_a_changed_value_needs_a_reason_that_says_who_erred(
    raw: Path, outputs: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (raw / SOURCE).iterdir():
        path.write_text(
            path.read_text(encoding="utf-8").replace("18,000 NGOs", "19,000 NGOs"), encoding="utf-8"
        )
    edit(OBSERVATIONS, ",18000,gt,", ",19000,gt,")
    digest = hashlib.sha256((raw / SOURCE / "text.txt").read_bytes()).hexdigest()
    edit(
        f"{SOURCE}/source.toml",
        "7f3f1899c0089d3e3481906446adb11f9aa79c3e77dfefb7b814ba970abbbc5e",
        digest,
    )
    add_row(raw, "1.0.1,2026-12-01,1.0.0,Another number of NGOs")
    status, (defect,) = release(raw, outputs, capsys)
    assert (status, defect["code"], defect["column"]) == (UNWELL, "reason_is_missing", "reason")
    edit("releases.csv", "Another number of NGOs", "Source revised: another number of NGOs")
    assert release(raw, outputs, capsys) == (WELL, [])


def test_a_published_release_that_was_tampered_with_is_reported_and_left(
    raw: Path, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = outputs / "releases" / "1.0.0" / "facts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("35,000", "85,000"), encoding="utf-8")
    tampered = path.read_bytes()
    status, (defect,) = release(raw, outputs, capsys)
    assert (status, defect["code"]) == (UNWELL, "tampered_release")
    assert "facts.csv" in defect["message"]
    assert path.read_bytes() == tampered


def test_a_release_based_on_one_that_is_not_there_is_a_defect(
    raw: Path, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_row(raw, "1.0.1,2026-12-01,0.9.0,Nothing of note")
    status, (defect,) = release(raw, outputs, capsys)
    assert (status, defect["code"]) == (UNWELL, "unknown_version")


def test_a_first_release_without_a_row_asks_for_it(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (raw / "releases.csv").unlink()
    status, (defect,) = release(raw, tmp_path / "elsewhere", capsys)
    assert (status, defect["code"]) == (UNWELL, "release_is_due")
    assert "1.0.0,DATE,,REASON" in defect["message"]


def test_other_tables_than_those_of_version_1_make_a_major_release_due(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs"
    shutil.copytree(ROOT / "outputs" / "releases" / "1.0.0", outputs / "releases" / "1.0.0")
    status, (defect,) = release(raw, outputs, capsys)
    assert (status, defect["code"]) == (UNWELL, "release_is_due")
    assert "2.0.0,DATE,1.0.0,REASON" in defect["message"]
    add_row(raw, "2.0.0,2026-12-01,1.0.0,Every number that a text prints is read")
    assert release(raw, outputs, capsys) == (WELL, [])
    changes = (
        (outputs / "releases" / "2.0.0" / "tables" / "changes.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    assert {"mentions,,,added,,rows: 36", "numerals,,,removed,rows: 37,"} <= set(changes)
    assert main(["verify", str(outputs / "releases" / "2.0.0")]) == WELL
