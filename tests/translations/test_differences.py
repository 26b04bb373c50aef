"""What a text and its translation both say, what one says otherwise, and what only one says."""

from collections.abc import Callable

import pytest

from pipeline.check import Checked
from schemas.rules import TRANSLATIONS_AGREE
from schemas.tables import TABLES
from tests.translations.conftest import (
    EVENTS_AGAIN,
    NUMBERS_AGAIN,
    PAIR,
    compared,
    findings,
    rows_of,
)


def test_equal_facts_in_other_words_are_pairs_that_agree_though_published_on_another_day(
    translate: Callable[..., Checked],
) -> None:
    checked = translate()
    assert set(compared(checked)["outcome"]) == {"satisfied"}
    assert set(compared(checked)["group_id"]) == {
        "gazette/all bulletin/every-club",
        "gazette/chess bulletin/of-chess",
        "gazette/rowing bulletin/of-rowing",
        "gazette/boathouse bulletin/built",
        "gazette/meeting bulletin/assembly",
    }
    assert findings(checked) == []
    assert checked.unacknowledged == []
    for name, schema in TABLES.items():
        schema.validate(checked.tables[name], lazy=True)


@pytest.mark.parametrize(
    ("changes", "pair", "said"),
    [
        (
            [("150", "160")],
            PAIR,
            "gazette says 150, its translation bulletin says 160. They cannot both be true",
        ),
        (
            [("counted 150", "counted more than 150"), (",150,,", ",150,gt,")],
            PAIR,
            "says more than 150. They cannot both",
        ),
        (
            [("counted 150", "counted about 150"), (",150,,", ",150,approx,")],
            PAIR,
            "says about 150. Both can be true, but a translation says the same; other here: hedge",
        ),
        (
            [("More than 400", "At least 400"), (",400,gt", ",400,ge")],
            "gazette/all bulletin/every-club",
            (
                "gazette says more than 400, its translation bulletin says at least 400. Both can "
                "be true"
            ),
        ),
        (
            [("More than 400", "More than 390"), (",400,", ",390,")],
            "gazette/all bulletin/every-club",
            (
                "says more than 390. Both can be true, but a translation says the same; other "
                "here: number"
            ),
        ),
        (
            [("61.5 percent", "61.50 percent"), (",61.5,", ",61.50,")],
            "gazette/rowing bulletin/of-rowing",
            "says 61.50. Both can be true, but a translation says the same; other here: precision",
        ),
        (
            [("boathouse in Moorland", "boathouse in Fenland"), (",MOOR,", ",FEN,")],
            "gazette/boathouse bulletin/built",
            (
                "says 'A boathouse' in FEN. Both can be true, but a translation says the same; "
                "other here: place"
            ),
        ),
    ],
)
def test_a_fact_that_the_translation_says_otherwise_is_a_contradiction_that_says_how(
    translate: Callable[..., Checked], changes: list[tuple[str, str]], pair: str, said: str
) -> None:
    checked = translate(*changes)
    assert findings(checked) == [("contradiction", pair)]
    assert said in compared(checked).filter(group_id=pair)["explanation"].item()
    (defect,) = [one for one in checked.unacknowledged if TRANSLATIONS_AGREE in one.expected]
    assert said in defect.message


def test_a_number_that_the_translation_puts_in_somebodys_mouth_is_a_contradiction(
    translate: Callable[..., Checked],
) -> None:
    claimed = "150 clubs in 2019 according to the council"
    row = "clubs,FEN,chess,2019,150,,,Chess in the shire counted 150 clubs in 2019,,,council,"
    checked = translate(
        ("150 clubs in 2019", claimed),
        rows=rows_of({**NUMBERS_AGAIN, "of-chess": row}, EVENTS_AGAIN),
    )
    assert findings(checked) == [("contradiction", PAIR)]
    assert (
        "says 150 (claimed by council). Both can be true"
        in compared(checked).filter(group_id=PAIR)["explanation"].item()
    )


@pytest.mark.parametrize(
    "changes",
    [
        [
            ("150 clubs", "150 members"),
            ("clubs,FEN,chess,2019", "members,FEN,,2019"),
            ("Chess in", "People in"),
        ],
        [("Chess in the shire", "Chess in Moorland"), ("clubs,FEN,chess", "clubs,MOOR,chess")],
        [("Chess in", "Rowing in"), ("clubs,FEN,chess", "clubs,FEN,rowing")],
        [("in 2019", "in 2016"), (",2019,", ",2016,")],
    ],
    ids=["indicator and unit", "area", "category", "period"],
)
def test_a_fact_about_something_else_is_what_each_text_lacks(
    translate: Callable[..., Checked], changes: list[tuple[str, str]]
) -> None:
    checked = translate(*changes)
    assert findings(checked) == [
        ("incomplete", "gazette bulletin/of-chess"),
        ("incomplete", "gazette/chess bulletin"),
    ]


@pytest.mark.parametrize(("file", "name"), [("observations", "of-chess"), ("events", "assembly")])
def test_what_the_translation_leaves_out_is_incomplete_and_named(
    translate: Callable[..., Checked], file: str, name: str
) -> None:
    rows = rows_of(NUMBERS_AGAIN, EVENTS_AGAIN)
    rows[file] = [row for row in rows[file] if not row.startswith(f"{name},")]
    sentence = (
        "Chess in the shire counted 150 clubs in 2019. "
        if file == "observations"
        else " The union assembled in 2017."
    )
    lost = "gazette/chess" if file == "observations" else "gazette/meeting"
    checked = translate((sentence, ""), rows=rows)
    assert findings(checked) == [("incomplete", f"{lost} bulletin")]
    explanation = compared(checked).filter(group_id=f"{lost} bulletin")["explanation"].item()
    assert f"({lost}), and bulletin does not." in explanation


def test_what_the_translation_adds_is_incomplete_and_named(
    translate: Callable[..., Checked],
) -> None:
    rows = rows_of(
        {**NUMBERS_AGAIN, "more": "members,MOOR,,,77,,,Moorland has 77 members,,,,"},
        {**EVENTS_AGAIN, "again": "2016,union,the union danced,,In 2016 the union danced,,,"},
    )
    added = "The union assembled in 2017. Moorland has 77 members. In 2016 the union danced."
    checked = translate(("The union assembled in 2017.", added), rows=rows)
    assert findings(checked) == [
        ("incomplete", "gazette bulletin/again"),
        ("incomplete", "gazette bulletin/more"),
    ]
    finding = checked.tables["findings"].filter(group_id="gazette bulletin/more").row(0, named=True)
    assert (finding["lower"], finding["upper"]) == (77, 77)


def test_another_date_or_doer_of_an_event_is_found(translate: Callable[..., Checked]) -> None:
    checked = translate(
        ("The union assembled in 2017", "The union assembled in 2016"),
        (",2017,union", ",2016,union"),
    )
    assert findings(checked) == [
        ("incomplete", "gazette bulletin/assembly"),
        ("incomplete", "gazette/meeting bulletin"),
    ]


def test_of_facts_alike_those_that_say_the_same_are_paired_first(
    translate: Callable[..., Checked],
) -> None:
    """The original has one number of clubs; the translation says it, and before it another one."""
    more = "more,clubs,FEN,,,300,gt,,The shire has more than 300 clubs,,,,"
    rows = rows_of(NUMBERS_AGAIN, EVENTS_AGAIN)
    rows["observations"].append(more)
    checked = translate(
        ("More than 400", "The shire has more than 300 clubs. More than 400"), rows=rows
    )
    assert findings(checked) == [("incomplete", "gazette bulletin/more")]
