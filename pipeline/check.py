"""Check a whole raw/ folder: every table that it gives, and everything that has to be mended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.defects import Defect, in_order
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder, release_defects
from pipeline.rule_steps import findings_of
from pipeline.steps import OF_FINDINGS, walk


@dataclass
class Checked:
    """What a raw folder gives: tables by name, defects of entry, findings that nobody has
    acknowledged, and remarks by name.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)
    unacknowledged: list[Defect] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)


def check(path: Path, source: str | None = None) -> Checked:
    """Check a raw folder, or the one source of it that `source` names."""
    return check_tables(RawTables(RawFolder(path, source)))


def check_tables(read: RawTables, tell: Callable[[str], None] = lambda _: None) -> Checked:
    """Check what is read of a raw folder; `tell` is told what is being built."""
    checked = Checked()
    given = read.given(OF_FINDINGS)
    defects = release_defects(given)
    for name, built in walk(read, checked.tables, tell):
        checked.tables[name] = built.table
        defects += built.defects
        checked.remarks |= built.remarks
    checked.defects = in_order(defects)
    if not defects:
        checked.unacknowledged = findings_of(given | checked.tables).unacknowledged
    return checked
