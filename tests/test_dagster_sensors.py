"""The Dagster side of what is typed: which documents are assets, and how the UI is told that they
have changed.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipeline.operate.code_location import definitions
from pipeline.operate.workspace import Workspace
from tests.conftest import SOURCE, Edit
from tests.dagster_runs import PARTS


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    return tmp_path / "outputs"


def test_more_documents_than_can_be_overlooked_have_one_asset(
    raw: Path, outputs: Path, instance: dg.DagsterInstance
) -> None:
    for number in range(25):
        (raw / f"another-{number}").mkdir()
    loaded = definitions(Workspace(raw, outputs))
    keys = {key.to_user_string() for key in loaded.resolve_asset_graph().get_all_asset_keys()}
    assert "raw/documents" in keys
    assert f"raw/{SOURCE}" not in keys
    job = dg.define_asset_job("look", dg.AssetSelection.assets("raw/documents"))
    result = (
        dg.Definitions(assets=loaded.assets, jobs=[job])
        .resolve_job_def("look")
        .execute_in_process(instance=instance)
    )
    (event,) = result.get_asset_materialization_events()
    assert event.materialization.metadata["files"].value == len(list((raw / SOURCE).iterdir()))
    assert look(raw, outputs, instance)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def look(raw: Path, outputs: Path, instance: dg.DagsterInstance) -> dg.SensorResult | None:
    """What the sensor gives, or None where it skips; what it has seen is told to the instance, as
    the daemon does.
    """
    sensor = definitions(Workspace(raw, outputs)).resolve_sensor_def("raw_changes")
    given = sensor(dg.build_sensor_context(instance))
    if not isinstance(given, dg.SensorResult):
        return None
    for event in given.asset_events:
        assert isinstance(event, dg.AssetMaterialization)
        instance.report_runless_asset_event(event)
    return given


def test_the_ui_is_told_of_the_document_that_has_changed(
    raw: Path, outputs: Path, edit: Edit, instance: dg.DagsterInstance
) -> None:
    first = look(raw, outputs, instance)
    assert first
    assert {event.asset_key.to_user_string() for event in first.asset_events} == PARTS
    assert look(raw, outputs, instance) is None
    edit(f"{SOURCE}/waivers.csv", "First days", "Earliest days")
    second = look(raw, outputs, instance)
    assert second
    assert [event.asset_key.to_user_string() for event in second.asset_events] == [f"raw/{SOURCE}"]
