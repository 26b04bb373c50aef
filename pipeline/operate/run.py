"""Run the Dagster job `release` for the command line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from pipeline.check import check
from pipeline.defects import Defect
from pipeline.operate import checks
from pipeline.operate.code_location import definitions
from pipeline.operate.release_assets import RELEASE, SECOND_PLACE
from pipeline.operate.workspace import Workspace
from pipeline.unusable import Unusable

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Released:
    """What a run came to: the release, if there is one, or all that stands against it."""

    released: Path | None
    summary: str
    defects: list[Defect] = field(default_factory=list)
    unacknowledged: list[Defect] = field(default_factory=list)


def run_release(raw: Path, outputs: Path, tell: Callable[[str], None], second_place: str | None = None) -> Released:
    """Build the DuckDB file and the release from `raw` into `outputs`, and `tell` what is being built.

    With defects nothing is written. The release is also copied to the URL of a second place, if one is named. Raises Unusable
    where the engine in use, or the place of the outputs, ends a step.
    """
    job = definitions(Workspace(raw, outputs, tell, second_place=second_place)).resolve_job_def("release")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=_QUIET)
    _raise_unusable(result)
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey(RELEASE):
            metadata = event.materialization.metadata
            folder = Path(str(metadata["folder"].value))
            is_new = metadata["is_new"].value
            summary = f"{'Published' if is_new else 'Unchanged: the published release is what raw/ builds,'} {folder}"
            if wrong := _shown(result, SECOND_PLACE):
                return Released(None, f"{summary}\nNo copy of it in the second place: see above.", wrong)
            return Released(folder, summary)
    checked = check(raw)
    defects = [*checked.defects, *_shown(result, RELEASE)]
    return Released(None, "No release: see above.", defects, checked.unacknowledged)


def _raise_unusable(result: dg.ExecuteInProcessResult) -> None:
    """Raise what ended a step, if not the defects that its checks show: a full disk, say."""
    for event in result.filter_events(lambda event: event.is_step_failure):
        error = event.step_failure_data.error
        causes = []
        while error and error.cause:  # what a step raises is the cause of Dagster's own error; a failed check has none
            error = error.cause
            causes.append(error)
        for cause in causes:
            if cause.cls_name == Unusable.__name__:
                raise Unusable(cause.message.partition(": ")[2].strip())
        if causes:
            raise Unusable(f"{event.step_key} ended with {causes[0].message.strip().splitlines()[0]}")


def _shown(result: dg.ExecuteInProcessResult, asset: str) -> list[Defect]:
    """Return what an asset at the end found itself, from the rows that its checks show."""
    rows = [
        record.data
        for evaluation in result.get_asset_check_evaluations()
        if evaluation.asset_key == dg.AssetKey(asset) and evaluation.check_name != checks.ACKNOWLEDGED
        for record in getattr(evaluation.metadata.get("rows"), "records", ())
    ]
    return [Defect(*(row[name] for name in ("file", "line", "column", "code", "stands there", "expected"))) for row in rows]
