"""Rows are changed beside whoever else writes; what cannot be changed safely is refused."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unicodedata import normalize

import pytest

from pipeline.cli import main
from pipeline.durable import one_writer_at_a_time
from pipeline.enter.edits import Edit, Refused, Undo, apply, read_lines
from tests.conftest import ROOT, SOURCE
from tests.enter.events_file import EVENTS, HEADER, done, raw_with, refused, row, rows_of


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
