"""Dialogue bodies: a square for each, those of named groups filled, those of none hatched."""

from typing import Any

from markupsafe import Markup

from pipeline.release.page import svg, words
from pipeline.release.page.charts.figure import TOLD, Figure, Material, Panel, Row, first_groups

MOST = 1000
"""Squares that can still be told apart."""

FILLS = 6
"""Kinds of fill that can be told apart without colour."""

UNNAMED = "unnamed"
_SQUARE = 10


def figure(material: Material) -> Figure | None:
    """Return the figure of dialogue bodies: a panel for each source and period that states some."""
    groups, more = first_groups(material.view("dialogue_bodies"), "source_id", "period")
    panels = []
    for number, ((source_id, period), group) in enumerate(groups, start=1):
        parts = {part: group.filter(part=part).to_dicts() for part in ("whole", "named group", "unnamed remainder")}
        rule_id = _rule(material, source_id, period)
        panels.append(_panel(f"bodies-{number}", material.heading(source_id, period), parts, rule_id))
    return material.figure("bodies", "Bodies for dialogue with the state", panels, more)


def _rule(material: Material, source_id: str, period: str) -> str | None:
    """Return the rule whose remainder the view shows."""
    groups = material.tables["check_results"].join(material.tables["rules"].filter(kind="parts_of"), on="rule_id", how="semi")
    of_source = groups.filter(source_id=source_id).select("rule_id", "group_id").iter_rows()
    return next((rule_id for rule_id, group_id in of_source if str(group_id).rpartition(" ")[2] == period), None)


def _panel(name: str, heading: str, parts: dict[str, list[dict[str, Any]]], rule_id: str | None) -> Panel:
    groups, rests = parts["named group"], parts["unnamed remainder"]
    fills = {row["fact_id"]: f"fill-{number}" for number, row in enumerate(groups, start=1)}
    told = [_row(row, None) for row in parts["whole"]] + [_row(row, fills[row["fact_id"]]) for row in groups]
    told += [_row(row, UNNAMED, rule_id) for row in rests]
    if not _can_be_drawn(parts):
        stated = "; ".join(f"{row.label}: {row.interval}" for row in told[:FILLS])
        return Panel(
            heading,
            f"{stated}. Not drawn: squares need exact numbers that fill a whole of at most {MOST:,}.",
            tuple(told[:TOLD]),
            None,
        )
    (whole,), (rest,) = parts["whole"], rests
    shown = [*groups, rest] if rest["low"] else groups
    lead = rest["explanation"]
    squares = [(int(row["low"]), fills.get(row["fact_id"], UNNAMED)) for row in shown]
    amounts = ", ".join(f"{words.interval(row['low'], row['high'])} {row['bodies']}" for row in shown)
    described = f"{words.interval(whole['low'], whole['low'])} squares, one for each of the {whole['bodies']}: {amounts}."
    drawn = _draw(name, heading, described, squares)
    legend = tuple(row for row in told if row.key and row.interval != "0")
    return Panel(heading, lead, tuple(told), drawn, legend, "One square is one body.")


def _row(row: dict[str, Any], key: str | None, rule_id: str | None = None) -> Row:
    amount = words.interval(row["low"], row["high"])
    anchor = f"rule-{rule_id}" if rule_id else None
    return Row(row["bodies"], row["as_printed"], amount, words.period(row["period"]), row["fact_id"], anchor, key)


def _can_be_drawn(parts: dict[str, list[dict[str, Any]]]) -> bool:
    groups, rests = parts["named group"], parts["unnamed remainder"]
    if len(parts["whole"]) != 1 or len(rests) != 1 or len(groups) > FILLS:
        return False
    everything = [*parts["whole"], *groups, *rests]
    is_exact = all(row["low"] is not None and row["low"] == row["high"] for row in everything)
    return is_exact and sum(row["low"] for row in [*groups, *rests]) == parts["whole"][0]["low"] <= MOST


def _draw(name: str, heading: str, described: str, squares: list[tuple[int, str]]) -> Markup:
    total = sum(number for number, _ in squares)
    columns = 30 if total <= MOST // 2 else 50
    paths, first = [], 0
    for number, fill in squares:
        places = [divmod(place, columns) for place in range(first, first + number)]
        shape = "".join(f"M{column * _SQUARE + 1} {row * _SQUARE + 1}h8v8h-8z" for row, column in places)
        paths.append(svg.element("path", d=shape, class_=fill))
        first += number
    size = (columns * _SQUARE, -(-total // columns) * _SQUARE)
    return svg.scaled(name, heading, described, size, *paths)
