"""What intervals tell of rules that hang together as a tree, beside z3: the same conflicts, and limits that are reached."""

from dataclasses import replace
from fractions import Fraction
from math import isinf

import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intervals.interval import NO_END, SIDES, Interval, interval, point
from pipeline.reason.formulas import Formulas
from pipeline.reason.problem import Problem, Quantity, Relation, Term
from pipeline.reason.trees import Trees

HUNDRED = Fraction(100)
BEYOND = Fraction(1, 10**6)


@st.composite
def quantities(draw: st.DrawFn, *, is_integer: bool) -> Quantity:
    """Points, intervals with open ends or none, and what nobody states."""
    step = 1 if is_integer else Fraction(1, 2)
    low = draw(st.integers(0, 12)) * step
    high = low + draw(st.sampled_from([0, 0, 1, 3])) * step
    anyway = Interval(0, HUNDRED)
    if draw(st.integers(0, 4)) == 0:
        return Quantity(None, anyway, is_integer)
    is_open = [low != high and draw(st.booleans()) for _ in range(2)]
    stated = interval((low, is_open[0]), NO_END if draw(st.integers(0, 9)) == 0 else (-high, is_open[1]))
    return Quantity(stated.whole() if is_integer else stated, anyway, is_integer)


@st.composite
def trees(draw: st.DrawFn) -> Problem:
    """Groups that each share one quantity with those before: sums of whole numbers, or multiples and shares of a known base."""
    is_integer = draw(st.booleans())
    kinds = quantities(is_integer=is_integer)
    found = {"v0": draw(kinds)}
    relations = {}
    for group in range(draw(st.integers(1, 4))):
        old = draw(st.sampled_from(sorted(found)))
        new = [f"v{len(found) + place}" for place in range(draw(st.integers(1, 2)))]
        found |= {name: draw(kinds) for name in new}
        sizes = st.sampled_from([Fraction(1), Fraction(-1), *([] if is_integer else [Fraction(2), Fraction(-1, 3)])])
        terms = [Term(name, point(draw(sizes))) for name in (old, *new)]
        constant = Term(None, point(draw(st.integers(-6, 6))))
        relations["r", str(group)] = Relation(draw(st.sampled_from(["eq", "le"])), (*terms, constant))
    if not is_integer:
        share = draw(st.sampled_from([name for name, one in found.items() if one.stated] or ["v0"]))
        base = point(draw(st.integers(0, 300)))
        found |= {"base": Quantity(base, Interval(0), is_integer=True), "count": draw(kinds)}
        relations["r", "share"] = Relation("eq", (Term("base", point(1 / HUNDRED), share), Term("count", point(-1))))
    return Problem(dict(sorted(found.items())), relations)


def is_possible(problem: Problem, facts: frozenset[str], groups: frozenset[tuple[str, str]]) -> bool:
    formulas = Formulas(problem)
    solver = z3.Solver()
    solver.add(*formulas.anyway, *(formulas.demanded[key] for key in groups))
    solver.add(*(one for name in facts for one in formulas.stated[name]))
    return bool(solver.check() == z3.sat)


@settings(max_examples=150, deadline=None)
@given(trees(), st.sets(st.integers(0, 9)))
def test_what_intervals_exclude_is_impossible_and_what_they_leave_is_possible(problem: Problem, free: set[int]) -> None:
    facts = frozenset(problem.stated) - {f"v{number}" for number in free}
    core, left = Trees(problem).conflict(facts, problem.relations)
    assert not left
    if core is None:
        assert is_possible(problem, facts, frozenset(problem.relations))
        return
    blamed = frozenset(one for one in core if isinstance(one, str))
    assert blamed <= facts
    assert not is_possible(problem, blamed, frozenset(one for one in core if isinstance(one, tuple)))


@settings(max_examples=60, deadline=None)
@given(trees(), st.sets(st.integers(0, 9)))
def test_a_quantity_can_be_at_its_limits_unless_these_are_open_and_not_beyond(problem: Problem, free: set[int]) -> None:
    facts = frozenset(problem.stated) - {f"v{number}" for number in free}
    freed = set(problem.stated) - facts

    def can_be(name: str, ends: Interval) -> bool:
        within = {**problem.quantities, name: replace(problem.quantities[name], anyway=ends)}
        return is_possible(replace(problem, quantities=within), facts, frozenset(problem.relations))

    if Trees(problem).conflict(facts, problem.relations)[0] is None:
        for name, one in problem.quantities.items():
            limits = Trees(problem).limits(name, freed)
            assert limits is not None
            for sign in SIDES:
                least, is_open = limits.interval.low(sign)
                if not isinf(least):
                    assert can_be(name, point(sign * least)) != is_open
                    assert not can_be(name, one.anyway.raised(-sign, (BEYOND - least, False)))


@settings(max_examples=60, deadline=None)
@given(trees())
def test_none_of_the_groups_that_force_a_quantity_can_be_left_out(problem: Problem) -> None:
    found = Trees(problem).limits("v0", ())
    needed = Trees(problem).groups_that_force("v0")
    if found is None or needed is None:
        return
    for without in [set[tuple[str, str]](), *({key} for key in needed)]:
        some = replace(problem, relations={key: problem.relations[key] for key in needed - without})
        limits = Trees(some).limits("v0", ())
        assert limits is not None
        assert (limits.interval == found.interval) == (not without)
