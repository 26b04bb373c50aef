"""The outcome of every rule for every group of facts, as published.

Belongs here: from what the system says (solve) and what the listings find to one table. Does not
belong here: deciding either, or the sentences (sentences).
"""

import polars as pl

from pipeline.reason.problem import Key
from pipeline.reason.solve import Solution
from pipeline.rules.quantities import RESULTS, Facts
from pipeline.rules.rules_file import Placed, rules_table
from pipeline.rules.sentences import explain, labels_of_wholes
from pipeline.rules.system import GROUP, System


def outcomes(solution: Solution) -> pl.DataFrame:
    """Return the judged groups, with what only several rules decide: outcome, reason and scope, and
    `others`.

    `others` are, of a group that is impossible only with others, the rules of these, joined by a
    comma.
    """
    shape = {"rule_id": pl.String, "group_id": pl.String, "others": pl.String, "solved": pl.String}
    solved = [
        (*key, _others(key, conflict), "violated") for key, conflict in solution.joint.items()
    ]
    solved += [(*key, None, "open") for key in solution.open]
    rows = solution.judged.join(
        pl.DataFrame(solved, schema=shape, orient="row"),
        on=GROUP,
        how="left",
        maintain_order="left",
    )
    is_violated = pl.col("solved") == "violated"
    is_open = (pl.col("solved") == "open") & (pl.col("outcome") == "undetermined")
    return rows.with_columns(
        outcome=pl.when(is_violated).then(pl.lit("violated")).otherwise("outcome"),
        reason=pl.when(is_violated)
        .then(None)
        .when(is_open)
        .then(pl.lit("solver_limit"))
        .otherwise("reason"),
        scope=pl.when(pl.col("others").is_not_null())
        .then(pl.lit("joint"))
        .otherwise(pl.lit("local")),
    )


def _others(key: Key, conflict: tuple[Key, ...]) -> str | None:
    """Return the rules of the groups with which one is impossible, joined by a comma; None where it
    is so by itself.
    """
    if len(conflict) == 1:
        return None
    return ", ".join(sorted({rule_id for rule_id, _ in conflict} - {key[0]}) or [key[0]])


def results_of(
    system: System, solution: Solution, rules: list[Placed], facts: Facts
) -> pl.DataFrame:
    """Return the outcomes as published, in any order."""
    of_rules = rules_table(rules).select("rule_id", "kind", "severity")
    of_rules = of_rules.join(labels_of_wholes(rules, facts.indicators), on="rule_id", how="left")
    judged = outcomes(solution).join(of_rules, on="rule_id")
    named = system.edges.join(system.quantities.select("quantity", "fact_id"), on="quantity")
    fact_ids = named.group_by(GROUP).agg(
        pl.col("fact_id").drop_nulls().unique().sort().str.join(" ").alias("fact_ids")
    )
    whole = judged.join(fact_ids, on=GROUP, how="left").with_columns(
        pl.col("fact_ids").fill_null(""), depends_on_reading=pl.lit(None, pl.String)
    )
    explained = whole.join(explain(judged, system, facts), on=GROUP)
    return explained.select(list(RESULTS))
