"""The charts of the page, one module a view: what the sources say, drawn so that no chart says more than is known."""

from collections.abc import Mapping

import polars as pl

from pipeline.release.page.charts import (
    activity_shares,
    dialogue_bodies,
    organisation_counts,
    policy_timeline,
    regional_shares,
)
from pipeline.release.page.charts.figure import Figure, Material

_KINDS = (dialogue_bodies, organisation_counts, regional_shares, activity_shares, policy_timeline)


def figures(tables: Mapping[str, pl.DataFrame], facts: pl.DataFrame) -> list[Figure]:
    """Return the figures for which there are facts; `facts` is the flat table."""
    material = Material(tables, facts)
    return [found for kind in _KINDS if (found := kind.figure(material))]
