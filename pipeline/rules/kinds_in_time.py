"""What the kinds of rules that reckon with time mean: growth, elapsed, order.

Belongs here: terms of days, and of years times a yearly flow. Does not belong here: any other kind
(kinds).
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

import polars as pl

from pipeline.rules.quantities import QUANTITY, Facts, joined, term, with_variable
from pipeline.rules.rules_file import PUBLISHED
from schemas.columns import COEFFICIENT
from schemas.rules import Elapsed, Order

YEAR = 3_652_425
"""Ten-thousandths of a day in a year of the Gregorian calendar."""

DAYS_A_YEAR = Decimal("365.2425")

_PLACE = ["source_id", "area", "category"]
"""Of what stocks and flows are compared."""

_LATER = pl.col("until") < pl.col("start_earliest")
"""Whether a stock is later than another whatever their days are, or than where a flow began."""


def years(days: pl.Expr) -> pl.Expr:
    """Return days as years of 365.2425 days, rounded down to hundredths; less than no days are
    rounded away from 0.
    """
    hundredths = days.cast(pl.Int64) * 1_000_000 // YEAR
    return hundredths.cast(pl.Decimal(20, 2)) * pl.lit(Decimal("0.01"))


def growth(facts: Facts, stock: str, flow: str, *, gross: bool) -> pl.DataFrame:
    """Return the terms of later stock - earlier stock - years x flow.

    A flow that goes on has such terms for each stock stated later. From one stock to the next,
    before any flow began that goes on, it is an average that nobody needs to state.
    """
    stocks, flows = (_with_days(facts, one) for one in (stock, flow))
    going_on = flows.filter(pl.col("end_latest").is_null()).select(
        *_PLACE,
        since="start_earliest",
        until="start_latest",
        flow="fact_id",
        began=pl.col("period").str.split("/").list.first(),
    )
    later = stocks.select(*_PLACE, "indicator", "start_earliest", "start_latest", later="fact_id")
    pairs = going_on.join(later, on=_PLACE, nulls_equal=True, maintain_order="left")
    pairs = pairs.filter(_LATER)
    pairs = with_variable(pairs.with_columns(period="began"), facts).rename({"quantity": "earlier"})
    steps = _steps(stocks, pairs, going_on)
    average = steps.with_columns(
        indicator=pl.lit(flow), period=pl.concat_str("period", "next", separator="/")
    )
    average = with_variable(average, facts).rename({"quantity": "flow"})
    op = "le" if gross else "eq"
    return pl.concat([_grown(pairs, op, "earlier"), _grown(average, op, "flow")], how="diagonal")


def _with_days(facts: Facts, indicator: str) -> pl.DataFrame:
    """Return what is stated of an indicator, with the days between which it begins and ends."""
    return facts.stated_of(indicator).join(
        facts.observations.select("fact_id", "start_earliest", "start_latest", "end_latest"),
        on="fact_id",
        maintain_order="left",
    )


def _steps(stocks: pl.DataFrame, pairs: pl.DataFrame, going_on: pl.DataFrame) -> pl.DataFrame:
    """Return each stock, stated or needed by `pairs`, with the next of its place, as far as no flow
    had begun that goes on.
    """
    known = pl.concat(
        [
            stocks.select(
                *_PLACE, "period", earlier="fact_id", since="start_earliest", until="start_latest"
            ),
            pairs.select(*_PLACE, "period", "earlier", "since", "until"),
        ]
    )
    known = (
        known.filter(~pl.col("period").str.contains("/", literal=True))
        .unique(["source_id", "earlier"])
        .sort("since", "earlier")
    )
    following = {
        "start_earliest": "since",
        "start_latest": "until",
        "later": "earlier",
        "next": "period",
    }
    steps = known.with_columns(
        pl.col(of).shift(-1).over(_PLACE).alias(name) for name, of in following.items()
    )
    steps = steps.join(
        going_on.group_by(_PLACE).agg(first=pl.col("since").min()),
        on=_PLACE,
        how="left",
        nulls_equal=True,
    )
    before = (pl.col("start_earliest") <= pl.col("first")).fill_null(value=True)
    return steps.filter(_LATER, before)


def _grown(pairs: pl.DataFrame, op: str, about: str) -> pl.DataFrame:
    """Return the terms of pairs of stocks of which one is later; the quantity of each row is that
    of its column `about`.
    """
    rows = pairs.with_columns(
        group_id=joined("flow" if about == "earlier" else "earlier", "later"),
        most=years((pl.col("since") - pl.col("start_latest")).dt.total_days()).cast(COEFFICIENT),
        least=-years((pl.col("start_earliest") - pl.col("until")).dt.total_days()).cast(
            COEFFICIENT
        ),
    )
    sizes = {"coefficient_lower": pl.col("most"), "coefficient_upper": pl.col("least")}
    return pl.concat(
        [
            term(rows if name == about else rows.drop(QUANTITY, strict=False), op, name, size, **of)
            for name, size, of in (("later", 1, {}), ("earlier", -1, {}), ("flow", 0, sizes))
        ],
        how="diagonal",
    )


def elapsed(rules: Iterable[tuple[str, Elapsed]], facts: Facts) -> pl.DataFrame:
    """Return the terms of to - from - 365.2425 x duration - rest, in days, equal to 0, with
    rule_id; of rules with their source.

    Years printed as a whole number are those completed: the rest is up to a year, and a hundredth
    of one less than nothing, since no calendar year has 365.2425 days.
    """
    rows = [
        (rule.id, source, *(f"{source}/{name}" for name in (rule.from_, rule.to, rule.duration)))
        for source, rule in rules
    ]
    named = pl.DataFrame(
        rows,
        dict.fromkeys(["rule_id", "source_id", "from", "to", "duration"], pl.String),
        orient="row",
    )
    known = _with_instants(named, facts)
    sides = [
        term(known, "eq", name, size, rule_id=pl.col("rule_id"))
        for name, size in (("end", Decimal(1)), ("start", Decimal(-1)), ("duration", -DAYS_A_YEAR))
    ]
    return pl.concat([*sides, _rest_of_a_year(known)])


def _with_instants(named: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return the rules whose facts are known, with the quantities of both instants, and whether the
    duration is whole.
    """
    published = pl.concat_str("source_id", pl.lit(f"/{PUBLISHED}"))
    dated = facts.dated.filter(pl.col("start_latest").is_not_null()).select(name="fact_id")
    instants = pl.concat([dated, facts.sources.select(name=published)])
    for name in ("from", "to"):
        named = named.join(instants, left_on=name, right_on="name", how="semi")
    wholes = facts.observations.join(
        facts.indicators.select("whole", indicator="code"), on="indicator"
    )
    return named.join(wholes.select("whole", duration="fact_id"), on="duration").with_columns(
        group_id=joined("from", "to"),
        start=pl.col("from") + "#start",
        end=pl.when(pl.col("to") == published)
        .then(pl.col("source_id") + f"#{PUBLISHED}")
        .otherwise(pl.col("to") + "#start"),
    )


def _rest_of_a_year(known: pl.DataFrame) -> pl.DataFrame:
    """Return the term of what is beyond a duration, by whether it is a whole number: "whole"."""
    hundredth = DAYS_A_YEAR * Decimal("0.01")
    most = pl.when("whole").then(-DAYS_A_YEAR).otherwise(-hundredth).cast(COEFFICIENT)
    return term(
        known,
        "eq",
        None,
        0,
        rule_id=pl.col("rule_id"),
        coefficient_lower=most,
        coefficient_upper=pl.lit(hundredth, COEFFICIENT),
    )


def sequences(rules: Iterable[tuple[str, Order]], facts: Facts) -> pl.DataFrame:
    """Return the terms of earlier - later for neighbours of sequences, with rule_id; of rules with
    their source.
    """
    rows = [
        (rule.id, source, f"{source}/{one}", f"{source}/{after}")
        for source, rule in rules
        for one, after in pairwise(rule.sequence or ())
    ]
    pairs = pl.DataFrame(
        rows, dict.fromkeys(["rule_id", "source_id", "one", "next"], pl.String), orient="row"
    )
    for name in ("one", "next"):
        pairs = pairs.join(facts.dated, left_on=name, right_on="fact_id", how="semi")
    pairs = pairs.with_columns(pl.col("one", "next") + "#start", group_id=joined("one", "next"))
    return pl.concat(
        term(pairs, "le", name, size, rule_id=pl.col("rule_id"))
        for name, size in (("one", 1), ("next", -1))
    )


def order(rule: Order, facts: Facts) -> pl.DataFrame:
    """Return the terms of earlier - later for two ends of each fact."""
    first, second = rule.each or ("start", "end")
    published = second == PUBLISHED
    is_span = pl.col("period").str.contains("/", literal=True)
    # a single day that is not stated has been by the day of publication; what is a start or an end
    # needs to be known
    is_known = pl.col(f"{first}_latest").is_not_null() | (~is_span & published)
    known = facts.dated.filter(is_known & (is_span | published))
    known = known.filter(pl.col("end_latest").is_not_null() | published)
    later = joined("source_id" if published else "fact_id") + f"#{second}"
    earlier = (
        pl.when(is_span)
        .then(pl.col("fact_id") + f"#{first}")
        .otherwise(pl.col("fact_id") + "#start")
    )
    pairs = known.select("source_id", group_id="fact_id", first=earlier, second=later)
    return pl.concat([term(pairs, "le", "first", 1), term(pairs, "le", "second", -1)])
