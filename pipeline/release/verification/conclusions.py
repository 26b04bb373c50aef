"""Whether what a release says of its facts together follows from its rules: the system, the outcomes, what is found.

Belongs here: building and judging the rules again, from the published tables. Does not belong here: what only rules
together decide; how tight implied bounds are and which facts may be wrong is not worked out again.
"""

import json
from collections.abc import Mapping

import polars as pl

from pipeline.consistency.each_group import judge
from pipeline.consistency.findings import find
from pipeline.consistency.listings import LISTINGS, listing_results
from pipeline.consistency.quantities import Facts
from pipeline.consistency.rules import Placed
from pipeline.consistency.system import GROUP, System, build_system
from pipeline.release.opened import reason
from pipeline.release.verification.failure import Failure, differing, failing, table_file
from schemas.columns import RESULT
from schemas.rules import RulesFile
from schemas.tables import TABLES

Tables = Mapping[str, pl.DataFrame]

SYSTEM = ("variables", "rule_groups", "rule_terms")
_RESULTS = table_file("check_results")


def read_rules(rules: pl.DataFrame) -> tuple[list[Placed], list[Failure]]:
    """Return the rules as they were typed, and a failure for each that is none."""
    placed, failures = [], []
    for row in rules.sort("rule_id").iter_rows(named=True):
        typed = {"id": row["rule_id"], **{key: row[key] for key in ("kind", "title", "severity")}}
        try:
            rule = RulesFile.model_validate({"rule": [{**json.loads(row["definition"]), **typed}]}).rule[0]
        except (ValueError, TypeError, RecursionError) as error:
            message = f"{row['rule_id']}: the definition is no rule ({reason(error)})"
            failures.append(Failure(table_file("rules"), "wrong_rule", message))
        else:
            placed.append(Placed(rule, row["source_id"], row["raw_file"], row["raw_line"], {}))
    return placed, failures


def system_follows(tables: Tables, rules: list[Placed]) -> list[Failure]:
    """Return a failure for each variable, group and term that is not what the rules make of the facts."""
    rebuilt = build_system(rules, _facts(tables))
    return [
        failure
        for name in SYSTEM
        for failure in differing(
            table_file(name),
            "system_differs",
            tables[name],
            ("rules and facts", getattr(rebuilt, name)),
            list(TABLES[name].unique or ()),
        )
    ]


def _facts(tables: Tables) -> Facts:
    return Facts(**{name: tables[name] for name in Facts.__dataclass_fields__})


def outcomes_follow(tables: Tables, rules: list[Placed]) -> list[Failure]:
    """Return a failure for each outcome that is not what its group's own terms give.

    What only several groups together decide is taken as published, if the group by itself leaves it open.
    """
    results = tables["check_results"]
    published = results.select(*GROUP, "scope", published_reason="reason", published_outcome="outcome")
    judged = judge(System(*(tables[name] for name in SYSTEM))).join(published, on=GROUP, how="left")
    is_open = pl.col("outcome") == "undetermined"
    joint = is_open & (pl.col("scope") == "joint") & (pl.col("published_outcome") == "violated")
    cut_off = is_open & (pl.col("published_reason") == "solver_limit")
    severities = tables["rules"].select("rule_id", "severity")
    expected = judged.join(severities, on="rule_id", how="left").select(
        *GROUP,
        "source_id",
        outcome=pl.when(joint).then(pl.lit("violated")).otherwise("outcome"),
        reason=pl.when(cut_off).then(pl.lit("solver_limit")).when(~joint.fill_null(value=False)).then("reason"),
        scope=pl.when(joint).then(pl.lit("joint")).otherwise(pl.lit("local")),
        imbalance_lower="imbalance_lower",
        imbalance_upper="imbalance_upper",
        severity="severity",
    )
    listed = tables["rules"].filter(pl.col("kind").is_in(LISTINGS))
    linear = results.join(listed, on="rule_id", how="anti")
    failures = differing(_RESULTS, "outcome_differs", linear, ("the rule's terms", expected), GROUP)
    lists = listing_results(rules, _facts(tables)).drop("depends_on_reading")
    found = results.join(listed, on="rule_id", how="semi")
    return failures + differing(_RESULTS, "outcome_differs", found, ("the values as printed", lists), GROUP)


def findings_follow(tables: Tables, rules: list[Placed]) -> list[Failure]:
    """Return a failure for each finding that the outcomes do not give or that nobody has acknowledged, and for each left out."""
    file, findings = table_file("findings"), tables["findings"]
    none = findings.clear().with_columns(raw_file=pl.lit(""), raw_line=pl.lit(0, pl.Int64))
    expected = find(rules, tables["check_results"], none).table.drop("reason")
    unacknowledged = findings.filter(pl.col("reason").is_null())
    return [
        *differing(file, "finding_differs", findings, ("the outcomes", expected), GROUP),
        *failing(file, "unacknowledged", unacknowledged, GROUP, pl.lit("has no reason why it may stand")),
    ]


def implied_bounds_are_within(tables: Tables) -> list[Failure]:
    """Return a failure for each implied bound that is wider than the quantity's own, or leaves it no value."""
    own = tables["variables"].select(
        "variable",
        own_lower=pl.col("lower_bound").cast(RESULT),
        own_upper=pl.col("upper_bound").cast(RESULT),
        own_lower_closed="lower_closed",
        own_upper_closed="upper_closed",
    )
    rows = tables["implied_bounds"].join(own, on="variable", maintain_order="left")
    wider = pl.lit(value=False)
    for side, sign in (("lower", 1), ("upper", -1)):
        implied, held = pl.col(side), pl.col(f"own_{side}")
        beyond = implied < held if sign > 0 else implied > held
        opened = (implied == held) & pl.col(f"{side}_closed") & ~pl.col(f"own_{side}_closed")
        wider |= held.is_not_null() & (implied.is_null() | beyond | opened)
    nothing = pl.col("lower") > pl.col("upper")
    low, high = (pl.col(side).cast(pl.String).fill_null("no end") for side in ("lower", "upper"))
    message = pl.format("{} to {} is not within the quantity's own bounds", low, high)
    return failing(table_file("implied_bounds"), "wider_bounds", rows.filter(wider | nothing), ["variable"], message)
