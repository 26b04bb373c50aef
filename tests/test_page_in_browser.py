"""The page in a real browser, from a folder and without a network: on a phone, by keyboard, in the
dark, in print, for all.
"""

from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from pipeline.check import Checked
from tests.conftest import SOURCE
from tests.read_page import TEXT, edition_of, pages

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
INDEX, WORDS = "index.html", f"sources/{SOURCE}.html"
PHONE, DESK = (320, 640), (1280, 900)
Scheme = Literal["light", "dark"]

# boxes of a chart's lines of text that lie over each other, or leave the page
OVERLAPPING = """() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
    const texts = [...chart.querySelectorAll('text')];
    const boxes = texts.map(text => text.getBoundingClientRect());
    return boxes.flatMap((one, i) => [
        ...(one.left < 0 || one.right > innerWidth ? [texts[i].textContent] : []),
        ...boxes.slice(i + 1).flatMap((other, j) =>
            Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
            Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3
                ? [`${texts[i].textContent} / ${texts[i + 1 + j].textContent}`] : [])]);
})"""


# what a table or a block of code has beyond its edge, or the page's
CUT_OFF = """() => [...document.querySelectorAll('table, td, th, pre')]
    .filter(box => !(box.closest('thead')?.clientWidth < 2))
    .filter(box => box.scrollWidth > box.clientWidth + 1 ||
        box.getBoundingClientRect().right > innerWidth)
    .map(box => box.textContent.slice(0, 60))"""


@pytest.fixture(scope="module")
def folder(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("release")
    for name, source in pages(edition_of(article.tables, {SOURCE: TEXT})).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(source.encode())
    return root


def opened(
    browser: Browser, address: str, size: tuple[int, int] = DESK, scheme: Scheme = "light"
) -> Page:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        reduced_motion="reduce",
        offline=True,
    )
    page.goto(address)
    return page


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
@pytest.mark.parametrize("name", [INDEX, WORDS, f"{WORDS}#bodies", f"{INDEX}#fact-{SOURCE}/bodies"])
def test_axe_finds_nothing_that_keeps_anyone_out(
    browser: Browser, folder: Path, name: str, size: tuple[int, int], scheme: Scheme
) -> None:
    page = opened(browser, f"file://{folder}/{name}", size, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    page.close()


@pytest.mark.parametrize("name", [INDEX, WORDS])
def test_a_phone_never_scrolls_the_page_sideways(browser: Browser, folder: Path, name: str) -> None:
    # 640 pixels are also what 1280 hold at 200 percent
    for width in (320, 390, 640, 768, 960, 1024, 1279, 1280, 1920):
        page = opened(browser, f"file://{folder}/{name}", (width, 640))
        page.evaluate(
            "document.querySelectorAll('details').forEach(details => details.open = true)"
        )
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        assert page.evaluate(CUT_OFF) == [], width
        page.close()


@pytest.mark.parametrize("size", [PHONE, (800, 640), DESK, (1920, 1080)])
def test_the_contents_stay_and_hide_nothing_that_a_link_leads_to(
    browser: Browser, folder: Path, size: tuple[int, int]
) -> None:
    page = opened(browser, f"file://{folder}/{INDEX}", size)
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Every fact").click()
    contents = page.locator("nav.contents ol").bounding_box()
    heading = page.locator("#facts-heading").bounding_box()
    assert contents
    assert heading
    assert 0 <= contents["y"] < size[1] / 4
    beside = heading["x"] >= contents["x"] + contents["width"]
    assert beside or heading["y"] >= contents["y"] + contents["height"] - 1
    page.close()


def test_each_fact_has_a_link_to_itself(browser: Browser, folder: Path) -> None:
    page = opened(browser, f"file://{folder}/{INDEX}")
    name = "Link to this fact: dialogue bodies, under the president, Kazakhstan"
    page.get_by_role("link", name=name).click()
    assert page.url.endswith(f"#fact-{SOURCE}/bodies-president")
    assert "Twenty" in str(page.locator("tr:target").text_content())
    page.close()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_no_label_of_a_chart_lies_over_another(
    browser: Browser, folder: Path, size: tuple[int, int]
) -> None:
    page = opened(browser, f"file://{folder}/{INDEX}", size)
    assert page.evaluate(OVERLAPPING) == []
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg.chart text')].map(text => "
        "parseFloat(getComputedStyle(text).fontSize))"
    )
    assert min(sizes) >= 12
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_click_on_300_ends_at_its_highlighted_words_and_leads_back(
    browser: Browser, folder: Path, scheme: Scheme
) -> None:
    page = opened(browser, f"file://{folder}/{INDEX}", PHONE, scheme)
    row = page.locator(f"[id='fact-{SOURCE}/bodies']")
    row.get_by_role("link", name="300", exact=True).click()
    words = page.locator("mark:target")
    assert (
        words.text_content()
        == "the country has 300 venues for dialogue operating on a permanent basis"
    )
    box = words.bounding_box()
    assert box
    assert 0 <= box["y"] < PHONE[1]
    plain = page.locator("mark.observation:not(:target)").first
    background = "element => getComputedStyle(element).backgroundColor"
    assert words.evaluate(background) != plain.evaluate(background)
    words.get_by_role("link", name="Back to the fact: dialogue bodies, Kazakhstan, 300").click()
    assert page.url.endswith(f"index.html#fact-{SOURCE}/bodies")
    assert page.locator("tr:target").text_content() == row.text_content()
    page.close()


def test_words_that_cross_others_are_lit_to_their_end(browser: Browser, folder: Path) -> None:
    page = opened(browser, f"file://{folder}/{WORDS}#concept-2006-term")
    lit = page.evaluate("getComputedStyle(document.querySelector('mark:target')).backgroundColor")
    cut = page.evaluate(
        "lit => [...document.querySelectorAll('mark')].filter(mark => "
        "getComputedStyle(mark).backgroundColor === lit)"
        ".map(mark => mark.textContent)",
        lit,
    )
    assert "".join(cut) == "Concept on Civil Society for 2006-2011"
    page.close()


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, f"file://{folder}/{INDEX}")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.text_content() == "Skip to what the sources say"
    box = focused.bounding_box()
    assert box
    assert box["y"] >= 0
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.url.endswith("#says")
    page.close()


def test_print_shows_what_the_screen_folds_away_and_loses_nothing_at_the_edge(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, f"file://{folder}/{INDEX}", (700, 900))
    premises = page.get_by_text("new organisations a year, Kazakhstan, since 2006: 1,000;").last
    assert not premises.is_visible()
    page.emulate_media(media="print")
    assert premises.is_visible()
    assert page.locator("nav").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.close()


def test_nothing_is_asked_of_any_network(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in (INDEX, WORDS):
        page.goto(f"file://{folder}/{name}")
    assert [address for address in asked if not address.startswith(("file://", "data:"))] == []
    assert len([address for address in asked if address.startswith("file://")]) == 2
    page.close()
