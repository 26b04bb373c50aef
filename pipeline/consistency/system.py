"""From rules and facts to one linear system: variables, groups, and the terms of each group.

Belongs here: what each kind of rule means, as coefficients of quantities compared with 0. Does not belong here: whether a
group holds (evaluate), and what that says to a person (explain).

Each kind gives a frame of terms: rule_id, source_id, group_id, variable (null: the constant 1), coefficient_lower,
coefficient_upper; a quantity that a rule needs and nobody states is given a variable of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files

import polars as pl

from pipeline.consistency.rules import PUBLISHED, Placed
from pipeline.defects import Defect
from pipeline.query import query
from schemas.columns import AMOUNT
from schemas.rules import Elapsed, Growth, MultiResponse, Order, PartsOf, SharesPartial, Subset
from schemas.tables import TABLES

YEAR = 3_652_425
"""Ten-thousandths of a day in a year of the Gregorian calendar."""

_VARIABLES = (files("pipeline.consistency") / "variables.sql").read_text(encoding="utf-8")
_TERM: dict[str, pl.DataType] = {
    "rule_id": pl.String(),
    "source_id": pl.String(),
    "group_id": pl.String(),
    "variable": pl.String(),
    "coefficient_lower": AMOUNT,
    "coefficient_upper": AMOUNT,
}
_OPS = {"growth": "eq", "elapsed": "eq"}


@dataclass(frozen=True)
class Facts:
    """The tables that rules speak of, as published."""

    sources: pl.DataFrame
    indicators: pl.DataFrame
    areas: pl.DataFrame
    categories: pl.DataFrame
    observations: pl.DataFrame
    events: pl.DataFrame
    statements: pl.DataFrame

    def dated(self) -> pl.DataFrame:
        """Return the facts that have a period of their own: events, and what else is not about the day of publication."""
        names = ["fact_id", "source_id", "period", "start_earliest", "start_latest", "end_earliest", "end_latest"]
        other = pl.concat([self.observations.select(names), self.statements.select(names)])
        own = other.join(self.sources.select("source_id", period="published"), on=["source_id", "period"], how="anti")
        return pl.concat([self.events.select(names), own]).sort("fact_id")


@dataclass(frozen=True)
class System:
    """The linear system, in the tables of that name."""

    variables: pl.DataFrame
    rule_groups: pl.DataFrame
    rule_terms: pl.DataFrame


def build_system(rules: list[Placed], facts: Facts) -> tuple[System, list[Defect]]:
    """Return the system that the rules make of the facts, and a defect for each rule that applies to nothing."""
    variables = stated_variables(facts)
    frames = [pl.DataFrame(schema=_TERM)]
    defects = []
    for placed in rules:
        terms = pl.DataFrame(_terms(placed, facts), schema=_TERM)
        if terms.is_empty():
            defects.append(
                placed.defect("id", "idle_rule", placed.rule.id, "a rule that applies to some facts; this one finds none")
            )
        frames.append(terms)
    terms = pl.concat(frames)
    variables = pl.concat([variables, _unstated(terms, variables)]).sort("variable")
    ops = {placed.rule.id: _OPS.get(placed.rule.kind, "le") for placed in rules}
    groups = terms.select("rule_id", "group_id", "source_id").unique()
    groups = groups.with_columns(op=pl.col("rule_id").replace_strict(ops, return_dtype=pl.String)).sort("rule_id", "group_id")
    ordered = terms.select(list(TABLES["rule_terms"].columns)).sort("rule_id", "group_id", "variable", nulls_last=True)
    return System(variables, groups, ordered), defects


def stated_variables(facts: Facts) -> pl.DataFrame:
    """Return the variables that facts state."""
    tables = {name: getattr(facts, name) for name in ("sources", "indicators", "areas", "categories", "observations")}
    return query(_VARIABLES, dated=facts.dated(), **tables)


def _unstated(terms: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """Return the variables that terms name and no fact states: stocks, at least 0."""
    new = terms.filter(pl.col("variable").is_not_null()).join(stated, on="variable", how="anti").unique("variable")
    return new.select(
        "variable",
        "source_id",
        pl.lit(None, pl.String).alias("fact_id"),
        pl.lit("value").alias("part"),
        pl.lit("unstated").alias("role"),
        pl.lit(Decimal(0)).cast(AMOUNT).alias("lower_bound"),
        pl.lit(value=True).alias("lower_closed"),
        pl.lit(None, AMOUNT).alias("upper_bound"),
        pl.lit(value=False).alias("upper_closed"),
        pl.lit(value=True).alias("is_integer"),
        pl.col("variable").alias("description"),
    )


def _terms(placed: Placed, facts: Facts) -> pl.DataFrame:
    rule = placed.rule
    match rule:
        case Subset(part=part, whole=whole):
            terms = _parts_and_whole(facts, part.indicator, part.over, whole.indicator)
        case PartsOf(parts=parts, whole=whole):
            terms = _parts_and_whole(facts, parts.indicator, parts.over, whole.indicator)
        case SharesPartial(shares=shares):
            terms = _with_constant(_operand(facts, shares.indicator, shares.over, 1), lambda _: pl.lit(-100))
        case MultiResponse(shares=shares):
            terms = _with_constant(_operand(facts, shares.indicator, shares.over, 1), lambda count: count * -100)
        case Growth(stock=stock, flow=flow):
            terms = _growth(facts, stock.indicator, flow.indicator)
        case Elapsed():
            terms = pl.DataFrame(_elapsed(rule, str(placed.source_id), facts), schema=_TERM, orient="row")
        case Order():
            terms = _order(rule, placed.source_id, facts)
    if placed.source_id is not None:
        terms = terms.filter(pl.col("source_id") == placed.source_id)
    return terms.select(
        pl.lit(rule.id).alias("rule_id"),
        *(pl.col(name).cast(dtype) for name, dtype in _TERM.items() if name != "rule_id"),
    )


def _operand(facts: Facts, indicator: str, over: str | None, coefficient: int) -> pl.DataFrame:
    """Return a term for each observation of an indicator; with `over`, those of its parts, grouped by what holds them."""
    rows = facts.observations.filter(pl.col("indicator") == indicator)
    area, category = pl.col("area"), pl.col("category").fill_null("")
    if over == "area":
        parents = facts.areas.select(area="code", parent="parent")
        rows = rows.join(parents, on="area").filter(pl.col("parent").is_not_null())
        area = pl.col("parent")
    if over == "category":
        top = facts.categories.filter(pl.col("parent").is_null())["code"]
        rows = rows.filter(pl.col("category").is_in(top.implode()))
        category = pl.lit("")
    group = pl.concat_str("source_id", area, category, "period", separator=" ").str.replace_all("  ", " ", literal=True)
    return rows.select(
        "source_id",
        group.alias("group_id"),
        pl.col("fact_id").alias("variable"),
        coefficient_lower=coefficient,
        coefficient_upper=coefficient,
    )


def _parts_and_whole(facts: Facts, part: str, over: str | None, whole: str) -> pl.DataFrame:
    """Return the terms of part - whole for each group that has a part; a whole that nobody states gets a variable."""
    parts = _operand(facts, part, over, 1)
    wholes = _operand(facts, whole, None, -1)
    groups = parts.select("source_id", "group_id").unique()
    stated = groups.join(wholes.drop("source_id"), on="group_id", how="left", maintain_order="left")
    named = pl.coalesce("variable", pl.concat_str(pl.lit(whole), "group_id", separator=" "))
    return pl.concat([parts, stated.with_columns(named, coefficient_lower=-1, coefficient_upper=-1).select(parts.columns)])


def _with_constant(shares: pl.DataFrame, constant: Callable[[pl.Expr], pl.Expr]) -> pl.DataFrame:
    counted = shares.group_by("source_id", "group_id", maintain_order=True).agg(
        constant(pl.len().cast(pl.Int32)).alias("coefficient_lower")
    )
    constants = counted.with_columns(variable=pl.lit(None, pl.String), coefficient_upper=pl.col("coefficient_lower"))
    return pl.concat([shares, constants.select(shares.columns)])


def _years(days: pl.Expr, *, up: bool) -> pl.Expr:
    """Return days as years of 365.2425 days, rounded outward to hundredths: down, or up."""
    hundredths = (days.cast(pl.Int64) * 1_000_000 + (YEAR - 1 if up else 0)) // YEAR
    return hundredths.cast(pl.Decimal(20, 2)) / pl.lit(Decimal(100))


def _growth(facts: Facts, stock: str, flow: str) -> pl.DataFrame:
    """Return the terms of later stock - earlier stock - years x flow, for each flow that goes on until a stock is stated."""
    place = ["source_id", "area", "category"]
    stocks = facts.observations.filter(pl.col("indicator") == stock)
    flows = facts.observations.filter((pl.col("indicator") == flow) & pl.col("end_latest").is_null())
    later = stocks.select(*place, "start_earliest", "start_latest", later="fact_id")
    pairs = flows.select(*place, "period", since="start_earliest", until="start_latest", flow="fact_id").join(
        later, on=place, nulls_equal=True
    )
    pairs = pairs.filter(pl.col("until") < pl.col("start_earliest"))
    began = pl.col("period").str.split("/").list.first()
    earlier = stocks.select(*place, began="period", earlier="fact_id")
    pairs = pairs.with_columns(began=began).join(earlier, on=[*place, "began"], how="left", nulls_equal=True)
    name = pl.concat_str(pl.lit(stock), "source_id", "area", pl.col("category").fill_null(""), "began", separator=" ")
    pairs = pairs.with_columns(
        earlier=pl.coalesce("earlier", name.str.replace_all("  ", " ", literal=True)),
        group_id=pl.concat_str("flow", "later", separator=" "),
        most=_years((pl.col("start_latest") - pl.col("since")).dt.total_days(), up=True),
        least=_years((pl.col("start_earliest") - pl.col("until")).dt.total_days(), up=False),
    )
    one = pl.lit(Decimal(1))
    parts = (
        (pl.col("later"), one, one),
        (pl.col("earlier"), -one, -one),
        (pl.col("flow"), -pl.col("most"), -pl.col("least")),
    )
    return pl.concat(
        pairs.select(
            "source_id",
            "group_id",
            variable=variable,
            coefficient_lower=lower.cast(AMOUNT),
            coefficient_upper=upper.cast(AMOUNT),
        )
        for variable, lower, upper in parts
    )


def _elapsed(rule: Elapsed, source_id: str, facts: Facts) -> Iterator[tuple[object, ...]]:
    """Yield the terms of years - duration, the years as a constant that is not known exactly."""
    instants = {
        fact_id: tuple(days) for fact_id, *days in facts.dated().select("fact_id", "start_earliest", "start_latest").iter_rows()
    }
    for name, *days in facts.sources.select("source_id", "published_earliest", "published_latest").iter_rows():
        instants[f"{name}/{PUBLISHED}"] = tuple(days)
    start, end = (instants.get(f"{source_id}/{name}") for name in (rule.from_, rule.to))
    if start is None or end is None or None in start or None in end:
        return
    passed = pl.DataFrame({"least": [(end[0] - start[1]).days], "most": [(end[1] - start[0]).days]})
    least, most = passed.select(_years(pl.col("least"), up=False), _years(pl.col("most"), up=True)).row(0)
    group = f"{source_id}/{rule.from_} {source_id}/{rule.to}"
    yield "", source_id, group, None, least, most
    yield "", source_id, group, f"{source_id}/{rule.duration}", Decimal(-1), Decimal(-1)


def _order(rule: Order, source_id: str | None, facts: Facts) -> pl.DataFrame:
    """Return the terms of earlier - later for each pair that follows: neighbours of a sequence, or two ends of each fact."""
    dated = facts.dated()
    if rule.sequence is not None:
        names = [f"{source_id}/{name}" for name in rule.sequence]
        pairs = pl.DataFrame({"first": names[:-1], "second": names[1:]}).select(
            pl.lit(source_id).alias("source_id"),
            pl.concat_str("first", "second", separator=" ").alias("group_id"),
            pl.col("first") + "#start",
            pl.col("second") + "#start",
        )
    else:
        first, second = rule.each or ("start", "end")
        later = pl.concat_str("source_id" if second == PUBLISHED else "fact_id", pl.lit(f"#{second}"))
        known = dated.filter(
            pl.col(f"{first}_latest").is_not_null() & (pl.col("end_latest").is_not_null() | (second == PUBLISHED))
        )
        known = known.filter(pl.col("period").str.contains("/", literal=True) | (second == PUBLISHED))
        pairs = known.select(
            "source_id",
            pl.col("fact_id").alias("group_id"),
            (pl.col("fact_id") + f"#{first}").alias("first"),
            later.alias("second"),
        )
    sides = (("first", 1), ("second", -1))
    return pl.concat(
        pairs.select("source_id", "group_id", pl.col(side).alias("variable"), coefficient_lower=sign, coefficient_upper=sign)
        for side, sign in sides
    )
