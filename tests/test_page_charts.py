"""The charts of the page: drawn from the tables, and never more than is known."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check import Checked
from pipeline.release.database import facts_table
from pipeline.release.edition import Edition
from pipeline.release.page import svg
from pipeline.release.page.charts import figures
from pipeline.release.page.charts.figure import Figure
from tests.conftest import SOURCE
from tests.read_page import TEXT, Document, changed, edition_of, pages


@pytest.fixture(scope="module")
def edition(article: Checked) -> Edition:
    return edition_of(article.tables, {SOURCE: TEXT})


def drawn(edition: Edition) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(edition.tables, facts_table(edition.tables))}


def restated(edition: Edition, fact: str, **bounds: Decimal | None) -> Edition:
    is_it = pl.col("fact_id") == f"{SOURCE}/{fact}"
    observations = edition.tables["observations"]
    cells = [pl.when(is_it).then(pl.lit(value, pl.Decimal(20, 6))).otherwise(name).alias(name) for name, value in bounds.items()]
    return changed(edition, observations=observations.with_columns(cells))


def test_every_chart_says_in_words_what_it_shows(edition: Edition) -> None:
    document = Document(pages(edition)["index.html"])
    charts = [attributes for attributes, _ in document.all("svg") if attributes.get("role") == "img"]
    assert len(charts) == 5
    for chart in charts:
        assert document.text_of(id=chart["aria-labelledby"])
        assert len(document.text_of(id=chart["aria-describedby"])) > 60


def test_regions_that_are_not_named_are_hatched_and_never_a_bar(edition: Edition) -> None:
    (panel,) = drawn(edition)["regions"].panels
    shapes = Document(str(panel.svg))
    widths = {
        kind: [float(found["width"][:-1]) for found, _ in shapes.all("rect") if found["class"] == kind]
        for kind in ("segment", "unnamed")
    }
    assert len(widths["segment"]) == 2 * 6
    assert max(widths["segment"]) == pytest.approx(17.9, abs=0.001)
    assert widths["unnamed"] == [pytest.approx(100 - 57.54, abs=0.001)]
    assert any(text == "regions not named, 42.4 to 42.5 %" for _, text in shapes.all("text"))


def test_shares_that_are_only_bounds_are_not_drawn_as_a_strip(edition: Edition) -> None:
    (panel,) = drawn(restated(edition, "share-almaty", upper_bound=None))["regions"].panels
    assert panel.svg is None
    assert "too loose" in panel.lead
    assert len(panel.rows) == 6


def test_a_whisker_shows_where_an_interval_is_wider_than_its_dot(edition: Edition) -> None:
    (panel,) = drawn(edition)["activities"].panels
    shapes = Document(str(panel.svg))
    whiskers = [(found["x1"], found["x2"]) for found, _ in shapes.all("line") if found["class"] == "whisker"]
    assert whiskers == [("15.5%", "16.5%"), ("15.5%", "15.5%"), ("16.5%", "16.5%")]
    assert len(list(shapes.all("circle"))) == 7


def test_a_share_of_which_only_a_bound_is_known_has_no_dot(edition: Edition) -> None:
    (panel,) = drawn(restated(edition, "activity-youth", upper_bound=None))["activities"].panels
    assert len(list(Document(str(panel.svg)).all("circle"))) == 6


def test_each_body_is_a_square_and_122_are_hatched(edition: Edition) -> None:
    (panel,) = drawn(edition)["bodies"].panels
    squares = {found["class"]: found["d"].count("M") for found, _ in Document(str(panel.svg)).all("path")}
    assert squares == {"fill-1": 144, "fill-2": 20, "fill-3": 14, "unnamed": 122}
    assert [(row.label, row.interval) for row in panel.legend][-1] == ("in no named group", "122")


@pytest.mark.parametrize(("fact", "upper"), [("bodies", 310), ("bodies-government", 15), ("bodies", None)])
def test_bodies_are_not_squares_where_their_number_is_not_exact(edition: Edition, fact: str, upper: int | None) -> None:
    (panel,) = drawn(restated(edition, fact, upper_bound=None if upper is None else Decimal(upper)))["bodies"].panels
    assert panel.svg is None
    assert "Not drawn" in panel.lead


def test_the_stock_is_a_dot_with_an_arrow_and_its_past_a_dashed_floor_with_its_premises(edition: Edition) -> None:
    panel = drawn(edition)["counts"].panels[0]
    shapes = Document(str(panel.svg))
    assert len(list(shapes.all("circle"))) == 1
    assert [found["class"] for found, _ in shapes.all("polygon")] == ["arrow whisker", "arrow whisker follows"]
    texts = [text for _, text in shapes.all("text")]
    assert {"more than 35,000", "on 23 December 2011", "at least 29,021", "at the start of 2006"} <= set(texts)
    assert "new organisations a year, Kazakhstan, 2006/..: 1,000" in panel.caption
    without = changed(edition, implied_bounds=edition.tables["implied_bounds"].clear())
    (sentence,) = drawn(without)["counts"].panels
    assert sentence.svg is None
    assert "more than 35,000" in sentence.lead


def test_an_event_is_as_wide_as_its_date_is_vague(edition: Edition) -> None:
    (panel,) = drawn(edition)["timeline"].panels
    shapes = Document(str(panel.svg))
    instants = [float(found["width"][:-1]) for found, _ in shapes.all("rect") if found["class"] == "instant"]
    year, month = 365 / (21 * 365 + 5) * 97, 31 / (21 * 365 + 5) * 97
    assert instants == [pytest.approx(width, rel=0.01) for width in (year, year, year, month)]
    assert [found["class"] for found, _ in shapes.all("rect") if found["class"].startswith("fade")] == ["fade-out"]


def test_of_many_sources_a_handful_is_drawn_and_a_sentence_tells_of_the_rest(edition: Edition) -> None:
    def copies(name: str) -> pl.DataFrame:
        table = edition.tables[name]
        ids = [column for column in ("source_id", "fact_id", "fact_ids", "group_id") if column in table.columns]
        return pl.concat(
            table.with_columns(pl.col(column).str.replace_all(SOURCE, f"copy-{number}", literal=True) for column in ids)
            for number in range(6)
        )

    tables = {name: copies(name) for name in ("sources", "observations", "events", "statements", "check_results")}
    made = drawn(changed(edition, **tables))
    assert len(made["regions"].panels) == len(made["timeline"].panels) == 4
    assert made["regions"].rest == "2 more of this kind are in tables/observations.csv."
    (organisations,) = [panel for panel in made["counts"].panels if panel.heading.startswith("non-commercial")]
    assert [row.key for row in organisations.legend] == list("abcdefg")


@given(st.text(st.sampled_from("abc MW中📚-"), min_size=1, max_size=80))
def test_no_line_of_a_chart_is_wider_than_a_phone(text: str) -> None:
    lines = svg.wrapped(text)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(svg.ems(line) <= svg.NARROW for line in lines)
