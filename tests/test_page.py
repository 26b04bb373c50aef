"""The web page of a release: what it says first, where its links lead, what it shows of a fact and
of what holds.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check import Checked, check
from pipeline.release.database import facts_table
from pipeline.release.edition import Edition
from pipeline.release.page import facts as page_facts
from pipeline.release.page.marked import Span, in_order, marked
from schemas.tables import RELEASE_TABLES, empty, file_of
from tests.conftest import SOURCE
from tests.read_page import TEXT, Document, changed, edition_of, pages
from tests.test_second_source import FILES

PAGE = f"sources/{SOURCE}.html"
BESIDE = {
    "facts.csv",
    "README.md",
    "datapackage.json",
    "metadata/CITATION.cff",
    "metadata/CHANGES.md",
} | {file_of(name, ending) for name in RELEASE_TABLES for ending in ("csv", "parquet")}


@pytest.fixture(scope="module")
def edition(article: Checked) -> Edition:
    return edition_of(article.tables, {SOURCE: TEXT})


@pytest.fixture(scope="module")
def made(edition: Edition) -> dict[str, str]:
    return pages(edition)


def first_sentence(edition: Edition) -> str:
    return Document(pages(edition)["index.html"]).text_of(class_="lead")


def test_the_first_sentence_says_what_this_is_how_old_what_was_checked_and_what_was_found(
    edition: Edition,
) -> None:
    assert first_sentence(edition) == (
        "This dataset holds 50 facts about civil society, as one document claims them (Ministry "
        "of Foreign Affairs of Kazakhstan, 23 December 2011, 14 years before this release); "
        "copying and contradictions were checked, truth was not, and 122 of 300 dialogue bodies "
        "belong to no named group (40.7 %)."
    )


def test_the_first_sentence_counts_the_documents_and_the_findings_there_are(
    edition: Edition,
) -> None:
    sources, findings, results = (
        edition.tables[name] for name in ("sources", "findings", "check_results")
    )
    other = sources.with_columns(
        source_id=pl.lit("other"),
        publisher=pl.lit("icnl"),
        published_earliest=pl.date(2013, 1, 1),
        published_latest=pl.date(2013, 5, 4),
    )
    broken = findings.with_columns(
        rule_id=pl.lit("ngos_are_part_of_organisations"), type=pl.lit("contradiction")
    )
    now = first_sentence(
        changed(
            edition, sources=pl.concat([sources, other]), findings=pl.concat([findings, broken])
        )
    )
    assert "as 2 documents claim them" in now
    assert (
        "(International Centre for Not-for-Profit Law and Ministry of Foreign Affairs of "
        "Kazakhstan, "
    ) in now
    assert (
        "published from 23 December 2011 to 4 May 2013, the oldest 14 years before this release)"
        in now
    )
    assert (
        "1 contradiction was found and 122 of 300 dialogue bodies belong to no named group" in now
    )
    renumbered = results.with_columns(pl.col("explanation").str.replace("122 of 300", "7 of 185"))
    assert "and 7 of 185 dialogue bodies belong" in first_sentence(
        changed(edition, check_results=renumbered)
    )
    assert "no contradiction and no gap was found" in first_sentence(
        changed(edition, findings=findings.clear())
    )


def test_a_page_is_one_file_that_needs_no_script_and_no_network(made: dict[str, str]) -> None:
    for name, source in made.items():
        document = Document(source)
        assert {tag for tag, _ in document.elements}.isdisjoint(
            {"script", "iframe", "img", "object", "embed", "base"}
        ), name
        for tag, attributes in document.elements:
            assert not any(key.startswith("on") or key == "src" for key in attributes), (name, tag)
        assert [attributes["href"] for attributes, _ in document.all("link")] == ["data:,"]
        ((_, style),) = document.all("style")
        assert "@import" not in style
        assert re.findall(r"url\((?!#)", style) == []


def test_every_link_leads_to_something_that_is_there(made: dict[str, str]) -> None:
    documents = {name: Document(source) for name, source in made.items()}
    links = 0
    for name, document in documents.items():
        ids = document.ids()
        assert len(ids) == len(set(ids)), name
        for attributes, _ in document.all("a"):
            href = attributes["href"]
            if href.startswith("https://creativecommons.org/"):
                continue
            path, _, fragment = href.partition("#")
            folder = name.rpartition("/")[0]
            target = (
                (
                    path.removeprefix("../")
                    if path.startswith("../")
                    else f"{folder}/{path}".strip("/")
                )
                if path
                else name
            )
            assert target in documents or target in BESIDE, href
            assert not fragment or unquote(fragment) in documents[target].ids(), href
            links += 1
    assert links > 200


def test_every_value_leads_to_exactly_its_words_in_the_text_and_back(
    edition: Edition, made: dict[str, str]
) -> None:
    index, source = Document(made["index.html"]), Document(made[PAGE])
    hrefs = [attributes["href"] for attributes, _ in index.all("a")]
    backs = {
        attributes["href"] for attributes, _ in source.all("a") if attributes.get("class") == "back"
    }
    for fact_id, quote in facts_table(edition.tables).select("fact_id", "quote").iter_rows():
        local = fact_id.partition("/")[2]
        assert f"{PAGE}#{local}" in hrefs
        assert f"../index.html#fact-{fact_id}" in backs
        assert source.passage(local) == quote
    assert len(backs) == 50


def test_the_text_on_its_page_is_the_text(made: dict[str, str]) -> None:
    assert Document(made[PAGE]).text_of(class_="text") == TEXT


def test_every_mention_shows_its_role(edition: Edition, made: dict[str, str]) -> None:
    shown = [
        (text, attributes["class"].rpartition("role-")[2], attributes["title"])
        for attributes, text in Document(made[PAGE]).all("span")
        if attributes.get("class", "").startswith("mention role-") and "title" in attributes
    ]
    mentions = edition.tables["mentions"].sort("start_offset")
    assert shown == mentions.select("words", "role", title="role").rows()


@given(
    st.lists(
        st.tuples(st.integers(0, 18), st.integers(1, 19)).filter(lambda span: span[0] < span[1]),
        max_size=6,
    )
)
def test_passages_that_lie_in_each_other_or_cross_keep_the_text_and_are_lit_whole(
    places: list[tuple[int, int]],
) -> None:
    text = "a<b>&\"' cd\né📚f ghij"
    spans = in_order(
        Span(start, end, "event", "", f"id-{number}", "#")
        for number, (start, end) in enumerate(places)
    )
    source, cut = marked(text, spans)
    document = Document(f"<div id=all>{source}</div>")
    assert document.text_of(id="all") == text
    for span in spans:
        assert document.passage(str(span.anchor)) == text[span.start : span.end]
    assert {f"{name}-more" for name in cut} == {
        name
        for found, _ in document.all("mark")
        for name in found["class"].split()
        if name.endswith("-more")
    }


def test_a_text_that_may_not_be_republished_shows_only_the_quoted_passages_and_its_hash(
    edition: Edition,
) -> None:
    sources = edition.tables["sources"].with_columns(republish_text=pl.lit(value=False))
    source = pages(changed(edition, sources=sources))[PAGE]
    document = Document(source)
    assert TEXT[:70] not in source
    assert "Subsequently, regional programmes" in source
    assert ". MFA" not in document.text_of(id="strong-civil-society")
    assert sources["sha256"][0] in source
    for fact_id, quote in facts_table(edition.tables).select("fact_id", "quote").iter_rows():
        assert document.passage(fact_id.partition("/")[2]) == quote
    row = edition.tables["observations"].row(
        by_predicate=pl.col("fact_id") == f"{SOURCE}/bodies", named=True
    )
    passages = [text for _, text in document.all("blockquote")]
    assert row["quote_prefix"] + row["quote"] + row["quote_suffix"] in passages


def test_past_its_limit_the_page_shows_findings_and_counts_and_says_where_the_rest_is(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_facts, "LIMIT", 49)
    short = pages(edition)
    document = Document(short["index.html"])
    assert (
        "50 facts are too many for a page: 22 numbers, 11 dated events and 17 statements."
        in short["index.html"]
    )
    assert not [name for name in document.ids() if name.startswith("fact-")]
    assert "122 of 300 dialogue bodies belong to no named group" in document.text_of(
        class_="finding"
    )
    assert any(attributes["href"] == "facts.csv" for attributes, _ in document.all("a"))
    assert "50 facts are too many to mark" in short[PAGE]
    assert Document(short[PAGE]).text_of(class_="text") == TEXT


def test_2000_facts_are_on_the_page_and_2001_are_not(edition: Edition) -> None:
    statements = edition.tables["statements"]
    many = pl.concat([statements, *[statements.head(1)] * 1950]).with_row_index("number")
    many = many.with_columns(
        fact_id=pl.when(pl.col("number") < 17)
        .then("fact_id")
        .otherwise(pl.format("{}-{}", "fact_id", "number"))
    ).drop("number")
    assert pages(changed(edition, statements=many))["index.html"].count('id="fact-') == 2000
    one_more = pl.concat(
        [many, statements.head(1).with_columns(fact_id=pl.lit(f"{SOURCE}/one-more"))]
    )
    assert (
        "2,001 facts are too many for a page"
        in pages(changed(edition, statements=one_more))["index.html"]
    )


def test_a_release_without_facts_has_a_page_without_charts() -> None:
    tables = {name: empty(name) for name in RELEASE_TABLES}
    index = pages(edition_of(tables, {}))["index.html"]
    assert "<figure>" not in index
    assert "This dataset holds 0 facts" in index


def test_a_source_of_another_field_has_its_page_and_no_chart_that_does_not_fit(
    tmp_path: Path,
) -> None:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    edition = edition_of(check(tmp_path).tables, {"elm-2020": FILES["elm-2020/text.txt"]})
    made = pages(edition)
    assert "<figure>" not in made["index.html"]
    assert Document(made["sources/elm-2020.html"]).text_of(class_="text") == normalize(
        "NFC", FILES["elm-2020/text.txt"]
    )
    assert (
        Document(made["sources/elm-2020.html"]).text_of(id="loans")
        == "In 2019 the Elm Library lent 48\u00a0300 books"
    )


def test_the_worst_outcome_of_a_fact_is_shown_and_what_no_rule_speaks_of_says_so(
    made: dict[str, str],
) -> None:
    document = Document(made["index.html"])

    def row(fact: str) -> str:
        return " ".join(document.text_of(id=f"fact-{SOURCE}/{fact}").split())

    assert "finding" in row("bodies-president")
    assert "undetermined" in row("ngos")
    assert "satisfied remark" in row("activity-education")
    assert "satisfied" in row("concept-2002")
    assert "no rule speaks of it" in row("wide-range")


def test_contradictions_say_which_facts_would_have_to_be_wrong(edition: Edition) -> None:
    sets: list[dict[str, Any]] = [
        {
            "component": "a",
            "part": 1,
            "error_set": number,
            "quantity": f"{SOURCE}/{fact}",
            "rule_ids": "ngos_are_part_of_organisations",
            "lower": lower,
            "upper": None,
            "weight": 1,
            "reason": None,
            "conflict": "NGOs: 40,000; organisations: 35,000.",
        }
        for number, (fact, lower) in enumerate(
            (("ngos", None), ("organisations", Decimal(40000))), start=1
        )
    ]
    table = pl.DataFrame(sets, schema=empty("error_sets").schema)
    index = Document(pages(changed(edition, error_sets=table))["index.html"])
    told = " ".join(index.text_of(id="holds").split())
    assert "NGOs: 40,000; organisations: 35,000." in told
    assert (
        "non-commercial organisations, Kazakhstan, 2011-12-23, which would have to be at least "
        "40,000"
    ) in told


def test_days_that_follow_are_shown_as_dates(made: dict[str, str]) -> None:
    told = " ".join(Document(made["index.html"]).text_of(id="holds").split())
    assert (
        "1991-01-01 to 1991-12-26: day of mfa-2011-12-23/independence (1991) (narrower bounds "
        "may follow)"
    ) in told
    assert (
        "at least 29,021: non-commercial organisations, Kazakhstan, 2006 Another reading would "
        "change it"
    ) in told
