"""Draw intervals as bars in rows on one common baseline: what is printed stands above, and what is
not known is pale.
"""

from itertools import accumulate
from typing import NamedTuple

import altair as alt
import polars as pl

from pipeline.release.page.charts.lines import CELLS, cells, in_lines
from pipeline.release.page.charts.theme import BAR, FOLLOWS, LINE, OPEN, STATED, WIDTH

_GAP = 30
"""Pixels that a row has beside its lines of text: the bar, and what parts it from the next."""

_ABOVE = 12
"""Pixels from the last line of a text to the middle of its bar."""

_SPARE = 1.1
"""Times the extent of the bars that an axis has, so that an arrow has room."""


_Y = alt.Y("y:Q", scale=None, axis=None)


class Axis(NamedTuple):
    """What is along a chart: the Vega expression of its labels, and what each fill means."""

    labels: str
    meanings: dict[str, str]


_AMOUNTS = {
    STATED: "as printed",
    OPEN: "what the printed number leaves open",
    FOLLOWS: "printed nowhere: it follows",
}
SHARES = Axis("datum.label + ' %'", _AMOUNTS)
COUNTS = Axis("format(datum.value, ',')", _AMOUNTS)


def interval_bars(rows: pl.DataFrame, axis: Axis) -> alt.LayerChart:
    """Return a row for each interval, with its label, what is printed, and a bar; below them, what
    the fills mean.

    `rows` has label, printed, fill, and in units of the axis start, sure_start, sure_end and end. A
    bar has its `fill` from sure_start to sure_end, where both are known, and is pale from start to
    end; an arrow stands where an end is not known.
    """
    placed = _place(rows)
    ends = sorted(
        placed.select("start", "sure_start", "sure_end", "end").unpivot()["value"].drop_nulls()
    )
    domain = [ends[0], ends[0] + (ends[-1] - ends[0] or 1) * _SPARE]
    bars = _bars(placed, domain)
    fills = {fill: meaning for fill, meaning in axis.meanings.items() if fill in bars["fill"]}
    meanings = alt.Scale(domain=list(fills.values()), range=list(fills))
    x = alt.X(
        "start:Q",
        title=None,
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(labelExpr=axis.labels),
    )
    drawn = alt.Chart(bars.with_columns(pl.col("fill").replace(fills))).mark_bar(size=BAR)
    return alt.LayerChart(
        layer=[
            drawn.encode(_Y, x, x2="end:Q", fill=alt.Fill("fill:N", scale=meanings)),
            *_texts(placed),
            *_arrows(placed),
        ],
        width=WIDTH,
        height=placed["y"].to_list()[-1],
        padding={"left": 2, "top": 22, "right": 2, "bottom": LINE * len(fills) + 30},
    )


def _bars(rows: pl.DataFrame, domain: list[float]) -> pl.DataFrame:
    """Return bars (y, start, end, fill) in the order in which they are drawn: what is sure lies
    over what is open.
    """
    start, end = (
        pl.col(side).fill_null(edge) for side, edge in zip(("start", "end"), domain, strict=True)
    )
    pale = rows.select("y", start=start, end=end, fill=pl.lit(OPEN)).filter(
        pl.col("start") < pl.col("end")
    )
    sure = rows.select("y", start="sure_start", end="sure_end", fill="fill").drop_nulls()
    return pl.concat([pale, sure])


def _place(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with their texts in lines and the pixels down of their bars (y) and texts
    (label_y, printed_y).
    """
    printed = [in_lines(text, CELLS // 2) for text in rows["printed"]]
    rooms = [CELLS - 2 - max(map(cells, lines)) for lines in printed]
    labels = list(map(in_lines, rows["label"], rooms))
    heights = (LINE * max(map(len, pair)) + _GAP for pair in zip(labels, printed, strict=True))
    y = pl.Series(accumulate(heights)) - _GAP // 2
    placed = rows.select("fill", "start", "sure_start", "sure_end", "end", y=y)
    for name, texts in (("label", labels), ("printed", printed)):
        lift = pl.Series([_ABOVE + LINE * (len(lines) - 1) for lines in texts])
        placed = placed.with_columns(
            pl.Series(name, map("\n".join, texts)), (pl.col("y") - lift).alias(f"{name}_y")
        )
    return placed


def _texts(rows: pl.DataFrame) -> list[alt.Chart]:
    """Return the labels at the left, and what is printed at the right."""
    label_y, printed_y = (
        alt.Y(f"{name}_y:Q", scale=None, axis=None) for name in ("label", "printed")
    )
    label = alt.Chart(rows).mark_text().encode(label_y, text="label:N", x=alt.value(0))
    printed = alt.Chart(rows).mark_text(align="right", fontWeight="bold")
    return [label, printed.encode(printed_y, text="printed:N", x=alt.value(WIDTH))]


def _arrows(rows: pl.DataFrame) -> list[alt.Chart]:
    """Return an arrow at the edge for each end that is not known."""
    return [
        alt.Chart(rows.filter(pl.col(end).is_null()))
        .mark_point(shape=shape)
        .encode(_Y, x=alt.value(at))
        for end, shape, at in (("start", "triangle-left", 4), ("end", "triangle-right", WIDTH - 4))
    ]
