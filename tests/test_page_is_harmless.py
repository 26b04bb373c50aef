"""What stands in a cell can do nothing to a reader: it is shown, whatever it is."""

import re
from dataclasses import replace

import polars as pl
import pytest

from pipeline.check import Checked
from pipeline.release.edition import Edition
from tests.conftest import SOURCE
from tests.read_page import TEXT, Document, changed, edition_of, pages

PAGE = f"sources/{SOURCE}.html"
NASTY = (
    '"><script>alert(1)</script><img src=x '
    "onerror=alert(1)>'{{7*7}}</style></svg></title>javascript:alert(1)"
)
# what other columns refer to, what decides, and what is read again as data
KEPT = re.compile(
    r"(_id|_ids|code|indicator|area|category|who|publisher|attributed_to|parent|quantity|type|kind)$"
)
DECIDING = {
    "role",
    "outcome",
    "status",
    "severity",
    "relator",
    "bound_basis",
    "part",
    "column_name",
    "definition",
    "scope",
    "op",
    "quote",
    "period",
}


@pytest.fixture(scope="module")
def edition(article: Checked) -> Edition:
    return edition_of(article.tables, {SOURCE: TEXT})


@pytest.fixture(scope="module")
def made(edition: Edition) -> dict[str, str]:
    return pages(edition)


def nasty(edition: Edition) -> Edition:
    tables = {}
    for name, table in edition.tables.items():
        texts = [
            column
            for column in table.select(pl.col(pl.String)).columns
            if not KEPT.search(column) and column not in DECIDING
        ]
        if name == "check_results":
            texts.remove("reason")
        tables[name] = table.with_columns(pl.lit(NASTY).alias(column) for column in texts)
    shift = len(NASTY)
    for name, columns in {
        "mentions": ("start_offset", "end_offset"),
        **dict.fromkeys(("observations", "events", "statements"), ("quote_start", "quote_end")),
    }.items():
        tables[name] = tables[name].with_columns(pl.col(columns) + shift)
    history = edition.history.with_columns(reason=pl.lit(NASTY))
    originals = {name: NASTY.encode() + text for name, text in edition.originals.items()}
    return replace(edition, tables=tables, history=history, originals=originals)


@pytest.mark.parametrize("republished", [True, False])
def test_no_cell_can_harm_a_reader(
    edition: Edition, made: dict[str, str], *, republished: bool
) -> None:
    spoilt = nasty(edition)
    sources = spoilt.tables["sources"].with_columns(republish_text=pl.lit(republished))
    quoted = {
        name: spoilt.tables[name].with_columns(quote=pl.lit(NASTY))
        for name in ("observations", "events", "statements")
    }
    harmless = {tag for source in made.values() for tag, _ in Document(source).elements} | {
        "blockquote"
    }
    for name, source in pages(changed(spoilt, sources=sources, **quoted)).items():
        document = Document(source)
        assert {tag for tag, _ in document.elements} <= harmless, name
        for _, attributes in document.elements:
            assert not any(key.startswith("on") for key in attributes)
            assert (
                not attributes.get("href", "")
                .strip()
                .lower()
                .startswith(("javascript:", "data:text"))
            )
        assert "alert(1)" in document.text_of(lang="en")
        assert "{{7*7}}" in document.text_of(lang="en")


def test_an_address_is_a_link_only_where_it_is_one_of_the_web(edition: Edition) -> None:
    def links(address: str) -> list[str]:
        sources = edition.tables["sources"].with_columns(
            url=pl.lit(address), archived_url=pl.lit(address)
        )
        document = Document(pages(changed(edition, sources=sources))[PAGE])
        assert address in document.text_of(class_="about")
        return [attributes["href"] for attributes, text in document.all("a") if text == address]

    assert links("https://mfa.example/?a=1&b=2") == ["https://mfa.example/?a=1&b=2"] * 2
    assert links("javascript:alert(1)") == links("https://a b") == links("//example.org") == []
