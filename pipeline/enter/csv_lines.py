"""Lines of a hand-typed CSV file: one row each, whose cells can be changed one by one.

Belongs here: what a line of a file of raw/ is made of, byte for byte. Does not belong here: which
line is to change (edits), or whether a cell may stand (the checks of raw/).
"""

import re
from collections.abc import Mapping, Sequence
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


def content(cell: str) -> str:
    """Return what a cell holds that is typed so."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def cells_of(line: str) -> list[str]:
    """Return what the cells of a line hold."""
    return [content(cell) for cell in raw_cells(line) or []]


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
    full = full_header(schema, header)
    if strange := {*cells} - {*full}:
        raise KeyError(f"{schema.name} has no column {sorted(strange)}")
    columns = full if any(cells[name] for name in {*cells} - {*header}) else header
    typed = raw_cells(line) or []
    by_name = dict.fromkeys(full, "") | dict(zip(header, typed, strict=False))
    changed = {name: quoted(cell) for name, cell in cells.items() if cell != content(by_name[name])}
    # what a row has too many is not ours to drop
    return ",".join((*((by_name | changed)[name] for name in columns), *typed[len(header) :]))


def full_header(schema: DataFrameSchema, header: Sequence[str]) -> list[str]:
    """Return the columns of a header and all that the schema has besides, each in its place."""
    optional = optional_columns(schema)
    return [name for name in typed_columns(schema) if name in {*header, *optional}]


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
            optional = optional_columns(schema)
            columns = [name for name in typed_columns(schema) if name not in optional]
            found = [(",".join(columns), "\n")]
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

    def fitted(self, line: str) -> str | None:
        """Return a row that was typed for the file with or without its optional columns as the
        header has them now; None where that fits neither, or a cell would be lost.
        """
        header, cells = self.header, raw_cells(line) or []
        optional = optional_columns(self.schema)
        required = [name for name in header if name not in optional]
        for columns in (header, full_header(self.schema, header), required):
            if len(columns) == len(cells):
                typed = dict(zip(columns, cells, strict=True))
                is_lost = any(content(typed[name]) for name in {*columns} - {*header})
                return None if is_lost else ",".join(typed.get(name, "") for name in header)
        return None

    def make_room_for(self, line: str) -> None:
        """Give the file the optional columns that a row needs, empty in all other rows."""
        old = self.header
        new = full_header(self.schema, old)
        if self.fitted(line) is not None or len(raw_cells(line) or []) != len(new):
            return
        first = self.first
        for index, one in enumerate(self.lines):
            cells = raw_cells(one) or []
            if one and len(cells) == len(old):
                typed = dict(zip(old, cells, strict=True))
                empty = {name: name if index == first else "" for name in new}
                self.lines[index] = ",".join((empty | typed).values())

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
        """Take a line out; a file whose last line has no end keeps it so, unless that line is
        blank then.
        """
        del self.lines[index]
        if not self.ends.pop(index) and self.lines[-1]:
            self.ends[-1] = ""


def split_lines(text: str) -> list[tuple[str, str]]:
    """Return the lines of a text as the reader of CSV files has them, each with its end."""
    return [(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
