"""Dialogue bodies: a bar for all, one for each named group, and a hatched one for those in none."""

import polars as pl

from pipeline.release.page.charts.bars import COUNTS
from pipeline.release.page.charts.figure import Kind, Material, amounts


def _rows(material: Material) -> pl.DataFrame:
    """Return all dialogue bodies, those of each named group, and how many are in none, with the
    rule that says so.
    """
    rules = material.tables["check_results"].select(
        "explanation", anchor=pl.format("rule-{}", "rule_id")
    )
    rows = material.view("dialogue_bodies").with_columns(label="bodies")
    return amounts(
        rows.join(rules.unique("explanation"), on="explanation", how="left", maintain_order="left")
    )


def _lead(rows: pl.DataFrame) -> str:
    explanations = rows["explanation"].drop_nulls()
    return (
        str(explanations[0]) if len(explanations) else f"{rows['printed'][0]} {rows['label'][0]}."
    )


_GROUP = ("source_id", "title", "when")
DIALOGUE_BODIES = Kind("bodies", "Bodies for dialogue with the state", _GROUP, _rows, _lead, COUNTS)
