"""Findings: what the sources themselves get wrong or leave open, and whether somebody has
acknowledged it.

Belongs here: which outcomes are findings, and their comparison with raw/findings.csv. Does not
belong here: defects of entry; these stop the build, findings only the release.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.defects import Defect, where
from pipeline.rules.rules_file import Placed
from schemas.columns import RESULT
from schemas.rules import TRANSLATIONS_AGREE, PartsOf
from schemas.tables import TABLES

KEY = ["rule_id", "group_id"]


@dataclass(frozen=True)
class Findings:
    """The findings as published, and what stops the release: a defect for each that findings.csv
    does not have as it is.
    """

    table: pl.DataFrame
    unacknowledged: list[Defect]


def with_status(rules: list[Placed], results: pl.DataFrame) -> pl.DataFrame:
    """Return results (with fact_ids) with the one word that is shown of each: status."""
    counted = results.with_columns(facts=pl.col("fact_ids").str.count_matches(" ") + 1)
    found = _found(rules, counted).select(*KEY, is_finding=pl.lit(value=True))
    status = (
        pl.when(pl.col("is_finding"))
        .then(pl.lit("finding"))
        .when((pl.col("outcome") == "violated") & (pl.col("severity") == "information"))
        .then(pl.lit("remark"))
        .when(pl.col("reason") == "missing_operand")
        .then(pl.lit("untested"))
        .otherwise("outcome")
    )
    rows = results.join(found, on=KEY, how="left", maintain_order="left")
    return rows.with_columns(status=status).drop("is_finding")


def _found(rules: list[Placed], results: pl.DataFrame) -> pl.DataFrame:
    """Return the results that are findings, with type, lower and upper."""
    found = pl.concat([_contradictions(results), _remainders(rules, results)])
    return found.filter(pl.col("severity") != "information")


def find(rules: list[Placed], results: pl.DataFrame, acknowledged: pl.DataFrame) -> Findings:
    """Return the findings among the results: contradictions, flagged remainders certainly above 0,
    facts of one text only.

    `results` are check_results as published, with how many `facts` each speaks of; `acknowledged`
    are the rows of findings.csv as typed.
    """
    found = _found(rules, results).drop("reason")
    typed = acknowledged.with_columns(pl.col("lower", "upper").cast(RESULT, strict=False))
    met = found.join(
        typed.rename({"type": "typed_type", "lower": "typed_lower", "upper": "typed_upper"}),
        on=KEY,
        how="left",
    )
    same = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(f"typed_{name}")) for name in ("type", "lower", "upper")
    )
    table = (
        met.with_columns(pl.when(same).then("reason").alias("reason"))
        .select(list(TABLES["findings"].columns))
        .sort(KEY)
    )
    met = met.rechunk()
    return Findings(table, [*_new(met), *_changed(met.filter(~same)), *_gone(acknowledged, found)])


def _contradictions(results: pl.DataFrame) -> pl.DataFrame:
    """Return the results that are violated; what only one of two texts says, one fact, the other
    leaves out.
    """
    lacking = (pl.col("rule_id") == TRANSLATIONS_AGREE) & (pl.col("facts") == 1)
    kind = pl.when(lacking).then(pl.lit("incomplete")).otherwise(pl.lit("contradiction"))
    violated = results.filter(pl.col("outcome") == "violated")
    return violated.with_columns(type=kind, lower="imbalance_lower", upper="imbalance_upper")


def _remainders(rules: list[Placed], results: pl.DataFrame) -> pl.DataFrame:
    """Return the results that leave a remainder certainly above 0, where the rule flags that."""
    flagging = [
        placed.rule.id
        for placed in rules
        if isinstance(placed.rule, PartsOf) and placed.rule.remainder == "flag"
    ]
    certain = results.filter(pl.col("rule_id").is_in(flagging) & (pl.col("imbalance_upper") < 0))
    return certain.with_columns(
        type=pl.lit("incomplete"),
        lower=-pl.col("imbalance_upper"),
        upper=-pl.col("imbalance_lower"),
    )


def _row() -> pl.Expr:
    bounds = [
        pl.col(name).cast(pl.String).str.replace(r"\.?0+$", "").fill_null("")
        for name in ("lower", "upper")
    ]
    return pl.concat_str("rule_id", "group_id", "type", *bounds, separator=",")


def _new(met: pl.DataFrame) -> list[Defect]:
    new = met.filter(pl.col("typed_type").is_null()).select("explanation", row=_row())
    return [
        Defect(
            "findings.csv",
            1,
            "",
            "new_finding",
            "",
            f"a row for this finding, with a reason: {row},... ({explanation})",
        )
        for row, explanation in new.select("row", "explanation").iter_rows()
    ]


def _changed(met: pl.DataFrame) -> list[Defect]:
    changed = met.filter(pl.col("typed_type").is_not_null())
    expected = pl.format("the finding as it is now: {},... ({})", _row(), pl.col("explanation"))
    found = pl.concat_str(
        "typed_type", "typed_lower", "typed_upper", separator=" ", ignore_nulls=True
    )
    return where(
        changed,
        pl.lit(value=True),
        column="lower",
        code="changed_finding",
        expected=expected,
        found=found,
    )


def _gone(acknowledged: pl.DataFrame, found: pl.DataFrame) -> list[Defect]:
    gone = acknowledged.join(found, on=KEY, how="anti", maintain_order="left")
    expected = "a finding that is there; this one has gone, so remove the row"
    has_others = pl.col("rule_id").is_in(found["rule_id"].implode())
    return [
        *where(gone, ~has_others, column="rule_id", code="stale_finding", expected=expected),
        *where(gone, has_others, column="group_id", code="stale_finding", expected=expected),
    ]
