"""What has a closed form: lone products, and slack that a sum leaves; set-wise, in whole numbers and decimals.

Belongs here: limits that interval arithmetic gives exactly where rounds do not, so that the exact solver need not be asked.
Does not belong here: what rounds settle (propagate), or what needs a search (solver).

A *lone product* is share / 100 x base = count where no other group of the core speaks of what is open in the three. A value
of the base can be reached if it leaves the count one, and the other way round. Where the end that intervals give cannot be
reached, where an end is open, or where what is stated lies beyond what is possible, the solver is asked.
"""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipeline.consistency.connections import is_fixed, only
from pipeline.consistency.propagate import Spread
from pipeline.consistency.system import GROUP, System
from schemas.columns import RESULT

_BOUNDS = ["variable", "lower", "upper", "lower_closed", "upper_closed", "tight", *GROUP]
_ULP = pl.lit(Decimal(1).scaleb(-RESULT.scale), RESULT)
_COEFFICIENT_DIGITS = 8


@dataclass(frozen=True)
class ClosedForms:
    """What has a closed form.

    `bounds` are those narrower than a variable's own, and the group that forces them (variable, lower, upper, lower_closed,
    upper_closed, tight, rule_id, group_id); `components` of the core (component) and `groups` set aside (rule_id, group_id)
    need nothing else.
    """

    bounds: pl.DataFrame
    components: pl.DataFrame
    groups: pl.DataFrame


def closed_forms(active: System, found: Spread, domains: pl.DataFrame) -> ClosedForms:
    """Return what has a closed form of what rounds leave open in a system; `domains` has variable, least, most."""
    products = _lone_products(found, domains)
    sums = _left_by_sums(active, found, products, domains)
    bounds = pl.concat([_of_products(products), sums.filter("is_narrower").select(_BOUNDS)])
    return ClosedForms(bounds, products.select("component"), sums.select(GROUP))


def _lone_products(found: Spread, domains: pl.DataFrame) -> pl.DataFrame:
    """Return the lone products whose limits can be reached.

    The columns are component, rule_id, group_id; of each of share (of 1), base and count its name, {}_lower, {}_upper and
    {}_whole; and base_least, base_most, count_least, count_most.
    """
    lone = found.components.filter(pl.len().over("component") == 1).join(found.open.to_frame(), on="component", how="semi")
    lone = lone.join(found.core.rule_groups.filter(op="eq"), on=GROUP, how="semi")
    terms = found.core.rule_terms.join(lone, on=GROUP).filter(pl.len().over(GROUP) == len(("product", "count")))
    is_count = (pl.col("coefficient_lower") == -1) & (pl.col("coefficient_upper") == -1)
    counts = terms.filter(pl.col("coefficient_variable").is_null() & is_count)
    rows = terms.drop_nulls(["coefficient_variable", "variable"]).join(counts.select(*GROUP, count="variable"), on=GROUP)
    rows = rows.select("component", *GROUP, share="coefficient_variable", base="variable", count="count")
    rows = rows.filter(pl.col("share") != pl.col("base"), pl.col("share") != pl.col("count"), pl.col("base") != pl.col("count"))
    names = ("share", "base", "count")
    named = pl.concat(rows.select(variable=name) for name in names).unique()
    known = _known(found.core.variables.join(named, on="variable", how="semi"), domains)
    for name in names:
        rows = rows.join(known.select(pl.all().name.prefix(f"{name}_")), left_on=name, right_on=f"{name}_variable")
    rows = rows.with_columns(pl.col("share_lower", "share_upper") * pl.lit(Decimal("0.01"), RESULT)).filter(
        pl.col("share_upper") > 0, pl.col("base_whole") | (pl.col("base_lower") == pl.col("base_upper"))
    )
    small, large = pl.col("share_lower"), pl.col("share_upper")
    is_whole = pl.col("base_whole")
    rows = rows.with_columns(
        count_least=_up(pl.max_horizontal("count_lower", small * pl.col("base_lower")), pl.col("count_whole")),
        count_most=_down(pl.min_horizontal("count_upper", large * pl.col("base_upper")), pl.col("count_whole")),
        base_least=pl.max_horizontal("base_lower", pl.when(is_whole).then(_divided_up(pl.col("count_lower"), large))),
        base_most=pl.min_horizontal("base_upper", pl.when(is_whole).then(_divided_down(pl.col("count_upper"), small))),
    )
    can_be = [pl.col("count_least") <= pl.col("count_most")]
    can_be += [_can_be_count(pl.col(f"count_{end}")) for end in ("least", "most")]
    can_be += [_can_be_base(pl.col(f"base_{end}")) for end in ("least", "most")]
    return rows.filter(pl.all_horizontal(one.fill_null(value=True) for one in can_be))


def _known(variables: pl.DataFrame, domains: pl.DataFrame) -> pl.DataFrame:
    """Return the variables that are at least 0, closed, within their domain, and whole at the ends if they are at all.

    The columns are variable, lower, upper, whole.
    """
    rows = variables.join(domains, on="variable", maintain_order="left")
    lower, upper = pl.col("lower_bound"), pl.col("upper_bound")
    is_round = (lower == lower.floor()) & (upper == upper.floor()).fill_null(value=True)
    return rows.filter(
        lower >= pl.max_horizontal("least", 0),
        (upper <= pl.col("most")).fill_null(value=True) & (upper.is_not_null() | pl.col("most").is_null()),
        "lower_closed",
        pl.col("upper_closed") | upper.is_null(),
        ~pl.col("is_integer") | is_round,
    ).select("variable", lower=lower.cast(RESULT), upper=upper.cast(RESULT), whole="is_integer")


def _of_products(products: pl.DataFrame) -> pl.DataFrame:
    """Return the bounds of bases and counts that are narrower than their own."""
    rows = pl.concat(
        products.select(
            *GROUP,
            variable=name,
            own_lower=f"{name}_lower",
            own_upper=f"{name}_upper",
            lower=f"{name}_least",
            upper=f"{name}_most",
        )
        for name in ("base", "count")
    )
    is_narrower = (pl.col("lower") > pl.col("own_lower")) | pl.col("upper").ne_missing(pl.col("own_upper"))
    return rows.filter(is_narrower).select(
        "variable",
        "lower",
        "upper",
        lower_closed=pl.lit(value=True),
        upper_closed=pl.col("upper").is_not_null(),
        tight=pl.lit(value=True),
        rule_id="rule_id",
        group_id="group_id",
    )


def _left_by_sums(active: System, found: Spread, products: pl.DataFrame, domains: pl.DataFrame) -> pl.DataFrame:
    """Return the groups set aside whose own slack is what a sum of independent numbers leaves.

    The columns are those of the bounds, of the slack, and is_narrower. A sum reaches its end if each number does; beside
    shares that multiply and whole numbers, an open end is not known to be the tightest.
    """
    rows = _sums(active, found, products, domains)
    small, large = pl.col("rest_lower"), pl.col("rest_upper")
    is_added, size = pl.col("size") > 0, pl.col("size").abs()
    near = small / size
    quotient = pl.when(near * size > small).then(near - _ULP).otherwise(near)
    is_equal = pl.col("op") == "eq"
    forced = {
        "lower": pl.when(is_added).then(-large).otherwise(quotient),
        "lower_is_closed": pl.when(is_added).then("rest_upper_closed").otherwise("rest_lower_closed"),
        "lower_is_reached": pl.when(is_added).then("rest_reaches_upper").otherwise("rest_reaches_lower"),
        "upper": pl.when(~is_equal).then("own_upper").when(is_added).then(-small).otherwise(large),
        "upper_is_closed": ~is_equal | pl.when(is_added).then("rest_lower_closed").otherwise("rest_upper_closed"),
        "upper_is_reached": ~is_equal | pl.when(is_added).then("rest_reaches_lower").otherwise("rest_reaches_upper"),
    }
    rows = rows.filter(pl.when(is_equal).then(size == 1).otherwise(~is_added)).with_columns(**forced)
    is_beyond = pl.col("lower") < pl.col("own_lower")
    rows = rows.filter(
        ~is_beyond | (~is_equal & ~pl.col("multiplies")),
        (pl.col("upper") <= pl.col("own_upper")).fill_null(value=True),
    ).with_columns(
        lower=pl.max_horizontal("lower", "own_lower"),
        lower_closed=is_beyond | pl.col("lower_is_closed"),
        upper_closed=pl.col("upper_is_closed") & pl.col("upper").is_not_null(),
        lower_is_tight=is_beyond | (pl.col("lower_is_closed") & pl.col("lower_is_reached")),
        upper_is_tight=pl.col("upper_is_closed") & pl.col("upper_is_reached"),
    )
    is_linear = ~pl.col("multiplies") & ~pl.col("has_whole")
    return rows.with_columns(
        variable="own",
        tight=is_linear | (pl.col("lower_is_tight") & pl.col("upper_is_tight")),
        is_narrower=(pl.col("lower") > pl.col("own_lower"))
        | ~pl.col("lower_closed")
        | pl.col("upper").ne_missing(pl.col("own_upper"))
        | (pl.col("upper_closed") != pl.col("own_upper_closed")),
    )


def _sums(active: System, found: Spread, products: pl.DataFrame, domains: pl.DataFrame) -> pl.DataFrame:
    """Return the groups with one loose slack whose other numbers are independent, and stand alone or in a lone product.

    The columns are rule_id, group_id, op, own and size (the slack and its coefficient), own_lower, own_upper,
    own_upper_closed; of the sum of the rest, each side's rest_{} and rest_{}_closed, rest_reaches_{} (each number does),
    has_whole (numbers), and multiplies (a share of it does).
    """
    loose = found.slack.join(found.proven.to_frame(), on="variable", how="anti")
    lone = loose.filter(pl.len().over(GROUP) == 1).rename({"variable": "own"})
    place = found.core.edges.join(found.components, on=GROUP).select("variable", "component").unique("variable")
    reached = products.select(
        variable="share",
        reaches_lower=_can_be_share(pl.col("share_lower")),
        reaches_upper=_can_be_share(pl.col("share_upper")),
    )
    terms = only(active, lone).rule_terms.join(lone, on=GROUP)
    for more in (active.variables, domains, place, reached):
        terms = terms.join(more, on="variable", how="left")
    is_own = pl.col("variable") == pl.col("own")
    is_plain = (pl.col("coefficient_lower") == pl.col("coefficient_upper")) & pl.col("coefficient_variable").is_null()
    is_unknown = pl.col("lower_bound").is_null() | pl.col("upper_bound").is_null()
    is_beyond = (pl.col("lower_bound") < pl.col("least")) | (pl.col("upper_bound") > pl.col("most"))
    is_independent = is_fixed() | (
        ~pl.col("is_integer") & (pl.col("component").is_null() | pl.col("reaches_lower").is_not_null())
    )
    is_usual = (pl.col("role") == "stated") & ~is_unknown & ~is_beyond.fill_null(value=False) & is_independent
    is_slack = ~pl.col("is_integer") & (pl.col("lower_bound") == 0) & pl.col("lower_closed")
    size = pl.col("coefficient_lower").cast(RESULT)
    one = pl.lit(1, RESULT)
    rest = pl.col("variable").is_null() | ~is_own
    can_be_added = pl.when(is_own).then(is_slack).otherwise(is_usual & (size.abs() == 1)) | pl.col("variable").is_null()
    terms = terms.with_columns(
        fits=is_plain & can_be_added,
        is_taken_off=~is_own & (size < 0) & pl.col("variable").is_not_null(),
        lower_bound=pl.col("lower_bound").cast(RESULT),
        upper_bound=pl.col("upper_bound").cast(RESULT),
    )
    ends: dict[str, pl.Expr] = {}
    for side, other in (("lower", "upper"), ("upper", "lower")):
        bound, closed, reaches = (
            pl.when("is_taken_off").then(name.format(other)).otherwise(name.format(side))
            for name in ("{}_bound", "{}_closed", "reaches_{}")
        )
        ends[f"rest_{side}"] = pl.when(rest).then(size * bound.fill_null(one))
        ends[f"rest_{side}_closed"] = is_own | closed
        ends[f"rest_reaches_{side}"] = reaches
    terms = terms.with_columns(**ends)
    groups = terms.group_by(GROUP).agg(
        pl.col("fits").all(),
        pl.col("own").first(),
        size.filter(is_own).first().alias("size"),
        pl.col("lower_bound").filter(is_own).first().alias("own_lower"),
        pl.col("upper_bound").filter(is_own).first().alias("own_upper"),
        pl.col("upper_closed").filter(is_own).first().alias("own_upper_closed"),
        pl.col("rest_lower", "rest_upper").sum(),
        pl.col("rest_lower_closed", "rest_upper_closed", "rest_reaches_lower", "rest_reaches_upper").all(),
        pl.col("is_integer").filter(~is_own).any().alias("has_whole"),
        pl.col("reaches_lower").is_not_null().any().alias("multiplies"),
    )
    return groups.filter("fits").join(active.rule_groups.select(*GROUP, "op"), on=GROUP)


def _can_be_count(value: pl.Expr) -> pl.Expr:
    """Return whether a base and a share of a product make a count, which lies within what intervals give; null: no value."""
    small, large = pl.col("share_lower"), pl.col("share_upper")
    least = pl.max_horizontal("base_lower", _divided_up(value, large))
    most = pl.min_horizontal("base_upper", _divided_down(value, small))
    of_whole = least <= most
    of_point = value.is_between(small * pl.col("base_lower"), large * pl.col("base_lower"))
    return pl.when(pl.col("base_lower") == pl.col("base_upper")).then(of_point).otherwise(of_whole)


def _can_be_base(value: pl.Expr) -> pl.Expr:
    """Return whether a count and a share of a product make a base; null: no value."""
    least = _up(pl.max_horizontal("count_lower", pl.col("share_lower") * value), pl.col("count_whole"))
    most = _down(pl.min_horizontal("count_upper", pl.col("share_upper") * value), pl.col("count_whole"))
    return least <= most


def _can_be_share(value: pl.Expr) -> pl.Expr:
    """Return whether a base and a count of a product make a share.

    Where both are whole and the share is p / q in lowest terms, the base is a multiple of q.
    """
    units = (value * 10**_COEFFICIENT_DIGITS).cast(pl.Int64)
    divisor = pl.lit(1, pl.Int64)
    for power in range(1, _COEFFICIENT_DIGITS + 1):
        divisor = (
            divisor * pl.when(units % 2**power == 0).then(2).otherwise(1) * pl.when(units % 5**power == 0).then(5).otherwise(1)
        )
    step = pl.when("count_whole").then(10**_COEFFICIENT_DIGITS // divisor).otherwise(1).cast(RESULT)
    least = pl.max_horizontal("base_lower", _divided_up(pl.col("count_lower"), value))
    most = pl.min_horizontal("base_upper", _divided_down(pl.col("count_upper"), value))
    of_whole = _divided_up(least, step) * step <= most
    count = value * pl.col("base_lower")
    fits = count.is_between(pl.col("count_lower"), pl.col("count_upper").fill_null(count))
    of_point = fits & (~pl.col("count_whole") | (count == count.floor()))
    is_point = pl.col("base_lower") == pl.col("base_upper")
    return (value > 0) & pl.when(is_point.fill_null(value=False)).then(of_point).otherwise(of_whole.fill_null(value=True))


def _up(value: pl.Expr, is_whole: pl.Expr) -> pl.Expr:
    return pl.when(is_whole).then(value.ceil()).otherwise(value)


def _down(value: pl.Expr, is_whole: pl.Expr) -> pl.Expr:
    return pl.when(is_whole).then(value.floor()).otherwise(value)


def _divided_up(value: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    """Return the least whole number that times a divisor is a value or more; null where the divisor is 0."""
    near = (value / pl.when(divisor > 0).then(divisor)).floor()
    return pl.when(near * divisor < value).then(near + 1).otherwise(near).cast(RESULT)


def _divided_down(value: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    """Return the greatest whole number that times a divisor is a value or less; null where the divisor is 0."""
    near = (value / pl.when(divisor > 0).then(divisor)).floor()
    return pl.when(near * divisor > value).then(near - 1).otherwise(near).cast(RESULT)
