"""What follows from all facts and rules for each quantity, with the premises in words.

Belongs here: the table implied_bounds. Does not belong here: how bounds are found (solve).
"""

import math
from decimal import Context, Decimal
from fractions import Fraction

import polars as pl

from pipeline.intervals.interval import Interval
from pipeline.reason.narrow import tightened
from pipeline.reason.propagation import ROUNDS
from pipeline.reason.solve import Solution
from pipeline.rules.sentences import days, ends, interval
from pipeline.rules.system import GROUP, System
from schemas.columns import RESULT
from schemas.tables import TABLES

TOLD = 12
"""Facts that premises tell of; of more they tell how many."""

_PLACES = Decimal(1).scaleb(-RESULT.scale)
_FOUND: dict[str, pl.DataType] = {
    "variable": pl.String(),
    "lower": RESULT,
    "upper": RESULT,
    "lower_closed": pl.Boolean(),
    "upper_closed": pl.Boolean(),
    "method": pl.String(),
    "tight": pl.Boolean(),
}


def outward(found: Interval) -> dict[str, Decimal | bool | None]:
    """Return an interval as the columns lower, upper (RESULT, null: no end, rounded outward), lower_closed, upper_closed."""
    rounded: dict[str, Decimal | bool | None] = {}
    for side, sign in (("lower", 1), ("upper", -1)):
        low, is_open = found.low(sign)
        if math.isinf(low):
            rounded |= {side: None, f"{side}_closed": False}
            continue
        digits, rest = divmod(Fraction(low) * 10**RESULT.scale, 1)
        rounded[side] = Context(prec=60).multiply(Decimal(sign * digits), _PLACES)
        rounded[f"{side}_closed"] = not is_open and not rest
    return rounded


def bounds(system: System, solution: Solution) -> pl.DataFrame:
    """Return the quantities whose bounds are narrower than their own: variable, the bounds, method, tight."""
    ends = {f"{side}_bound": pl.col(f"{side}_bound").cast(RESULT) for side in ("lower", "upper")}
    own = system.variables.with_columns(**ends)
    spread = tightened(own.join(solution.because, on="variable", how="semi"), solution.because)
    own, spread = (
        table.select("variable", "lower_closed", "upper_closed", lower="lower_bound", upper="upper_bound")
        for table in (own, spread)
    )
    proven = pl.col("variable").is_in(solution.proven.implode())
    spread = spread.with_columns(method=pl.lit("propagation"), tight=proven)
    solved = [
        {"variable": name, **outward(one.limits.interval), "method": "solver", "tight": one.limits.is_tight}
        for name, one in solution.exact.items()
    ]
    exact = pl.DataFrame(solved, schema=_FOUND)
    same = [pl.col(name).eq_missing(pl.col(f"{name}_own")) for name in ("lower", "upper", "lower_closed", "upper_closed")]
    narrower = exact.join(own, on="variable", suffix="_own").filter(~pl.all_horizontal(same))
    names = list(_FOUND)
    rest = spread.join(exact, on="variable", how="anti").select(names)
    return pl.concat([rest, narrower.select(names)]).sort("variable")


def needed_groups(system: System, solution: Solution, found: pl.DataFrame) -> pl.DataFrame:
    """Return the groups that each bound rests on: variable, rule_id, group_id."""
    because = solution.because.select("variable", *GROUP).unique()
    named = system.edges
    by_solver = [(variable, *key) for variable, exact in sorted(solution.exact.items()) for key in sorted(exact.groups)]
    shape = {"variable": pl.String, "rule_id": pl.String, "group_id": pl.String}
    known = new = because.join(found.filter(method="propagation"), on="variable", how="semi")
    for _ in range(ROUNDS):
        through = new.join(named.rename({"variable": "other"}), on=GROUP).select("variable", "other").unique()
        reasons = through.join(because.rename({"variable": "other"}), on="other").select("variable", *GROUP).unique()
        new = reasons.join(known, on=["variable", *GROUP], how="anti")
        if new.is_empty():
            break
        known = pl.concat([known, new])
    return pl.concat([known, pl.DataFrame(by_solver, schema=shape, orient="row")]).join(found, on="variable", how="semi")


def implied_bounds(system: System, solution: Solution, rules: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the implied bounds as published, but for what depends on a reading, and the groups that each of them rests on.

    Both are in any order; `rules` is the table of that name. Raises RuntimeError where nothing is known to force a bound.
    """
    found = bounds(system, solution)
    groups = needed_groups(system, solution, found)
    titled = groups.join(rules.select("rule_id", "title"), on="rule_id")
    by_rule = titled.group_by("variable").agg(
        pl.col("rule_id").unique().sort().str.join(" ").alias("rule_ids"),
        pl.col("title").unique().sort().str.join("; ").alias("titles"),
    )
    named = groups.join(system.edges.rename({"variable": "other"}), on=GROUP).filter(pl.col("other") != pl.col("variable"))
    stated = system.variables.filter(role="stated").select(other="variable", words=in_words())
    told = named.select("variable", "other").unique().join(stated, on="other").sort("variable", "other")
    by_fact = told.group_by("variable", maintain_order=True).agg(
        pl.col("words").head(TOLD).str.join("; "), pl.len().alias("count")
    )
    rows = found.join(by_rule, on="variable").join(by_fact, on="variable", how="left").rechunk()
    if rows.height < found.height:
        raise RuntimeError("a bound without premises")
    more = pl.when(pl.col("count") > TOLD).then(pl.format("; and {} facts more", pl.col("count") - TOLD)).otherwise(pl.lit(""))
    facts = pl.when(pl.col("words").is_not_null()).then(pl.format(" {}{}.", "words", more)).otherwise(pl.lit(""))
    rows = rows.with_columns(premises=pl.format("{}.{}", "titles", facts), depends_on_reading=pl.lit(None, pl.String))
    return rows.select(list(TABLES["implied_bounds"].columns)), groups


def in_words() -> pl.Expr:
    """Return a variable of the system with its interval: "dialogue bodies, Kazakhstan, 2011-12-23: 300"."""
    return pl.format("{}: {}", "description", span("_bound"))


def span(bound: str = "") -> pl.Expr:
    """Return the interval of a variable (part, lower, upper and whether these are closed) in words, of days as dates."""
    return _of_part(ends(bound=bound), bound)


def repaired() -> pl.Expr:
    """Return what a variable of an error set (part, lower, upper, reason) would have to do: "be 5", "lie within 0 to 8,999".

    Whether the ends are included is not published; what lies beyond them is not right, and not all between them may be.
    """
    is_range = (pl.col("lower") != pl.col("upper")).fill_null(value=False)
    loose = pl.when(pl.col("reason").is_null()).then(pl.lit("")).otherwise(pl.lit(", perhaps less"))
    verb = pl.when(is_range).then(pl.lit("lie within")).otherwise(pl.lit("be"))
    return pl.format("{} {}{}", verb, _of_part(interval(pl.col("lower"), pl.col("upper"))), loose)


def _of_part(value: pl.Expr, bound: str = "") -> pl.Expr:
    days_between = days(pl.col(f"lower{bound}"), pl.col(f"upper{bound}"))
    return pl.when(pl.col("part") == "value").then(value).otherwise(days_between)
