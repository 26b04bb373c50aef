"""Regional shares: a bar for each region, and a hatched one for what is in no named region."""

from decimal import Decimal

import polars as pl

from pipeline.release.page import words
from pipeline.release.page.charts.bars import SHARES
from pipeline.release.page.charts.figure import Kind, Material, amounts


def _rows(material: Material) -> pl.DataFrame:
    """Return the share of each region, and what each group of them leaves to 100 percent by a
    rule.
    """
    named = material.view("regional_shares").filter(~pl.col("is_remainder"))
    rules = material.tables["rules"].filter(kind="shares_partial")
    first = material.tables["check_facts"].group_by("rule_id", "group_id")
    first = first.agg(pl.col("fact_id").min())
    results = (
        material.tables["check_results"]
        .filter(pl.col("outcome") != "violated")
        .join(rules, on="rule_id", how="semi")
        .join(first, on=["rule_id", "group_id"])
    )
    left = results.select(
        "fact_id",
        low=pl.max_horizontal(-pl.col("imbalance_upper"), Decimal(0)),
        high=-pl.col("imbalance_lower"),
        anchor=pl.format("rule-{}", "rule_id"),
    )
    group = named.select(
        "source_id",
        "title",
        "period",
        "indicator_label",
        "fact_id",
        region=pl.lit("regions not named"),
    )
    unnamed = group.join(left, on="fact_id", maintain_order="left").drop("fact_id")
    return amounts(pl.concat([named, unnamed], how="diagonal_relaxed").with_columns(label="region"))


def _lead(rows: pl.DataFrame) -> str:
    what = words.sentence(rows["indicator_label"][0])
    return (
        f"{what}: {words.counted(rows['fact_id'].count(), 'named region')}; how the rest is "
        "divided, no source says."
    )


_GROUP = ("source_id", "title", "when", "indicator_label")
REGIONAL_SHARES = Kind("regions", "Shares of the regions", _GROUP, _rows, _lead, SHARES)
