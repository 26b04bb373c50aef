"""What the pipeline says of small worlds is what an oracle says that knows the design only.

`python -m tests.oracle_worlds 10000 --seed 1` compares as many worlds as you like.
"""

import pytest

from tests.drawn_worlds import RULES, TODAY, Number, World
from tests.oracle_worlds import Run, confront, confront_worlds, rules_of

SEEDS = (2, 6, 9, 12)
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


@pytest.mark.parametrize(
    ("rules", "printed"),
    [
        pytest.param(
            "all_grows",
            ["all _ - 2006 4", "all_growth _ - 2008/.. 1"],
            id="a flow that begins after all stocks",
        ),
        pytest.param(
            "all_grows",
            [
                f"{number} {source}".strip()
                for source in ("", "b")
                for number in ("all _ - 2006 4", "all _ - now 9", "all_growth _ - 2008/.. 1")
            ],
            id="two documents that need one stock",
        ),
        pytest.param(
            "all_areas_are_part kinds_are_part",
            ["all _ - now 10", "all A - now 6", "all _ x now 5"],
            id="two rules that leave something of one whole",
        ),
        pytest.param(
            "kind_shares kind_shares_partial theme_shares",
            [
                "all _ - now 5",
                *(f"kind_share _ {of} now {value}" for of, value in (("y1", 50), ("y", 50))),
                "kind_share _ y2 now approx:0",
                "theme_share _ y1 now between:49.8/50.2",
            ],
            id="two groups that whole numbers make impossible one by one",
        ),
        pytest.param(
            "size_areas_add_up size_shares",
            ["size_share A - now 48", "size B - now gt:6.3", "size _ - now lt:14"],
            id="an open end that steps come close to",
        ),
    ],
)
def test_what_was_wrong_once_is_the_oracle_s(rules: str, printed: list[str]) -> None:
    world = World(0)
    for at, words in enumerate(printed):
        indicator, area, category, period, value, *other = words.split()
        relator, _, digits = value.rpartition(":")
        world.numbers.append(
            Number(
                f"{world.source}{''.join(other)}/n{at}",
                indicator,
                world.root if area == "_" else f"{world.root}-{area}",
                None if category == "-" else category,
                TODAY if period == "now" else period,
                digits,
                relator or "eq",
            )
        )
    run = Run()
    confront_worlds([world], rules.split(), run)
    assert not run.failures, "\n\n".join(run.failures)
