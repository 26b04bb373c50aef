"""The charts of the page, one module a view: what the sources say, drawn so that no chart says more
than is known.

Each is an Altair specification of a view's rows, which vl-convert renders: for the page and for
Dagster the same.
"""

from typing import TYPE_CHECKING

import polars as pl

from pipeline.built import Tables
from pipeline.parts import HERE, Parts

if TYPE_CHECKING:
    from pipeline.release.page.charts.figure import Figure


def figures(tables: Tables, facts: pl.DataFrame, parts: Parts = HERE) -> list["Figure"]:
    """Return the figures for which there are facts: of numbers, in the order in which the newest
    text prints the first of each, then of events. `facts` is the flat table.
    """
    # Altair takes long to import, and only who draws needs it
    from pipeline.release.page.charts.activity_shares import ACTIVITY_SHARES  # noqa: PLC0415
    from pipeline.release.page.charts.dialogue_bodies import DIALOGUE_BODIES  # noqa: PLC0415
    from pipeline.release.page.charts.figure import Material  # noqa: PLC0415
    from pipeline.release.page.charts.organisation_counts import ORGANISATION_COUNTS  # noqa: PLC0415
    from pipeline.release.page.charts.policy_timeline import POLICY_TIMELINE  # noqa: PLC0415
    from pipeline.release.page.charts.regional_shares import REGIONAL_SHARES  # noqa: PLC0415

    material = Material(tables, facts, parts)
    numbers = (ORGANISATION_COUNTS, REGIONAL_SHARES, ACTIVITY_SHARES, DIALOGUE_BODIES)
    of_numbers = [found for kind in numbers if (found := material.figure(kind))]
    of_events = [found] if (found := material.figure(POLICY_TIMELINE)) else []
    return [*sorted(of_numbers, key=lambda figure: figure.place), *of_events]
