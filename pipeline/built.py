"""What a step of the pipeline gives: a table, and what is wrong with the files that it was built from."""

from dataclasses import dataclass

import polars as pl

from pipeline.defects import Defect


@dataclass(frozen=True)
class Built:
    """A table and its defects; with defects the table holds the rows that are sound, and is not to be published."""

    table: pl.DataFrame
    defects: list[Defect]
