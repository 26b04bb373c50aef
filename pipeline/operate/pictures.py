"""Pictures for the metadata of assets: Markdown whose images stand in it, as data URIs that need
nothing else.

Belongs here: making what the release page shows stand alone. Does not belong here: what is drawn
and how it looks; that is release.page.
"""

import re
from base64 import b64encode

from pipeline.built import Tables
from pipeline.release.database import facts_table
from pipeline.release.page.charts import figures
from pipeline.release.page.charts.lines import legible

LIMIT = 200_000
"""Bytes of base64; a sentence stands in place of a picture that takes more."""


def charts(tables: Tables) -> dict[str, str]:
    """Return the figures of the release page as Markdown, by name; where there are no facts to draw
    there are none.
    """
    made = {}
    for figure in figures(tables, facts_table(tables)):
        parts = []
        for panel in figure.panels:
            # in an image no style sheet sets a colour: the one that stands there for want of it is
            # written out
            drawn = re.sub(r"var\(--[\w-]+,([^()]*)\)", r"\1", panel.svg)
            image = _image(drawn, panel.description)
            parts += [f"**{_escaped(panel.heading)}**", _escaped(panel.lead), image]
            parts += [
                _escaped(f"Another reading of {note['as_printed']}: {note['why']}.")
                for note in panel.notes
            ]
        made[figure.name] = "\n\n".join([*parts, _escaped(figure.rest)]).strip()
    return made


def _image(drawn: str, described: str) -> str:
    """Return a picture as Markdown, with its description for who cannot see it; or a sentence where
    it is too large.
    """
    data = b64encode(drawn.encode()).decode()
    if len(data) > LIMIT:
        return _escaped(f"The picture is too large to be shown: {len(data):,} bytes.")
    return f"![{_escaped(described)}](data:image/svg+xml;base64,{data})"


def _escaped(text: str) -> str:
    """Return a text as a line of Markdown that says it and does nothing; any punctuation may be
    escaped (CommonMark 2.4).
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(legible(text).split()))
