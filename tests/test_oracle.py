"""Outcomes, bounds and error sets of small worlds are those of the oracle: a sample of the worlds
of `python -m tests.oracle_worlds 10000`.
"""

import pytest

from tests.oracle_worlds import BATCH, Run, confront

SEED, WORLDS = 5, 30


@pytest.mark.parametrize("batch", range(10))
def test_what_follows_in_small_worlds_is_what_the_oracle_says(batch: int) -> None:
    run = Run()
    confront(SEED, batch, range(batch * BATCH, batch * BATCH + WORLDS), run)
    assert run.failures == []
    assert run.seen["worlds"] == WORLDS
