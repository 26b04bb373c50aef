"""What the article says, and what follows from it."""

import hashlib
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from pipeline.check import Checked
from schemas.tables import TABLES
from tests.conftest import ROOT, SOURCE

PARTS_OF_300 = ("bodies-president", "bodies-government", "bodies-regional")


def fact(article: Checked, name: str) -> dict[str, object]:
    return article.tables["observations"].row(
        by_predicate=pl.col("fact_id") == f"{SOURCE}/{name}", named=True
    )


def outcome(article: Checked, rule_id: str) -> pl.DataFrame:
    return article.tables["check_results"].filter(rule_id=rule_id)


def test_the_article_has_no_defect_and_no_finding_that_nobody_acknowledged(
    article: Checked,
) -> None:
    assert article.defects == []
    assert article.unacknowledged == []


def test_the_text_is_the_one_received_byte_for_byte() -> None:
    digest = hashlib.sha256((ROOT / "raw" / SOURCE / "text.txt").read_bytes()).hexdigest()
    assert digest == "7f3f1899c0089d3e3481906446adb11f9aa79c3e77dfefb7b814ba970abbbc5e"


@pytest.mark.parametrize(
    ("name", "lower", "upper", "basis"),
    [
        ("organisations", "35001", None, "hedge"),
        ("ngos", "18001", None, "hedge"),
        ("growth", "1000", "1000", "exact"),
        ("share-almaty", "17.85", "17.95", "rounding"),
        ("share-south-kazakhstan", "11.245", "11.255", "rounding"),
        ("activity-disability-rights", "15.5", "16.5", "rounding"),
        ("bodies", "300", "300", "exact"),
        ("bodies-president", "20", "20", "exact"),
        ("independence-years", "20", "20", "exact"),
        ("forum-number", "5", "5", "exact"),
    ],
)
def test_a_stated_number_is_an_interval(
    article: Checked, name: str, lower: str, upper: str | None, basis: str
) -> None:
    row = fact(article, name)
    assert row["lower"] == Decimal(lower)
    assert row["upper"] == (None if upper is None else Decimal(upper))
    assert row["bound_basis"] == basis


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("organisations", "35,000"),
        ("bodies-president", "Twenty"),
        ("forum-number", "Fifth"),
        ("growth", "1,000"),
    ],
)
def test_the_printed_numeral_is_kept(article: Checked, name: str, printed: str) -> None:
    assert fact(article, name)["original_value"] == printed


def test_every_quote_is_the_text_between_its_ends(article: Checked) -> None:
    text = (ROOT / "raw" / SOURCE / "text.txt").read_text(encoding="utf-8")
    for name in ("observations", "events", "statements"):
        for row in article.tables[name].iter_rows(named=True):
            start, end = row["quote_start"], row["quote_end"]
            assert text[start:end] == row["quote"]
            assert text[:start].endswith(row["quote_prefix"])
            assert text[end:].startswith(row["quote_suffix"])


def test_every_table_is_as_its_schema_describes(article: Checked) -> None:
    assert set(article.tables) == set(TABLES)
    for name, schema in TABLES.items():
        schema.validate(article.tables[name], lazy=True)


def test_every_column_is_described() -> None:
    for schema in TABLES.values():
        for name, column in schema.columns.items():
            assert column.title, name
            assert column.description, name


def test_nothing_is_counted_twice_or_left_out(article: Checked) -> None:
    sizes = {
        name: article.tables[name].height
        for name in ("observations", "events", "statements", "readings")
    }
    assert sizes == {"observations": 22, "events": 11, "statements": 17, "readings": 7}


def test_ngos_within_organisations_is_undetermined_and_says_why(article: Checked) -> None:
    row = outcome(article, "ngos_are_part_of_organisations").row(0, named=True)
    assert (row["outcome"], row["reason"]) == ("undetermined", "satisfiable")
    assert "more than 18,000" in row["explanation"]
    assert "more than 35,000" in row["explanation"]
    assert "too loose" in row["explanation"]


def test_a_thousand_a_year_implies_29_021_at_the_start_of_2006(article: Checked) -> None:
    row = outcome(article, "growth_fits_the_number_of_organisations").row(0, named=True)
    assert (row["outcome"], row["reason"]) == ("undetermined", "missing_operand")
    assert "1,000 a year over 4.97 to 5.98 years" in row["explanation"]
    assert "at least 29,021" in row["explanation"]


def test_122_of_the_300_dialogue_bodies_belong_to_no_named_group(article: Checked) -> None:
    row = outcome(article, "every_dialogue_body_is_named").row(0, named=True)
    assert row["explanation"].startswith(
        "122 of 300 dialogue bodies belong to no named group (40.7 %)"
    )
    assert row["severity"] == "warning"
    finding = article.tables["findings"].row(0, named=True)
    assert (finding["type"], finding["lower"], finding["upper"]) == (
        "incomplete",
        Decimal(122),
        Decimal(122),
    )
    assert finding["reason"]


def test_the_122_are_told_to_rest_on_such_bodies_being_all_of_the_venues(article: Checked) -> None:
    remainder = article.tables["implied_bounds"].filter(
        pl.col("quantity").str.starts_with("remainder of dialogue_bodies ")
    )
    readings = remainder["depends_on_reading"].item().split(" ")
    assert [
        f"{SOURCE}/{fact}.indicator=consultative_bodies" in readings for fact in PARTS_OF_300
    ] == [True] * 3


def test_nobody_is_named_who_the_words_do_not_name(article: Checked) -> None:
    who = dict(article.tables["events"].select("fact_id", "who").iter_rows())
    unnamed = {fact.split("/")[1] for fact, agent in who.items() if agent is None}
    assert unnamed == {
        "programme-2003",
        "programme-2003-adopted",
        "regional-programmes-adopted",
        "concept-2006-term",
        "bodies-established",
        "forum-2011",
    }


def test_regional_shares_leave_42_385_to_42_535_percent(article: Checked) -> None:
    row = outcome(article, "regional_shares_sum_to_at_most_100_percent").row(0, named=True)
    assert row["outcome"] == "satisfied"
    assert "57.465 to 57.615" in row["explanation"]
    assert "42.385 to 42.535" in row["explanation"]


def test_activity_shares_overlap_and_are_not_added_up(article: Checked) -> None:
    mentions, in_two = outcome(article, "activity_shares_overlap").sort("group_id").to_dicts()
    assert mentions["severity"] == "information"
    assert "the 7 have 166 to 167.6 mentions per 100" in mentions["explanation"]
    assert "at least 11.0 percent are in two or more" in in_two["explanation"]


def test_twenty_years_since_independence_are_possible(article: Checked) -> None:
    row = outcome(article, "twenty_years_since_independence").row(0, named=True)
    assert (row["outcome"], row["reason"]) == ("undetermined", "satisfiable")
    assert "19.97 to 20.98 years have passed; 20 are stated" in row["explanation"]


def test_the_timeline_is_in_order_and_nothing_begins_after_publication(article: Checked) -> None:
    for rule_id in (
        "policy_steps_follow_each_other",
        "nothing_begins_after_publication",
        "everything_starts_before_it_ends",
    ):
        tested = outcome(article, rule_id).filter(pl.col("reason").ne_missing("missing_operand"))
        assert set(tested["outcome"]) == {"satisfied"}


def test_what_happened_without_a_date_is_an_event_that_follows_what_the_words_say_it_follows(
    article: Checked,
) -> None:
    undated = article.tables["events"].filter(period="XXXX")
    assert undated["fact_id"].str.split("/").list.last().to_list() == [
        "bodies-established",
        "forums-held",
        "regional-programmes-adopted",
    ]
    assert undated.select(
        "start_earliest", "start_latest", "end_earliest", "end_latest"
    ).null_count().row(0) == (3, 3, 3, 3)
    days = article.tables["implied_bounds"].select("quantity", "lower", "upper")
    day = {row[0].split("/")[1]: row[1:] for row in days.rows() if row[0].endswith("#start")}
    published = (date(2011, 12, 23) - date(1970, 1, 1)).days
    assert day["regional-programmes-adopted#start"] == (
        (date(2003, 1, 1) - date(1970, 1, 1)).days,
        published,
    )
    assert day["forums-held#start"] == ((date(2006, 1, 1) - date(1970, 1, 1)).days, published)
    assert day["bodies-established#start"] == (None, published)


def test_an_open_end_has_no_day(article: Checked) -> None:
    row = article.tables["events"].row(
        by_predicate=pl.col("fact_id") == f"{SOURCE}/presence-1997", named=True
    )
    assert (row["start_earliest"], row["start_latest"]) == (date(1997, 1, 1), date(1997, 12, 31))
    assert (row["end_earliest"], row["end_latest"]) == (None, None)


def test_the_year_that_the_article_does_not_print_is_said_to_be_inferred(article: Checked) -> None:
    source = article.tables["sources"].row(0, named=True)
    assert source["published_quote"] == "Dec 23"
    assert "October 2011" in source["published_basis"]
    assert "first 20 years" in source["published_basis"]
