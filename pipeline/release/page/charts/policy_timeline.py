"""Policy timeline: each dated event as wide as its date is vague; what goes on fades out."""

from datetime import date
from typing import Any

from markupsafe import Markup

from pipeline.release.page import svg, words
from pipeline.release.page.charts.figure import TOLD, Figure, Material, Panel, Row, first_groups

EVENTS = 30
_DAYS = ("start_earliest", "start_latest", "end_earliest", "end_latest")
_KNOWN = 97
"""Percent of the width for the years that dates speak of; the rest is for arrows."""


def figure(material: Material) -> Figure | None:
    """Return the figure of events: a panel for each source that names some."""
    groups, more = first_groups(material.view("policy_timeline"), "source_id")
    panels = [
        _panel(f"timeline-{number}", material.titles.get(source_id, source_id), group.to_dicts())
        for number, ((source_id,), group) in enumerate(groups, start=1)
    ]
    return material.figure("timeline", "What happened when", panels, more, "events")


def _panel(name: str, heading: str, rows: list[dict[str, Any]]) -> Panel:
    told = tuple(
        Row(_what(row), words.period(row["period"]), words.days(row["start_earliest"], row["end_latest"]), "", row["fact_id"])
        for row in rows
    )
    years = sorted(day.year for row in rows for day in (row[name] for name in _DAYS) if day)
    if not years or len(rows) > EVENTS:
        return Panel(heading, f"{words.counted(len(rows), 'dated event')}, which cannot be drawn.", told[:TOLD], None)
    lead = f"{words.counted(len(rows), 'dated event')}, from {years[0]} to {years[-1]}."
    caption = (
        "Light: somewhere in here; an event of a year is as wide as the year. Dark: certainly going on. "
        "What has no end in the source fades out."
    )
    return Panel(heading, lead, told, _draw(name, heading, rows, years), caption=caption)


def _what(row: dict[str, Any]) -> str:
    what = f"{row['who']}: {row['what']}" if row["who"] else str(row["what"])
    return f"{what} (says {row['attributed_to']})" if row["attributed_to"] else what


def _draw(name: str, heading: str, rows: list[dict[str, Any]], years: list[int]) -> Markup:
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)

    def place(day: date, *, after: bool = False) -> float:
        return ((day - first).days + after) / ((last - first).days + 1) * _KNOWN

    ticks = svg.steps(years[0], years[-1], 5)
    content: list[str] = [svg.scale(*((place(date(year, 1, 1)), str(year)) for year in ticks), y=12)]
    y = 40.0
    for row in rows:
        when = words.period(row["period"])
        lines = svg.wrapped(f"{when} {_what(row)}")
        fits = lines[0].startswith(when)
        first_line = [svg.element("tspan", when, class_="strong"), lines[0].removeprefix(when)] if fits else [lines[0]]
        content.append(svg.element("text", *(Markup("{}").format(part) for part in first_line), x=0, y=y))
        content += [svg.write(line, y + number * svg.LINE) for number, line in enumerate(lines[1:], start=1)]
        y += (len(lines) - 1) * svg.LINE + 14
        content += [
            svg.rule(0, 100, y, "track"),
            *(svg.upright(place(date(year, 1, 1)), y - 3, y + 3, "track") for year in ticks),
        ]
        starts = [
            place(day, after=after) if (day := row[key]) else None for key, after in zip(_DAYS, (False, True) * 2, strict=True)
        ]
        content += _bar(starts, y, is_span="/" in row["period"])
        y += 34
    told = "; ".join(f"{words.period(row['period'])}: {_what(row)}" for row in rows)
    described = f"A bar for each event on an axis of years from {years[0]} to {years[-1]}. {told}."
    return svg.drawing(name, heading, described, y - 18, *content)


def _bar(ends: list[float | None], y: float, *, is_span: bool) -> list[Markup]:
    """Return the bar of an event; `ends` are the places across of its four days, the later one of each pair after its day."""
    start, start_latest, end_earliest, end = ends
    if not is_span and start is not None and end is not None:
        return [svg.bar(start, end, y - 5, 10, "instant")]
    marks = []
    if start is None or start_latest is None:
        marks += [svg.bar(0, end or 100, y - 5, 10, "fade-in"), svg.arrow(0, y, "left")]
    elif end is None or end_earliest is None:
        marks += [svg.bar(start, start_latest, y - 5, 10, "maybe"), svg.bar(start_latest, 100, y - 5, 10, "fade-out")]
        marks.append(svg.arrow(100, y, "right"))
    else:
        marks += [svg.bar(start, end, y - 5, 10, "maybe"), svg.bar(start_latest, end_earliest, y - 5, 10, "certain")]
    return marks
