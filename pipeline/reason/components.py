"""How a linear system hangs together: which group speaks of which quantity, and its connected
parts.

Belongs here: parts of a system, whatever their numbers say. Does not belong here: what a group says
(evaluate), or what follows from several (propagation, possibility).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.rules.disjoint_sets import connected
from pipeline.rules.system import GROUP, System


def groups_of(keys: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Return groups as a table: rule_id, group_id."""
    return pl.DataFrame(sorted(keys), schema=dict.fromkeys(GROUP, pl.String), orient="row")


def only(system: System, groups: pl.DataFrame) -> System:
    """Return the part of a system that some of its groups make; the quantities stay."""
    kept = system.rule_groups.join(groups, on=GROUP, how="semi", maintain_order="left")
    return System(
        system.quantities,
        kept,
        system.rule_terms.join(groups, on=GROUP, how="semi", maintain_order="left"),
    )


def components(system: System) -> list[list[tuple[str, str]]]:
    """Return the groups (rule_id, group_id) of a system, those together that quantities connect,
    whatever these can be.

    The parts are in the order of their least quantities, since what z3 finds in time depends on
    what it was asked before.
    """
    connecting = pl.len().over("quantity") > 1
    first = pl.struct(GROUP).is_first_distinct()
    edges = system.edges.sort("quantity", *GROUP).filter(connecting | first)
    held: dict[tuple[str, str], list[str]] = {}
    for rule, group, quantity in edges.iter_rows():
        held.setdefault((rule, group), []).append(quantity)
    return connected(held)
