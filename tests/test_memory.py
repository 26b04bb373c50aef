"""Within a limit of memory the rows are the same, what does not fit is on disk for as long as it is
needed, and no longer.
"""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline.cli import main
from pipeline.query import query, within_memory
from pipeline.spill import spill_folder
from pipeline.unusable import Unusable
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


def test_too_little_memory_is_one_line() -> None:
    rows = pl.DataFrame({"number": range(1_000_000)})
    sql = "SELECT number FROM rows ORDER BY hash(number)"
    with (
        within_memory("1MB"),
        pytest.raises(Unusable, match=r"^the memory is too little for a query: [^\n]+$"),
    ):
        query(sql, rows=rows)
    assert query(sql, rows=rows).height == rows.height


def test_check_runs_within_the_memory_that_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--raw", str(ROOT / "raw"), "--memory", "100MB"]) == 0
    assert "50 facts, 49 checks: 1 finding" in capsys.readouterr().out


def test_an_amount_that_is_none_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--memory", "lots"]) == 2
    assert (
        capsys.readouterr().err
        == "facts check: 'lots' stands here; expected an amount of memory, such as 2GB\n"
    )


def spilling(parent: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Start a program that spills until it reads a line."""
    command = [sys.executable, "-c", SPILLING, str(parent)]
    program = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert program.stdout is not None
    return program, Path(program.stdout.readline().strip())


def test_what_was_spilled_is_gone_when_the_program_ends_and_after_a_kill_when_the_next_one_spills(
    tmp_path: Path,
) -> None:
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
