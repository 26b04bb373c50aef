"""What a run says of each check: defects, outcomes of rules and findings as results of checks; and,
of a check that did not run, what it said of the table that stands.

Does not belong here: deciding any of these, or which checks there are (checks).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import dagster as dg
import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect, in_order
from pipeline.operate.checks import check_of, typed_checks
from pipeline.operate.workspace import Workspace
from pipeline.report import defect_lines
from pipeline.rules.findings import KEY
from schemas.consistency_tables import STATUSES
from schemas.rules import DOCUMENTS_AGREE
from schemas.tables import TABLES

SHOWN = 100
"""Rows that a failed check shows."""

RESULTS = "check_results"
"""The table whose checks are those of the rules."""

Results = Iterator[dg.AssetCheckResult]

_NO_GROUP = (
    "No group of facts; the rule is no longer there, or the code location was loaded before it was"
)
_NO_RULE = "No document has a rule of its own that applies to something"
_NOTHING_STANDS = "Not run, since what comes before it has defects; nothing stands yet"


def of_built(table: str, built: Built, workspace: Workspace) -> Results:
    """Yield a result for each check of a table that is about its files or its schema."""
    names = [name for name in typed_checks(table) if name not in built.remarks]
    yield from of_defects(table, names, in_order(built.defects), workspace)
    for name, lines in built.remarks.items():
        yield _of_remark(table, name, lines)


def of_defects(
    asset: str, names: Iterable[str], defects: Iterable[Defect], workspace: Workspace
) -> Results:
    """Yield a result for each of some checks of an asset; each defect belongs to one of them."""
    by_check: dict[str, list[Defect]] = {name: [] for name in names}
    for defect in defects:
        by_check[check_of(asset, defect)].append(defect)
    for name, wrong in by_check.items():
        yield _of_check(asset, name, wrong, workspace)


def _of_check(
    asset: str, name: str, wrong: list[Defect], workspace: Workspace
) -> dg.AssetCheckResult:
    """Return the result of a check that fails where there are defects, with the rows that fail."""
    metadata: dict[str, Any] = {"defects": len(wrong)}
    if wrong:
        metadata["rows"] = _rows(wrong, workspace)
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not wrong,
        description=first_of(wrong, workspace) if wrong else "No defect",
        metadata=metadata,
    )


def first_of(wrong: list[Defect], workspace: Workspace) -> str:
    """Return the first of some defects, as the command line prints it, and how many more there
    are.
    """
    first = next(defect_lines(wrong[:1], workspace.root_of(wrong[0]))).partition("\n")[0]
    return first + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "")


def _rows(wrong: list[Defect], workspace: Workspace) -> dg.MetadataValue:
    records: list[dict[str, str | int]] = [
        {
            "file": f"{workspace.root_of(one)}/{one.file}",
            "line": one.line,
            "column": one.column,
            "stands there": one.found,
            "expected": one.expected,
        }
        for one in wrong[:SHOWN]
    ]
    return dg.MetadataValue.table([dg.TableRecord(one) for one in records])


def _of_remark(table: str, name: str, lines: list[str]) -> dg.AssetCheckResult:
    """Return the result of a check that only informs: it passes, and says what a curator should
    know.
    """
    return dg.AssetCheckResult(
        asset_key=table,
        check_name=name,
        passed=True,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"Not so: {', '.join(lines[:SHOWN])}" if lines else "It is so",
        metadata={"exceptions": len(lines)},
    )


def of_rules(rule_ids: Collection[str], results: pl.DataFrame, findings: pl.DataFrame) -> Results:
    """Yield the result of each rule: a finding that nobody has acknowledged warns; all else passes,
    and says what it is, or why it may stand.

    `results` are check_results, `findings` the findings as published. All other rules are one check
    together, if that is among the names.
    """
    gravest = pl.col("status").cast(pl.Enum(list(STATUSES)))
    acknowledged = findings.select(*KEY, acknowledged="reason")
    found = results.join(acknowledged, on=KEY, how="left").sort(
        gravest, pl.col("acknowledged").is_not_null(), *KEY
    )
    is_named = pl.col("rule_id").is_in(list(rule_ids))
    check = pl.when(is_named).then("rule_id").otherwise(pl.lit(DOCUMENTS_AGREE))
    told = found.with_columns(check=check).partition_by("check", as_dict=True)
    for rule_id in rule_ids:
        yield _of_rule(rule_id, told.get((rule_id,), found[:0]))


def _of_rule(rule_id: str, groups: pl.DataFrame) -> dg.AssetCheckResult:
    """Return the result of a rule from its groups, those worth knowing first."""
    none = {"explanation": _NO_RULE if rule_id == DOCUMENTS_AGREE else _NO_GROUP}
    first = next(groups.iter_rows(named=True), none)
    reason = first.get("acknowledged")
    counts = groups["status"].value_counts().sort("status").iter_rows()
    of_several = ["rule_id"] if rule_id == DOCUMENTS_AGREE else []
    columns = [*of_several, "group_id", "status", "reason", "explanation", "acknowledged"]
    records = [
        dg.TableRecord({name: str(row[name] or "") for name in columns})
        for row in groups.head(SHOWN).to_dicts()
    ]
    is_open = (pl.col("status") == "finding") & pl.col("acknowledged").is_null()
    return dg.AssetCheckResult(
        asset_key=RESULTS,
        check_name=rule_id,
        passed=groups.filter(is_open).is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        description=first["explanation"]
        + (f" Acknowledged: {reason}" if reason else "")
        + (f" (and {groups.height - 1} more groups)" if groups.height > 1 else ""),
        metadata={
            **dict(counts),
            "groups": dg.MetadataValue.table(
                records or [dg.TableRecord(dict.fromkeys(columns, ""))]
            ),
        },
    )


def not_run(
    keys: Collection[dg.AssetCheckKey], workspace: Workspace
) -> Iterator[dg.AssetCheckResult]:
    """Yield a result for each of some checks that cannot run: that of the table that stands; where
    none does, a warning.
    """
    for asset in sorted({key.asset_key.to_user_string() for key in keys}):
        names = sorted(key.name for key in keys if key.asset_key.to_user_string() == asset)
        known = {one.check_name: one for one in _of_standing(asset, names, workspace)}
        for name in names:
            if one := known.get(name):
                said = f"Not run; of what stands: {one.description}"
                yield one._replace(description=said)
            else:
                yield dg.AssetCheckResult(
                    asset_key=asset,
                    check_name=name,
                    passed=False,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=_NOTHING_STANDS,
                )


def _of_standing(asset: str, names: list[str], workspace: Workspace) -> Results:
    """Yield the results of the checks of what stands, if it does: what has defects is never kept,
    so that only rules have more to say.
    """
    if asset not in TABLES:
        if workspace.has(asset):
            yield from of_defects(asset, names, [], workspace)
    elif built := workspace.standing([asset, "findings"] if asset == RESULTS else [asset]):
        yield from of_built(asset, built[asset], workspace)
        if asset == RESULTS:
            rules = [name for name in names if name not in typed_checks(asset)]
            yield from of_rules(rules, built[asset].table, built["findings"].table)
