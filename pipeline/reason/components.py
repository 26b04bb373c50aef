"""How a linear system hangs together: which group speaks of which variable, and its connected parts.

Belongs here: parts of a system, whatever their numbers say. Does not belong here: what a group says (evaluate), or what follows
from several (propagation, possibility).
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from pipeline.rules.disjoint_sets import connected
from pipeline.rules.system import GROUP, System
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


def freed(system: System) -> System:
    """Return a system without bounds, for what is connected whatever the facts say."""
    endless = system.variables.with_columns(lower_bound=pl.lit(None, AMOUNT), upper_bound=pl.lit(None, AMOUNT))
    return replace(system, variables=endless)


def components(system: System) -> pl.DataFrame:
    """Return the connected parts of a system: rule_id, group_id, component (a number, in the order of their least variables).

    Variables of one value connect nothing; a group of such alone is a part of its own.
    """
    moving = system.variables.filter(~is_fixed()).select("variable").sort("variable").with_row_index("place")
    edges = system.edges.join(moving, on="variable")
    groups = system.rule_groups.select(GROUP).join(
        edges.group_by(GROUP).agg(pl.col("place").min()), on=GROUP, how="left", maintain_order="left"
    )
    groups = groups.with_columns(pl.col("place").fill_null(moving.height + pl.int_range(pl.len(), dtype=pl.UInt32)))
    pairs = edges.join(groups, on=GROUP, suffix="_of_group").select("place", "place_of_group")
    least = pl.Series(connected(pairs.iter_rows(), moving.height + groups.height))
    return groups.select(*GROUP, component=least[groups["place"]])
