"""The code location for a raw/ and an outputs/ folder: assets, checks, and the jobs `check` and
`release`.

Errors in raw/ never keep this from loading: rules are read tolerantly here, and fail a check when
they are used.
"""

import dagster as dg

from pipeline.operate.assets import table_assets
from pipeline.operate.raw_assets import MOST_DOCUMENTS, raw_assets, raw_sensor
from pipeline.operate.release_assets import PUBLISHED, release_assets
from pipeline.operate.workspace import Workspace
from pipeline.read.raw_folder import RawFolder
from pipeline.read.source_toml import read_sources
from pipeline.rules.rules_file import read_rules, read_rules_for_any_source
from schemas.rules import DOCUMENTS_AGREE


def definitions(workspace: Workspace) -> dg.Definitions:
    """Return the definitions for a workspace."""
    everything = dg.AssetSelection.all()
    check = everything - dg.AssetSelection.groups(PUBLISHED)
    return dg.Definitions(
        assets=[
            raw_assets(workspace),
            *table_assets(workspace, _rules(workspace)),
            *release_assets(workspace),
        ],
        jobs=[
            dg.define_asset_job(
                "check",
                check,
                description="Validate raw/ and run every rule; no DuckDB file, no release",
            ),
            dg.define_asset_job(
                "release",
                everything,
                description="Everything: tables, checks, DuckDB file, release",
            ),
        ],
        sensors=[raw_sensor(workspace)],
        # a process for each asset would take longer to start than the asset to build
        executor=dg.in_process_executor,
    )


def _rules(workspace: Workspace) -> dict[str, str]:
    """Return the rules that have a check each, name and title; where documents are many, their own
    have one together.
    """
    raw = RawFolder(workspace.raw)
    are_few = len(raw.source_ids()) <= MOST_DOCUMENTS
    rules = {
        placed.rule.id: placed.rule.title
        for placed in (
            read_rules(raw, read_sources(raw)).rules if are_few else read_rules_for_any_source(raw)
        )
    }
    together = {
        DOCUMENTS_AGREE: (
            "What a document says is as the rules demand that stand in its own rules.toml"
        )
    }
    return rules if are_few else rules | together
