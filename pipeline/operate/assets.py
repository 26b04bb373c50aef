"""The assets: one for each published table, the DuckDB file, and the release.

Belongs here: what Dagster needs to know of each step, and in which order a step's results are told. Does not belong here:
any computing; that is steps, release.database and release.release.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import pandera.errors
import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.built import Built
from pipeline.operate import checks
from pipeline.operate.workspace import MIXED, Workspace
from pipeline.steps import STEPS, Step
from schemas.tables import TABLES

Events = Iterator[dg.AssetCheckResult | dg.MaterializeResult[Any]]
PREVIEW = 20
"""Rows that an asset shows after a run."""


def table_assets(workspace: Workspace, rules: Mapping[str, str]) -> list[dg.AssetsDefinition]:
    """Return the assets of the steps; `rules` are the rules that there are, name and description, each of them a check."""
    return [_assets_of(step, workspace, rules) for step in STEPS]


def _assets_of(step: Step, workspace: Workspace, rules: Mapping[str, str]) -> dg.AssetsDefinition:
    rule_checks = rules if "check_results" in step.tables else {}
    check_specs = [spec for table in step.tables for spec in checks.specs(table, checks.typed_checks(table))]
    check_specs += checks.specs("check_results", dict(rule_checks), blocking=False)

    @dg.multi_asset(
        name="_".join(("build", *step.tables)),
        specs=[_spec(table, step) for table in step.tables],
        check_specs=check_specs,
        can_subset=True,
    )
    def build(context: dg.AssetExecutionContext) -> Events:
        workspace.tell(", ".join(step.tables))
        state = workspace.state()
        stale = workspace.out_of_date(step.needs, state)
        built = step.build(workspace.raw_folder(), workspace.read_tables(step.needs))
        failures = {table: schema_failures(table, built[table].table) for table in step.tables}
        results = [result for table in step.tables for result in _typed_results(table, built[table], failures[table])]
        if rule_checks:
            results += _rule_results(rule_checks, built["check_results"].table, workspace)
        if not any(one.defects for one in built.values()) and not any(failures.values()):
            for table in step.tables:
                if dg.AssetKey(table) in context.selected_asset_keys:
                    workspace.write_table(table, built[table].table, MIXED if stale else state)
                    yield dg.MaterializeResult(asset_key=table, metadata=_after_run(built[table].table))
        else:
            context.log.error("Nothing was written: the checks show what has to be mended in raw/.")
        yield from checks.only_wanted(results, context.selected_asset_check_keys)

    return build


def _spec(table: str, step: Step) -> dg.AssetSpec:
    schema = TABLES[table]
    return dg.AssetSpec(
        table,
        deps=list(step.needs),
        group_name=step.group,
        description=f"{schema.title}. {schema.description}.",
        kinds={"polars", "pandera"} if step.group in {"sources", "facts"} else {"polars", "duckdb"},
        owners=["team:curators"],
        metadata={"dagster/column_schema": column_schema(schema)},
        skippable=True,
    )


def column_schema(schema: DataFrameSchema) -> dg.TableSchema:
    """Return the columns of a table as the UI shows them, before any run."""
    columns = []
    for name, column in schema.columns.items():
        unit = (column.metadata or {}).get("unit")
        words = f"{column.title}. {column.description}." + (f" Unit: {unit}." if unit else "")
        constraints = dg.TableColumnConstraints(nullable=column.nullable, unique=schema.unique == [name])
        columns.append(dg.TableColumn(name, str(column.dtype.type), description=words, constraints=constraints))
    return dg.TableSchema(columns=columns)


def schema_failures(table: str, frame: pl.DataFrame) -> list[str]:
    """Return where a derived table is not as its schema describes it."""
    try:
        TABLES[table].validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return [
            f"{case['column']}: {case['check']} ({case['failure_case']})" for case in errors.failure_cases.iter_rows(named=True)
        ]
    return []


def _typed_results(table: str, built: Built, failures: list[str]) -> list[dg.AssetCheckResult]:
    return [*checks.of_built(table, built), checks.of_schema(table, failures)]


def _rule_results(rules: Mapping[str, str], results: pl.DataFrame, workspace: Workspace) -> list[dg.AssetCheckResult]:
    from pipeline.steps import findings_of  # noqa: PLC0415 (only here)

    tables = {"check_results": results}
    findings = findings_of(workspace.raw_folder(), tables).table
    return [checks.of_rule(rule_id, results, findings) for rule_id in rules]


def _after_run(table: pl.DataFrame) -> dict[str, dg.MetadataValue]:
    rows = [
        dg.TableRecord(
            {name: cell if isinstance(cell, int | bool) else str(cell if cell is not None else "") for name, cell in row.items()}
        )
        for row in table.head(PREVIEW).iter_rows(named=True)
    ]
    metadata: dict[str, dg.MetadataValue] = {"dagster/row_count": dg.MetadataValue.int(table.height)}
    return metadata | ({"preview": dg.MetadataValue.table(rows)} if rows else {})
