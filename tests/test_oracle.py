"""Outcomes, bounds and error sets of small worlds are those of the oracle: a sample of the worlds
of `python -m tests.oracle_worlds 10000`.
"""

import pytest

from tests.oracle_worlds import Run, batches, confront

SEED, WORLDS = 22, 300


@pytest.mark.slow
def test_what_follows_in_small_worlds_is_what_the_oracle_says() -> None:
    run = Run()
    for batch, numbers in batches(WORLDS):
        confront(SEED, batch, numbers, run)
    assert run.failures == []
    assert run.seen["worlds"] == WORLDS
