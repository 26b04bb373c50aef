"""Limits that have a closed form, beside every pair of whole numbers, and beside the exact solver."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.consistency.closed_form import ClosedForms, closed_forms
from pipeline.consistency.each_group import judge
from pipeline.consistency.implied_bounds import outward
from pipeline.consistency.propagate import Spread, spread
from pipeline.consistency.solver.formulas import Formulas
from pipeline.consistency.solver.limits import Extents
from pipeline.consistency.solver.possibility import Possibility
from pipeline.consistency.solver.problem import problem_of, problems_of
from pipeline.consistency.system import System
from schemas.tables import empty

HUNDRED = 100
Ends = tuple[int, int | None]


@dataclass(frozen=True)
class Share:
    """A share of a base that is a count, in tenths of a percent, with another share beside it and what both leave."""

    share: tuple[int, int]
    base: Ends
    count: Ends
    other: tuple[int, int]
    other_is_open: bool
    overlaps: bool

    def system(self) -> System:
        ends: dict[str, tuple[Decimal | int, Decimal | int | None]] = {"base": self.base, "count": self.count}
        ends = {"share": self.tenths(self.share), "other": self.tenths(self.other), **ends}
        known = [
            {
                "variable": name,
                "source_id": "s",
                "fact_id": name,
                "part": "value",
                "role": "stated",
                "lower_bound": Decimal(low),
                "lower_closed": not (name == "other" and self.other_is_open),
                "upper_bound": None if high is None else Decimal(high),
                "upper_closed": high is not None,
                "is_integer": name in {"base", "count"},
                "description": name,
            }
            for name, (low, high) in ends.items()
        ]
        rest = known[0] | {"variable": "rest", "fact_id": None, "role": "remainder", "lower_bound": Decimal(0)}
        known.append(rest | {"upper_bound": Decimal(HUNDRED), "upper_closed": True})
        small, large = (Decimal(end) / 1000 for end in self.share)
        left = -2 if self.overlaps else 1
        terms = [
            ("product", "base", small, large, "share"),
            ("product", "count", Decimal(-1), Decimal(-1), None),
            *(("rest", name, Decimal(1), Decimal(1), None) for name in ("share", "other")),
            ("rest", "rest", Decimal(left), Decimal(left), None),
            ("rest", None, Decimal(-HUNDRED), Decimal(-HUNDRED), None),
        ]
        rows = [
            {
                "rule_id": rule,
                "group_id": "g",
                "variable": name,
                "coefficient_lower": low,
                "coefficient_upper": high,
                "coefficient_variable": share,
            }
            for rule, name, low, high, share in terms
        ]
        groups = [
            {"rule_id": "product", "group_id": "g", "source_id": "s", "op": "eq"},
            {"rule_id": "rest", "group_id": "g", "source_id": "s", "op": "le" if self.overlaps else "eq"},
        ]
        return System(
            pl.DataFrame(known, schema=empty("variables").schema),
            pl.DataFrame(groups, schema=empty("rule_groups").schema),
            pl.DataFrame(rows, schema=empty("rule_terms").schema),
        )

    @staticmethod
    def tenths(ends: tuple[int, int]) -> tuple[Decimal, Decimal]:
        low, high = ends
        return Decimal(low) / 10, Decimal(high) / 10

    def pairs(self, least: Fraction, most: Fraction) -> list[tuple[int, int]]:
        """Every base and count that some share between two makes."""
        return [
            (base, count)
            for base in range(self.base[0], (self.base[1] or 0) + 1)
            for count in range(self.count[0], (self.count[1] or 0) + 1)
            if least * base <= count <= most * base
        ]


@st.composite
def shares(draw: st.DrawFn, *, endless: bool) -> Share:
    """Shares that fit their numbers more or less, most of them points or narrow intervals."""

    def ends(most: int, width: int) -> tuple[int, int]:
        low = draw(st.integers(0, most))
        return low, low + draw(st.one_of(st.just(0), st.integers(0, width)))

    share, other = ends(600, 40), ends(300, 40)
    base = ends(80, 15)
    near = base[0] * share[0] // 1000
    low = max(0, near + draw(st.integers(-2, 2)))
    count = (low, low + draw(st.one_of(st.just(0), st.integers(0, 6))))
    return Share(
        share,
        (base[0], None) if endless and draw(st.booleans()) else base,
        (count[0], None) if endless and draw(st.booleans()) else count,
        other,
        other[0] < other[1] and draw(st.booleans()),
        draw(st.booleans()),
    )


def solved(one: Share) -> tuple[System, Spread, ClosedForms, pl.DataFrame] | None:
    system = one.system()
    judged = judge(system)
    if "violated" in judged["outcome"]:
        return None
    found = spread(system, judged)
    most = pl.when(pl.col("variable").is_in(["share", "other", "rest"])).then(pl.lit(HUNDRED))
    domains = system.variables.select("variable", least=pl.lit(0).cast(pl.Decimal(20, 6)), most=most.cast(pl.Decimal(20, 6)))
    return system, found, closed_forms(system, found, domains), domains


def ends_of(system: System, closed: ClosedForms, name: str) -> tuple[Decimal | None, Decimal | None]:
    """What a variable can be: by the closed form, where that is narrower than its own bounds."""
    bounds = closed.bounds.filter(variable=name).select("lower", "upper")
    own = system.variables.filter(variable=name).select("lower_bound", "upper_bound")
    return (bounds if bounds.height else own).row(0)


@settings(max_examples=50, deadline=None)
@given(shares(endless=False))
def test_a_base_and_a_count_can_be_what_some_pair_of_them_is(one: Share) -> None:
    known = solved(one)
    if known is None or known[2].components.is_empty():
        return
    system, _, closed, _ = known
    pairs = one.pairs(*(Fraction(end, 1000) for end in one.share))
    for place, name in enumerate(("base", "count")):
        numbers = [pair[place] for pair in pairs]
        assert ends_of(system, closed, name) == (Decimal(min(numbers)), Decimal(max(numbers)))


@settings(max_examples=25, deadline=None)
@given(shares(endless=True))
def test_a_base_and_a_count_can_be_what_the_solver_finds(one: Share) -> None:
    known = solved(one)
    if known is None or known[2].components.is_empty():
        return
    system, found, closed, domains = known
    problem = problem_of(found.core, domains)
    assert Possibility(problem).conflict(problem.stated, problem.relations) is None
    for name in ("base", "count"):
        exact = Extents(Formulas(problem)).limits([name])[name]
        assert ends_of(system, closed, name) == (outward(exact.lower, ROUND_FLOOR), outward(exact.upper, ROUND_CEILING))
        assert exact.is_tight


@settings(max_examples=40, deadline=None)
@given(shares(endless=False))
def test_what_shares_leave_is_what_the_solver_finds(one: Share) -> None:
    known = solved(one)
    if known is None or known[2].groups.is_empty():
        return
    system, found, closed, domains = known
    needed = found.needed_for(system, closed.groups.with_columns(problem=pl.lit("all")), 10)
    ((_, problem),) = problems_of(system, domains, needed)
    exact = Extents(Formulas(problem)).limits(["rest"])["rest"]
    lower, upper = outward(exact.lower, ROUND_FLOOR), outward(exact.upper, ROUND_CEILING)
    assert ends_of(system, closed, "rest") == (lower, upper)
    for row in closed.bounds.filter(variable="rest").to_dicts():
        assert (row["lower_closed"], row["upper_closed"]) == (exact.lower.is_closed, exact.upper.is_closed)
        assert row["tight"] == exact.is_tight


def test_most_lone_shares_need_no_solver() -> None:
    plain = Share((134, 136), (10_000, 10_500), (1_300, 1_500), (200, 210), other_is_open=False, overlaps=False)
    known = solved(plain)
    assert known is not None
    _, _, closed, _ = known
    assert closed.components.height == 1
    assert closed.groups.height == 1
    rows = {row["variable"]: (row["lower"], row["upper"], row["tight"]) for row in closed.bounds.to_dicts()}
    assert rows["count"] == (1_340, 1_428, True)
    assert rows["rest"] == (Decimal("65.4"), Decimal("66.6"), True)


def test_a_whole_number_that_no_share_makes_is_the_solvers() -> None:
    known = solved(Share((330, 340), (10, 10), (0, 9), (200, 210), other_is_open=False, overlaps=False))
    assert known is not None
    assert known[2].components.is_empty()
