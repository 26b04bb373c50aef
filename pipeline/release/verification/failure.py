"""What is wrong with a file of a release, and ways to state it for the rows of a table.

Belongs here: the shape of a failure and its sentences. Does not belong here: what is one; each check decides that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.release.changes import changes
from schemas.tables import RELEASE_TABLES

SHOWN = 20
"""Rows of a table that one check tells of; of more it tells how many."""

_ROWS = "rows"
_IN_WORDS = {
    "removed": "{key}: the row is not there; by {place} it is",
    "added": "{key}: the row is there; by {place} it is not",
    "value": "{key}: {column} is {new}; by {place} it is {old}",
}


@dataclass(frozen=True, order=True)
class Failure:
    """One thing that is wrong: the file, relative to the release's folder, the kind for machines, and a sentence."""

    file: str
    code: str
    message: str


def table_file(name: str, ending: str = "parquet") -> str:
    """Return where a table stands in a release."""
    return f"tables/{name}.{ending}"


def some(file: str, code: str, messages: Iterable[str], count: int) -> list[Failure]:
    """Return a failure for each message and, where these are fewer than `count`, how many more there are."""
    failures = [Failure(file, code, message) for message in messages]
    rest = count - len(failures)
    return [*failures, Failure(file, code, f"and {rest:,} more like these")] if rest > 0 else failures


def failing(name: str, code: str, rows: pl.DataFrame, message: pl.Expr) -> list[Failure]:
    """Return a failure for each row of a table, which its key names."""
    # rechunked, since pl.format of polars 2.1 panics on a column that a filter left with an empty chunk
    shown = rows.head(SHOWN).rechunk()
    key = pl.concat_str(pl.col(RELEASE_TABLES[name].unique or ()).cast(pl.String).fill_null(""), separator=" ")
    messages = shown.select(pl.format("{}: {}", key, message))[:, 0] if rows.height else ()
    return some(table_file(name), code, messages, rows.height)


def differing(name: str, code: str, rows: pl.DataFrame, other: tuple[str, pl.DataFrame]) -> list[Failure]:
    """Return a failure for each row of a table that is not as it should be.

    `other` is where the same rows stand or what they follow from, in words, and these rows; only columns of both count.
    """
    return differing_rows(table_file(name), code, rows, other, RELEASE_TABLES[name].unique or ())


def differing_rows(
    file: str, code: str, rows: pl.DataFrame, other: tuple[str, pl.DataFrame], key: Sequence[str]
) -> list[Failure]:
    """Return what `differing` does, for the rows of any file, which have a key."""
    place, expected = other
    columns = [name for name in expected.columns if name in rows.columns]
    found = changes({_ROWS: expected.select(columns)}, {_ROWS: rows.select(columns)}, {_ROWS: key})
    shown = found.head(SHOWN).with_columns(pl.col("old", "new").fill_null("nothing")).iter_rows(named=True)
    return some(file, code, (_IN_WORDS[row["change"]].format(place=place, **row) for row in shown), found.height)
