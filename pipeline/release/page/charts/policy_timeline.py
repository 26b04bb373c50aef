"""Policy timeline: each dated event as wide as its date is vague, with an arrow where no end is
known.
"""

import polars as pl

from pipeline.intervals.period_words import days_in_words, period_in_words
from pipeline.release.page import words
from pipeline.release.page.charts.bars import Axis
from pipeline.release.page.charts.figure import Kind, Material
from pipeline.release.page.charts.theme import OPEN, STATED

_DAYS = ("start_earliest", "start_latest", "end_earliest", "end_latest")
_YEAR = 366
"""Days of a year on the axis: in most years the last day is empty."""

_MEANINGS = {STATED: "certainly going on", OPEN: "somewhere in here; an arrow: no end is known"}
_YEARS = Axis("format(datum.value, 'd')", _MEANINGS)


def _rows(material: Material) -> pl.DataFrame:
    """Return the events of sources that date any; on the axis a day lasts until the next one."""
    events = material.view("policy_timeline")
    start, start_latest, end_earliest, end = (
        pl.col(day).dt.year() + (pl.col(day).dt.ordinal_day() - 1 + day.startswith("end")) / _YEAR
        for day in _DAYS
    )
    said = pl.format(" (says {})", "attributed_to_label").fill_null("")
    return events.with_columns(
        label=pl.concat_str("who_label", "what", separator=": ", ignore_nulls=True) + said,
        printed=pl.Series(map(period_in_words, events["period"]), dtype=pl.String),
        interval=pl.Series(
            map(days_in_words, events["start_earliest"], events["end_latest"]), dtype=pl.String
        ),
        start=start,
        end=end,
        sure_start=pl.when(start_latest < end_earliest).then(start_latest),
        sure_end=end_earliest,
        fill=pl.lit(STATED),
    ).filter(pl.coalesce(_DAYS).is_not_null().any().over("source_id"))


def _lead(rows: pl.DataFrame) -> str:
    return f"{words.counted(rows.height, 'event')}; a bar is as wide as its date is vague."


POLICY_TIMELINE = Kind(
    "timeline", "What happened when", ("source_id", "title"), _rows, _lead, _YEARS, order=()
)
