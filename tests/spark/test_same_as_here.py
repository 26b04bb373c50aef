"""A cluster computes the very tables, defects and releases that DuckDB computes here."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.check import check
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT, SOURCE
from tests.spark.conftest import Server
from tests.spark.write_tables import rest
from tests.test_release import published

FOLDERS = ("corpus", "slips", "spoiled")


@pytest.fixture
def raw(raw_with_readings: Path) -> Path:
    return raw_with_readings


@pytest.fixture(scope="module")
def raws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with contradictions; one with slips; and the article with what fails row by row, and
    what by key.
    """
    folder = tmp_path_factory.mktemp("raws")
    write_corpus(folder / "corpus", Size(300, 3, contradictions=0.02))
    write_corpus(folder / "slips", Size(300, 3, slips=0.1))
    spoiled = Path(shutil.copytree(ROOT / "raw", folder / "spoiled"))
    toml = spoiled / SOURCE / "source.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("events = ", "events = 1"), encoding="utf-8"
    )
    observations = spoiled / SOURCE / "observations.csv"
    header, first, second, *others = observations.read_text(encoding="utf-8").splitlines()
    nameless = second[second.index(",") :]
    wrong = [second.replace(",", f"-{number},", 1).replace(",gt,", ",more,") for number in range(3)]
    observations.write_text(
        "\n".join([header, first, second, second, nameless, *wrong, *others, ""]), encoding="utf-8"
    )
    return folder


def test_tables_and_all_that_is_found_are_the_same_row_for_row(
    server: Server, raws: Path, tmp_path: Path
) -> None:
    run = server.run(
        "-m",
        "tests.spark.write_tables",
        server.url,
        str(tmp_path),
        *(str(raws / name) for name in FOLDERS),
    )
    assert (run.returncode, run.stderr) == (0, "")
    here = {name: check(raws / name) for name in FOLDERS}
    for name, checked in here.items():
        for table, rows in checked.tables.items():
            assert_frame_equal(pl.read_parquet(tmp_path / name / f"{table}.parquet"), rows)
        assert (tmp_path / name / "rest.json").read_text(encoding="utf-8") == rest(checked)
    assert here["corpus"].unacknowledged
    assert here["slips"].defects
    assert {defect.code for defect in here["spoiled"].defects} >= {
        "duplicate",
        "empty_cell",
        "wrong_value",
    }


def test_the_release_is_the_same_to_the_byte(server: Server, raw: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    folder = published(check(raw), outputs)
    run = server.facts(
        "release", "--engine", server.url, "--raw", str(raw), "--outputs", str(outputs)
    )
    assert (run.returncode, run.stderr) == (0, "")
    unchanged = f"Unchanged: the published release is what raw/ builds, {folder}\n"
    assert run.stdout.startswith(unchanged)
