"""A new row goes where its words stand in the text."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.enter.csv_lines import as_line, cells_of
from pipeline.enter.edits import Edit, Refused, apply, read_lines
from pipeline.enter.order import words_of
from schemas.code_lists import CODE_LISTS
from tests.conftest import ROOT, SOURCE
from tests.enter.events_file import EVENTS, done, raw_with, row, rows_of

TEXT = (
    "Қазақстанда 2003 жылы форум өтті. В 2005 году принята программа «Забота», и в 2005 году "
    "союз собрал 40 клубов. In 2010 the union met, and met again."
)


@given(st.permutations(range(6)))
@settings(max_examples=20, deadline=None)
def test_rows_stand_in_the_order_of_their_words_however_they_are_entered(order: list[int]) -> None:
    rows = [
        row("forum", "2003 жылы форум өтті"),
        row("programme", 'принята программа "Забота"'),
        row("clubs", "в 2005 году союз собрал 40 клубов"),
        row("union-met", "the union met"),
        row("union-met-2010", "the union met, and met again"),
        row("again", "met", occurrence="2"),
    ]
    with raw_with(None) as raw:
        find = words_of(TEXT)
        for which in order:
            done(apply(raw, Edit(EVENTS, None, rows[which]), find))
        assert rows_of(raw / EVENTS) == rows


@given(st.permutations(range(17)))
@settings(max_examples=3, deadline=None)
def test_the_statements_of_the_article_stand_as_in_the_repository_however_they_are_entered(
    order: list[int],
) -> None:
    path = ROOT / "raw" / SOURCE / "statements.csv"
    find = words_of((path.parent / "text.txt").read_text(encoding="utf-8"))
    with raw_with(None, f"{SOURCE}/statements.csv") as raw:
        for which in order:
            done(apply(raw, Edit(f"{SOURCE}/statements.csv", None, rows_of(path)[which]), find))
        assert (raw / SOURCE / "statements.csv").read_bytes() == path.read_bytes()


def test_a_row_whose_words_stand_nowhere_keeps_its_place_and_a_new_one_goes_to_the_end(
    typed: Callable[..., Path], folder: Path
) -> None:
    lost, forum, met = row("lost", "no such words"), row("forum", "форум"), row("met", "union met")
    path = typed(lost, met)
    done(apply(folder, Edit(EVENTS, None, forum), words_of(TEXT)))
    done(apply(folder, Edit(EVENTS, None, row("also-lost", "nor these")), words_of(TEXT)))
    assert [one for one in rows_of(path) if one != lost] == [
        forum,
        met,
        row("also-lost", "nor these"),
    ]


def test_one_row_out_of_order_does_not_draw_others_to_it(
    typed: Callable[..., Path], folder: Path
) -> None:
    forum, met = row("forum", "2003 жылы форум"), row("met", "union met")
    early, clubs = row("early", "Қазақстанда"), row("clubs", "40 клубов")
    path = typed(forum, met, early)
    done(apply(folder, Edit(EVENTS, None, clubs), words_of(TEXT)))
    assert rows_of(path) == [forum, clubs, met, early]


def test_a_category_follows_those_of_its_tree_and_other_codes_go_to_the_end(raw: Path) -> None:
    for name, cells in (
        ("categories", {"code": "sport", "tree": "activities"}),
        ("areas", {"code": "UZ"}),
    ):
        file = f"codelists/{name}.csv"
        lines = read_lines(raw, file)
        assert not isinstance(lines, Refused)
        done(apply(raw, Edit(file, None, as_line(CODE_LISTS[name], cells, lines.header))))
        rows = [cells_of(one) for one in rows_of(raw / file)]
        place = next(i for i, one in enumerate(rows) if one[0] in {"sport", "UZ"})
        if name == "categories":
            assert [one[1] for one in rows].index("activities") < place
            assert {one[1] for one in rows[place + 1 :]} == {"dialogue_levels"}
        else:
            assert place == len(rows) - 1
