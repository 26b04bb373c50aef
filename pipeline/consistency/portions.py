"""Portions of a linear system that nothing connects, so that each is solved by itself: by the million, memory is what ends first.

Belongs here: taking a system apart into such portions. Does not belong here: what a portion says (solve), or a system that is
itself larger than memory (portions_of_files).
"""

from collections.abc import Iterator

import polars as pl

from pipeline.consistency.connections import connected_places
from pipeline.consistency.numbered import numbered
from pipeline.consistency.system import System

GROUPS = 100_000
"""Groups after which a portion ends, with the component that the last of them is in."""


def portions(system: System, domains: pl.DataFrame, groups: int = GROUPS) -> Iterator[tuple[System, pl.DataFrame]]:
    """Yield the portions of a system with their domains, in the order of their least variables; a small system is one.

    Whatever the facts say, no group of one speaks of a variable of another. Of several, none has the variables of which no group
    speaks.
    """
    if system.rule_groups.height <= groups:
        yield system, domains
        return
    places = _places(system, groups)
    limits = system.variables.select("variable").join(domains, on="variable", how="left", maintain_order="left")
    for number in range(places[1].n_unique()):
        of_variables, of_groups, of_terms = (place == number for place in places)
        part = System(
            system.variables.filter(of_variables), system.rule_groups.filter(of_groups), system.rule_terms.filter(of_terms)
        )
        yield part, limits.filter(of_variables)


def _places(system: System, groups: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return the number of the portion, from 0, of each row of variables (null: none), rule_groups and rule_terms."""
    whole, _ = numbered(system)
    terms = whole.rule_terms.select("variable", "coefficient_variable", place="group_id")
    edges = pl.concat(terms.select("place", node=name) for name in ("variable", "coefficient_variable")).drop_nulls()
    of_places, of_nodes = numbers(edges, whole.rule_groups.height, whole.variables.height, groups)
    return of_nodes[whole.variables["variable"]], of_places[whole.rule_groups["group_id"]], of_places[terms["place"]]


def numbers(edges: pl.DataFrame, places: int, nodes: int, groups: int = GROUPS) -> tuple[pl.Series, pl.Series]:
    """Return the number of the portion, from 0, of each place (a group) and of each node (a variable; null: none).

    `edges` are the numbers of the groups and of the variables of which they speak: place, node.
    """
    parts = pl.DataFrame({"place": pl.int_range(places, dtype=pl.UInt32, eager=True)})
    parts = parts.join(connected_places(edges), on="place", how="left", maintain_order="left")
    sizes = parts.group_by("component").len().sort("component", nulls_last=True)
    ends = sizes.select("component", portion=((pl.col("len").cum_sum() - pl.col("len")) // groups).rle_id())
    of_places = parts.join(ends, on="component", how="left", nulls_equal=True, maintain_order="left")["portion"]
    of_nodes = pl.repeat(None, nodes, dtype=pl.UInt32, eager=True)
    return of_places, of_nodes.scatter(edges["node"], of_places[edges["place"]])
