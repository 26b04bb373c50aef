"""A release that nobody touched is well wherever it lies, and what is none is said to be none."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import Checked, check
from pipeline.cli import USAGE, WELL, main
from pipeline.release.verify import verify
from pipeline.release.zipped import write_zip
from tests.conftest import ROOT, SOURCE, Edit
from tests.test_release import published
from tests.verify.spoil import files_of, flip, hash_anew, packed


class TestAWholeRelease:
    def test_is_well_and_the_paragraph_says_what_was_checked(
        self, release: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["verify", str(release)]) == WELL
        said = capsys.readouterr().out
        assert said.count("\n") == 1
        assert f"Files: {len(files_of(release)) - 1}," in said
        assert "the release is the same to the bit, every table, page and description" in said
        assert "facts: 50, read again in 1 of 1 texts" in said
        assert "with the outcomes: 49, and the findings: 1" in said

    def test_is_well_as_a_zip(self, release: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["verify", f"{release}.zip", "--format", "json"]) == WELL
        assert json.loads(capsys.readouterr().out) == []

    def test_is_well_wherever_it_lies(
        self, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert verify(Path(copy.name)).failures == []

    def test_without_texts_that_may_not_be_republished_is_well(
        self, raw: Path, edit: Edit, tmp_path: Path
    ) -> None:
        edit(f"{SOURCE}/source.toml", "republish_text = true", "republish_text = false")
        folder = published(check(raw), tmp_path, raw)
        assert not list((folder / "sources").glob("*.txt"))
        with pytest.raises(StopIteration):
            packed(folder, "text.txt")
        assert verify(folder).failures == []

    def test_with_rules_that_are_broken_only_together_is_well(
        self, raw: Path, edit: Edit, tmp_path: Path
    ) -> None:
        checked = in_contradiction(raw, edit)
        joint = checked.tables["check_results"].filter(scope="joint")
        assert joint.height == 2
        edit(f"{SOURCE}/source.toml", "republish_text = true", "republish_text = false")
        digits = pl.col("lower", "upper").cast(pl.String).str.replace(r"\.?0+$", "")
        findings = checked.tables["findings"].select(
            "rule_id", "group_id", "type", digits, reason=pl.lit("for this test")
        )
        findings.write_csv(raw / "findings.csv")
        checked = check(raw)
        assert (checked.defects, checked.unacknowledged) == ([], [])
        folder = published(checked, tmp_path, raw)
        assert verify(folder).failures == []


class TestAReleaseOfVersion1:
    """Its tables are not today's."""

    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        return Path(shutil.copytree(ROOT / "outputs" / "releases" / "1.0.0", tmp_path / "1.0.0"))

    def test_is_well_and_the_paragraph_says_that_an_earlier_program_made_it(
        self, old: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for path in (old, write_zip(old)):
            assert main(["verify", str(path)]) == WELL
            said = capsys.readouterr().out
            assert "the release 1.0.0 of this project as it was published" in said
            assert "an earlier version of this program made" in said
            assert "Made again" not in said

    @pytest.mark.parametrize("name", ["tables/numerals.parquet", "facts.csv", "SHA256SUMS"])
    def test_has_no_byte_that_can_be_forged(self, name: str, old: Path) -> None:
        flip(old / name, (old / name).stat().st_size // 2)
        assert name in {failure.file for failure in verify(old).failures} or name == "SHA256SUMS"
        hash_anew(old)
        assert verify(old).failures or name == "SHA256SUMS"


def in_contradiction(raw: Path, edit: Edit) -> Checked:
    """The article with other numbers, and a rule more: NGOs <= organisations <= dialogue bodies,
    which there are too few of.
    """
    text = raw / SOURCE / "text.txt"
    for old, new in (
        ("now has more than 35,000", "now has at most 36,000"),
        ("has 300 venues", "has 9000 venues"),
    ):
        for path in (text, *(raw / SOURCE).glob("*.csv")):
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    edit(f"{SOURCE}/observations.csv", "35000,gt,,", "36000,le,,")
    edit(f"{SOURCE}/observations.csv", ",,300,,,", ",,9000,,,")
    toml = raw / SOURCE / "source.toml"
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    toml.write_text(
        re.sub(r"(?m)^sha256 = .*$", f'sha256 = "{digest}"', toml.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    with (raw / "rules.toml").open("a", encoding="utf-8") as rules:
        rules.write(
            '\n[[rule]]\nid = "organisations_are_few"\nkind = "subset"\ntitle = "There are no '
            'more than bodies"\n'
            'severity = "error"\npart = { indicator = "organisations" }\nwhole = { indicator = '
            '"dialogue_bodies" }\n'
        )
    return check(raw)


@pytest.mark.parametrize("name", ["nowhere", "empty", "note.txt"])
def test_what_is_no_release_is_said_in_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("no release")
    assert main(["verify", str(tmp_path / name)]) == USAGE
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
