"""What each linear kind of rule means: terms of quantities whose sum is compared with 0.

Belongs here: from a rule and the facts to terms. Does not belong here: which rules there are
(rules_file), what the terms of all rules make together (system), whether a group holds (evaluate),
and what that says to a person (sentences).

Each kind gives a frame of `TERM`. A quantity that a rule needs and nobody states gets a quantity
named after its indicator, area, category and period, the same in every rule; slack that a rule
defines (what is left of a whole) one of its own.
"""

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from pipeline.intervals.periods import in_force
from pipeline.rules.kinds_in_time import elapsed, growth, order, sequences
from pipeline.rules.quantities import (
    HUNDRED,
    QUANTITY,
    TERM,
    Facts,
    described,
    joined,
    shaped,
    term,
    with_variable,
)
from schemas.columns import AMOUNT, COEFFICIENT
from schemas.kinds import INDICATOR_KINDS
from schemas.rules import (
    AddsUp,
    Elapsed,
    Growth,
    Linear,
    MultiResponse,
    Order,
    Parts,
    PartsOf,
    SameQuantity,
    ShareOf,
    SharesComplete,
    SharesPartial,
    Subset,
)

_SHARE = INDICATOR_KINDS["share"]
_GROUP = ["source_id", "group_id", "period", "whole_area", "whole_category"]
"""What names the parts of one whole."""


def terms_of(
    rule: Linear, source_id: str | None, facts: Facts, unstated: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the terms that a rule makes of the facts, of one source where the rule is that
    source's own.

    `unstated` are the quantities that other rules need and nobody states; only same_quantity speaks
    of these.
    """
    terms = _terms(rule, facts, unstated if source_id is None else None)
    if source_id is not None:
        terms = terms.filter(pl.col("source_id") == source_id)
    return shaped(terms, TERM, rule_id=rule.id)


def terms_of_named(rules: Iterable[tuple[str, Elapsed | Order]], facts: Facts) -> pl.DataFrame:
    """Return the terms of all rules that name facts of their source, which comes with each; there
    may be a million.
    """
    lasting, ordered = [], []
    for source_id, rule in rules:
        if isinstance(rule, Elapsed):
            lasting.append((source_id, rule))
        else:
            ordered.append((source_id, rule))
    return pl.concat(
        [shaped(elapsed(lasting, facts), TERM), shaped(sequences(ordered, facts), TERM)]
    )


# a line a kind
def _terms(rule: Linear, facts: Facts, unstated: pl.DataFrame | None) -> pl.DataFrame:  # noqa: PLR0911
    match rule:
        case AddsUp(parts=parts, whole=whole) | PartsOf(parts=parts, whole=whole):
            return _parts_and_whole(
                facts, parts, whole.indicator, complete=isinstance(rule, AddsUp)
            )
        case Subset(part=part, whole=whole):
            return _subset(facts, part.indicator, whole.indicator)
        case ShareOf(shares=shares):
            return _share_of(facts, shares)
        case SharesComplete(shares=shares) | SharesPartial(shares=shares):
            return _parts_and_whole(facts, shares, None, complete=isinstance(rule, SharesComplete))
        case MultiResponse(shares=shares):
            return _overlapping(facts, shares)
        case Growth(stock=stock, flow=flow, gross=gross):
            return growth(facts, stock.indicator, flow.indicator, gross=gross)
        case Order():
            return order(rule, facts)
        case SameQuantity(quantity=quantity):
            return _same_quantity(facts, quantity.indicator if quantity else None, unstated)
        case Elapsed():
            raise TypeError(rule.id)  # it names facts: terms_of_named


def select_parts(facts: Facts, parts: Parts) -> pl.DataFrame:
    """Return the stated parts: source_id, the quantity, fact_id, and of what they are parts
    (group_id, whole_area, ...).
    """
    rows = facts.stated_of(parts.indicator)
    codes = _children(facts, parts)
    whole = {"whole_area": pl.col("area"), "whole_category": pl.col("category")} | {
        f"whole_{parts.over}": pl.col("parent")
    }
    rows = rows.join(
        codes, left_on=parts.over, right_on="code", maintain_order="left"
    ).with_columns(**whole)
    return rows.with_columns(group_id=joined("source_id", "whole_area", "whole_category", "period"))


def _children(facts: Facts, parts: Parts) -> pl.DataFrame:
    """Return the codes that are parts, each with its whole: code, parent (null: what has no
    category).
    """
    table = facts.areas if parts.over == "area" else facts.categories
    tree = facts.indicators.filter(code=parts.indicator)["category_tree"].to_list()
    if parts.over == "category":
        table = table.filter(pl.col("tree").is_in(tree))
    if parts.codes is not None:
        listed = table.filter(pl.col("code").is_in(parts.codes))
        named = (
            pl.lit(parts.of, pl.String)
            if parts.of or parts.over == "category"
            else pl.col("parent")
        )
        return listed.select("code", parent=named)
    children = table.select("code", "parent")
    if parts.of:
        return children.filter(pl.col("parent") == parts.of)
    return children if parts.over == "category" else children.drop_nulls("parent")


def _all_parts(facts: Facts, parts: Parts) -> pl.DataFrame:
    """Return the parts of each whole that has a stated part, with those that nobody states: as
    select_parts, and quantity.
    """
    stated = select_parts(facts, parts)
    whole = ["whole_area", "whole_category"]
    groups = stated.select("source_id", "group_id", *whole, "period", "indicator").unique(
        maintain_order=True
    )
    codes = _children(facts, parts).join(_codes_in_time(facts, parts), on="code")
    every = groups.join(facts.periods, on=["source_id", "period"], maintain_order="left")
    every = every.join(
        codes, left_on=f"whole_{parts.over}", right_on="parent", nulls_equal=True
    ).filter(in_force())
    every = _of_one_day(every, stated.select("group_id", code=parts.over, is_stated=True))
    place = {"area": pl.col("whole_area"), "category": pl.col("whole_category")} | {
        parts.over: pl.col("code")
    }
    return with_variable(every.with_columns(**place), facts)


def _of_one_day(codes: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """Return of the codes of each whole those of one division, where the division changes within
    the period.

    Those in force when it begins are the parts; where a code that begins later is stated, those in
    force when it ends. A whole with parts stated by both divisions has no parts that add up, and is
    left out: 2022 has 17 regions, or 20, never 37.
    """
    first = (pl.col("valid_from") <= pl.col("start_earliest")).fill_null(value=True)
    last = (pl.col("valid_to") > pl.col("end_latest")).fill_null(value=True)
    is_stated = pl.col("is_stated").fill_null(value=False)
    is_new, is_old = ((is_stated & ~is_there).any().over("group_id") for is_there in (first, last))
    known = codes.join(stated, on=["group_id", "code"], how="left", maintain_order="left")
    of_day = pl.when(is_new).then(last & ~is_old).otherwise(first)
    return known.filter(of_day).drop("is_stated")


def _codes_in_time(facts: Facts, parts: Parts) -> pl.DataFrame:
    """Return since and until when a code is in force, and for areas only those of the indicator's
    level.
    """
    if parts.over == "category":
        ever = pl.lit(None, pl.Date)
        return facts.categories.select("code", valid_from=ever, valid_to=ever)
    level = facts.indicators.filter(code=parts.indicator)["area_level"].drop_nulls().to_list()
    fitting = facts.areas.filter(pl.col("level").is_in(level)) if level else facts.areas
    return fitting.select("code", "valid_from", "valid_to")


def _parts_and_whole(
    facts: Facts, parts: Parts, whole: str | None, *, complete: bool
) -> pl.DataFrame:
    """Return the terms of parts (+ remainder) - whole = 0, for each whole that has a stated part.

    The whole of shares (None) is 100 percent, or the share of the category that holds them.
    """
    rows = (
        _all_parts(facts, parts)
        if complete
        else select_parts(facts, parts).with_columns(quantity="fact_id")
    )
    groups = rows.select(_GROUP).unique(maintain_order=True)
    named = groups.with_columns(
        indicator=pl.lit(whole), area="whole_area", category="whole_category"
    )
    of_whole = (
        term(with_variable(named, facts), "eq", "quantity", -1)
        if whole
        else _total(facts, parts, groups, "eq")
    )
    terms = [term(rows, "eq", "quantity", 1), of_whole]
    if not complete:
        words = pl.format(
            "{} in no named part, {}" if whole else "{} that is not named, {}",
            _label(facts, parts),
            "words",
        )
        is_whole = whole is not None and any(facts.indicators.filter(code=whole)["whole"])
        left = _slack(
            _with_words(groups, facts),
            f"remainder of {whole or parts.indicator}",
            words,
            upper=pl.lit(None if whole else HUNDRED),
            is_whole=is_whole,
        )
        terms.append(term(left, "eq", "quantity", 1))
    return pl.concat(terms, how="diagonal")


def _label(facts: Facts, parts: Parts) -> pl.Expr:
    return pl.lit("".join(facts.indicators.filter(code=parts.indicator)["label"].to_list()))


def _with_words(groups: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return groups with the place, category and period of each in `words`."""
    about = groups.with_columns(indicator=pl.lit(None, pl.String))
    return described(about.rename({"whole_area": "area", "whole_category": "category"}), facts)


def _slack(
    groups: pl.DataFrame, name: str, words: pl.Expr, *, upper: pl.Expr, is_whole: bool = False
) -> pl.DataFrame:
    """Return the slack that a rule defines, of each group a quantity of at least 0 and at most
    `upper`.
    """
    return groups.select(
        "source_id",
        "group_id",
        quantity=joined(pl.lit(name), "group_id"),
        remainder=words,
        remainder_upper=upper.cast(AMOUNT),
        remainder_is_integer=pl.lit(is_whole),
    )


def _subset(facts: Facts, part: str, whole: str) -> pl.DataFrame:
    rows = facts.stated_of(part)
    rows = rows.with_columns(
        group_id=joined("source_id", "area", "category", "period"), quantity="fact_id"
    )
    wholes = with_variable(
        rows.drop("fact_id", "quantity").with_columns(indicator=pl.lit(whole)), facts
    )
    return pl.concat([term(rows, "le", "quantity", 1), term(wholes, "le", "quantity", -1)])


def _share_of(facts: Facts, shares: Parts) -> pl.DataFrame:
    """Return the terms of share / 100 x base - count = 0, for each share: the base's indicator
    counts whole and part.

    The share of a category within another is of the base all the same. A base that is one category
    of an indicator has all of its parts in that category.
    """
    bounds = facts.observed(shares.indicator).select("fact_id", "lower", "upper")
    rows = (
        select_parts(facts, shares)
        .join(bounds, on="fact_id", maintain_order="left")
        .rename({"fact_id": "share"})
    )
    base, _, only = "".join(
        facts.indicators.filter(code=shares.indicator)["base"].drop_nulls()
    ).partition("/")
    rows = rows.with_columns(
        indicator=pl.lit(base), group_id=joined("source_id", "area", "category", "period")
    )
    of_all = pl.lit(only or None, pl.String)
    category = of_all if shares.over == "category" else pl.coalesce("whole_category", of_all)
    rows = rows.with_columns(category=pl.coalesce("category", of_all))
    whole = with_variable(rows.with_columns(area="whole_area", category=category), facts)
    hundredth = pl.lit(Decimal("0.01"))
    of_base = term(
        whole,
        "eq",
        "quantity",
        1,
        coefficient_quantity=pl.col("share"),
        coefficient_lower=(pl.col("lower").fill_null(_SHARE.least) * hundredth).cast(COEFFICIENT),
        coefficient_upper=(pl.col("upper").fill_null(_SHARE.most) * hundredth).cast(COEFFICIENT),
    )
    return pl.concat(
        [of_base, term(with_variable(rows, facts), "eq", "quantity", -1)], how="diagonal"
    )


def _total(facts: Facts, shares: Parts, groups: pl.DataFrame, op: str) -> pl.DataFrame:
    """Return the term of what exclusive shares sum to: 100 percent, or the share of the category
    that holds them.
    """
    top = groups.filter(pl.col("whole_category").is_null())
    below = groups.filter(pl.col("whole_category").is_not_null()).with_columns(
        area="whole_area", category="whole_category", indicator=pl.lit(shares.indicator)
    )
    return pl.concat(
        [term(top, op, None, -HUNDRED), term(with_variable(below, facts), op, "quantity", -1)],
        how="diagonal",
    )


def _overlapping(facts: Facts, shares: Parts) -> pl.DataFrame:
    """Return two groups of k overlapping shares: their sum is the mentions per 100; at most 100 +
    (k - 1) x those in two.

    A third for each share of a category within another: it is at most that one's.
    """
    rows = select_parts(facts, shares).with_columns(quantity="fact_id")
    groups = rows.group_by(_GROUP, maintain_order=True).agg(pl.len().cast(pl.Int32).alias("count"))
    per_100 = pl.format("mentions per 100 ({}), {}", _label(facts, shares), "words")
    sums = _slack(
        _with_words(groups, facts),
        f"mentions of {shares.indicator}",
        per_100,
        upper=pl.col("count") * HUNDRED,
    )
    of_sums = [term(rows, "eq", "quantity", 1), term(sums, "eq", "quantity", -1)]
    in_two = _in_two(facts, shares, rows, groups.filter(pl.col("count") > 1))
    return pl.concat([*of_sums, in_two, _in_its_whole(facts, shares, rows)], how="diagonal")


def _in_two(facts: Facts, shares: Parts, rows: pl.DataFrame, several: pl.DataFrame) -> pl.DataFrame:
    """Return the terms of the sum of k shares - what they are of - (k - 1) x those in two or more,
    at most 0.

    `several` are the wholes with more than one share, and their `count`.
    """
    words = pl.format("percent in two or more ({}), {}", _label(facts, shares), "words")
    shared = _slack(
        _with_words(several, facts), f"in two of {shares.indicator}", words, upper=pl.lit(HUNDRED)
    ).with_columns(several["count"])
    twice = rows.join(several.select("group_id"), on="group_id", how="semi", maintain_order="left")
    terms = [
        term(twice, "le", "quantity", 1),
        _total(facts, shares, several, "le"),
        term(shared, "le", "quantity", -(pl.col("count") - 1)),
    ]
    return pl.concat(terms, how="diagonal").with_columns(pl.col("group_id") + " in two or more")


def _in_its_whole(facts: Facts, shares: Parts, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the terms of each share of a category within another - that one's, at most 0."""
    below = rows.filter(pl.col("whole_category").is_not_null())
    below = below.with_columns(
        group_id=joined("source_id", "area", "category", "period") + " in its whole"
    )
    wholes = _total(facts, shares, below.drop("fact_id", "quantity"), "le")
    return pl.concat([term(below, "le", "quantity", 1), wholes], how="diagonal")


def _same_quantity(
    facts: Facts, indicator: str | None, unstated: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the terms of one statement - the next = 0, for the statements of each quantity in the
    order of their names.

    `unstated` are quantities that other rules need in a source that does not state them: quantity
    and the quantity. What another source states is then held against what follows from the first.
    """
    rows = facts.observations.select("source_id", *QUANTITY, quantity="fact_id")
    if unstated is not None:
        needed = unstated.join(rows, on=QUANTITY, how="semi", nulls_equal=True)
        rows = pl.concat(
            [rows, needed.select(pl.lit(None, pl.String).alias("source_id"), *QUANTITY, "quantity")]
        )
    if indicator:
        rows = rows.filter(pl.col("indicator") == indicator)
    again = rows.filter(
        pl.struct(QUANTITY).is_duplicated()
    )  # most are stated once, and order and neighbours take time
    rows = again.sort(pl.col("source_id").is_null(), "quantity").with_columns(
        next=pl.col("quantity").shift(-1).over(QUANTITY),
        later=pl.col("source_id").shift(-1).over(QUANTITY),
    )
    pairs = rows.drop_nulls("next").with_columns(
        source_id=pl.coalesce("source_id", "later"), group_id=joined("quantity", "next")
    )
    return pl.concat(
        [term(pairs, "eq", "quantity", 1), term(pairs.drop(QUANTITY), "eq", "next", -1)],
        how="diagonal",
    )
