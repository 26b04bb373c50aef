"""Say each outcome in a sentence with its numbers, for people.

Belongs here: words. Does not belong here: any decision; the outcome is taken as it is.
"""

import polars as pl

from pipeline.consistency.system import System

TENTHS = 10
HUNDRED = 100
"""Percent: where shares of a whole end, and overlapping shares begin to prove that they overlap."""

_VERDICT = {
    "satisfied": "The rule holds whatever the exact values are",
    "violated": "The rule cannot hold",
    "satisfiable": "Possible; the figures are too loose to test it",
    "missing_operand": "Not tested: a quantity that nobody states decides",
}


def number(value: pl.Expr) -> pl.Expr:
    """Return a decimal number as people write it: 35,001 and 42.385."""
    text = value.cast(pl.String)
    whole = (
        text.str.extract(r"^-?([0-9]+)")
        .str.reverse()
        .str.replace_all(r"([0-9]{3})", "$1,")
        .str.reverse()
        .str.strip_chars_start(",")
    )
    fraction = text.str.extract(r"(\.[0-9]*[1-9])0*$").fill_null("")
    sign = pl.when(text.str.starts_with("-") & (value != 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole, fraction)


def interval(lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """Return an interval in words: 300, 57.465 to 57.615, at least 35,001, at most 5."""
    return (
        pl.when(lower.is_null() & upper.is_null())
        .then(pl.lit("an unknown number"))
        .when(upper.is_null())
        .then(pl.format("at least {}", number(lower)))
        .when(lower.is_null())
        .then(pl.format("at most {}", number(upper)))
        .when(lower == upper)
        .then(number(lower))
        .otherwise(pl.format("{} to {}", number(lower), number(upper)))
    )


def tenths(value: pl.Expr) -> pl.Expr:
    """Return a number of tenths as people write it, with its one decimal: 407 is 40.7, 110 is 11.0."""
    return pl.format("{}.{}", value // TENTHS, value % TENTHS)


def explain(judged: pl.DataFrame, system: System) -> pl.DataFrame:
    """Return the sentence of each group: rule_id, group_id, explanation.

    `judged` has the outcome, reason and sums of evaluate.judge, and the kind of the rule.
    """
    rows = judged.join(_operands_in_words(system), on=["rule_id", "group_id"], how="left").rechunk()
    leaves_some = (pl.col("kind") == "parts_of") & (pl.col("imbalance_upper") < 0)
    verdict = (
        pl.when(leaves_some)
        .then(pl.lit("The parts fit into the whole and do not fill it"))
        .otherwise(pl.coalesce("reason", "outcome").replace_strict(_VERDICT, return_dtype=pl.String))
    )
    sentence = pl.coalesce(pl.when(pl.col("kind") == kind).then(words) for kind, words in _sentences().items())
    return rows.select("rule_id", "group_id", pl.format("{}. {}.", sentence, verdict).alias("explanation"))


def _operands_in_words(system: System) -> pl.DataFrame:
    """Return, for each group, what its terms are called, and the term whose coefficient is an interval (years x flow)."""
    terms = system.rule_terms.filter(pl.col("variable").is_not_null()).join(system.variables, on="variable")
    positive = pl.col("coefficient_lower") >= 0
    is_yearly = pl.col("coefficient_lower") != pl.col("coefficient_upper")
    return terms.group_by("rule_id", "group_id").agg(
        pl.col("description").filter(positive).sort().str.join("; ").alias("plus_words"),
        pl.col("description").filter(~positive).sort().str.join("; ").alias("minus_words"),
        pl.col("description").filter(~positive & ~is_yearly).first().str.split(",").list.first().alias("whole_label"),
        pl.col("description").filter(pl.col("role") == "unstated").first().alias("unstated"),
        pl.col("lower_bound").filter(is_yearly).first().alias("flow_lower"),
        pl.col("upper_bound").filter(is_yearly).first().alias("flow_upper"),
        pl.col("coefficient_upper").filter(is_yearly).first().neg().alias("years_lower"),
        pl.col("coefficient_lower").filter(is_yearly).first().neg().alias("years_upper"),
    )


def _sentences() -> dict[str, pl.Expr]:
    plus, minus = (interval(pl.col(f"{side}_lower"), pl.col(f"{side}_upper")) for side in ("plus", "minus"))
    rest = interval(pl.max_horizontal(-pl.col("imbalance_upper"), 0), -pl.col("imbalance_lower"))
    years = interval(pl.col("years_lower"), pl.col("years_upper"))
    return {
        "subset": pl.format("{}: {}; {}: {}", pl.col("plus_words"), plus, pl.col("minus_words"), minus),
        "parts_of": pl.format(
            "{} of {} {} belong to no named group{}; the {} named groups hold {}",
            rest,
            minus,
            pl.col("whole_label"),
            _share_of_whole(),
            pl.col("plus_terms"),
            plus,
        ),
        "shares_partial": pl.format(
            "{} shares sum to {} percent; what is not named has {} percent", pl.col("plus_terms"), plus, rest
        ),
        "multi_response": pl.format(
            "{} shares overlap and are not added up: {} mentions per 100{}", pl.col("plus_terms"), plus, _in_two()
        ),
        "growth": pl.format(
            "At {} a year over {} years, {} ({}) mean {} before ({}), which nobody states",
            interval(pl.col("flow_lower"), pl.col("flow_upper")),
            years,
            plus,
            pl.col("plus_words"),
            _earlier(),
            pl.col("unstated"),
        ),
        "elapsed": pl.format("{} years have passed; {} are stated", plus, minus),
        "order": pl.format("The {} is not after the {}", pl.col("plus_words"), pl.col("minus_words")),
    }


def _share_of_whole() -> pl.Expr:
    """Return " (40.7 %)" where remainder and whole are exact, else nothing."""
    exact = (pl.col("imbalance_lower") == pl.col("imbalance_upper")) & (pl.col("minus_lower") == pl.col("minus_upper"))
    whole = pl.col("minus_lower").cast(pl.Int64)
    share = (-pl.col("imbalance_lower").cast(pl.Int64) * 1000 + whole // 2) // whole
    return pl.when(exact & (whole > 0)).then(pl.format(" ({} %)", tenths(share))).otherwise(pl.lit(""))


def _in_two() -> pl.Expr:
    """Return how many must be counted twice: of k overlapping shares that sum to s, (s - 100) / (k - 1) percent, rounded down."""
    over = (pl.col("plus_lower") - HUNDRED) * 10
    share = (over.cast(pl.Int64)) // (pl.col("plus_terms").cast(pl.Int64) - 1)
    proven = (pl.col("plus_lower") > HUNDRED) & (pl.col("plus_terms") > 1)
    return pl.when(proven).then(pl.format(", so at least {} percent are in two or more", tenths(share))).otherwise(pl.lit(""))


def _earlier() -> pl.Expr:
    least = pl.col("plus_lower") - pl.col("flow_upper") * pl.col("years_upper")
    most = pl.col("plus_upper") - pl.col("flow_lower") * pl.col("years_lower")
    return interval(least, most)
