"""The Dagster side: what materialises, what fails, what a failure leaves as it was."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipeline.check import Checked
from pipeline.operate.code_location import definitions
from pipeline.operate.run import run_release
from pipeline.operate.workspace import DATABASE, RELEASE, Workspace
from pipeline.parts import Parts
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import DOCUMENTS, RawFolder
from pipeline.steps import STEPS, Step
from schemas.rules import NOT_OF_RULES, TRANSLATIONS_AGREE
from schemas.tables import TABLES
from tests.conftest import ROOT, SOURCE, Edit, before_its_first_release
from tests.dagster_runs import PARTS, checks, run

OBSERVATIONS = f"{SOURCE}/observations.csv"


@pytest.fixture
def raw(raw_with_readings: Path) -> Path:
    return raw_with_readings


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    return tmp_path / "outputs"


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[dg.ExecuteInProcessResult, Path]:
    """A run of everything, to be looked at, and the outputs folder that it filled."""
    folder = tmp_path_factory.mktemp("released")
    raw = before_its_first_release(Path(shutil.copytree(ROOT / "raw", folder / "raw")))
    result = run(raw, folder / "outputs", releases_url="http://127.0.0.1:1")
    assert result.success
    return result, folder / "outputs"


@pytest.fixture
def after_a_run(outputs: Path, released: tuple[dg.ExecuteInProcessResult, Path]) -> Path:
    """The folder outputs, as it is after a run of everything; a state knows nothing of where its
    folder lies.
    """
    return Path(shutil.copytree(released[1], outputs))


@pytest.fixture
def run_of_everything(
    released: tuple[dg.ExecuteInProcessResult, Path],
) -> dg.ExecuteInProcessResult:
    return released[0]


def materialised(result: dg.ExecuteInProcessResult) -> set[str]:
    return {
        event.asset_key.to_user_string()
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_materialises_and_an_acknowledged_finding_passes_with_its_reason(
    run_of_everything: dg.ExecuteInProcessResult,
) -> None:
    assert run_of_everything.success
    assert materialised(run_of_everything) == {*PARTS, *TABLES, DATABASE, RELEASE}
    assert [key for key, found in checks(run_of_everything).items() if not found.passed] == []
    finding = checks(run_of_everything)[("check_results", "every_dialogue_body_is_named")]
    assert re.match(
        r"122 of 300 dialogue bodies belong to no named group \(40.7 %\).* "
        "Acknowledged: The article counts 300 venues and places 20 under the president",
        str(finding.description),
    )


def test_every_rule_and_every_typed_column_is_a_check_before_any_run(
    raw: Path, outputs: Path
) -> None:
    graph = definitions(Workspace(raw, outputs)).resolve_asset_graph()
    keys = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    assert ("check_results", "ngos_are_part_of_organisations") in keys
    assert ("observations", "value_is_as_its_words_say") in keys
    assert ("observations", "between_has_two_values") in keys
    assert ("sources", "published_basis_is_a_reason") in keys
    assert all((table, "table_is_as_described") in keys for table in TABLES)
    assert all(graph.get_check_spec(key).description for key in graph.asset_check_keys)


def test_every_asset_has_a_description_a_group_and_its_columns_before_any_run(
    raw: Path, outputs: Path
) -> None:
    graph = definitions(Workspace(raw, outputs)).resolve_asset_graph()
    for table, schema in TABLES.items():
        node = graph.get(dg.AssetKey(table))
        assert node.description
        assert node.group_name in {"sources", "facts", "consistency"}
        columns = node.metadata["dagster/column_schema"].columns
        assert [column.name for column in columns] == list(schema.columns)
        assert all(column.description for column in columns)


def test_undetermined_passes_and_says_what_is_not_known(
    run_of_everything: dg.ExecuteInProcessResult,
) -> None:
    found = checks(run_of_everything)[("check_results", "ngos_are_part_of_organisations")]
    assert found.passed
    assert "too loose to test it" in str(found.description)


def test_a_wrong_digit_fails_its_check_and_leaves_everything_as_it_was(
    raw: Path, after_a_run: Path, edit: Edit
) -> None:
    before = bytes_below(after_a_run)
    edit(OBSERVATIONS, ",11.25,", ",11.52,")
    result = run(raw, after_a_run)
    assert not result.success
    found = checks(result)[("observations", "value_is_as_its_words_say")]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert f"{OBSERVATIONS}:7:value: '11.52' stands here" in str(found.description)
    table = found.metadata["rows"]
    assert isinstance(table, dg.TableMetadataValue)
    (row,) = table.records
    assert (row.data["file"], row.data["line"], row.data["stands there"]) == (
        f"{raw}/{OBSERVATIONS}",
        7,
        "11.52",
    )
    assert not {"observations", "check_results", DATABASE, RELEASE} & materialised(result)
    after = bytes_below(after_a_run)
    changed = {name for name in before if before[name] != after.get(name)}
    assert not {name for name in changed if not name.startswith("tables/")}
    assert "tables/observations.parquet" not in changed


def test_a_new_finding_builds_the_duckdb_file_and_no_release(raw: Path, outputs: Path) -> None:
    (raw / "findings.csv").unlink()
    result = run(raw, outputs)
    assert DATABASE in materialised(result)
    assert RELEASE not in materialised(result)
    finding = checks(result)[("check_results", "every_dialogue_body_is_named")]
    assert (finding.passed, finding.severity) == (False, dg.AssetCheckSeverity.WARN)
    found = checks(result)[(RELEASE, "every_finding_is_acknowledged")]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "122 of 300" in str(found.description)
    assert not (outputs / "releases").exists()


def test_errors_in_rules_never_keep_the_definitions_from_loading(
    raw: Path, outputs: Path, edit: Edit
) -> None:
    edit("rules.toml", 'kind = "subset"', "kind = subset")
    found = checks(run(raw, outputs))[("rules", "file_is_well_formed")]
    assert not found.passed
    assert "rules.toml:24:" in str(found.description)


@pytest.mark.parametrize("name", [*NOT_OF_RULES, TRANSLATIONS_AGREE])
def test_a_rule_that_is_named_like_another_check_is_a_defect(
    raw: Path, outputs: Path, edit: Edit, name: str
) -> None:
    edit("rules.toml", 'id = "ngos_are_part_of_organisations"', f'id = "{name}"')
    found = run_release(raw, outputs, lambda _: None)
    (defect,) = found.defects
    assert (defect.file, defect.line, defect.column, defect.found) == ("rules.toml", 23, "id", name)


def test_definitions_load_where_raw_is_missing(tmp_path: Path) -> None:
    assert definitions(Workspace(tmp_path / "nowhere", tmp_path / "outputs")).resolve_asset_graph()


def test_one_asset_alone_materialises(raw: Path, after_a_run: Path) -> None:
    result = run(raw, after_a_run, dg.AssetSelection.assets("observations"))
    assert result.success
    assert materialised(result) == {"observations"}


def test_checks_alone_write_nothing(raw: Path, after_a_run: Path) -> None:
    before = bytes_below(after_a_run)
    result = run(
        raw, after_a_run, dg.AssetSelection.checks_for_assets("observations", "check_results")
    )
    assert result.success
    assert materialised(result) == set()
    assert ("observations", "value_is_as_its_words_say") in checks(result)
    assert bytes_below(after_a_run) == before


def test_tables_of_different_states_are_never_published_together(
    raw: Path, after_a_run: Path, edit: Edit
) -> None:
    before = bytes_below(after_a_run / "releases")
    edit("codelists/agents.csv", "The central government", "The central government of the country")
    result = run(raw, after_a_run, dg.AssetSelection.assets("agents", DATABASE, RELEASE))
    assert not result.success
    found = checks(result)[(DATABASE, "tables_are_of_one_state")]
    assert not found.passed
    assert materialised(result) == {"agents"}
    assert bytes_below(after_a_run / "releases") == before


def test_a_table_made_of_stale_ones_is_not_taken_for_a_new_one(
    raw: Path, after_a_run: Path, edit: Edit
) -> None:
    edit("codelists/agents.csv", "The central government", "The central government of the country")
    run(raw, after_a_run, dg.AssetSelection.assets("observations"))
    run(raw, after_a_run, dg.AssetSelection.assets(*(set(TABLES) - {"observations"})))
    result = run(raw, after_a_run, dg.AssetSelection.assets(DATABASE))
    found = checks(result)[(DATABASE, "tables_are_of_one_state")]
    assert "observations" in str(found.description)


def test_only_what_a_change_touches_has_to_be_built_again(
    raw: Path, after_a_run: Path, edit: Edit
) -> None:
    edit("findings.csv", "The article counts", "This article counts")
    workspace = Workspace(raw, after_a_run)
    assert [defect.file for defect in workspace.out_of_date()] == ["tables/findings.parquet"]
    result = run(raw, after_a_run, dg.AssetSelection.assets("findings", DATABASE))
    assert materialised(result) == {"findings", DATABASE}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.tables[0])
def test_a_step_is_given_only_what_it_names_read_from_the_parts_of_raw_that_it_names(
    step: Step, raw: Path, article: Checked
) -> None:
    named = {SOURCE if part == DOCUMENTS else part for part in step.parts}
    for path in raw.iterdir():
        if path.name not in named:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    typed = RawTables(RawFolder(raw)).given(step.needs)
    assert typed.keys() | step.built_before == set(step.needs)
    given = typed | {name: article.tables[name] for name in step.built_before}
    for table, built in step.build(given, Parts()).items():
        assert built.defects == []
        assert built.table.equals(article.tables[table]), table


def test_a_table_has_the_hash_of_its_values_as_its_version_the_same_that_the_release_prints(
    released: tuple[dg.ExecuteInProcessResult, Path],
) -> None:
    result, outputs = released
    for event in result.asset_materializations_for_node("build_observations"):
        printed = pl.read_parquet_metadata(
            outputs / "releases" / "1.0.0" / "tables" / "observations.parquet"
        )["logical_sha256"]
        assert event.metadata["sha256"].value == printed
        assert (event.tags or {})["dagster/data_version"] == printed


def test_the_release_links_to_its_page_and_files_where_they_are_served(
    run_of_everything: dg.ExecuteInProcessResult,
) -> None:
    (event,) = run_of_everything.asset_materializations_for_node("build_release")
    assert event.metadata["page"].value == "http://127.0.0.1:1/1.0.0/index.html"
    assert f"(http://127.0.0.1:1/1.0.0/sources/{SOURCE}.html)" in str(event.metadata["files"].value)


@pytest.mark.slow
def test_dagsters_own_command_runs_the_job_check_which_builds_tables_and_publishes_nothing(
    raw: Path, outputs: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(ROOT / ".dagster" / "dagster.yaml", home)
    where = {"DAGSTER_HOME": str(home), "FACTS_RAW": str(raw), "FACTS_OUTPUTS": str(outputs)}
    ended = subprocess.run(
        [Path(sys.executable).with_name("dg"), "launch", "--job", "check"],
        cwd=ROOT,
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert [path.name for path in outputs.iterdir() if not path.name.startswith(".")] == ["tables"]
    assert {path.stem for path in (outputs / "tables").glob("*.parquet")} == set(TABLES)


def test_the_duckdb_file_is_complete_after_a_run(after_a_run: Path) -> None:
    with duckdb.connect(str(after_a_run / "civil_society.duckdb"), read_only=True) as con:
        assert con.sql("SELECT count(*) FROM facts").fetchall() == [(50,)]
