"""A date that begins a sentence dates what is counted there: it stands in the row to paste, and no
row is silent of it.
"""

from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.defects import Defect
from tests.own_sources import write_code_lists, write_source

TODAY = "3 March 2020\n"


@pytest.fixture
def shire(tmp_path: Path) -> Path:
    write_code_lists(tmp_path / "raw")
    return tmp_path / "raw"


def defects(raw: Path, sentence: str, *typed: str, language: str = "en") -> list[Defect]:
    """What is wrong with rows of observations of a sentence, whose 2019 has a role as the date of
    an event.
    """
    event = "counted,2019,,2019,,2019,,,"
    rows = {"observations": [*typed], "events": [event] if typed else []}
    write_source(raw, "union", f"{TODAY}{sentence}\n", rows, language=language)
    return check(raw).defects


@pytest.mark.parametrize(
    ("sentence", "period", "quote"),
    [
        ("In 2019, the shire had 500 clubs.", "2019", "In 2019, the shire had 500 clubs"),
        ("By the end of 2019 the shire had 500 clubs.", "../2019", None),
        ("“On 1 May 2019, the shire had 500 clubs,” they say.", "2019-05-01", None),
        (
            "In 2019, by its own count, the shire had 500 clubs.",
            "2019",
            "In 2019, by its own count, the shire had 500 clubs",
        ),
        ("In 2019 there were 400 cats, and 500 clubs in the shire.", "2019", None),
        ("In 2019, all was well, and the shire now has 500 clubs.", "", None),
        ("In 2019, all was well – the shire has 500 clubs.", "", None),
        ("In 2018 or 2019, all met; the shire has 500 clubs.", "", None),
        ("In 2018, all was well, and in 2019 the shire had 500 clubs.", "2019", None),
        ("All met in 2019. The shire has 500 clubs.", "", None),
    ],
)
def test_the_row_to_paste_has_the_date_that_begins_the_sentence_and_no_other(
    sentence: str, period: str, quote: str | None, shire: Path
) -> None:
    found = [defect for defect in defects(shire, sentence) if defect.found == "500"]
    (row,) = [
        line
        for defect in found
        for line in defect.expected.splitlines()
        if "observations.csv: " in line
    ]
    assert row.partition("INDICATOR,AREA,,")[2].startswith(f"{period},500,")
    if quote:
        assert quote in row


def test_a_pasted_row_that_is_filled_in_is_right(shire: Path) -> None:
    quote = "In 2019, the shire had 500 clubs"
    assert defects(shire, f"{quote}.", f'clubs,clubs,FEN,,2019,500,,,"{quote}",,,,') == []


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("In 2019, the shire had 500 clubs.", "the shire had 500 clubs"),
        ("In 2019 alone the shire had 500 clubs.", "the shire had 500 clubs"),
        ("In 2019, all was well, and the shire had 500 clubs.", "the shire had 500 clubs"),
    ],
)
def test_the_day_of_publication_is_not_taken_in_silence_where_another_date_begins_the_sentence(
    sentence: str, quote: str, shire: Path
) -> None:
    (wrong,) = defects(shire, sentence, f"clubs,clubs,FEN,,,500,,,{quote},,,,")
    assert (wrong.file, wrong.line, wrong.column) == ("union/observations.csv", 2, "period")
    assert "2019, since '2019' begins the sentence" in wrong.expected


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("In 2019, all was well, and the shire now has 500 clubs.", "the shire now has 500 clubs"),
        ("In 2019 all was well: the shire has 500 clubs.", "the shire has 500 clubs"),
        ("2019 – the shire has 500 clubs.", "the shire has 500 clubs"),
        ("All was well in 2019. The shire has 500 clubs.", "The shire has 500 clubs"),
    ],
)
def test_a_date_that_does_not_govern_a_number_leaves_it_to_the_day_of_publication(
    sentence: str, quote: str, shire: Path
) -> None:
    assert defects(shire, sentence, f"clubs,clubs,FEN,,,500,,,{quote},,,,") == []


def test_events_and_statements_are_dated_by_the_beginning_of_their_sentence_too(
    shire: Path,
) -> None:
    text = f"{TODAY}In 2019 the union met the council. In 2019 the union said “We met.”\n"
    rows = {
        "events": [
            "one,2019,,2019,,2019,1,,",
            "two,2019,,2019,,2019,2,,",
            "met,,union,the union met the council,,the union met the council,,,",
        ],
        "statements": ["said,,union,,,direct,,“We met.”,,"],
    }
    write_source(shire, "union", text, rows)
    assert [(one.file, one.line, one.column) for one in check(shire).defects] == [
        ("union/events.csv", 4, "period"),
        ("union/statements.csv", 2, "period"),
    ]


def test_a_note_that_quotes_the_date_says_that_it_is_not_meant(shire: Path) -> None:
    row = 'clubs,clubs,FEN,,,500,,,the shire has 500 clubs,,,,"Since 2019, but of today"'
    assert defects(shire, "In 2019 all was well, and the shire has 500 clubs.", row) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "В 2019 году в области было 500 клубов."),
        ("ru", "По состоянию на 1 мая 2019 года в области было 500 клубов."),
        ("ru", "В 2019 г. Область имела 500 клубов."),
        ("kk", "2019 жылы облыста 500 клуб жұмыс істеді."),
        ("de", "Im Jahr 2019 gab es 500 Vereine."),
        ("fr", "En 2019, il y avait 500 clubs."),
    ],
)
def test_the_date_begins_a_sentence_in_every_language(
    language: str, sentence: str, shire: Path
) -> None:
    (found,) = [one for one in defects(shire, sentence, language=language) if one.found == "500"]
    assert ",,2019" in found.expected


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        (
            "В области 500 тыс. клубов и 300 тыс. членов, и всё.",
            "В области 500 тыс. клубов и 300 тыс. членов",
        ),
        ("Их 500 тыс. НПО в области, и всё.", "Их 500 тыс. НПО в области"),
        ("Их 500 тыс. Они малы.", "Их 500 тыс"),
    ],
)
def test_a_quote_does_not_end_at_the_full_stop_of_an_abbreviation(
    sentence: str, quote: str, shire: Path
) -> None:
    found, *_ = (
        one for one in defects(shire, sentence, language="ru") if one.found.startswith("500")
    )
    assert f",500000,,,{quote}," in found.expected.replace('"', "")
