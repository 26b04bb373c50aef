"""Judge every group of the linear system on the intervals of its terms."""

from importlib.resources import files

import polars as pl

from pipeline.consistency.explain import explain
from pipeline.consistency.system import System
from pipeline.query import query
from schemas.tables import TABLES

_EVALUATE = (files("pipeline.consistency") / "evaluate.sql").read_text(encoding="utf-8")


def judge(system: System) -> pl.DataFrame:
    """Return each group with its outcome, its reason, and the sums of its terms.

    The columns are rule_id, group_id, source_id, imbalance_lower, imbalance_upper, outcome, reason, and for the sentence
    plus_lower, plus_upper, minus_lower, minus_upper (the sums of the terms added and taken off) and plus_terms (how many).
    """
    return query(_EVALUATE, variables=system.variables, rule_groups=system.rule_groups, rule_terms=system.rule_terms)


def check_results(rules: pl.DataFrame, system: System) -> pl.DataFrame:
    """Return the outcomes as published; `rules` is the table of that name."""
    judged = judge(system).join(rules.select("rule_id", "kind", "severity"), on="rule_id")
    named = system.rule_terms.join(system.variables.select("variable", "fact_id"), on="variable")
    facts = named.group_by("rule_id", "group_id").agg(
        pl.col("fact_id").drop_nulls().unique().sort().str.join(" ").alias("fact_ids")
    )
    whole = judged.join(facts, on=["rule_id", "group_id"], how="left").with_columns(
        pl.col("fact_ids").fill_null(""), scope=pl.lit("local"), explanation=pl.lit("")
    )
    explained = whole.drop("explanation").join(explain(judged, system), on=["rule_id", "group_id"])
    return explained.select(list(TABLES["check_results"].columns)).sort("rule_id", "group_id")
