"""A row that a passage of a text could be, and how far-fetched it is."""

from dataclasses import dataclass, field

MOST_CODES = 4
"""Codes of a list that are tried for a cell, the nearest first."""

Codes = dict[str, tuple[str, str]]
"""Cells, and why each holds what it does, by column."""


@dataclass(frozen=True)
class Candidate:
    """A row that a passage could be: the cells by column, why each of them, and how far-fetched it
    is (the least first).
    """

    file: str
    cells: dict[str, str]
    why: dict[str, str] = field(default_factory=dict)
    cost: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()
    """Columns of codes that nothing names where the passage stands: a person decides."""

    @classmethod
    def of(
        cls, file: str, codes: Codes, cost: tuple[int, ...], doubts: tuple[str, ...] = ()
    ) -> "Candidate":
        """Return the row of cells that stand with their reasons."""
        cells = {column: cell for column, (cell, _) in codes.items()}
        why = {column: reason for column, (_, reason) in codes.items()}
        return cls(file, cells, why, cost, doubts)
