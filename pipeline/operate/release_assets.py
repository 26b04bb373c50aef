"""The two assets at the end: the DuckDB file and the release. Both refuse tables of different states."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipeline.defects import Defect
from pipeline.operate import checks
from pipeline.operate.workspace import Workspace
from pipeline.release.database import FILE, VIEWS, build_database, view_sql
from pipeline.release.durable import one_build_at_a_time
from pipeline.release.opened import HASHES
from pipeline.release.release import Published, publish
from pipeline.sources.raw_folder import read_releases
from pipeline.steps import findings_of
from schemas.tables import TABLES

DATABASE = FILE.replace(".", "_")
RELEASE = "release"
_TABLES_ARE_OF_ONE_STATE = "Every table was built from raw/ and code as they are now"

Events = Iterator[dg.AssetCheckResult | dg.MaterializeResult[Any]]


def release_assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """Return the assets of the DuckDB file and of the release."""
    return [_database(workspace), _release(workspace)]


def _database(workspace: Workspace) -> dg.AssetsDefinition:
    views = "\n".join(f"- `{name}`: {view_sql(name)[0]}" for name in VIEWS)

    @dg.multi_asset(
        name="build_database",
        specs=[
            dg.AssetSpec(
                DATABASE,
                deps=list(TABLES),
                group_name="release",
                description=f"The DuckDB file with every table, and these views for people:\n{views}",
                kinds={"duckdb"},
                owners=["team:curators"],
                skippable=True,
            )
        ],
        check_specs=checks.specs(DATABASE, {checks.ONE_STATE: _TABLES_ARE_OF_ONE_STATE}),
        can_subset=True,
    )
    def build(context: dg.AssetExecutionContext) -> Events:
        workspace.tell(FILE)
        state = _one_state(DATABASE, workspace)
        if state.passed and context.selected_asset_keys:
            with one_build_at_a_time(workspace.outputs):
                path = build_database(workspace.read_tables(TABLES), workspace.outputs)
            yield dg.MaterializeResult(asset_key=DATABASE, metadata={"file": dg.MetadataValue.path(path)})
        yield from checks.only_wanted([state], context.selected_asset_check_keys)

    return build


def _release(workspace: Workspace) -> dg.AssetsDefinition:
    acknowledged = {
        checks.ACKNOWLEDGED: "findings.csv has a row with a reason for every finding, as it is now, and no other",
        checks.HAS_ITS_ROW: "releases.csv has the row of the release that raw/ builds, and none published was tampered with",
    }

    @dg.multi_asset(
        name="build_release",
        specs=[
            dg.AssetSpec(
                RELEASE,
                deps=[*TABLES, DATABASE],
                group_name="release",
                description=f"The release: page, every table as Parquet and CSV, facts.csv, texts, metadata, and {HASHES}",
                kinds={"parquet", "csv"},
                owners=["team:curators"],
                skippable=True,
            )
        ],
        check_specs=checks.specs(RELEASE, {checks.ONE_STATE: _TABLES_ARE_OF_ONE_STATE, **acknowledged}),
        can_subset=True,
    )
    def build(context: dg.AssetExecutionContext) -> Events:
        workspace.tell(RELEASE)
        results = [_one_state(RELEASE, workspace), _acknowledged(workspace)]
        defects: list[Defect] = []
        if all(result.passed for result in results) and context.selected_asset_keys:
            published = _publish(workspace)
            defects = published.defects
            if not defects:
                words = "" if published.is_new else "Nothing has changed: the published release is what raw/ builds."
                context.log.info(words or f"Published {published.folder.name}.")
                metadata = {
                    "version": dg.MetadataValue.text(published.folder.name),
                    "folder": dg.MetadataValue.path(published.folder),
                    "page": dg.MetadataValue.url((published.folder / "index.html").absolute().as_uri()),
                    "is_new": dg.MetadataValue.bool(published.is_new),
                }
                yield dg.MaterializeResult(asset_key=RELEASE, metadata=metadata)
        results.append(checks.of_check(RELEASE, checks.HAS_ITS_ROW, defects))
        yield from checks.only_wanted(results, context.selected_asset_check_keys)

    return build


def _one_state(asset: str, workspace: Workspace) -> dg.AssetCheckResult:
    stale = workspace.out_of_date(TABLES, workspace.state())
    wrong = [
        Defect(f"tables/{name}.parquet", 1, "", "out_of_date", "", "a table of this state; materialise it first")
        for name in stale
    ]
    return checks.of_check(asset, checks.ONE_STATE, wrong)


def _acknowledged(workspace: Workspace) -> dg.AssetCheckResult:
    if workspace.state_of("check_results") is None:
        return checks.of_check(RELEASE, checks.ACKNOWLEDGED, [])
    found = findings_of(workspace.raw_folder(), workspace.read_tables(["check_results"]))
    return checks.of_check(RELEASE, checks.ACKNOWLEDGED, found.unacknowledged)


def _publish(workspace: Workspace) -> Published:
    raw = workspace.raw_folder()
    tables = workspace.read_tables(TABLES)
    originals = {source_id: raw.original(source_id) for source_id in tables["sources"]["source_id"]}
    with one_build_at_a_time(workspace.outputs):
        return publish(tables, originals, workspace.outputs, read_releases(raw).rows)
