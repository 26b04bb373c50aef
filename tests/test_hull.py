"""What intervals tell of rules that hang together as a tree, beside z3: the same conflicts, and
limits that are reached.
"""

from dataclasses import replace
from fractions import Fraction
from math import isinf

import z3
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.intervals.interval import NO_END, SIDES, Interval, interval, point
from pipeline.reason.formulas import Formulas
from pipeline.reason.hull import Hull
from pipeline.reason.problem import Problem, Quantity, Relation, Term

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
    stated = interval(
        (low, is_open[0]), NO_END if draw(st.integers(0, 9)) == 0 else (-high, is_open[1])
    )
    return Quantity(stated.whole() if is_integer else stated, anyway, is_integer)


@st.composite
def trees(draw: st.DrawFn) -> Problem:
    """Groups that each share one quantity with those before: sums of whole numbers, or multiples
    and shares of a known base.
    """
    is_integer = draw(st.booleans())
    sizes = st.sampled_from(
        [Fraction(1), Fraction(-1), *([] if is_integer else [Fraction(2), Fraction(-1, 3)])]
    )
    found, relations = draw(_hung(st.just(is_integer), sizes.map(point)))
    if not is_integer:
        share = draw(st.sampled_from([name for name, one in found.items() if one.stated] or ["v0"]))
        base = point(draw(st.integers(0, 300)))
        found |= {
            "base": Quantity(base, Interval(0), is_integer=True),
            "count": draw(quantities(is_integer=is_integer)),
        }
        relations["r", "share"] = Relation(
            "eq", (Term("base", point(1 / HUNDRED), share), Term("count", point(-1)))
        )
    return Problem(dict(sorted(found.items())), relations)


@st.composite
def mixed_trees(draw: st.DrawFn) -> Problem:
    """Trees of numbers of which some are whole, with coefficients known more or less, and a share
    of what is not known.
    """
    sizes = st.builds(
        lambda least, width, sign: Interval(least, least + width).scaled(sign),
        st.sampled_from([1, 2, 5]),
        st.sampled_from([Fraction(0), Fraction(1), Fraction(5, 2)]),
        st.sampled_from([1, -1]),
    )
    found, relations = draw(_hung(st.booleans(), sizes))
    if draw(st.booleans()):
        share, base = draw(st.sampled_from([("v0", "other"), ("other", "v0"), ("v0", "v1")]))
        found.setdefault("other", draw(quantities(is_integer=base == "other")))
        found["count"] = draw(quantities(is_integer=draw(st.booleans())))
        product = Term(base, point(1 / HUNDRED), share)
        relations["r", "share"] = Relation("eq", (product, Term("count", point(-1))))
    return Problem(dict(sorted(found.items())), relations)


@st.composite
def _hung(
    draw: st.DrawFn, is_integer: st.SearchStrategy[bool], sizes: st.SearchStrategy[Interval]
) -> tuple[dict[str, Quantity], dict[tuple[str, str], Relation]]:
    """Sums with a constant, each of which shares one quantity with those before."""
    found = {"v0": draw(quantities(is_integer=draw(is_integer)))}
    relations = {}
    for group in range(draw(st.integers(1, 4))):
        old = draw(st.sampled_from(sorted(found)))
        new = [f"v{len(found) + place}" for place in range(draw(st.integers(1, 2)))]
        found |= {name: draw(quantities(is_integer=draw(is_integer))) for name in new}
        terms = [Term(name, draw(sizes)) for name in (old, *new)]
        constant = Term(None, point(draw(st.integers(-6, 6))))
        relations["r", str(group)] = Relation(
            draw(st.sampled_from(["eq", "le"])), (*terms, constant)
        )
    return found, relations


def is_possible(
    problem: Problem, facts: frozenset[str], groups: frozenset[tuple[str, str]]
) -> bool:
    formulas = Formulas(problem)
    solver = z3.Solver(ctx=formulas.context)
    solver.add(*formulas.anyway, *(formulas.demanded[key] for key in groups))
    solver.add(*(one for name in facts for one in formulas.stated[name]))
    return bool(solver.check() == z3.sat)


@settings(max_examples=30, deadline=None)
@given(trees(), st.sets(st.integers(0, 9)))
def test_what_intervals_exclude_is_impossible_and_what_they_leave_is_possible(
    problem: Problem, free: set[int]
) -> None:
    facts = frozenset(problem.stated) - {f"v{number}" for number in free}
    hull = Hull(problem, facts, problem.relations)
    core = hull.conflict
    if core is None:
        assert all(part.is_exact for part in hull.parts)
        assert is_possible(problem, facts, frozenset(problem.relations))
        return
    blamed = frozenset(one for one in core if isinstance(one, str))
    assert blamed <= facts
    assert not is_possible(
        problem, blamed, frozenset(one for one in core if isinstance(one, tuple))
    )


@settings(max_examples=25, deadline=None)
@given(trees(), st.sets(st.integers(0, 9)))
def test_a_quantity_can_be_at_its_limits_unless_these_are_open_and_not_beyond(
    problem: Problem, free: set[int]
) -> None:
    facts = frozenset(problem.stated) - {f"v{number}" for number in free}
    hull = Hull(problem, facts, problem.relations)
    if hull.conflict is None:
        assert how_many_are_tight(problem, facts, hull) == len(problem.quantities)


@settings(max_examples=25, deadline=None)
@given(mixed_trees(), st.sets(st.integers(0, 9)))
def test_what_goes_in_steps_is_said_to_be_impossible_or_tight_only_where_it_is(
    problem: Problem, free: set[int]
) -> None:
    facts = frozenset(problem.stated) - {f"v{number}" for number in free}
    hull = Hull(problem, facts, problem.relations)
    core, is_decided = hull.conflict, all(part.is_exact for part in hull.parts)
    event(f"intervals decide: {core is not None or is_decided}")
    if core is not None:
        assert not is_possible(
            problem, facts & core, frozenset(key for key in problem.relations if key in core)
        )
    elif is_possible(problem, facts, frozenset(problem.relations)):
        event(f"tight: {how_many_are_tight(problem, facts, hull)} of {len(problem.quantities)}")
    else:
        assert not is_decided


def how_many_are_tight(problem: Problem, facts: frozenset[str], hull: Hull) -> int:
    """Return how many quantities have limits that are said to be tight, having seen that they are,
    and that no limit is wrong.
    """

    def can_be(name: str, ends: Interval) -> bool:
        within = {**problem.quantities, name: replace(problem.quantities[name], anyway=ends)}
        return is_possible(replace(problem, quantities=within), facts, frozenset(problem.relations))

    tight = 0
    for name, one in problem.quantities.items():
        limits = hull.limits(name)
        tight += limits.is_tight
        for sign in SIDES:
            least, is_open = limits.interval.low(sign)
            if not isinf(least):
                assert not limits.is_tight or can_be(name, point(sign * least)) != is_open
                assert not can_be(name, one.anyway.raised(-sign, (BEYOND - least, False)))
    return tight


@settings(max_examples=25, deadline=None)
@given(trees())
def test_the_groups_that_force_a_quantity_force_it_without_the_others(problem: Problem) -> None:
    hull = Hull(problem, problem.stated, problem.relations)
    if hull.conflict is not None:
        return
    for name in hull.narrower:
        groups = hull.groups_that_force(name)
        assert groups
        some = Hull(problem, problem.stated, groups)
        assert some.limits(name).interval == hull.limits(name).interval
        without = Hull(problem, problem.stated, ())
        assert without.limits(name).interval != hull.limits(name).interval
