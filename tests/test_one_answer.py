"""Intervals and z3 give one answer: what is published is what z3 alone says of the
same facts and rules.

The systems are many small ones side by side, most of them possible since each is built round an
assignment, and the article.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
import z3

from pipeline.check import Checked
from pipeline.reason import limits, possibility
from pipeline.reason.components import components, groups_of, only
from pipeline.reason.formulas import Formulas
from pipeline.reason.hull import Part
from pipeline.reason.implied_bounds import bounds, outward
from pipeline.reason.limits import Extents, Limits
from pipeline.reason.possibility import Budget, Possibility
from pipeline.reason.problem import HUNDREDTH, Key, Problem, problems_of
from pipeline.reason.repairs import ImpossibleRulesError, Repair, repairs
from pipeline.reason.solve import Solution, contradictions, solve
from pipeline.rule_steps import SYSTEM
from pipeline.rules.quantities import Facts
from pipeline.rules.system import GROUP, System, domains
from tests.drawn_systems import SEEDS, SYSTEMS, drawn_systems

STEPS = 100_000
NEAR = Fraction(1, 10**10)
"""How near an end has to come that is open, or that has more digits than are published."""

FAR = 10**9


class Silent:
    """In place of what intervals tell: it leaves every question to z3."""

    conflict = None

    def __init__(self, problem: Problem, _: Collection[str], groups: Collection[Key]) -> None:
        self.parts = (Part(tuple(groups), (), None, is_exact=False, is_open=True),)
        self._problem = problem

    def limits(self, name: str) -> Limits:
        return Limits(self._problem.quantities[name].anyway, is_tight=False)


@contextmanager
def z3_alone() -> Iterator[None]:
    """Let nothing but z3 answer."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(possibility, "Hull", Silent)
        yield


@dataclass
class Answer:
    """What is published of a system, and how much of it was compared."""

    system: System
    domains: pl.DataFrame
    solution: Solution
    found: dict[str, dict[str, object]]
    problems: Mapping[int, Problem]


def answer_of(system: System, known: pl.DataFrame) -> Answer:
    solution = solve(system, known)
    found = {str(row["quantity"]): row for row in bounds(solution).iter_rows(named=True)}
    possible = only(
        system, system.rule_groups.join(groups_of(solution.violated), on=GROUP, how="anti")
    )
    return Answer(system, known, solution, found, dict(parts(possible, known)))


def parts(system: System, known: pl.DataFrame) -> Iterator[tuple[int, Problem]]:
    """The parts of a system that nothing connects, whatever the facts say."""
    return enumerate(problems_of(system, known, components(system)))


def assert_published_is_what_z3_finds(one: Answer) -> tuple[int, int]:
    """Return how many quantities were compared, and of how many a bound follows.

    What is not said to be the tightest was too much to search in the order that is published, and
    may be wider: few are.
    """
    own = {str(row["quantity"]): row for row in one.system.quantities.iter_rows(named=True)}
    compared = loose = 0
    for problem in one.problems.values():
        formulas = Formulas(problem)
        extents = Extents(formulas)
        solver = believing_all(formulas)
        for name, quantity in problem.quantities.items():
            if quantity.is_point:
                continue
            row = one.found.get(name)
            assert_tight_is_true(formulas, solver, name, row)
            exact = extents.limits(name, quantity.believed)
            if not exact.is_tight:
                continue
            compared += 1
            if row is not None and not row["tight"]:
                loose += 1
                continue
            if row is None:
                row = {"lower": own[name]["lower"], "upper": own[name]["upper"]}
                row |= {side: own[name][side] for side in ("lower_closed", "upper_closed")}
            expected = outward(exact.interval)
            assert {side: row[side] for side in expected} == expected, (name, row, exact)
    assert loose * 50 <= compared
    return compared, len(one.found)


def believing_all(formulas: Formulas) -> z3.Solver:
    """What is asked of a problem if all facts are true and all groups hold."""
    believed = [part for stated in formulas.stated.values() for part in stated]
    solver = z3.Solver(ctx=formulas.context)
    solver.set("rlimit", STEPS)
    solver.add(*formulas.anyway, *formulas.demanded.values(), *believed)
    return solver


def assert_tight_is_true(
    formulas: Formulas, solver: z3.Solver, name: str, row: Mapping[str, object] | None
) -> None:
    """Assert that nothing lies beyond the bounds of a quantity, and that it comes up to them where
    they are called tight.
    """
    if row is None:
        return
    number = formulas.numbers[name]
    solver.push()
    if name in formulas.lone_products:
        product, base = formulas.lone_products[name]
        solver.add(product == HUNDREDTH * number * base)
    for side, sign in (("lower", 1), ("upper", -1)):
        end = row[side]
        if isinstance(end, Decimal):
            beyond = sign * number < sign * Fraction(end)
            assert solver.check(beyond) != z3.sat, (name, row, "beyond")
        if row["tight"]:
            near = sign * number <= (
                sign * Fraction(end) + NEAR if isinstance(end, Decimal) else -FAR
            )
            assert solver.check(near) != z3.unsat, (name, row, "near")
    solver.pop()


@pytest.mark.slow
def test_bounds_conflicts_and_blamed_facts_of_small_systems_are_those_that_z3_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one test, since to solve the systems takes longest; z3 takes fewer steps for a question
    than it may.
    """
    with monkeypatch.context() as patched:
        patched.setattr(limits, "STEPS", STEPS)
        drawn = answer_of(*drawn_systems(SEEDS[0]))
        compared, narrower = assert_published_is_what_z3_finds(drawn)
    assert compared > 2 * SYSTEMS
    assert narrower > SYSTEMS
    assert_violated_only_where_z3_finds_no_values(drawn)
    assert_z3_blames_the_same_facts(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[1:])
def test_no_bound_of_small_systems_is_wrong_or_said_to_be_narrower_than_proven(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "STEPS", STEPS)
    one = answer_of(*drawn_systems(seed))
    assert not one.solution.open
    assert len(one.problems) > SYSTEMS * 0.8
    for problem in one.problems.values():
        formulas = Formulas(problem)
        solver = believing_all(formulas)
        for name in problem.quantities:
            assert_tight_is_true(formulas, solver, name, one.found.get(name))


def assert_violated_only_where_z3_finds_no_values(drawn: Answer) -> None:
    assert not drawn.solution.open
    by_name = {
        key: problem
        for _, problem in parts(drawn.system, drawn.domains)
        for key in problem.relations
    }
    assert len(drawn.solution.joint) > SYSTEMS / 60
    with z3_alone():
        for problem in drawn.problems.values():
            assert (
                Possibility(problem, Budget(100)).conflict(problem.stated, problem.relations)
                is None
            )
        for conflict in set(drawn.solution.joint.values()):
            problem = by_name[conflict[0]]
            alone = Possibility(problem, Budget(100))
            assert alone.conflict(problem.stated, conflict) is not None
            for key in conflict if len(conflict) > 1 else ():
                assert alone.conflict(problem.stated, {*conflict} - {key}) is None


def assert_z3_blames_the_same_facts(drawn: Answer) -> None:
    found, impossible = contradictions(drawn.system, drawn.domains, drawn.solution.violated, {})
    expected: list[set[tuple[object, ...]]] = []
    refused: set[Key] = set()
    for _, problem in parts(drawn.system, drawn.domains):
        if not drawn.solution.violated & problem.relations.keys():
            continue
        try:
            expected.append(sets_of(repairs_by_z3(problem)))
        except ImpossibleRulesError as error:
            refused |= error.groups
    assert len(expected) > SYSTEMS // 25
    assert impossible == refused
    assert sorted(map(sorted_words, map(sets_of, found.values()))) == sorted(
        map(sorted_words, expected)
    )


def repairs_by_z3(problem: Problem) -> list[Repair]:
    """The repairs of a problem, with intervals that say nothing."""
    with z3_alone():
        return repairs(Possibility(problem, Budget(100)), {})


def sets_of(found: list[Repair]) -> set[tuple[object, ...]]:
    """Each fact of the sets of each part, with its ends as published: z3 comes close to what has
    more digits.
    """
    return {
        (place, name, *outward(known.interval).values())
        for place, part in enumerate(found)
        for one in part.sets
        for name, known in one.items()
    }


def sorted_words(one: set[tuple[object, ...]]) -> list[str]:
    return sorted(map(str, one))


def test_bounds_of_the_article_are_those_that_z3_finds_alone(article: Checked) -> None:
    tables = article.tables
    system = System(*(tables[name] for name in SYSTEM))
    facts = Facts(**{name: tables[name] for name in Facts.__dataclass_fields__})
    one = answer_of(system, domains(system.quantities, facts))
    compared, narrower = assert_published_is_what_z3_finds(one)
    assert compared > 40
    assert narrower == tables["implied_bounds"].height > 20
