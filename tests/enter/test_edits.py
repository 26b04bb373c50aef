"""The hand-typed files of raw/ are changed row by row: all else keeps its bytes, and can be had
back.
"""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.durable import one_writer_at_a_time
from pipeline.enter.csv_lines import as_line, cells_of, changed_line, raw_cells, split_lines
from pipeline.enter.edits import Edit, Edited, Refused, Undo, apply, read_lines, schema_of
from pipeline.enter.order import words_of
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import SOURCE_FILES
from tests.conftest import ROOT, SOURCE

EVENTS = "union-2020/events.csv"
HEADER = "fact_id,period,who,what,where,quote,occurrence,attributed_to,note"
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


def row(fact_id: str, quote: str = "", **cells: str) -> str:
    return as_line(SOURCE_FILES["events"], {"fact_id": fact_id, "quote": quote, **cells}, COLUMNS)


COLUMNS = HEADER.split(",")


@contextmanager
def raw_with(content: bytes | None, file: str = EVENTS) -> Iterator[Path]:
    """A raw folder with one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, file)
        path.parent.mkdir(exist_ok=True)
        if content is not None:
            path.write_bytes(content)
        yield Path(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A raw folder with an empty source."""
    (tmp_path / "union-2020").mkdir()
    return tmp_path


@pytest.fixture
def typed(folder: Path) -> Callable[..., Path]:
    """Type lines into events.csv."""

    def write(*rows: str) -> Path:
        path = folder / EVENTS
        path.write_text("".join(f"{one}\n" for one in (HEADER, *rows)), encoding="utf-8")
        return path

    return write


def done(result: Edited | Refused) -> Edited:
    assert isinstance(result, Edited), result
    return result


def refused(result: Edited | Refused) -> Refused:
    assert isinstance(result, Refused), result
    return result


def rows_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


# --- lines ----------------------------------------------------------------------------------------


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


# --- what is not changed --------------------------------------------------------------------------


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


# --- taken back -----------------------------------------------------------------------------------


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


# --- where a new row goes -------------------------------------------------------------------------

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


# --- who else writes ------------------------------------------------------------------------------


def test_what_an_editor_saves_while_we_write_is_kept(
    typed: Callable[..., Path], folder: Path
) -> None:
    path = typed(row("first", "форум"))
    asked = []

    def find_while_somebody_saves(quote: str, _: str) -> tuple[int, int]:
        asked.append(quote)
        if len(asked) == 1:
            typed(row("first", "форум", note="by hand"), row("second"))
        return (0, 1)

    done(apply(folder, Edit(EVENTS, None, row("third", "met")), find_while_somebody_saves))
    expected = [row("first", "форум", note="by hand"), row("second"), row("third", "met")]
    assert rows_of(path) == expected


WRITER = """
import sys
from pathlib import Path
from pipeline.enter.edits import Edit, Edited, apply
raw, file, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
print("ready", flush=True)
sys.stdin.readline()
for number in range(15):
    row = f"{name}-{number},,,,,,,,"
    for edit in (Edit(file, None, row), Edit(file, row, row + "mended")):
        assert isinstance(apply(raw, edit), Edited)
"""


def test_several_servers_at_once_lose_no_row(folder: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(folder), EVENTS]
    begun = [
        subprocess.Popen(
            [*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for name in ("tab", "server")
    ]
    for one in begun:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in begun:
        one.communicate("go\n")
    assert [one.returncode for one in begun] == [0, 0]
    expected = [
        f"{name}-{number},,,,,,,,mended" for name in ("tab", "server") for number in range(15)
    ]
    assert sorted(rows_of(folder / EVENTS)) == sorted(expected)


def test_several_tabs_at_once_lose_no_row(folder: Path) -> None:
    rows = [row(f"fact-{number}") for number in range(60)]
    with ThreadPoolExecutor(4) as tabs:
        for result in tabs.map(lambda one: apply(folder, Edit(EVENTS, None, one)), rows):
            done(result)
    assert sorted(rows_of(folder / EVENTS)) == sorted(rows)


def test_accepting_a_text_waits_for_who_writes_and_keeps_the_ends_of_lines(
    raw: Path, told: Callable[[], tuple[str, str]]
) -> None:
    path, text = raw / SOURCE / "source.toml", raw / SOURCE / "text.txt"
    content = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(content)
    text.write_bytes(text.read_bytes() + b"\n")
    command = ["check", "--raw", str(raw), "--accept-text", "--outputs", str(raw / "none")]
    with ThreadPoolExecutor(1) as other:
        with one_writer_at_a_time(raw):
            checked = other.submit(main, command)
            while not checked.done() and not _waits(raw):
                pass
            assert path.read_bytes() == content
        checked.result()
    assert told()[0]
    assert path.read_bytes() != content
    assert (
        path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == content.count(b"\n")
    )


def _waits(folder: Path) -> bool:
    """Whether somebody waits for the lock of a folder (the system lists who does with an arrow)."""
    inode = f":{folder.stat().st_ino} "
    locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    return any("->" in one and inode in one for one in locks)


# --- what is refused ------------------------------------------------------------------------------


def test_a_row_that_was_changed_by_hand_is_shown_and_not_overwritten(
    typed: Callable[..., Path], folder: Path
) -> None:
    path = typed(row("held", note="by hand"))
    why = refused(apply(folder, Edit(EVENTS, row("held"), row("held", note="ours"))))
    assert (why.code, why.now) == ("changed", row("held", note="by hand"))
    assert "line 2 of union-2020/events.csv is now 'held,,,,,,,,by hand'" in why.sentence
    assert refused(apply(folder, Edit(EVENTS, row("held"), None))).now == why.now
    assert rows_of(path) == [row("held", note="by hand")]


def test_a_row_that_was_deleted_by_hand_is_not_changed_but_may_be_deleted(
    typed: Callable[..., Path], folder: Path
) -> None:
    path = typed(row("other"))
    why = refused(apply(folder, Edit(EVENTS, row("held"), row("held", note="ours"))))
    assert "somebody has deleted or renamed it" in why.sentence
    assert done(apply(folder, Edit(EVENTS, row("held"), None))).was_done
    assert rows_of(path) == [row("other")]


def test_what_is_done_already_is_done_once(typed: Callable[..., Path], folder: Path) -> None:
    path, undo = typed(row("held", note="ours")), Undo()
    for edit in (
        Edit(EVENTS, None, row("held", note="ours")),
        Edit(EVENTS, row("held"), row("held", note="ours")),
        Edit(EVENTS, row("held", note="ours"), row("held", note="ours")),
        Edit("union-2020/statements.csv", "gone,,,,,,,,,", None),
    ):
        edited = done(apply(folder, edit))
        assert edited.was_done
        undo.add(edited)
    assert not undo.done
    assert rows_of(path) == [row("held", note="ours")]
    assert not (folder / "union-2020/statements.csv").exists()


def test_of_equal_rows_the_one_is_changed_that_is_meant(
    typed: Callable[..., Path], folder: Path
) -> None:
    path = typed(row("held"), row("other"), row("held"))
    why = refused(apply(folder, Edit(EVENTS, row("held"), row("held-again"))))
    assert "The same row stands in lines 2 and 4 of" in why.sentence
    done(apply(folder, Edit(EVENTS, row("held"), row("held-again"), line=4)))
    assert rows_of(path) == [row("held"), row("other"), row("held-again")]


def test_letters_that_are_typed_in_another_form_of_unicode_are_the_same_row(
    typed: Callable[..., Path], folder: Path
) -> None:
    composed, decomposed = (row("held", normalize(form, "йод")) for form in ("NFC", "NFD"))
    path = typed(decomposed)
    done(apply(folder, Edit(EVENTS, composed, row("held", "иод"))))
    assert composed != decomposed
    assert rows_of(path) == [row("held", "иод")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HEADER.encode() + b'\nheld,,,,,"a quote,,,\n', "events.csv, line 2: 'held,,,,,\"a quote"),
        (HEADER.encode() + b'\nheld,,,,,"a\nbreak",,,\n', "events.csv, line 2: 'held,,,,,\"a'"),
        (HEADER.encode() + b"\nheld\0,,,,,,,,\n", "events.csv, line 2: expected UTF-8"),
        (HEADER.encode() + "\nсоюз,,,,,,,,\n".encode("cp1251"), "Windows, Cyrillic"),
        (HEADER.replace("who,", "").encode() + b"\n", "expected a column who"),
        (HEADER.replace(",", ";").encode() + b"\n", "expected commas between the cells"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(content: bytes, says: str) -> None:
    with raw_with(content) as raw:
        for why in (apply(raw, Edit(EVENTS, None, row("new"))), read_lines(raw, EVENTS)):
            assert isinstance(why, Refused)
            assert says in why.sentence
            assert why.sentence.endswith("Mend that in an editor first; nothing was written.")
        assert (raw / EVENTS).read_bytes() == content


@pytest.mark.parametrize(
    "file",
    [
        *("../events.csv", "events.csv", "union-2020/../findings.csv", "/a.csv", "releases.csv"),
        *("none-2020/events.csv", "link-2020/events.csv"),
        *("union-2020/source.toml", "union-2020/agents.csv"),
    ],
)
def test_only_files_that_are_entered_row_by_row_are_written(file: str, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "union-2020").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (raw / "link-2020").symlink_to(tmp_path / "elsewhere")
    refused(apply(raw, Edit(file, None, row("new"))))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "line",
    ["a,b", row("a") + ",", "a,,,,\n,,,,", "a\0,,,,,,,,", 'a,"b,,,,,,,', "\ud800,,,,,,,,", ""],
)
def test_what_is_no_row_is_not_written(line: str, typed: Callable[..., Path], folder: Path) -> None:
    path = typed(row("held"))
    for before in (None, row("held")):
        assert refused(apply(folder, Edit(EVENTS, before, line))).code == "no_row"
    assert rows_of(path) == [row("held")]


# --- columns and files that come with a row -------------------------------------------------------


def test_a_file_is_made_with_its_header_when_its_first_row_is(folder: Path) -> None:
    done(apply(folder, Edit("union-2020/observations.csv", None, "members" + "," * 12)))
    done(apply(folder, Edit("findings.csv", None, "a_rule,a group,incomplete,,,not said")))
    header = (folder / "union-2020/observations.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.endswith(",attributed_to,note")
    assert (folder / "findings.csv").read_text(encoding="utf-8") == (
        "rule_id,group_id,type,lower,upper,reason\na_rule,a group,incomplete,,,not said\n"
    )


def test_a_row_typed_before_another_tab_has_added_a_column_still_finds_its_place(
    folder: Path,
) -> None:
    file = "union-2020/observations.csv"
    rows = ["members" + "," * 12, "clubs" + "," * 13 + "members", "halls" + "," * 12]
    for one in rows:
        done(apply(folder, Edit(file, None, one)))
    done(apply(folder, Edit(file, rows[0], rows[0] + "a note")))
    assert rows_of(folder / file) == [rows[0] + "a note,", rows[1], rows[2] + ","]
