"""The row that is proposed for each item of a text: the least far-fetched of those that the checks
accept.

Belongs here: having the checks judge many rows at once. Does not belong here: where the rows come
from (candidates), or the checks.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.defects import Defect
from pipeline.enter.candidate import Candidate
from pipeline.evidence.texts import Texts
from pipeline.fact_steps import BUILDERS
from pipeline.facts.reference_tables import CodeLists
from pipeline.read.raw_folder import Typed
from pipeline.read.validate import validate
from schemas.columns import shape_of
from schemas.raw_files import SOURCE_FILES

MOST_SHOWN = 9
"""Rows that are offered for an item; a digit chooses one."""


@dataclass(frozen=True)
class Proposal:
    """A row that is offered, and what the checks say against it."""

    row: Candidate
    defects: tuple[Defect, ...] = ()

    def with_cells(self, **cells: str) -> "Proposal":
        """Return the row with other cells."""
        return replace(self, row=replace(self.row, cells=self.row.cells | cells))


@dataclass(frozen=True)
class Judge:
    """What rows of a source are held against."""

    source_id: str
    sources: pl.DataFrame
    texts: Texts
    lists: CodeLists

    def defects_of(self, file: str, rows: Sequence[Candidate]) -> list[tuple[Defect, ...]]:
        """Return what the checks say against each of some rows of a file, all judged in one pass,
        each as if it were the only one.
        """
        schema = SOURCE_FILES[file]
        cells = [one.cells | {"fact_id": f"candidate-{n}"} for n, one in enumerate(rows)]
        frame = frame_of(schema, f"{self.source_id}/{file}.csv", cells)
        typed = Typed(frame, validate(frame, schema))
        built = BUILDERS[file](typed, self.sources, self.texts, self.lists)
        found: list[list[Defect]] = [[] for _ in rows]
        for defect in built.defects:
            found[defect.line - 1].append(defect)
        return [tuple(defects) for defects in found]


def frame_of(schema: DataFrameSchema, file: str, rows: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    """Return rows as they would be read of a file of raw/, one a line."""
    folder = {"source_id": file.partition("/")[0], "raw_file": file}
    cells = [
        folder | {name: text or None for name, text in row.items()} | {"raw_line": line}
        for line, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(cells, schema=shape_of(schema))


def judged(judge: Judge, of_items: Mapping[str, list[Candidate]]) -> dict[str, list[Proposal]]:
    """Return the rows that items could be, by their keys, with what the checks say against each."""
    found: dict[str, list[Proposal]] = {key: [] for key in of_items}
    for file in BUILDERS:
        rows = [
            (key, one) for key, all_of in of_items.items() for one in all_of if one.file == file
        ]
        defects = judge.defects_of(file, [one for _, one in rows]) if rows else []
        for (key, one), wrong in zip(rows, defects, strict=True):
            found[key].append(Proposal(one, wrong))
    return found


def best(rows: Iterable[Proposal], familiar: Container[str]) -> list[Proposal]:
    """Return the rows to offer for an item: those that the checks accept first, then the least
    far-fetched; of what an observation may count, each once.

    `familiar` are the indicators of earlier rows, which decide where nothing else does.
    """

    def order(one: Proposal) -> tuple[int, tuple[int, ...], bool]:
        return len(one.defects), one.row.cost, one.row.cells.get("indicator", "") not in familiar

    found: dict[tuple[str, ...], Proposal] = {}
    for one in sorted(rows, key=order):
        cells = one.row.cells
        meaning = [cells.get(name, "") for name in ("indicator", "area", "category")]
        found.setdefault(tuple(meaning if any(meaning) else cells.values()), one)
    return list(found.values())[:MOST_SHOWN]
