"""What is wrong with the history of releases as a whole: each row follows from the one before.

Does not belong here: single cells (schemas), or whether the release that is due has its row
(release/versions).
"""

from itertools import pairwise
from typing import Any

import polars as pl

from pipeline.defects import Defect, no_such_day


def history_defects(rows: pl.DataFrame) -> list[Defect]:
    """Return a defect for each sound row of releases.csv, as typed, that does not follow from the
    row before.
    """
    defects = no_such_day(rows, "date", "2026-11-24")
    versions = rows["version"].to_list()
    first, *_ = [*rows.iter_rows(named=True), None]
    if first is not None and first["based_on"] is not None:
        defects.append(
            _at(first, "based_on", "wrong_base", "nothing, since the first release follows none")
        )
    for before, row in pairwise(rows.iter_rows(named=True)):
        if row["based_on"] != before["version"]:
            code = (
                "unknown_version"
                if row["based_on"] and row["based_on"] not in versions
                else "wrong_base"
            )
            defects.append(
                _at(row, "based_on", code, f"{before['version']}, the version of the row before")
            )
        if _parts(row["version"]) <= _parts(before["version"]):
            defects.append(
                _at(
                    row,
                    "version",
                    "out_of_order",
                    f"a version after {before['version']}, that of the row before",
                )
            )
        if row["date"] < before["date"]:
            defects.append(
                _at(
                    row,
                    "date",
                    "out_of_order",
                    f"a day from {before['date']} on, that of the row before",
                )
            )
    return defects


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _at(row: dict[str, Any], column: str, code: str, expected: str) -> Defect:
    return Defect(row["raw_file"], row["raw_line"], column, code, row[column] or "", expected)
