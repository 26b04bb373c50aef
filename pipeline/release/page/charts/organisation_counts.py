"""Counts of organisations: a bar for each number that is stated, an arrow where it is a bound,
hatched what only follows.
"""

import polars as pl

from pipeline.release.page import words
from pipeline.release.page.charts.bars import COUNTS
from pipeline.release.page.charts.figure import Kind, Material, amounts

_QUANTITY = 3
"""Words of the name of a quantity that nobody states and that has no category: indicator, area,
period.
"""

_NAMED = 6
"""Counts that a sentence names."""


def _rows(material: Material) -> pl.DataFrame:
    """Return the counts of each area as stated, with their sources, and what follows for times that
    nobody counts.
    """
    stated = material.view("organisation_counts")
    counted = stated.select("indicator", "area_code", "what", "area", "kind").unique()
    implied = _implied(material).join(counted, on=["indicator", "area_code"])
    rows = amounts(pl.concat([stated, implied], how="diagonal_relaxed"))
    source = pl.when(pl.col("source_id").drop_nulls().n_unique() > 1).then("title")
    label = pl.concat_str("what", "when", source, separator=", ", ignore_nulls=True)
    heading = (
        pl.when(kind="stock")
        .then(pl.lit("how many there are"))
        .otherwise(pl.lit("how many a year"))
    )
    return rows.with_columns(label=label, heading=heading).sort(
        pl.col("kind") != "stock", "area", "what", "period", "source_id"
    )


def _implied(material: Material) -> pl.DataFrame:
    """Return what follows for numbers that nobody states and that have no category."""
    name = pl.col("quantity").str.split(" ")
    unstated = material.tables["quantities"].filter(role="unstated", part="value")
    bounds = material.tables["implied_bounds"].join(unstated, on="quantity", how="semi")
    return bounds.filter(name.list.len() == _QUANTITY).select(
        "premises",
        indicator=name.list.get(0),
        area_code=name.list.get(1),
        period=name.list.get(2),
        low="lower",
        high="upper",
        anchor=pl.format("rule-{}", pl.col("rule_ids").str.split(" ").list.first()),
    )


def _lead(rows: pl.DataFrame) -> str:
    stated = (
        rows.filter(pl.col("fact_id").is_not_null())
        .select(pl.format("{} {} ({})", "printed", "what", "when"))
        .to_series()
    )
    return (
        f"{words.sentence(words.listed([*stated[:_NAMED], *['more'] * (len(stated) > _NAMED)]))}."
    )


ORGANISATION_COUNTS = Kind(
    "counts", "Counts of organisations", ("area_code", "area", "heading"), _rows, _lead, COUNTS
)
