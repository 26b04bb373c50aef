"""A release or an edit that is stopped at any of its calls loses nothing and leaves nothing.

The sample of releases is one of those that `python -m tests.kills 300` draws.
"""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

CASES, NOT_HERE = 3, 3


@pytest.mark.slow
def test_a_release_killed_or_out_of_room_at_any_call_loses_nothing_and_the_next_one_ends_well() -> (
    None
):
    assert f"{CASES} cases in " in ends_well("tests.kills", str(CASES))


def test_an_edit_killed_or_out_of_room_at_any_call_leaves_the_old_file_or_the_new() -> None:
    assert (
        "make_and_take_back: stopped at openat write fsync rename fsync unlink fsync"
        in ends_well("tests.kills.edits")
    )


def ends_well(*program: str) -> str:
    """Return what a program prints that stops others; where it cannot, the test is skipped."""
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
