"""The web page of a release: what it says first, where its links lead, what it shows of a fact and
of what holds.
"""

import json
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
    "facts.xlsx",
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


def test_the_page_names_places_and_years_and_says_what_was_checked_in_one_short_sentence(
    edition: Edition, made: dict[str, str]
) -> None:
    document = Document(made["index.html"])
    ((_, heading),) = document.all("h1")
    assert heading == "Kazakhstan, 1991 to 2011"
    title = next(text for _, text in document.all("title"))
    assert title == "Facts: Kazakhstan, 1991 to 2011 (1.0.0)"
    assert first_sentence(edition) == (
        "50 facts about civil society, as 1 document of 2011 claims them: copying and "
        "contradictions were checked, truth was not."
    )
    many = edition.tables["areas"].with_columns(parent=pl.lit(None, pl.String))
    other = edition.tables["observations"].with_columns(
        area=pl.Series([*many["code"], *["KZ"] * 99][: edition.tables["observations"].height])
    )
    index = pages(changed(edition, areas=many, observations=other))["index.html"]
    ((_, heading),) = Document(index).all("h1")
    assert re.fullmatch(r"\d+ places, 1991 to 2011", heading)


def test_the_first_sentence_counts_the_documents_and_has_at_most_25_words(
    edition: Edition,
) -> None:
    sources = edition.tables["sources"]
    other = sources.with_columns(
        source_id=pl.lit("other"),
        published_earliest=pl.date(2013, 1, 1),
        published_latest=pl.date(2013, 5, 4),
    )
    said = first_sentence(changed(edition, sources=pl.concat([sources, other])))
    assert "as 2 documents of 2011 to 2013 claim them" in said
    assert len(said.split()) <= 25


def test_the_newest_source_comes_first_with_its_numbers_in_the_order_of_its_text(
    edition: Edition, made: dict[str, str]
) -> None:
    def first_numbers(index: str) -> list[str]:
        return [text for _, text in Document(index).all("dd")]

    assert first_numbers(made["index.html"])[:4] == [
        "more than 35,000",
        "more than 18,000",
        "1,000",
        "300",
    ]
    sources, observations = (edition.tables[name] for name in ("sources", "observations"))
    newer = sources.with_columns(
        source_id=pl.lit("newer"), published_latest=pl.date(2013, 5, 4), title=pl.lit("The newer")
    )
    counted = observations.filter(fact_id=f"{SOURCE}/ngos").with_columns(
        fact_id=pl.lit("newer/ngos"), source_id=pl.lit("newer"), original_value=pl.lit("19,000")
    )
    both = changed(
        edition,
        sources=pl.concat([sources, newer]),
        observations=pl.concat([observations, counted]),
    )
    index = pages(both)["index.html"]
    assert first_numbers(index)[:2] == ["more than 19,000", "more than 35,000"]
    headings = [text for _, text in Document(index).all("h3")]
    assert headings[:2] == [
        "The newer",
        "Systematic State – Civil Society Partnership Needs to Continue",
    ]


def test_numbers_come_before_events_and_in_the_order_of_the_text(made: dict[str, str]) -> None:
    places = [
        made["index.html"].index(f'id="{name}"')
        for name in ("counts", "regions", "activities", "bodies", "timeline")
    ]
    assert places == sorted(places)


def test_a_number_stands_with_the_hedge_and_unit_of_its_own_text(edition: Edition) -> None:
    mentions = edition.tables["mentions"]
    is_it = pl.col("fact_id") == f"{SOURCE}/ngos"
    words = pl.when(is_it).then(pl.lit("upwards of\n18,000 NGOs")).otherwise("words")
    facts = changed(edition, mentions=mentions.with_columns(words=words)).facts
    printed = dict(facts.filter(type="observation").select("fact_id", "as_printed").iter_rows())
    assert printed[f"{SOURCE}/ngos"] == "upwards of 18,000 NGOs"
    assert printed[f"{SOURCE}/share-almaty"] == "17.9 percent"
    assert printed[f"{SOURCE}/growth"] == "1,000"  # what it is per is said of its indicator
    assert printed[f"{SOURCE}/bodies-president"] == "Twenty"


def test_what_a_source_printed_is_never_shown_as_an_interval(made: dict[str, str]) -> None:
    text = made["index.html"].partition('id="use"')[0]
    for interval in ("17.85", "11.245", "9.005", "43.85", "35,001", "18,001"):
        assert interval not in text


def test_no_name_of_a_rule_or_fact_stands_in_prose(edition: Edition, made: dict[str, str]) -> None:
    shown = " ".join(Document(made["index.html"]).text_of(id="holds").split())
    names = [*edition.tables["rules"]["rule_id"], SOURCE, *edition.facts["fact_id"], "XXXX"]
    assert [name for name in names if name in shown] == []
    assert "Severity" not in shown


def test_search_engines_read_what_the_page_is(made: dict[str, str]) -> None:
    ((attributes, text),) = Document(made["index.html"]).all("script")
    assert attributes == {"type": "application/ld+json"}
    described = json.loads(text)
    assert described["@type"] == "Dataset"
    assert described["name"] == "Facts: Kazakhstan, 1991 to 2011"
    assert described["temporalCoverage"] == "1991-01-01/2011-12-31"
    assert described["spatialCoverage"] == ["Kazakhstan"]
    assert described["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "url" not in described


def test_a_page_is_one_file_that_needs_no_script_and_no_network(made: dict[str, str]) -> None:
    for name, source in made.items():
        document = Document(source)
        assert {tag for tag, _ in document.elements}.isdisjoint(
            {"iframe", "img", "object", "embed", "base"}
        ), name
        assert {found["type"] for found, _ in document.all("script")} <= {"application/ld+json"}
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
        class_="outcomes finding"
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
    assert "0 facts about civil society, from no document yet." in index


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


def test_a_fact_names_the_rules_that_speak_of_it_the_gravest_first(made: dict[str, str]) -> None:
    document = Document(made["index.html"])

    def row(fact: str) -> str:
        return " ".join(document.text_of(id=f"fact-{SOURCE}/{fact}").split())

    assert "1 rule speaks of it: dialogue bodies" in row("bodies-president")
    assert "finding The bodies under the president" in row("bodies-president")
    assert "undetermined NGOs are one kind of non-commercial organisation" in row("ngos")
    assert re.search("remark .* untested .* satisfied ", row("activity-education"))
    assert "speak" not in row("wide-range")


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
        "non-commercial organisations, Kazakhstan, 23 December 2011, which would have to be at "
        "least 40,000"
    ) in told


def test_days_that_follow_are_shown_as_dates(made: dict[str, str]) -> None:
    told = " ".join(Document(made["index.html"]).text_of(id="holds").split())
    assert (
        "1 January 1991 to 26 December 1991: day of “independence” (1991) (narrower limits "
        "may follow)"
    ) in told
    assert (
        "at least 29,021: non-commercial organisations, Kazakhstan, 2006 Another reading would "
        "change this: 1,000 as “new NGOs a year”."
    ) in told
