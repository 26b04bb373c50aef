"""Outcomes and implied bounds of small systems, beside brute force over every whole number or
corner.
"""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reason.implied_bounds import bounds
from pipeline.reason.solve import solve
from pipeline.rules.evaluate import judge
from tests.small_systems import (
    MOST,
    Group,
    Term,
    Variable,
    all_units,
    domains_of,
    solutions,
    system_of,
    whole_systems,
)


class TestOutcomes:
    @staticmethod
    @st.composite
    def systems(draw: st.DrawFn) -> tuple[list[Variable], list[Group]]:
        """Variables with open, closed and missing ends, groups with coefficients of one sign
        each.
        """
        quantities = []
        for _ in range(draw(st.integers(1, 4))):
            low = draw(st.one_of(st.none(), st.integers(-6, 6)))
            high = draw(st.one_of(st.none(), st.integers(low if low is not None else -6, 7)))
            point = low is not None and low == high
            ends = [
                (end, end is not None and (point or draw(st.booleans()))) for end in (low, high)
            ]
            quantities.append(Variable(ends[0], ends[1], whole=False))
        groups = []
        for _ in range(draw(st.integers(1, 4))):
            chosen = draw(st.lists(st.integers(-1, len(quantities) - 1), min_size=1, unique=True))
            terms = []
            for quantity in chosen:
                sizes = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
                sign = draw(st.sampled_from([1, -1]))
                low, high = sorted(sign * size for size in sizes)
                terms.append((quantity, low, high))
            groups.append((draw(st.sampled_from(["eq", "le"])), terms))
        return quantities, groups

    @staticmethod
    def by_corners(quantities: list[Variable], op: str, terms: list[Term]) -> str:
        """The outcome from the definition: the least and greatest sum over all corners, a missing
        end being very far away.
        """
        far = 10**9
        low, high, low_reached, high_reached = Fraction(0), Fraction(0), True, True
        for quantity, *coefficients in terms:
            one = quantities[quantity] if quantity >= 0 else Variable((1, True), (1, True))
            corners = [
                (Fraction(coefficient) * (end if end is not None else far * sign), closed)
                for coefficient in coefficients
                for (end, closed), sign in ((one.low, -1), (one.high, 1))
            ]
            bottom, top = min(value for value, _ in corners), max(value for value, _ in corners)
            low_reached &= any(closed for value, closed in corners if value == bottom)
            high_reached &= any(closed for value, closed in corners if value == top)
            low, high = low + bottom, high + top
        if low > 0 or (low == 0 and not low_reached):
            return "violated"
        if op == "eq" and (high < 0 or (high == 0 and not high_reached)):
            return "violated"
        if (op == "le" and high <= 0) or (op == "eq" and low == high == 0):
            return "satisfied"
        return "undetermined"

    @settings(max_examples=25, deadline=None)
    @given(systems())
    def test_outcomes_are_those_of_the_corners(
        self, system: tuple[list[Variable], list[Group]]
    ) -> None:
        quantities, groups = system
        judged = dict(
            judge(system_of(quantities, groups)).select("group_id", "outcome").iter_rows()
        )
        assert judged == {
            f"g{index}": self.by_corners(quantities, op, terms)
            for index, (op, terms) in enumerate(groups)
        }


class TestImpliedBounds:
    @settings(max_examples=15, deadline=None)
    @given(whole_systems())
    def test_bounds_hold_and_are_the_narrowest_where_they_are_said_to_be(
        self, drawn: tuple[list[Variable], list[Group]]
    ) -> None:
        quantities, groups = drawn
        system = system_of(quantities, groups)
        solution = solve(system, domains_of(system))
        possible = list(solutions(quantities, groups))
        # that only whole numbers make impossible may stay open: outcomes are judged over intervals
        if not possible:
            assert solution.violated or not all_units(groups)
            return
        assert not solution.violated
        assert not solution.open
        found = {row["quantity"]: row for row in bounds(solution).iter_rows(named=True)}
        for index, one in enumerate(quantities):
            values = [values[index] for values in possible]
            row = found.get(f"v{index}")
            if row is None:
                assert min(values) >= (one.low[0] or 0)
                continue
            assert row["lower"] <= min(values)
            assert row["upper"] >= max(values)
            if row["tight"]:
                assert (row["lower"], row["upper"]) == (min(values), max(values))

    @settings(max_examples=6, deadline=None)
    @given(whole_systems())
    def test_nothing_narrower_than_what_is_published_is_left_out_on_small_circles(
        self, drawn: tuple[list[Variable], list[Group]]
    ) -> None:
        quantities, groups = drawn
        system = system_of(quantities, groups)
        possible = list(solutions(quantities, groups))
        if not possible:
            return
        found = {
            row["quantity"]: row
            for row in bounds(solve(system, domains_of(system))).iter_rows(named=True)
        }
        for index, one in enumerate(quantities):
            row = found.get(
                f"v{index}", {"lower": one.low[0], "upper": one.high[0], "tight": all_units(groups)}
            )
            if row["tight"]:
                values = [values[index] for values in possible]
                assert (row["lower"], row["upper"]) == (min(values), max(values))

    def test_slack_that_goes_in_steps_of_two_does_not_meet_every_number(self) -> None:
        unstated, left = (
            Variable((0, True), (MOST, True), role=role) for role in ("unstated", "remainder")
        )
        groups: list[Group] = [
            ("eq", [(1, 1, 1), (2, 1, 1), (-1, -1, -1)]),
            ("eq", [(0, 2, 2), (1, -1, -1)]),
        ]
        system = system_of([unstated, unstated, left], groups)
        solution = solve(system, domains_of(system))
        assert not bounds(solution)[
            "tight"
        ].any()  # only 0, 0 and 1 are possible, which intervals do not see

    def test_a_circle_of_two_rules_is_decided_exactly(self) -> None:
        wide = Variable((0, True), (MOST * 10, True), whole=False)
        system = system_of(
            [wide, wide],
            [("eq", [(0, 1, 1), (1, 1, 1), (-1, -10, -10)]), ("eq", [(0, 1, 1), (1, -1, -1)])],
        )
        rows = bounds(solve(system, domains_of(system, 0, None))).to_dicts()
        assert [(row["lower"], row["upper"], row["tight"], row["method"]) for row in rows] == [
            (5, 5, True, "solver")
        ] * 2

    def test_an_open_end_stays_open(self) -> None:
        half_open = Variable((2, False), (4, True), whole=False)
        free = Variable((0, True), (None, False), role="unstated", whole=False)
        system = system_of([half_open, free], [("eq", [(0, 1, 1), (1, -1, -1)])])
        (row,) = bounds(solve(system, domains_of(system, 0, None))).to_dicts()
        assert (row["lower"], row["lower_closed"], row["upper"], row["upper_closed"]) == (
            2,
            False,
            4,
            True,
        )

    def test_a_missing_end_is_not_invented(self) -> None:
        at_least = Variable((3, True), (None, False), whole=False)
        free = Variable((0, True), (None, False), role="unstated", whole=False)
        system = system_of([at_least, free], [("eq", [(0, 1, 1), (1, -1, -1)])])
        (row,) = bounds(solve(system, domains_of(system, 0, None))).to_dicts()
        assert (row["lower"], row["upper"]) == (3, None)

    def test_three_rules_that_are_impossible_only_together_are_all_named(self) -> None:
        wide = Variable((0, True), (MOST, True))
        cycle = [("eq", [(a, 1, 1), (b, 1, 1), (-1, -5, -5)]) for a, b in ((0, 1), (1, 2), (0, 2))]
        system = system_of([wide] * 3, [*cycle, ("le", [(0, 1, 1), (-1, -MOST, -MOST)])])
        solution = solve(system, domains_of(system))
        assert set(solution.judged["outcome"]) <= {"undetermined", "satisfied"}
        together = tuple((f"r{index}", f"g{index}") for index in range(3))
        assert dict(solution.joint) == dict.fromkeys(together, together)
