"""Runs of the assets in this process, for the tests of the Dagster side."""

import logging
from pathlib import Path

import dagster as dg

from pipeline.operate.code_location import definitions
from pipeline.operate.workspace import Workspace
from pipeline.read.raw_folder import BESIDE
from tests.conftest import SOURCE

PARTS = {f"raw/{part}" for part in (SOURCE, *BESIDE)}
"""The assets of raw/, for the article alone."""


def run(
    raw: Path,
    outputs: Path,
    what: dg.AssetSelection | str = "release",
    releases_url: str | None = None,
    errors: list[str] | None = None,
) -> dg.ExecuteInProcessResult:
    """Run a job, by its name, or what is selected, and return how it went; `errors` gets what was
    logged as such, in words of ours.
    """
    loaded = definitions(Workspace(raw, outputs, releases_url=releases_url))
    job = what if isinstance(what, str) else "part"
    if isinstance(what, dg.AssetSelection):
        part = dg.define_asset_job(job, what)
        loaded = dg.Definitions(assets=loaded.assets, jobs=[part], executor=dg.in_process_executor)
    with dg.DagsterInstance.ephemeral() as instance:
        result = loaded.resolve_job_def(job).execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        if errors is not None:
            errors += (
                entry.user_message
                for entry in instance.all_logs(result.run_id)
                if entry.level == logging.ERROR and not entry.is_dagster_event
            )
        return result


def checks(result: dg.ExecuteInProcessResult) -> dict[tuple[str, str], dg.AssetCheckEvaluation]:
    return {
        (found.asset_key.to_user_string(), found.check_name): found
        for found in result.get_asset_check_evaluations()
    }
