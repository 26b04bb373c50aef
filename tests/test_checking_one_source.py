"""`facts check --source`: what it says of one source is never what the check of all denies."""

from pathlib import Path

import pytest

from pipeline.check import check
from tests.conftest import SOURCE, Edit
from tests.own_sources import write_source

ALMANAC = "almanac-2020"
TEXT = "Almanac of organisations\n3 March 2020\n\nIn 2006 the country had 20,000 organisations.\n"
STOCK = 'stock,organisations,KZ,,2006,20000,,,"In 2006 the country had 20,000 organisations",,,,'


@pytest.fixture
def contradicted(raw: Path) -> Path:
    """The article beside an almanac that it contradicts: more than 35,000, and 1,000 a year since
    2006, are at least 29,021.
    """
    write_source(raw, ALMANAC, TEXT, {"observations": [STOCK]}, publisher="kz_mfa")
    found = check(raw)
    assert found.defects == []
    findings = found.tables["findings"].filter(type="contradiction")
    assert set(findings["rule_id"]) == {
        "growth_fits_the_number_of_organisations",
        "statements_of_one_quantity_agree",
    }
    with (raw / "findings.csv").open("a", encoding="utf-8") as file:
        for *names, lower, upper in findings.select(
            "rule_id", "group_id", "type", "lower", "upper"
        ).rows():
            limits = ("" if limit is None else f"{limit.normalize():f}" for limit in (lower, upper))
            file.write(",".join([*names, *limits, "The almanac counts other bodies\n"]))
    assert check(raw).defects == []
    return raw


@pytest.mark.parametrize("source", [None, SOURCE, ALMANAC])
def test_what_is_contradicted_only_by_another_source_stays_acknowledged(
    contradicted: Path, source: str | None
) -> None:
    assert check(contradicted, source).unacknowledged == []


def test_an_acknowledgement_that_is_stale_whatever_other_sources_say_is_told(
    contradicted: Path, edit: Edit
) -> None:
    edit(f"{SOURCE}/rules.toml", 'remainder = "flag"\n', "")
    for source in (None, SOURCE):
        (stale,) = check(contradicted, source).unacknowledged
        assert (stale.code, stale.line) == ("stale_finding", 2)
    assert check(contradicted, ALMANAC).unacknowledged == []


def test_of_which_facts_no_rule_speaks_is_said_where_all_sources_are_read(
    contradicted: Path,
) -> None:
    assert check(contradicted).remarks == {
        "every_fact_is_checked_by_a_rule": [f"{SOURCE}/forum-number"]
    }
    assert check(contradicted, ALMANAC).remarks == {}
