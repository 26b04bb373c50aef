"""A curator at the page: enters rows that are known, by keys and clicks, and counts these.

A row is entered as it is proposed where that is what it should be; else the cells that differ are
mended, by as few keys as the page's completions allow.
"""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

PATIENCE = 60_000
"""Milliseconds that a test waits for what takes a few hundred."""

KEYS = {"observations": "f", "events": "e", "statements": "s", "waivers": "w"}
BY_HAND = {"fact_id", "note", "reason", "kind"}
"""Cells of which no offer differs from another."""
FROM_THE_TEXT = {"quote", "label_quote"}
"""Cells that are taken from the text with the mouse and a key."""

_SHOWN = "() => Number(document.body.dataset.shown || 0)"
_ITEMS = """() => [...document.querySelectorAll("[data-key], [data-sentence]")].map(
    (one) => [one.dataset.key || one.dataset.sentence, one.textContent])"""
_CELLS = """() => Object.fromEntries(
    [...document.querySelectorAll("#row input")].map((one) => [one.name, one.value]))"""

Row = dict[str, str]


@dataclass
class Entry:
    """How a row was entered: the keys and clicks that it took, the cells that were not as proposed,
    those of them that were typed, and what the checks said against what was proposed first.
    """

    file: str
    row: Row
    keys: int = 0
    mended: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)


class Curator:
    """Someone who enters one source in a browser."""

    def __init__(self, page: Page, address: str, text: str) -> None:
        self.page, self.text = page, text
        self.keys = 0
        page.goto(address)
        page.wait_for_selector("#form h2", timeout=PATIENCE)

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def press_and_see(self, key: str) -> None:
        """Press a key that brings another form."""
        before = self.page.evaluate(_SHOWN)
        self.press(key)
        self.wait_for_form(before)

    def wait_for_form(self, before: int) -> None:
        self.page.wait_for_function(
            "(before) => Number(document.body.dataset.shown || 0) > before",
            arg=before,
            timeout=PATIENCE,
        )

    def settle(self) -> None:
        """Wait until all that was entered has been judged."""
        self.page.wait_for_function(
            "() => document.body.dataset.part === 'settled'", timeout=PATIENCE
        )

    def cells(self) -> Row:
        found: Row = self.page.evaluate(_CELLS)
        return found

    def form(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate(
            "() => ({...(document.getElementById('row') || document.body).dataset})"
        )
        return found

    def said(self) -> str:
        return self.page.locator("#said").inner_text()

    def choose(self, key: str) -> None:
        """Click on a passage of the text."""
        before = self.page.evaluate(_SHOWN)
        self.keys += 1
        # a sentence may begin with a passage of its own, on which a click of the mouse would land;
        # and found and clicked at once, since the text is written anew with each verdict
        self.page.evaluate(
            "(which) => document.querySelector(which).click()",
            f'[data-key="{key}"], [data-sentence="{key}"]',
        )
        self.wait_for_form(before)

    def enter(self, file: str, row: Row) -> Entry:
        """Enter a row, and say how."""
        self.keys = 0
        entry = Entry(file, row)
        passages = self._passages(file, row)
        if self.form().get("key") not in passages:
            self.choose(passages[0])
        if "before" in self.form() or self.form()["kind"] != file:
            self.press_and_see(KEYS[file])
        entry.against = self.page.locator("#form .defects li").all_inner_texts()
        self._take_the_best(row)
        for name, cell in self._wrong(row).items():
            entry.mended.append(name)
            self._mend(name, cell, entry)
        self.press_and_see("Enter")
        entry.keys = self.keys
        return entry

    def _passages(self, file: str, row: Row) -> list[str]:
        """Return the passages of the text that are the row's, the likeliest first."""
        start = start_of(row, self.text)
        end = start + len(row["quote"])
        found: list[tuple[int, str]] = []
        for key, words in self.page.evaluate(_ITEMS):
            place, kind = int(key[1:]), key[0]
            if file == "statements":
                wanted = "q" if row["speech"] == "direct" else "s"
                if kind == wanted and abs(place - start) < len("“ "):
                    found.append((0, key))
            elif kind == "m" and start <= place < end:
                found.append((_unlikeliness(row, words), key))
            elif kind == "s" and place <= start < place + len(words):
                found.append((3, key))
        found.sort(key=lambda one: one[0])
        return [key for rank, key in found if rank == found[0][0]]

    def _wrong(self, row: Row) -> Row:
        cells = self.cells()
        return {name: cell for name, cell in row.items() if cells.get(name, cell) != cell}

    def _take_the_best(self, row: Row) -> None:
        """Choose what is nearest to the row among what is offered: whoever looks at the page sees
        them all at once.
        """
        keys, offers = self.keys, self.page.locator(".offers li").count()
        wrong = [len({*self._wrong(row)} - BY_HAND)]
        if not wrong[0]:
            return
        for number in range(1, offers):
            self.press_and_see(str(number + 1))
            wrong.append(len({*self._wrong(row)} - BY_HAND))
            if not wrong[-1]:
                break
        best = wrong.index(min(wrong))
        if best != len(wrong) - 1:
            self.press_and_see(str(best + 1))
        self.keys = keys + (best > 0)

    def _mend(self, name: str, cell: str, entry: Entry) -> None:
        page, box = self.page, self.page.locator(f"#cell-{name}")
        self.keys += 1
        box.click()
        page.keyboard.press("Control+a")
        if not cell:
            self.press("Delete")
            return
        if name in FROM_THE_TEXT:
            page.keyboard.insert_text(cell)
            self.keys += 2
            return
        entry.typed.append(name)
        begun = _fewest_letters(json.loads(box.get_attribute("data-completions") or "[]"), cell)
        page.keyboard.type(begun)
        self.keys += len(begun)
        if box.input_value() != cell:
            self.press("Delete")


def _unlikeliness(row: Row, words: str) -> int:
    """Return 0 where a passage of the text is the number or the date of a row, 1 where it may be,
    as a number word, and 2 where it is another's.
    """
    if "value" not in row:
        years = re.findall(r"\d{4}", words)
        return 0 if any(year in row.get("period", "") for year in years) else 2
    digits = re.sub(r"\D", "", words)
    value = re.sub(r"\D", "", row["value"])
    return 1 if not digits else 0 if digits in value else 2


def _fewest_letters(completions: list[list[str]], cell: str) -> str:
    """Return what has to be typed of a cell until the page completes it."""
    values = [value.casefold() for value, _ in completions]
    for end in range(1, len(cell)):
        begun = cell[:end].casefold()
        first = next((one for one in values if one == begun), None) or next(
            (one for one in values if one.startswith(begun)), None
        )
        if first == cell.casefold():
            return cell[:end]
    return cell


def start_of(row: Mapping[str, str], text: str) -> int:
    """Return where the quote of a row begins in its text."""
    places = list(re.finditer(r"\s+".join(map(re.escape, row["quote"].split())), text))
    return places[int(row.get("occurrence") or 1) - 1].start()


def typed_rows(folder: Path) -> list[tuple[str, Row]]:
    """Return the rows of a source, by file."""
    return [
        (file, dict(row))
        for file in KEYS
        for row in csv.DictReader((folder / f"{file}.csv").read_text("utf-8").splitlines())
    ]
