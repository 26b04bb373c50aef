"""What is wrong with a file of a release, and a way to state it for the rows of a table.

Belongs here: the shape of a failure and its sentences. Does not belong here: what is one; each
check decides that.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

import polars as pl

from pipeline.release.changes import changes

SHOWN = 20
"""Rows of a table that are told of; of more it is told how many."""

MADE = "the release made again from its raw.zip"

_IN_WORDS = {
    "removed": f"{{key}}: the row is not there; in {MADE} it is",
    "added": f"{{key}}: the row is there; in {MADE} it is not",
    "value": f"{{key}}: {{column_name}} is {{new}}; in {MADE} it is {{old}}",
}


@dataclass(frozen=True, order=True)
class Failure:
    """One thing that is wrong: the file, relative to the release's folder, the kind for machines,
    and a sentence.
    """

    file: str
    code: str
    message: str


def differing_rows(file: str, rows: pl.DataFrame, expected: pl.DataFrame) -> list[Failure]:
    """Return a failure for each of the first rows of a table's file that are not as expected; only
    columns of both count.
    """
    name = PurePosixPath(file).stem
    columns = [name for name in expected.columns if name in rows.columns]
    found = changes({name: expected.select(columns)}, {name: rows.select(columns)})
    shown = (
        found.head(SHOWN)
        .with_columns(pl.col("old", "new").fill_null("nothing"))
        .iter_rows(named=True)
    )
    messages = [_IN_WORDS[row["change"]].format(**row) for row in shown]
    rest = [f"and {found.height - SHOWN:,} more like these"] if found.height > SHOWN else []
    return [Failure(file, "rows_differ", message) for message in (*messages, *rest)]
