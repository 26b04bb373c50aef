"""What follows from all facts and rules for each quantity, with the premises in words.

Belongs here: the table implied_bounds. Does not belong here: how bounds are found (solve).
"""

import math
from decimal import Context, Decimal

import polars as pl

from pipeline.intervals.interval import Interval
from pipeline.reason.solve import Solution
from pipeline.rules.quantities import Facts, as_printed
from pipeline.rules.sentences import days, ends
from pipeline.rules.system import GROUP, System
from schemas.columns import RESULT
from schemas.tables import TABLES, empty

TOLD = 12
"""Facts that premises tell of; of more they tell how many."""

_EXACT = Context(prec=60)
_PLACES = Decimal(1).scaleb(-RESULT.scale)
_ADDED = ("rule_ids", "premises", "depends_on_reading")
_FOUND = {name: kind for name, kind in empty("implied_bounds").schema.items() if name not in _ADDED}


def outward(found: Interval) -> dict[str, Decimal | bool | None]:
    """Return an interval as the columns lower, upper (RESULT, null: no end, rounded outward),
    lower_closed, upper_closed.
    """
    rounded: dict[str, Decimal | bool | None] = {}
    for side, sign in (("lower", 1), ("upper", -1)):
        low, is_open = found.low(sign)
        if math.isinf(low):
            rounded |= {side: None, f"{side}_closed": False}
            continue
        digits, rest = divmod(low * 10**RESULT.scale, 1)
        rounded[side] = _EXACT.multiply(Decimal(int(sign * digits)), _PLACES)
        rounded[f"{side}_closed"] = not is_open and not rest
    return rounded


def bounds(solution: Solution) -> pl.DataFrame:
    """Return the quantities whose bounds are narrower than their own: quantity, the bounds, method,
    tight.
    """
    rows = [
        {
            "quantity": name,
            **outward(bound.limits.interval),
            "method": "propagation" if bound.by_sums else "solver",
            "tight": bound.limits.is_tight,
        }
        for name, bound in solution.bounds.items()
    ]
    found = pl.DataFrame(rows, schema=_FOUND)
    return pl.concat([found, solution.settled.select(found.columns)]).sort("quantity")


def needed_groups(solution: Solution) -> pl.DataFrame:
    """Return the groups that each bound rests on: quantity, rule_id, group_id."""
    rows = [(name, *key) for name, bound in solution.bounds.items() for key in sorted(bound.groups)]
    found = pl.DataFrame(rows, schema=dict.fromkeys(["quantity", *GROUP], pl.String), orient="row")
    return pl.concat([found, solution.settled.select(found.columns)])


def implied_bounds(
    system: System, solution: Solution, rules: pl.DataFrame, facts: Facts
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the implied bounds as published, but for what depends on a reading, and the groups
    that each of them rests on.

    Both are in any order; `rules` is the table of that name. Raises RuntimeError where nothing is
    known to force a bound.
    """
    found = bounds(solution)
    groups = needed_groups(solution)
    titled = groups.join(rules.select("rule_id", "title"), on="rule_id")
    by_rule = titled.group_by("quantity").agg(
        pl.col("rule_id").unique().sort().str.join(" ").alias("rule_ids"),
        pl.col("title").unique().sort().str.join("; ").alias("titles"),
    )
    rows = (
        found.join(by_rule, on="quantity")
        .join(_facts_in_words(groups, system, facts), on="quantity", how="left")
        .rechunk()
    )
    if rows.height < found.height:
        raise RuntimeError("a bound without premises")
    premises = pl.concat_str(
        pl.format("{}.", "titles"), pl.format(" {}.", "facts"), ignore_nulls=True
    )
    rows = rows.with_columns(premises=premises, depends_on_reading=pl.lit(None, pl.String))
    return rows.select(list(TABLES["implied_bounds"].columns)), groups


def _facts_in_words(groups: pl.DataFrame, system: System, facts: Facts) -> pl.DataFrame:
    """Return the other stated quantities of the groups that each bound rests on, numbers as
    printed: quantity, facts (words).
    """
    named = groups.join(system.edges.rename({"quantity": "other"}), on=GROUP).filter(
        pl.col("other") != pl.col("quantity")
    )
    printed = facts.observations.select(quantity="fact_id", printed=as_printed())
    stated = system.quantities.filter(role="stated").join(printed, on="quantity", how="left")
    words = pl.format("{}: {}", "description", pl.coalesce("printed", span()))
    stated = stated.select(other="quantity", words=words)
    told = (
        named.select("quantity", "other")
        .unique()
        .join(stated, on="other")
        .sort("quantity", "other")
    )
    by_fact = told.group_by("quantity", maintain_order=True).agg(
        pl.col("words").head(TOLD).str.join("; "), count=pl.len()
    )
    more = (
        pl.when(pl.col("count") > TOLD)
        .then(pl.format("; and {} facts more", pl.col("count") - TOLD))
        .otherwise(pl.lit(""))
    )
    return by_fact.select("quantity", facts=pl.concat_str("words", more))


def span() -> pl.Expr:
    """Return the interval of a quantity (part, lower, upper and whether these are closed) in words,
    of days as dates.
    """
    return _of_part(ends())


def repaired() -> pl.Expr:
    """Return what a quantity of an error set (part, lower, upper, whether these are closed, reason)
    would have to do: "be 5", "lie within 0 to 8,999".

    What lies beyond the ends is not right, and not all between them may be.
    """
    is_range = (pl.col("lower") != pl.col("upper")).fill_null(value=False)
    loose = pl.when(pl.col("reason").is_null()).then(pl.lit("")).otherwise(pl.lit(", perhaps less"))
    verb = pl.when(is_range).then(pl.lit("lie within")).otherwise(pl.lit("be"))
    return pl.format("{} {}{}", verb, _of_part(ends()), loose)


def _of_part(value: pl.Expr) -> pl.Expr:
    days_between = days(pl.col("lower"), pl.col("upper"))
    return pl.when(pl.col("part") == "value").then(value).otherwise(days_between)
