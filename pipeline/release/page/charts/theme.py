"""How every chart looks: its width, its fills, and for all else theme.json, a configuration of
Vega-Lite.

Each colour is the page's in its reader's theme, and a light one where a chart stands alone. Vega
may not lay out anything by the width of letters: fonts differ from machine to machine, and a chart
has the same bytes on each.
"""

import json
from importlib.resources import files

CONFIG = json.loads((files(__package__) / "theme.json").read_text(encoding="utf-8"))

WIDTH = 400
"""Pixels of a chart, which a phone shrinks a little and a desk enlarges a little."""

LINE, BAR = CONFIG["text"]["lineHeight"], 10
"""Pixels: from one line of text to the next, and the height of a bar."""

STATED, OPEN, FOLLOWS = CONFIG["bar"]["stroke"], "var(--accent-soft,#a9cdd8)", "url(#hatch)"
"""Fills: of what a source states, of what it leaves open, of what no source states."""
