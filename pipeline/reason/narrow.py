"""What the groups, each for itself, force on their variables.

Belongs here: the SQL of that, asked of all groups at once, and variables with what was forced. Does not belong here: how often it
is asked (propagation).
"""

from decimal import Decimal
from importlib.resources import files

import polars as pl

from pipeline.query import composed, query
from pipeline.rules.evaluate import TERM_INTERVALS
from pipeline.rules.system import System
from schemas.columns import AMOUNT, RESULT

_NARROW = composed((files("pipeline.reason") / "narrow.sql").read_text(encoding="utf-8"), term_intervals=TERM_INTERVALS)
_SCALE = Decimal(1_000_000)


def narrowed(system: System, asked: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return what the groups, each for itself, force beyond the bounds of variables: variable, side, bound, is_closed, group.

    `asked` are the variables to be narrowed, all by default.
    """
    targets = system.variables if asked is None else system.variables.join(asked, on="variable", how="semi")
    tables = {"variables": system.variables, "rule_groups": system.rule_groups, "rule_terms": system.rule_terms}
    return query(_NARROW, targets=targets, **tables)


def tightened(variables: pl.DataFrame, forced: pl.DataFrame) -> pl.DataFrame:
    """Return variables with the bounds forced on them, rounded outward to what their columns hold."""
    rows = variables
    for side, outward in (("lower", -1), ("upper", 1)):
        new = forced.filter(side=side).select("variable", new="bound", new_closed="is_closed")
        rows = rows.join(new, on="variable", how="left", maintain_order="left")
        bound, is_closed = f"{side}_bound", f"{side}_closed"
        rounded = _rounded(pl.col("new"), outward) if variables.schema[bound] == AMOUNT else pl.col("new")
        rows = rows.with_columns(pl.coalesce(rounded, bound).alias(bound), pl.coalesce("new_closed", is_closed).alias(is_closed))
        rows = rows.select(variables.columns)
    return rows


def _rounded(bound: pl.Expr, outward: int) -> pl.Expr:
    near = bound.cast(AMOUNT)
    step = pl.lit(Decimal(outward) / _SCALE, AMOUNT)
    is_inside = near.cast(RESULT) > bound if outward < 0 else near.cast(RESULT) < bound
    return pl.when(is_inside).then(near + step).otherwise(near).cast(AMOUNT)
