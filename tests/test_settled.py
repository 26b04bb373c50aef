"""What groups settle by themselves is what the engine of intervals finds of them, to the byte."""

import polars as pl
import pytest

from pipeline.check import Checked
from pipeline.reason import solve as solving
from pipeline.reason.implied_bounds import bounds, needed_groups
from pipeline.reason.settled import settled_groups
from pipeline.reason.solve import Solution, solve
from pipeline.rule_steps import SYSTEM
from pipeline.rules.quantities import Facts
from pipeline.rules.system import System, domains
from tests.drawn_systems import SEEDS, SYSTEMS, drawn_systems


def none_settled(system: System, known: pl.DataFrame) -> pl.DataFrame:
    """In place of settled_groups: the engine finds everything."""
    return settled_groups(system, known).clear()


def by_both(
    system: System, known: pl.DataFrame, patched: pytest.MonkeyPatch
) -> tuple[Solution, Solution]:
    """What a system says with groups that are settled by themselves, and by the engine alone."""
    fast = solve(system, known)
    patched.setattr(solving, "settled_groups", none_settled)
    return fast, solve(system, known)


def assert_same(one: Solution, other: Solution) -> None:
    assert bounds(one).equals(bounds(other))
    groups, others = (needed_groups(each).sort(pl.all()) for each in (one, other))
    assert groups.equals(others)
    assert one.joint == other.joint
    assert one.open == other.open


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_settled_by_themselves_force_the_bounds_that_the_engine_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without z3, which answers what neither of them does."""
    monkeypatch.setattr(solving, "MOST_ASKED", 0)
    fast, slow = by_both(*drawn_systems(seed), monkeypatch)
    assert_same(fast, slow)
    assert len(slow.bounds) - len(fast.bounds) > SYSTEMS / 8


def test_bounds_of_the_article_are_those_that_the_engine_finds(
    article: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System(*(article.tables[name] for name in SYSTEM))
    facts = Facts(**{name: article.tables[name] for name in Facts.__dataclass_fields__})
    fast, slow = by_both(system, domains(system.quantities, facts), monkeypatch)
    assert_same(fast, slow)
    assert bounds(fast).height > 20
