"""What a figure is: drawings, and the same numbers as a table with the way to the words.

Belongs here: what all figures share. Does not belong here: what any of them says, or how it is
drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from markupsafe import Markup

from pipeline.built import Tables
from pipeline.intervals.period_words import period_in_words
from pipeline.parts import Given, Parts
from pipeline.release.database import view_rows
from pipeline.release.page import words
from pipeline.release.page.charts.bars import Axis, interval_bars
from pipeline.release.page.charts.theme import FOLLOWS, STATED
from pipeline.release.page.svg import render
from pipeline.rules import sentences
from schemas.columns import RESULT
from schemas.raw_files import ENTERED

HANDFUL = 4
"""Drawings of one kind; a sentence tells how many more there would be."""

ROWS = 30
"""Bars of a drawing, and rows of the table under it."""


@dataclass(frozen=True)
class Panel:
    """One drawing, and the table under it: label, printed, when, fact_id (null: it follows).
    `notes` tell of second readings.
    """

    heading: str
    lead: str
    description: str
    rows: words.Rows
    svg: Markup
    notes: words.Rows


@dataclass(frozen=True)
class Figure:
    """All drawings of one kind; `rest` tells of those that are left out."""

    name: str
    title: str
    panels: list[Panel]
    rest: str
    place: int
    """Where in the texts, the newest first, the first of its facts stands."""


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
    least: int = 1
    """Rows that a drawing has at least: a single count says no more as a bar."""

    order: tuple[str, ...] = ("place",)
    """The order of its bars: that of the texts, or as its rows come."""


@dataclass(frozen=True)
class Material:
    """The tables and the flat table of facts that figures are drawn from."""

    tables: Tables
    facts: pl.DataFrame
    parts: Parts
    """Where drawings are kept."""

    def view(self, name: str) -> pl.DataFrame:
        """Return the rows of a view with the title of their source, if there are several, and, of
        numbers, their value and the kind of their indicator.
        """
        rows = view_rows(name, self.tables, facts=self.facts)
        titles = self.tables["sources"].select("source_id", "title")
        if len(titles) == 1:
            titles = titles.with_columns(title=pl.lit(None, pl.String))
        rows = rows.join(titles, on="source_id", maintain_order="left")
        if "indicator" not in rows.columns:
            return rows
        kinds = self.tables["indicators"].select("kind", indicator="code")
        values = self.tables["observations"].select("fact_id", "value")
        rows = rows.join(values, on="fact_id", how="left", maintain_order="left")
        return rows.join(kinds, on="indicator", maintain_order="left")

    def figure(self, kind: Kind) -> Figure | None:
        """Return the first drawings of a kind, in the order of the texts, or nothing where there
        are no rows for any.
        """
        rows = kind.rows(self).join(self.places, on="fact_id", how="left", maintain_order="left")
        ordered = rows.with_columns(first=pl.col("place").min().over(kind.by)).sort(
            "first", *kind.by, *kind.order, nulls_last=True, maintain_order=True
        )
        groups = [
            group
            for group in ordered.partition_by(kind.by, maintain_order=True)
            if group.height >= kind.least
        ]
        if not groups:
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
        return Figure(kind.name, kind.title, panels, rest, groups[0]["first"][0])

    @cached_property
    def places(self) -> pl.DataFrame:
        """The order of the facts in the texts, the newest text first: fact_id, place."""
        published = self.tables["sources"].select("source_id", "published_latest")
        placed = pl.concat(
            self.tables[name].select("fact_id", "source_id", "quote_start") for name in ENTERED
        )
        order = placed.join(published, on="source_id").sort(
            "published_latest",
            "source_id",
            "quote_start",
            "fact_id",
            descending=[True, False, False, False],
        )
        return order.select("fact_id", place=pl.int_range(pl.len()))

    def _panel(self, kind: Kind, name: str, group: pl.DataFrame) -> Panel:
        shown, lead = group.head(ROWS), kind.lead(group)
        if group.height > ROWS:
            lead += f" These are the first {ROWS} of {group.height:,}."
        heading = ": ".join(filter(None, shown.select(kind.by[1:]).row(0)))
        description = (
            f"{lead} "
            f"{'; '.join(shown.select(pl.format('{}: {}', 'label', 'printed')).to_series())}."
        )
        said = {
            "name": name,
            "heading": ", ".join(filter(None, (kind.title, heading))),
            "description": description,
        }
        (drawn,) = self.parts.run(draw_bars, [{"rows": shown, **said, **kind.axis._asdict()}])
        return Panel(
            heading,
            lead,
            description,
            shown.to_dicts(),
            Markup(drawn["drawing"]["svg"].item()),  # noqa: S704 (it was one)
            self._readings(shown),
        )

    def _readings(self, shown: pl.DataFrame) -> words.Rows:
        """Return the second readings of the facts that are shown, in their order."""
        printed = self.facts.select("fact_id", "as_printed")
        of_shown = shown.select("fact_id", "place").join(self.tables["readings"], on="fact_id")
        rows = of_shown.sort("place", "column_name", "other").join(
            printed, on="fact_id", maintain_order="left"
        )
        return rows.select("fact_id", "as_printed", "why").to_dicts()


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
    """Return rows (value, lower, upper, unit, as_printed, period) with what a table says of them,
    and with bars that begin at zero.
    """
    low, high = pl.col("lower").cast(RESULT), pl.col("upper").cast(RESULT)
    unit = pl.when(pl.col("unit") == "percent").then(pl.lit(" percent")).otherwise(pl.lit(""))
    return rows.with_columns(
        printed=pl.coalesce("as_printed", pl.concat_str(sentences.interval(low, high), unit)),
        when=pl.Series(map(period_in_words, rows["period"]), dtype=pl.String),
        start=low.cast(pl.Float64).fill_null(0),
        # "about 3,200" has no limits, and is drawn as far as the number that is printed
        end=pl.coalesce(high, pl.when(low.is_null()).then("value")).cast(pl.Float64),
        sure_start=pl.lit(0.0),
        sure_end=low.cast(pl.Float64),
        fill=pl.when(pl.col("as_printed").is_null())
        .then(pl.lit(FOLLOWS))
        .otherwise(pl.lit(STATED)),
    )
