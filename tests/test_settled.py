"""What groups settle by themselves is what the engine of intervals finds of them, to the byte."""

import polars as pl
import pytest

from pipeline.check import Checked
from pipeline.reason import solve as solving
from pipeline.reason.implied_bounds import bounds, needed_groups
from pipeline.reason.limits import Bound
from pipeline.reason.problem import Key
from pipeline.reason.settled import settled_groups
from pipeline.reason.solve import Solution, solve
from pipeline.rule_steps import SYSTEM
from pipeline.rules.quantities import Facts
from pipeline.rules.system import System, domains
from tests.drawn_systems import SYSTEMS, drawn_systems


def none_settled(_: System, __: pl.DataFrame) -> dict[Key, dict[str, Bound]]:
    """In place of settled_groups: the engine finds everything."""
    return {}


def by_both(
    system: System, known: pl.DataFrame, patched: pytest.MonkeyPatch
) -> tuple[Solution, Solution]:
    """What a system says with groups that are settled by themselves, and by the engine alone."""
    fast = solve(system, known)
    patched.setattr(solving, "settled_groups", none_settled)
    return fast, solve(system, known)


def assert_same(one: Solution, other: Solution) -> None:
    assert bounds(one).equals(bounds(other))
    assert needed_groups(one).equals(needed_groups(other))
    assert one.joint == other.joint
    assert one.open == other.open


@pytest.mark.parametrize("seed", range(1, 8))
def test_groups_settled_by_themselves_force_the_bounds_that_the_engine_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without z3, which answers what neither of them does."""
    monkeypatch.setattr(solving, "MOST_ASKED", 0)
    found: list[dict[Key, dict[str, Bound]]] = []

    def kept(system: System, known: pl.DataFrame) -> dict[Key, dict[str, Bound]]:
        found.append(settled_groups(system, known))
        return dict(found[0])

    monkeypatch.setattr(solving, "settled_groups", kept)
    assert_same(*by_both(*drawn_systems(seed), monkeypatch))
    assert sum(map(len, found[0].values())) > SYSTEMS / 5


def test_bounds_of_the_article_are_those_that_the_engine_finds(
    article: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System(*(article.tables[name] for name in SYSTEM))
    facts = Facts(**{name: article.tables[name] for name in Facts.__dataclass_fields__})
    fast, slow = by_both(system, domains(system.quantities, facts), monkeypatch)
    assert_same(fast, slow)
    assert bounds(fast).height > 20
