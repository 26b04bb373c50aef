"""Counts of organisations: a bar for each number that is stated, an arrow where it is a bound,
hatched what only follows.
"""

import polars as pl

from pipeline.release.page import words
from pipeline.release.page.charts.bars import COUNTS
from pipeline.release.page.charts.figure import Kind, Material, amounts

_NAMED = 6
"""Counts that a sentence names."""


def _rows(material: Material) -> pl.DataFrame:
    """Return the counts of each area as stated, with their sources, and what follows for times that
    nobody counts.
    """
    stated = material.view("organisation_counts")
    named = ("indicator", "indicator_label", "area", "area_label", "kind", "unit")
    implied = _implied(material).join(stated.select(named).unique(), on=["indicator", "area"])
    rows = amounts(pl.concat([stated, implied], how="diagonal_relaxed"))
    source = pl.when(pl.col("source_id").drop_nulls().n_unique() > 1).then("title")
    label = pl.concat_str(
        "indicator_label", "category_label", "when", source, separator=", ", ignore_nulls=True
    )
    heading = (
        pl.when(kind="stock")
        .then(pl.lit("how many there are"))
        .otherwise(pl.lit("how many a year"))
    )
    return rows.with_columns(label=label, heading=heading)


def _implied(material: Material) -> pl.DataFrame:
    """Return what follows for numbers that nobody states and that have no category."""
    unstated = material.tables["quantities"].filter(role="unstated", part="value")
    named = unstated.filter(pl.col("category").is_null())
    named = named.select("quantity", "indicator", "area", "period")
    return (
        material.tables["implied_bounds"]
        .join(named, on="quantity")
        .select("indicator", "area", "period", "lower", "upper")
    )


def _lead(rows: pl.DataFrame) -> str:
    stated = (
        rows.filter(pl.col("fact_id").is_not_null())
        .select(
            pl.concat_str(
                pl.concat_str("printed", pl.lit(" "), "indicator_label"),
                "category_label",
                "when",
                separator=", ",
                ignore_nulls=True,
            )
        )
        .to_series()
    )
    return (
        f"{words.sentence(words.listed([*stated[:_NAMED], *['more'] * (len(stated) > _NAMED)]))}."
    )


ORGANISATION_COUNTS = Kind(
    "counts",
    "Counts of organisations",
    ("area", "area_label", "heading"),
    _rows,
    _lead,
    COUNTS,
    least=2,
)
