"""From rules and facts to one linear system: variables, groups, and the terms of each group.

Belongs here: what the terms of all rules make together. Does not belong here: what a kind of rule means (kinds), whether a
group holds (evaluate), and what follows from all of them (bounds, repairs).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from itertools import chain
from typing import TypeGuard

import polars as pl

from pipeline.consistency.kinds import terms_of, terms_of_named
from pipeline.consistency.quantities import QUANTITY, TERM, Facts
from pipeline.consistency.rules import Placed
from pipeline.query import query
from schemas.columns import AMOUNT
from schemas.kinds import natural_ranges
from schemas.rules import Elapsed, Listing, Order, Rule, SameQuantity
from schemas.tables import TABLES

_VARIABLES = (files("pipeline.consistency") / "variables.sql").read_text(encoding="utf-8")

GROUP = ["rule_id", "group_id"]
"""What names a group."""

TERM_ORDER = [*GROUP, "variable"]
"""The order of terms, the constant last."""

TERMS_AT_ONCE = 300_000
"""Terms after which those of further rules are made apart: more of them take more memory, and hardly less time."""


@dataclass(frozen=True)
class System:
    """The linear system, in the tables of that name."""

    variables: pl.DataFrame
    rule_groups: pl.DataFrame
    rule_terms: pl.DataFrame

    @property
    def tables(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The three tables."""
        return self.variables, self.rule_groups, self.rule_terms

    @cached_property
    def edges(self) -> pl.DataFrame:
        """Which group speaks of which variable: rule_id, group_id, variable; a share that multiplies included."""
        return pl.concat(self._edges()).unique()

    def edges_of(self, variables: pl.DataFrame) -> pl.DataFrame:
        """Return the edges of some variables, without those of all: by the million, these are a tenth of the memory."""
        return pl.concat(part.join(variables, on="variable", how="semi") for part in self._edges()).unique()

    def _edges(self) -> Iterator[pl.DataFrame]:
        for name in ("variable", "coefficient_variable"):
            yield self.rule_terms.select(*GROUP, variable=name).drop_nulls("variable")


def build_system(rules: list[Placed], facts: Facts) -> System:
    """Return the system that the rules make of the facts; listings are no part of it."""
    parts = list(systems_of(rules, facts))
    new = pl.concat(part.variables for part in parts).unique("variable", keep="first")
    variables = pl.concat([stated_variables(facts), new]).sort("variable")
    groups = pl.concat(part.rule_groups for part in parts).sort(GROUP)
    return System(variables, groups, pl.concat(part.rule_terms for part in parts).sort(TERM_ORDER, nulls_last=True))


def systems_of(rules: list[Placed], facts: Facts) -> Iterator[System]:
    """Yield what some rules at a time make of the facts; the variables are those that no fact states, and may come again."""
    named = [(str(placed.source_id), placed.rule) for placed in rules if _names_facts(placed.rule)]
    linear = [
        (placed.rule, placed.source_id)
        for placed in rules
        if not isinstance(placed.rule, Listing) and not _names_facts(placed.rule)
    ]
    frames = (terms_of(rule, source_id, facts) for rule, source_id in linear if not isinstance(rule, SameQuantity))
    missing = []
    for terms in _batches(chain([terms_of_named(named, facts)], frames)):
        unstated = _unstated(terms, facts)
        missing.append(unstated.select("variable", *QUANTITY))
        yield _system(terms, unstated)
    every = pl.concat(missing).unique("variable", keep="first", maintain_order=True)
    frames = (terms_of(rule, source_id, facts, every) for rule, source_id in linear if isinstance(rule, SameQuantity))
    for terms in _batches(frames):
        yield _system(terms, unstated.clear())


def _batches(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield frames of terms together, as soon as they are many."""
    batch, height = [pl.DataFrame(schema=TERM)], 0
    for frame in frames:
        batch.append(frame)
        height += frame.height
        if height >= TERMS_AT_ONCE:
            yield pl.concat(batch)
            batch, height = batch[:1], 0
    yield pl.concat(batch)


def _system(terms: pl.DataFrame, unstated: pl.DataFrame) -> System:
    columns = list(TABLES["variables"].columns)
    variables = pl.concat([unstated.select(columns), _remainders(terms).select(columns)])
    groups = terms.select(list(TABLES["rule_groups"].columns)).unique()
    return System(variables, groups, terms.select(list(TABLES["rule_terms"].columns)))


def _names_facts(rule: Rule) -> TypeGuard[Elapsed | Order]:
    """Return whether a rule names facts, which are then its source's."""
    return isinstance(rule, Elapsed) or (isinstance(rule, Order) and rule.sequence is not None)


def idle(rules: list[Placed], systems: Iterable[System]) -> list[Placed]:
    """Return the linear rules without groups: they apply to nothing; one for any two statements of a quantity may wait."""
    busy = {rule_id for system in systems for rule_id in system.rule_groups["rule_id"].unique()}
    return [
        placed
        for placed in rules
        if placed.rule.id not in busy
        and not isinstance(placed.rule, Listing)
        and not (isinstance(placed.rule, SameQuantity) and placed.rule.quantity is None)
    ]


def stated_variables(facts: Facts) -> pl.DataFrame:
    """Return the variables that facts state."""
    tables = {name: getattr(facts, name) for name in ("sources", "indicators", "areas", "categories", "observations")}
    return query(_VARIABLES, dated=facts.dated, natural_ranges=natural_ranges(), **tables)


def domains(variables: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return what each variable can be if no fact is believed: variable, least, most (null: no end).

    A stated value can be what its kind allows, a day any.
    """
    ranges = facts.indicators.select("kind", indicator="code").join(natural_ranges(), on="kind")
    values = facts.observations.select("indicator", variable="fact_id").join(ranges, on="indicator")
    limited = variables.select("variable", "role", "lower_bound", "upper_bound")
    rows = limited.join(values, on="variable", how="left", maintain_order="left")
    stated = pl.col("role") == "stated"
    return rows.select(
        "variable",
        least=pl.when(stated).then("natural_least").otherwise("lower_bound"),
        most=pl.when(stated).then("natural_most").otherwise("upper_bound"),
    )


def _unstated(terms: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Return the variables that terms name and no fact states, each with its quantity, and the bounds that its kind has."""
    stated = facts.observations.select(variable="fact_id")
    named = terms.filter(pl.col("indicator").is_not_null()).join(stated, on="variable", how="anti")
    rows = named.unique("variable", keep="first", maintain_order=True).select("variable", *QUANTITY)
    rows = rows.join(
        facts.indicators.select("label", "kind", "whole", indicator="code"), on="indicator", how="left", maintain_order="left"
    )
    for list_, column in ((facts.categories, "category"), (facts.areas, "area")):
        labels = list_.select("code", pl.col("label").alias(f"{column}_label"))
        rows = rows.join(labels, left_on=column, right_on="code", how="left", maintain_order="left")
    words = pl.concat_str("label", "category_label", "area_label", "period", separator=", ", ignore_nulls=True)
    rows = rows.join(natural_ranges(), on="kind", how="left", maintain_order="left")
    return rows.with_columns(
        pl.lit(None, pl.String).alias("source_id"),
        pl.lit(None, pl.String).alias("fact_id"),
        pl.lit("value").alias("part"),
        pl.lit("unstated").alias("role"),
        pl.col("natural_least").alias("lower_bound"),
        pl.col("natural_least").is_not_null().alias("lower_closed"),
        pl.col("natural_most").alias("upper_bound"),
        pl.col("natural_most").is_not_null().alias("upper_closed"),
        pl.col("whole").alias("is_integer"),
        words.alias("description"),
    )


def _remainders(terms: pl.DataFrame) -> pl.DataFrame:
    """Return the variables of the slack that rules define."""
    rows = terms.filter(pl.col("remainder").is_not_null()).unique("variable", keep="first", maintain_order=True)
    return rows.select(
        "variable",
        "source_id",
        pl.lit(None, pl.String).alias("fact_id"),
        pl.lit("value").alias("part"),
        pl.lit("remainder").alias("role"),
        pl.lit(Decimal(0), AMOUNT).alias("lower_bound"),
        pl.lit(value=True).alias("lower_closed"),
        pl.col("remainder_upper").alias("upper_bound"),
        pl.col("remainder_upper").is_not_null().alias("upper_closed"),
        pl.col("remainder_is_integer").alias("is_integer"),
        pl.col("remainder").alias("description"),
    )
