"""Runs of the assets in this process, for the tests of the Dagster side."""

from contextlib import nullcontext
from pathlib import Path

import dagster as dg

from pipeline.operate.code_location import definitions
from pipeline.operate.workspace import Workspace
from tests.conftest import SOURCE

PARTS = {f"raw/{part}" for part in (SOURCE, "codelists", "rules.toml", "findings.csv", "releases.csv")}
"""The assets of raw/, for the article alone."""


def run(
    raw: Path, outputs: Path, selection: dg.AssetSelection | None = None, instance: dg.DagsterInstance | None = None
) -> dg.ExecuteInProcessResult:
    loaded = definitions(Workspace(raw, outputs))
    name = "release" if selection is None else "part"
    if selection is not None:
        job = dg.define_asset_job(name, selection)
        loaded = dg.Definitions(assets=loaded.assets, jobs=[job], executor=dg.in_process_executor)
    with nullcontext(instance) if instance else dg.DagsterInstance.ephemeral() as used:
        return loaded.resolve_job_def(name).execute_in_process(
            instance=used, raise_on_error=False, run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        )


def checks(result: dg.ExecuteInProcessResult) -> dict[tuple[str, str], dg.AssetCheckEvaluation]:
    return {(found.asset_key.to_user_string(), found.check_name): found for found in result.get_asset_check_evaluations()}
