"""Pictures in the metadata of assets: each stands alone, says its numbers, and takes no harm from
any text.
"""

import re
from base64 import b64decode
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from playwright.sync_api import Browser

from pipeline.check import Checked
from pipeline.operate import pictures
from pipeline.operate.pictures import LIMIT, SMALLEST, charts
from pipeline.release.database import facts_table
from pipeline.release.page.charts import figures

IMAGE = re.compile(r"!\[((?:\\.|[^\\\]])*)\]\((data:image/svg\+xml;base64,([A-Za-z0-9+/=]+))\)")
NASTY = (
    "](x) ![y](z) <img src=x onerror=alert(1)> **b** `c` &amp; "
    "\"'</text></style></svg>\x00\x0b\uffff\n# h\n\n- i\n1. j"
)
SVG, XHTML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}"

Tables = dict[str, pl.DataFrame]


def drawn(markdown: str) -> list[ET.Element]:
    # our own drawing
    return [ET.fromstring(b64decode(found[3])) for found in IMAGE.finditer(markdown)]  # noqa: S314


def spoilt(tables: Tables) -> dict[str, str]:
    """The pictures of what says something hostile wherever a text may stand."""
    columns = {
        "sources": "title",
        "categories": "label",
        "indicators": "label",
        "areas": "label",
        "readings": "why",
    }
    labelled = {
        name: tables[name].with_columns(pl.lit(NASTY).alias(column))
        for name, column in columns.items()
    }
    return charts({**tables, **labelled})


@pytest.fixture(scope="module")
def made(article: Checked) -> dict[str, str]:
    return charts(article.tables)


def test_every_figure_of_the_page_is_a_picture(made: dict[str, str]) -> None:
    assert {name: len(drawn(markdown)) for name, markdown in made.items()} == {
        "bodies": 1,
        "counts": 1,
        "regions": 1,
        "activities": 1,
        "timeline": 1,
    }


def test_a_picture_is_the_drawing_of_the_page(article: Checked, made: dict[str, str]) -> None:
    for figure in figures(article.tables, facts_table(article.tables)):
        # our own drawing
        pages = [ET.fromstring(panel.svg) for panel in figure.panels]  # noqa: S314
        for picture, page in zip(drawn(made[figure.name]), pages, strict=True):
            assert [(one.tag, one.text, one.get("d")) for one in picture.iter()] == [
                (one.tag, one.text, one.get("d")) for one in page.iter()
            ]


def test_the_unnamed_bodies_are_told_to_who_sees_the_picture_and_to_who_does_not(
    made: dict[str, str],
) -> None:
    (picture,) = drawn(made["bodies"])
    assert "122 of 300 dialogue bodies belong to no named group" in made["bodies"]
    assert "in no named group: 122" in picture.findtext(f"{SVG}desc", "")
    match = IMAGE.search(made["bodies"])
    assert match
    assert "in no named group\\: 122" in match[1]
    assert {"in no named group", "122"} <= {
        "".join(text.itertext()) for text in picture.iter(f"{SVG}text")
    }


def test_a_picture_refers_to_nothing_outside_itself_and_needs_no_style_sheet(
    article: Checked, made: dict[str, str]
) -> None:
    for markdown in (*made.values(), *spoilt(article.tables).values()):
        for picture in drawn(markdown):
            ids = {element.get("id") for element in picture.iter()}
            values = [value for element in picture.iter() for value in element.attrib.values()]
            style = "".join(element.text or "" for element in picture.iter(f"{SVG}style"))
            assert {
                found for value in values for found in re.findall(r"url\(#([^)]*)\)", value)
            } <= ids
            assert not re.search(r"url\((?!#)|@import|var\(", " ".join([style, *values]))
            assert not [
                name
                for element in picture.iter()
                for name in element.keys()  # noqa: SIM118 (an element is not a mapping)
                if re.search(r"href|^src|^on", name)
            ]
            assert not {f"{SVG}image", f"{SVG}script", f"{XHTML}img"} & {
                element.tag for element in picture.iter()
            }


def test_hostile_text_is_shown_and_is_neither_markdown_nor_markup(article: Checked) -> None:
    hostile = spoilt(article.tables)
    for markdown in hostile.values():
        left = re.sub(r"\\[!-/:-@\[-`{-~]", "", IMAGE.sub("", markdown))
        assert not re.search(r"[!-)+-/:-@\[-`{-~]|(?<!\*)\*(?!\*)", left)
        assert all(line == line.strip() for line in left.split("\n"))
    told = "".join(
        text
        for markdown in hostile.values()
        for picture in drawn(markdown)
        for text in picture.itertext()
    )
    assert "<img src=x onerror=alert(1)>" in told
    assert "</svg>\ufffd\ufffd\ufffd" in told


def test_where_there_is_nothing_to_draw_there_is_no_picture(article: Checked) -> None:
    nothing = {name: table.clear() for name, table in article.tables.items()}
    assert charts(nothing) == {}


def test_a_picture_that_is_too_large_is_a_sentence(
    article: Checked, made: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(
        len(found[3]) <= LIMIT for markdown in made.values() for found in IMAGE.finditer(markdown)
    )
    monkeypatch.setattr(pictures, "LIMIT", 100)
    for markdown in charts(article.tables).values():
        assert "too large to be shown" in markdown
        assert not drawn(markdown)


@pytest.mark.browser
def test_a_browser_shows_every_picture_and_cuts_nothing_off(
    browser: Browser, article: Checked, made: dict[str, str]
) -> None:
    page = browser.new_page(offline=True)
    for markdown in (*made.values(), *spoilt(article.tables).values()):
        for found in IMAGE.finditer(markdown):
            page.goto("about:blank")
            page.set_content(f'<img src="{found[2]}">')
            width, height = page.evaluate(
                "document.images[0].decode().then(() => [document.images[0].naturalWidth, "
                "document.images[0].naturalHeight])"
            )
            assert 404 * SMALLEST <= width <= 720
            page.goto(found[2])
            boxes = page.evaluate(
                "[...document.querySelectorAll('text, .text')].map(one => "
                "one.getBoundingClientRect()).map(one => one.toJSON())"
            )
            assert boxes
            assert all(
                box["left"] >= 0 and box["right"] <= width and box["bottom"] <= height
                for box in boxes
            )
    page.close()
