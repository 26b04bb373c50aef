"""A release that is stopped at any of its calls loses nothing and leaves nothing.

The sample here is one of those that `python -m tests.kills 300` draws.
"""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

CASES, NOT_HERE = 8, 3


@pytest.mark.slow
def test_a_release_killed_or_out_of_room_at_any_call_loses_nothing_and_the_next_one_ends_well() -> (
    None
):
    run = subprocess.run(
        [sys.executable, "-m", "tests.kills", str(CASES)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == NOT_HERE:
        pytest.skip(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{CASES} cases in " in run.stdout
