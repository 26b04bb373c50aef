"""The cheapest set that hits all of some sets, whether found by branching or, past its limit, by z3: none is cheaper."""

from collections.abc import Collection
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.consistency.solver import branching
from pipeline.consistency.solver.branching import cheapest_hit
from pipeline.consistency.solver.hitting_sets import HittingSets
from pipeline.consistency.solver.problem import SolverLimitError

NAMES = "abcdefg"
WEIGHTS = st.fixed_dictionaries({name: st.integers(1, 3) for name in NAMES})
SOME = st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=4)
SETS = st.lists(SOME, max_size=7)


def hits(chosen: Collection[str], sets: list[frozenset[str]], excluding: list[frozenset[str]]) -> bool:
    return all(not one.isdisjoint(chosen) for one in sets) and not any(one <= set(chosen) for one in excluding)


@given(SETS, WEIGHTS, st.frozensets(st.sampled_from(NAMES), max_size=2), st.lists(SOME, max_size=3))
def test_no_set_that_hits_all_is_cheaper(
    sets: list[frozenset[str]], weights: dict[str, int], including: frozenset[str], excluding: list[frozenset[str]]
) -> None:
    every = [{*some, *including} for size in range(len(NAMES) + 1) for some in combinations(NAMES, size)]
    costs = [sum(weights[name] for name in one) for one in every if hits(one, sets, excluding)]
    found = cheapest_hit(sets, weights, including, excluding)
    if found is None:
        assert not costs
    else:
        assert including <= found
        assert hits(found, sets, excluding)
        assert sum(weights[name] for name in found) == min(costs)


@given(SETS, st.permutations(NAMES))
def test_the_order_in_which_sets_become_known_makes_no_difference(sets: list[frozenset[str]], order: list[str]) -> None:
    weights = dict.fromkeys(order, 1)
    assert cheapest_hit(sets, weights, (), ()) == cheapest_hit(sets[::-1], dict(sorted(weights.items())), (), ())


@given(SETS)
def test_past_the_limit_of_branching_the_answer_costs_the_same(sets: list[frozenset[str]]) -> None:
    def missed(chosen: frozenset[str]) -> frozenset[str] | None:
        return next((one for one in sets if one.isdisjoint(chosen)), None)

    weights = dict.fromkeys(NAMES, 1)
    branched = HittingSets(missed, weights).cheapest()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(branching, "NODES", 0)
        if sets:
            with pytest.raises(SolverLimitError):
                cheapest_hit(sets, weights, (), ())
        optimized = HittingSets(missed, weights).cheapest()
    assert branched is not None
    assert optimized is not None
    assert hits(branched, sets, [])
    assert hits(optimized, sets, [])
    assert len(branched) == len(optimized)
