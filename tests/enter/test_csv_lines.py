"""A row is changed cell by cell, and keeps the bytes of all others: so do the lines around it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.enter.csv_lines import as_line, cells_of, changed_line, raw_cells, split_lines
from pipeline.enter.edits import Edit, Refused, apply, read_lines, schema_of
from schemas.raw_files import SOURCE_FILES
from tests.conftest import ROOT
from tests.enter.events_file import COLUMNS, EVENTS, HEADER, done, raw_with, row

TYPED = sorted((ROOT / "raw").glob("*/*.csv"))
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


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.name)
def test_a_row_is_typed_as_the_rows_of_this_repository_are(path: Path) -> None:
    file = path.relative_to(ROOT / "raw").as_posix()
    schema = schema_of(file)
    lines = read_lines(ROOT / "raw", file)
    assert schema is not None
    assert not isinstance(lines, Refused)
    for index in lines.rows():
        line = lines.lines[index]
        cells = dict(zip(lines.header, cells_of(line), strict=True))
        typed = as_line(schema, cells, lines.header)
        assert cells_of(typed) == cells_of(line)
        assert typed == line or len(typed) < len(line)
        assert changed_line(schema, line, lines.header, cells) == line


def test_a_needless_quotation_mark_stays_where_another_cell_is_changed() -> None:
    line = '"fact-1",2011,,"held, at last",KZ,"the ""Forum""",,"",'
    changed = changed_line(
        SOURCE_FILES["events"], line, COLUMNS, {"period": "2012", "note": "a, b"}
    )
    assert changed == '"fact-1",2012,,"held, at last",KZ,"the ""Forum""",,"","a, b"'


@given(st.lists(ODD, min_size=1, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_cells_are_those_that_any_reader_of_csv_finds(cells: list[str], marks: list[bool]) -> None:
    line = ",".join(map(typed_cell, cells, marks))
    assert cells_of(line) == cells
    assert ",".join(raw_cells(line) or []) == line


@given(st.text('ab," ', max_size=10))
def test_a_line_with_an_open_quotation_mark_is_none_for_us_where_it_is_none_for_the_reader(
    line: str,
) -> None:
    try:
        expected = next(csv.reader([line], strict=True), [])
    except csv.Error:
        assert raw_cells(line) is None
    else:
        assert cells_of(line) == (expected or [""])


def test_a_cell_of_no_column_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError, match=r"events\.csv has no column \['colour'\]"):
        as_line(SOURCE_FILES["events"], {"colour": "red"}, COLUMNS)


def apart(content: bytes) -> tuple[list[str], bool, bool]:
    """The lines of a file, and whether it has a byte-order mark and an end after the last line."""
    text = content.decode()
    lines = [line for line, _ in split_lines(text.removeprefix("\ufeff"))]
    return lines, text.startswith("\ufeff"), text.endswith(("\r", "\n"))


@given(typed_files(), st.data())
@settings(max_examples=100, deadline=None)
def test_lines_that_are_not_changed_keep_their_bytes(file: Typed, data: st.DataObject) -> None:
    what = data.draw(st.sampled_from(["new", "changed", "gone"] if file.rows else ["new"]))
    before = None if what == "new" else data.draw(st.sampled_from(file.rows))
    after = None if what == "gone" else row("қоғам", "a new, “quoted” row", note='"')
    with raw_with(file.content) as raw:
        edited = done(apply(raw, Edit(EVENTS, before, after)))
        content = (raw / EVENTS).read_bytes()
    lines, *form = apart(file.content)
    if before is not None:
        at = lines.index(before)
        lines[at : at + 1] = [] if after is None else [after]
        assert edited.line == at + 1
    elif after is not None:
        lines.insert(edited.line - 1, after)
    # a blank line has an end, or is none
    assert apart(content) == (lines, form[0], form[1] or not lines[-1])
    ends = [end for _, end in split_lines(file.content.decode()) if end]
    assert {end for _, end in split_lines(content.decode())} <= {*ends, "", *["\n"] * (not ends)}


def test_a_file_whose_last_line_has_no_end_has_none_afterwards(folder: Path) -> None:
    path, first, last = folder / EVENTS, row("first"), row("last")
    path.write_bytes(f"{HEADER}\r\n{first}".encode())
    done(apply(folder, Edit(EVENTS, None, last)))
    assert path.read_bytes() == f"{HEADER}\r\n{first}\r\n{last}".encode()
    done(apply(folder, Edit(EVENTS, last, None)))
    assert path.read_bytes() == f"{HEADER}\r\n{first}".encode()


def test_the_rights_of_a_file_stay_as_they_were(typed: Callable[..., Path], folder: Path) -> None:
    path = typed()
    path.chmod(0o640)
    done(apply(folder, Edit(EVENTS, None, row("held"))))
    assert path.stat().st_mode & 0o777 == 0o640


def test_nothing_but_the_file_is_left_in_raw(folder: Path) -> None:
    for name in ("events", "waivers"):
        (folder / f"union-2020/.{name}.csv.aside").write_text("of a writer that was killed")
    done(apply(folder, Edit(EVENTS, None, row("held"))))
    assert [path.name for path in folder.rglob("*")] == ["union-2020", "events.csv"]
