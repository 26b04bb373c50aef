"""Dialogue bodies: a bar for all, one for each named group, and a hatched one for those in none."""

import polars as pl

from pipeline.release.page.charts.bars import COUNTS
from pipeline.release.page.charts.figure import Kind, Material, amounts


def _rows(material: Material) -> pl.DataFrame:
    """Return all dialogue bodies, those of each named group, and how many are in none."""
    rows = material.view("dialogue_bodies")
    return amounts(rows.with_columns(label="category_label", unit=pl.lit(None, pl.String)))


def _lead(rows: pl.DataFrame) -> str:
    told = rows.filter(pl.col("fact_id").is_null())["caveat"]
    return str(told[0]) if len(told) else f"{rows['printed'][0]} {rows['label'][0]}."


_GROUP = ("source_id", "title", "when")
DIALOGUE_BODIES = Kind(
    "bodies", "Bodies for dialogue with the state", _GROUP, _rows, _lead, COUNTS, least=2
)
