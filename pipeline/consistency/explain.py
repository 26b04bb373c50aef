"""Say each outcome in a sentence with its numbers, for people.

Belongs here: words. Does not belong here: any decision; the outcome is taken as it is.
"""

import re
from collections.abc import Mapping

import polars as pl

from pipeline.consistency.kinds_in_time import years
from pipeline.consistency.quantities import IN_ITS_WHOLE, origins
from pipeline.consistency.system import System

_NAME = re.compile(r"{(\w+)}")
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


_SENTENCES = {
    "adds_up": "{parts} parts sum to {plus}; {minus_words}: {minus}",
    "subset": "{plus_words}: {plus}; {minus_words}: {minus}",
    "parts_of": "{rest} of {minus} {whole_label} belong to no named group{share_left}; the {parts} named groups hold {plus}",
    "share_of": "{share} percent of {plus_words}{plus_unstated} is {plus}; {minus_words}: {minus}{minus_unstated}",
    "shares_partial": "{parts} shares sum to {plus} percent; what is not named has {rest} percent",
    "shares_complete": "{parts} shares sum to {plus} percent; together they are {minus} percent",
    "multi_response": "Shares that overlap are not added up: the {parts} have {overlap}",
    "growth": "At {timed} a year over {years} years, {plus} ({plus_words}) mean {earlier} before ({known}{unstated})",
    "elapsed": "{passed} years have passed; {timed} are stated",
    "order": "The {plus_words} is not after the {minus_words}",
    "same_quantity": "{plus_words}: {plus} ({plus_variable}) and {minus} ({minus_variable}){copied}",
}
"""What is said of a group of each kind; the names are those of `_fields`."""


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
    return _between(number(lower), number(upper), ("an unknown number", "at least {}", "at most {}"))


def days(lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """Return an interval of days, counted from 1970-01-01, in words: 2011-12-23, by 2003-12-31, from 1997-01-01 on."""
    first, last = (pl.from_epoch(end.cast(pl.Int64), time_unit="d").cast(pl.String) for end in (lower, upper))
    return _between(first, last, ("not known", "from {} on", "by {}"))


def _between(first: pl.Expr, last: pl.Expr, words: tuple[str, str, str]) -> pl.Expr:
    """Return what lies between two ends in words (null: no end); `words` are for no end at all, for a first and for a last."""
    none, from_, to = words
    return (
        pl.when(first.is_null() & last.is_null())
        .then(pl.lit(none))
        .when(last.is_null())
        .then(pl.format(from_, first))
        .when(first.is_null())
        .then(pl.format(to, last))
        .when(first == last)
        .then(first)
        .otherwise(pl.format("{} to {}", first, last))
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
    fields = _fields()
    told = [
        of_kind.select("rule_id", "group_id", explanation=pl.format("{}. {}.", _sentence(str(kind), fields), verdict))
        for (kind,), of_kind in rows.partition_by("kind", as_dict=True).items()
    ]
    return pl.concat([rows.clear().select("rule_id", "group_id", explanation=pl.lit("")), *told])


def _operands_in_words(system: System) -> pl.DataFrame:
    """Return what the terms of each group are called, and the interval of the term that is a rate or a duration of time.

    That is the one whose coefficient is years or days (growth: the flow, first in the group's name; elapsed: the duration).
    """
    terms = system.rule_terms.join(system.variables, on="variable").filter(pl.col("role") != "remainder")
    positive, is_unstated = pl.col("coefficient_lower") >= 0, pl.col("role") == "unstated"
    days = pl.col("coefficient_upper") < -HUNDRED
    timed = days | (pl.col("variable") == pl.col("group_id").str.split(" ").list.first())
    other = ~positive & ~timed
    words = {
        f"{side}_{name}": told
        for side, which in (("plus", positive), ("minus", ~positive))
        for name, told in (
            ("words", pl.col("description").filter(which).sort().str.join("; ")),
            ("variable", pl.col("variable").filter(which).first()),
            ("source", pl.col("source_id").filter(which).first()),
            ("unstated", (which & is_unstated).any()),
        )
    }
    numbers = {
        f"{name}_{end}": number.filter(which).first()
        for end, opposite in (("lower", "upper"), ("upper", "lower"))
        for name, number, which in (
            ("timed", pl.col(f"{end}_bound"), timed),
            ("to", pl.col(f"{end}_bound"), positive),
            ("from", pl.col(f"{end}_bound"), other),
            ("years", -pl.col(f"coefficient_{opposite}"), timed),
            ("share", pl.col(f"coefficient_{end}") * HUNDRED, positive),
        )
    }
    return terms.group_by("rule_id", "group_id").agg(
        pl.col("description").filter(other).first().str.split(",").list.first().alias("whole_label"),
        is_unstated.any().alias("unstated"),
        pl.col("description").filter(is_unstated).first().alias("unstated_words"),
        **words,
        **numbers,
    )


def _with_copies(rows: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `copied`: words for two statements of which one source has taken the other's."""
    known = origins(sources)
    plus, minus = (pl.col(f"{side}_source").replace(known) for side in ("plus", "minus"))
    copied = (plus == minus) & (pl.col("plus_source") != pl.col("minus_source"))
    words = pl.lit("; both go back to one source, so they do not corroborate each other")
    return rows.with_columns(copied=pl.when(copied).then(words).otherwise(pl.lit(""))).rechunk()


def _sentence(kind: str, fields: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the sentence of a group of a kind."""
    template = _SENTENCES[kind]
    said = pl.format(_NAME.sub("{}", template), *(fields[name] for name in _NAME.findall(template)))
    if kind != "multi_response":
        return said
    return pl.when(pl.col("group_id").str.ends_with(IN_ITS_WHOLE)).then(_sentence("subset", fields)).otherwise(said)


def _fields() -> dict[str, pl.Expr]:
    """Return what the names in `_SENTENCES` stand for."""
    ends = {
        name: interval(pl.col(f"{name}_lower"), pl.col(f"{name}_upper")) for name in ("plus", "minus", "share", "timed", "years")
    }
    columns = {name: pl.col(name) for name in ("plus_words", "minus_words", "plus_variable", "minus_variable", "whole_label")}
    unstated = {
        name: pl.when(name).then(pl.lit(", which nobody states")).otherwise(pl.lit(""))
        for name in ("unstated", "plus_unstated", "minus_unstated")
    }
    passed = [
        years(pl.col(f"to_{a}") - pl.col(f"from_{b}"), up=b == "lower") for a, b in (("lower", "upper"), ("upper", "lower"))
    ]
    stated = pl.format("stated: {}", interval(pl.col("from_lower"), pl.col("from_upper")))
    return {
        **ends,
        **columns,
        **unstated,
        "parts": pl.col("plus_terms"),
        "rest": interval(pl.max_horizontal(-pl.col("imbalance_upper"), 0), -pl.col("imbalance_lower")),
        "share_left": _share_of_whole(),
        "overlap": _overlap(ends["plus"]),
        "earlier": _earlier(),
        "known": pl.coalesce("unstated_words", stated),
        "passed": interval(*passed),
        "copied": pl.col("copied"),
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
