"""The assets at the end: the DuckDB file, and the release. They refuse tables of different
states.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dagster as dg

from pipeline.built import Tables
from pipeline.fingerprint import code_version, content_hash, digest_of, hash_of
from pipeline.operate import checks
from pipeline.operate.assets import Result
from pipeline.operate.pictures import charts
from pipeline.operate.raw_assets import keys_of
from pipeline.operate.workspace import Workspace
from pipeline.parts import Given
from pipeline.read.raw_folder import DOCUMENTS, OF_RELEASES, RELEASES_FILE
from pipeline.release.database import FILE, VIEWS, build_database, view_sql
from pipeline.release.opened import HASHES, hashes_in
from pipeline.release.release import Published, publish, with_history
from pipeline.rule_steps import findings_of
from pipeline.steps import OF_FINDINGS
from schemas.tables import DATABASE_TABLES, TABLES

DATABASE = FILE.replace(".", "_")
RELEASE = "release"
PUBLISHED = "release"
"""The group of these assets: what stands outside of the tables, so that checking alone touches none
of it.
"""

LINKS = 100
"""Files of a release that the asset links to."""

_FILES = {"parquet", "csv"}
_TABLES_ARE_OF_ONE_STATE = "Every table was built from raw/ and code as they are now"

Build = Callable[[dg.AssetExecutionContext], Iterator[Result]]


def release_assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """Return the assets of the DuckDB file and of the release."""
    return [_database(workspace), _release(workspace)]


@dataclass(frozen=True)
class Read:
    """What the two assets are made of, read before its state is looked at, so that what is judged
    is what is published.
    """

    typed: Given
    tables: Tables
    originals: Mapping[str, bytes]
    one_state: dg.AssetCheckResult


def _read(asset: str, workspace: Workspace) -> Read:
    read = workspace.read()
    typed = read.given(OF_FINDINGS)
    tables = with_history(
        workspace.read_tables(name for name in TABLES if workspace.state_of(name)),
        workspace.outputs,
        typed[RELEASES_FILE].sound().rows,
    )
    originals = read.raw.originals()
    one_state = checks.of_check(asset, checks.ONE_STATE, workspace.out_of_date())
    return Read(typed, tables, originals, one_state)


def _asset(
    name: str, spec: dg.AssetSpec, its_checks: dict[str, str]
) -> Callable[[Build], dg.AssetsDefinition]:
    """Return what makes a function that builds something published, and judges it by some checks,
    its asset.
    """
    spec = spec.replace_attributes(
        group_name=PUBLISHED, owners=["team:curators"], code_version=code_version(), skippable=True
    )
    check_specs = checks.specs(spec.key.to_user_string(), its_checks)
    return dg.multi_asset(name=name, specs=[spec], check_specs=check_specs, can_subset=True)


def _database(workspace: Workspace) -> dg.AssetsDefinition:
    views = "\n".join(f"- `{name}`: {view_sql(name)[0]}" for name in VIEWS)

    spec = dg.AssetSpec(
        DATABASE,
        deps=[*keys_of(RELEASES_FILE, workspace), *TABLES],
        kinds={"duckdb"},
        description=f"The DuckDB file with every table, and these views for people:\n{views}",
    )

    @_asset("build_database", spec, {checks.ONE_STATE: _TABLES_ARE_OF_ONE_STATE})
    def build(context: dg.AssetExecutionContext) -> Iterator[Result]:
        workspace.tell(FILE)
        with workspace.alone():
            read = _read(DATABASE, workspace)
            path = None
            if read.one_state.passed and context.selected_asset_keys:
                path = build_database(read.tables, workspace.outputs)
        if path:
            yield _built_database(path, read.tables, workspace)
        yield from checks.only_wanted([read.one_state], context.selected_asset_check_keys)

    return build


def _built_database(path: Path, tables: Tables, workspace: Workspace) -> dg.MaterializeResult[Any]:
    sizes = [
        dg.TableRecord({"table": name, "rows": tables[name].height, "holds": schema.title or ""})
        for name, schema in DATABASE_TABLES.items()
    ]
    metadata: dict[str, Any] = {
        "file": path.absolute(),
        **{
            f"picture of {name}": dg.MetadataValue.md(picture)
            for name, picture in charts(tables).items()
        },
        "tables": dg.MetadataValue.table(sizes),
    }
    states = map(str, map(workspace.state_of, TABLES))
    version = dg.DataVersion(digest_of([hash_of(workspace.raw / RELEASES_FILE), *states]))
    return dg.MaterializeResult(asset_key=DATABASE, metadata=metadata, data_version=version)


def _release(workspace: Workspace) -> dg.AssetsDefinition:
    its_checks = {
        checks.ONE_STATE: _TABLES_ARE_OF_ONE_STATE,
        checks.ACKNOWLEDGED: (
            "findings.csv has a row with a reason for every finding, as it is now, and no other"
        ),
        checks.HAS_ITS_ROW: (
            "releases.csv has the row of the release that raw/ builds, and none "
            "published was tampered with"
        ),
    }
    typed = [key for part in (DOCUMENTS, *OF_RELEASES) for key in keys_of(part, workspace)]

    spec = dg.AssetSpec(
        RELEASE,
        deps=[*typed, *TABLES, DATABASE],
        kinds=_FILES,
        description=(
            "The release: page, every table as Parquet and CSV, facts.csv, texts, "
            f"metadata, and {HASHES}"
        ),
    )

    @_asset("build_release", spec, its_checks)
    def build(context: dg.AssetExecutionContext) -> Iterator[Result]:
        workspace.tell(RELEASE)
        published = None
        with workspace.alone():
            read = _read(RELEASE, workspace)
            results = [read.one_state, _acknowledged(read)]
            if all(result.passed for result in results) and context.selected_asset_keys:
                releases = read.typed[RELEASES_FILE].rows
                published = publish(
                    read.tables, read.originals, workspace.outputs, releases, workspace.reading
                )
        if published and not published.defects:
            unchanged = "Nothing has changed: the published release is what raw/ builds."
            context.log.info(
                f"Published {published.folder.name}." if published.is_new else unchanged
            )
            yield _published(published, workspace)
        results.append(
            checks.of_check(RELEASE, checks.HAS_ITS_ROW, published.defects if published else [])
        )
        yield from checks.only_wanted(results, context.selected_asset_check_keys)

    return build


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


def _acknowledged(read: Read) -> dg.AssetCheckResult:
    found = (
        findings_of({**read.typed, **read.tables}).unacknowledged
        if "check_results" in read.tables
        else []
    )
    return checks.of_check(RELEASE, checks.ACKNOWLEDGED, found)
