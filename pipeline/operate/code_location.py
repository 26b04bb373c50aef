"""The code location for a raw/ and an outputs/ folder: assets, checks, and the jobs `check` and `release`.

Errors in raw/ never keep this from loading: rules are read tolerantly here, and fail a check when they are used.
"""

import dagster as dg

from pipeline.consistency.rules import read_rules
from pipeline.operate.assets import table_assets
from pipeline.operate.raw_assets import raw_assets, raw_sensors
from pipeline.operate.release_assets import PUBLISHED, release_assets
from pipeline.operate.workspace import Workspace
from pipeline.sources.raw_folder import RawFolder


def definitions(workspace: Workspace) -> dg.Definitions:
    """Return the definitions for a workspace."""
    rules, _ = read_rules(RawFolder(workspace.raw))
    described = {placed.rule.id: placed.rule.title for placed in rules}
    everything = dg.AssetSelection.all()
    check = everything - dg.AssetSelection.groups(PUBLISHED)
    return dg.Definitions(
        assets=[raw_assets(workspace), *table_assets(workspace, described), *release_assets(workspace)],
        jobs=[
            dg.define_asset_job("check", check, description="Validate raw/ and run every rule; no DuckDB file, no release"),
            dg.define_asset_job("release", everything, description="Everything: tables, checks, DuckDB file, release"),
        ],
        sensors=raw_sensors(workspace),
        # a process for each asset would take longer to start than the asset to build
        executor=dg.in_process_executor,
    )
