"""How every asset runs: under the lock of outputs/; with defects it writes nothing, says each of
them in the log, and ends in a failure.

Belongs here: what Dagster is told of an outcome. Does not belong here: any computing, or what is
built (assets, raw_assets, release_assets).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo

from pipeline.defects import Defect
from pipeline.fingerprint import code_version
from pipeline.operate.checks import Checks, specs
from pipeline.operate.evaluations import first_of, not_run
from pipeline.operate.workspace import Workspace
from pipeline.report import defect_lines

Result = dg.AssetCheckResult | dg.MaterializeResult[Any]


@dataclass(frozen=True)
class Outcome:
    """What came of some assets: what Dagster is told of those that were built, the results of
    checks, and the defects that stop what comes after.
    """

    built: Sequence[dg.MaterializeResult[Any]] = ()
    results: Sequence[dg.AssetCheckResult] = ()
    defects: list[Defect] = field(default_factory=list)


class Stopped(DagsterUserCodeProcessError, dg.Failure):  # noqa: N818 (no error of ours)
    """The failure of a step that has defects.

    Dagster shows the error that another process has told instead of where it was raised here: so
    the log has the words of the first defect, and no lines of code.
    """

    def __init__(self, words: str) -> None:
        """Say why."""
        told = SerializableErrorInfo(message=words, stack=[], cls_name=None)
        super().__init__(words, user_code_process_error_infos=[told])  # type: ignore[no-untyped-call]


def assets_of(
    name: str,
    assets: Sequence[dg.AssetSpec],
    checks: Mapping[str, Checks],
    workspace: Workspace,
    build: Callable[[dg.AssetExecutionContext], Outcome],
) -> dg.AssetsDefinition:
    """Return the assets that `build` makes together, with their checks, by asset."""

    @dg.multi_asset(
        name=name,
        specs=[
            spec.replace_attributes(
                owners=["team:curators"], code_version=code_version(), skippable=True
            )
            for spec in assets
        ],
        check_specs=specs(checks),
        can_subset=True,
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[Result]:
        workspace.tell(", ".join(spec.key.to_user_string() for spec in assets))
        with workspace.alone():
            outcome = build(context)
            _tell(context, outcome, workspace)
        yield from outcome.built
        for result in outcome.results:
            if _key(result) in context.selected_asset_check_keys:
                yield result
        if outcome.defects:
            raise Stopped(first_of(outcome.defects, workspace))

    return run


def _tell(context: dg.AssetExecutionContext, outcome: Outcome, workspace: Workspace) -> None:
    """Log each defect, and the checks that this step tells of besides its own: those that cannot
    run after it, and those of other assets that the run leaves alone.
    """
    for line in _lines(outcome.defects, workspace):
        context.log.error(line)
    graph = context.job_def.asset_layer.asset_graph
    others = [one for one in outcome.results if _key(one) not in graph.asset_check_keys]
    if outcome.defects:
        built = dg.AssetSelection.assets(*context.selected_asset_keys)
        after = built.downstream(include_self=False).resolve(graph)
        keys = [key for key in graph.asset_check_keys if key.asset_key in after]
        others += not_run(keys, workspace)
    for one in others:
        key = _key(one)
        evaluation = dg.AssetCheckEvaluation(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=one.passed,
            metadata=one.metadata,
            severity=one.severity,
            description=one.description,
            blocking=False,
        )
        context.log_event(evaluation)


def _lines(defects: list[Defect], workspace: Workspace) -> Iterator[str]:
    """Yield the line of each defect, as the command line prints it."""
    for root, of_root in groupby(defects, workspace.root_of):
        yield from defect_lines(of_root, root)


def _key(result: dg.AssetCheckResult) -> dg.AssetCheckKey:
    if result.asset_key is None or result.check_name is None:
        raise TypeError(result)
    return dg.AssetCheckKey(result.asset_key, result.check_name)
