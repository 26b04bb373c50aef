"""What a figure is: drawings, and the same numbers as a table with the way to the words.

Belongs here: what all figures share. Does not belong here: what any of them says, or how it is
drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from pipeline.built import Tables
from pipeline.parts import Given, Parts
from pipeline.release.database import view_rows
from pipeline.release.page import words
from pipeline.release.page.charts.bars import Axis, interval_bars
from pipeline.release.page.charts.theme import FOLLOWS, STATED
from pipeline.release.page.svg import render
from pipeline.rules import sentences
from schemas.columns import RESULT

HANDFUL = 4
"""Drawings of one kind; a sentence tells how many more there would be."""

ROWS = 30
"""Bars of a drawing, and rows of the table under it."""


@dataclass(frozen=True)
class Panel:
    """One drawing, and the table under it: label, printed, interval, when, fact_id; without a fact
    `anchor` leads to its rule.
    """

    heading: str
    lead: str
    description: str
    rows: words.Rows
    svg: Markup


@dataclass(frozen=True)
class Figure:
    """All drawings of one kind; `rest` tells of those that are left out, `notes` of second
    readings.
    """

    name: str
    title: str
    panels: list[Panel]
    rest: str
    notes: list[dict[str, str]]


@dataclass(frozen=True)
class Kind:
    """A kind of figure: which rows it shows as bars along which axis, and what it says of each
    group of them.
    """

    name: str
    title: str
    by: tuple[str, ...]
    """The columns of which a group has one value each; those after the first are its heading."""

    rows: Callable[["Material"], pl.DataFrame]
    lead: Callable[[pl.DataFrame], str]
    axis: Axis


@dataclass(frozen=True)
class Material:
    """The tables and the flat table of facts that figures are drawn from."""

    tables: Tables
    facts: pl.DataFrame
    parts: Parts
    """Where drawings are kept."""

    def view(self, name: str) -> pl.DataFrame:
        """Return the rows of a view with the title of their source and, of numbers, the kind of
        their indicator.
        """
        rows = view_rows(name, self.tables, facts=self.facts)
        titles = self.tables["sources"].select("source_id", "title")
        rows = rows.join(titles, on="source_id", maintain_order="left")
        if "indicator" not in rows.columns:
            return rows
        kinds = self.tables["indicators"].select("kind", indicator="code")
        return rows.join(kinds, on="indicator", maintain_order="left")

    def figure(self, kind: Kind) -> Figure | None:
        """Return the first drawings of a kind, or nothing where there are no rows for any."""
        groups = kind.rows(self).partition_by(kind.by, maintain_order=True)
        if not groups or groups[0].is_empty():
            return None
        panels = [
            self._panel(kind, f"{kind.name}-{number}", group)
            for number, group in enumerate(groups[:HANDFUL], start=1)
        ]
        more = len(groups) - HANDFUL
        rest = (
            f"{words.counted(more, 'more drawing is', 'more drawings are')} left out."
            if more > 0
            else ""
        )
        shown = pl.concat(groups[:HANDFUL]).select("fact_id").unique()
        notes = (
            self.tables["readings"]
            .join(shown, on="fact_id")
            .join(self.facts.select("fact_id", "what"), on="fact_id")
        )
        return Figure(
            kind.name,
            kind.title,
            panels,
            rest,
            notes.select("fact_id", "what", "why").sort(pl.all()).to_dicts(),
        )

    def _panel(self, kind: Kind, name: str, group: pl.DataFrame) -> Panel:
        shown, lead = group.head(ROWS), kind.lead(group)
        if group.height > ROWS:
            lead += f" These are the first {ROWS} of {group.height:,}."
        heading = ": ".join(shown.select(kind.by[1:]).row(0))
        description = (
            f"{lead} "
            f"{'; '.join(shown.select(pl.format('{}: {}', 'label', 'printed')).to_series())}."
        )
        said = {"name": name, "heading": heading, "description": description}
        (drawn,) = self.parts.run(draw_bars, [{"rows": shown, **said, **kind.axis._asdict()}])
        return Panel(
            heading,
            lead,
            description,
            shown.to_dicts(),
            Markup(drawn["drawing"]["svg"].item()),  # noqa: S704 (it was one)
        )


def draw_bars(part: Given) -> Tables:
    """Return a drawing of rows with its axis, name, heading and description, as the one row of the
    table `drawing`: svg.
    """
    bars = interval_bars(part["rows"], Axis(part["labels"], part["meanings"]))
    return {
        "drawing": pl.DataFrame(
            {"svg": [str(render(bars, part["name"], part["heading"], part["description"]))]}
        )
    }


def amounts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows (lower, upper, as_printed, period) with what a table says of them, and with bars
    that begin at zero.
    """
    low, high = pl.col("lower").cast(RESULT), pl.col("upper").cast(RESULT)
    interval = sentences.interval(low, high)
    return rows.with_columns(
        interval=interval,
        printed=pl.coalesce("as_printed", interval),
        when=pl.Series(map(words.period, rows["period"]), dtype=pl.String),
        start=low.cast(pl.Float64).fill_null(0),
        end=high.cast(pl.Float64),
        sure_start=pl.lit(0.0),
        sure_end=low.cast(pl.Float64),
        fill=pl.when(pl.col("as_printed").is_null())
        .then(pl.lit(FOLLOWS))
        .otherwise(pl.lit(STATED)),
    )
