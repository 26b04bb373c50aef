"""Each rule can fail, each outcome is the one the intervals allow, and a finding needs its
reason.
"""

import hashlib
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.check import Checked, check
from pipeline.cli import UNWELL, WELL, main
from schemas.kinds import RULE_KINDS
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
        toml.write_text(
            re.sub(r"(?m)^sha256 = .*$", f'sha256 = "{digest}"', toml.read_text(encoding="utf-8")),
            encoding="utf-8",
        )

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
    assert "more than 18,000" in str(row["explanation"])
    assert "at most 17,000" in str(row["explanation"])


def test_ngos_that_surely_fit_into_the_organisations_are_satisfied(
    raw: Path, say: Say, edit: Edit
) -> None:
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


def test_another_number_of_years_since_independence_cannot_be(
    raw: Path, say: Say, edit: Edit
) -> None:
    say("first 20 years", "first 21 years")
    edit(OBSERVATIONS, ",20,,,the country", ",21,,,the country")
    (row,) = results(raw, "twenty_years_since_independence")
    assert row["outcome"] == "violated"
    assert "19.97 to 20.98 years have passed; 21 are stated" in str(row["explanation"])


def test_what_begins_after_publication_cannot_be(raw: Path, say: Say) -> None:
    say("October 2011", "October 2012")
    say(",2011-10,", ",2012-10,")
    rows = {
        row["group_id"]: row["outcome"] for row in results(raw, "nothing_begins_after_publication")
    }
    assert rows[f"{SOURCE}/forum-2011"] == "violated"
    assert rows[f"{SOURCE}/concept-2002"] == "satisfied"


def test_policy_steps_out_of_order_cannot_be(raw: Path, edit: Edit) -> None:
    edit(
        f"{SOURCE}/rules.toml",
        '"concept-2002", "programme-2003-adopted"',
        '"programme-2003-adopted", "concept-2002"',
    )
    rows = {
        row["group_id"]: row["outcome"] for row in results(raw, "policy_steps_follow_each_other")
    }
    assert rows[f"{SOURCE}/programme-2003-adopted {SOURCE}/concept-2002"] == "violated"


def test_growth_against_a_stated_earlier_number_is_tested(raw: Path, say: Say, edit: Edit) -> None:
    say(
        "Since 2006, the sector",
        "In 2006 the country had 36,000 organisations. Since 2006, the sector",
    )
    say("now has more than 35,000", "now has at most 35,000")
    edit(OBSERVATIONS, "35000,gt,,", "35000,le,,")
    edit(OBSERVATIONS, '"In 2006 the country had 36,000 organisations. Since', '"Since')
    with (raw / OBSERVATIONS).open("a", encoding="utf-8") as observations:
        observations.write(
            'stock-2006,organisations,KZ,,2006,36000,,,"In 2006 the country had 36,000 '
            'organisations",,,,\n'
        )
    edit(f"{SOURCE}/source.toml", "observations = 22", "observations = 23")
    (found,) = results(raw, "growth_fits_the_number_of_organisations")
    assert found["outcome"] == "violated"


def test_a_rule_that_finds_no_facts_is_a_defect(raw: Path, edit: Edit) -> None:
    edit(
        "rules.toml",
        'flow = { indicator = "ngos_growth" }',
        'flow = { indicator = "forum_number" }',
    )
    (defect,) = check(raw).defects
    assert (defect.file, defect.line, defect.code) == ("rules.toml", 39, "idle_rule")


def test_checking_one_source_needs_no_facts_for_every_rule(raw: Path, edit: Edit) -> None:
    edit(
        "rules.toml",
        'flow = { indicator = "ngos_growth" }',
        'flow = { indicator = "forum_number" }',
    )
    assert check(raw, SOURCE).defects == []


class TestFindings:
    def test_a_finding_that_nobody_acknowledged_stops_the_release_with_the_row_to_add(
        self, raw: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (raw / "findings.csv").unlink()
        (new,) = check(raw).unacknowledged
        assert new.code == "new_finding"
        assert "122 of 300 dialogue bodies" in new.message
        assert (
            f"every_dialogue_body_is_named,{SOURCE} KZ 2011-12-23,incomplete,122,122,..."
            in new.message
        )
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

    def test_an_acknowledged_finding_is_well_and_is_shown(
        self, raw: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["check", "--raw", str(raw)]) == WELL
        assert "every_dialogue_body_is_named (incomplete): 122 of 300" in capsys.readouterr().out


def test_the_article_tests_every_kind_of_rule_that_it_can(article: Checked) -> None:
    assert set(RULE_KINDS) - set(article.tables["rules"]["kind"]) == {
        "adds_up",
        "shares_complete",
        "translation",
    }


class TestRulesTogether:
    """Two more counts of the article, and rules that bind them: each possible by itself."""

    @pytest.fixture
    def counts(self, say: Say, edit: Edit) -> None:
        say("now has more than 35,000", "now has at most 36,000")
        edit(OBSERVATIONS, "35000,gt,,", "36000,le,,")
        say("has 300 venues", "has 9000 venues")
        edit(OBSERVATIONS, ",,300,,,", ",,9000,,,")
        first = 'id = "regional_shares_sum'
        edit("rules.toml", first, f'id = "organisations_are_few"\n{self.BELOW}{first}')

    BELOW = (
        'kind = "subset"\ntitle = "There are fewer organisations than dialogue '
        'bodies"\nseverity = "error"\n'
        'part = { indicator = "organisations" }\nwhole = { indicator = "dialogue_bodies" '
        "}\n\n[[rule]]\n"
    )

    @pytest.mark.usefixtures("counts")
    def test_each_is_possible_and_together_they_are_violated(self, raw: Path) -> None:
        for rule_id, other in (
            ("ngos_are_part_of_organisations", "organisations_are_few"),
            ("organisations_are_few", "ngos_are_part_of_organisations"),
        ):
            (row,) = results(raw, rule_id)
            assert (row["outcome"], row["scope"]) == ("violated", "joint")
            assert f"impossible together with {other}" in str(row["explanation"])

    @pytest.mark.usefixtures("counts")
    def test_the_facts_of_which_one_is_wrong_are_told_with_what_they_would_be(
        self, raw: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["check", "--raw", str(raw)]) == UNWELL
        out = capsys.readouterr().out
        assert (
            f"{SOURCE}/bodies (dialogue bodies, Kazakhstan, 23 December 2011) would be at least "
            "18,001" in out
        )
        assert (
            f"{SOURCE}/ngos (NGOs, Kazakhstan, 23 December 2011) would lie within 0 to 8,999" in out
        )  # 9,000 allow no whole number in one region
        assert f"{SOURCE}/organisations (" not in out

    @pytest.mark.usefixtures("counts")
    def test_a_fact_with_a_weight_of_its_own_is_blamed_last(self, raw: Path) -> None:
        with (raw / SOURCE / "rules.toml").open("a", encoding="utf-8") as rules:
            rules.write("\n[weights]\nngos = 3\n")
        sets = check(raw).tables["error_sets"]
        assert sets["quantity"].to_list() == [f"{SOURCE}/bodies"]
        assert sets["weight"].to_list() == [1]

    @pytest.mark.parametrize(
        ("line", "code"),
        [("ngos = 0", "wrong_value"), ("ngos = 1.5", "wrong_value"), ("ngo = 2", "unknown_fact")],
    )
    def test_a_weight_that_is_none_is_a_defect_at_its_line(
        self, raw: Path, line: str, code: str
    ) -> None:
        path = raw / SOURCE / "rules.toml"
        path.write_text(
            f"{path.read_text(encoding='utf-8')}\n[weights]\n{line}\n", encoding="utf-8"
        )
        (defect,) = check(raw).defects
        lines = path.read_text(encoding="utf-8").splitlines()
        assert (defect.code, lines[defect.line - 1]) == (code, line)

    def test_an_order_that_turns_back_is_a_defect(self, raw: Path, edit: Edit) -> None:
        edit(
            f"{SOURCE}/rules.toml",
            '"concept-2006", "forum-2011"]',
            '"concept-2006", "independence"]',
        )
        (defect,) = check(raw).defects
        assert (defect.code, defect.column) == ("circle", "sequence")
        assert "independence, concept-2002, programme-2003-adopted, concept-2006" in defect.message

    def test_rules_that_no_facts_can_meet_are_defects_at_their_lines(self, raw: Path) -> None:
        with (raw / "rules.toml").open("a", encoding="utf-8") as rules:
            for name, codes in (
                ("youth", '"youth"'),
                ("children", '"children"'),
                ("both", '"youth", "children"'),
            ):
                rules.write(
                    f'[[rule]]\nid = "all_is_{name}"\nkind = "shares_complete"\ntitle = '
                    '"x"\nseverity = "error"\n'
                    f'shares = {{ indicator = "ngos_activity_share", over = "category", codes = '
                    f"[{codes}] }}\n"
                )
        defects = check(raw).defects
        lines = (raw / "rules.toml").read_text(encoding="utf-8").splitlines()
        assert [(defect.code, lines[defect.line - 1]) for defect in defects] == [
            ("impossible_rule", f'id = "all_is_{name}"') for name in ("youth", "children", "both")
        ]
        assert (
            "no facts can meet together all_is_both, all_is_children, all_is_youth"
            in defects[0].message
        )

    def test_a_number_that_no_rule_speaks_of_is_told(self, article: Checked) -> None:
        assert article.remarks["every_fact_is_checked_by_a_rule"] == [f"{SOURCE}/forum-number"]


class TestImpliedBounds:
    @pytest.mark.parametrize(
        ("quantity", "lower", "upper"),
        [
            (f"remainder of dialogue_bodies {SOURCE} KZ 2011-12-23", "122", "122"),
            ("organisations KZ 2006", "29021", None),
            (f"remainder of organisations_share {SOURCE} KZ 2011-12-23", "42.385", "42.535"),
            ("organisations KZ-ALM 2011-12-23", "6248", None),
            (f"mentions of ngos_activity_share {SOURCE} KZ 2011-12-23", "166", "167.6"),
            (f"in two of ngos_activity_share {SOURCE} KZ 2011-12-23", "11", "100"),
        ],
    )
    def test_the_article_implies(
        self, article: Checked, quantity: str, lower: str, upper: str | None
    ) -> None:
        (row,) = article.tables["implied_bounds"].filter(quantity=quantity).to_dicts()
        assert (row["lower"], row["upper"]) == (
            Decimal(lower),
            None if upper is None else Decimal(upper),
        )
        assert row["tight"]

    def test_the_premises_are_told_in_words(self, article: Checked) -> None:
        (row,) = (
            article.tables["implied_bounds"]
            .filter(rule_ids="every_dialogue_body_is_named")
            .to_dicts()
        )
        assert "dialogue bodies, Kazakhstan, 23 December 2011: 300" in row["premises"]
        assert "cannot be more than all bodies" in row["premises"]
