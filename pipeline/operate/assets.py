"""The assets of the published tables: one for each, those of a step together.

Belongs here: what Dagster needs to know of each step, and which of its tables a run writes. Does
not belong here: any computing; that is steps.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import dagster as dg
from pandera.polars import DataFrameSchema

from pipeline.built import Built
from pipeline.defects import in_order
from pipeline.operate.asset_factory import Outcome, assets_of
from pipeline.operate.checks import typed_checks
from pipeline.operate.evaluations import RESULTS, Results, of_built, of_rules
from pipeline.operate.pictures import kept_pictures
from pipeline.operate.raw_assets import keys_of
from pipeline.operate.workspace import Snapshot, Workspace, state_of_step
from pipeline.read.validate import not_as_described
from pipeline.release.files import logical_hash
from pipeline.rule_steps import findings_of
from pipeline.steps import OF_FINDINGS, STEPS, Step
from schemas.columns import in_words
from schemas.tables import TABLES

PREVIEW = 20
"""Rows that an asset shows after a run."""


def table_assets(workspace: Workspace, rules: Mapping[str, str]) -> list[dg.AssetsDefinition]:
    """Return the assets of the steps; `rules` are those that have a check each, name and title."""
    pictures = kept_pictures(workspace)
    return [_assets_of(step, workspace, rules, pictures) for step in STEPS]


def _assets_of(
    step: Step, workspace: Workspace, rules: Mapping[str, str], pictures: Mapping[str, str]
) -> dg.AssetsDefinition:
    checks = {table: typed_checks(table) for table in step.tables}
    if RESULTS in checks:
        checks[RESULTS] |= rules
    return assets_of(
        f"build_{step.tables[0]}",
        [_spec(table, step, workspace, pictures.get(table, "")) for table in step.tables],
        checks,
        workspace,
        partial(_build, step, workspace, rules),
    )


def _build(
    step: Step, workspace: Workspace, rules: Mapping[str, str], context: dg.AssetExecutionContext
) -> Outcome:
    """Build the tables of a step, and keep those that the run has selected; where they stand in the
    state that they would have, nothing is built or written.
    """
    snapshot = workspace.snapshot(context.run.run_id)
    before = {name: workspace.state_of(name) for name in step.built_before}
    state = state_of_step(step, snapshot.parts, before)
    standing = workspace.standing(step.tables, state)
    built = standing or _built(step, workspace, snapshot)
    results = [one for name in built for one in of_built(name, built[name], workspace)]
    results += _of_rules(rules, built, workspace, snapshot)
    defects = in_order(defect for one in built.values() for defect in one.defects)
    wanted = [name for name in built if dg.AssetKey(name) in context.selected_asset_keys]
    if defects:
        return Outcome([], results, defects)
    for name in [] if standing else wanted:
        content = logical_hash(built[name].table, TABLES[name])
        workspace.write_table(name, built[name], state, content)
    return Outcome([_materialised(name, workspace) for name in wanted], results)


def _built(step: Step, workspace: Workspace, snapshot: Snapshot) -> dict[str, Built]:
    """Return what a step builds, in the order of its tables, with what is not as described."""
    given = snapshot.read.given(step.needs) | workspace.read_tables(step.built_before)
    built = step.build(given, workspace.reading)
    snapshot.read.drop_texts_after(step.tables)
    return {
        name: replace(
            one, defects=one.defects + not_as_described(one.table, TABLES[name], workspace.reading)
        )
        for name, one in ((name, built[name]) for name in step.tables)
    }


def _of_rules(
    rules: Mapping[str, str], built: Mapping[str, Built], workspace: Workspace, snapshot: Snapshot
) -> Results:
    """Yield the results of rules, where the step gives what they say: what is a finding tells
    check_results, whether it is acknowledged the findings.
    """
    if RESULTS in built:
        given = snapshot.read.given(OF_FINDINGS) | {name: built[name].table for name in built}
        yield from of_rules(rules, built[RESULTS].table, findings_of(given).table)
    elif "findings" in built:
        results = workspace.read_tables([RESULTS])[RESULTS]
        yield from of_rules(rules, results, built["findings"].table)


def _spec(table: str, step: Step, workspace: Workspace, picture: str) -> dg.AssetSpec:
    schema = TABLES[table]
    typed = [key for part in step.parts for key in keys_of(part, workspace)]
    return dg.AssetSpec(
        table,
        deps=[*typed, *step.built_before],
        group_name=step.group,
        description=f"{in_words(schema)}\n\n{picture}".strip(),
        kinds={"polars", "pandera"} if step.group in {"sources", "facts"} else {"polars", "duckdb"},
        metadata={"dagster/column_schema": column_schema(schema)},
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


def _materialised(table: str, workspace: Workspace) -> dg.MaterializeResult[Any]:
    """Return what the UI shows of a table that is kept; its data version is the hash of its
    values.
    """
    rows, height = workspace.head_of(table, PREVIEW)
    content = workspace.content_of(table)
    metadata: dict[str, Any] = {"dagster/row_count": height, "sha256": content}
    if height:
        metadata["preview"] = dg.MetadataValue.table(
            [_record(row) for row in rows.iter_rows(named=True)]
        )
    return dg.MaterializeResult(
        asset_key=table, metadata=metadata, data_version=dg.DataVersion(str(content))
    )


def _record(row: Mapping[str, Any]) -> dg.TableRecord:
    return dg.TableRecord(
        {
            name: cell if isinstance(cell, int | bool) else str(cell if cell is not None else "")
            for name, cell in row.items()
        }
    )
