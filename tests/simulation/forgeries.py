"""Forge a release by chance: a bit of a file, a file, or a cell of a table in both its forms; with
every hash made anew, or none.
"""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from pipeline.release.files import write_csv, write_parquet
from schemas.tables import RELEASE_TABLES, file_of

HASHES = "SHA256SUMS"


def forge(folder: Path, draw: Random) -> str:
    """Change something in the folder of a release; return a file that is no longer as it was."""
    forged = draw.choice((_a_bit, _a_cell, _a_file_more, _a_file_less))(folder, draw)
    if draw.random() < 0.7:
        _hash_anew(folder)
    return forged


def _files(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _a_bit(folder: Path, draw: Random) -> str:
    name = draw.choice([name for name in _files(folder) if name != HASHES])
    content = bytearray((folder / name).read_bytes())
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    (folder / name).write_bytes(content)
    return name


def _a_file_more(folder: Path, draw: Random) -> str:
    beside = draw.choice(_files(folder))
    (folder / beside).with_name("more.txt").write_bytes((folder / beside).read_bytes())
    return (Path(beside).parent / "more.txt").as_posix()


def _a_file_less(folder: Path, draw: Random) -> str:
    name = draw.choice([name for name in _files(folder) if name != HASHES])
    (folder / name).unlink()
    return name


def _a_cell(folder: Path, draw: Random) -> str:
    tables = {
        name: rows
        for name in RELEASE_TABLES
        if not (rows := pl.read_parquet(folder / file_of(name, "parquet"))).is_empty()
    }
    name = draw.choice(sorted(tables))
    rows = tables[name]
    column, row = draw.choice(rows.columns), draw.randrange(rows.height)
    values = rows[column].to_list()
    values[row] = _other(values[row], rows.schema[column])
    forged = rows.with_columns(pl.Series(column, values, rows.schema[column]))
    write_csv(forged, RELEASE_TABLES[name], folder / file_of(name, "csv"))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    licence = package["licenses"][0]["name"]
    write_parquet(forged, RELEASE_TABLES[name], folder / file_of(name, "parquet"), licence)
    return file_of(name, "csv")


def _other(value: Any, dtype: pl.DataType) -> Any:  # noqa: ANN401 (what a cell holds)
    if dtype == pl.String:
        return f"{value or ''}0"
    if dtype == pl.Boolean:
        return not value
    if dtype == pl.Date:
        return (value or date(2011, 12, 23)) + timedelta(days=1)
    return (value or 0) + (1 if dtype == pl.Int64 else Decimal(1))


def _hash_anew(folder: Path) -> None:
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in _files(folder)
        if name != HASHES
    ]
    (folder / HASHES).write_text("".join(lines), encoding="utf-8")
