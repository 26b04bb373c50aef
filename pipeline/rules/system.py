"""From rules and facts to one linear system: quantities, groups, and the terms of each group.

Belongs here: what the terms of all rules make together. Does not belong here: what a kind of rule
means (kinds), whether a group holds (evaluate), and what follows from all of them (reason).
"""

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import TypeGuard

import polars as pl

from pipeline.intervals.period_words import periods_in_words
from pipeline.query import query
from pipeline.rules.kinds import terms_of, terms_of_named
from pipeline.rules.quantities import QUANTITY, Facts, described, shaped
from pipeline.rules.rules_file import Placed
from schemas.kinds import natural_ranges
from schemas.rules import Elapsed, Listing, Operand, Order, Parts, Rule, SameQuantity
from schemas.tables import empty

_STATED = (files("pipeline.rules") / "quantities.sql").read_text(encoding="utf-8")

GROUP = ["rule_id", "group_id"]
"""What names a group."""

QUANTITY_ROW = empty("quantities").schema
"""The columns of quantities."""

TERM_ORDER = [*GROUP, "quantity"]
"""The order of terms, the constant last."""


@dataclass(frozen=True)
class System:
    """The linear system, in the tables of that name."""

    quantities: pl.DataFrame
    rule_groups: pl.DataFrame
    rule_terms: pl.DataFrame

    @property
    def tables(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The three tables."""
        return self.quantities, self.rule_groups, self.rule_terms

    @cached_property
    def edges(self) -> pl.DataFrame:
        """Which group speaks of which quantity: rule_id, group_id, quantity; a share that
        multiplies included.
        """
        named = (
            self.rule_terms.select(*GROUP, quantity=name)
            for name in ("quantity", "coefficient_quantity")
        )
        return pl.concat(named).drop_nulls("quantity").unique()


def build_system(rules: list[Placed], facts: Facts) -> System:
    """Return the system that the rules make of the facts; listings are no part of it."""
    return system_of(linear_terms(rules, facts), rules, facts)


def linear_terms(rules: list[Placed], facts: Facts) -> pl.DataFrame:
    """Return the terms that rules make of the facts, but for same_quantity, which speaks of what
    the others need.
    """
    named = [(str(placed.source_id), placed.rule) for placed in rules if _names_facts(placed.rule)]
    frames = [
        terms_of(placed.rule, placed.source_id, facts)
        for placed in rules
        if not isinstance(placed.rule, Listing | SameQuantity) and not _names_facts(placed.rule)
    ]
    return pl.concat([terms_of_named(named, facts), *frames])


def speaking_of(indicators: set[str], rules: list[Placed], facts: Facts) -> list[Placed]:
    """Return the rules that speak of some indicators, or of days: what they make of facts may
    change where an observation of these is another, or a day.
    """
    bases = facts.indicators.select("code", pl.col("base").str.split("/").list.first())
    base_of = dict(bases.iter_rows())
    found = []
    for placed in rules:
        named = {one.indicator for _, one in placed.rule if isinstance(one, Operand | Parts)}
        if not named or not indicators.isdisjoint(named | {base_of.get(one) for one in named}):
            found.append(placed)
    return found


def system_of(terms: pl.DataFrame, rules: list[Placed], facts: Facts) -> System:
    """Return the system of terms as linear_terms gives them, and of the rules same_quantity."""
    unstated = _unstated(terms, facts)
    frames = [
        terms_of(placed.rule, placed.source_id, facts, unstated)
        for placed in rules
        if isinstance(placed.rule, SameQuantity)
    ]
    terms = pl.concat([terms, *frames])
    # slack is its rule's own: of several rules that leave something of one whole, all but the first
    # name theirs after the rule, too
    slack = pl.when(pl.col("remainder").is_not_null()).then("quantity")
    rule = pl.col("rule_id")
    other = pl.when(rule != rule.min().over(slack)).then(rule)
    name = pl.coalesce(pl.concat_str(slack, other, separator=" "), "quantity")
    terms = terms.with_columns(quantity=name)
    return System(
        pl.concat([stated_variables(facts), unstated, _remainders(terms)]).sort("quantity"),
        terms.select(empty("rule_groups").columns).unique().sort(GROUP),
        terms.select(empty("rule_terms").columns).sort(TERM_ORDER, nulls_last=True),
    )


def _names_facts(rule: Rule) -> TypeGuard[Elapsed | Order]:
    """Return whether a rule names facts, which are then its source's."""
    return isinstance(rule, Elapsed) or (isinstance(rule, Order) and rule.sequence is not None)


def idle(rules: list[Placed], system: System) -> list[Placed]:
    """Return the linear rules without groups: they apply to nothing; one for any two statements of
    a quantity may wait.
    """
    busy = set(system.rule_groups["rule_id"])
    return [
        placed
        for placed in rules
        if placed.rule.id not in busy
        and not isinstance(placed.rule, Listing)
        and not (isinstance(placed.rule, SameQuantity) and placed.rule.quantity is None)
    ]


def stated_variables(facts: Facts) -> pl.DataFrame:
    """Return the quantities that facts state."""
    tables = {
        name: getattr(facts, name)
        for name in ("sources", "indicators", "areas", "categories", "observations")
    }
    periods = [facts.sources["published"], facts.dated["period"], facts.observations["period"]]
    return query(
        _STATED,
        dated=facts.dated,
        natural_ranges=natural_ranges(),
        period_words=periods_in_words(periods),
        **tables,
    )


def domains(quantities: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return what each quantity can be if no fact is believed: quantity, least, most (null: no
    end).

    A stated value can be what its kind allows, a day any.
    """
    ranges = facts.indicators.select("kind", indicator="code").join(natural_ranges(), on="kind")
    values = facts.observations.select("indicator", quantity="fact_id").join(ranges, on="indicator")
    limited = quantities.select("quantity", "role", "lower", "upper")
    rows = limited.join(values, on="quantity", how="left", maintain_order="left")
    stated = pl.col("role") == "stated"
    return rows.select(
        "quantity",
        least=pl.when(stated).then("natural_least").otherwise("lower"),
        most=pl.when(stated).then("natural_most").otherwise("upper"),
    )


def _unstated(terms: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return the quantities that terms name and no fact states, each with its quantity, and the
    bounds that its kind has.
    """
    stated = facts.observations.select(quantity="fact_id")
    named = terms.filter(pl.col("indicator").is_not_null()).join(stated, on="quantity", how="anti")
    rows = described(
        named.unique("quantity", keep="first", maintain_order=True).select("quantity", *QUANTITY),
        facts,
    )
    kinds = facts.indicators.select("kind", "whole", indicator="code").join(
        natural_ranges(), on="kind"
    )
    rows = rows.join(kinds, on="indicator", how="left", maintain_order="left")
    return shaped(
        rows,
        QUANTITY_ROW,
        part="value",
        role="unstated",
        lower=pl.col("natural_least"),
        lower_closed=pl.col("natural_least").is_not_null(),
        upper=pl.col("natural_most"),
        upper_closed=pl.col("natural_most").is_not_null(),
        is_integer=pl.col("whole") & (pl.col("kind") != "flow"),  # an average of years
        description=pl.col("words"),
    )


def _remainders(terms: pl.DataFrame) -> pl.DataFrame:
    """Return the quantities of the slack that rules define."""
    rows = terms.filter(pl.col("remainder").is_not_null()).unique(
        "quantity", keep="first", maintain_order=True
    )
    return shaped(
        rows,
        QUANTITY_ROW,
        part="value",
        role="remainder",
        lower=0,
        lower_closed=True,
        upper=pl.col("remainder_upper"),
        upper_closed=pl.col("remainder_upper").is_not_null(),
        is_integer=pl.col("remainder_is_integer"),
        description=pl.col("remainder"),
    )
