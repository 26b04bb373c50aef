"""The corpora that benchmarks run on: what is planted in them is found, and nothing else, so that a
time is one of right work.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import Checked, check
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RULES_FILE, RawFolder
from pipeline.rule_steps import SYSTEM
from pipeline.rules.evaluate import judge
from pipeline.rules.listings import listing_results
from pipeline.rules.quantities import Facts
from pipeline.rules.rules_file import Placed
from pipeline.rules.system import System, build_system
from schemas.kinds import RULE_KINDS
from schemas.raw_files import ENTERED
from schemas.tables import TABLES
from tests.benchmarks.corpus import contradictions, slip_kinds
from tests.benchmarks.corpus.acknowledge import acknowledge
from tests.benchmarks.corpus.corpus import Corpus, Size, write_corpus
from tests.benchmarks.corpus.validated import Validated, write_validated
from tests.conftest import ROOT

CONTRADICTORY = Size(300, 6, contradictions=0.07)
SPOILED = Size(300, 6, slips=0.12)


@pytest.fixture(scope="module")
def contradictory(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Corpus, Checked]:
    raw = tmp_path_factory.mktemp("contradictory") / "raw"
    corpus = write_corpus(raw, CONTRADICTORY)
    return raw, corpus, check(raw)


@pytest.fixture(scope="module")
def validated(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Validated, dict[str, pl.DataFrame]]:
    folder = tmp_path_factory.mktemp("validated") / "tables"
    written = write_validated(folder, 1000, every=1)
    return folder, written, {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}


def digest(raw: Path) -> str:
    """What a folder holds, to the byte."""
    whole = hashlib.sha256()
    for path in sorted(path for path in raw.rglob("*") if path.is_file()):
        whole.update(path.relative_to(raw).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()


def test_a_corpus_has_as_many_facts_and_sources_as_are_asked_for(
    contradictory: tuple[Path, Corpus, Checked],
) -> None:
    tables = contradictory[2].tables
    assert sum(tables[name].height for name in ENTERED) == CONTRADICTORY.facts
    assert tables["sources"].height == CONTRADICTORY.sources


def test_it_has_rules_of_every_kind_that_looks_at_numbers(
    contradictory: tuple[Path, Corpus, Checked],
) -> None:
    of_translations = {"translation"}  # its sources are of one language
    assert set(contradictory[2].tables["rules"]["kind"]) == set(RULE_KINDS) - of_translations


def test_it_has_hedges_second_readings_and_mentions_of_every_role(
    contradictory: tuple[Path, Corpus, Checked],
) -> None:
    tables = contradictory[2].tables
    assert {"eq", "gt", "ge", "lt", "between", "approx"} <= set(tables["observations"]["relator"])
    assert set(tables["mentions"]["role"]) == {
        "value",
        "period",
        "name",
        "label",
        "published",
        "waived",
    }
    assert tables["readings"].height > 0


def test_its_contradictions_are_all_found_and_nothing_else_is(
    contradictory: tuple[Path, Corpus, Checked],
) -> None:
    _, corpus, checked = contradictory
    assert checked.defects == []
    facts = checked.tables["check_facts"].group_by("rule_id", "group_id")
    fact_ids = facts.agg(fact_ids=pl.col("fact_id").sort().str.join(" "))
    found = checked.tables["findings"].join(fact_ids, on=["rule_id", "group_id"])
    planted = [
        (one.rule_id, one.group_id, one.type, " ".join(one.fact_ids))
        for one in corpus.contradictions
    ]
    assert sorted(found.select("rule_id", "group_id", "type", "fact_ids").rows()) == sorted(planted)
    assert {one.kind for one in corpus.contradictions} == set(contradictions.KINDS)
    assert len(checked.unacknowledged) == len(planted)


def test_its_findings_can_be_acknowledged_for_a_release(
    contradictory: tuple[Path, Corpus, Checked],
) -> None:
    raw, corpus, checked = contradictory
    assert acknowledge(raw, checked.tables["findings"]) == len(corpus.contradictions)
    again = check(raw)
    assert (again.defects, again.unacknowledged) == ([], [])


def test_slips_are_all_found_and_nothing_else_is(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "raw", SPOILED)
    found = [(one.file, one.line, one.column, one.code) for one in check(tmp_path / "raw").defects]
    assert found == sorted((one.file, one.line, one.column, one.code) for one in corpus.slips)
    kinds = {one.kind for one in corpus.slips}
    assert kinds <= {*slip_kinds.KINDS, "unknown_parent", "unknown_operand"}
    assert len(kinds) > 30


def test_the_same_seed_gives_the_same_bytes(
    contradictory: tuple[Path, Corpus, Checked], tmp_path: Path
) -> None:
    for name in ("findings.csv", "releases.csv"):
        (contradictory[0] / name).unlink(missing_ok=True)
    chosen = [
        f"--{name}={getattr(CONTRADICTORY, name)}"
        for name in ("facts", "sources", "contradictions")
    ]
    command = [sys.executable, "-m", "tests.benchmarks.corpus", *chosen, str(tmp_path / "raw")]
    subprocess.run(
        command,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
    )
    assert digest(tmp_path / "raw") == digest(contradictory[0])
    write_corpus(tmp_path / "other", Size(300, 6, seed=2, contradictions=0.07))
    assert digest(tmp_path / "raw") != digest(tmp_path / "other")


def test_validated_tables_are_as_published_ones_must_be(
    validated: tuple[Path, Validated, dict[str, pl.DataFrame]],
) -> None:
    _, written, tables = validated
    for name, table in tables.items():
        TABLES[name].validate(table)
    assert sum(tables[name].height for name in ENTERED) == written.facts >= 1000


def rules_of(folder: Path) -> list[Placed]:
    placed: list[Placed] = RawTables(RawFolder(folder)).given([RULES_FILE])[RULES_FILE].rules
    return placed


def test_the_system_that_is_written_is_the_one_that_the_rules_make(
    validated: tuple[Path, Validated, dict[str, pl.DataFrame]],
) -> None:
    folder, _, tables = validated
    system = build_system(rules_of(folder), facts_of(tables))
    for name in SYSTEM:
        key = list(TABLES[name].unique or ())
        # words are for people; the corpus writes its own
        written, made = (
            table.sort(key, nulls_last=True).drop("description", strict=False)
            for table in (tables[name], getattr(system, name))
        )
        assert made.equals(written), name


def test_the_contradictions_of_validated_tables_are_all_found(
    validated: tuple[Path, Validated, dict[str, pl.DataFrame]],
) -> None:
    folder, written, tables = validated
    judged = judge(System(*(tables[name] for name in SYSTEM)))
    incomplete = (pl.col("imbalance_upper") < 0) & pl.col("rule_id").str.starts_with(
        "every_donor_of"
    )
    found = judged.filter((pl.col("outcome") == "violated") | incomplete)
    key = ["rule_id", "group_id"]
    assert found.select(key).sort(key).equals(written.planted.select(key).sort(key))
    assert written.planted["kind"].n_unique() == 8
    assert set(listing_results(rules_of(folder), facts_of(tables))["outcome"]) == {"satisfied"}


def facts_of(tables: dict[str, pl.DataFrame]) -> Facts:
    return Facts(**{name: tables[name] for name in Facts.__dataclass_fields__})
