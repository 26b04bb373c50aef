"""An outcome that tests what the day of publication was inferred from says so."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.check import Checked, check
from tests.conftest import SOURCE, Edit
from tests.own_sources import write_code_lists, write_source

CIRCLE = "is no independent test of it"
RULE = """[[rule]]
id = "the_union_is_as_old_as_it_says"
kind = "elapsed"
title = "From its foundation to the day of publication the union had the years that it says"
severity = "error"
from = "founded"
to = "published"
duration = "age"
"""
DAY = "March 3"
TEXT = (
    f"{DAY}\n\nThe union was founded in 1990. The shire has had a union for 30 years. In "
    "2020 the union moved.\n"
)
ROWS = {
    "observations": ["age,club_years,FEN,,,30,,,The shire has had a union for 30 years,,,,"],
    "events": [
        "founded,1990,union,The union was founded,,The union was founded in 1990,,,",
        "moved,2020,union,the union moved,,In 2020 the union moved,,,",
    ],
}


def explanation(checked: Checked, rule_id: str) -> str:
    assert checked.defects == []
    return str(
        checked.tables["check_results"].filter(pl.col("rule_id") == rule_id)["explanation"].item()
    )


def union(raw: Path, text: str = TEXT, **toml: str) -> str:
    """What is said of the union's age, with the day of publication typed as given."""
    write_code_lists(raw)
    write_source(raw, "gazette", text, ROWS, **{"published_quote": DAY, **toml})
    (raw / "gazette" / "rules.toml").write_text(RULE, encoding="utf-8")
    return explanation(check(raw), "the_union_is_as_old_as_it_says")


def test_the_twenty_years_of_the_article_are_no_test_of_the_year_that_was_inferred_from_them(
    article: Checked,
) -> None:
    said = explanation(article, "twenty_years_since_independence")
    assert said.endswith(
        "The year of publication is itself inferred from 'first 20 years': this result is no "
        "independent test of it."
    )
    others = article.tables["check_results"].filter(
        pl.col("rule_id") != "twenty_years_since_independence"
    )
    assert not others["explanation"].str.contains(CIRCLE).any()


def test_an_article_that_infers_its_year_from_something_else_is_tested(
    raw: Path, edit: Edit
) -> None:
    edit(f"{SOURCE}/source.toml", '"first 20 years"', "the age of the country")
    assert CIRCLE not in explanation(check(raw), "twenty_years_since_independence")


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (
            '2020, as the text says "a union for  30 Years".',
            "The year of publication is itself inferred from 'a union for",
        ),
        (
            "2020, as the text says “30 years” and “founded in 1990”.",
            "from '30 years' and 'founded in 1990': this",
        ),
        ("2020, as the text says: «30 years»", "from '30 years': this"),
    ],
)
def test_the_words_that_the_basis_quotes_are_named_as_it_quotes_them(
    tmp_path: Path, basis: str, expected: str
) -> None:
    assert expected in union(tmp_path / "raw", published_basis=basis)


@pytest.mark.parametrize(
    "basis",
    [
        "2020, in which the union moved, after 30 years",
        '2020, as "In 2020 the union moved"',
        '"March 3" is of 2020',
        '2020, as the text says "0 years"',
    ],
)
def test_a_basis_that_quotes_none_of_the_facts_tested_makes_no_circle(
    tmp_path: Path, basis: str
) -> None:
    assert CIRCLE not in union(tmp_path / "raw", published_basis=basis)


def test_a_day_that_is_not_printed_at_all_is_said_to_be_inferred_as_a_day(tmp_path: Path) -> None:
    basis = '2020, as the text says "30 years"'
    said = union(
        tmp_path / "raw", TEXT.removeprefix(DAY), published_quote="", published_basis=basis
    )
    assert "The day of publication is itself inferred from '30 years'" in said


def test_a_day_that_is_printed_whole_is_not_inferred_whatever_the_basis_quotes(
    tmp_path: Path,
) -> None:
    whole = "3 March 2020"
    basis = '2020, as the text says "30 years"'
    said = union(
        tmp_path / "raw", TEXT.replace(DAY, whole), published_quote=whole, published_basis=basis
    )
    assert CIRCLE not in said
