"""Whose claim a fact is: what a sentence says of it, or quotation marks, the row says, too; and
what a note may settle.
"""

from pathlib import Path

import pytest

from pipeline.check import check
from tests.own_sources import write_code_lists, write_source

TITLE = "Clubs of the shire\n3 March 2020\n\n"


def defects_of(
    raw: Path, sentence: str, *observations: str, statements: tuple[str, ...] = (), **toml: str
) -> list[str]:
    write_code_lists(raw)
    rows = {"observations": list(observations), "statements": list(statements)}
    write_source(raw, "gazette", TITLE + sentence + "\n", rows, **toml)
    return [f"{defect.column}: {defect.expected}" for defect in check(raw).defects]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("According to the Shire Council, Fenland has 45 clubs.", "Fenland has 45 clubs"),
        ("Fenland has 45 clubs, according to the Shire Council.", "Fenland has 45 clubs"),
        ("The council said that Fenland has 45 clubs.", "Fenland has 45 clubs"),
        (
            "The council met. It rained, the Shire Council noted, on 45 clubs in Fenland.",
            "on 45 clubs in Fenland",
        ),
    ],
)
def test_what_a_sentence_has_from_somebody_says_so(
    tmp_path: Path, sentence: str, quote: str
) -> None:
    silent, told = (
        f"clubs,clubs,FEN,,,45,,,{quote!r},,,{who},".replace("'", '"') for who in ("", "council")
    )
    (found,) = defects_of(tmp_path / "silent", sentence, silent)
    assert (
        found == "attributed_to: who claims it, since the words are not the source's own: council"
    )
    assert not defects_of(tmp_path / "told", sentence, told)


def test_what_stands_in_quotation_marks_says_whose_claim_it_is(tmp_path: Path) -> None:
    sentence = "“Fenland has 45 clubs now.” This the Shire Council said of 77 members in Fenland."
    speech = "speech,,council,,,direct,FEN,“Fenland has 45 clubs now.”,,"
    rows = [
        "members,members,FEN,,,77,,,77 members in Fenland,,,council,",
        "clubs,clubs,FEN,,,45,,,Fenland has 45 clubs now,,,{},",
    ]
    (found,) = defects_of(
        tmp_path / "silent", sentence, *(row.format("") for row in rows), statements=(speech,)
    )
    assert found.startswith(
        "attributed_to: who claims it, since the words are not the source's own: "
    )
    assert not defects_of(
        tmp_path / "told", sentence, *(row.format("council") for row in rows), statements=(speech,)
    )


def test_beside_what_it_quotes_a_sentence_speaks_for_itself(tmp_path: Path) -> None:
    sentence = "“We go on,” the Shire Council said in Fenland which has 45 clubs."
    speech = 'speech,,council,,,direct,FEN,"“We go on,”",,'
    assert not defects_of(
        tmp_path,
        sentence,
        "clubs,clubs,FEN,,,45,,,Fenland which has 45 clubs,,,,",
        statements=(speech,),
    )


def test_of_two_who_speak_in_a_paragraph_each_has_the_own_claims(tmp_path: Path) -> None:
    sentence = (
        "According to the Shire Council, Fenland has 45 clubs. “Fenland has 77 members,” "
        "said the Union of Clubs."
    )
    rows = [
        "clubs,clubs,FEN,,,45,,,Fenland has 45 clubs,,,council,",
        "members,members,FEN,,,77,,,has 77 members,,,union,",
    ]
    speech = 'speech,,union,,,direct,FEN,"“Fenland has 77 members,”",,'
    assert not defects_of(tmp_path / "right", sentence, *rows, statements=(speech,))
    (found,) = defects_of(
        tmp_path / "wrong",
        sentence,
        rows[0],
        rows[1].replace(",union,", ",,"),
        statements=(speech,),
    )
    assert found == "attributed_to: who claims it, since the words are not the source's own: union"


@pytest.mark.parametrize(
    ("note", "is_settled"),
    [("NOTE: 45", False), ("45", False), ("45 is read as fewer than that", True)],
)
def test_a_note_that_says_nothing_settles_nothing(
    tmp_path: Path, note: str, *, is_settled: bool
) -> None:
    row = f"clubs,clubs,FEN,,,45,lt,,Fenland has barely 45 clubs,,,,{note}"
    assert (not defects_of(tmp_path, "Fenland has barely 45 clubs.", row)) == is_settled


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        (
            "In Fenland clubs rose from 210 in 2017 to 505 in 2018.",
            ["2017,210,,,210 in 2017", "2018,505,,,505 in 2018"],
        ),
        (
            "In 2017 Fenland had 210 clubs and in 2018 505 clubs.",
            ["2017,210,,,2017 Fenland had 210", "2018,505,,,2018 505"],
        ),
        (
            "In 2017 Fenland had 210 clubs and 505 clubs in 2018 and 2019.",
            ["PERIOD,210,,,210", "PERIOD,505,,,505"],
        ),
    ],
)
def test_the_row_to_paste_has_the_period_of_its_own_number(
    tmp_path: Path, sentence: str, rows: list[str]
) -> None:
    found = [told for told in defects_of(tmp_path, sentence) if "role for this number" in told]
    assert [row in told for row, told in zip(rows, found, strict=True)] == [True, True], found


def test_an_occurrence_is_one_of_whole_words_and_numbers(tmp_path: Path) -> None:
    sentence = "In 2020 the shire had 20 clubs, and 20 members in Fenland joined 120 others."
    rows = [
        'clubs,clubs,FEN,,2020,20,,,"In 2020 the shire had 20 clubs",,,,',
        "members,members,FEN,,XXXX,20,,,20,2,Fenland,,",
        "others,members,FEN,,XXXX,120,,,120,,Fenland,,",
    ]
    assert not [
        told
        for told in defects_of(tmp_path, sentence, *rows)
        if told.startswith(("quote", "occurrence", "value"))
    ]
