"""The charts of the page: what was printed as it was printed, and never a bar that says more than
is known.
"""

import re
import subprocess
import sys
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check import Checked
from pipeline.release.database import facts_table
from pipeline.release.edition import Edition
from pipeline.release.page.charts import figures
from pipeline.release.page.charts.figure import Figure, Panel
from pipeline.release.page.charts.lines import cells, in_lines
from tests.conftest import ROOT, SOURCE
from tests.read_page import TEXT, Document, changed, edition_of, pages

HOSTILE = (
    '</svg><script>alert(1)</script> javascript:alert(1) " onload="alert(1) url(#x) &amp; '
    "\x00\x0b\uffff"
)
FILLS = {
    "stated": "var(--fill-1,#12657f)",
    "open": "var(--accent-soft,#a9cdd8)",
    "follows": "hatch",
}
BAR = re.compile(r"M(\d[\d.]*),[\d.]+h([\d.]+)v10h-[\d.]+Z")


@pytest.fixture(scope="module")
def edition(article: Checked) -> Edition:
    return edition_of(article.tables, {SOURCE: TEXT})


@pytest.fixture(scope="module")
def made(edition: Edition) -> dict[str, Figure]:
    return drawn(edition)


def drawn(edition: Edition) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(edition.tables, facts_table(edition.tables))}


def restated(edition: Edition, fact: str, **bounds: Decimal | None) -> Edition:
    is_it = pl.col("fact_id") == f"{SOURCE}/{fact}"
    observations = edition.tables["observations"]
    cells = [
        pl.when(is_it).then(pl.lit(value, pl.Decimal(20, 6))).otherwise(name).alias(name)
        for name, value in bounds.items()
    ]
    return changed(edition, observations=observations.with_columns(cells))


def bars(panel: Panel, fill: str) -> list[tuple[float, float]]:
    """The bars of a kind of fill, from the top down: where they begin, and how wide they are."""
    paths = [
        found["d"]
        for found, _ in Document(str(panel.svg)).all("path")
        if FILLS[fill] in found.get("fill", "")
    ]
    return [(float(match[1]), float(match[2])) for path in paths if (match := BAR.fullmatch(path))]


def arrows(panel: Panel) -> list[float]:
    """How far across the arrows stand."""
    paths = [
        found
        for found, _ in Document(str(panel.svg)).all("path")
        if found.get("d", "").count("L") == 2
    ]
    return [
        float(found["transform"].removeprefix("translate(").partition(",")[0]) for found in paths
    ]


def texts(panel: Panel) -> set[str]:
    """The texts of a chart without their white space, since lines are broken anywhere."""
    return {"".join(text.split()) for _, text in Document(str(panel.svg)).all("text")}


def test_every_chart_says_in_words_what_it_shows(edition: Edition) -> None:
    document = Document(pages(edition)["index.html"])
    charts = [
        attributes for attributes, _ in document.all("svg") if attributes.get("role") == "img"
    ]
    assert len(charts) == 5
    for chart in charts:
        assert document.text_of(id=chart["aria-labelledby"])
        assert "1" in document.text_of(id=chart["aria-describedby"])


def test_every_number_of_a_chart_stands_there_as_it_was_printed(made: dict[str, Figure]) -> None:
    for figure in made.values():
        for panel in figure.panels:
            assert {"".join(str(row["printed"]).split()) for row in panel.rows} <= texts(panel)
            assert {"".join(str(row["label"]).split()) for row in panel.rows} <= texts(panel)
    assert {"17.9percent", "11.25percent"} <= texts(made["regions"].panels[0])
    assert "Twenty" in texts(made["bodies"].panels[0])
    assert "morethan35,000" in texts(made["counts"].panels[0])


def test_a_legend_repeats_the_fills_of_the_bars_and_no_other(made: dict[str, Figure]) -> None:
    for figure in made.values():
        for panel in figure.panels:
            shapes = list(Document(str(panel.svg)).all("path"))
            keys = [
                found["fill"]
                for found, _ in shapes
                if found.get("transform") and found["d"].count("h") == 2
            ]
            marks = {found["fill"] for found, _ in shapes if BAR.fullmatch(found.get("d", ""))}
            assert sorted(keys) == sorted(marks), figure.name


def test_regions_begin_at_one_line_and_those_that_are_not_named_are_hatched(
    made: dict[str, Figure],
) -> None:
    (panel,) = made["regions"].panels
    stated, follows = bars(panel, "stated"), bars(panel, "follows")
    assert [start for start, _ in (*stated, *follows)] == [0] * 7
    scale = stated[0][1] / 17.85
    assert [width / scale for _, width in stated] == pytest.approx(
        [17.85, 11.245, 9.005, 6.725, 6.455, 6.185], rel=1e-3
    )
    assert [width / scale for _, width in follows] == pytest.approx([42.385], rel=1e-3)
    assert panel.rows[-1]["printed"] == "42.385 to 42.535 percent"


def test_what_rounding_leaves_open_is_pale(made: dict[str, Figure]) -> None:
    (panel,) = made["activities"].panels
    scale = bars(panel, "stated")[0][1] / 43.85
    assert [width / scale for _, width in bars(panel, "open")] == pytest.approx(
        [0.1] * 6 + [1], rel=0.02
    )


def test_a_share_of_which_only_a_bound_is_known_is_open_to_the_edge(edition: Edition) -> None:
    (panel,) = drawn(restated(edition, "activity-youth", upper=None))["activities"].panels
    assert next(start + width for start, width in bars(panel, "open")) == pytest.approx(400)
    assert arrows(panel) == [396]


def test_bodies_in_no_named_group_are_a_hatched_bar(made: dict[str, Figure]) -> None:
    (panel,) = made["bodies"].panels
    scale = bars(panel, "stated")[0][1] / 300
    assert [width / scale for _, width in bars(panel, "stated")] == pytest.approx(
        [300, 20, 14, 144], rel=1e-3
    )
    assert [width / scale for _, width in bars(panel, "follows")] == pytest.approx([122], rel=1e-3)
    assert panel.lead.startswith("122 of 300 dialogue bodies belong to no named group")


def test_a_count_that_is_a_bound_has_an_arrow_and_what_only_follows_is_hatched(
    edition: Edition, made: dict[str, Figure]
) -> None:
    (stocks,) = made["counts"].panels  # a single flow is no chart
    assert [row["printed"] for row in stocks.rows] == [
        "more than 35,000",
        "more than 18,000",
        "at least 29,021",
    ]
    assert (len(bars(stocks, "stated")), len(bars(stocks, "follows")), arrows(stocks)) == (
        2,
        1,
        [396] * 3,
    )
    without = changed(edition, implied_bounds=edition.tables["implied_bounds"].clear())
    assert not bars(drawn(without)["counts"].panels[0], "follows")


def test_an_event_is_as_wide_as_its_date_is_vague(made: dict[str, Figure]) -> None:
    (panel,) = made["timeline"].panels
    scale = 400 / (21 * 1.1)
    widths = [width / scale for _, width in bars(panel, "open")]
    assert widths[0] == pytest.approx(1, rel=0.01)  # 1991
    assert widths[7] == pytest.approx(1 / 12, rel=0.1)  # October 2011
    assert [width / scale for _, width in bars(panel, "stated")] == pytest.approx(
        [1, 4], rel=0.02
    )  # 2003/2005, 2006/2011
    assert (
        sorted(arrows(panel)) == [4] * 3 + [396] * 4
    )  # of no date nothing is known, and since 1997 is open


def test_of_many_sources_a_handful_is_drawn_and_a_sentence_tells_of_the_rest(
    edition: Edition,
) -> None:
    def copies(name: str) -> pl.DataFrame:
        table = edition.tables[name]
        ids = [column for column in ("source_id", "fact_id", "group_id") if column in table.columns]
        return pl.concat(
            table.with_columns(
                pl.col(column).str.replace_all(SOURCE, f"copy-{number}", literal=True)
                for column in ids
            )
            for number in range(6)
        )

    tables = {
        name: copies(name)
        for name in (
            "sources",
            "observations",
            "events",
            "statements",
            "check_results",
            "check_facts",
        )
    }
    made = drawn(changed(edition, **tables))
    assert len(made["regions"].panels) == len(made["timeline"].panels) == 4
    assert made["regions"].rest == "2 more drawings are left out."
    titles = {
        row["label"].rpartition(", ")[2] for row in made["counts"].panels[0].rows if row["fact_id"]
    }
    assert titles == set(edition.tables["sources"]["title"])


def test_of_many_bars_the_first_are_drawn_and_a_sentence_says_so(edition: Edition) -> None:
    events = edition.tables["events"]
    many = pl.concat(events.with_columns(pl.col("fact_id") + f"-{number}") for number in range(4))
    (panel,) = drawn(changed(edition, events=many))["timeline"].panels
    assert len(panel.rows) == 30
    assert "These are the first 30 of 44." in panel.lead


def test_a_chart_has_the_same_bytes_each_time(edition: Edition, made: dict[str, Figure]) -> None:
    assert [panel.svg for figure in drawn(edition).values() for panel in figure.panels] == [
        panel.svg for figure in made.values() for panel in figure.panels
    ]


def test_a_hostile_label_is_shown_and_does_nothing(
    edition: Edition, made: dict[str, Figure]
) -> None:
    columns = {
        "sources": "title",
        "categories": "label",
        "indicators": "label",
        "areas": "label",
        "events": "what",
    }
    spoilt = {
        name: edition.tables[name].with_columns(pl.lit(HOSTILE).alias(column))
        for name, column in columns.items()
    }
    harmless = {
        tag
        for figure in made.values()
        for panel in figure.panels
        for tag, _ in Document(str(panel.svg)).elements
    }
    for figure in drawn(changed(edition, **spoilt)).values():
        for panel in figure.panels:
            document = Document(str(panel.svg))
            assert {tag for tag, _ in document.elements} <= harmless
            assert not [
                name
                for _, found in document.elements
                for name in found
                if re.search("href|^on|^src|style", name)
            ]
            shown = '</svg><script>alert(1)</script>javascript:alert(1)"onload="alert(1)url(#x)'
            shown += "&amp;\ufffd\ufffd\ufffd"
            assert any(shown in text for text in texts(panel)), figure.name


def test_a_chart_that_stands_alone_has_the_colours_of_the_light_page(
    made: dict[str, Figure],
) -> None:
    style = (
        (ROOT / "pipeline/release/page/templates/page.css")
        .read_text(encoding="utf-8")
        .partition("}")[0]
    )
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style))
    for figure in made.values():
        for panel in figure.panels:
            used = dict(re.findall(r"var\(--([\w-]+),(#[0-9a-f]{6})\)", panel.svg))
            assert {"paper", "ink", "fill-1"} <= used.keys()
            assert used.items() <= light.items()


def test_who_only_checks_does_not_wait_for_the_charts_library() -> None:
    asked = (
        "import sys, pipeline.check, pipeline.report, pipeline.release.page; print('altair' "
        "in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


@given(st.text(st.sampled_from("abc MW中📚-\n\t\x00"), max_size=80), st.integers(4, 60))
def test_no_line_of_a_chart_is_wider_than_its_place(text: str, width: int) -> None:
    lines = in_lines(text, width)
    assert "".join("".join(lines).split()) == "".join(text.replace("\x00", "\ufffd").split())
    assert all(cells(line) <= width for line in lines)
