"""What the pipeline says of small worlds is what an oracle says that knows the design only.

`python -m tests.oracle_worlds 10000 --seed 1` compares as many worlds as you like.
"""

import pytest

from tests.drawn_worlds import RULES
from tests.oracle_worlds import Run, confront, rules_of

SEEDS = (2, 4, 6)
WORLDS = 70


@pytest.mark.parametrize("seed", SEEDS)
def test_outcomes_bounds_and_blame_of_small_worlds_are_the_oracle_s(seed: int) -> None:
    run = Run()
    confront(seed, seed, range(seed * WORLDS, (seed + 1) * WORLDS), run)
    assert not run.failures, "\n\n".join(run.failures)
    assert run.seen["tight bound"] > WORLDS
    assert run.seen["contradictions"] > WORLDS / 20
    assert run.seen["too large for the oracle"] < WORLDS / 20


def test_the_worlds_have_rules_of_all_kinds() -> None:
    used = {RULES[rule]["kind"] for seed in SEEDS for rule in rules_of(seed, seed)}
    assert used == {keys["kind"] for keys in RULES.values()}
