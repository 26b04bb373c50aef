"""The Dagster side where documents are many: one asset stands for them, and one check for the rules
that are their own.
"""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipeline.operate.code_location import definitions
from pipeline.operate.evaluations import of_rules
from pipeline.operate.raw_assets import MOST_DOCUMENTS
from pipeline.operate.release_assets import PUBLISHED
from pipeline.operate.workspace import Workspace
from pipeline.read.raw_folder import BESIDE, DOCUMENTS
from schemas.rules import DOCUMENTS_AGREE, NOT_OF_RULES
from schemas.tables import empty
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.dagster_runs import checks, run


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("many") / "raw"
    write_corpus(raw, Size(16 * (MOST_DOCUMENTS + 1), MOST_DOCUMENTS + 1, contradictions=0.03))
    return raw


def test_the_rules_of_documents_are_one_check_and_the_others_one_each(
    raw: Path, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs"
    graph = definitions(Workspace(raw, outputs)).resolve_asset_graph()
    known = {
        key.name for key in graph.asset_check_keys if key.asset_key == dg.AssetKey("check_results")
    }
    result = run(raw, outputs, dg.AssetSelection.all() - dg.AssetSelection.groups(PUBLISHED))
    assert result.success
    rules, found, findings = (
        pl.read_parquet(outputs / "tables" / f"{name}.parquet")
        for name in ("rules", "check_results", "findings")
    )
    is_own = pl.col("source_id").is_not_null()
    own, others = (rules.filter(which)["rule_id"] for which in (is_own, ~is_own))
    assert known == {*NOT_OF_RULES, *others}
    told = {
        name: check for (asset, name), check in checks(result).items() if asset == "check_results"
    }
    assert told.keys() == known
    of_own = found.filter(pl.col("rule_id").is_in(own.implode()))
    counts = dict(of_own["status"].value_counts().iter_rows())
    check = told[DOCUMENTS_AGREE]
    assert {
        name: value.value for name, value in check.metadata.items() if name != "groups"
    } == counts
    wrong = findings.filter(pl.col("rule_id").is_in(own.implode()))
    assert not wrong.is_empty()
    assert not check.passed
    groups = check.metadata["groups"]
    assert isinstance(groups, dg.TableMetadataValue)
    shown = [(row.data["rule_id"], row.data["group_id"]) for row in groups.records]
    assert set(shown[: wrong.height]) == set(wrong.select("rule_id", "group_id").iter_rows())
    assert len(shown) == len(set(shown)) == of_own.height
    failed = {name for name in others if not told[name].passed}
    assert failed == set(findings["rule_id"]) - set(own)


def test_one_asset_stands_for_the_documents(raw: Path, tmp_path: Path) -> None:
    graph = definitions(Workspace(raw, tmp_path / "outputs")).resolve_asset_graph()
    of_raw = {key.path[1] for key in graph.get_all_asset_keys() if key.path[0] == "raw"}
    assert of_raw == {DOCUMENTS, *BESIDE}
    assert dg.AssetKey(["raw", DOCUMENTS]) in graph.get(dg.AssetKey("observations")).parent_keys


def test_documents_without_rules_of_their_own_pass_and_say_so() -> None:
    (result,) = of_rules([DOCUMENTS_AGREE], empty("check_results"), empty("findings"))
    assert result.passed
    assert result.description == "No document has a rule of its own that applies to something"
