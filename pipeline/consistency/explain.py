"""Say each outcome in a sentence with its numbers, for people.

Belongs here: words. Does not belong here: any decision; the outcome is taken as it is.
"""

import polars as pl

from pipeline.consistency.kinds_in_time import years
from pipeline.consistency.quantities import IN_ITS_WHOLE
from pipeline.consistency.system import System

TENTHS = 10
HUNDRED = 100
"""Percent: where shares of a whole end, and overlapping shares begin to prove that they overlap."""

_VERDICT = {
    "satisfied": "The rule holds whatever the exact values are",
    "violated": "The rule cannot hold",
    "satisfiable": "Possible; the figures are too loose to test it",
    "missing_operand": "Not tested: a quantity that nobody states decides",
    "solver_limit": "Possible by itself; whether it is with all the others was too much to search",
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


def explain(judged: pl.DataFrame, system: System, sources: pl.DataFrame) -> pl.DataFrame:
    """Return the sentence of each group: rule_id, group_id, explanation.

    `judged` has the outcome, reason, others and sums of evaluate.outcomes, and the kind of the rule; `sources` say which of
    them copies another.
    """
    rows = judged.join(_operands_in_words(system), on=["rule_id", "group_id"], how="left").rechunk()
    rows = _with_copies(rows, sources)
    leaves_some = (pl.col("kind") == "parts_of") & (pl.col("imbalance_upper") < 0) & pl.col("others").is_null()
    together = pl.format("Possible by itself; impossible together with {}", pl.col("others"))
    verdict = (
        pl.when(leaves_some)
        .then(pl.lit("The parts fit into the whole and do not fill it"))
        .otherwise(pl.coalesce(together, pl.coalesce("reason", "outcome").replace_strict(_VERDICT, return_dtype=pl.String)))
    )
    sentences = _sentences()
    told = [
        of_kind.select("rule_id", "group_id", explanation=pl.format("{}. {}.", sentences[str(kind)], verdict))
        for (kind,), of_kind in rows.partition_by("kind", as_dict=True).items()
    ]
    return pl.concat([rows.clear().select("rule_id", "group_id", explanation=pl.lit("")), *told])


def _operands_in_words(system: System) -> pl.DataFrame:
    """Return what the terms of each group are called, and the interval of the term that is a rate or a duration of time.

    That is the one whose coefficient is years or days (growth: the flow, first in the group's name; elapsed: the duration).
    """
    terms = system.rule_terms.join(system.variables, on="variable").filter(pl.col("role") != "remainder")
    positive = pl.col("coefficient_lower") >= 0
    days = pl.col("coefficient_upper") < -HUNDRED
    timed = days | (pl.col("variable") == pl.col("group_id").str.split(" ").list.first())
    other = ~positive & ~timed
    return terms.group_by("rule_id", "group_id").agg(
        pl.col("description").filter(positive).sort().str.join("; ").alias("plus_words"),
        pl.col("description").filter(~positive).sort().str.join("; ").alias("minus_words"),
        pl.col("variable").filter(positive).first().alias("plus_variable"),
        pl.col("variable").filter(~positive).first().alias("minus_variable"),
        pl.col("description").filter(other).first().str.split(",").list.first().alias("whole_label"),
        pl.col("description").filter(pl.col("role") == "unstated").first().alias("unstated"),
        (positive & (pl.col("role") == "unstated")).any().alias("plus_unstated"),
        (~positive & (pl.col("role") == "unstated")).any().alias("minus_unstated"),
        pl.col("lower_bound").filter(timed).first().alias("timed_lower"),
        pl.col("upper_bound").filter(timed).first().alias("timed_upper"),
        pl.col("coefficient_upper").filter(timed).first().neg().alias("years_lower"),
        pl.col("coefficient_lower").filter(timed).first().neg().alias("years_upper"),
        pl.col("lower_bound").filter(positive).first().alias("to_lower"),
        pl.col("upper_bound").filter(positive).first().alias("to_upper"),
        pl.col("lower_bound").filter(other).first().alias("from_lower"),
        pl.col("upper_bound").filter(other).first().alias("from_upper"),
        (pl.col("coefficient_lower") * HUNDRED).filter(positive).first().alias("share_lower"),
        (pl.col("coefficient_upper") * HUNDRED).filter(positive).first().alias("share_upper"),
    )


def _with_copies(rows: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `copied`: words for two statements of which one source has taken the other's."""
    origins = sources.select("source_id", origin=pl.coalesce("derived_from", "translation_of", "source_id"))
    for _ in range(10):  # of a copy of a copy, each time twice as far
        further = origins.select(origin="source_id", further="origin")
        origins = origins.join(further, on="origin", how="left").select("source_id", origin=pl.coalesce("further", "origin"))
    for side in ("plus", "minus"):
        names = pl.col(f"{side}_variable").str.split("/").list.first()
        known = origins.select(pl.col("source_id").alias(f"{side}_source"), pl.col("origin").alias(f"{side}_origin"))
        rows = rows.with_columns(names.alias(f"{side}_source")).join(
            known, on=f"{side}_source", how="left", maintain_order="left"
        )
    copied = (pl.col("plus_origin") == pl.col("minus_origin")) & (pl.col("plus_source") != pl.col("minus_source"))
    words = pl.lit("; both go back to one source, so they do not corroborate each other")
    return rows.with_columns(copied=pl.when(copied).then(words).otherwise(pl.lit(""))).rechunk()


def _sentences() -> dict[str, pl.Expr]:
    plus, minus = (interval(pl.col(f"{side}_lower"), pl.col(f"{side}_upper")) for side in ("plus", "minus"))
    rest = interval(pl.max_horizontal(-pl.col("imbalance_upper"), 0), -pl.col("imbalance_lower"))
    named = {"whole_label": pl.col("whole_label"), "parts": pl.col("plus_terms")}
    passed = [
        years(pl.col(f"to_{a}") - pl.col(f"from_{b}"), up=b == "lower") for a, b in (("lower", "upper"), ("upper", "lower"))
    ]
    timed = interval(pl.col("timed_lower"), pl.col("timed_upper"))
    unstated, plus_unstated, minus_unstated = (
        pl.when(is_so).then(pl.lit(", which nobody states")).otherwise(pl.lit(""))
        for is_so in (pl.col("unstated").is_not_null(), pl.col("plus_unstated"), pl.col("minus_unstated"))
    )
    return {
        "adds_up": pl.format("{} parts sum to {}; {}: {}", named["parts"], plus, pl.col("minus_words"), minus),
        "subset": pl.format("{}: {}; {}: {}", pl.col("plus_words"), plus, pl.col("minus_words"), minus),
        "parts_of": pl.format(
            "{} of {} {} belong to no named group{}; the {} named groups hold {}",
            rest,
            minus,
            named["whole_label"],
            _share_of_whole(),
            named["parts"],
            plus,
        ),
        "share_of": pl.format(
            "{} percent of {}{} is {}; {}: {}{}",
            interval(pl.col("share_lower"), pl.col("share_upper")),
            pl.col("plus_words"),
            plus_unstated,
            plus,
            pl.col("minus_words"),
            minus,
            minus_unstated,
        ),
        "shares_partial": pl.format("{} shares sum to {} percent; what is not named has {} percent", named["parts"], plus, rest),
        "shares_complete": pl.format("{} shares sum to {} percent; together they are {} percent", named["parts"], plus, minus),
        "multi_response": pl.when(pl.col("group_id").str.ends_with(IN_ITS_WHOLE))
        .then(pl.format("{}: {}; {}: {}", pl.col("plus_words"), plus, pl.col("minus_words"), minus))
        .otherwise(pl.format("Shares that overlap are not added up: the {} have {}", named["parts"], _overlap(plus))),
        "growth": pl.format(
            "At {} a year over {} years, {} ({}) mean {} before ({}{})",
            timed,
            interval(pl.col("years_lower"), pl.col("years_upper")),
            plus,
            pl.col("plus_words"),
            _earlier(),
            pl.coalesce("unstated", pl.format("stated: {}", interval(pl.col("from_lower"), pl.col("from_upper")))),
            unstated,
        ),
        "elapsed": pl.format("{} years have passed; {} are stated", interval(*passed), timed),
        "order": pl.format("The {} is not after the {}", pl.col("plus_words"), pl.col("minus_words")),
        "same_quantity": pl.format(
            "{}: {} ({}) and {} ({}){}",
            pl.col("plus_words"),
            plus,
            pl.col("plus_variable"),
            minus,
            pl.col("minus_variable"),
            pl.col("copied"),
        ),
    }


def _share_of_whole() -> pl.Expr:
    """Return " (40.7 %)" where remainder and whole are exact, else nothing."""
    exact = (pl.col("imbalance_lower") == pl.col("imbalance_upper")) & (pl.col("minus_lower") == pl.col("minus_upper"))
    whole = pl.col("minus_lower").cast(pl.Int64)
    share = (-pl.col("imbalance_lower").cast(pl.Int64) * 1000 + whole // 2) // whole
    return pl.when(exact & (whole > 0)).then(pl.format(" ({} %)", tenths(share))).otherwise(pl.lit(""))


def _overlap(mentions: pl.Expr) -> pl.Expr:
    """Return the mentions per 100, or how many must be counted twice.

    k overlapping shares that sum to s, all of w percent, have (s - w) / (k - 1) percent in two, here rounded down.
    """
    over = pl.max_horizontal(pl.col("imbalance_lower") * TENTHS, 0)
    share = over.cast(pl.Int64) // (pl.col("plus_terms").cast(pl.Int64) - 1)
    in_two = pl.format("{} mentions per 100, so at least {} percent are in two or more", mentions, tenths(share))
    return pl.when((pl.col("minus_lower") > 0) & (share > 0)).then(in_two).otherwise(pl.format("{} mentions per 100", mentions))


def _earlier() -> pl.Expr:
    added = [[pl.col(f"timed_{flow}") * pl.col(f"years_{years}") for years in ("lower", "upper")] for flow in ("upper", "lower")]
    least = pl.col("plus_lower") - pl.max_horizontal(*added[0])
    most = pl.col("plus_upper") - pl.min_horizontal(*added[1])
    return interval(least, most)
