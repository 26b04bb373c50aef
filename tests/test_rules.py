"""Each rule can fail, each outcome is the one the intervals allow, and a finding needs its reason."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.check import Checked, check
from pipeline.cli import UNWELL, WELL, main
from schemas.tables import RULE_KINDS
from tests.conftest import SOURCE, Edit

Say = Callable[[str, str], None]

TEXT = f"{SOURCE}/text.txt"
OBSERVATIONS = f"{SOURCE}/observations.csv"


@pytest.fixture
def say(raw: Path) -> Say:
    """Change what the article says, in its text and in every quote of it."""

    def change(old: str, new: str) -> None:
        for path in (raw / TEXT, *(raw / SOURCE).glob("*.csv")):
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        toml = raw / SOURCE / "source.toml"
        digest = hashlib.sha256((raw / TEXT).read_bytes()).hexdigest()
        toml.write_text(re.sub(r"(?m)^sha256 = .*$", f'sha256 = "{digest}"', toml.read_text(encoding="utf-8")), encoding="utf-8")

    return change


def results(raw: Path, rule_id: str) -> list[dict[str, object]]:
    checked = check(raw)
    assert checked.defects == [], checked.defects
    return checked.tables["check_results"].filter(rule_id=rule_id).to_dicts()


def test_more_ngos_than_organisations_cannot_be(raw: Path, say: Say, edit: Edit) -> None:
    say("now has more than 35,000", "now has at most 17,000")
    edit(OBSERVATIONS, "35000,gt,,", "17000,le,,")
    (row,) = results(raw, "ngos_are_part_of_organisations")
    assert row["outcome"] == "violated"
    assert "at least 18,001" in str(row["explanation"])
    assert "0 to 17,000" in str(row["explanation"])


def test_ngos_that_surely_fit_into_the_organisations_are_satisfied(raw: Path, say: Say, edit: Edit) -> None:
    say("more than 18,000", "less than 18,000")
    edit(OBSERVATIONS, "18000,gt,,", "18000,lt,,")
    (row,) = results(raw, "ngos_are_part_of_organisations")
    assert row["outcome"] == "satisfied"


def test_regional_shares_above_100_percent_cannot_be(raw: Path, say: Say, edit: Edit) -> None:
    say("17.9 percent", "77.9 percent")
    edit(OBSERVATIONS, ",17.9,", ",77.9,")
    (row,) = results(raw, "regional_shares_sum_to_at_most_100_percent")
    assert row["outcome"] == "violated"
    assert "117.465 to 117.615 percent" in str(row["explanation"])


def test_more_bodies_in_groups_than_in_all_cannot_be(raw: Path, say: Say, edit: Edit) -> None:
    say("has 300 venues", "has 150 venues")
    edit(OBSERVATIONS, ",,300,,,", ",,150,,,")
    (row,) = results(raw, "every_dialogue_body_is_named")
    assert row["outcome"] == "violated"


def test_another_number_of_years_since_independence_cannot_be(raw: Path, say: Say, edit: Edit) -> None:
    say("first 20 years", "first 21 years")
    edit(OBSERVATIONS, ",20,,,the country", ",21,,,the country")
    (row,) = results(raw, "twenty_years_since_independence")
    assert row["outcome"] == "violated"
    assert "19.97 to 20.98 years have passed; 21 are stated" in str(row["explanation"])


def test_what_begins_after_publication_cannot_be(raw: Path, say: Say) -> None:
    say("October 2011", "October 2012")
    say(",2011-10,", ",2012-10,")
    rows = {row["group_id"]: row["outcome"] for row in results(raw, "nothing_begins_after_publication")}
    assert rows[f"{SOURCE}/forum-2011"] == "violated"
    assert rows[f"{SOURCE}/concept-2002"] == "satisfied"


def test_policy_steps_out_of_order_cannot_be(raw: Path, edit: Edit) -> None:
    edit(f"{SOURCE}/rules.toml", '"concept-2002", "programme-2003"', '"programme-2003", "concept-2002"')
    rows = {row["group_id"]: row["outcome"] for row in results(raw, "policy_steps_follow_each_other")}
    assert rows[f"{SOURCE}/programme-2003 {SOURCE}/concept-2002"] == "violated"


def test_growth_against_a_stated_earlier_number_is_tested(raw: Path, say: Say, edit: Edit) -> None:
    say("Since 2006, the sector", "In 2006 the country had 36,000 organisations. Since 2006, the sector")
    say("now has more than 35,000", "now has at most 35,000")
    edit(OBSERVATIONS, "35000,gt,,", "35000,le,,")
    edit(OBSERVATIONS, '"In 2006 the country had 36,000 organisations. Since', '"Since')
    with (raw / OBSERVATIONS).open("a", encoding="utf-8") as observations:
        observations.write('stock-2006,organisations,KZ,,2006,36000,,,"In 2006 the country had 36,000 organisations",,,,\n')
    edit(f"{SOURCE}/source.toml", "observations = 22", "observations = 23")
    (found,) = results(raw, "growth_fits_the_number_of_organisations")
    assert found["outcome"] == "violated"


def test_a_rule_that_finds_no_facts_is_a_defect(raw: Path, edit: Edit) -> None:
    edit("rules.toml", 'flow = { indicator = "ngos_growth" }', 'flow = { indicator = "forum_number" }')
    (defect,) = check(raw).defects
    assert (defect.file, defect.line, defect.code) == ("rules.toml", 39, "idle_rule")


def test_checking_one_source_needs_no_facts_for_every_rule(raw: Path, edit: Edit) -> None:
    edit("rules.toml", 'flow = { indicator = "ngos_growth" }', 'flow = { indicator = "forum_number" }')
    assert check(raw, SOURCE).defects == []


class TestFindings:
    def test_a_finding_that_nobody_acknowledged_stops_the_release_with_the_row_to_add(
        self, raw: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (raw / "findings.csv").unlink()
        (new,) = check(raw).unacknowledged
        assert new.code == "new_finding"
        assert "122 of 300 dialogue bodies" in new.message
        assert f"every_dialogue_body_is_named,{SOURCE} KZ 2011-12-23,incomplete,122,122,..." in new.message
        assert main(["check", "--raw", str(raw), "--format", "json"]) == UNWELL
        assert json.loads(capsys.readouterr().out)["unacknowledged"][0]["code"] == "new_finding"

    def test_a_finding_that_has_changed_stops_the_release(self, raw: Path, edit: Edit) -> None:
        edit("findings.csv", "incomplete,122,122", "incomplete,121,122")
        (changed,) = check(raw).unacknowledged
        assert (changed.code, changed.file, changed.line) == ("changed_finding", "findings.csv", 2)
        assert "incomplete,122,122" in changed.message

    def test_an_acknowledgement_of_nothing_stops_the_release(self, raw: Path, edit: Edit) -> None:
        edit(f"{SOURCE}/rules.toml", 'remainder = "flag"\n', "")
        (stale,) = check(raw).unacknowledged
        assert (stale.code, stale.line) == ("stale_finding", 2)

    def test_an_acknowledged_finding_is_well_and_is_shown(self, raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "--raw", str(raw)]) == WELL
        assert "every_dialogue_body_is_named (incomplete): 122 of 300" in capsys.readouterr().out


def test_the_article_tests_every_kind_of_rule_that_it_can(article: Checked) -> None:
    assert set(RULE_KINDS) - set(article.tables["rules"]["kind"]) == {"adds_up", "shares_complete"}
