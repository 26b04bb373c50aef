"""facts.xlsx: every fact in one sheet, for whoever works with a spreadsheet; nothing in it is a
formula.

Written by XlsxWriter, which knows the format, needs nothing else, and takes its date from us. Its
zip is packed again without compression: libraries for that do not agree in their bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, zip_longest

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.release.edition import Edition
from pipeline.release.files import Files, sorted_by_key
from pipeline.release.metadata.datapackage import type_of
from pipeline.release.zipped import zip_of
from schemas.tables import FACTS

MOST = 1_048_575
"""Facts that a sheet has rows for, below its heading."""

_PATH = "facts.xlsx"
_DIGITS = 15
"""Significant digits that a number of a spreadsheet keeps."""

_WIDE, _NARROW = 44, 16
"""Widths of columns in characters: of prose, and of anything else."""

_PROSE = ("what", "caveat", "quote")


def workbook(edition: Edition, _: Files) -> Iterator[tuple[str, bytes]]:
    """Yield facts.xlsx: the sheets `facts` and `columns`; nothing where there are too many
    facts.
    """
    if edition.facts.height > MOST:
        return
    written = io.BytesIO()
    # else the library takes the time of today
    made = datetime.fromisoformat(edition.date).replace(tzinfo=UTC)
    with xlsxwriter.Workbook(written, {"constant_memory": True}) as book:
        book.set_properties({"title": edition.title, "created": made})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        widths = [_WIDE if name in _PROSE else _NARROW for name in FACTS.columns]
        formats = [days if name.endswith("_day") else None for name in FACTS.columns]
        rows = sorted_by_key(edition.facts, FACTS).iter_rows()
        _fill(book, "facts", chain([tuple(FACTS.columns)], rows), widths, formats)
        headings = ("column", "type", "unit", "what it is")
        _fill(book, "columns", [headings, *_columns()], [_NARROW, _NARROW, _NARROW, 2 * _WIDE])
    with zipfile.ZipFile(written) as packed:
        yield _PATH, zip_of({name: packed.read(name) for name in packed.namelist()})


def _columns() -> Iterator[tuple[object, ...]]:
    """Yield what every column of the flat table is."""
    for name, of in FACTS.columns.items():
        unit = (of.metadata or {}).get("unit")
        yield name, type_of(of, in_parquet=False), unit, of.description


def _fill(
    book: xlsxwriter.Workbook,
    name: str,
    rows: Iterable[tuple[object, ...]],
    widths: list[int],
    formats: Iterable[Format | None] = (),
) -> None:
    """Add a sheet of rows, the first of them the headings, with a width and a format for each
    column.
    """
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, MOST, len(widths) - 1)
    for column, (width, shown) in enumerate(zip_longest(widths, formats)):
        sheet.set_column(column, column, width, shown)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell)


def _write(sheet: Worksheet, row: int, column: int, cell: object) -> None:
    """Write a cell as what it is: a day, a number if it keeps its digits, or a text, of which
    nothing is taken for a formula.
    """
    if cell is None:
        return
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, Decimal) and len(cell.normalize().as_tuple().digits) <= _DIGITS:
        sheet.write_number(row, column, float(cell))
    else:
        sheet.write_string(row, column, str(cell))
