"""Check a whole raw/ folder: every table that it gives, and everything that has to be mended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.defects import Defect
from pipeline.read.raw_folder import RawFolder, read_findings, read_releases
from pipeline.rule_steps import findings_of
from pipeline.steps import STEPS


@dataclass
class Checked:
    """What a raw folder gives: tables by name, defects of entry, findings that nobody has acknowledged, and remarks by name."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)
    unacknowledged: list[Defect] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)


def check(path: Path, source: str | None = None) -> Checked:
    """Check a raw folder, or the one source of it that `source` names."""
    return check_folder(RawFolder(path, source))


def check_folder(raw: RawFolder, tell: Callable[[str], None] = lambda _: None) -> Checked:
    """Check a raw folder, of which some files may have been read; `tell` is told what is being built.

    All defects of entry come at once; the linear system is built and judged only where there is none.
    """
    checked = Checked()
    defects = [*read_findings(raw).defects, *read_releases(raw).defects]
    for step in STEPS:
        if "rules" in step.needs and defects:
            break
        tell(", ".join(step.tables))
        for name, built in step.build(raw, checked.tables).items():
            checked.tables[name] = built.table
            defects += built.defects
            checked.remarks |= built.remarks
    # a column of a text is a number
    checked.defects = sorted(set(defects), key=lambda one: (one.file, one.line, len(one.column) * one.column.isdigit(), one))
    if not defects:
        checked.unacknowledged = findings_of(raw, checked.tables).unacknowledged
    return checked
