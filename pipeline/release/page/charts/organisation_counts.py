"""Counts of organisations: a dot for what is stated, an arrow where only a bound is known, a dashed floor for what follows."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from markupsafe import Markup

from pipeline.intervals.periods import read_period
from pipeline.release.page import svg, words
from pipeline.release.page.charts.figure import HANDFUL, TOLD, Figure, Material, Panel, Row, observed

MARKS = 8
"""Marks of a drawing that can still be told apart."""

DIRECT = 2
"""Marks that have room for words beside them; more get letters."""

_PLOT = (24.0, 94.0)
_HEIGHT = 250
_BASE = 214
_TOP = 34
_ROOM = (6.0, 18.0)
"""Percent across and pixels down that a letter needs."""

_QUANTITY = 3
"""Words of the name of a quantity that nobody states and that has no category: indicator, area, period."""


@dataclass(frozen=True, eq=False)
class Mark:
    """A number at a time: stated, or following from what is stated."""

    label: str
    when: str
    first: date
    last: date
    low: Decimal | None
    high: Decimal | None
    row: dict[str, Any]

    @property
    def is_stated(self) -> bool:
        """Whether a source states it."""
        return "as_printed" in self.row


def figure(material: Material) -> Figure | None:
    """Return the figure of counts: a panel for each indicator and area whose stock is stated."""
    stated = material.with_indicator(material.view("organisation_counts"))
    stocks, flows = stated.filter(kind="stock"), stated.filter(kind="flow")
    implied = _implied(material, stocks)
    panels: list[Panel] = []
    others = [flows]
    for (indicator, area), group in stocks.group_by("indicator", "area_code", maintain_order=True):
        marks = _marks(group.head(MARKS + 1).to_dicts(), implied.get((str(indicator), str(area)), []))
        if 1 < len(marks) <= MARKS and len(panels) < HANDFUL:
            panels.append(_panel(f"counts-{len(panels) + 1}", group.to_dicts(), marks))
        else:
            others.insert(-1, group)
    rest = pl.concat(others)
    if rest.height:
        told = tuple(observed(row, f"{row['what']}, {row['area']}") for row in rest.head(TOLD).to_dicts())
        named = "; ".join(f"{row.label}: {row.printed} ({row.period})" for row in told[:MARKS])
        panels.append(Panel("Other counts", f"{words.sentence(named)}.", told, None))
    return material.figure("counts", "Counts of organisations", panels, max(rest.height - TOLD, 0))


def _implied(material: Material, stocks: pl.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return what follows for numbers that nobody states, by indicator and area of the stocks that are stated."""
    kinds = dict(material.tables["rules"].select("rule_id", "kind").iter_rows())
    unstated = material.tables["variables"].filter(role="unstated", part="value").select("variable", "description")
    name = pl.col("variable").str.split(" ")
    named = (
        material.tables["implied_bounds"]
        .join(unstated, on="variable")
        .filter(name.list.len() == _QUANTITY)
        .with_columns(indicator=name.list.get(0), area_code=name.list.get(1), period=name.list.get(2))
        .join(stocks, on=["indicator", "area_code"], how="semi")
    )
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in named.sort("variable").iter_rows(named=True):
        grows = any(kinds.get(rule_id) == "growth" for rule_id in row["rule_ids"].split())
        found.setdefault((row["indicator"], row["area_code"]), []).append({**row, "grows": grows})
    return found


def _marks(stated: list[dict[str, Any]], implied: list[dict[str, Any]]) -> list[Mark]:
    """Return what can be drawn at a time, the stated first."""
    marks = []
    for row in [*stated, *implied]:
        first, last = _days(row["period"])
        is_stated = "as_printed" in row
        low, high = (row["low"], row["high"]) if is_stated else (row["lower"], row["upper"])
        if first and last and not (low is None and high is None):
            at = "on" if first == last else "at the start of" if row.get("grows") else "in"
            label = row["as_printed"] if is_stated else words.interval(low, high)
            marks.append(Mark(label, f"{at} {words.period(row['period'])}", first, last, low, high, row))
    return marks


def _panel(name: str, rows: list[dict[str, Any]], marks: list[Mark]) -> Panel:
    what = f"{rows[0]['what']}, {rows[0]['area']}"
    keys = {} if len(marks) <= DIRECT else {mark: chr(ord("a") + number) for number, mark in enumerate(marks)}
    table, told, premises = [], [], []
    for mark in marks:
        if mark.is_stated:
            table.append(observed(mark.row, what, keys.get(mark)))
            told.append(f"{mark.label} {mark.when}")
        else:
            rule = f"rule-{mark.row['rule_ids'].split()[0]}"
            table.append(Row(mark.row["description"], None, mark.label, mark.when, anchor=rule, key=keys.get(mark)))
            told.append(f"{mark.label} {mark.when}, which nobody states and which follows from the other numbers")
            premises.append(f"Dashed: what follows if all of this holds: {mark.row['premises']}")
    lead = words.sentence(f"{what}: {words.listed(told)}.")
    caption = " ".join(["An arrow: on that side no end is known.", *premises])
    legend = tuple(row for row in table if row.key)
    return Panel(what, lead, tuple(table), _draw(name, what, lead, marks, keys), legend, caption)


def _days(period: str) -> tuple[date | None, date | None]:
    try:
        known = read_period(period)
    except ValueError:
        return None, None
    return known.start_earliest, known.end_latest


def _draw(name: str, what: str, lead: str, marks: list[Mark], keys: dict[Mark, str]) -> Markup:
    first, last = min(mark.first for mark in marks), max(mark.last for mark in marks)
    most = max(float(end) for mark in marks for end in (mark.low, mark.high) if end is not None) or 1.0
    ticks = svg.steps(0, most * 1.15, 6)
    top = max(ticks[-1], most * 1.15)

    def x(day: date) -> float:
        return _PLOT[0] + (day - first).days / max((last - first).days, 1) * (_PLOT[1] - _PLOT[0])

    def y(value: Decimal) -> float:
        return _BASE - float(value) / top * (_BASE - _TOP)

    content: list[str] = [svg.write(f"Number of {marks[0].row['counted_in']}, from 0", 14, class_="axis")]
    for tick in ticks:
        content += [svg.rule(0, 100, y(Decimal(tick)), "track"), svg.write(f"{tick:,}", y(Decimal(tick)) - 4, class_="axis")]
    years = svg.steps(first.year, last.year, 5)
    days = [(day, str(year)) for year in years if first <= (day := date(year, 1, 1)) <= last]
    content.append(svg.scale(*((x(day), text) for day, text in days), y=_BASE + 18))
    content += [svg.upright(x(day), _BASE - 3, _BASE + 3, "track") for day, _ in days]
    highest = max(marks, key=lambda mark: mark.low or mark.high or 0)
    letters: list[tuple[float, float, str]] = []
    for mark in marks:
        ends = [None if end is None else y(end) for end in (mark.low, mark.high)]
        content += _mark(mark, (x(mark.first), x(mark.last + timedelta(days=1))), ends)
        place = (x(mark.first), next(end for end in ends if end is not None))
        if keys:
            letters.append((*place, keys[mark]))
        else:
            content += _words(mark, *place, is_above=mark is highest)
    return svg.drawing(name, what, lead, _HEIGHT, *content, *_letters(letters))


def _mark(mark: Mark, xs: tuple[float, float], ends: list[float | None]) -> list[Markup]:
    low, high = ends
    middle = sum(xs) / 2
    line = "whisker" if mark.is_stated else "whisker follows"
    marks: list[Markup] = []
    if low is not None and high is not None and low != high:
        marks.append(svg.upright(middle, high, low, line))
    elif low is None or high is None:
        base, tip = (low, -30) if low is not None else (high or 0.0, 30)
        marks += [svg.upright(middle, base + tip, base, line), svg.arrow(middle, base + tip, "up" if tip < 0 else "down", line)]
    for end in dict.fromkeys(end for end in ends if end is not None):
        if mark.is_stated:
            marks.append(svg.element("circle", cx=svg.across(middle), cy=end, r=5, class_="dot"))
        else:
            marks.append(svg.rule(*(xs if xs[1] - xs[0] > 3 else (middle - 3, middle + 3)), end, "dashed"))  # noqa: PLR2004
    return marks


def _words(mark: Mark, x: float, y: float, *, is_above: bool) -> list[Markup]:
    """Return the words of a mark, on the side where there is room: above it, or below where the other mark is above."""
    beside = 3 if mark.is_stated or is_above else 0
    place, anchor = (x - beside, "end") if x > 50 else (x + beside, "start")  # noqa: PLR2004 (where there is room)
    first = y - 28 if is_above else y + 20
    return [svg.write(mark.label, first, place, anchor, "strong"), svg.write(mark.when, first + svg.LINE, place, anchor)]


def _letters(letters: list[tuple[float, float, str]]) -> list[Markup]:
    """Return the letters of marks; those that would stand in each other's place stand side by side."""
    placed: list[tuple[float, float, str]] = []
    for x, y, letter in sorted(letters):
        near = next((number for number, (px, py, _) in enumerate(placed) if x - px < _ROOM[0] and abs(y - py) < _ROOM[1]), None)
        if near is None:
            placed.append((x, y, letter))
        else:
            placed[near] = (*placed[near][:2], f"{placed[near][2]} {letter}")
    return [svg.write(text, y - 9, x - 2, "end", "strong") for x, y, text in placed]
