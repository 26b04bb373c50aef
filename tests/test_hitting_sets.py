"""The cheapest set that hits all of some sets, which become known only by asking: none is
cheaper.
"""

from collections.abc import Collection, Mapping
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.reason.hitting_sets import HittingSets

NAMES = "abcdefg"
WEIGHTS = st.fixed_dictionaries({name: st.integers(1, 3) for name in NAMES})
SOME = st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=4)
SETS = st.lists(SOME, max_size=7)


def hits(
    chosen: Collection[str], sets: list[frozenset[str]], excluding: list[frozenset[str]]
) -> bool:
    return all(not one.isdisjoint(chosen) for one in sets) and not any(
        one <= set(chosen) for one in excluding
    )


def search(sets: list[frozenset[str]], weights: Mapping[str, int]) -> HittingSets[str]:
    return HittingSets(
        lambda chosen: next((one for one in sets if one.isdisjoint(chosen)), None), weights
    )


@given(SETS, WEIGHTS, st.frozensets(st.sampled_from(NAMES), max_size=2), st.lists(SOME, max_size=3))
def test_no_set_that_hits_all_is_cheaper(
    sets: list[frozenset[str]],
    weights: dict[str, int],
    including: frozenset[str],
    excluding: list[frozenset[str]],
) -> None:
    every = [
        {*some, *including} for size in range(len(NAMES) + 1) for some in combinations(NAMES, size)
    ]
    costs = [sum(weights[name] for name in one) for one in every if hits(one, sets, excluding)]
    found = search(sets, weights).cheapest(including=including, excluding=excluding)
    if found is None:
        assert not costs
    else:
        assert including <= found
        assert hits(found, sets, excluding)
        assert sum(weights[name] for name in found) == min(costs)


@given(SETS)
def test_a_set_that_costs_more_than_it_may_is_none(sets: list[frozenset[str]]) -> None:
    weights = dict.fromkeys(NAMES, 1)
    least = search(sets, weights).cheapest()
    assert least is not None
    assert search(sets, weights).cheapest(most=len(least)) == least
    assert not least or search(sets, weights).cheapest(most=len(least) - 1) is None
