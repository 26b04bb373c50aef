"""The curator's page in a real browser: a whole source is entered again, and what is asked of the
keys and of the proposals holds.

Screenshots go to tests/output/ (not committed), for a person to look at.
"""

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT, SOURCE
from tests.enter.conftest import EMPTIED, serving
from tests.enter.curator import Curator, start_of, typed_rows

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SHOTS = ROOT / "tests" / "output"
EACH = int(os.environ.get("FACTS_EACH", "2"))
"""One of so many rows of the article is entered, the others were before; FACTS_EACH=1: all are."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(60_000)
    yield page
    page.close()


def violations(page: Page) -> list[str]:
    """Return what keeps anyone out, by axe; its script is put in beside the page's own policy."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['help']}" for one in found["violations"]]


def entered_before(own: Path, emptied: Path) -> list[tuple[str, dict[str, str]]]:
    """Have some rows of a source entered; return the others, in the order of the text."""
    text = (own / "text.txt").read_text("utf-8")
    rows = sorted(typed_rows(own), key=lambda one: start_of(one[1], text))
    left = rows[::EACH]
    for name in EMPTIED:
        heading, *lines = (own / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)
        every = [row for file, row in typed_rows(own) if file == name]
        kept = [line for line, row in zip(lines, every, strict=True) if (name, row) not in left]
        (emptied / f"{name}.csv").write_text("".join((heading, *kept)), "utf-8")
    return left


def test_the_article_is_entered_again_to_the_byte_with_few_keys(
    emptied: Path, tmp_path: Path, page: Page
) -> None:
    own = ROOT / "raw" / SOURCE
    text = (own / "text.txt").read_text("utf-8")
    left = entered_before(own, emptied / SOURCE)
    with serving(emptied, tmp_path / "outputs") as address:
        curator = Curator(page, f"{address}/{SOURCE}/", text)
        entries = [curator.enter(file, row) for file, row in left]
        curator.settle()
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / "enter-done.png")
        curator.press("Escape")
        curator.press_and_see("n")
        expect(page.locator("#form")).to_contain_text("Nothing is left to enter")
        assert not violations(page)
    for name in ("observations", "events", "statements", "waivers"):
        file = f"{name}.csv"
        assert (emptied / SOURCE / file).read_bytes() == (own / file).read_bytes(), file
    as_proposed = [one.keys for one in entries if not one.mended]
    cells = sum(bool(cell) for one in entries for cell in one.row.values())
    sound = [one for one in entries if one.file == "observations" and not one.against]
    assert median(as_proposed) <= 3
    assert median(one.keys for one in entries) <= 8
    assert sum(len(one.typed) for one in entries) <= cells / (5 if EACH == 1 else 4.5)
    assert len(sound) >= 0.85 * sum(one.file == "observations" for one in entries)


def test_a_wrong_row_is_written_and_refused_by_the_checks_where_it_stands(
    emptied: Path, tmp_path: Path, page: Page
) -> None:
    with serving(emptied, tmp_path / "outputs") as address:
        curator = Curator(page, f"{address}/{SOURCE}/", "")
        page.locator("#cell-value").fill("21")
        page.keyboard.press("Enter")
        expect(page.locator("#against")).to_contain_text("the number that the quote prints: 20")
        expect(page.locator("#said.bad")).to_contain_text("Not written yet")
        page.keyboard.press("Enter")
        expect(page.locator("#said.bad")).to_contain_text("observations.csv:2: expected the number")
        line = page.get_by_role("button", name=f"{SOURCE}/observations.csv, line 2").first
        line.click()
        page.locator("#cell-value").fill("20")
        page.keyboard.press("Enter")
        expect(page.locator("#mend .defects")).to_have_count(0)
        curator.settle()
    assert ",20,,,the country" in (emptied / SOURCE / "observations.csv").read_text("utf-8")


def test_two_tabs_and_an_editor_lose_nothing_of_each_other(
    emptied: Path, tmp_path: Path, browser: Browser, page: Page
) -> None:
    file = emptied / SOURCE / "observations.csv"
    typed = (
        (ROOT / "raw" / SOURCE / "observations.csv").read_text("utf-8").splitlines(keepends=True)
    )
    other = browser.new_page()
    with serving(emptied, tmp_path / "outputs") as address:
        one = Curator(page, f"{address}/{SOURCE}/", "")
        two = Curator(other, f"{address}/{SOURCE}/", "")
        file.write_text(typed[0] + typed[-1], "utf-8")
        expect(page.locator("#progress")).to_contain_text("1 observations")
        one.press_and_see("Enter")
        two.choose("m709")
        two.press_and_see("Enter")
        expect(page.locator("#progress")).to_contain_text("3 observations")
        expect(other.locator("#progress")).to_contain_text("3 observations")
        two.press_and_see("u")
        expect(page.locator("#progress")).to_contain_text("2 observations")
    other.close()
    assert file.read_text("utf-8") == typed[0] + typed[1] + typed[-1]


def test_a_code_that_is_missing_is_added_from_the_row(
    emptied: Path, tmp_path: Path, page: Page
) -> None:
    with serving(emptied, tmp_path / "outputs") as address:
        curator = Curator(page, f"{address}/{SOURCE}/", "")
        page.locator("#cell-note").fill("a thought")
        page.locator("#cell-indicator").fill("years_of_rest")
        page.get_by_role("button", name="Add years_of_rest to indicators.csv").click()
        expect(page.locator("h2").first).to_contain_text("a new code of indicators.csv")
        for name, cell in {
            "label": "years of rest",
            "definition": "Years in which nothing is counted",
            "unit": "years",
            "whole": "true",
            "kind": "duration",
        }.items():
            page.locator(f"#cell-{name}").fill(cell)
        page.locator("#cell-kind").press("Enter")
        expect(page.locator("#said")).to_contain_text("Written to codelists/indicators.csv")
        expect(page.locator("#cell-value")).to_have_value("20")
        expect(page.locator("#cell-note")).to_have_value("a thought")
        expect(page.locator("#cell-indicator")).to_have_value("years_of_rest")
        curator.settle()
    last = (emptied / "codelists" / "indicators.csv").read_text("utf-8").splitlines()[-1]
    assert last == (
        "years_of_rest,years of rest,,Years in which nothing is counted,years,true,duration,,,,"
    )


def test_the_page_serves_everybody(emptied: Path, tmp_path: Path, page: Page) -> None:
    with serving(emptied, tmp_path / "outputs") as address:
        Curator(page, f"{address}/{SOURCE}/", "").settle()
        SHOTS.mkdir(exist_ok=True)
        for width, scheme in ((1280, "dark"), (390, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=SHOTS / f"enter-{width}.png", full_page=True)
            assert not violations(page)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        page.goto(address)
        assert not violations(page)


def test_typed_cells_are_not_left_by_one_key(emptied: Path, tmp_path: Path, page: Page) -> None:
    with serving(emptied, tmp_path / "outputs") as address:
        Curator(page, f"{address}/{SOURCE}/", "").settle()
        page.locator("#cell-note").fill("a thought")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        expect(page.locator("#said.bad")).to_contain_text("not saved")
        expect(page.locator("#cell-note")).to_have_value("a thought")
        page.keyboard.press("n")
        expect(page.locator("#cell-note")).to_have_value("")


def test_what_is_typed_is_not_lost_when_the_server_ends(
    emptied: Path, tmp_path: Path, page: Page
) -> None:
    with serving(emptied, tmp_path / "outputs") as address:
        Curator(page, f"{address}/{SOURCE}/", "").settle()
        page.locator("#cell-note").fill("a thought")
    page.keyboard.press("Enter")
    expect(page.locator("#said.bad")).to_contain_text("The server does not answer")
    expect(page.locator("#cell-note")).to_have_value("a thought")


def test_a_raw_folder_without_sources_says_how_one_is_made(tmp_path: Path, page: Page) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(ROOT / "raw" / "codelists", raw / "codelists")
    with serving(raw, tmp_path / "outputs") as address:
        page.goto(address)
        expect(page.locator("main")).to_contain_text("facts new ID --text FILE")
