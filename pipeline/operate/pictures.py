"""Pictures for the metadata of assets: Markdown whose images stand in it, as data URIs that need nothing else.

Belongs here: making what the release page shows stand alone. Does not belong here: what is drawn and how it looks; that is
release.page.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from importlib.resources import files
from string import Template

import polars as pl
from markupsafe import escape

from pipeline.built import Tables
from pipeline.release.database import facts_table
from pipeline.release.page.charts import figures
from pipeline.release.page.charts.lines import in_lines, legible
from pipeline.release.page.marked import in_order, marked
from pipeline.release.page.source_page import mention_span

LIMIT, TALLEST = 200_000, 20_000
"""Bytes of base64, and pixels; a sentence stands in place of a picture that takes more."""

CHARACTERS = 12_000
"""Characters of a text that are shown."""

_MARGIN, _LINE, _CELLS = 120, 26, 80
"""Of marked_text.svg: pixels of its legend and margins, and of a line; and what a line holds (see lines), with room."""


def charts(tables: Tables) -> dict[str, str]:
    """Return the figures of the release page as Markdown, by name; where there are no facts to draw there are none."""
    made = {}
    for figure in figures(tables, facts_table(tables)):
        parts = []
        for panel in figure.panels:
            # in an image no style sheet sets a colour: the one that stands there for want of it is written out
            drawn = re.sub(r"var\(--[\w-]+,([^()]*)\)", r"\1", panel.svg)
            image = _image(drawn, panel.description)
            parts += [f"**{_escaped(panel.heading)}**", _escaped(panel.lead), image]
        parts += [_escaped(f"Another reading of {note['what']}: {note['why']}.") for note in figure.notes]
        made[figure.name] = "\n\n".join([*parts, _escaped(figure.rest)]).strip()
    return made


def marked_text(tables: Tables, texts: Mapping[str, str]) -> str | None:
    """Return the first text that may be republished and has mentions, each marked by its role, as Markdown.

    `texts` are the texts by source_id, as the table `mentions` counts their characters (NFC code points).
    """
    early = tables["mentions"].filter(pl.col("end_offset") <= CHARACTERS)
    allowed = tables["sources"].filter("republish_text", pl.col("source_id").is_in(list(texts)))
    source = next(allowed.join(early, on="source_id", how="semi", maintain_order="left").iter_rows(named=True), None)
    if not source:
        return None
    whole = texts[source["source_id"]]
    text, shown = whole[:CHARACTERS], early.filter(source_id=source["source_id"])
    roles = ", ".join(f"{number:,} {role}" for role, number in shown["role"].value_counts().sort("role").iter_rows())
    described = f"{source['title']}: {roles}."
    if len(text) < len(whole):
        described += f" These are the first {CHARACTERS:,} of {len(whole):,} characters."
    height = _MARGIN + _LINE * sum(len(in_lines(line, _CELLS)) for line in text.splitlines())
    template = Template((files("pipeline.operate") / "marked_text.svg").read_text(encoding="utf-8"))
    drawn = template.substitute(
        height=height,
        described=escape(described),
        language=source["language"],
        text=marked(text, in_order(map(mention_span, shown.iter_rows(named=True))))[0],
    )
    return f"{_escaped(described)}\n\n{_image(legible(drawn), described, height)}"


def _image(drawn: str, described: str, height: int = 0) -> str:
    """Return a picture as Markdown, with its description for who cannot see it; or a sentence where it is too large."""
    data = b64encode(drawn.encode()).decode()
    if len(data) > LIMIT or height > TALLEST:
        return _escaped(f"The picture is too large to be shown: {len(data):,} bytes, {height:,} pixels high.")
    return f"![{_escaped(described)}](data:image/svg+xml;base64,{data})"


def _escaped(text: str) -> str:
    """Return a text as a line of Markdown that says it and does nothing; any punctuation may be escaped (CommonMark 2.4)."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(legible(text).split()))
