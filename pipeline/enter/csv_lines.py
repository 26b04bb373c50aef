"""Lines of a hand-typed CSV file: one row each, whose cells can be changed one by one.

Belongs here: what a line of a file of raw/ is made of, byte for byte. Does not belong here: which
line is to change (edits), or whether a cell may stand (the checks of raw/).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pandera.polars import DataFrameSchema

from schemas.columns import optional_columns, typed_columns

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
_CELL = re.compile(r'("[^"]*(?:""[^"]*)*"|(?!")[^,]*)(?:,|$)')
_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def raw_cells(line: str) -> list[str] | None:
    """Return the cells of a line as they are typed, quotation marks included; None where one is
    left open.
    """
    cells: list[str] = []
    place = 0
    while match := _CELL.match(line, place):
        cells.append(match[1])
        if match.end(1) == len(line):
            return cells
        place = match.end()
    return None


def cells_of(line: str) -> list[str]:
    """Return what the cells of a line hold."""
    return [
        cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
        for cell in raw_cells(line) or []
    ]


def quoted(cell: str) -> str:
    """Return a cell as it is typed: in quotation marks only where it needs them."""
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if _NEEDS_QUOTES.search(cell) else cell


def as_line(schema: DataFrameSchema, cells: Mapping[str, str], header: Sequence[str]) -> str:
    """Return a new row of a file with this header; columns without a cell are empty.

    An optional column that the header lacks is in it where it has a cell that is not empty.
    Raises KeyError for a cell of no column.
    """
    return changed_line(schema, "", header, cells)


def changed_line(
    schema: DataFrameSchema, line: str, header: Sequence[str], cells: Mapping[str, str]
) -> str:
    """Return a row of a file with this header with some of its cells changed; a cell that holds
    already what it should keeps its bytes. Otherwise as `as_line`.
    """
    optional = optional_columns(schema)
    if strange := {*cells} - {*header} - {*optional}:
        raise KeyError(f"{schema.name} has no column {sorted(strange)}")
    needs_more = any(cells[name] for name in {*cells} - {*header})
    typed = raw_cells(line) or []
    by_name = dict(zip(header, typed, strict=False))
    held = dict(zip(header, cells_of(line), strict=False))
    changed = {name: quoted(cell) for name, cell in cells.items() if cell != held.get(name, "")}
    columns = with_columns(schema, header, optional if needs_more else ())
    row = [changed.get(name, by_name.get(name, "")) for name in columns]
    # what a row has too many is not ours to drop
    return ",".join((*row, *typed[len(header) :]))


def with_columns(schema: DataFrameSchema, header: Sequence[str], more: Iterable[str]) -> list[str]:
    """Return the columns of a header with more of the schema's, each in its place."""
    return [name for name in typed_columns(schema) if name in {*header, *more}]


def required_columns(schema: DataFrameSchema) -> list[str]:
    """Return the columns that every file of a kind has."""
    return [name for name in typed_columns(schema) if name not in optional_columns(schema)]


@dataclass
class Lines:
    """The lines of a file, and the end of each (a last line may have none); the header is the first
    that is not blank.
    """

    schema: DataFrameSchema
    lines: list[str]
    ends: list[str]

    @classmethod
    def of(cls, schema: DataFrameSchema, text: str) -> "Lines":
        """Take a file apart; one without a header is given that of its schema."""
        found = split_lines(text)
        if not any(line for line, _ in found):
            found = [(",".join(required_columns(schema)), "\n")]
        return cls(schema, [line for line, _ in found], [end for _, end in found])

    @property
    def text(self) -> str:
        """The whole file."""
        return "".join(map("".join, zip(self.lines, self.ends, strict=True)))

    @property
    def first(self) -> int:
        """The index of the header's line."""
        return next(index for index, line in enumerate(self.lines) if line)

    @property
    def header(self) -> list[str]:
        """The columns."""
        return cells_of(self.lines[self.first])

    def rows(self) -> dict[int, list[str]]:
        """Return the cells of each row that holds anything, by the index of its line."""
        rows = {
            index: cells_of(line)
            for index, line in enumerate(self.lines)
            if index > self.first and line
        }
        return {index: cells for index, cells in rows.items() if any(cells)}

    def defect(self) -> int | None:
        """Return the index of the first line in which a quotation mark is left open: nobody knows
        which rows such a file has.
        """
        return next((i for i, line in enumerate(self.lines) if raw_cells(line) is None), None)

    def fitted(self, line: str) -> str | None:
        """Return a row that was typed for the file with or without its optional columns as the
        header has them now; None where that fits neither, or a cell would be lost.
        """
        header, cells = self.header, raw_cells(line)
        optional = optional_columns(self.schema)
        shapes = (
            header,
            with_columns(self.schema, header, optional),
            [name for name in header if name not in optional],
        )
        columns = next((one for one in shapes if cells and len(one) == len(cells)), None)
        if cells is None or columns is None:
            return None
        typed = dict(zip(columns, cells, strict=True))
        if any(typed[name] not in {"", '""'} for name in columns if name not in header):
            return None
        return ",".join(typed.get(name, "") for name in header)

    def make_room_for(self, line: str) -> None:
        """Give the file the optional columns that a row needs, empty in all other rows."""
        old, cells = self.header, raw_cells(line) or []
        new = with_columns(self.schema, old, optional_columns(self.schema))
        if self.fitted(line) is not None or len(cells) != len(new):
            return
        for index, one in enumerate(self.lines):
            typed = raw_cells(one) or []
            if index >= self.first and one and len(typed) == len(old):
                by_name = dict(zip(old, typed, strict=True))
                default = dict(zip(new, new, strict=True)) if index == self.first else {}
                self.lines[index] = ",".join(
                    by_name.get(name, default.get(name, "")) for name in new
                )

    def insert(self, index: int, line: str) -> None:
        """Put a line in; a file whose last line has no end keeps it so."""
        end = self.ends[index - 1] or self.ends[0] or "\n"
        if index == len(self.lines):
            self.ends.append(self.ends[-1] and end)
            self.ends[index - 1] = end
        else:
            self.ends.insert(index, end)
        self.lines.insert(index, line)

    def remove(self, index: int) -> None:
        """Take a line out; a file whose last line has no end keeps it so."""
        del self.lines[index]
        if not self.ends.pop(index):
            self.ends[index - 1] = ""


def split_lines(text: str) -> list[tuple[str, str]]:
    """Return the lines of a text as the reader of CSV files has them, each with its end."""
    return [(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
