"""Render an Altair chart as a static SVG that says in words what it shows, and that does nothing
and fetches nothing.

Belongs here: what makes a chart safe, accessible and of the same bytes on each machine. Does not
belong here: how it looks.
"""

from xml.etree import ElementTree as ET

import altair as alt
import vl_convert
from markupsafe import Markup

from pipeline.release.page.charts.lines import legible
from pipeline.release.page.charts.theme import CONFIG

_UNSEEN = {"background", "foreground"}
_ELEMENTS = {"g", "rect", "path", "line", "text", "tspan"}
_ATTRIBUTES = {"x", "y", "x2", "y2", "dy", "d", "transform", "fill", "stroke", "stroke-width"}
_ATTRIBUTES |= {"text-anchor", "font-size", "font-weight"}
_SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
    'aria-labelledby="{name}-title" '
    'aria-describedby="{name}-desc" width="{width}" height="{height}" viewBox="0 0 {width} '
    '{height}" '
    'font-family="var(--sans,Helvetica,Arial,sans-serif)">'
    '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>'
    '<pattern id="{name}-hatch" patternUnits="userSpaceOnUse" width="7" height="7" '
    'patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="var(--paper,#fdfcfa)"/>'
    '<rect width="2" height="7" fill="var(--unnamed,#6b6861)"/></pattern>{drawn}</svg>'
)


def render(chart: alt.TopLevelMixin, name: str, title: str, description: str) -> Markup:
    """Return a chart as an SVG element that stands alone; `name` begins its ids."""
    spec = chart.properties(config=CONFIG).to_dict()
    # we made it
    root = ET.fromstring(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))  # noqa: S314
    width, height = root.get("width"), root.get("height")
    _keep_drawing(root)
    drawn = ET.tostring(root, encoding="unicode").replace("url(#hatch)", f"url(#{name}-hatch)")
    return _SVG.format(
        width=width,
        height=height,
        name=name,
        title=legible(title),
        description=legible(description),
        drawn=Markup(drawn),  # noqa: S704 (of allowed elements and attributes)
    )


def _keep_drawing(root: ET.Element) -> None:
    """Make of elements that do not draw mere groups, and take away what does not draw: links,
    roles, and unseen grounds.

    How wide the grounds are depends on the fonts of the machine.
    """
    for element in root.iter():
        if element.get("class") in _UNSEEN:
            element.clear()
        tag = element.tag.rpartition("}")[2]
        element.tag = tag if tag in _ELEMENTS else "g"
        element.attrib = {name: value for name, value in element.items() if name in _ATTRIBUTES}
