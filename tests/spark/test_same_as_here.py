"""A cluster computes the very tables, defects and releases that DuckDB computes here."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pyarrow.fs import FileSelector, FileSystem

from pipeline.check import check
from schemas.tables import TABLES
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT, SOURCE
from tests.s3_server import KEYS, serving
from tests.spark.conftest import Server, serving_sail
from tests.spark.write_tables import rest
from tests.test_release import published

FOLDERS = ("corpus", "slips", "spoiled")


@pytest.fixture(scope="module")
def raws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with contradictions; one with slips; and the article with what fails row by row, and what by key."""
    folder = tmp_path_factory.mktemp("raws")
    write_corpus(folder / "corpus", Size(300, 3, contradictions=0.02))
    write_corpus(folder / "slips", Size(300, 3, slips=0.1))
    spoiled = Path(shutil.copytree(ROOT / "raw", folder / "spoiled"))
    toml = spoiled / SOURCE / "source.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("events = ", "events = 1"), encoding="utf-8")
    observations = spoiled / SOURCE / "observations.csv"
    header, first, second, *others = observations.read_text(encoding="utf-8").splitlines()
    nameless = second[second.index(",") :]
    wrong = [second.replace(",", f"-{number},", 1).replace(",gt,", ",more,") for number in range(3)]
    observations.write_text("\n".join([header, first, second, second, nameless, *wrong, *others, ""]), encoding="utf-8")
    return folder


def test_tables_and_all_that_is_found_are_the_same_row_for_row(server: Server, raws: Path, tmp_path: Path) -> None:
    run = server.run("-m", "tests.spark.write_tables", server.url, str(tmp_path), *(str(raws / name) for name in FOLDERS))
    assert (run.returncode, run.stderr) == (0, "")
    here = {name: check(raws / name) for name in FOLDERS}
    for name, checked in here.items():
        for table, rows in checked.tables.items():
            assert_frame_equal(pl.read_parquet(tmp_path / name / f"{table}.parquet"), rows)
        assert (tmp_path / name / "rest.json").read_text(encoding="utf-8") == rest(checked)
    assert here["corpus"].unacknowledged
    assert here["slips"].defects
    assert {defect.code for defect in here["spoiled"].defects} >= {"duplicate", "empty_cell", "wrong_value"}


def test_tables_that_get_there_by_a_folder_are_the_same_and_leave_nothing_in_it(
    server: Server, raws: Path, tmp_path: Path
) -> None:
    staging, out = tmp_path / "staging", tmp_path / "out"
    command = ("-m", "tests.spark.write_tables", server.url, str(out), str(raws / "corpus"), "--staging", staging.as_uri())
    run = server.run(*command)
    assert (run.returncode, run.stderr) == (0, "")
    for table, rows in check(raws / "corpus").tables.items():
        assert_frame_equal(pl.read_parquet(out / "corpus" / f"{table}.parquet"), rows)
    assert list(staging.iterdir()) == []


def test_tables_get_there_by_a_bucket_too(raws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with serving(tmp_path / "log") as s3:
        of_workers = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3.port}", "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1"}
        with serving_sail(of_workers) as sail:
            command = ("-m", "tests.spark.write_tables", sail.url, str(tmp_path / "out"), str(raws / "corpus"))
            run = sail.run(*command, "--staging", s3.url("bucket"))
            assert (run.returncode, run.stderr) == (0, "")
        log = s3.log.read_text(encoding="utf-8")
        left, _ = FileSystem.from_uri(s3.url("bucket"))
        assert left.get_file_info(FileSelector("bucket/facts", recursive=True)) == []
    assert log.count(".parquet HTTP/1.1") > len(TABLES)
    for table, rows in check(raws / "corpus").tables.items():
        assert_frame_equal(pl.read_parquet(tmp_path / "out" / "corpus" / f"{table}.parquet"), rows)


def test_the_release_is_the_same_to_the_byte(server: Server, raw: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    folder = published(check(raw), outputs)
    run = server.facts("release", "--engine", server.url, "--raw", str(raw), "--outputs", str(outputs))
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"Unchanged: the published release is what raw/ builds, {folder}\n"
