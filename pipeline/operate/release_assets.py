"""The assets at the end: the DuckDB file, and the release. They refuse tables of different
states.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dagster as dg

from pipeline.built import Tables
from pipeline.defects import Defect
from pipeline.fingerprint import content_hash, digest_of, hash_of
from pipeline.operate.asset_factory import Outcome, assets_of
from pipeline.operate.checks import ACKNOWLEDGED, OF_PUBLISHED, ONE_STATE
from pipeline.operate.evaluations import not_run, of_defects
from pipeline.operate.pictures import keep_pictures
from pipeline.operate.raw_assets import keys_of
from pipeline.operate.workspace import DATABASE, RELEASE, Workspace
from pipeline.parts import Given
from pipeline.read.raw_folder import DOCUMENTS, OF_RELEASES, RELEASES_FILE
from pipeline.release.database import VIEWS, build_database, view_sql
from pipeline.release.opened import HASHES, hashes_in
from pipeline.release.release import Published, publish, with_history
from pipeline.rule_steps import findings_of
from pipeline.steps import OF_FINDINGS
from schemas.tables import DATABASE_TABLES, TABLES

PUBLISHED = "release"
"""The group of these assets: what stands outside of the tables, so that checking alone touches none
of it.
"""

LINKS = 100
"""Files of a release that the asset links to."""


@dataclass(frozen=True)
class Read:
    """What the two assets are made of, read before its state is looked at, so that what is judged
    is what is published.
    """

    typed: Given
    tables: Tables
    originals: Mapping[str, bytes]
    out_of_date: list[Defect]


def release_assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """Return the assets of the DuckDB file and of the release."""
    views = "\n".join(f"- `{name}`: {view_sql(name)[0]}" for name in VIEWS)
    typed = [key for part in (DOCUMENTS, *OF_RELEASES) for key in keys_of(part, workspace)]
    database = dg.AssetSpec(
        DATABASE,
        deps=[*keys_of(RELEASES_FILE, workspace), *TABLES],
        group_name=PUBLISHED,
        kinds={"duckdb"},
        description=f"The DuckDB file with every table, and these views for people:\n{views}",
    )
    release = dg.AssetSpec(
        RELEASE,
        deps=[*typed, *TABLES, DATABASE],
        group_name=PUBLISHED,
        kinds={"parquet", "csv"},
        description=(
            "The release: page, every table as Parquet and CSV, facts.csv, texts, "
            f"metadata, and {HASHES}"
        ),
    )
    return [
        assets_of(name, [spec], {key: OF_PUBLISHED[key]}, workspace, partial(build, workspace))
        for name, key, spec, build in (
            ("build_database", DATABASE, database, _build_database),
            ("build_release", RELEASE, release, _build_release),
        )
    ]


def _read(workspace: Workspace) -> Read:
    read = workspace.read()
    typed = read.given(OF_FINDINGS)
    tables = with_history(
        workspace.read_tables(name for name in TABLES if workspace.state_of(name)),
        workspace.outputs,
        typed[RELEASES_FILE].sound().rows,
    )
    originals = read.raw.originals()
    return Read(typed, tables, originals, workspace.out_of_date())


def _build_database(workspace: Workspace, context: dg.AssetExecutionContext) -> Outcome:
    read = _read(workspace)
    results = [*of_defects(DATABASE, [ONE_STATE], read.out_of_date, workspace)]
    if read.out_of_date or not context.selected_asset_keys:
        return Outcome([], results, read.out_of_date)
    path = build_database(read.tables, workspace.outputs)
    keep_pictures(read.tables, workspace)
    return Outcome([_built_database(path, read.tables, workspace)], results)


def _built_database(path: Path, tables: Tables, workspace: Workspace) -> dg.MaterializeResult[Any]:
    sizes = [
        dg.TableRecord({"table": name, "rows": tables[name].height, "holds": schema.title or ""})
        for name, schema in DATABASE_TABLES.items()
    ]
    metadata: dict[str, Any] = {"file": path.absolute(), "tables": dg.MetadataValue.table(sizes)}
    states = map(str, map(workspace.state_of, TABLES))
    version = dg.DataVersion(digest_of([hash_of(workspace.raw / RELEASES_FILE), *states]))
    return dg.MaterializeResult(asset_key=DATABASE, metadata=metadata, data_version=version)


def _build_release(workspace: Workspace, context: dg.AssetExecutionContext) -> Outcome:
    read = _read(workspace)
    unacknowledged = (
        findings_of({**read.typed, **read.tables}).unacknowledged
        if "check_results" in read.tables
        else []
    )
    before, after = (ONE_STATE, ACKNOWLEDGED), [*OF_PUBLISHED[RELEASE]][2:]
    defects = read.out_of_date + unacknowledged
    results = [*of_defects(RELEASE, before, defects, workspace)]
    if defects or not context.selected_asset_keys:
        keys = [dg.AssetCheckKey(dg.AssetKey(RELEASE), name) for name in after]
        return Outcome([], [*results, *not_run(keys, workspace)], defects)
    published = publish(
        read.tables,
        read.originals,
        workspace.outputs,
        read.typed[RELEASES_FILE].rows,
        workspace.reading,
    )
    results += of_defects(RELEASE, after, published.defects, workspace)
    if published.defects:
        return Outcome([], results, published.defects)
    unchanged = "Nothing has changed: the published release is what raw/ builds."
    context.log.info(f"Published {published.folder.name}." if published.is_new else unchanged)
    return Outcome([_published(published, workspace)], results)


def _published(published: Published, workspace: Workspace) -> dg.MaterializeResult[Any]:
    folder = published.folder.absolute()
    address = (
        f"{workspace.releases_url}/{folder.name}" if workspace.releases_url else folder.as_uri()
    )
    listed = hashes_in((folder / HASHES).read_bytes())
    paths = ["index.html", "facts.csv", *(path for path in listed if "/" in path)]
    metadata: dict[str, Any] = {
        "version": folder.name,
        "is_new": published.is_new,
        "folder": folder,
        "page": dg.MetadataValue.url(f"{address}/index.html"),
        "files": dg.MetadataValue.md(
            "\n".join(f"- [{path}]({address}/{quote(path)})" for path in paths[:LINKS])
        ),
    }
    return dg.MaterializeResult(
        asset_key=RELEASE,
        metadata=metadata,
        data_version=dg.DataVersion(content_hash(folder / HASHES)),
    )
