"""Say each outcome in a sentence with its numbers, for people.

Belongs here: words. Does not belong here: any decision; the outcome is taken as it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from pipeline.rules.kinds_in_time import years
from pipeline.rules.quantities import Facts, as_printed, origins
from pipeline.rules.rules_file import Placed
from pipeline.rules.system import System
from schemas.rules import PartsOf

_ENDS = ("lower", "upper", "lower_closed", "upper_closed")
_NAME = re.compile(r"{(\w+)}")
_NO = pl.lit(value=False)
TENTHS = 10

_VERDICT = {
    "satisfied": "The rule holds whatever the exact values are",
    "violated": "The rule cannot hold",
    "satisfiable": "Possible; the figures are too loose to test it",
    "missing_operand": "Not tested: what would decide it, no source states",
    "solver_limit": "Possible by itself; whether it is with all the others was too much to search",
}


_COPIED = "; both go back to one source, so they do not corroborate each other"

_SENTENCES = {
    "adds_up": "{parts} to {plus}; {minus_words}: {minus}",
    "subset": "{plus_words}: {plus}; {minus_words}: {minus}",
    "parts_of": (
        "{rest} of {minus} {whole_label} belong to no named group{share_left}; the {groups} {plus}"
    ),
    "share_of": ("{share} percent of {plus_words}{plus_unstated} is {counted}; {minus_said}"),
    "shares_partial": "{shares} to {plus} percent; what is not named has {rest} percent",
    "shares_complete": "{shares} to {plus} percent; together they are {minus} percent",
    "multi_response": "Shares that overlap: the {overlapping} {overlap}",
    "growth": (
        "At {timed} a year over {years} years, {plus} ({plus_words}) mean {earlier} "
        "before ({known}{unstated})"
    ),
    "elapsed": "{passed} years have passed; {timed} are stated",
    "order": "The {plus_words} must not come after the {minus_words}",
    "same_quantity": (
        "{plus_words}: {plus} ({plus_quantity}) and {minus} ({minus_quantity}){copied}"
    ),
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


def interval(
    lower: pl.Expr, upper: pl.Expr, is_above: pl.Expr = _NO, is_below: pl.Expr = _NO
) -> pl.Expr:
    """Return an interval in words: 300, 57.465 to 57.615, at least 35,001; more than 10 where it
    `is_above` its lower end.
    """
    more, less = (
        pl.when(is_open).then(pl.lit(but))
        for is_open, but in ((is_above, "more than "), (is_below, "less than "))
    )
    first, last = (
        but.otherwise(pl.lit("")) + number(end) for but, end in ((more, lower), (less, upper))
    )
    known = _between(first, last, ("an unknown number", "at least {}", "at most {}"))
    return known.str.replace("at (least|most) (more|less)", "$2")


def ends(name: str = "") -> pl.Expr:
    """Return the interval in words whose ends are columns with a name, such as plus_lower and
    plus_lower_closed.
    """
    limits = (pl.col(f"{name}{side}") for side in ("lower", "upper"))
    return interval(*limits, *(~pl.col(f"{name}{side}_closed") for side in ("lower", "upper")))


def days(lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """Return an interval of days, counted from 1970-01-01, in words: 23 December 2011, by 31
    December 2003, from 1 January 1997 on.
    """
    first, last = (
        pl.from_epoch(end.cast(pl.Int64), time_unit="d").dt.strftime("%-d %B %Y")
        for end in (lower, upper)
    )
    return _between(first, last, ("not known", "from {} on", "by {}"))


def _between(first: pl.Expr, last: pl.Expr, words: tuple[str, str, str]) -> pl.Expr:
    """Return what lies between two ends in words (null: no end); `words` are for no end at all, for
    a first and for a last.
    """
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
    """Return a number of tenths as people write it, with its one decimal: 407 is 40.7, 110 is
    11.0.
    """
    return pl.format("{}.{}", value // TENTHS, value % TENTHS)


def explain(judged: pl.DataFrame, system: System, facts: Facts) -> pl.DataFrame:
    """Return the sentence of each group: rule_id, group_id, explanation.

    `judged` has the outcome, reason, others and sums of outcomes, the kind of the rule, and its
    whole_label. A number that a source prints is told as printed, what is computed as an interval.
    """
    rows = judged.join(
        _operands_in_words(system, facts), on=["rule_id", "group_id"], how="left"
    ).rechunk()
    leaves_some = (
        (pl.col("kind") == "parts_of")
        & (pl.col("imbalance_upper") < 0)
        & pl.col("others").is_null()
    )
    together = pl.format("Possible by itself; impossible together with {}", pl.col("others"))
    verdict = (
        pl.when(leaves_some)
        .then(pl.lit("The parts fit into the whole and do not fill it"))
        .otherwise(
            pl.coalesce(
                together,
                pl.coalesce("reason", "outcome").replace_strict(_VERDICT, return_dtype=pl.String),
            )
        )
    )
    fields = _fields()
    told = [
        of_kind.select(
            "rule_id",
            "group_id",
            explanation=pl.format("{}. {}.", _sentence(str(kind), fields), verdict),
        )
        for (kind,), of_kind in rows.partition_by("kind", as_dict=True).items()
    ]
    return pl.concat([rows.clear().select("rule_id", "group_id", explanation=pl.lit("")), *told])


def _operands_in_words(system: System, facts: Facts) -> pl.DataFrame:
    """Return what the terms of each group are called, what is printed of them, and the interval of
    the term that is a rate or a duration of time.

    That is the one whose coefficient is years or days, which are never exactly one (growth: the
    flow; elapsed: the duration).
    """
    terms = _terms(system, facts)
    positive, is_unstated = pl.col("coefficient_lower") >= 0, pl.col("role") == "unstated"
    timed = ~positive & ((pl.col("coefficient_lower") != -1) | (pl.col("coefficient_upper") != -1))
    other = ~positive & ~timed
    return terms.group_by("rule_id", "group_id").agg(
        _copied(facts.sources),
        (is_unstated & other).any().alias("unstated"),
        pl.col("description").filter(is_unstated & other).first().alias("unstated_words"),
        *_words("plus", positive),
        *_words("minus", ~positive),
        *_ends_of("timed", timed),
        *_ends_of("to", positive),
        *_ends_of("from", other),
        *_ends_of("share", positive, "share_"),
        (-pl.col("coefficient_upper").filter(timed).first()).alias("years_lower"),
        (-pl.col("coefficient_lower").filter(timed).first()).alias("years_upper"),
    )


def _terms(system: System, facts: Facts) -> pl.DataFrame:
    """Return the terms, but for slack, with their quantities, what is printed of these, and the
    same of the share that multiplies one.
    """
    printed = facts.observations.select(quantity="fact_id", printed=as_printed())
    quantities = system.quantities.join(printed, on="quantity", how="left")
    shares = quantities.select(
        coefficient_quantity="quantity", **{f"share_{name}": name for name in (*_ENDS, "printed")}
    )
    terms = system.rule_terms.join(quantities, on="quantity").filter(pl.col("role") != "remainder")
    return terms.join(shares, on="coefficient_quantity", how="left")


def _copied(sources: pl.DataFrame) -> pl.Expr:
    """Return, of the terms of a group, whether they are of several sources that all go back to one,
    in words.
    """
    origin = pl.col("source_id").replace(origins(sources))
    is_copied = (origin.n_unique() == 1) & (pl.col("source_id").n_unique() > 1)
    return pl.when(is_copied).then(pl.lit(_COPIED)).otherwise(pl.lit("")).alias("copied")


def _ends_of(name: str, which: pl.Expr, of: str = "") -> Iterator[pl.Expr]:
    """Yield the ends of the first term that is so, or those of what multiplies it, under a name."""
    return (
        pl.col(f"{of}{end}").filter(which).first().alias(f"{name}_{end}")
        for end in (*_ENDS, "printed")
    )


def _words(side: str, which: pl.Expr) -> tuple[pl.Expr, ...]:
    """Return what the terms of a group on one side are called, the first of them, what is printed
    of it where it stands there alone as it is, and whether nobody states one.
    """
    is_alone = (which.sum() == 1) & pl.col("coefficient_quantity").filter(which).is_null().all()
    return (
        pl.col("description").filter(which).sort().str.join("; ").alias(f"{side}_words"),
        pl.col("quantity").filter(which).first().alias(f"{side}_quantity"),
        pl.when(is_alone).then(pl.col("printed").filter(which).first()).alias(f"{side}_printed"),
        pl.col("is_integer").filter(which).first().alias(f"{side}_is_integer"),
        (which & (pl.col("role") == "unstated")).any().alias(f"{side}_unstated"),
    )


def labels_of_wholes(rules: Iterable[Placed], indicators: pl.DataFrame) -> pl.DataFrame:
    """Return the label of what the parts of each rule belong to: rule_id, whole_label."""
    wholes = [
        (placed.rule.id, placed.rule.whole.indicator)
        for placed in rules
        if isinstance(placed.rule, PartsOf)
    ]
    named = pl.DataFrame(wholes, {"rule_id": pl.String, "code": pl.String}, orient="row")
    return named.join(indicators.select("code", whole_label="label"), on="code").drop("code")


def _sentence(kind: str, fields: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the sentence of a group of a kind."""
    template = _SENTENCES[kind]
    said = pl.format(_NAME.sub("{}", template), *(fields[name] for name in _NAME.findall(template)))
    if kind != "multi_response":
        return said
    # one part in its whole, which leaves no slack
    return pl.when("has_slack").then(said).otherwise(_sentence("subset", fields))


def _fields() -> dict[str, pl.Expr]:
    """Return what the names in `_SENTENCES` stand for."""
    said = {
        name: pl.coalesce(f"{name}_printed", ends(f"{name}_"))
        for name in ("plus", "minus", "share", "timed")
    }
    columns = (
        "plus_words",
        "minus_words",
        "plus_quantity",
        "minus_quantity",
        "whole_label",
        "copied",
    )
    return {
        **said,
        **{name: pl.col(name) for name in columns},
        **{name: _unstated(name) for name in ("unstated", "plus_unstated", "minus_unstated")},
        "years": interval(pl.col("years_lower"), pl.col("years_upper")),
        "parts": _counted("part sums", "parts sum"),
        "groups": _counted("named group holds", "named groups hold"),
        "shares": _counted("share sums", "shares sum"),
        "overlapping": _counted("has", "have"),
        "rest": _rest(),
        "share_left": _share_of_whole(),
        "overlap": _overlap(ends("plus_")),
        "earlier": _earlier(),
        "known": pl.coalesce(
            "unstated_words", pl.format("stated: {}", pl.coalesce("from_printed", ends("from_")))
        ),
        "passed": _passed(),
        "counted": _in_wholes(ends("plus_")),
        "minus_said": pl.when("minus_unstated")
        .then(pl.format("nobody states {}", "minus_words"))
        .otherwise(pl.format("{}: {}", "minus_words", said["minus"])),
    }


def _unstated(name: str) -> pl.Expr:
    """Return that nobody states a quantity, where that is so."""
    return pl.when(name).then(pl.lit(", which nobody states")).otherwise(pl.lit(""))


def _in_wholes(computed: pl.Expr) -> pl.Expr:
    """Return the interval of a share of something, in whole numbers where it is counted in these
    and some lie in it; else as it was computed.
    """
    lower, upper = pl.col("plus_lower"), pl.col("plus_upper")
    lower = pl.when("plus_lower_closed").then(lower.ceil()).otherwise(lower.floor() + 1)
    upper = pl.when("plus_upper_closed").then(upper.floor()).otherwise(upper.ceil() - 1)
    is_whole = pl.col("minus_is_integer") & (lower <= upper).fill_null(value=True)
    return pl.when(is_whole).then(interval(lower, upper)).otherwise(computed)


def _passed() -> pl.Expr:
    """Return the years from one day to another."""
    return interval(
        years(pl.col("to_lower") - pl.col("from_upper")),
        -years(pl.col("from_lower") - pl.col("to_upper")),
    )


def _rest() -> pl.Expr:
    """Return what parts leave of their whole, nothing at least."""
    return interval(
        *(pl.max_horizontal(-pl.col(f"imbalance_{side}"), 0) for side in ("upper", "lower")),
        *(
            ~pl.col(f"{side}_closed") & (pl.col(f"imbalance_{side}") < 0)
            for side in ("upper", "lower")
        ),
    )


def _counted(one: str, several: str) -> pl.Expr:
    """Return how many terms are added, with the words for one and for several."""
    count = pl.col("plus_terms")
    return pl.concat_str(
        count, pl.when(count == 1).then(pl.lit(f" {one}")).otherwise(pl.lit(f" {several}"))
    )


def _share_of_whole() -> pl.Expr:
    """Return " (40.7 %)" where remainder and whole are exact, else nothing."""
    exact = (pl.col("imbalance_lower") == pl.col("imbalance_upper")) & (
        pl.col("minus_lower") == pl.col("minus_upper")
    )
    whole = pl.col("minus_lower").cast(pl.Int64)
    share = (-pl.col("imbalance_lower").cast(pl.Int64) * 1000 + whole // 2) // whole
    return (
        pl.when(exact & (whole > 0) & (pl.col("imbalance_lower") <= 0))
        .then(pl.format(" ({} %)", tenths(share)))
        .otherwise(pl.lit(""))
    )


def _overlap(mentions: pl.Expr) -> pl.Expr:
    """Return the mentions per 100, or how many must be counted twice.

    k overlapping shares that sum to s, all of w percent, have (s - w) / (k - 1) percent in two,
    here rounded down.
    """
    over = pl.max_horizontal(pl.col("imbalance_lower") * TENTHS, 0)
    share = over.cast(pl.Int64) // (pl.col("plus_terms").cast(pl.Int64) - 1)
    in_two = pl.format(
        "{} mentions per 100, so at least {} percent are in two or more", mentions, tenths(share)
    )
    return (
        pl.when((pl.col("minus_lower") > 0) & (share > 0))
        .then(in_two)
        .otherwise(pl.format("{} mentions per 100", mentions))
    )


def _earlier() -> pl.Expr:
    """Return what a stock was before growth: the later one less what was added, a sum of years of 0
    or more.
    """
    sides = (("lower", "upper", pl.max_horizontal), ("upper", "lower", pl.min_horizontal))
    limits = (
        pl.col(f"plus_{end}")
        - pick(
            pl.col(f"timed_{other}") * pl.col(length) for length in ("years_lower", "years_upper")
        )
        for end, other, pick in sides
    )
    return interval(
        *limits,
        *(
            ~(pl.col(f"plus_{end}_closed") & pl.col(f"timed_{other}_closed"))
            for end, other, _ in sides
        ),
    )
