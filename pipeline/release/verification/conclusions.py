"""Whether what a release says of its facts together follows from its rules: the system, the outcomes, what is found.

Belongs here: building and judging the rules again, from the published tables. Does not belong here: what only rules
together decide; how tight implied bounds are and which facts may be wrong is not worked out again.
"""

import polars as pl

from pipeline.consistency.each_group import judge
from pipeline.consistency.findings import find
from pipeline.consistency.listings import listing_results
from pipeline.consistency.quantities import Facts
from pipeline.consistency.system import GROUP, System, build_system
from pipeline.release.verification.contents import Contents
from pipeline.release.verification.failure import Failure, differing, failing
from schemas.columns import RESULT
from schemas.kinds import LISTINGS

SYSTEM = ("variables", "rule_groups", "rule_terms")


def _facts(contents: Contents) -> Facts:
    return Facts(**{name: contents.tables[name] for name in Facts.__dataclass_fields__})


def system_follows(contents: Contents) -> list[Failure]:
    """Return a failure for each variable, group and term that is not what the rules make of the facts."""
    built = build_system(contents.rules, _facts(contents))
    return [
        failure
        for name in SYSTEM
        for failure in differing(name, "system_differs", contents.tables[name], ("rules and facts", getattr(built, name)))
    ]


def outcomes_follow(contents: Contents) -> list[Failure]:
    """Return a failure for each outcome that is not what its group's own terms give.

    What only several groups together decide is taken as published, if the group by itself leaves it open.
    """
    results, rules = contents.tables["check_results"], contents.tables["rules"]
    published = results.select(*GROUP, published_scope="scope", published_reason="reason", published_outcome="outcome")
    judged = judge(System(*(contents.tables[name] for name in SYSTEM))).join(published, on=GROUP, how="left")
    is_open = pl.col("outcome") == "undetermined"
    joint = is_open & (pl.col("published_scope") == "joint") & (pl.col("published_outcome") == "violated")
    joint = joint.fill_null(value=False)
    cut_off = is_open & (pl.col("published_reason") == "solver_limit")
    expected = judged.join(rules.select("rule_id", "severity"), on="rule_id", how="left").with_columns(
        outcome=pl.when(joint).then(pl.lit("violated")).otherwise("outcome"),
        reason=pl.when(cut_off).then(pl.lit("solver_limit")).when(~joint).then("reason"),
        scope=pl.when(joint).then(pl.lit("joint")).otherwise(pl.lit("local")),
    )
    listings = rules.filter(pl.col("kind").is_in(LISTINGS))
    linear, listed = (results.join(listings, on="rule_id", how=how) for how in ("anti", "semi"))
    lists = listing_results(contents.rules, _facts(contents)).drop("depends_on_reading")
    return [
        *differing("check_results", "outcome_differs", linear, ("the rule's terms", expected)),
        *differing("check_results", "outcome_differs", listed, ("the values as printed", lists)),
    ]


def findings_follow(contents: Contents) -> list[Failure]:
    """Return a failure for each finding that the outcomes do not give or that nobody has acknowledged, and for each left out."""
    findings = contents.tables["findings"]
    none = findings.clear().with_columns(raw_file=pl.lit(""), raw_line=pl.lit(0, pl.Int64))
    expected = find(contents.rules, contents.tables["check_results"], none).table.drop("reason")
    unacknowledged = findings.filter(pl.col("reason").is_null())
    return [
        *differing("findings", "finding_differs", findings, ("the outcomes", expected)),
        *failing("findings", "unacknowledged", unacknowledged, pl.lit("has no reason why it may stand")),
    ]


def implied_bounds_are_within(contents: Contents) -> list[Failure]:
    """Return a failure for each implied bound that is wider than the quantity's own, or leaves it no value."""
    own = contents.tables["variables"].select(
        "variable", pl.col("^(lower|upper)_bound$").cast(RESULT), pl.col("^(lower|upper)_closed$").name.prefix("own_")
    )
    rows = contents.tables["implied_bounds"].join(own, on="variable", maintain_order="left")
    wrong = pl.col("lower") > pl.col("upper")
    for side, narrower in (("lower", pl.max_horizontal), ("upper", pl.min_horizontal)):
        implied, held = pl.col(side), pl.col(f"{side}_bound")
        opened = (implied == held) & pl.col(f"{side}_closed") & ~pl.col(f"own_{side}_closed")
        wrong |= narrower(implied, held).ne_missing(implied) | opened
    low, high = (pl.col(side).cast(pl.String).fill_null("no end") for side in ("lower", "upper"))
    message = pl.format("{} to {} is not within the quantity's own bounds", low, high)
    return failing("implied_bounds", "wider_bounds", rows.filter(wrong), message)
