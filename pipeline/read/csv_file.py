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
from pathlib import Path

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.defects import Defect, nearest, shortened

READER_COLUMNS = ("source_id", "raw_file", "raw_line")

LONGEST_CELL = 1_000_000
"""Characters; in a plain file, of a line."""

_BARE = r'[^\s",\p{Cc}](?:[^",\p{Cc}]*[^\s",\p{Cc}])?'
_QUOTED = r'"(?:(?:[^\s"\p{Cc}]|"")(?:(?:[^"\p{Cc}]|"")*(?:[^\s"\p{Cc}]|""))?)?"'
_CELL = f"(?:{_BARE}|{_QUOTED})?"
"""A cell of one line without control characters and without space around it."""

csv.field_size_limit(LONGEST_CELL)


def read_csv_files(raw: Path, files: list[str], schema: DataFrameSchema) -> tuple[pl.DataFrame, list[Defect]]:
    """Return the rows of some files (relative to `raw`) as text, an empty cell as null, and their defects, file by file.

    The frame has the schema's columns; source_id (where the schema has it) is the folder's name, raw_file one of `files`.
    A file with a defect of its form gives the rows that can be read; a row that is out of form is left out.
    """
    typed = [name for name in schema.columns if name not in READER_COLUMNS]
    plain, odd = _plain(raw, files, typed)
    frames = [_rows_of_plain(plain, typed)]
    defects = []
    for number in odd:
        rows, lines, wrong = _read(raw / files[number], files[number], typed)
        defects += wrong
        cells = pl.DataFrame(rows, schema=dict.fromkeys(typed, pl.String), orient="row")
        frames.append(cells.with_columns(pl.lit(number, pl.Int64).alias("file"), pl.Series("raw_line", lines, dtype=pl.Int64)))
    places = pl.DataFrame(
        {"file": range(len(files)), "raw_file": files, "source_id": [file.rpartition("/")[0] for file in files]},
        schema={"file": pl.Int64, "raw_file": pl.String, "source_id": pl.String},
    )
    table = pl.concat(frames, how="diagonal").sort("file", "raw_line") if odd else frames[0]
    return table.join(places, on="file", how="left", maintain_order="left").select(list(schema.columns)), defects


def _plain(raw: Path, files: list[str], typed: list[str]) -> tuple[pl.DataFrame, list[int]]:
    """Return the files that are plain (file, its number, and content), and the numbers of the others."""
    contents = pl.DataFrame(
        [(number, _plain_text(f"{raw}/{file}")) for number, file in enumerate(files)],
        schema={"file": pl.Int64, "content": pl.String},
        orient="row",
    )
    table = f"^{','.join(typed)}\n(?:{_CELL}(?:,{_CELL}){{{len(typed) - 1}}}\n)*$"
    is_plain = pl.col("content").str.contains(table).fill_null(value=False)
    return contents.filter(is_plain), contents.filter(~is_plain)["file"].to_list()


def _plain_text(path: str) -> str | None:
    """Return the text of a file, or nothing where it must be read with care."""
    try:
        with open(path, "rb", buffering=0) as opened:  # noqa: PTH123 (a Path for each of many files takes its time)
            text = opened.read().decode()
    except (OSError, UnicodeDecodeError):
        return None
    return text if len(text) <= LONGEST_CELL or max(map(len, text.split("\n"))) <= LONGEST_CELL else None


def _rows_of_plain(plain: pl.DataFrame, typed: list[str]) -> pl.DataFrame:
    """Return the rows of plain files that are not empty: file, raw_line, and the cells."""
    body = pl.col("content").str.slice(len(",".join(typed)) + 1)
    ends = pl.col("content").str.count_matches("\n", literal=True).cast(pl.Int64) + 1
    places = plain.select("file", raw_line=pl.int_ranges(2, ends)).explode("raw_line").drop_nulls()
    if places.is_empty():
        return places.with_columns(pl.lit(None, pl.String).alias(name) for name in typed)
    rows = "".join(plain.select(body).to_series()).encode()
    cells = pl.read_csv(rows, has_header=False, new_columns=typed, schema_overrides=[pl.String] * len(typed))
    filled = cells.select(pl.when(pl.all() != "").then(pl.all()))
    return pl.concat([places, filled], how="horizontal").filter(pl.any_horizontal(pl.col(typed).is_not_null()))


def _read(path: Path, file: str, typed: list[str]) -> tuple[list[list[str | None]], list[int], list[Defect]]:
    """Return the rows of one file with their lines, and its defects."""
    content, defects = _decode(path, file)
    rows: list[list[str | None]] = []
    lines: list[int] = []
    if content is not None:
        records = _records(content, file, defects)
        header = next(records, None)
        if header is None:
            defects.append(Defect(file, 1, "", "empty_file", "", f"the header {','.join(typed)}"))
        elif _is_header(header[1], typed, content, file, defects):
            for line, cells in records:
                if _is_row(cells, typed, file, line, defects):
                    rows.append([cell or None for cell in cells])
                    lines.append(line)
    return rows, lines, defects


def _decode(path: Path, file: str) -> tuple[str | None, list[Defect]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [Defect(file, 1, "", "missing_file", "", "this file")]
    except OSError as error:
        return None, [Defect(file, 1, "", "unreadable_file", "", f"a file that can be read ({error.strerror})")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = data[: error.start]
        found = data[error.start : error.end].hex(" ")
        expected = "UTF-8; save the file with this encoding (in a spreadsheet: CSV UTF-8)"
        return None, [Defect(file, before.count(b"\n") + 1, "", "not_utf8", f"bytes {found}", expected)]


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


def _is_header(header: list[str], typed: list[str], content: str, file: str, defects: list[Defect]) -> bool:
    if header == typed:
        return True
    if len(header) == 1 and ";" in header[0]:
        expected = "commas between the cells; in the spreadsheet, export with commas"
        defects.append(Defect(file, 1, "", "semicolons", _line(content, 1), expected))
        return False
    before = len(defects)
    twice = sorted({name for name in header if header.count(name) > 1})
    defects += [Defect(file, 1, name, "duplicate_column", name, "each column once") for name in twice]
    for name in header:
        if name not in typed:
            hint = nearest(name, typed)
            defects.append(Defect(file, 1, name, "extra_column", name, f"only the columns {','.join(typed)}{hint}"))
    missing = [name for name in typed if name not in header]
    defects += [Defect(file, 1, name, "missing_column", "", f"a column {name}") for name in missing]
    if len(defects) == before:
        defects.append(Defect(file, 1, "", "column_order", ",".join(header), f"the order {','.join(typed)}"))
    return False


def _is_row(cells: list[str], typed: list[str], file: str, line: int, defects: list[Defect]) -> bool:
    if len(cells) != len(typed):
        if not any(cells):
            return False  # a spreadsheet's empty line: commas only
        expected = f"{len(typed)} cells as the header has; a cell with a comma needs quotation marks"
        defects.append(Defect(file, line, "", "ragged_row", f"{len(cells)} cells", expected))
        return False
    if not any(cells):
        return False
    sound = True
    for name, cell in zip(typed, cells, strict=True):
        if "\n" in cell or "\r" in cell:
            expected = "a cell in one line; a line break usually means a quotation mark left open"
            defects.append(Defect(file, line, name, "line_break_in_cell", shortened(cell), expected))
            sound = False
        elif cell != cell.strip():
            defects.append(Defect(file, line, name, "surrounding_space", cell, f"{cell.strip()!r}, without the space around it"))
        elif any(unicodedata.category(character) == "Cc" for character in cell):
            defects.append(Defect(file, line, name, "control_character", cell, "a cell without control characters"))
    return sound
