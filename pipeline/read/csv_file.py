"""Read hand-typed CSV files strictly, with the line of every row.

Belongs here: bytes to a frame of text cells, and every way in which a file can fail to be a CSV table. Spreadsheets write
a byte-order mark, CRLF, quoted cells and empty lines at the end of their own accord; these are no defects. Does not belong
here: what a cell may hold.

There are two speeds. Most files are plain, and nothing in their form can be wrong: these are recognised by one pattern and read
all at once. Any other file is read by itself, row by row.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.defects import Defect, nearest, shortened
from pipeline.read.plain_file import read_plain_text
from schemas.columns import optional_columns

READER_COLUMNS = ("source_id", "raw_file", "raw_line")

LONGEST_CELL = 10_000
"""Characters of a cell; a plain file has no line that is longer."""

LOSES_ITS_FILE = {"open_quote", "line_break_in_cell"}
"""Defects within a file after which nobody knows which rows it has; those of its header are others."""

_BARE = r'[^\s",\p{Cc}](?:[^",\p{Cc}]*[^\s",\p{Cc}])?'
_QUOTED = r'"(?:(?:[^\s"\p{Cc}]|"")(?:(?:[^"\p{Cc}]|"")*(?:[^\s"\p{Cc}]|""))?)?"'
_CELL = f"(?:{_BARE}|{_QUOTED})?"
"""A cell of one line without control characters and without space around it."""

csv.field_size_limit(2**31 - 1)  # a longer cell is a defect of its own


@dataclass
class CsvRows:
    """The rows of some files, their defects, the files of which rows are missing, and the cells of single rows out of form.

    The frame has the schema's columns, an empty cell as null; source_id (where the schema has it) is the folder's name, and
    raw_file one of the files. `lost` are the file and a cell of each row that is left out because it has too many, say.
    """

    rows: pl.DataFrame
    defects: list[Defect] = field(default_factory=list)
    lacking: set[str] = field(default_factory=set)
    lost: list[tuple[str, str]] = field(default_factory=list)


def read_csv_files(raw: Path, files: list[str], schema: DataFrameSchema) -> CsvRows:
    """Return the rows of some files (relative to `raw`) as text; a file out of form gives those that can be read."""
    typed = [name for name in schema.columns if name not in READER_COLUMNS]
    headers = _headers(schema, typed)
    plain, odd = _plain(raw, files, headers)
    read = CsvRows(pl.DataFrame())
    frames = [_rows_of_plain(plain.filter(header=",".join(header)), header, typed) for header in headers]
    frames += [_read(raw, files[number], headers, read).with_columns(file=pl.lit(number, pl.Int64)) for number in odd]
    rows = _one_table(frames)
    read.rows = rows.join(_places(files), on="file", how="left", maintain_order="left").select(list(schema.columns))
    read.lacking = {defect.file for defect in read.defects if defect.line == 1 or defect.code in LOSES_ITS_FILE}
    return read


def _one_table(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of some frames in the order of their files and lines."""
    filled = [frame for frame in frames if not frame.is_empty()] or frames[:1]
    return filled[0] if len(filled) == 1 else pl.concat(filled, how="diagonal").sort("file", "raw_line")


def _places(files: list[str]) -> pl.DataFrame:
    """Return the name of each file and its folder's: file (its number), raw_file, source_id."""
    named = [(number, file, file.rpartition("/")[0]) for number, file in enumerate(files)]
    return pl.DataFrame(named, schema={"file": pl.Int64, "raw_file": pl.String, "source_id": pl.String}, orient="row")


def _headers(schema: DataFrameSchema, typed: list[str]) -> list[list[str]]:
    """Return the headers that a file may have: with all columns, first, or without those that may be absent."""
    optional = optional_columns(schema)
    left_out = (set(names) for count in range(len(optional) + 1) for names in combinations(optional, count))
    return [[name for name in typed if name not in absent] for absent in left_out]


def _with_all_columns(cells: pl.DataFrame, typed: list[str]) -> pl.DataFrame:
    return cells.with_columns(pl.lit(None, pl.String).alias(name) for name in typed if name not in cells.columns)


def _plain(raw: Path, files: list[str], headers: list[list[str]]) -> tuple[pl.DataFrame, list[int]]:
    """Return the files that are plain (file, its number, content, and header), and the numbers of the others."""
    contents = pl.DataFrame(
        [(number, _plain_text(raw, file)) for number, file in enumerate(files)],
        schema={"file": pl.Int64, "content": pl.String},
        orient="row",
    )
    header = pl.coalesce(
        pl.when(pl.col("content").str.contains(_table(columns))).then(pl.lit(",".join(columns))) for columns in headers
    )
    told = contents.with_columns(header=header)
    return told.filter(pl.col("header").is_not_null()), told.filter(pl.col("header").is_null())["file"].to_list()


def _table(columns: list[str]) -> str:
    """Return the pattern of a plain file with these columns."""
    return f"^{','.join(columns)}\n(?:{_CELL}(?:,{_CELL}){{{len(columns) - 1}}}\n)*$"


def _plain_text(raw: Path, file: str) -> str | None:
    """Return the text of a file, or nothing where it must be read with care."""
    text = read_plain_text(raw, file)[0]
    if text is None:
        return None
    return text if len(text) <= LONGEST_CELL or max(map(len, text.split("\n"))) <= LONGEST_CELL else None


def _rows_of_plain(plain: pl.DataFrame, header: list[str], typed: list[str]) -> pl.DataFrame:
    """Return the rows of plain files of one header that are not empty: file, raw_line, and the cells of all columns."""
    body = pl.col("content").str.slice(len(",".join(header)) + 1)
    ends = pl.col("content").str.count_matches("\n", literal=True).cast(pl.Int64) + 1
    places = plain.select("file", raw_line=pl.int_ranges(2, ends)).explode("raw_line").drop_nulls()
    if places.is_empty():
        return places.with_columns(pl.lit(None, pl.String).alias(name) for name in typed)
    rows = "".join(plain.select(body).to_series()).encode()
    cells = pl.read_csv(rows, has_header=False, new_columns=header, schema_overrides=[pl.String] * len(header))
    filled = _with_all_columns(cells.select(pl.when(pl.all() != "").then(pl.all())), typed)
    return pl.concat([places, filled], how="horizontal").filter(pl.any_horizontal(pl.col(typed).is_not_null()))


def _read(raw: Path, file: str, headers: list[list[str]], read: CsvRows) -> pl.DataFrame:
    """Return the rows of one file: raw_line, and the cells of all columns; what is wrong with it goes into `read`."""
    rows: list[list[str | int | None]] = []
    content, _, wrong = read_plain_text(raw, file)
    read.defects += wrong
    records = iter(()) if content is None else _records(content, file, read.defects)
    _, header = next(records, (1, []))
    if content is not None and _is_header(header, headers, content, file, read.defects):
        for line, cells in records:
            if _is_row(cells, header, file, line, read.defects):
                rows.append([line, *(cell or None for cell in cells)])
            else:
                read.lost += [(file, cell) for cell in cells if cell]
    shape = dict.fromkeys(["raw_line", *(header if header in headers else headers[0])], pl.String) | {"raw_line": pl.Int64}
    return _with_all_columns(pl.DataFrame(rows, schema=shape, orient="row"), headers[0])


def _records(content: str, file: str, defects: list[Defect]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line at which it starts."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            expected = 'every quotation mark that opens a cell closed, and one inside a cell doubled ("")'
            defects.append(Defect(file, line, "", "open_quote", _line(content, line), f"{expected} ({error})"))
            return
        if cells:
            yield line, cells


def _line(content: str, line: int) -> str:
    return shortened(content.splitlines()[line - 1])


def _is_header(header: list[str], headers: list[list[str]], content: str, file: str, defects: list[Defect]) -> bool:
    if header in headers:
        return True
    typed, required = headers[0], headers[-1]
    if not header:
        defects.append(Defect(file, 1, "", "empty_file", "", f"the header {','.join(typed)}"))
        return False
    if len(header) == 1 and ";" in header[0]:
        expected = "commas between the cells; in the spreadsheet, export with commas"
        defects.append(Defect(file, 1, "", "semicolons", _line(content, 1), expected))
        return False
    in_order = [Defect(file, 1, "", "column_order", ",".join(header), f"the order {','.join(typed)}")]
    defects += list(_wrong_columns(header, typed, required, file)) or in_order
    return False


def _wrong_columns(header: list[str], typed: list[str], required: list[str], file: str) -> Iterator[Defect]:
    """Yield a defect for each column of a header that stands twice, is too many, or is missing."""
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Defect(file, 1, name, "duplicate_column", name, "each column once")
    for name in header:
        if name not in typed:
            yield Defect(file, 1, name, "extra_column", name, f"only the columns {','.join(typed)}{nearest(name, typed)}")
    for name in required:
        if name not in header:
            yield Defect(file, 1, name, "missing_column", "", f"a column {name}")


def _is_row(cells: list[str], typed: list[str], file: str, line: int, defects: list[Defect]) -> bool:
    if len(cells) != len(typed):
        if not any(cells):
            return False  # a spreadsheet's empty line: commas only
        expected = f"{len(typed)} cells as the header has, and not {len(cells)} cells; one with a comma needs quotation marks"
        defects.append(Defect(file, line, "", "ragged_row", "", expected))
        return False
    if not any(cells):
        return False
    sound = True
    for name, cell in zip(typed, cells, strict=True):
        if "\n" in cell or "\r" in cell:
            expected = "a cell in one line: type a space instead of the line break; or is a quotation mark left open?"
            defects.append(Defect(file, line, name, "line_break_in_cell", shortened(cell), expected))
            sound = False
        elif len(cell) > LONGEST_CELL:
            expected = f"at most {LONGEST_CELL:,} characters; this cell has {len(cell):,}"
            defects.append(Defect(file, line, name, "too_long", "", expected))
            sound = False
        elif cell != cell.strip():
            defects.append(Defect(file, line, name, "surrounding_space", cell, f"{cell.strip()!r}, without the space around it"))
        elif any(unicodedata.category(character) == "Cc" for character in cell):
            defects.append(Defect(file, line, name, "control_character", cell, "a cell without control characters"))
    return sound
