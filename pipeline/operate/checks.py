"""Asset checks: which there are, known before any run, and what a run says of each.

Belongs here: one check for each column that a person types, each rule across columns, each derived
table and each rule of rules.toml (the own rules of many documents are one together); and defects,
outcomes and findings as check results. Does not belong here: deciding any of them.
"""

from collections.abc import Collection, Container, Iterable, Iterator
from typing import Any

import dagster as dg
import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.built import Built
from pipeline.defects import Defect
from schemas.code_lists import CODE_LISTS
from schemas.columns import typed_columns
from schemas.consistency_tables import STATUSES
from schemas.raw_files import FINDINGS_CSV, SOURCE_FILES
from schemas.rules import AS_DESCRIBED, DOCUMENTS_AGREE, FACTS_ARE_CHECKED, RULES_CAN_HOLD
from schemas.source_toml import SOURCE_TOML
from schemas.tables import TABLES

WELL_FORMED = "file_is_well_formed"
ACKNOWLEDGED = "every_finding_is_acknowledged"
HAS_ITS_ROW = "every_release_has_its_row"
ONE_STATE = "tables_are_of_one_state"
SHOWN = 100
"""Rows that a failed check shows."""

_NO_GROUP = (
    "No group of facts; the rule is no longer there, or the code location was loaded before it was"
)
_NO_RULE = "No document has a rule of its own that applies to something"

_TYPED: dict[str, DataFrameSchema] = {
    **CODE_LISTS,
    **SOURCE_FILES,
    "sources": SOURCE_TOML,
    "findings": FINDINGS_CSV,
    "mentions": SOURCE_FILES["waivers"],
}
_CHECK_OF = {
    "mention_without_role": "every_mention_has_a_role",
    "unread": "every_mention_is_read",
    "speech_without_statement": "direct_speech_is_a_statement",
    "span_is_not_the_quote": "quotes_are_the_text_between_their_ends",
    "idle_rule": "every_rule_applies_to_something",
    "impossible_rule": RULES_CAN_HOLD,
    "not_as_described": AS_DESCRIBED,
}
_SPANS = {
    "quotes_are_the_text_between_their_ends": (
        "text[quote_start:quote_end] == quote, in Unicode code points"
    )
}
_EXTRA = {
    "observations": _SPANS,
    "events": _SPANS,
    "statements": _SPANS,
    "mentions": {
        "every_mention_has_a_role": (
            "Every number and date of every text is a value, a period, a name, a label, or waived"
        ),
        "every_mention_is_read": (
            "Every number of every text can be read whole, or a note of its row says how it is read"
        ),
        "direct_speech_is_a_statement": "What stands in quotation marks is a statement, or waived",
    },
    "rules": {
        WELL_FORMED: (
            "Every rule can be read, has the keys of its kind, and names indicators "
            "and facts that are there"
        )
    },
    "rule_terms": {"every_rule_applies_to_something": "Every rule finds facts that it applies to"},
    "check_results": {
        RULES_CAN_HOLD: "Some facts could meet all rules together",
        FACTS_ARE_CHECKED: "Every observation and event is part of some rule (information)",
    },
}


def typed_checks(table: str) -> dict[str, str]:
    """Return the checks of a table that come from its raw file or its schema: name and
    description.
    """
    checks = {}
    if schema := _TYPED.get(table):
        checks[WELL_FORMED] = (
            f"{schema.name} is there, is UTF-8, and has the columns and cells that it should have"
        )
        for name, column in typed_columns(schema).items():
            checks[_column_check(name)] = f"{column.title}: {column.description}"
        for check in schema.checks:
            checks[str(check.name)] = f"{check.title}: {check.description}"
    checks |= _EXTRA.get(table, {})
    checks[AS_DESCRIBED] = (
        "The table has the columns, types, keys and ranges that its schema describes: "
        f"{TABLES[table].description}"
    )
    return checks


def _column_check(column: str) -> str:
    return f"{column.replace('.', '_')}_is_sound"


def specs(table: str, checks: dict[str, str], *, blocking: bool = True) -> list[dg.AssetCheckSpec]:
    """Return the specifications of some checks of an asset."""
    return [
        dg.AssetCheckSpec(name, asset=table, description=words, blocking=blocking)
        for name, words in checks.items()
    ]


def only_wanted(
    results: Iterable[dg.AssetCheckResult], wanted: Container[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult]:
    """Yield the results of the checks that a run has selected."""
    for result in results:
        if (
            result.asset_key
            and result.check_name
            and dg.AssetCheckKey(result.asset_key, result.check_name) in wanted
        ):
            yield result


def of_built(table: str, built: Built) -> Iterator[dg.AssetCheckResult]:
    """Yield a result for each check of a table that is about its file or its schema; each defect
    and remark belongs to one.
    """
    for name, lines in built.remarks.items():
        yield of_remark(table, name, lines)
    names = [name for name in typed_checks(table) if name not in built.remarks]
    by_check: dict[str, list[Defect]] = {name: [] for name in names}
    for defect in sorted(set(built.defects)):
        candidates = (
            _CHECK_OF.get(defect.code, defect.code),
            _column_check(defect.column),
            WELL_FORMED,
        )
        by_check[next((name for name in candidates if name in by_check), names[-2:][0])].append(
            defect
        )
    for name, wrong in by_check.items():
        yield of_check(table, name, wrong)


def of_check(table: str, name: str, wrong: list[Defect]) -> dg.AssetCheckResult:
    """Return the result of a check that fails where there are defects, with the rows that fail."""
    metadata: dict[str, Any] = {"defects": len(wrong)}
    if wrong:
        metadata["rows"] = _rows(wrong)
    first = f"{wrong[0].file}, line {wrong[0].line}: {wrong[0].message}" if wrong else "No defect"
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return dg.AssetCheckResult(
        asset_key=table,
        check_name=name,
        passed=not wrong,
        description=first + more,
        metadata=metadata,
    )


def _rows(wrong: list[Defect]) -> dg.MetadataValue:
    records = [
        dg.TableRecord(
            {
                "file": d.file,
                "line": d.line,
                "column": d.column,
                "stands there": d.found,
                "expected": d.expected,
                "code": d.code,
            }
        )
        for d in wrong[:SHOWN]
    ]
    return dg.MetadataValue.table(records)


def of_remark(table: str, name: str, lines: list[str]) -> dg.AssetCheckResult:
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


def of_rules(rule_ids: Collection[str], results: pl.DataFrame) -> Iterator[dg.AssetCheckResult]:
    """Yield the result of each rule: a finding warns; what is possible or certain passes, and says
    which.

    All other rules are one check together, if that is among the names.
    """
    gravest = pl.col("status").cast(pl.Enum(list(STATUSES)))
    found = results.sort(gravest, "rule_id", "group_id")
    is_named = pl.col("rule_id").is_in(list(rule_ids))
    check = pl.when(is_named).then("rule_id").otherwise(pl.lit(DOCUMENTS_AGREE))
    told = found.with_columns(check=check).partition_by("check", as_dict=True)
    for rule_id in rule_ids:
        yield _of_rule(rule_id, told.get((rule_id,), found[:0]))


def _of_rule(rule_id: str, groups: pl.DataFrame) -> dg.AssetCheckResult:
    """Return the result of a rule from its groups, those worth knowing first."""
    first = next(iter(groups["explanation"]), _NO_RULE if rule_id == DOCUMENTS_AGREE else _NO_GROUP)
    counts = groups["status"].value_counts().sort("status").iter_rows()
    of_several = ["rule_id"] if rule_id == DOCUMENTS_AGREE else []
    columns = [*of_several, "group_id", "status", "reason", "explanation"]
    records = [
        dg.TableRecord({name: str(row[name] or "") for name in columns})
        for row in groups.head(SHOWN).to_dicts()
    ]
    return dg.AssetCheckResult(
        asset_key="check_results",
        check_name=rule_id,
        passed="finding" not in groups["status"],
        severity=dg.AssetCheckSeverity.WARN,
        description=first
        + (f" (and {groups.height - 1} more groups)" if groups.height > 1 else ""),
        metadata={
            **dict(counts),
            "groups": dg.MetadataValue.table(
                records or [dg.TableRecord(dict.fromkeys(columns, ""))]
            ),
        },
    )
