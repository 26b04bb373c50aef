"""A few of the histories that `python -m tests.simulation 200` lets happen; and every call at which
an edit can be stopped.
"""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

HISTORIES, NOT_HERE = 1, 3


@pytest.mark.slow
def test_whatever_happens_what_was_published_stands_and_the_next_command_says_what_is_so() -> None:
    said = ends_well("tests.simulation", str(HISTORIES), "--workers", "1")
    assert f"{HISTORIES} histories in " in said
    assert "0 faults" in said


def test_an_edit_killed_or_out_of_room_at_any_call_leaves_the_old_file_or_the_new() -> None:
    assert (
        "make_and_take_back: stopped at openat write fsync rename fsync unlink fsync"
        in ends_well("tests.simulation.stopped_edits")
    )


def ends_well(*program: str) -> str:
    """Return what a program prints; where the system does not let it stop others, the test is
    skipped.
    """
    run = subprocess.run(
        [sys.executable, "-m", *program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == NOT_HERE:
        pytest.skip(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
