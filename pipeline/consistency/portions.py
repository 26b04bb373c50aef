"""Portions of a linear system that nothing connects, so that each is solved by itself: by the million, memory is what ends first.

Belongs here: taking a system apart into such portions. Does not belong here: what a portion says (solve).
"""

from collections.abc import Iterator

import polars as pl

from pipeline.consistency.connections import components, freed
from pipeline.consistency.numbered import numbered
from pipeline.consistency.system import System

GROUPS = 100_000
"""Groups after which a portion ends, with the component that the last of them is in."""


def portions(system: System, domains: pl.DataFrame, groups: int = GROUPS) -> Iterator[tuple[System, pl.DataFrame]]:
    """Yield the portions of a system with their domains, in the order of their least variables; a small system is one.

    Whatever the facts say, no group of one speaks of a variable of another. Of several, none has the variables of which no group speaks.
    """
    if system.rule_groups.height <= groups:
        yield system, domains
        return
    of_variables, of_groups, of_terms = _places(system, groups)
    limits = system.variables.select("variable").join(domains, on="variable", how="left", maintain_order="left")
    for number in range(of_groups.max() + 1):  # type: ignore[operator] # a number: there are groups
        is_here = of_variables == number
        rows = system.rule_groups.filter(of_groups == number), system.rule_terms.filter(of_terms == number)
        yield System(system.variables.filter(is_here), *rows), limits.filter(is_here)


def _places(system: System, groups: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return the number of the portion, from 0, of each row of variables (null: none), rule_groups and rule_terms."""
    whole, _ = numbered(system)
    parts = components(System(freed(whole.variables), whole.rule_groups, whole.rule_terms))
    sizes = parts.group_by("component").len().sort("component")
    portion = sizes.select("component", portion=((pl.col("len").cum_sum() - pl.col("len")) // groups).rle_id())
    of_group = parts.join(portion, on="component").sort("group_id")["portion"]
    of_groups, of_terms = (of_group[table["group_id"]] for table in (whole.rule_groups, whole.rule_terms))
    terms = whole.rule_terms.select("variable", "coefficient_variable", portion=of_terms)
    spoken_of = pl.concat(terms.select("portion", variable=name) for name in ("variable", "coefficient_variable"))
    spoken_of = spoken_of.drop_nulls().unique("variable")
    of_variables = whole.variables.select("variable").join(spoken_of, on="variable", how="left", maintain_order="left")
    return of_variables["portion"], of_groups, of_terms
