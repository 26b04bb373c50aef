"""The assets: one for each published table, the DuckDB file, and the release.

Belongs here: what Dagster needs to know of each step, and in which order a step's results are told.
Does not belong here: any computing; that is steps, release.database and release.release.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import dagster as dg
import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.fingerprint import code_version
from pipeline.operate import checks
from pipeline.operate.raw_assets import keys_of
from pipeline.operate.workspace import Workspace, state_of_step
from pipeline.read.validate import not_as_described
from pipeline.release.files import logical_hash
from pipeline.steps import STEPS, Step
from schemas.columns import in_words
from schemas.tables import TABLES

PREVIEW = 20
"""Rows that an asset shows after a run."""

Result = dg.AssetCheckResult | dg.MaterializeResult[Any]


def table_assets(workspace: Workspace, rules: Mapping[str, str]) -> list[dg.AssetsDefinition]:
    """Return the assets of the steps; `rules` are those that have a check each, name and title."""
    return [_assets_of(step, workspace, rules) for step in STEPS]


def _assets_of(step: Step, workspace: Workspace, rules: Mapping[str, str]) -> dg.AssetsDefinition:
    rule_checks = rules if "check_results" in step.tables else {}
    check_specs = [
        spec for table in step.tables for spec in checks.specs(table, checks.typed_checks(table))
    ]
    check_specs += checks.specs("check_results", dict(rule_checks), blocking=False)
    typed = [key for part in step.parts for key in keys_of(part, workspace)]

    @dg.multi_asset(
        name="_".join(("build", *step.tables)),
        specs=[_spec(table, step, typed) for table in step.tables],
        check_specs=check_specs,
        can_subset=True,
    )
    def build(context: dg.AssetExecutionContext) -> Iterator[Result]:
        workspace.tell(", ".join(step.tables))
        with workspace.alone():
            results = _build(step, workspace, rule_checks, context)
        yield from results

    return build


def _build(
    step: Step, workspace: Workspace, rules: Mapping[str, str], context: dg.AssetExecutionContext
) -> list[Result]:
    """Build the tables of a step, keep those that the run has selected, and return what Dagster is
    told of it.
    """
    snapshot = workspace.snapshot(context.run.run_id)
    state = state_of_step(
        step, snapshot.parts, {name: workspace.state_of(name) for name in step.built_before}
    )
    given = snapshot.read.given(step.needs) | workspace.read_tables(step.built_before)
    built = {
        table: replace(
            one, defects=one.defects + not_as_described(one.table, TABLES[table], workspace.reading)
        )
        for table, one in step.build(given, workspace.reading).items()
    }
    results: list[Result] = []
    if any(one.defects for one in built.values()):
        context.log.error("Nothing was written: the checks show what has to be mended in raw/.")
    else:
        for table in step.tables:
            if dg.AssetKey(table) in context.selected_asset_keys:
                content = logical_hash(built[table].table, TABLES[table])
                workspace.write_table(table, built[table].table, state)
                results.append(_materialised(table, built[table].table, content))
    found = [result for table in step.tables for result in checks.of_built(table, built[table])]
    if rules:
        found += checks.of_rules(rules, built["check_results"].table)
    snapshot.read.drop_texts_after(step.tables)
    return [*results, *checks.only_wanted(found, context.selected_asset_check_keys)]


def _spec(table: str, step: Step, typed: list[dg.AssetKey]) -> dg.AssetSpec:
    schema = TABLES[table]
    return dg.AssetSpec(
        table,
        deps=[*typed, *step.built_before],
        group_name=step.group,
        description=in_words(schema),
        kinds={"polars", "pandera"} if step.group in {"sources", "facts"} else {"polars", "duckdb"},
        owners=["team:curators"],
        metadata={"dagster/column_schema": column_schema(schema)},
        code_version=code_version(),
        skippable=True,
    )


def column_schema(schema: DataFrameSchema) -> dg.TableSchema:
    """Return the columns of a table as the UI shows them, before any run."""
    columns = []
    for name, column in schema.columns.items():
        constraints = dg.TableColumnConstraints(
            nullable=column.nullable, unique=schema.unique == [name]
        )
        columns.append(
            dg.TableColumn(
                name, str(column.dtype.type), description=in_words(column), constraints=constraints
            )
        )
    return dg.TableSchema(columns=columns)


def _materialised(table: str, frame: pl.DataFrame, content: str) -> dg.MaterializeResult[Any]:
    """Return what the UI shows of a table that was built; its data version is `content`, the hash
    of its values.
    """
    metadata: dict[str, Any] = {"dagster/row_count": frame.height, "sha256": content}
    if frame.height:
        metadata["preview"] = dg.MetadataValue.table(
            [_record(row) for row in frame.head(PREVIEW).iter_rows(named=True)]
        )
    return dg.MaterializeResult(
        asset_key=table, metadata=metadata, data_version=dg.DataVersion(content)
    )


def _record(row: Mapping[str, Any]) -> dg.TableRecord:
    return dg.TableRecord(
        {
            name: cell if isinstance(cell, int | bool) else str(cell if cell is not None else "")
            for name, cell in row.items()
        }
    )
