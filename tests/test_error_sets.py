"""Error sets of small systems, beside all that brute force finds."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings

from pipeline.reason.possibility import Budget, Possibility
from pipeline.reason.problem import problem_of
from pipeline.reason.repairs import ImpossibleRulesError, Repair, repairs
from pipeline.reason.solve import contradictions, solve
from tests.small_systems import (
    Group,
    Variable,
    domains_of,
    point,
    solutions,
    system_of,
    whole_systems,
)


class TestErrorSets:
    @staticmethod
    def exhaustive(quantities: list[Variable], groups: list[Group]) -> set[frozenset[int]]:
        """All smallest sets of stated quantities that, were they anything, would let all groups
        hold.
        """
        stated = [index for index, one in enumerate(quantities) if one.role == "stated"]
        for size in range(len(stated) + 1):
            found = {
                frozenset(free)
                for free in combinations(stated, size)
                if next(solutions(quantities, groups, free), None) is not None
            }
            if found:
                return found
        return set()

    @settings(max_examples=15, deadline=None)
    @given(whole_systems())
    def test_sets_are_all_the_smallest_ones_and_their_intervals_the_narrowest(
        self, drawn: tuple[list[Variable], list[Group]]
    ) -> None:
        quantities, groups = drawn
        system = system_of(quantities, groups)
        problem = problem_of(system, domains_of(system))
        expected = self.exhaustive(quantities, groups)
        if not expected:
            with pytest.raises(ImpossibleRulesError):
                repairs(Possibility(problem, Budget(100)), {})
            return
        if expected == {frozenset()}:
            return
        found = repairs(Possibility(problem, Budget(100)), {})
        assert self.multiplied(found) == expected
        for free in expected:
            possible = list(solutions(quantities, groups, tuple(free)))
            for part in found:
                for one in part.sets:
                    if {int(name[1:]) for name in one} <= free:
                        for name, limits in one.items():
                            values = [values[int(name[1:])] for values in possible]
                            assert limits.interval == (min(values), max(values), False, False)

    @staticmethod
    def multiplied(parts: list[Repair]) -> set[frozenset[int]]:
        chosen = product(
            *([frozenset(int(name[1:]) for name in one) for one in part.sets] for part in parts)
        )
        return {frozenset[int]().union(*sets) for sets in chosen}

    def test_independent_parts_are_published_apart(self) -> None:
        same: list[Group] = [("eq", [(one, 1, 1), (one + 1, -1, -1)]) for one in (0, 2)]
        below: list[Group] = [("le", [(one, 1, 1), (4, -1, -1)]) for one in (0, 2)]
        system = system_of([point(1), point(2), point(5), point(6), point(7)], [*same, *below])
        parts = repairs(Possibility(problem_of(system, domains_of(system)), Budget(100)), {})
        assert [sorted(sorted(one) for one in part.sets) for part in parts] == [
            [["v0"], ["v1"]],
            [["v2"], ["v3"]],
        ]

    def test_a_fact_that_weighs_more_is_not_blamed(self) -> None:
        system = system_of([point(1), point(2)], [("eq", [(0, 1, 1), (1, -1, -1)])])
        (part,) = repairs(
            Possibility(problem_of(system, domains_of(system)), Budget(100)), {"v0": 2}
        )
        assert [list(one) for one in part.sets] == [["v1"]]
        assert part.weight == 1

    def test_what_only_says_again_is_wrong_with_what_it_repeats_and_weighs_nothing_of_its_own(
        self,
    ) -> None:
        same: list[Group] = [("eq", [(one, 1, 1), (two, -1, -1)]) for one, two in ((0, 1), (1, 2))]
        possibility = Possibility(
            problem_of(
                system := system_of([point(1), point(1), point(2)], same), domains_of(system)
            ),
            Budget(100),
        )
        (alone,) = repairs(possibility, {})
        assert [sorted(one) for one in alone.sets] == [["v2"]]
        (copied,) = repairs(possibility, {}, {"v1": "v0"})
        assert [sorted(one) for one in copied.sets] == [["v0", "v1"], ["v2"]]
        assert copied.weight == 1
        (trusted,) = repairs(possibility, {"v1": 2}, {"v1": "v0"})
        assert [sorted(one) for one in trusted.sets] == [["v2"]]

    def test_a_component_is_named_after_its_first_variable(self) -> None:
        system = system_of([point(1), point(2)], [("eq", [(0, 1, 1), (1, -1, -1)])])
        solution = solve(system, domains_of(system))
        found, impossible = contradictions(system, domains_of(system), solution.violated, {})
        assert list(found) == ["v0"]
        assert not impossible
