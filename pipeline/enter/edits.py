"""Change the hand-typed CSV files of raw/ row by row, as a typist would, and take changes back.

Each change is made on the file as it is at that moment: rows that an editor or another tab has
written meanwhile stay, and so does every byte of the lines that are not changed. Belongs here:
which line is changed, and what is refused. Does not belong here: what a line is made of
(csv_lines), where a new one goes (order), or whether its cells may stand (the checks of raw/).
"""

import hashlib
import re
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from pathlib import Path

from pandera.polars import DataFrameSchema

from pipeline.defects import Defect, shortened
from pipeline.enter.csv_lines import Lines, cells_of, raw_cells, split_lines
from pipeline.enter.order import FindWords, place_for
from pipeline.read.csv_file import wrong_header
from pipeline.read.raw_folder import CODE_LIST_FOLDER, FINDINGS_FILE
from pipeline.read.rewrite import as_typed, bare, rewrite
from schemas.code_lists import CODE_LISTS
from schemas.columns import SOURCE_ID
from schemas.raw_files import FINDINGS_CSV, SOURCE_FILES

CHANGED, TWICE = "changed", "twice"
"""Why nobody can say which row an edit is about."""

_UNWRITABLE = re.compile("[\r\n\0\ud800-\udfff]")
"""What cannot stand in a row: ends of lines, and what is no character."""


@dataclass(frozen=True)
class Edit:
    """What is to become of one row of a file of raw/: its line as it stands (None: a new row), and
    what shall stand there (None: the row goes).

    `line` is the number of the line, from 1: it is asked only where several are the same.
    """

    file: str
    before: str | None
    after: str | None
    line: int | None = None


@dataclass(frozen=True)
class Edited:
    """An edit as it was made: the row as it stood and stands in the file, and at which line.

    `old` and `new` are the lines that are no longer the same, with their ends, from the index
    `start` on (`old` is None where there was no file), and `beside` those around them; `digest` is
    of the whole file as it was left.
    """

    edit: Edit
    line: int
    start: int
    old: tuple[str, ...] | None
    new: tuple[str, ...]
    beside: tuple[str, str]
    digest: str

    @property
    def was_done(self) -> bool:
        """Whether the file was already as the edit wants it, and nothing was written."""
        return (self.old or ()) == self.new


@dataclass(frozen=True)
class Refused:
    """Why a file was not written: a code for machines, a sentence for the curator, and what stands
    now in place of the row, where it was changed.
    """

    file: str
    code: str
    sentence: str
    now: str | None = None


def schema_of(file: str) -> DataFrameSchema | None:
    """Return the schema of a file of raw/ that is entered row by row; None of any other path."""
    folder, _, name = file.rpartition("/")
    if file == FINDINGS_FILE:
        return FINDINGS_CSV
    if not re.fullmatch(SOURCE_ID, folder) or not name.endswith(".csv"):
        return None
    return (CODE_LISTS if folder == CODE_LIST_FOLDER else SOURCE_FILES).get(name[:-4])


def read_lines(raw: Path, file: str) -> Lines | Refused:
    """Return the lines of a file as they are; of one that is absent, the header that it is made
    with.
    """
    schema = schema_of(file)
    if schema is None:
        return _no_such_file(file)
    text, defects = as_typed(raw, file)
    try:
        return _unfit(defects[0]) if defects else _lines(schema, file, text and bare(text))
    except _Stop as stop:
        return stop.refused


def apply(raw: Path, edit: Edit, find: FindWords | None = None) -> Edited | Refused:
    """Make an edit in a file of `raw`; one that is made already is left as it is.

    `find` says where the words of a row stand in the text of its source (order.words_of); without
    it, a new row goes to the end. A file that is absent is made, with its header; an optional
    column that the header lacks, once a row needs it.
    """
    return _write(raw, edit.file, partial(_applied, edit, partial(place_for, find=find)))


@dataclass
class Undo:
    """What was done, to be taken back, the last thing first; several threads may share it."""

    done: list[Edited] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, edited: Edited) -> None:
        """Remember an edit, if it has changed anything."""
        if not edited.was_done:
            self.done.append(edited)

    def undo(self, raw: Path) -> Edited | Refused:
        """Take back the last edit: the file is as it was, to the byte, or, where somebody has
        changed other rows of it since then, its row is.

        Where the row itself was changed, that is refused, and the edit before it is the last.
        """
        with self._lock:
            if not self.done:
                return Refused("", "nothing", "There is nothing to take back.")
            last = self.done[-1]
            result = _write(raw, last.edit.file, partial(_taken_back, last))
            if isinstance(result, Edited) or result.code in {CHANGED, TWICE}:
                self.done.remove(last)
            return result


class _Stop(Exception):  # noqa: N818 (it carries what is no error)
    """Nothing is written, for a reason."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.sentence)
        self.refused = refused


_Change = Callable[[DataFrameSchema, str | None], tuple[str | None, Edit, int]]
"""What makes another text of that of a file, and says what it has done at which index."""


def _write(raw: Path, file: str, change: _Change) -> Edited | Refused:
    """Write what a change makes of a file as it is."""
    schema = schema_of(file)
    folder = (raw / file).parent
    if schema is None:
        return _no_such_file(file)
    if folder.is_symlink() or not folder.is_dir():
        sentence = f"{folder.name}/ is no folder of raw/; a source's is made by `facts new`."
        return Refused(file, "no_such_folder", sentence)
    made: list[Edited] = []

    def changed(text: str | None) -> str | None:
        new, edit, index = change(schema, text)
        made.append(_difference(edit, index, text, new))
        return new

    try:
        defects = rewrite(raw, file, changed)
    except _Stop as stop:
        return stop.refused
    except OSError as error:
        sentence = (
            f"{file} could not be written ({error.strerror or error}); it is whole. Try again once "
            "that is mended."
        )
        return Refused(file, "not_written", sentence)
    if defects:
        return _unfit(defects[0])
    return made[-1]


def _no_such_file(file: str) -> Refused:
    return Refused(file, "no_such_file", f"{file!r} is no file that is entered row by row.")


def _difference(edit: Edit, index: int, before: str | None, after: str | None) -> Edited:
    """Return an edit with the lines that it has changed."""
    old, new = (["".join(line) for line in split_lines(text or "")] for text in (before, after))
    start = _same(old, new)
    tail = _same(old[start:][::-1], new[start:][::-1])
    end = len(old) - tail
    beside = "".join(old[max(start - 1, 0) : start]), "".join(old[end : end + 1])
    changed = None if before is None else tuple(old[start:end])
    lines = tuple(new[start : len(new) - tail])
    return Edited(edit, index + 1, start, changed, lines, beside, _digest(after))


def _digest(text: str | None) -> str:
    return hashlib.sha256((text or "").encode()).hexdigest()


def _same(some: list[str], others: list[str]) -> int:
    """Return how many lines at the beginning of two files are the same."""
    pairs = zip(some, others, strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _applied(
    edit: Edit,
    place: Callable[[Lines, str], int],
    schema: DataFrameSchema,
    text: str | None,
) -> tuple[str | None, Edit, int]:
    """Make an edit in the text of a file (None: there is none yet)."""
    lines = _lines(schema, edit.file, text)
    index = None if edit.before is None else _find(lines, edit)
    if index is None and (done := _done(lines, edit)) is not None:
        return text, edit, done
    if index is not None:
        edit = replace(edit, before=lines.lines[index])
        if edit.after is None:
            lines.remove(index)
            return lines.text, edit, index
    lines.make_room_for(edit.after or "")
    after = _row(lines, edit)
    if index is None:
        index = place(lines, after)
        lines.insert(index, after)
    else:
        lines.lines[index] = after
    return lines.text, replace(edit, after=after), index


def _lines(schema: DataFrameSchema, file: str, text: str | None) -> Lines:
    lines = Lines.of(schema, text or "")
    for number, line in enumerate(lines.lines, 1):
        if raw_cells(line) is None:
            expected = "every quotation mark that opens a cell closed in the same line"
            defect = Defect(file, number, "", "open_quote", shortened(line), expected)
            raise _Stop(_unfit(defect))
    if wrong := wrong_header(lines.header, schema, lines.text):
        raise _Stop(_unfit(Defect(file, lines.first + 1, *wrong[0])))
    return lines


def _unfit(defect: Defect) -> Refused:
    """Refuse to write a file with a defect."""
    sentence = (
        f"{defect.file}, line {defect.line}: {defect.message}. Mend that in an editor first; "
        "nothing was written."
    )
    return Refused(defect.file, defect.code, sentence)


def _row(lines: Lines, edit: Edit) -> str:
    """Return the new row as it fits the header; refused where it is none."""
    after = edit.after or ""
    row = None if _UNWRITABLE.search(after) else lines.fitted(after)
    if row is not None:
        return row
    sentence = (
        f"{shortened(after)!r} is no row of {edit.file}: a row is one line with a cell for each of "
        f"{','.join(lines.header)}, without line breaks in them. Nothing was written."
    )
    raise _Stop(Refused(edit.file, "no_row", sentence))


def _places(lines: Lines, row: str) -> list[int]:
    """Return the indexes of the lines that are a row, whatever optional columns it was typed
    with.
    """
    sought = {unicodedata.normalize("NFC", one) for one in (row, lines.fitted(row)) if one}
    return [
        index
        for index, line in enumerate(lines.lines)
        if index > lines.first and unicodedata.normalize("NFC", line) in sought
    ]


def _find(lines: Lines, edit: Edit) -> int | None:
    """Return the index of the row that an edit is about; None where it is not there. Refused where
    it is there more than once, and the edit does not say at which line.
    """
    found = _places(lines, edit.before or "")
    if edit.line is not None and edit.line - 1 in found:
        return edit.line - 1
    if len(found) <= 1:
        return found[0] if found else None
    numbers = " and ".join(str(index + 1) for index in found)
    sentence = (
        f"The same row stands in lines {numbers} of {edit.file}, and it is not said which is "
        "meant. Delete one of them in an editor; nothing was written."
    )
    raise _Stop(Refused(edit.file, TWICE, sentence, edit.before))


def _done(lines: Lines, edit: Edit) -> int | None:
    """Return where an edit is made already whose row is not there; None where a new row is to come.
    Refused where somebody has changed the row.
    """
    if edit.after is not None and (found := _places(lines, edit.after)):
        return found[0]
    if edit.before is None:
        return None
    key = _key(lines, cells_of(edit.before))
    alike = [index for index, cells in lines.rows().items() if _key(lines, cells) == key]
    name = repr(" ".join(key))
    if not alike and edit.after is None:
        return len(lines.lines) - 1
    if not alike:
        sentence = (
            f"The row of {name} stands no longer in {edit.file}: somebody has deleted or renamed "
            "it. Enter it as a new row if it should be there; nothing was written."
        )
        raise _Stop(Refused(edit.file, CHANGED, sentence))
    now = lines.lines[alike[0]]
    sentence = (
        f"The row of {name} was changed meanwhile: line {alike[0] + 1} of {edit.file} is now "
        f"{now!r}. Make the change on that row if it is still wanted; nothing was written."
    )
    raise _Stop(Refused(edit.file, CHANGED, sentence, now))


def _key(lines: Lines, cells: list[str]) -> list[str]:
    """Return the cells that name a row in its file."""
    by_name = dict(zip(lines.header, cells, strict=False))
    names = [name for name in lines.schema.unique or () if name in by_name]
    return [unicodedata.normalize("NFC", by_name[name]) for name in names]


def _taken_back(
    last: Edited, schema: DataFrameSchema, text: str | None
) -> tuple[str | None, Edit, int]:
    """Take an edit back: all lines are what they were, or, where the file is no longer as it was
    left, the row is.
    """
    edit = last.edit
    inverse = Edit(edit.file, edit.after, edit.before, last.line)
    if _digest(text) == last.digest:
        lines = ["".join(line) for line in split_lines(text or "")]
        lines[last.start : last.start + len(last.new)] = last.old or ()
        return None if last.old is None else "".join(lines), inverse, last.line - 1
    return _applied(inverse, partial(_place_beside, last.beside), schema, text)


def _place_beside(beside: tuple[str, str], lines: Lines, _: str) -> int:
    """Return where a row goes that stood between two lines: at either, or else at the end."""
    for shift, line in zip((1, 0), beside, strict=True):
        found = [i for i, one in enumerate(lines.lines) if one == line.rstrip("\r\n")]
        if len(found) == 1 and found[0] + shift > lines.first:
            return found[0] + shift
    return max(lines.rows(), default=lines.first) + 1
