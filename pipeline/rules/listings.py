"""Listings: what stands out among the values that a source prints in a list. No intervals and no
arithmetic.

Belongs here: the kinds ranked, distinct and same_precision. Does not belong here: anything about
what the values mean, or how texts are compared with their translations (translations).
"""

from collections.abc import Mapping

import polars as pl

from pipeline.rules.kinds import select_parts
from pipeline.rules.quantities import RESULTS, Facts, shaped
from pipeline.rules.rules_file import Placed
from pipeline.rules.translations import translation_results
from schemas.rules import Distinct, Ranked, SamePrecision

_LISTED: dict[str, pl.DataType] = {
    "rule_id": pl.String(),
    "kind": pl.String(),
    "severity": pl.String(),
    "group_id": pl.String(),
    "source_id": pl.String(),
    "fact_id": pl.String(),
    "position": pl.Int64(),
    "value": pl.String(),
    "amount": pl.Decimal(20, 6),
    "decimals": pl.Int64(),
}

_BY_LIST = ["rule_id", "kind", "severity", "group_id", "source_id"]
"""What names a list."""

_SOUND = {
    "ranked": "{} values are listed in an order that does not increase",
    "distinct": "{} values are printed, each once",
    "same_precision": "{} values are printed with the same number of decimals",
}
_STANDS_OUT = {
    "ranked": "Of {} listed values some are greater than the one before: {}",
    "distinct": "Of {} listed values some are printed more than once: {}",
    "same_precision": "{} values are listed, not all with the same number of decimals: {}",
}


def listing_results(rules: list[Placed], facts: Facts) -> pl.DataFrame:
    """Return the outcome of each listing for each list, and of translations, with the columns of
    check_results.
    """
    each = [
        _listed(placed.rule, placed.source_id, facts)
        for placed in rules
        if isinstance(placed.rule, Ranked | Distinct | SamePrecision)
    ]
    rows = pl.concat([pl.DataFrame(schema=_LISTED), *each])
    lists = (
        _beside_others(rows)
        .with_columns(remark=_remark())
        .group_by(_BY_LIST, maintain_order=True)
        .agg(
            fact_ids=pl.col("fact_id").sort().str.join(" "),
            count=pl.len(),
            remarks=pl.col("remark").drop_nulls().unique(maintain_order=True).str.join(", "),
        )
    )
    none = pl.col("remarks") == ""
    listed = shaped(
        lists.rechunk(),
        RESULTS,
        outcome=pl.when(none).then(pl.lit("satisfied")).otherwise(pl.lit("violated")),
        scope="local",
        explanation=pl.when(none).then(_sentence(_SOUND)).otherwise(_sentence(_STANDS_OUT)) + ".",
    )
    return pl.concat([listed, translation_results(rules, facts)])


def _beside_others(rows: pl.DataFrame) -> pl.DataFrame:
    """Return listed values in their order, each with the one before, how often it is listed, and
    the usual decimals.
    """
    return rows.sort("position").with_columns(
        before=pl.col("amount").forward_fill().shift(1).over(_BY_LIST),
        printed_before=pl.when(pl.col("amount").is_not_null())
        .then("value")
        .forward_fill()
        .shift(1)
        .over(_BY_LIST),
        times=pl.len().over([*_BY_LIST, "amount"]),
        usual=pl.col("decimals").mode().max().over(_BY_LIST),
    )


def _sentence(templates: Mapping[str, str]) -> pl.Expr:
    """Return what is said of a list, by the kind of its rule."""
    said = pl.col("kind").replace_strict(templates, return_dtype=pl.String)
    for name in ("count", "remarks"):
        said = said.str.replace("{}", pl.col(name).cast(pl.String), literal=True)
    return said.str.replace("^1 values are", "1 value is")


def _remark() -> pl.Expr:
    """Return what stands out of a value, in words, by the kind of its rule."""
    kind, amount, value = pl.col("kind"), pl.col("amount"), pl.col("value")
    return (
        pl.when((kind == "ranked") & (amount > pl.col("before")))
        .then(pl.format("{} after {}", value, "printed_before"))
        .when((kind == "distinct") & (pl.col("times") > 1) & amount.is_not_null())
        .then(pl.format("{} ({} times)", value, "times"))
        .when((kind == "same_precision") & (pl.col("decimals") != pl.col("usual")))
        .then(pl.format("{} with {} after the point", value, "decimals"))
    )


def _listed(
    rule: Ranked | Distinct | SamePrecision, source_id: str | None, facts: Facts
) -> pl.DataFrame:
    printed = facts.observed(rule.values.indicator).select(
        "fact_id",
        position="quote_start",
        value="original_value",
        amount="value",
        decimals="decimals",
    )
    rows = select_parts(facts, rule.values).join(printed, on="fact_id")
    if source_id is not None:
        rows = rows.filter(pl.col("source_id") == source_id)
    return shaped(rows, _LISTED, rule_id=rule.id, kind=rule.kind, severity=rule.severity)
