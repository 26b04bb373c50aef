"""Groups that are settled by themselves: what the engine of intervals (propagation, hull) would
find of each, found of all of them in one query.

Belongs here: groups of sums with closed ends, where one visit to a group is all that it takes, and
what that finds is exact. Either no other group speaks of what may be more than one number in it
(all of these numbers are whole and only add up, or none is whole), or it has slack of its own that
can make it hold whatever the rest is, so that it narrows nothing else. Does not belong here: any
other group, or what hangs together with one (solve).
"""

from importlib.resources import files

import polars as pl

from pipeline.query import query
from pipeline.rules.system import System

_SETTLED = (files("pipeline.reason") / "settled.sql").read_text(encoding="utf-8")


def settled_groups(system: System, domains: pl.DataFrame) -> pl.DataFrame:
    """Return the groups that are settled by themselves, with the bounds that they force: rule_id,
    group_id, quantity (null: none), and the bound, method and tight as published.

    `domains` are what quantities can be if no fact is believed.
    """
    return query(
        _SETTLED,
        quantities=system.quantities,
        rule_groups=system.rule_groups,
        rule_terms=system.rule_terms,
        edges=system.edges,
        domains=domains,
    )
