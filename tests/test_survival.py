"""Whatever happens to a build, what was published stays whole: readers, and two builds at once
(tests.simulation stops builds, and fills the disk).
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.built import Tables
from pipeline.durable import one_build_at_a_time
from pipeline.release.database import FILE, build_database, link
from pipeline.release.release import publish, tampered
from tests.conftest import ROOT

REBUILDS = 10
SWAPS = 2000

SPAWNED = get_context("spawn")
"""A fork of a process in which polars has threads may wait for ever."""

READER = """
import sys, time, duckdb
path, stop, pause = sys.argv[1:]
from pathlib import Path
print("reading", flush=True)
seen = 0
while not Path(stop).exists():
    with duckdb.connect(path, read_only=True) as con:
        counts = ("(SELECT count(*) FROM facts)", "(SELECT count(*) FROM observations)")
        states = con.sql(f"SELECT {', '.join(counts)}").fetchall()
    if states not in ([(50, 22)], [(28, 0)]):
        sys.exit(str(states))
    seen += 1
    time.sleep(float(pause))
print(seen)
"""


@pytest.fixture(scope="module")
def saved(with_releases: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The article's tables and text, for builders in processes of their own."""
    folder = tmp_path_factory.mktemp("saved")
    for name, table in with_releases.items():
        table.write_parquet(folder / f"{name}.parquet")
    for source_id in with_releases["sources"]["source_id"]:
        (folder / f"{source_id}.txt").write_bytes(
            (ROOT / "raw" / source_id / "text.txt").read_bytes()
        )
    return folder


def build_again_and_again(saved: Path, outputs: Path, rounds: int, begun: Connection) -> None:
    """Build the DuckDB file and a release, each round a new version; it is told when the first one
    begins.
    """
    tables = {path.stem: pl.read_parquet(path) for path in saved.glob("*.parquet")}
    originals = {f"{path.stem}/text.txt": path.read_bytes() for path in saved.glob("*.txt")}
    begun.send("building")
    for number in range(rounds):
        row = {
            "version": f"1.0.{number}",
            "date": "2026-12-01",
            "based_on": None,
            "reason": "a test",
            "raw_line": 2,
        }
        with one_build_at_a_time(outputs):
            build_database(tables, outputs)
            made = publish(
                tables,
                originals,
                outputs,
                pl.DataFrame([row], schema_overrides={"based_on": pl.String}),
            )
        assert made.defects == [], made.defects


def builder(saved: Path, outputs: Path, rounds: int) -> SpawnProcess:
    """Return a program that builds, and has begun."""
    ours, theirs = SPAWNED.Pipe()
    process = SPAWNED.Process(target=build_again_and_again, args=(saved, outputs, rounds, theirs))
    process.start()
    theirs.close()  # so that it is told when the program ends before it has begun
    assert ours.recv() == "building"
    return process


def everything_is_whole(outputs: Path) -> None:
    for folder in (outputs / "releases").glob("[0-9]*.[0-9]*.[0-9]"):
        assert tampered(folder) == []
    if (outputs / FILE).exists():
        with duckdb.connect(str(outputs / FILE), read_only=True) as con:
            assert con.sql("SELECT count(*) FROM observations").fetchall() == [(22,)]


@contextmanager
def readers(number: int, path: Path, pause: float) -> Iterator[None]:
    """Have some programs open the DuckDB file again and again; each must see one state or the
    other, whenever it comes.
    """
    stop = path.with_name("stop")
    command = [sys.executable, "-c", READER, str(path), str(stop), str(pause)]
    programs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(number)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "reading\n"
    yield
    stop.touch()
    for program in programs:
        seen, errors = program.communicate()
        assert program.returncode == 0, errors
        assert int(seen) > 1


@pytest.mark.slow
def test_eight_readers_see_one_state_or_the_other_while_the_file_is_rebuilt_ten_times(
    with_releases: Tables, tmp_path: Path
) -> None:
    without = {**with_releases, "observations": with_releases["observations"].clear()}
    path = build_database(with_releases, tmp_path)
    with readers(8, path, pause=1):
        for number in range(REBUILDS):
            build_database(without if number % 2 else with_releases, tmp_path)


def test_a_reader_sees_one_state_or_the_other_while_builds_follow_each_other_without_pause(
    with_releases: Tables, tmp_path: Path
) -> None:
    without = {**with_releases, "observations": with_releases["observations"].clear()}
    builds = [build_database(tables, tmp_path).resolve() for tables in (with_releases, without)]
    path = tmp_path / FILE
    with readers(1, path, pause=0):
        for number in range(SWAPS):
            link(path, builds[number % 2])
