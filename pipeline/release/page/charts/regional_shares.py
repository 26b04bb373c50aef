"""Regional shares: one strip of 100 percent, with what is not named hatched."""

from decimal import Decimal
from typing import Any

import polars as pl
from markupsafe import Markup

from pipeline.release.page import svg, words
from pipeline.release.page.charts.figure import TOLD, Figure, Material, Panel, Row, first_groups, observed

WIDEST = 2
"""Percent: a strip of wider intervals would show edges that nobody knows."""

REGIONS = 30
_WHOLE = 100
_STRIP = (30, 34)
_FIRST_ROW = 114


def figure(material: Material) -> Figure | None:
    """Return the figure of regional shares: a panel for each source, indicator and period."""
    named = material.with_indicator(material.view("regional_shares").filter(~pl.col("is_remainder")))
    groups, more = first_groups(named, "source_id", "indicator", "period")
    rests = _rests(material, [source_id for (source_id, _, _), _ in groups])
    panels = []
    for number, ((source_id, _, period), group) in enumerate(groups, start=1):
        rest = rests.get(frozenset(group["fact_id"]))
        panels.append(_panel(f"regions-{number}", material.heading(source_id, period), group.to_dicts(), rest))
    return material.figure("regions", "Shares of the regions", panels, more)


def _rests(material: Material, source_ids: list[str]) -> dict[frozenset[str], dict[str, Any]]:
    """Return what the shares of each group of facts leave to 100: rule_id, low and high, in percent."""
    kinds = material.tables["rules"].filter(kind="shares_partial").select("rule_id")
    of_sources = material.tables["check_results"].filter(pl.col("source_id").is_in(source_ids), pl.col("outcome") != "violated")
    left = of_sources.join(kinds, on="rule_id", how="semi")
    return {
        frozenset(str(row["fact_ids"]).split()): {
            "rule_id": row["rule_id"],
            "low": max(-row["imbalance_upper"], Decimal(0)),
            "high": -row["imbalance_lower"],
        }
        for row in left.drop_nulls(["imbalance_lower", "imbalance_upper"]).iter_rows(named=True)
    }


def _panel(name: str, heading: str, rows: list[dict[str, Any]], rest: dict[str, Any] | None) -> Panel:
    told = [observed(row, row["region"]) for row in rows]
    count = words.counted(len(rows), "named region", "named regions")
    what = rows[0]["indicator_label"]
    loose = len(rows) > REGIONS or any(
        row["low"] is None or row["high"] is None or row["high"] - row["low"] > WIDEST for row in rows
    )
    if not rest or loose:
        why = "too loose or too many to draw" if loose else "not drawn, since no rule says what they leave to 100 percent"
        return Panel(heading, f"{words.sentence(what)}: {count}, {why}.", tuple(told[:TOLD]), None)
    together = words.interval(_WHOLE - rest["high"], _WHOLE - rest["low"])
    left = words.interval(rest["low"], rest["high"])
    lead = f"{count} hold {together} percent ({what}); where the other {left} percent are, the source does not say."
    told.append(Row("regions not named", None, left, words.period(rows[0]["period"]), anchor=f"rule-{rest['rule_id']}"))
    caption = (
        "The whole strip is 100 percent. Each region is drawn at the middle of its interval, "
        f"the widest of which is {words.interval(*[max(row['high'] - row['low'] for row in rows)] * 2)} points wide."
    )
    return Panel(heading, lead, tuple(told), _draw(name, heading, lead, rows, rest), caption=caption)


def _draw(name: str, heading: str, lead: str, rows: list[dict[str, Any]], rest: dict[str, Any]) -> Markup:
    top, height = _STRIP
    content: list[str] = []
    start, y = 0.0, float(_FIRST_ROW)
    for row in rows:
        end = start + float(row["low"] + row["high"]) / 2
        amount = f"{words.interval(row['low'], row['high'])} %"
        lines = svg.wrapped(row["region"], svg.NARROW - svg.ems(amount) - 1)
        content.append(svg.bar(start, end, top, height, "segment"))
        content += [svg.write(line, y + number * svg.LINE) for number, line in enumerate(lines)]
        content.append(svg.write(amount, y, _WHOLE, "end", "amount"))
        y += (len(lines) - 1) * svg.LINE + 10
        content += [svg.rule(0, _WHOLE, y, "track"), svg.bar(start, end, y - 3.5, 7, "segment")]
        start, y = end, y + 30
    label = f"regions not named, {words.percent(rest['low'], rest['high'])}"
    unnamed = [
        svg.write(label, top - 14, _WHOLE, "end", "strong"),
        svg.rule(start, _WHOLE, top - 6, "bracket"),
        svg.bar(start, _WHOLE, top, height, "unnamed"),
    ]
    axis = svg.scale((0, "0"), (50, "50"), (_WHOLE, "100 %"), y=top + height + 17)
    amounts = ", ".join(f"{row['region']} {words.interval(row['low'], row['high'])} percent" for row in rows)
    described = f"A strip of 100 percent. {lead} The named ones: {amounts}."
    return svg.drawing(name, heading, described, y - 16, *unnamed, *content, axis)
