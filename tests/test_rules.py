"""Each rule can fail, each outcome is the one the intervals allow, and a finding needs its reason."""

import hashlib
import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check import Checked, check
from pipeline.cli import UNWELL, WELL, main
from pipeline.consistency.evaluate import judge
from pipeline.consistency.system import System
from schemas.tables import empty
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
    edit("rules.toml", 'part = { indicator = "ngos" }', 'part = { indicator = "organisations_new" }')
    (defect,) = check(raw).defects
    assert (defect.file, defect.line, defect.code) == ("rules.toml", 13, "idle_rule")


def test_checking_one_source_needs_no_facts_for_every_rule(raw: Path, edit: Edit) -> None:
    edit("rules.toml", 'part = { indicator = "ngos" }', 'part = { indicator = "organisations_new" }')
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
        assert "finding every_dialogue_body_is_named (incomplete): 122 of 300" in capsys.readouterr().out


End = tuple[int | None, bool]
Variable = tuple[End, End]
Group = tuple[str, list[tuple[int, int, int]]]


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[Variable], list[Group]]:
    """Random small systems: variables with open, closed and missing ends, groups with coefficients of one sign each."""
    variables = []
    for _ in range(draw(st.integers(1, 4))):
        low = draw(st.one_of(st.none(), st.integers(-6, 6)))
        high = draw(st.one_of(st.none(), st.integers(low if low is not None else -6, 7)))
        point = low is not None and low == high
        ends = [(end, end is not None and (point or draw(st.booleans()))) for end in (low, high)]
        variables.append((ends[0], ends[1]))
    groups = []
    for _ in range(draw(st.integers(1, 4))):
        chosen = draw(st.lists(st.integers(0, len(variables) - 1), min_size=1, unique=True))
        terms = []
        for variable in chosen:
            sizes = sorted(draw(st.tuples(st.integers(1, 3), st.integers(1, 3))))
            sign = draw(st.sampled_from([1, -1]))
            low, high = sorted(sign * size for size in sizes)
            terms.append((variable, low, high))
        groups.append((draw(st.sampled_from(["eq", "le"])), terms))
    return variables, groups


def by_corners(variables: list[Variable], op: str, terms: list[tuple[int, int, int]]) -> str:
    """The outcome from the definition: the least and greatest sum over all corners, a missing end being very far away."""
    far = 10**9
    low, high, low_reached, high_reached = Fraction(0), Fraction(0), True, True
    for variable, *coefficients in terms:
        (least, least_in), (most, most_in) = variables[variable]
        corners = [
            (Fraction(coefficient) * (end if end is not None else far * sign), closed)
            for coefficient in coefficients
            for end, closed, sign in ((least, least_in, -1), (most, most_in, 1))
        ]
        bottom, top = min(value for value, _ in corners), max(value for value, _ in corners)
        low_reached &= any(closed for value, closed in corners if value == bottom)
        high_reached &= any(closed for value, closed in corners if value == top)
        low, high = low + bottom, high + top
    if low > 0 or (low == 0 and not low_reached):
        return "violated"
    if op == "eq" and (high < 0 or (high == 0 and not high_reached)):
        return "violated"
    if (op == "le" and high <= 0) or (op == "eq" and low == high == 0):
        return "satisfied"
    return "undetermined"


@settings(max_examples=200, deadline=None)
@given(systems())
def test_outcomes_are_those_of_the_corners(system: tuple[list[Variable], list[Group]]) -> None:
    variables, groups = system
    table = pl.DataFrame(
        [
            {
                "variable": f"v{index}",
                "lower_bound": None if low is None else Decimal(low),
                "lower_closed": low_in,
                "upper_bound": None if high is None else Decimal(high),
                "upper_closed": high_in,
                "role": "stated",
            }
            for index, ((low, low_in), (high, high_in)) in enumerate(variables)
        ],
        schema=empty("variables").select("variable", cs.contains("_bound", "_closed"), "role").schema,
    )
    rule_groups = pl.DataFrame(
        [{"rule_id": "r", "group_id": f"g{index}", "source_id": "s", "op": op} for index, (op, _) in enumerate(groups)]
    )
    rule_terms = pl.DataFrame(
        [
            {
                "rule_id": "r",
                "group_id": f"g{index}",
                "variable": f"v{variable}",
                "coefficient_lower": Decimal(low),
                "coefficient_upper": Decimal(high),
            }
            for index, (_, terms) in enumerate(groups)
            for variable, low, high in terms
        ],
        schema=empty("rule_terms").schema,
    )
    judged = dict(judge(System(table, rule_groups, rule_terms)).select("group_id", "outcome").iter_rows())
    assert judged == {f"g{index}": by_corners(variables, op, terms) for index, (op, terms) in enumerate(groups)}


def test_the_article_tests_every_kind_of_rule(article: Checked) -> None:
    assert set(article.tables["rules"]["kind"]) == {
        "subset",
        "parts_of",
        "shares_partial",
        "multi_response",
        "growth",
        "elapsed",
        "order",
    }
