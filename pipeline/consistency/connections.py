"""How a linear system hangs together: which group speaks of which variable, and its connected parts.

Belongs here: parts of a system, whatever their numbers say. Does not belong here: what a group says (each_group), or what follows
from several (propagate, solver).
"""

from collections.abc import Iterable, Sequence

import polars as pl

from pipeline.consistency.system import GROUP, System
from schemas.columns import AMOUNT


def groups_of(keys: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Return groups as a table: rule_id, group_id."""
    return pl.DataFrame(sorted(keys), schema=dict.fromkeys(GROUP, pl.String), orient="row")


def only(system: System, groups: pl.DataFrame) -> System:
    """Return the part of a system that some of its groups make; the variables stay."""
    kept = system.rule_groups.join(groups, on=GROUP, how="semi", maintain_order="left")
    return System(system.variables, kept, system.rule_terms.join(groups, on=GROUP, how="semi", maintain_order="left"))


def is_fixed() -> pl.Expr:
    """Return whether a variable can be one number only."""
    return (pl.col("lower_bound") == pl.col("upper_bound")).fill_null(value=False)


def freed(variables: pl.DataFrame) -> pl.DataFrame:
    """Return variables without bounds, for what is connected whatever the facts say."""
    return variables.with_columns(lower_bound=pl.lit(None, AMOUNT), upper_bound=pl.lit(None, AMOUNT))


def components(system: System) -> pl.DataFrame:
    """Return the connected parts of a system: rule_id, group_id, component (a number, in the order of their least variables).

    Variables of one value connect nothing; a group of such alone is a part of its own.
    """
    moving = system.variables.filter(~is_fixed()).select("variable")
    parts = connected(system.edges_of(moving))
    parts = system.rule_groups.select(GROUP).join(parts, on=GROUP, how="left", maintain_order="left")
    alone = system.variables.height + pl.int_range(pl.len(), dtype=pl.UInt32)
    return parts.with_columns(pl.coalesce("component", alone))


def connected(edges: pl.DataFrame, group: Sequence[str] = GROUP) -> pl.DataFrame:
    """Return the connected parts of groups that speak of variables, as `components`; `group` are the columns that name one."""
    nodes = edges.select("variable").unique().sort("variable").with_row_index("node")  # the least number, the least name
    groups = edges.select(group).unique().with_row_index("place")
    edge = edges.join(nodes, on="variable").join(groups, on=group).select("place", "node")
    return groups.join(connected_places(edge), on="place").select(*group, "component")


def connected_places(edge: pl.DataFrame) -> pl.DataFrame:
    """Return the connected parts of places that meet in nodes: place, component (the least of its nodes).

    `edge` has both by their numbers, which begin at 0. Hooks each part to its least neighbour and shortens the chains (Shiloach
    and Vishkin, J. Algorithms 3, 1982), so that a long chain of groups takes few rounds.
    """
    places, nodes = edge.sort("place")  # what is in order is grouped in place
    itself = pl.int_range(_after(nodes), dtype=pl.UInt32, eager=True)
    parent = itself
    while True:
        roots = parent[nodes]
        least = pl.DataFrame({"place": places, "component": roots}).group_by("place").agg(pl.col("component").min())
        of_place = pl.repeat(0, _after(places), dtype=pl.UInt32, eager=True).scatter(least["place"], least["component"])
        met = pl.DataFrame({"root": roots, "least": of_place[places]}).filter(pl.col("least") < pl.col("root"))
        if met.is_empty():
            return least
        root, hook = met.sort("least", descending=True)  # the last that is written stays
        jump = itself.clone().scatter(root, hook)
        while not (further := jump[jump]).equals(jump):
            jump = further
        parent = jump[parent]


def _after(numbers: pl.Series) -> int:
    """Return the number after the greatest of some, 0 where there is none."""
    return 0 if numbers.is_empty() else int(numbers.max()) + 1  # type: ignore[arg-type] # of numbers
