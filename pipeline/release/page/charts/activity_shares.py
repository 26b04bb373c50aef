"""Activity shares: a dot for each field on an axis of its own, never stacked, since an organisation may be in several."""

from typing import Any

from markupsafe import Markup

from pipeline.release.page import svg, words
from pipeline.release.page.charts.figure import TOLD, Figure, Material, Panel, first_groups, observed

DOT = 0.4
"""Percent that a dot hides on a wide screen; a wider interval gets a whisker."""

LOOSE = 5
"""Percent: in a wider interval no point is likelier than another, and there is no dot."""

FIELDS = 40
_WHOLE = 100


def figure(material: Material) -> Figure | None:
    """Return the figure of activity shares: a panel for each source, indicator and period."""
    rows = material.with_indicator(material.view("activity_shares"))
    groups, more = first_groups(rows, "source_id", "indicator", "period")
    panels = [
        _panel(f"activities-{number}", material.heading(source_id, period), group.to_dicts())
        for number, ((source_id, _, period), group) in enumerate(groups, start=1)
    ]
    return material.figure("activities", "Fields of activity", panels, more)


def _panel(name: str, heading: str, rows: list[dict[str, Any]]) -> Panel:
    told = tuple(observed(row, row["field"]) for row in rows)
    overlap = "one may be in several fields, so the shares overlap and are not added up."
    fields = words.counted(len(rows), "field", "fields")
    if len(rows) > FIELDS:
        return Panel(
            heading, f"{words.sentence(rows[0]['indicator_label'])}: {fields}, too many to draw; {overlap}", told[:TOLD], None
        )
    first, last = rows[0]["as_printed"], rows[-1]["as_printed"]
    extent = first if len(rows) == 1 else f"from {first} to {last}"
    lead = f"{words.sentence(rows[0]['indicator_label'])}: {fields}, {extent}; {overlap}"
    caption = "A dot is a share as printed. Where its interval is wider than the dot, a whisker shows from where to where."
    return Panel(heading, lead, told, _draw(name, heading, lead, rows), caption=caption)


def _draw(name: str, heading: str, lead: str, rows: list[dict[str, Any]]) -> Markup:
    content: list[str] = [svg.scale((0, "0"), (25, "25"), (50, "50"), (75, "75"), (_WHOLE, "100 %"), y=12)]
    y = 40.0
    for row in rows:
        amount = f"{words.interval(row['low'], row['high'])} %"
        lines = svg.wrapped(row["field"], svg.NARROW - svg.ems(amount) - 1)
        content += [svg.write(line, y + number * svg.LINE) for number, line in enumerate(lines)]
        content.append(svg.write(amount, y, _WHOLE, "end", "amount"))
        y += (len(lines) - 1) * svg.LINE + 14
        content += [svg.rule(0, _WHOLE, y, "track"), *(svg.upright(x, y - 3, y + 3, "track") for x in (0, 25, 50, 75, _WHOLE))]
        content += _mark(row, y)
        y += 32
    amounts = ", ".join(f"{row['field']} {words.interval(row['low'], row['high'])} percent" for row in rows)
    described = f"A dot for each field, on an axis from 0 to 100 percent. {lead} {amounts}."
    return svg.drawing(name, heading, described, y - 18, *content)


def _mark(row: dict[str, Any], y: float) -> list[Markup]:
    low = 0.0 if row["low"] is None else float(row["low"])
    high = float(_WHOLE) if row["high"] is None else float(row["high"])
    marks = []
    if high - low > DOT:
        marks += [svg.rule(low, high, y, "whisker"), *(svg.upright(end, y - 8, y + 8, "whisker") for end in (low, high))]
    if high - low <= LOOSE:
        marks.append(svg.element("circle", cx=svg.across((low + high) / 2), cy=y, r=4, class_="dot"))
    return marks
