"""What a figure is: drawings, and the same numbers as a table with the way to the words.

Belongs here: what all figures share. Does not belong here: how any of them is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from markupsafe import Markup

from pipeline.query import query
from pipeline.release.database import view_sql
from pipeline.release.page import words
from schemas.tables import TABLES

HANDFUL = 4
"""Drawings of one kind; of the sources beyond them a sentence tells."""

TOLD = 60
"""Rows of the table under a drawing."""


@dataclass(frozen=True)
class Row:
    """A line of the table under a drawing; without a fact it is what follows, and `anchor` leads to the rule."""

    label: str
    printed: str | None
    interval: str
    period: str
    fact_id: str | None = None
    anchor: str | None = None
    key: str | None = None
    """The fill or letter that stands for it in the drawing."""


@dataclass(frozen=True)
class Panel:
    """One drawing (or, where the facts cannot be drawn, the sentence that says why), of one source and period."""

    heading: str
    lead: str
    rows: tuple[Row, ...]
    svg: Markup | None
    legend: tuple[Row, ...] = ()
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """All drawings of one kind; `rest` tells of those that are not on the page, `notes` of second readings."""

    name: str
    title: str
    panels: tuple[Panel, ...]
    rest: str
    notes: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Material:
    """The tables and the flat table of facts that figures are drawn from."""

    tables: Mapping[str, pl.DataFrame]
    facts: pl.DataFrame

    def view(self, name: str) -> pl.DataFrame:
        """Return the rows of a view."""
        return query(view_sql(name)[1], facts=self.facts, **{table: self.tables[table] for table in TABLES})

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of the sources."""
        return dict(self.tables["sources"].select("source_id", "title").iter_rows())

    def with_indicator(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows of facts with the indicator, its label, kind and unit, and the label of the area."""
        indicators = self.tables["indicators"].select("kind", indicator="code", indicator_label="label", counted_in="unit")
        areas = self.tables["areas"].select(area_code="code", area_label="label")
        named = self.tables["observations"].select("fact_id", "indicator", area_code="area")
        return rows.join(named.join(indicators, on="indicator").join(areas, on="area_code"), on="fact_id", maintain_order="left")

    def heading(self, source_id: str, period: str) -> str:
        """Return what sets one drawing apart from another of its kind."""
        return f"{self.titles.get(source_id, source_id)}: {words.period(period)}"

    def figure(self, name: str, title: str, panels: list[Panel], more: int, table: str = "observations") -> Figure | None:
        """Return a figure of panels, or nothing where there are none; of `more` that are not drawn it says where they are."""
        if not panels:
            return None
        rest = f"{words.counted(more, 'more of this kind is', 'more of this kind are')} in tables/{table}.csv." if more else ""
        notes = self._notes([row.fact_id for panel in panels for row in panel.rows if row.fact_id])
        return Figure(name, title, tuple(panels), rest, notes)

    def _notes(self, fact_ids: list[str]) -> tuple[dict[str, str], ...]:
        """Return why the words of facts allow another reading: fact_id, what, why."""
        readings = self.tables["readings"].filter(pl.col("fact_id").is_in(fact_ids))
        named = readings.join(self.facts.select("fact_id", "what"), on="fact_id")
        return tuple(named.select("fact_id", "what", "why").sort("fact_id", "why").to_dicts())


def first_groups(rows: pl.DataFrame, *by: str) -> tuple[list[tuple[list[str], pl.DataFrame]], int]:
    """Return the first handful of groups of rows, each with its key, and how many more there are."""
    keys = rows.select(by).unique(maintain_order=True)
    shown = rows.join(keys.head(HANDFUL), on=by, how="semi", maintain_order="left")
    groups = [([str(part) for part in key], group) for key, group in shown.group_by(by, maintain_order=True)]
    return groups, keys.height - len(groups)


def observed(row: dict[str, Any], label: str, key: str | None = None) -> Row:
    """Return the line of a stated number."""
    return Row(
        label, row["as_printed"], words.interval(row["low"], row["high"]), words.period(row["period"]), row["fact_id"], key=key
    )
