"""The desk at which one source is entered: what stands in raw/ now, what is offered, and the
verdict on both.

One thread works for it. It looks at the files again and again, since a curator may also use an
editor; what was accepted is judged first, and in idle moments it judges beforehand what is offered,
so that the verdict is there when somebody accepts it. Belongs here: the state of one source, shared
by all tabs. Does not belong here: requests (app), or how a file is changed (edits).
"""

import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition, Thread

from pipeline.built import Row
from pipeline.defects import Defect
from pipeline.enter.candidate import Candidate
from pipeline.enter.candidates import candidates
from pipeline.enter.csv_lines import as_line, cells_of
from pipeline.enter.edits import Edit, Edited, Refused, Undo, apply, read_lines, schema_of
from pipeline.enter.fact_names import fact_name, rows_before
from pipeline.enter.order import FindWords, words_of
from pipeline.enter.proposals import Judge, Proposal, best, frame_of, judged
from pipeline.enter.text_view import Span, TextView, view_of
from pipeline.enter.verdicts import ROLES, Verdict, verdicts
from pipeline.fact_steps import BUILDERS
from pipeline.fingerprint import files_of
from pipeline.parts import Parts
from pipeline.read.raw_folder import BESIDE, RawFolder, read_facts
from pipeline.read.source_toml import read_sources
from pipeline.read.validate import validate
from schemas.raw_files import ENTERED

LOOKS = 0.3
"""Seconds between two looks at the files."""

PATIENCE = 30
"""Seconds that a row waits for a source that is still being read."""

TOGETHER = 24
"""Items of which the rows are judged together, since one pass costs the same for all."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    """A passage of the text that may become a row, or is covered by one.

    `role` is one of covered, waived, label, open (to be entered), wrong (in a row with a defect),
    bare (a sentence of which nothing is entered).
    """

    key: str
    row: Row
    role: str
    why: str = ""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.row["start"], self.row["end"])


@dataclass(frozen=True)
class State:
    """What is known at one moment; `number` grows with each change."""

    number: int = 0
    verdict: Verdict | None = None
    view: TextView | None = None
    items: dict[str, Item] = field(default_factory=dict)
    marked: int = 0
    """The number of the state in which the items were last others."""

    is_settled: bool = False
    """Whether the verdict is whole."""

    trouble: str = ""
    """What has kept the checks from saying more, where that is no fault of the rows."""


class Desk:
    """The desk of one source; close it when it is no longer needed."""

    def __init__(self, raw: Path, source_id: str, parts: Parts) -> None:
        """Begin to work for a source of `raw`; results are kept where `parts` says."""
        self.raw, self.source_id, self.parts = raw, source_id, parts
        self.state = State()
        self.undone = Undo()
        self._wake = Condition()
        self._changed = self._ended = False
        self._beforehand: Edit | None = None
        self._judged: dict[str, list[Proposal]] = {}
        self._earlier: dict[str, list[Row]] = {name: [] for name in ENTERED}
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the work."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        self._thread.join()

    def edit(self, edit: Edit, item: Item | None = None) -> Edited | Refused:
        """Make an edit in raw/, and have the source judged; the item that it enters, and the dates
        in its quote, count as entered until the verdict says otherwise.
        """
        made = apply(self.raw, edit, self._find())
        if isinstance(made, Edited):
            self.undone.add(made)
            if item is not None and edit.after is not None:
                self._take_as_entered(item, edit.after)
        self.look()
        return made

    def _take_as_entered(self, item: Item, line: str) -> None:
        with self._wake:
            state, view = self.state, self.state.view
            words = [cell for cell in cells_of(line) if " " in cell] if view else []
            quotes = (view.span_of(cell) for cell in words if view)
            quote = next((one for one in quotes if one), None)
            entered = {
                key: replace(one, role="covered")
                for key, one in state.items.items()
                if one.span.meets(item.span)
                or (quote and quote.has(one.span) and one.row["kind"] == "period")
            }
            number = state.number + 1
            items = state.items | entered
            self.state = replace(state, number=number, items=items, marked=number)

    def undo(self) -> Edited | Refused:
        """Take the last edit back."""
        made = self.undone.undo(self.raw)
        self.look()
        return made

    def look(self) -> None:
        """Have the files looked at."""
        with self._wake:
            self._changed = True
            self.state = replace(self.state, number=self.state.number + 1, is_settled=False)
            self._wake.notify()

    def offers(self, key: str) -> list[Proposal]:
        """Return the rows that are offered for an item, each with a name; those of the items after
        it are judged with it.
        """
        state = self.state
        if state.view is None or key not in state.items:
            return []
        if key not in self._judged:
            self._judge(state, key)
        rows = {name: [*self._own(name), *self._earlier[name]] for name in ENTERED}
        familiar = {str(row["indicator"]) for row in rows["observations"]}
        taken = {str(row["fact_id"]) for name in ENTERED for row in self._own(name)}
        view = state.view
        return [
            one.with_cells(
                fact_id=fact_name(one.row.file, one.row.cells, view, rows[one.row.file], taken)
            )
            for one in best(self._judged.get(key, []), familiar)
        ]

    def against(self, file: str, cells: dict[str, str]) -> tuple[list[str], list[str]]:
        """Return what is wrong with the form of a row, and what its words do not bear out."""
        schema = schema_of(file)
        if schema is None:
            return [], []
        wrong = validate(frame_of(schema, file, [cells]), schema)
        kind = file.rpartition("/")[2].removesuffix(".csv")
        found = () if wrong or kind not in BUILDERS else self._judge_row(kind, cells)
        return (
            [f"{one.column}: {one.message}" for one in wrong],
            [f"{one.column}: {one.message}" for one in found],
        )

    def _judge_row(self, kind: str, cells: dict[str, str]) -> Sequence[Defect]:
        with self._wake:
            self._wake.wait_for(lambda: self.state.verdict or self.state.trouble, PATIENCE)
        verdict = self.state.verdict
        if verdict is None or verdict.texts is None:
            return ()
        judge = Judge(self.source_id, verdict.sources, verdict.texts, verdict.lists)
        return judge.defects_of(kind, [Candidate(kind, cells)])[0]

    def expect(self, file: str, cells: dict[str, str]) -> None:
        """Judge a row beforehand, once there is nothing else to do: it will most likely be
        accepted.
        """
        path = f"{self.source_id}/{file}.csv"
        lines = read_lines(self.raw, path)
        schema = schema_of(path)
        if isinstance(lines, Refused) or schema is None:
            return
        with self._wake:
            self._beforehand = Edit(path, None, as_line(schema, cells, lines.header))
            self._wake.notify()

    def row_of(self, item: Item) -> tuple[str, int] | None:
        """Return the file and the line of the row that covers an item: of those whose quotes hold
        it, the shortest.
        """
        state = self.state
        if state.verdict is None or state.view is None:
            return None
        found = []
        for typed in state.verdict.typed.values():
            for row in typed.drop_nulls("quote").iter_rows(named=True):
                span = state.view.span_of(row["quote"], row.get("occurrence") or "")
                if span and span.has(item.span):
                    found.append((span.end - span.start, row["raw_file"], row["raw_line"]))
        return min(found)[1:] if found else None

    def next_item(self, entered: Item | None = None) -> Item | None:
        """Return the item that comes after one that has just been entered, or the first: one that
        is to be entered, or, after a sentence that need not be, any of which nothing is entered.
        """
        is_free = entered is not None and entered.role == "bare"
        view = self.state.view
        if view is None:
            return None

        def order(one: Item) -> tuple[int, bool, int]:
            # a date of a sentence is most often that of its numbers, and has its role with them
            return view.sentence(one.span.start).start, one.row["kind"] == "period", one.span.start

        roles = {"open", "bare"} if is_free else {"open"}
        wanted = sorted((one for one in self.state.items.values() if one.role in roles), key=order)
        following = [one for one in wanted if entered and order(one) > order(entered)]
        return next(iter(following or wanted), None)

    # --- the thread ---

    def _work(self) -> None:
        seen: object = None
        with TemporaryDirectory(prefix="facts-enter-") as folder:
            while not self._ended:
                try:
                    now = self._signature()
                    if now != seen or self._changed:
                        self._changed = False
                        seen = now
                        self._judge_source()
                    elif self._beforehand:
                        expected, self._beforehand = self._beforehand, None
                        self._judge_beforehand(expected, Path(folder))
                except OSError as error:  # a file that is being replaced is there a moment later
                    _LOG.warning("%s", error)
                except Exception as error:  # noqa: BLE001 (whoever enters must hear of it)
                    self.state = replace(
                        self.state, number=self.state.number + 1, trouble=repr(error)
                    )
                with self._wake:
                    if not (self._changed or self._beforehand or self._ended):
                        self._wake.wait(LOOKS)

    def _signature(self) -> object:
        """Return what changes when a file of raw/ does that bears on the source."""
        files = [path for name in (self.source_id, *BESIDE) for path in files_of(self.raw / name)]
        stats = [(path, path.lstat()) for path in files]
        return [(path, stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in stats]

    def _judge_source(self) -> None:
        for verdict in verdicts(RawFolder(self.raw, self.source_id, self.parts)):
            if not self._publish(verdict):
                return
        self._publish(None)

    def _judge_beforehand(self, edit: Edit, folder: Path) -> None:
        """Make an edit in a copy of the source, and have that judged: what comes of it is kept by
        what it is made from, and so is there when the edit is made.
        """
        for name in (self.source_id, *BESIDE):
            original, copy = self.raw / name, folder / name
            shutil.rmtree(copy, ignore_errors=True)
            if original.is_dir():
                shutil.copytree(original, copy)
            elif original.is_file():
                shutil.copyfile(original, copy)
        if isinstance(apply(folder, edit, self._find()), Edited):
            for _ in verdicts(RawFolder(folder, self.source_id, self.parts)):
                if self._changed or self._ended:
                    return

    def _publish(self, verdict: Verdict | None) -> bool:
        """Make a verdict known to whoever looks, unless raw/ has changed since; None says that the
        last one is whole.
        """
        with self._wake:
            if self._changed or self._ended:
                return False
            self._take(verdict)
            self._wake.notify_all()
        return True

    def _take(self, verdict: Verdict | None) -> None:
        old = self.state
        number = old.number + 1
        if verdict is None:
            self.state = replace(old, number=number, is_settled=True, trouble="")
        elif verdict.part != ROLES:
            self.state = replace(old, number=number, verdict=verdict)
        elif verdict.texts is None:
            self.state = State(number, verdict, marked=number)
        else:
            view = view_of(self.source_id, verdict.texts, verdict.lists)
            if view != old.view:
                self._judged = {}
                self._read_earlier()
            items = items_of(view, verdict)
            marked = old.marked if (view, items) == (old.view, old.items) else number
            self.state = State(number, verdict, view, items, marked)

    def _read_earlier(self) -> None:
        """Read what was entered of other sources, of which new rows take the names."""
        raw = RawFolder(self.raw)
        publishers = dict(read_sources(raw).rows.select("source_id", "publisher").iter_rows())
        for name in ENTERED:
            rows = read_facts(raw, name).rows.drop_nulls("fact_id").rows(named=True)
            others = [row for row in rows if row["source_id"] != self.source_id]
            self._earlier[name] = rows_before(others, publishers.get(self.source_id), publishers)

    # --- what is offered ---

    def _judge(self, state: State, key: str) -> None:
        verdict, view = state.verdict, state.view
        if verdict is None or view is None or verdict.texts is None:
            return
        items = sorted(state.items.values(), key=lambda one: one.span)
        start = next(place for place, one in enumerate(items) if one.key == key)
        wanted = [one for one in items[start:] if one.role in {"open", "bare", "wrong"}]
        chosen = [items[start], *(one for one in wanted if one.key not in self._judged)]
        publisher = next(iter(verdict.sources["publisher"]), "")
        rows = {one.key: candidates(view, one.row, publisher or "") for one in chosen[:TOGETHER]}
        judge = Judge(self.source_id, verdict.sources, verdict.texts, verdict.lists)
        self._judged |= judged(judge, rows)

    def rows(self, file: str) -> list[Row]:
        """Return the rows that a file of raw/ has by now; none where it cannot be read."""
        lines = read_lines(self.raw, file)
        if isinstance(lines, Refused):
            return []
        rows = [dict(zip(lines.header, cells, strict=False)) for cells in lines.rows().values()]
        return [row for row in rows if len(row) == len(lines.header)]

    def _own(self, file: str) -> list[Row]:
        """Return the rows that the source has of a file, the last first."""
        return self.rows(f"{self.source_id}/{file}.csv")[::-1]

    def _find(self) -> FindWords | None:
        return words_of(self.state.view.text) if self.state.view else None


def items_of(view: TextView, verdict: Verdict) -> dict[str, Item]:
    """Return what stands in a text, by its key: each mention with its role, and what is said in
    quotation marks or in sentences of which nothing is entered.
    """
    left = _places(view, [*verdict.left, *verdict.defects])
    items = {one.key: one for one in _mentions(view, verdict, left)}
    for span in view.speech:
        row = {"start": span.start, "end": span.end, "kind": "speech"}
        role = "open" if span.start in left else "covered"
        items[f"q{span.start}"] = Item(f"q{span.start}", row, role)
    open_ones = [one.span for one in items.values() if one.role == "open"]
    occupied = (*_quoted(verdict), *view.speech, *open_ones)
    taken = {one.start for span in occupied for one in view.sentences_of(span)}
    for span in view.sentences:
        row = {"start": span.start, "end": span.end, "kind": "sentence"}
        is_bare = view.is_assertion(span) and span.start not in taken
        items[f"s{span.start}"] = Item(f"s{span.start}", row, "bare" if is_bare else "covered")
    return items


def _mentions(view: TextView, verdict: Verdict, left: Mapping[int, str]) -> Iterator[Item]:
    """Yield each mention with its role; one without is to be entered, or in a row with a defect."""
    roles = {row["start_offset"]: row for row in verdict.tables["mentions"].iter_rows(named=True)}
    for row in view.mentions:
        key = f"m{row['start']}"
        if found := roles.get(row["start"]):
            role = found["role"] if found["role"] in {"waived", "label"} else "covered"
            yield Item(key, row, role, found["fact_id"] or found["reason"] or "")
        else:
            role = "open" if row["start"] in left else "wrong"
            yield Item(key, row, role, left.get(row["start"], ""))


def _places(view: TextView, defects: list[Defect]) -> dict[int, str]:
    """Return what is said of places of the text, by place."""
    starts = [0]
    for line in view.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return {
        starts[min(one.line, len(starts)) - 1] + int(one.column) - 1: one.expected
        for one in defects
        if one.file.endswith("/text.txt") and one.column.isdigit()
    }


def _quoted(verdict: Verdict) -> Iterator[Span]:
    for name in ENTERED:
        for start, end in verdict.tables[name].select("quote_start", "quote_end").iter_rows():
            yield Span(start, end)
