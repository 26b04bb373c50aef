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
    """Return the connected parts of groups that speak of variables, as `components` does; `group` are the columns that name one.

    Hooks each part to its least neighbour and shortens the chains (Shiloach and Vishkin, J. Algorithms 3, 1982), so that a long
    chain of groups takes few rounds.
    """
    numbered = edges.select("variable").unique().sort("variable").with_row_index("node")  # the least number, the least name
    groups = edges.select(group).unique().with_row_index("place")
    edge = edges.join(numbered, on="variable").join(groups, on=group).select("place", "node")
    parent = numbered.select("node", root="node")
    while True:
        rooted = edge.join(parent, on="node")
        least = rooted.group_by("place").agg(pl.col("root").min().alias("least"))
        hooks = rooted.join(least, on="place").group_by("root").agg(pl.col("least").min())
        hooks = hooks.filter(pl.col("least") != pl.col("root")).sort("root")
        if hooks.is_empty():
            return groups.join(least, on="place").select(*group, component="least")
        while True:
            jumped = hooks.join(hooks.select(least="root", further="least"), on="least", how="left", maintain_order="left")
            shorter = jumped.select("root", least=pl.coalesce("further", "least"))
            if shorter.equals(hooks):
                break
            hooks = shorter
        parent = parent.join(hooks, on="root", how="left").select("node", root=pl.coalesce("least", "root"))
