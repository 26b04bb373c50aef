"""The form of a row: its cells with what they mean, why they are filled in, and what they may be
completed to.

Belongs here: from a row to what a template shows. Does not belong here: which row is offered
(desk), or markup (templates/).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pandera.polars import Column

from pipeline.enter.candidate import Candidate
from pipeline.enter.candidates import waiver
from pipeline.enter.csv_lines import cells_of
from pipeline.enter.desk import Desk, Item, State
from pipeline.enter.edits import Refused, read_lines, schema_of
from pipeline.enter.fact_names import completions
from pipeline.enter.proposals import Proposal
from pipeline.enter.text_view import TextView
from pipeline.read.raw_folder import CODE_LIST_FOLDER
from schemas.code_lists import CODE_LISTS
from schemas.columns import references, typed_columns

KINDS = {
    "observations": "a number",
    "events": "an event",
    "statements": "a statement",
    "waivers": "no fact",
    "readings": "another reading",
}
"""The files that an item may become a row of, in words."""

COVERED = {"covered", "waived", "wrong"}
"""Roles of items that have a row."""

_LONG = {
    "quote",
    "label_quote",
    "what",
    "note",
    "reason",
    "why",
    "definition",
    "office",
    "occasion",
}
"""Columns that hold sentences."""


@dataclass(frozen=True)
class Cell:
    """A cell of a form: its column, what it holds, why, and its completions (value, label)."""

    name: str
    description: str
    value: str
    why: str
    completions: list[tuple[str, str]]
    list_name: str
    is_long: bool
    is_needed: bool


@dataclass(frozen=True)
class Form:
    """A form: the row of a file, and for an item the other rows that it could be."""

    file: str
    cells: list[Cell]
    key: str = ""
    before: str | None = None
    line: int | None = None
    heading: str = ""
    choice: int = 0
    offers: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The file's name without folder and ending."""
        return self.file.rpartition("/")[2].removesuffix(".csv")

    @property
    def needs_typing(self) -> str:
        """The first cell that has to be filled in, if one is."""
        return next((one.name for one in self.cells if one.is_needed and not one.value), "")

    @property
    def values(self) -> dict[str, str]:
        """What the cells hold, by column."""
        return {cell.name: cell.value for cell in self.cells}


def form_of_item(
    desk: Desk, key: str, file: str = "", choice: int | None = None
) -> Form | Refused | None:
    """Return the form of the row that covers an item, or that is offered for it, of one file if
    that is named.

    A choice is a person's, and fills in every cell; without one, cells in doubt are left empty.
    """
    state = desk.state
    item = state.items.get(key)
    if item is None or state.view is None:
        return None
    if not file and item.role in COVERED and (place := desk.row_of(item)):
        form = form_of_line(desk, *place)
        return replace(form, key=key) if isinstance(form, Form) else form
    if file == "readings" and item.role not in COVERED:
        return Refused(
            file, "no_row", "No row covers this passage yet, so it has no other reading."
        )
    offers = [] if file == "waivers" else desk.offers(key)
    wanted = [one for one in offers if file in {"", one.row.file}]
    if not wanted and file == "statements" and item.key[0] != "s":
        sentence = state.view.sentence(item.span.start)
        return form_of_item(desk, f"s{sentence.start}", file)
    return _form_of_offers(desk, item, wanted or [_by_hand(state.view, item, file)], choice)


def _by_hand(view: TextView, item: Item, file: str) -> Proposal:
    """Return a row of a file of which most has to be typed."""
    if file == "readings":
        return Proposal(Candidate(file, {"fact_id": item.why.rpartition("/")[2]}))
    if file in {"", "waivers"}:
        return Proposal(waiver(view, item.row))
    return Proposal(Candidate(file, {"quote": view.words(item.span)}))


def _form_of_offers(desk: Desk, item: Item, offers: list[Proposal], choice: int | None) -> Form:
    by_summary = {_summary(desk.state, one.row): one for one in reversed(offers)}
    offers = [one for one in offers if one in by_summary.values()]
    chosen = offers[min(choice or 0, len(offers) - 1)]
    view, row = desk.state.view, chosen.row
    cells, why = dict(row.cells), dict(row.why)
    for column in row.doubts if choice is None else ():
        why[column] = f"nothing in its sentence names it; perhaps {cells[column]}"
        cells[column] = ""
    return Form(
        f"{desk.source_id}/{row.file}.csv",
        _cells(desk, row.file, cells, why),
        item.key,
        heading=view.words(item.span) if view else "",
        choice=offers.index(chosen),
        offers=tuple(_summary(desk.state, one.row) for one in offers),
        defects=tuple(f"{one.column}: expected {one.expected}" for one in chosen.defects),
    )


def form_of_line(desk: Desk, file: str, line: int) -> Form | Refused | None:
    """Return the form of a row that stands in a file of raw/, by its line (from 1)."""
    lines = read_lines(desk.raw, file)
    if isinstance(lines, Refused):
        return lines
    if line - 1 not in lines.rows():
        return None
    before = lines.lines[line - 1]
    cells = dict(zip(lines.header, cells_of(before), strict=False))
    kind = file.rpartition("/")[2].removesuffix(".csv")
    said = f"{file}, line {line}"
    return Form(file, _cells(desk, kind, cells, {}), "", before, line, said)


def form_of_code(desk: Desk, name: str, code: str) -> Form | None:
    """Return the form of a new code of a list."""
    file = f"{CODE_LIST_FOLDER}/{name}.csv"
    if schema_of(file) is None:
        return None
    cells = {"code": code, "label": code.replace("_", " ").replace("-", " ")}
    return Form(file, _cells(desk, name, cells, {}), heading=f"a new code of {name}.csv")


def _cells(desk: Desk, kind: str, values: Mapping[str, str], why: Mapping[str, str]) -> list[Cell]:
    folder = "source" if kind in KINDS else CODE_LIST_FOLDER
    schema = schema_of(f"{folder}/{kind}.csv")
    if schema is None:
        return []
    targets = references(schema)
    return [
        Cell(
            name,
            str(column.description),
            values.get(name) or "",
            why.get(name) or "",
            _completions(desk, name, column, targets.get(name, ""), values),
            targets.get(name, "").partition(".")[0],
            name in _LONG,
            not column.nullable,
        )
        for name, column in typed_columns(schema).items()
    ]


def _completions(
    desk: Desk, name: str, column: Column, target: str, values: Mapping[str, str]
) -> list[tuple[str, str]]:
    table = target.partition(".")[0]
    if table in CODE_LISTS:  # as they are now: one may have been added for this very row
        rows = desk.rows(f"{CODE_LIST_FOLDER}/{table}.csv")
        return [(row["code"], row.get("label", "")) for row in rows]
    if name == "fact_id":
        return [(one, "") for one in completions(values)]
    allowed: list[Any] = [
        value
        for check in column.checks
        for value in (check.statistics or {}).get("allowed_values", ())
    ]
    return [(str(value), "") for value in allowed]


def _summary(state: State, row: Candidate) -> str:
    """Return in a few words what a row says."""
    view, cells = state.view, row.cells
    if view is None or row.file != "observations":
        parts = [cells.get(name, "") for name in ("what", "period", "speech", "who", "where")]
        return " · ".join(part for part in parts if part) or KINDS.get(row.file, row.file)
    parts = [
        str(view.codes[name].get(cells.get(column, ""), {}).get("label", ""))
        for name, column in (("indicators", "indicator"), ("categories", "category"))
    ]
    return " · ".join(part for part in (*parts, cells.get("area")) if part)
