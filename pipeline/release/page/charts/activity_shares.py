"""Activity shares: a bar for each field, never stacked, since an organisation may be in several."""

import polars as pl

from pipeline.release.page import words
from pipeline.release.page.charts.bars import SHARES
from pipeline.release.page.charts.figure import Kind, Material, amounts


def _rows(material: Material) -> pl.DataFrame:
    return amounts(material.view("activity_shares").with_columns(label="category_label"))


def _lead(rows: pl.DataFrame) -> str:
    what = words.sentence(rows["indicator_label"][0])
    return (
        f"{what}: {words.counted(rows.height, 'field')}. One may be in several, so the "
        "shares are not added up."
    )


_GROUP = ("source_id", "title", "when", "indicator_label")
ACTIVITY_SHARES = Kind("activities", "Fields of activity", _GROUP, _rows, _lead, SHARES)
