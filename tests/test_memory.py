"""Within a limit of memory the rows are the same, what does not fit is on disk for as long as it is needed, and no longer."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.cli import main
from pipeline.consistency.each_group import judge, judge_files
from pipeline.consistency.portions import portions
from pipeline.consistency.portions_of_files import portions_of_files
from pipeline.consistency.quantities import Facts
from pipeline.consistency.system import GROUP, System, domains
from pipeline.spill import spill_folder
from pipeline.steps import SYSTEM
from pipeline.unusable import Unusable
from tests.benchmarks.corpus.validated import write_validated
from tests.conftest import ROOT

SPILLING = """
import sys
from pathlib import Path
from pipeline.spill import spill_folder
folder = spill_folder(Path(sys.argv[1]))
(folder / "rows").write_bytes(b"what did not fit")
print(folder, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("validated") / "tables"
    write_validated(folder, 20_000)
    return folder


def files(folder: Path) -> dict[str, Path]:
    return {name: folder / f"{name}.parquet" for name in SYSTEM}


def test_judging_from_files_within_little_memory_gives_the_very_rows(written: Path, tmp_path: Path) -> None:
    judge_files(files(written), tmp_path / "judged.parquet", "50MB")
    expected = judge(System(*(pl.read_parquet(path) for path in files(written).values())))
    assert_frame_equal(pl.read_parquet(tmp_path / "judged.parquet").sort(GROUP), expected.sort(GROUP))


@pytest.mark.parametrize("groups", [500, 10**6])
def test_a_system_in_files_comes_apart_within_little_memory_as_it_does_at_once(written: Path, groups: int) -> None:
    facts = Facts(**{name: pl.read_parquet(written / f"{name}.parquet") for name in Facts.__dataclass_fields__})
    system = System(*(pl.read_parquet(path) for path in files(written).values()))
    needed = {name: written / f"{name}.parquet" for name in (*SYSTEM, "observations", "indicators")}
    at_once = list(portions(system, domains(system.variables, facts), groups))
    assert (len(at_once) > 1) == (groups < system.rule_groups.height)
    for (here, limits), (there, own) in zip(at_once, portions_of_files(needed, "50MB", groups), strict=True):
        spoken_of = here.edges.select("variable").unique()
        assert_frame_equal(
            there.variables, here.variables.select(there.variables.columns).join(spoken_of, on="variable", how="semi")
        )
        assert_frame_equal(there.rule_groups, here.rule_groups)
        assert_frame_equal(there.rule_terms, here.rule_terms)
        assert_frame_equal(own, limits.join(spoken_of, on="variable", how="semi"))


def test_too_little_memory_is_one_line(written: Path, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"^1MB memory is too little for a query: [^\n]+$"):
        judge_files(files(written), tmp_path / "judged.parquet", "1MB")


def test_check_runs_within_the_memory_that_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--raw", str(ROOT / "raw"), "--memory", "100MB"]) == 0
    assert "46 facts, 29 checks: 24 satisfied" in capsys.readouterr().out


def test_an_amount_that_is_none_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--memory", "lots"]) == 2
    assert capsys.readouterr().err == "facts check: 'lots' stands here; expected an amount of memory, such as 2GB\n"


def spilling(parent: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Start a program that spills until it reads a line."""
    command = [sys.executable, "-c", SPILLING, str(parent)]
    program = subprocess.Popen(  # noqa: S603 (our own)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert program.stdout is not None
    return program, Path(program.stdout.readline().strip())


def test_what_was_spilled_is_gone_when_the_program_ends_and_after_a_kill_when_the_next_one_spills(tmp_path: Path) -> None:
    (alive, kept), (killed, left), (ended, gone) = (spilling(tmp_path) for _ in range(3))
    ended.communicate("\n")
    assert not gone.exists()
    killed.kill()
    killed.communicate()
    assert (left / "rows").exists()
    own = spill_folder(tmp_path)
    assert not left.exists()
    assert (kept / "rows").exists()
    assert own.is_dir()
    alive.communicate("\n")
    assert not kept.exists()
