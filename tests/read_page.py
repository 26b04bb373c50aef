"""Read a page as a browser does, and make editions to build pages of."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl

from pipeline.release import page
from pipeline.release.edition import Edition
from schemas.tables import empty
from tests.conftest import ROOT, SOURCE

TEXT = (ROOT / "raw" / SOURCE / "text.txt").read_text(encoding="utf-8")
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Document(HTMLParser):
    """A page as it is read: its elements with their attributes and their text, each element under
    its id.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.open: list[int] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for place in self.open:
            self.texts[place] += data

    def all(self, tag: str) -> Iterator[tuple[dict[str, str], str]]:
        yield from (
            (found[1], text)
            for found, text in zip(self.elements, self.texts, strict=True)
            if found[0] == tag
        )

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def text_of(self, **wanted: str) -> str:
        name, value = next(iter(wanted.items()))
        return next(
            text
            for (_, attributes), text in zip(self.elements, self.texts, strict=True)
            if attributes.get(name.rstrip("_")) == value
        )

    def passage(self, anchor: str) -> str:
        """The words that are lit when a fact is the target: those of its mark, and of the marks in
        which it goes on.
        """
        ((first, words),) = [
            (found, words) for found, words in self.all("mark") if found.get("id") == anchor
        ]
        more = f"{first['class'].split()[1]}-more"
        return words + "".join(
            words for found, words in self.all("mark") if more in found["class"].split()
        )


def edition_of(tables: Mapping[str, pl.DataFrame], texts: Mapping[str, str]) -> Edition:
    history = pl.DataFrame(
        [("1.0.0", "2026-11-24", None, "The first source")],
        ["version", "date", "based_on", "reason"],
        orient="row",
    )
    whole = {**tables, "changes": empty("changes")}
    originals = {f"{source_id}/text.txt": text.encode() for source_id, text in texts.items()}
    return Edition("1.0.0", "2026-11-24", None, "The first source", whole, originals, history)


def changed(edition: Edition, **tables: pl.DataFrame) -> Edition:
    """The edition with other tables."""
    return replace(edition, tables={**edition.tables, **tables})


def pages(edition: Edition) -> dict[str, str]:
    """All pages of an edition by their paths."""
    return dict(page.pages(edition))
