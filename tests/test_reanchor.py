"""A revised text: what became of the words of each fact, and accepting it."""

import json
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.cli import UNWELL, WELL, main
from pipeline.facts.reanchor import TYPED, Reanchored, reanchor_changed
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder
from tests.conftest import ROOT, SOURCE, Edit

TEXT = f"{SOURCE}/text.txt"


def statuses(raw: Path) -> dict[str, Reanchored]:
    given = RawTables(RawFolder(raw)).given(TYPED)
    found = reanchor_changed(given, raw, ROOT / "outputs", accepting=False)
    return {fact.fact_id.split("/")[1]: fact for fact in found}


def test_an_unchanged_text_has_nothing_to_say(raw: Path) -> None:
    assert statuses(raw) == {}


def test_each_fact_says_whether_its_words_stayed_moved_changed_or_vanished(
    raw: Path, edit: Edit
) -> None:
    edit(TEXT, "As a result, the country now has", "Thus the country now has")
    edit(TEXT, "Zhambyl (6.73 percent)", "Zhambyl (6.37 percent)")
    edit(
        TEXT,
        (
            "Widespread involvement of NGOs in drafting laws and programmes and conducting public "
            "hearings"
        ),
        "They",
    )
    found = statuses(raw)
    assert found["independence"].status == "stayed"
    assert (found["bodies"].status, found["share-almaty"].status) == ("moved", "moved")
    assert found["share-zhambyl"].status == "changed"
    assert (found["share-zhambyl"].old, found["share-zhambyl"].new) == (
        "Zhambyl (6.73 percent)",
        "Zhambyl (6.37 percent)",
    )
    assert found["ngo-involvement"].status in {"changed", "vanished"}
    assert "was: Zhambyl (6.73 percent)\n    now: Zhambyl (6.37 percent)" in str(
        found["share-zhambyl"]
    )


def test_a_sentence_that_is_gone_has_vanished(raw: Path, edit: Edit) -> None:
    edit(TEXT, "NGO activities cover a wide range of areas. ", "")
    assert statuses(raw)["wide-range"].status == "vanished"


def test_check_reports_them_and_does_not_accept_by_itself(
    raw: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(TEXT, "Thus, the establishment", "So, the establishment")
    outputs = raw.parent / "a folder [1] whose name is no pattern for files*"
    outputs.symlink_to(ROOT / "outputs")
    assert (
        main(["check", "--raw", str(raw), "--outputs", str(outputs), "--format", "json"]) == UNWELL
    )
    report = json.loads(capsys.readouterr().out)
    assert {fact["status"] for fact in report["reanchored"]} >= {"moved", "changed"}
    assert "text_changed" in {defect["code"] for defect in report["defects"]}


def test_a_text_that_loses_a_fact_is_not_accepted(raw: Path, edit: Edit) -> None:
    before = (raw / SOURCE / "source.toml").read_bytes()
    edit(TEXT, "Zhambyl (6.73 percent)", "Zhambyl (6.37 percent)")
    assert main(["check", "--raw", str(raw), "--accept-text"]) == UNWELL
    assert (raw / SOURCE / "source.toml").read_bytes() == before


def test_a_text_that_loses_no_fact_is_accepted(raw: Path, edit: Edit) -> None:
    edit(TEXT, "Dec 23. MFA\n", "Dec 23. MFA\n\nReport\n")
    assert main(["check", "--raw", str(raw), "--accept-text"]) == WELL
    assert check(raw).defects == []
