"""Pictures for the descriptions of assets: Markdown whose images stand in it, as data URIs that
need nothing else.

Belongs here: making what the release page shows stand alone. Does not belong here: what is drawn
and how it looks; that is release.page.
"""

import json
import re
from base64 import b64encode

from pipeline.built import Tables
from pipeline.fingerprint import code_version, digest_of
from pipeline.operate.workspace import Workspace
from pipeline.release.database import facts_table
from pipeline.release.page.charts import figures
from pipeline.release.page.charts.lines import legible
from schemas.tables import TABLES

PICTURES = {
    "observations": "counts",
    "areas": "regions",
    "categories": "activities",
    "events": "timeline",
    "findings": "bodies",
}
"""The figure that shows what is in an asset."""

HIGHEST, SMALLEST = 225, 0.7
"""Pixels that a picture may take of a description, and how far one is made smaller for that."""

LIMIT = 200_000
"""Bytes of base64; a sentence stands in place of a picture that takes more."""


def keep_pictures(tables: Tables, workspace: Workspace) -> None:
    """Keep the pictures of the tables that stand, for who loads the definitions.

    The UI shows 320 pixels of an asset's description open, and of its metadata no more than 1,000
    characters: so each picture stands in the description of an asset of its own.
    """
    if kept := workspace.reading.kept:
        kept.put(_key(workspace), json.dumps(charts(tables)).encode())


def kept_pictures(workspace: Workspace) -> dict[str, str]:
    """Return the pictures of the tables that stand as Markdown, by asset; none where none are
    kept.
    """
    kept = workspace.reading.kept
    found = kept.get(_key(workspace)) if kept else None
    drawn = json.loads(found) if found else {}
    return {asset: drawn[name] for asset, name in PICTURES.items() if name in drawn}


def _key(workspace: Workspace) -> str:
    states = map(str, map(workspace.state_of, TABLES))
    return digest_of(["pictures", code_version(), *states])


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
            image = _image(_fitting(drawn), panel.description)
            parts += [image, f"**{_escaped(panel.heading)}**", _escaped(panel.lead)]
            parts += [
                _escaped(f"Another reading of {note['as_printed']}: {note['why']}.")
                for note in panel.notes
            ]
        made[figure.name] = "\n\n".join([*parts, _escaped(figure.rest)]).strip()
    return made


def _fitting(drawn: str) -> str:
    """Return a drawing that is no higher than it may be, unless it would be too small to read."""

    def fit(size: re.Match[str]) -> str:
        width, height = int(size[1]), int(size[2])
        scale = max(SMALLEST, min(1, HIGHEST / height))
        return f'width="{width * scale:.0f}" height="{height * scale:.0f}"'

    return re.sub(r'width="(\d+)" height="(\d+)"', fit, drawn, count=1)


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
