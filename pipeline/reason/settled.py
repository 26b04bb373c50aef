"""Groups that are settled by themselves: what the engine of intervals (propagation, hull) would
find of each, found of all of them in one query.

Belongs here: groups of sums with closed ends, where one visit to a group is all that it takes, and
what that finds is exact. Either no other group speaks of what may be more than one number in it
(all of these numbers are whole and only add up, or none is whole), or it has slack of its own that
can make it hold whatever the rest is, so that it narrows nothing else. Does not belong here: any
other group, or what hangs together with one (solve).
"""

from collections.abc import Mapping
from fractions import Fraction
from importlib.resources import files
from typing import Any

import polars as pl

from pipeline.intervals.interval import NOTHING, Interval, interval, point
from pipeline.query import query
from pipeline.reason.limits import Bound, Limits
from pipeline.reason.problem import Key, low_end
from pipeline.rules.system import System

_SETTLED = (files("pipeline.reason") / "settled.sql").read_text(encoding="utf-8")


def settled_groups(system: System, domains: pl.DataFrame) -> dict[Key, dict[str, Bound]]:
    """Return the groups that are settled by themselves, each with the bounds that it forces;
    `domains` are what quantities can be if no fact is believed.
    """
    tables = dict(zip(("quantities", "rule_groups", "rule_terms"), system.tables, strict=True))
    rows = query(_SETTLED, domains=domains, edges=system.edges, **tables)
    found: dict[Key, dict[str, Bound]] = {}
    for row in rows.iter_rows(named=True):
        key = row["rule_id"], row["group_id"]
        bounds = found.setdefault(key, {})
        narrower = _narrowed(row) if row["quantity"] else NOTHING
        # outcomes are judged over intervals: there may be no whole number left
        if not narrower.is_empty:
            limits = Limits(narrower.near(), is_tight=True)
            bounds[row["quantity"]] = Bound(limits, frozenset([key]), row["is_sum"])
    return found


def _narrowed(row: Mapping[str, Any]) -> Interval:
    """Return what is left of a quantity that lies in low to high and of which a multiple, by the
    coefficient, lies in least to most.
    """
    own, allowed = (
        interval(low_end(row[low], 1), low_end(row[high], -1))
        for low, high in (("low", "high"), ("least", "most"))
    )
    allowed = allowed.over(point(Fraction(row["coefficient"])))
    return own.within(allowed.whole() if row["is_integer"] else allowed)
