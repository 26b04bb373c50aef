"""What a release holds, as far as it can be read: its files, tables and texts.

Belongs here: reading, and what cannot be read. Does not belong here: whether what was read is right
(remade).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from pipeline.defects import shortened
from pipeline.release.opened import Damaged, Opened
from pipeline.release.verification.failure import Failure
from schemas.tables import RELEASE_TABLES, file_of

Anything = TypeVar("Anything")

OF_EARLIER = {"numerals", "variables"}
"""Tables that releases of versions 1 and 2 have, and later ones have not."""


@dataclass(frozen=True)
class Contents:
    """A release as far as it can be read.

    - `hashes` are the SHA-256 of each file. `is_todays` says whether this program makes releases
      with such tables.
    - `tables` are those that have the columns of their schemas, if it does.
    """

    opened: Opened
    hashes: Mapping[str, str]
    is_todays: bool
    tables: dict[str, pl.DataFrame]


def attempt(failures: list[Failure], read: Callable[[str], Anything], file: str) -> Anything | None:
    """Return what is read of a file; where it cannot be, add a failure and return nothing."""
    try:
        return read(file)
    except Damaged as error:
        failures.append(Failure(file, "unreadable_file", str(error)))
        return None


def read_contents(opened: Opened) -> tuple[Contents, list[Failure]]:
    """Return what can be read of a release, and why the rest cannot."""
    failures: list[Failure] = []
    hashes = measure(opened, failures)
    is_todays = OF_EARLIER.isdisjoint({*opened.tables("parquet"), *opened.tables("csv")})
    tables = {}
    files = opened.tables("parquet") if is_todays else {}
    for name in RELEASE_TABLES.keys() & files:
        rows = attempt(failures, opened.read_parquet, files[name])
        wrong = [] if rows is None else _wrong_columns(name, rows[0])
        failures += wrong
        if rows is not None and not wrong:
            tables[name] = rows[0]
    return Contents(opened, hashes, is_todays, tables), failures


def measure(opened: Opened, failures: list[Failure]) -> dict[str, str]:
    """Return the SHA-256 of each file; add a failure for each that cannot be read or is not safe
    to.
    """
    failures += [Failure(name, "unsafe_path", why) for name, why in opened.refused.items()]
    found = {name: attempt(failures, opened.measure, name) for name in sorted(opened.names)}
    return {name: digest for name, digest in found.items() if digest is not None}


def _wrong_columns(name: str, rows: pl.DataFrame) -> list[Failure]:
    """Return a failure where the columns of a table are not those of its schema, in their order and
    of their types.
    """
    expected = [
        f"{column} ({described.dtype.type})"
        for column, described in RELEASE_TABLES[name].columns.items()
    ]
    found = [f"{column} ({dtype})" for column, dtype in rows.schema.items()]
    if found == expected:
        return []
    others = ", ".join(sorted({*found} ^ {*expected})) or "the same in another order"
    return [
        Failure(
            file_of(name, "parquet"),
            "wrong_column",
            f"has other columns than its schema: {shortened(others)}",
        )
    ]
