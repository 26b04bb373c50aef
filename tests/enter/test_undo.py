"""What was done is taken back to the byte, but for what others have typed since."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.enter.csv_lines import as_line
from pipeline.enter.edits import Edit, Undo, apply
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import SOURCE_FILES
from tests.conftest import SOURCE
from tests.enter.events_file import EVENTS, HEADER, done, raw_with, refused, row, rows_of

ODD = st.text('abЖқһі ,";=é’\u00a0\u2028\x0b\x85', max_size=8)
"""What a cell may hold: all that is special in CSV, and what some programs take for ends of lines.
"""


class Typed(NamedTuple):
    """A file as some program has written it: its rows, and how."""

    rows: list[str]
    content: bytes


@st.composite
def typed_files(draw: st.DrawFn) -> Typed:
    """Draw a file with needless quotation marks, blank lines, rows of commas, any ends of lines."""
    mark = draw(st.sampled_from(["", "\ufeff"]))
    rows, lines = [], [HEADER]
    for number in range(draw(st.integers(0, 4))):
        cells = [f"fact-{number}", *draw(st.lists(ODD, min_size=8, max_size=8))]
        marks = draw(st.lists(st.booleans(), min_size=9, max_size=9))
        rows.append(",".join(map(typed_cell, cells, marks)))
        lines += [rows[-1], *draw(st.lists(st.sampled_from(["", "," * 8]), max_size=1))]
    end = draw(st.sampled_from([st.just("\n"), st.just("\r\n"), st.just("\r"), MIXED_ENDS]))
    ends = [draw(end) for _ in lines]
    ends[-1] = draw(st.sampled_from([ends[-1], ""])) if lines[-1] else ends[-1]
    content = mark + "".join(map("".join, zip(lines, ends, strict=True)))
    return Typed(rows, content.encode())


MIXED_ENDS = st.sampled_from(["\n", "\r\n"])


def typed_cell(cell: str, is_marked: bool) -> str:  # noqa: FBT001 (mapped over both)
    needs_marks = is_marked or "," in cell or '"' in cell
    return '"' + cell.replace('"', '""') + '"' if needs_marks else cell


@given(st.none() | typed_files(), st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_done_and_taken_back_was_never_done(
    file: Typed | None, data: st.DataObject
) -> None:
    with raw_with(file and file.content) as raw:
        undo, rows = Undo(), list(file.rows) if file else []
        for number in range(data.draw(st.integers(1, 4))):
            before = data.draw(st.none() | st.sampled_from(rows)) if rows else None
            new = row(f"new-{number}", data.draw(ODD))
            after = new if before is None else data.draw(st.sampled_from([new, None]))
            undo.add(done(apply(raw, Edit(EVENTS, before, after))))
            rows = [one for one in (*rows, after) if one not in {before, None}]
        for _ in tuple(undo.done):
            done(undo.undo(raw))
        path = raw / EVENTS
        assert (path.read_bytes() if path.exists() else None) == (file and file.content)


def test_a_column_that_came_with_a_row_goes_with_it(raw: Path) -> None:
    path, schema = raw / SOURCE / "observations.csv", SOURCE_FILES["observations"]
    old = path.read_bytes()
    header = old.decode().splitlines()[0].split(",")
    new = as_line(schema, {"fact_id": "members", "same_as": "ngos"}, header)
    undo = Undo()
    undo.add(done(apply(raw, Edit(f"{SOURCE}/observations.csv", None, new))))
    assert path.read_text(encoding="utf-8").splitlines()[0].endswith(",note,same_as")
    assert path.read_text(encoding="utf-8").splitlines()[-1] == "members" + "," * 13 + "ngos"
    done(undo.undo(raw))
    assert path.read_bytes() == old


def test_taking_back_keeps_what_others_have_typed_since(
    typed: Callable[..., Path], folder: Path
) -> None:
    path = typed(row("first"), row("second"), row("third"))
    undo = Undo()
    undo.add(done(apply(folder, Edit(EVENTS, row("second"), None))))
    typed(row("before"), row("first"), row("third", note="by hand"), row("last"))
    done(undo.undo(folder))
    expected = [row("before"), row("first"), row("second"), row("third", note="by hand")]
    assert rows_of(path) == [*expected, row("last")]


def test_a_row_that_an_editor_has_put_back_is_not_there_twice(
    typed: Callable[..., Path], folder: Path
) -> None:
    path = typed(row("first"), row("second"), row("third"))
    undo = Undo()
    undo.add(done(apply(folder, Edit(EVENTS, row("third"), None))))
    typed(row("first"), row("third"), row("second"))
    assert done(undo.undo(folder)).was_done
    assert rows_of(path) == [row("first"), row("third"), row("second")]


def test_taking_back_is_refused_after_a_change_by_hand_and_the_edit_before_it_is_next(
    typed: Callable[..., Path], folder: Path
) -> None:
    path = typed(row("first"))
    undo = Undo()
    undo.add(done(apply(folder, Edit(EVENTS, row("first"), row("first", note="ours")))))
    undo.add(done(apply(folder, Edit(EVENTS, None, row("second")))))
    typed(row("first", note="ours"), row("second", note="by hand"))
    why = refused(undo.undo(folder))
    assert why.now == row("second", note="by hand")
    assert "The row of 'second' was changed meanwhile: line 3 of" in why.sentence
    done(undo.undo(folder))
    assert rows_of(path) == [row("first"), row("second", note="by hand")]
    assert refused(undo.undo(folder)).sentence == "There is nothing to take back."


def test_a_new_column_stays_where_somebody_has_typed_a_row_since(folder: Path) -> None:
    path, file = folder / "codelists/indicators.csv", "codelists/indicators.csv"
    path.parent.mkdir()
    schema, undo = CODE_LISTS["indicators"], Undo()
    header = [name for name in schema.columns if name not in {"per", "raw_file", "raw_line"}]
    path.write_text(",".join(header) + "\nngos,,,,,,,base,tree,\n", encoding="utf-8")
    undo.add(
        done(apply(folder, Edit(file, None, as_line(schema, {"code": "b", "per": "day"}, header))))
    )
    with path.open("a", encoding="utf-8") as opened:
        opened.write("c,,,,,,,,year,,\n")
    done(undo.undo(folder))
    assert rows_of(path) == ["ngos,,,,,,,base,,tree,", "c,,,,,,,,year,,"]
