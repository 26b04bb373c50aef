"""A row that a passage of a text could be, and how far-fetched it is."""

from dataclasses import dataclass, field

MOST_CODES = 4
"""Codes of a list that are tried for a cell, the nearest first."""


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
