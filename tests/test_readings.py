"""What another reading of the article than the one taken would change in its results and bounds."""

from pathlib import Path

import pytest

from pipeline.check import Checked, check
from tests.conftest import SOURCE


def test_a_result_that_another_reading_would_change_says_so(article: Checked) -> None:
    depends = dict(
        article.tables["check_results"]
        .select("rule_id", "depends_on_reading")
        .drop_nulls()
        .iter_rows()
    )
    assert depends == {
        "growth_fits_the_number_of_organisations": (
            f"{SOURCE}/growth.indicator=ngos_growth {SOURCE}/growth.indicator=organisations_new"
        ),
        "regional_shares_are_of_all_organisations": f"{SOURCE}/share-almaty.area=KZ-ALA",
    }


def test_a_bound_that_another_reading_would_change_says_so(article: Checked) -> None:
    depends = dict(
        article.tables["implied_bounds"]
        .select("quantity", "depends_on_reading")
        .drop_nulls()
        .iter_rows()
    )
    assert depends == {
        "organisations KZ 2006": f"{SOURCE}/growth.indicator=ngos_growth",
        "organisations KZ-ALM 2011-12-23": f"{SOURCE}/share-almaty.area=KZ-ALA",
        f"remainder of dialogue_bodies {SOURCE} KZ 2011-12-23": " ".join(
            f"{SOURCE}/{reading}"
            for reading in (
                "bodies-government.indicator=consultative_bodies",
                "bodies-president.indicator=consultative_bodies",
                "bodies-regional.category=regional",
                "bodies-regional.indicator=consultative_bodies",
            )
        ),
    }


@pytest.fixture
def raw(raw_with_readings: Path) -> Path:
    return raw_with_readings


def test_a_reading_of_a_number_is_run_with_the_number_s_own_bounds(raw: Path) -> None:
    with (raw / SOURCE / "readings.csv").open("a", encoding="utf-8") as readings:
        readings.write("organisations,relator,gt,lt,the words could say so\n")
    rows = check(raw).tables["check_results"].filter(rule_id="ngos_are_part_of_organisations")
    assert rows["depends_on_reading"].to_list() == [None]  # possible by both
    with (raw / SOURCE / "readings.csv").open("a", encoding="utf-8") as readings:
        readings.write("organisations,value,35000,350,the words could say so\n")
    bounds = check(raw).tables["implied_bounds"].filter(quantity="organisations KZ 2006")
    assert f"{SOURCE}/organisations.value=350" in bounds["depends_on_reading"].item()
