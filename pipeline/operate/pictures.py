"""Pictures for the metadata of assets: Markdown whose images stand in it, as data URIs that need nothing else.

Belongs here: making a drawing of the release page stand alone. Does not belong here: what is drawn and in which colours;
that is release.page, whose style sheet and patterns every picture carries.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree as ET

import polars as pl
from markupsafe import Markup

from pipeline.release.database import facts_table
from pipeline.release.page import svg, words
from pipeline.release.page.charts import figures
from pipeline.release.page.charts.figure import Panel, Row
from pipeline.release.page.marked import in_order, listed, marked, numeral_spans
from pipeline.steps import Tables

LIMIT, TALLEST = 200_000, 20_000
"""Bytes of base64, and pixels; a sentence stands in place of a picture that takes more."""

CHARACTERS = 12_000
"""Characters of a text that are shown."""

_ROLES = {
    "value": "value",
    "period": "part of a date",
    "name": "part of a name",
    "published": "date of publication",
    "waived": "counts nothing, or says a fact again",
}
_WIDTH, _MARGIN = 720, 16
_INNER = _WIDTH - 2 * _MARGIN
_INDENT, _EMS_OF_ENTRY = 27, 45.0
"""Of a chart's legend: pixels before the words, for swatch or letter, and what a line of words holds, in ems of 14 pixels."""

_LEGEND, _LINE, _EMS = 68, 25.5, 43.0
"""Of a text: pixels of its legend (two lines) and of a line, and what a line holds, in ems of 15 pixels; with a margin."""

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""Characters that no XML 1.0 may hold."""


def charts(tables: Tables) -> dict[str, str]:
    """Return the figures of the release page as Markdown, by name; where there are no facts to draw there are none."""
    made = {}
    for figure in figures(tables, facts_table(tables)):
        parts = [part for panel in figure.panels for part in _panel(panel, is_alone=len(figure.panels) == 1)]
        notes = [f"Another reading of {note['what']}: {note['why']}." for note in figure.notes]
        made[figure.name] = "\n\n".join(filter(None, [*parts, *map(_escaped, [*notes, figure.rest])]))
    return made


def marked_text(tables: Tables, texts: Mapping[str, str]) -> str | None:
    """Return the first text that may be republished and has numerals, each marked by its role, as Markdown.

    `texts` are the texts by source_id, as the table `numerals` counts their characters (NFC code points).
    """
    allowed = tables["sources"].filter("republish_text", pl.col("source_id").is_in(list(texts)))
    early = tables["numerals"].filter(pl.col("end") <= CHARACTERS)
    source = next(allowed.join(early, on="source_id", how="semi", maintain_order="left").iter_rows(named=True), None)
    if not source:
        return None
    whole = texts[source["source_id"]]
    text = whole[:CHARACTERS]
    shown = early.filter(source_id=source["source_id"])
    told = f"{source['title']}: {words.counted(shown.height, 'numeral')}, each with its one role."
    if len(text) < len(whole):
        late = tables["numerals"].filter(source_id=source["source_id"]).height - shown.height
        rest = words.counted(late, "more numeral stands", "more numerals stand")
        told += f" These are its first {len(text):,} of {len(whole):,} characters; {rest} in the rest."
    if others := tables["sources"].height - 1:
        told += f" {words.counted(others, 'more source is', 'more sources are')} not shown."
    return f"{_escaped(told)}\n\n{_text(text, source['language'], shown, told)}"


def _panel(panel: Panel, *, is_alone: bool) -> list[str]:
    """Return the paragraphs of one drawing: what it is, what it says, the image, how to read it."""
    heading = "" if is_alone else f"**{_escaped(words.sentence(panel.heading))}**"
    image = _chart(panel.svg, panel.legend) if panel.svg else ""
    return [heading, _escaped(panel.lead), image, _escaped(panel.caption)]


def _chart(drawing: Markup, rows: tuple[Row, ...]) -> str:
    root = ET.fromstring(_allowed(drawing))  # noqa: S314 (our own drawing)
    box = root.get("viewBox", f"0 0 {_INNER} {root.get('height')}").split()
    height = float(box[3]) / float(box[2]) * _INNER
    place = {"x": _MARGIN, "y": _MARGIN, "width": _INNER, "overflow": "visible"}
    chart = svg.element("svg", drawing, **place, height=height)
    legend, end = _legend(rows, height + 2 * _MARGIN) if rows else ([], height)
    return _image(root.findtext("desc", ""), end, chart, svg.element("svg", svg.element("g", *legend), **place, class_="chart"))


def _legend(rows: tuple[Row, ...], y: float) -> tuple[list[Markup], float]:
    """Return a legend that begins at a height (a swatch or letter for each row, and its words), and where it ends."""
    made: list[Markup] = []
    for row in rows:
        if row.key and len(row.key) > 1:
            square = svg.element("rect", class_=row.key, x=1, y=1, width=18, height=18)
            key, told = svg.element("svg", square, width=20, height=20, y=y - 14), row.label
        else:
            key, told = svg.element("text", row.key or "", class_="strong", y=y), f"{row.label}, {row.period}"
        first, *more = svg.wrapped(told, _EMS_OF_ENTRY - svg.ems(row.interval))
        made += [key, svg.element("text", svg.element("tspan", row.interval, class_="strong"), f" {first}", x=_INDENT, y=y)]
        for line in more:
            y += svg.LINE
            made.append(svg.element("text", line, x=_INDENT, y=y))
        y += svg.LINE + 7
    return made, y - svg.LINE


def _text(text: str, language: str, numerals: pl.DataFrame, told: str) -> str:
    spans = in_order(numeral_spans(numerals, pl.col("role").replace_strict(_ROLES)))
    counts = {role: number for role in _ROLES if (number := numerals.filter(role=role).height)}
    entry = Markup('<li><span><span class="numeral role-{}">{:,}</span> {}</span></li>')
    legend = Markup("").join(entry.format(role, number, _ROLES[role]) for role, number in counts.items())
    shown = Markup('<div class="text" dir="auto" lang="{}">{}</div>').format(language, marked(text, listed(spans))[0])
    body = Markup('<div xmlns="http://www.w3.org/1999/xhtml"><ul class="legend">{}</ul>{}</div>').format(legend, shown)
    height = _LEGEND + _LINE * sum(len(svg.wrapped(line, _EMS)) for line in text.splitlines())
    summary = "; ".join(f"{_ROLES[role]} {number:,}" for role, number in counts.items())
    content = svg.element("foreignObject", body, x=_MARGIN, y=_MARGIN, width=_INNER, height=height)
    return _image(f"{told} By role: {summary}.", height, content)


def _image(description: str, height: float, *content: Markup) -> str:
    """Return a picture as Markdown, with its description for who cannot see it; or a sentence where it is too large."""
    size: dict[str, object] = {"width": _WIDTH, "height": height + 2 * _MARGIN}
    parts = (svg.element("desc", description), *_style(), svg.element("rect", class_="paper", **size), *content)
    picture = svg.element("svg", *parts, xmlns="http://www.w3.org/2000/svg", role="img", **size)
    data = b64encode(_allowed(picture).encode()).decode()
    if len(data) > LIMIT or height > TALLEST:
        return _escaped(f"The picture is too large to be shown: {len(data):,} bytes, {height:,.0f} pixels high.")
    return f"![{_escaped(description)}](data:image/svg+xml;base64,{data})"


@cache
def _style() -> tuple[Markup, Markup]:
    """Return the page's style, light whatever the reader's theme is, and its patterns."""
    templates = files("pipeline.release.page") / "templates"
    page = (templates / "page.css").read_text(encoding="utf-8").replace("(prefers-color-scheme: dark)", "not all")
    own = (files("pipeline.operate") / "pictures.css").read_text(encoding="utf-8")
    patterns = (templates / "patterns.svg").read_text(encoding="utf-8")
    return svg.element("style", page, own), Markup(patterns)  # noqa: S704 (our own file)


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _escaped(text: str) -> str:
    """Return a text as a line of Markdown that says it and does nothing; any punctuation may be escaped (CommonMark 2.4)."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(_allowed(text).split()))
