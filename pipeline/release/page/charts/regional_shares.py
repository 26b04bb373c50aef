"""Regional shares: a bar for each region, and a hatched one for what is in no named region."""

import polars as pl

from pipeline.release.page import words
from pipeline.release.page.charts.bars import SHARES
from pipeline.release.page.charts.figure import Kind, Material, amounts


def _rows(material: Material) -> pl.DataFrame:
    """Return the share of each region, and what each group of them leaves to 100 percent by a
    rule.
    """
    return amounts(material.view("regional_shares").with_columns(label="area_label"))


def _lead(rows: pl.DataFrame) -> str:
    what = words.sentence(rows["indicator_label"][0])
    return (
        f"{what}: {words.counted(rows['fact_id'].count(), 'named region')}; how the rest is "
        "divided, no source says."
    )


_GROUP = ("source_id", "title", "when", "indicator_label")
REGIONAL_SHARES = Kind("regions", "Shares of the regions", _GROUP, _rows, _lead, SHARES)
