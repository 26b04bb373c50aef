"""Read hand-typed CSV files strictly, with the line of every row.

Belongs here: bytes to a frame of text cells, and every way in which a file can fail to be a CSV
table. Spreadsheets write a byte-order mark, CRLF, quoted cells and empty lines at the end of their
own accord; these are no defects. Does not belong here: what a cell may hold.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.built import Row
from pipeline.defects import TURNS, Defect, nearest, shortened
from pipeline.read.plain_file import NO_CONTROL, read_plain_text
from schemas.columns import optional_columns, shape_of, typed_columns

LONGEST_CELL = 10_000
"""Characters of a cell."""

LOSES_ITS_FILE = {"open_quote", "line_break_in_cell"}
"""Defects of rows after which nobody knows which rows a file has."""

LOSES_ITS_ROW = {"line_break_in_cell", "too_long"}
"""Defects of cells after which nobody knows what stands in the row."""

_CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f{TURNS}]")

csv.field_size_limit(2**31 - 1)  # a longer cell is a defect of its own


@dataclass
class CsvRows:
    """The rows of some files, their defects, the files of which rows are missing, and the cells of
    single rows out of form.

    The frame has the schema's columns, an empty cell as null; source_id (where the schema has it)
    is the folder's name, and raw_file one of the files. `lost` are the file and a cell of each row
    that is left out because it has too many, say.
    """

    rows: pl.DataFrame
    defects: list[Defect] = field(default_factory=list)
    lacking: set[str] = field(default_factory=set)
    lost: list[tuple[str, str]] = field(default_factory=list)


def read_csv_files(raw: Path, files: list[str], schema: DataFrameSchema) -> CsvRows:
    """Return the rows of some files (relative to `raw`) as text; a file out of form gives those
    that can be read.
    """
    shape = shape_of(schema)
    read = CsvRows(pl.DataFrame(schema=shape))
    # a frame for each file, since rows as Python holds them take ten times the room
    frames = [pl.DataFrame(list(_rows(raw, file, schema, read)), schema=shape) for file in files]
    read.rows = pl.concat([read.rows, *frames], rechunk=True)
    return read


def _rows(raw: Path, file: str, schema: DataFrameSchema, read: CsvRows) -> Iterator[Row]:
    """Yield the cells of each sound row of a file, by column; what is wrong with the file goes into
    `read`.
    """
    content, _, unreadable = read_plain_text(raw, file)
    read.defects += unreadable
    if content is None:
        read.lacking.add(file)
        return
    records = _records(content, file, read)
    _, header = next(records, (1, []))
    if out_of_form := wrong_header(header, schema, content):
        read.defects += [Defect(file, 1, *wrong) for wrong in out_of_form]
        read.lacking.add(file)
        return
    place = {"source_id": file.rpartition("/")[0], "raw_file": file}
    for line, cells in records:
        if not any(cells):
            continue  # a spreadsheet's empty line: commas only
        defects = _wrong_cells(cells, header, file, line)
        read.defects += defects
        codes = {defect.code for defect in defects}
        if codes & LOSES_ITS_FILE:
            read.lacking.add(file)
        if len(cells) != len(header) or codes & LOSES_ITS_ROW:
            read.lost += [(file, cell) for cell in cells if cell]
        else:
            yield {
                **place,
                "raw_line": line,
                **{name: cell or None for name, cell in zip(header, cells, strict=True)},
            }


def _records(content: str, file: str, read: CsvRows) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line at which it starts."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            expected = (
                'every quotation mark that opens a cell closed, and one inside a cell doubled ("")'
            )
            read.defects.append(
                Defect(file, line, "", "open_quote", _line(content, line), f"{expected} ({error})")
            )
            read.lacking.add(file)
            return
        if cells:
            yield line, cells


def _line(content: str, line: int) -> str:
    return shortened(content.splitlines()[line - 1])


def wrong_header(
    header: list[str], schema: DataFrameSchema, content: str
) -> list[tuple[str, str, str, str]]:
    """Return what is wrong with a header (column, code, found, expected): it has each column once,
    in their order, but for those that may be absent.
    """
    typed = list(typed_columns(schema))
    columns = ",".join(typed)
    only = f"only the columns {columns}"
    if not header:
        return [("", "empty_file", "", f"the header {columns}")]
    if len(header) == 1 and ";" in header[0]:
        expected = "commas between the cells; in the spreadsheet, export with commas"
        return [("", "semicolons", _line(content, 1), expected)]
    if not {*header} & {*typed}:
        expected = f"the header {columns}, in a line before the rows"
        return [("", "no_header", _line(content, 1), expected)]
    twice = sorted({name for name in header if header.count(name) > 1})
    strange = [name for name in header if name not in typed]
    missing = [name for name in typed if name not in (*header, *optional_columns(schema))]
    wrong = [
        *((name, "duplicate_column", name, "each column once") for name in twice),
        *((name, "extra_column", name, only + nearest(name, typed)) for name in strange),
        *((name, "missing_column", "", f"a column {name}") for name in missing),
    ]
    if not wrong and header != [name for name in typed if name in header]:
        return [("", "column_order", ",".join(header), f"the order {columns}")]
    return wrong


def _wrong_cells(cells: list[str], header: list[str], file: str, line: int) -> list[Defect]:
    """Return what is wrong with the form of a row: it has too many cells or too few, or cells are
    out of form.
    """
    if len(cells) != len(header):
        expected = (
            f"{len(header)} cells as the header has, and not {len(cells)} cells; one "
            "with a comma needs quotation marks"
        )
        return [Defect(file, line, "", "ragged_row", "", expected)]
    forms = ((name, _wrong_form(cell)) for name, cell in zip(header, cells, strict=True))
    return [Defect(file, line, name, *wrong) for name, wrong in forms if wrong]


def _wrong_form(cell: str) -> tuple[str, str, str] | None:
    """Return the code of what is wrong with a cell's form, what to show of it, and what was
    expected.
    """
    if "\n" in cell or "\r" in cell:
        expected = (
            "a cell in one line: type a space instead of the line break; or is a "
            "quotation mark left open?"
        )
        return "line_break_in_cell", shortened(cell), expected
    if len(cell) > LONGEST_CELL:
        return "too_long", "", f"at most {LONGEST_CELL:,} characters; this cell has {len(cell):,}"
    if cell != cell.strip():
        return "surrounding_space", cell, f"{cell.strip()!r}, without the space around it"
    return ("control_character", shortened(cell), NO_CONTROL) if _CONTROL.search(cell) else None
