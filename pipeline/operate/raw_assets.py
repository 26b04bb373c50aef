"""The parts of raw/ as assets: what was typed, each with the hash of its files as its data version.

So the UI shows which tables are out of date, and because of which document. Belongs here: these
assets, and telling Dagster of their versions in a run and between runs. Does not belong here:
reading what was typed.
"""

from typing import Any

import dagster as dg

from pipeline.fingerprint import GONE, content_hash, files_of
from pipeline.operate.asset_factory import Outcome, assets_of
from pipeline.operate.workspace import Workspace
from pipeline.read.raw_folder import (
    CODE_LIST_FOLDER,
    DOCUMENTS,
    FINDINGS_FILE,
    PUBLICATION_FILE,
    RELEASES_FILE,
    RULES_FILE,
)

MOST_DOCUMENTS = 25
"""Documents that have an asset each, and their own rules a check each; where there are more, one
stands for all of them.
"""

MOST_FILES = 100
"""Files that the asset shows."""

_DATA_VERSION = "dagster/data_version"
_DESCRIBED = {
    CODE_LIST_FOLDER: (
        "The code lists as typed: indicators, areas, categories and agents, a CSV file each."
    ),
    RULES_FILE: "The rules that hold for any source, as typed.",
    FINDINGS_FILE: (
        "What the sources get wrong or leave open: each finding that was "
        "acknowledged, with the reason."
    ),
    RELEASES_FILE: "The history of releases: a row with its reason for each.",
    PUBLICATION_FILE: "Where the dataset is published, and where its errors are reported.",
    DOCUMENTS: "The folders of all sources: their texts, and the facts that were read from them.",
}
_DOCUMENT = (
    "A document: its text, and the facts that a person read from it, a CSV file for each type."
)


def keys_of(part: str, workspace: Workspace) -> list[dg.AssetKey]:
    """Return the assets of a part of raw/: of the documents one each, as long as they are few."""
    names = workspace.documents() if part == DOCUMENTS else [part]
    return [
        dg.AssetKey(["raw", name]) for name in (names if len(names) <= MOST_DOCUMENTS else [part])
    ]


def _keys(workspace: Workspace) -> list[dg.AssetKey]:
    return [key for part in _DESCRIBED for key in keys_of(part, workspace)]


def raw_assets(workspace: Workspace) -> dg.AssetsDefinition:
    """Return the assets of the parts of raw/."""
    parts = {key: key.path[-1] for key in _keys(workspace)}

    specs = [
        dg.AssetSpec(
            key,
            group_name="sources",
            description=_DESCRIBED.get(part, _DOCUMENT),
            kinds={"csv"} if part.endswith(".csv") or part == CODE_LIST_FOLDER else {"toml"},
        )
        for key, part in parts.items()
    ]

    def look(context: dg.AssetExecutionContext) -> Outcome:
        hashes = workspace.snapshot(context.run.run_id).parts
        return Outcome(
            [
                dg.MaterializeResult(
                    asset_key=key,
                    metadata=_files_shown(workspace, parts[key]),
                    data_version=dg.DataVersion(hashes.get(parts[key], GONE)),
                )
                for key in sorted(context.selected_asset_keys)
            ]
        )

    return assets_of("look_at_raw", specs, {}, workspace, look)


def _files_shown(workspace: Workspace, part: str) -> dict[str, Any]:
    root = workspace.raw
    paths = [
        path
        for name in (workspace.documents() if part == DOCUMENTS else [part])
        for path in files_of(root / name)
    ]
    rows = [
        dg.TableRecord(
            {
                "file": path.relative_to(root).as_posix(),
                "bytes": path.lstat().st_size,
                "sha256": content_hash(path),
            }
        )
        for path in paths[:MOST_FILES]
    ]
    return {"files": len(paths), **({"which": dg.MetadataValue.table(rows)} if rows else {})}


def raw_sensor(workspace: Workspace) -> dg.SensorDefinition:
    """Return what looks at raw/ between runs, and tells the UI of changes."""
    keys = _keys(workspace)

    @dg.sensor(
        name="raw_changes",
        description=(
            "Tells the UI when files in raw/ change, so that it shows which tables are "
            "out of date. Runs nothing."
        ),
        minimum_interval_seconds=10,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def raw_changes(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        hashes = workspace.parts()
        now = {key: hashes.get(key.path[-1], GONE) for key in keys}
        new = [key for key in keys if _known(context.instance, key) != now[key]]
        if not new:
            return dg.SkipReason("raw/ is as it was.")
        seen = [
            dg.AssetMaterialization(
                key, description="Seen between runs", tags={_DATA_VERSION: now[key]}
            )
            for key in new
        ]
        return dg.SensorResult(asset_events=seen)

    return raw_changes


def _known(instance: dg.DagsterInstance, key: dg.AssetKey) -> str | None:
    """Return the data version of an asset as Dagster knows it."""
    event = instance.get_latest_materialization_event(key)
    materialization = event.asset_materialization if event else None
    return (materialization.tags or {}).get(_DATA_VERSION) if materialization else None
