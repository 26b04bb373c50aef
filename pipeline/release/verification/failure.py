"""What is wrong with a file of a release, and ways to state it for the rows of a table.

Belongs here: the shape of a failure and its sentences. Does not belong here: what is one; each check decides that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.release.changes import changes

SHOWN = 20
"""Rows of a table that one check tells of; of more it tells how many."""

_ROWS = "rows"


@dataclass(frozen=True, order=True)
class Failure:
    """One thing that is wrong: the file, relative to the release's folder, the kind for machines, and a sentence."""

    file: str
    code: str
    message: str


def table_file(name: str) -> str:
    """Return where a table stands in a release."""
    return f"tables/{name}.parquet"


def told(file: str, code: str, messages: Iterable[str], count: int) -> list[Failure]:
    """Return a failure for each message and, where these are fewer than `count`, how many more there are."""
    failures = [Failure(file, code, message) for message in messages]
    rest = count - len(failures)
    return [*failures, Failure(file, code, f"and {rest:,} more like these")] if rest > 0 else failures


def failing(file: str, code: str, rows: pl.DataFrame, key: Sequence[str], message: pl.Expr) -> list[Failure]:
    """Return a failure for each row, which its key names."""
    # rechunked, since pl.format of polars 2.1 panics on a column that a filter left with an empty chunk
    shown = rows.head(SHOWN).rechunk()
    named = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in key], separator=" ")
    return told(file, code, shown.select(pl.format("{}: {}", named, message))[:, 0] if rows.height else (), rows.height)


def differing(file: str, code: str, rows: pl.DataFrame, other: tuple[str, pl.DataFrame], key: Sequence[str]) -> list[Failure]:
    """Return a failure for each row of a file that is not as it should be.

    `other` is where the same rows stand or what they follow from, in words, and these rows; only columns of both count.
    """
    place, expected = other
    columns = [name for name in expected.columns if name in rows.columns]
    found = changes({_ROWS: expected.select(columns)}, {_ROWS: rows.select(columns)}, {_ROWS: key})
    wrong = {"removed": "is not there; by {} it is", "added": "is there; by {} it is not"}
    keys = [
        f"{name}: the row {wrong[change].format(place)}"
        for change, name in found.keys.head(SHOWN).select("change", "key").iter_rows()
    ]
    cells = [
        f"{name}: {column} is {_shown(new)}; by {place} it is {_shown(old)}"
        for name, column, old, new in found.cells.head(SHOWN).drop("table").iter_rows()
    ]
    return told(file, code, keys, found.keys.height) + told(file, code, cells, found.cells.height)


def _shown(cell: str | None) -> str:
    return "empty" if cell is None else repr(cell)
