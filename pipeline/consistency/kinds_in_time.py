"""What the kinds of rules that reckon with time mean: growth, elapsed, order.

Belongs here: terms of days, and of years times a yearly flow. Does not belong here: any other kind (kinds).
"""

from decimal import Decimal

import polars as pl

from pipeline.consistency.quantities import QUANTITY, TERM, Facts, joined, term, with_variable
from pipeline.consistency.rules import PUBLISHED
from schemas.columns import COEFFICIENT
from schemas.rules import Elapsed, Order

YEAR = 3_652_425
"""Ten-thousandths of a day in a year of the Gregorian calendar."""

DAYS_A_YEAR = Decimal("365.2425")


def years(days: pl.Expr, *, up: bool) -> pl.Expr:
    """Return days as years of 365.2425 days, rounded outward to hundredths: down, or up."""
    hundredths = (days.cast(pl.Int64) * 1_000_000 + (YEAR - 1 if up else 0)) // YEAR
    return hundredths.cast(pl.Decimal(20, 2)) * pl.lit(Decimal("0.01"))


def growth(facts: Facts, stock: str, flow: str, *, gross: bool) -> pl.DataFrame:
    """Return the terms of later stock - earlier stock - years x flow, for each flow that goes on until a stock is stated."""
    op = "le" if gross else "eq"
    place = ["source_id", "area", "category"]
    days = facts.observations.select("fact_id", "start_earliest", "start_latest", "end_latest")
    stocks = facts.stated().filter(pl.col("indicator") == stock).join(days, on="fact_id", maintain_order="left")
    flows = facts.stated().filter(pl.col("indicator") == flow).join(days, on="fact_id", maintain_order="left")
    going_on = flows.filter(pl.col("end_latest").is_null()).select(
        *place, since="start_earliest", until="start_latest", flow="fact_id", began=pl.col("period").str.split("/").list.first()
    )
    later = stocks.select(*place, "indicator", "start_earliest", "start_latest", later="fact_id")
    pairs = going_on.join(later, on=place, nulls_equal=True, maintain_order="left")
    pairs = pairs.filter(pl.col("until") < pl.col("start_earliest")).with_columns(
        period="began", group_id=joined("flow", "later")
    )
    pairs = with_variable(pairs, facts).with_columns(
        most=years((pl.col("start_latest") - pl.col("since")).dt.total_days(), up=True),
        least=years((pl.col("start_earliest") - pl.col("until")).dt.total_days(), up=False),
    )
    added = term(pairs.drop(QUANTITY), op, "flow", 0).with_columns(
        coefficient_lower=(-pairs["most"]).cast(COEFFICIENT), coefficient_upper=(-pairs["least"]).cast(COEFFICIENT)
    )
    return pl.concat([term(pairs.drop(QUANTITY), op, "later", 1), term(pairs, op, "variable", -1), added], how="diagonal")


def elapsed(rule: Elapsed, source_id: str, facts: Facts) -> pl.DataFrame:
    """Return the terms of to - from - 365.2425 x duration - rest, in days, equal to 0.

    Years printed as a whole number are those completed: the rest is up to a year, and a hundredth of one less than nothing,
    since no calendar year has 365.2425 days.
    """
    instants = facts.dated().filter(pl.col("start_latest").is_not_null()).select(name=pl.col("fact_id"))["name"].to_list()
    instants += [f"{name}/{PUBLISHED}" for name in facts.sources["source_id"]]
    start, end = (f"{source_id}/{name}" for name in (rule.from_, rule.to))
    duration = facts.observations.filter(fact_id=f"{source_id}/{rule.duration}").join(
        facts.indicators.select("whole", indicator="code"), on="indicator"
    )
    if start not in instants or end not in instants or duration.is_empty():
        return pl.DataFrame(schema={"source_id": pl.String})
    to = f"{source_id}#{PUBLISHED}" if rule.to == PUBLISHED else f"{end}#start"
    hundredth = (DAYS_A_YEAR * Decimal("0.01")).quantize(Decimal("0.000001"))
    most = DAYS_A_YEAR if duration["whole"].item() else hundredth
    terms: dict[str, list[object]] = {
        "variable": [to, f"{start}#start", duration["fact_id"].item(), None],
        "coefficient_lower": [Decimal(1), Decimal(-1), -DAYS_A_YEAR, -most],
        "coefficient_upper": [Decimal(1), Decimal(-1), -DAYS_A_YEAR, hundredth],
    }
    shape = {name: TERM[name] for name in terms}
    return pl.DataFrame(terms, schema=shape).with_columns(
        source_id=pl.lit(source_id), group_id=pl.lit(f"{start} {end}"), op=pl.lit("eq")
    )


def order(rule: Order, source_id: str | None, facts: Facts) -> pl.DataFrame:
    """Return the terms of earlier - later for each pair that follows: neighbours of a sequence, or two ends of each fact."""
    dated = facts.dated()
    if rule.sequence is not None:
        names = [f"{source_id}/{name}" for name in rule.sequence]
        pairs = pl.DataFrame({"one": names[:-1], "next": names[1:]}).select(
            pl.lit(source_id).alias("source_id"), joined("one", "next").alias("group_id"), "one", "next"
        )
        ends = dated.select("fact_id").to_series()
        pairs = pairs.filter(pl.col("one").is_in(ends.implode()) & pl.col("next").is_in(ends.implode()))
        pairs = pairs.with_columns(first=pl.col("one") + "#start", second=pl.col("next") + "#start")
    else:
        first, second = rule.each or ("start", "end")
        is_span = pl.col("period").str.contains("/", literal=True)
        known = dated.filter(pl.col(f"{first}_latest").is_not_null() & (is_span | (second == PUBLISHED)))
        known = known.filter(pl.col("end_latest").is_not_null() | (second == PUBLISHED))
        later = joined("source_id" if second == PUBLISHED else "fact_id") + f"#{second}"
        earlier = pl.when(is_span).then(pl.col("fact_id") + f"#{first}").otherwise(pl.col("fact_id") + "#start")
        pairs = known.select("source_id", group_id="fact_id", first=earlier, second=later)
    return pl.concat([term(pairs, "le", "first", 1), term(pairs, "le", "second", -1)])
