"""The facts that rules speak of, how a quantity is named, and the shape of a rule's terms.

Belongs here: what every kind of rule builds on. Does not belong here: what a kind means (kinds,
kinds_in_time).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipeline.intervals.period_words import periods_in_words
from pipeline.rules.disjoint_sets import connected
from schemas.columns import AMOUNT, COEFFICIENT
from schemas.tables import empty

HUNDRED = 100

QUANTITY = ["indicator", "area", "category", "period"]
"""What names a quantity, whoever states it."""

REMAINDER: dict[str, pl.DataType] = {
    "remainder": pl.String(),
    "remainder_upper": AMOUNT,
    "remainder_is_integer": pl.Boolean(),
}
"""Of the slack that a rule defines: what it is, the most that it can be (null: no end), whether it
is a whole number.
"""

TERM: dict[str, pl.DataType] = {
    **empty("rule_groups").schema,
    **empty("rule_terms").schema,
    **dict.fromkeys(QUANTITY, pl.String()),
    **REMAINDER,
}
"""A term of a rule; the quantity is of one that nobody states."""


_HEDGES = {
    "gt": "more than ",
    "ge": "at least ",
    "lt": "less than ",
    "le": "at most ",
    "approx": "about ",
}

_NAMED_BY = 60
"""Characters of a text by which a sentence names it."""

RESULTS = {
    **{name: of for name, of in empty("check_results").schema.items() if name != "status"},
    "fact_ids": pl.String(),
}
"""The columns of check_results but for status, and the facts of a group, joined by a space."""

OF_RULES = [
    *(
        "fact_id",
        "source_id",
        *QUANTITY,
        "start_earliest",
        "start_latest",
        "end_earliest",
        "end_latest",
    ),
    *("original_value", "value", "decimals", "relator", "bound_basis", "quote_start"),
    *("lower", "upper", "lower_closed", "upper_closed", "attributed_to"),
]
"""The columns of observations that rules speak of; the others are evidence, and by the million most
of the table.
"""


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

    @cached_property
    def dated(self) -> pl.DataFrame:
        """Return the facts that have a period of their own: events, and what else is not about the
        day of publication; `what` says in words what each is.
        """
        names = [
            "fact_id",
            "source_id",
            "period",
            "start_earliest",
            "start_latest",
            "end_earliest",
            "end_latest",
        ]
        quoted = pl.format("“{}”", _beginning("what"))
        observed = described(self.observations, self).select(*names, what="about")
        said = self.statements.select(*names, what="quote").with_columns(what=quoted)
        other = pl.concat([observed, said])
        own = other.join(
            self.sources.select("source_id", period="published"),
            on=["source_id", "period"],
            how="anti",
        )
        happened = self.events.select(*names, what=quoted)
        return pl.concat([happened, own]).sort("fact_id")

    @cached_property
    def stated(self) -> pl.DataFrame:
        """Return one observation for each quantity that a source states: source_id, the quantity,
        fact_id.

        Where a source states a quantity twice, rules take the first; that both agree is
        same_quantity's to check.
        """
        rows = self.observations.select("source_id", *QUANTITY, "fact_id")
        return rows.sort("fact_id").unique(
            ["source_id", *QUANTITY], keep="first", maintain_order=True
        )

    @cached_property
    def periods(self) -> pl.DataFrame:
        """Return the periods that each source's observations have: source_id, period,
        start_earliest, end_latest.
        """
        return self.observations.select(
            "source_id", "period", "start_earliest", "end_latest"
        ).unique(["source_id", "period"])

    def observed(self, indicator: str) -> pl.DataFrame:
        """Return the observations of one indicator."""
        return self.observations.filter(indicator=indicator)

    def stated_of(self, indicator: str) -> pl.DataFrame:
        """Return what is stated of one indicator."""
        return self.stated.filter(indicator=indicator)


def first_said(facts: Facts, typed: pl.DataFrame) -> dict[str, str]:
    """Return, for each observation that only says again what another says, that one, by fact_id.

    Sources that go back to one say again the same bounds of the same quantity. Within a source,
    same_as of the rows as `typed` names the first of several indicators that one number is of.
    """
    rows = facts.observations.sort("fact_id").with_columns(
        origin=pl.col("source_id").replace(origins(facts.sources))
    )
    one = ("origin", *QUANTITY, "lower", "upper", "lower_closed", "upper_closed")
    again = rows.select("fact_id", first=pl.col("fact_id").first().over(one)).filter(
        pl.col("fact_id") != pl.col("first")
    )
    alike = typed.drop_nulls("same_as").select(
        pl.concat_str("source_id", name, separator="/").alias(name)
        for name in ("fact_id", "same_as")
    )
    leads: dict[str, str] = dict(again.iter_rows()) | dict(alike.iter_rows())
    return {fact: leads.get(leads[fact], leads[fact]) for fact in leads}


def term(
    rows: pl.DataFrame, op: str, quantity: str | None, coefficient: object, **more: pl.Expr
) -> pl.DataFrame:
    """Return one term for each row: its quantity's column (None: the constant 1) times a
    coefficient, the same at both ends.
    """
    named = pl.col(quantity) if quantity else pl.lit(None, pl.String)
    size = coefficient if isinstance(coefficient, pl.Expr) else pl.lit(coefficient)
    both = {
        "coefficient_lower": size.cast(COEFFICIENT),
        "coefficient_upper": size.cast(COEFFICIENT),
    }
    about = [name for name in (*QUANTITY, *REMAINDER) if name in rows.columns and quantity]
    return rows.select(
        "source_id", "group_id", *about, **{"op": pl.lit(op), "quantity": named, **both, **more}
    )


def shaped(
    rows: pl.DataFrame, shape: Mapping[str, pl.DataType | type[pl.DataType]], **given: object
) -> pl.DataFrame:
    """Return rows in a shape: what is given (an expression, or one value for all), else their own
    column, else nothing.
    """
    there = set(rows.columns)
    named = {name: pl.col(name) if name in there else pl.lit(None) for name in shape}
    named |= {name: one if isinstance(one, pl.Expr) else pl.lit(one) for name, one in given.items()}
    return rows.select(named[name].cast(dtype).alias(name) for name, dtype in shape.items())


def described(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return quantities with `about` (NGOs, women, Kazakhstan) and `words` for each (NGOs, women,
    Kazakhstan, October 2011).
    """
    labels = {"indicator": facts.indicators, "category": facts.categories, "area": facts.areas}
    for name, table in labels.items():
        known = table.select("code", pl.col("label").alias(f"{name}_label"))
        rows = rows.join(known, left_on=name, right_on="code", how="left", maintain_order="left")
    rows = rows.join(
        periods_in_words([rows["period"]]), on="period", how="left", maintain_order="left"
    )
    about = pl.concat_str(*(f"{name}_label" for name in labels), separator=", ", ignore_nulls=True)
    words = pl.concat_str(about, "period_words", separator=", ", ignore_nulls=True)
    return rows.with_columns(about=about, words=words)


def _beginning(name: str) -> pl.Expr:
    """Return the first words of a text, so many that a sentence can name it by them."""
    text = pl.col(name).str.strip_chars('“”"')
    return (
        pl.when(text.str.len_chars() > _NAMED_BY)
        .then(pl.format("{} …", text.str.slice(0, _NAMED_BY).str.replace(r"\s\S*$", "")))
        .otherwise(text)
    )


def as_printed() -> pl.Expr:
    """Return the number of an observation as printed, with its hedge in English: more than
    35,000.
    """
    hedge = pl.col("relator").replace_strict(_HEDGES, default="", return_dtype=pl.String)
    return pl.concat_str(hedge, "original_value")


def joined(*parts: str | pl.Expr) -> pl.Expr:
    """Return parts of a name joined by spaces, the missing ones left out."""
    return pl.concat_str(*parts, separator=" ", ignore_nulls=True)


def origins(sources: pl.DataFrame) -> dict[str, str]:
    """Return, for each source, the first of all that go back to one: by copying or translating it,
    or by having its text.
    """
    of_one_text = pl.col("source_id").first().over(pl.coalesce("sha256", "source_id"))
    taken = sources.select(
        "source_id", pl.coalesce("derived_from", "translation_of"), text=of_one_text
    )
    parts = connected({name: [name, *filter(None, others)] for name, *others in taken.iter_rows()})
    return {name: together[0] for together in parts for name in together}


def with_variable(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return quantities with their quantity: the fact of the same source that states them, or one
    named after them.
    """
    known = facts.stated.filter(pl.col("indicator").is_in(rows["indicator"].unique().implode()))
    stated = rows.join(
        known, on=["source_id", *QUANTITY], how="left", nulls_equal=True, maintain_order="left"
    )
    return stated.with_columns(quantity=pl.coalesce("fact_id", joined(*QUANTITY)))
