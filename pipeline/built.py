"""What a step of the pipeline gives: a table, and what is wrong with the files that it was built
from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.defects import Defect

Tables = Mapping[str, pl.DataFrame]
"""Tables by name, as far as they are there."""

Row = dict[str, Any]
"""The cells of a row, by column."""

RowsAndDefects = tuple[pl.DataFrame, list[Defect]]
"""The rows that can be used further, and a defect for each of the others."""


@dataclass(frozen=True)
class Built:
    """A table, its defects, and what a curator should know besides, by name; with defects the table
    is not to be published.
    """

    table: pl.DataFrame
    defects: list[Defect]
    remarks: Mapping[str, list[str]] = field(default_factory=dict)
