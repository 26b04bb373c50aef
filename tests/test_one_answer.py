"""Rounds, intervals on trees and z3 give one answer: what is published is what z3 alone says of the same facts and rules.

The systems are many small ones side by side, most of them possible since each is built round an assignment, and the article.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from random import Random

import polars as pl
import pytest
import z3

from pipeline.check import Checked
from pipeline.reason import limits, possibility
from pipeline.reason.components import components, freed, groups_of, only
from pipeline.reason.formulas import Formulas, real
from pipeline.reason.hull import Part
from pipeline.reason.implied_bounds import bounds, outward
from pipeline.reason.limits import Extents, Limits
from pipeline.reason.possibility import Possibility
from pipeline.reason.problem import HUNDREDTH, Key, Problem, SolverLimitError, problems_of
from pipeline.reason.repairs import ImpossibleRulesError, Repair, repairs
from pipeline.reason.solve import Solution, contradictions, solve
from pipeline.rule_steps import SYSTEM
from pipeline.rules.quantities import Facts
from pipeline.rules.system import GROUP, System, domains
from schemas.tables import empty

SYSTEMS = 300
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
class Drawn:
    """A small system round an assignment: its rows, with names that begin with its number."""

    number: int
    draw: Random
    whole: bool = False
    values: dict[str, Fraction] = field(default_factory=dict)
    variables: list[dict[str, object]] = field(default_factory=list)
    groups: list[dict[str, object]] = field(default_factory=list)
    terms: list[dict[str, object]] = field(default_factory=list)

    def variable(self, value: Fraction, role: str, ends: tuple[float, float], *, whole: bool, most: int | None = None) -> str:
        """A variable that has a value and is known to lie so far below and above it; infinitely far: nothing is said."""
        name = f"{self.number:03}v{len(self.variables)}"
        sides: dict[str, object] = {}
        for side, sign, distance in (("lower", -1, ends[0]), ("upper", 1, ends[1])):
            limit = (0 if sign < 0 else most) if math.isinf(distance) else value + sign * Fraction(distance)
            limit = None if limit is None else Fraction(max(limit, 0) if most is None else min(max(limit, 0), most))
            is_open = limit is not None and limit != value and not math.isinf(distance) and self.draw.random() < 0.25
            sides |= {f"{side}_bound": None if limit is None else Decimal(f"{float(limit):.6f}")}
            sides |= {f"{side}_closed": limit is not None and (whole or not is_open)}
        row = {"variable": name, "source_id": "s", "fact_id": name if role == "stated" else None, "part": "value"}
        self.variables.append({**row, "role": role, "is_integer": whole, "description": name, **sides})
        self.values[name] = value
        return name

    def some(self) -> str:
        """A quantity that is stated, as a point or an interval, or that nobody states."""
        whole = self.whole
        value = Fraction(self.draw.randint(0, 40), 1 if whole else self.draw.choice([1, 2, 10]))
        if self.draw.random() < 0.2:
            return self.variable(value, "unstated", (math.inf, math.inf), whole=whole)
        widths = [0, 0, 1, 3, math.inf] if whole else [0, 0, 0.5, 2, math.inf]
        return self.variable(value, "stated", (self.draw.choice(widths), self.draw.choice(widths)), whole=whole)

    def group(self, op: str, terms: list[tuple[str | None, Fraction, Fraction, str | None]]) -> None:
        names = {"rule_id": f"r{len(self.groups)}", "group_id": f"{self.number:03}"}
        self.groups.append({**names, "source_id": "s", "op": op})
        for variable, low, high, share in terms:
            ends = [Decimal(f"{float(end):.8f}") for end in (low, high)]
            sizes = {"coefficient_lower": ends[0], "coefficient_upper": ends[1], "coefficient_variable": share}
            self.terms.append({**names, "variable": variable, **sizes})

    def sum(self, names: list[str]) -> None:
        """Some quantities, now and then with slack, that add up, or do not exceed what is left of them."""
        sizes = [Fraction(self.draw.choice([1, 1, 1, -1, -1, -1])) for _ in names]
        terms: list[tuple[str | None, Fraction, Fraction, str | None]] = [
            (name, size, size, None) for name, size in zip(names, sizes, strict=True)
        ]
        total = sum((size * self.values[name] for name, size in zip(names, sizes, strict=True)), Fraction(0))
        whole = all(row["is_integer"] for row in self.variables if row["variable"] in names)
        op = self.draw.choice(["eq", "eq", "le"])
        if self.draw.random() < 0.3:
            left, sign = Fraction(self.draw.randint(0, 5)), Fraction(self.draw.choice([1, -1]))
            rest = self.variable(left, "remainder", (math.inf, math.inf), whole=whole and self.draw.random() < 0.5)
            terms.append((rest, sign, sign, None))
            total += sign * left
        total += Fraction(self.draw.randint(0, 3)) if op == "le" else 0
        self.group(op, [*terms, *([(None, -total, -total, None)] if total else [])])

    def product(self, base: str | None) -> str:
        """A share of a base that is a count, each known more or less; return the share."""
        value = self.values[base] if base else Fraction(self.draw.randint(5, 90))
        base = base or self.variable(value, "stated", (self.draw.choice([0, 2]), self.draw.choice([0, 3, math.inf])), whole=True)
        count = Fraction(self.draw.randint(1, max(int(value), 1)))
        tenths = round(min(1000 * count / value, Fraction(999))) if value else 500
        share_value = Fraction(tenths, 10)
        width = self.draw.choice([0.05, 0.5, 3])
        share = self.variable(share_value, "stated", (width, width), whole=False, most=100)
        row = self.variables[-1]
        low, high = (Fraction(str(row[f"{side}_bound"])) / 100 for side in ("lower", "upper"))
        made = share_value * value / 100
        role, near = self.draw.choice([("stated", (2, 2)), ("stated", (2, math.inf)), ("unstated", (math.inf, math.inf))])
        number = self.variable(Fraction(round(made)), role, near, whole=role == "stated")
        self.group("eq", [(base, low, high, share), (number, Fraction(-1), Fraction(-1), None)])
        return share


def drawn_systems(seed: int) -> tuple[System, pl.DataFrame]:
    """Small systems side by side, with what their quantities can be if no fact is believed; one of eight has a wrong number."""
    draw = Random(seed)  # noqa: S311 (a test)
    every: list[Drawn] = []
    for number in range(SYSTEMS):
        one = Drawn(number, draw, whole=draw.random() < 0.5)
        names = [one.some() for _ in range(draw.randint(2, 4))]
        shares = [one.product(draw.choice([None, *names])) for _ in range(draw.choice([0, 0, 1, 1, 2]))]
        for _ in range(draw.randint(1, 3)):
            one.sum(draw.sample(names, draw.randint(2, min(3, len(names)))))
        if shares and draw.random() < 0.08:
            one.sum([*shares, one.variable(Fraction(10), "stated", (1, 1), whole=False, most=100)])
        if number % 8 == 0:
            wrong = Decimal(draw.randint(41, 60))
            facts = [row for row in one.variables if row["variable"] in names and row["role"] == "stated"]
            (facts or [{}])[0] |= {"lower_bound": wrong, "upper_bound": wrong, "lower_closed": True, "upper_closed": True}
        every.append(one)
    tables = {name: [row for one in every for row in getattr(one, name.removeprefix("rule_"))] for name in SYSTEM}
    system = System(*(pl.DataFrame(rows, schema=empty(name).schema) for name, rows in tables.items()))
    shares_named = system.rule_terms["coefficient_variable"].drop_nulls().implode()
    amount = system.variables.schema["lower_bound"]
    most = pl.when(pl.col("variable").is_in(shares_named)).then(pl.lit(Decimal(100), amount))
    stated = pl.col("role") == "stated"
    known = system.variables.select(
        "variable",
        least=pl.lit(Decimal(0), amount),
        most=pl.when(stated).then(most.otherwise(pl.lit(None, amount))).otherwise("upper_bound"),
    )
    return system, known


@dataclass
class Answer:
    """What is published of a system, and how much of it was compared."""

    system: System
    domains: pl.DataFrame
    solution: Solution
    found: dict[str, dict[str, object]]
    problems: Mapping[int, Problem]


@pytest.fixture(scope="module")
def drawn() -> Answer:
    """The answer to many small systems; z3 takes fewer steps for each question than it may, so that the test ends soon."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, "STEPS", STEPS)
        return answer_of(*drawn_systems(1))


def answer_of(system: System, known: pl.DataFrame) -> Answer:
    solution = solve(system, known)
    found = {str(row["variable"]): row for row in bounds(solution).iter_rows(named=True)}
    possible = only(system, system.rule_groups.join(groups_of(solution.violated), on=GROUP, how="anti"))
    return Answer(system, known, solution, found, dict(parts(possible, known)))


def parts(system: System, known: pl.DataFrame) -> Iterator[tuple[int, Problem]]:
    """The parts of a system that nothing connects, whatever the facts say."""
    places = components(freed(system)).rename({"component": "problem"})
    return problems_of(system, known, places)


def assert_published_is_what_z3_finds(one: Answer) -> tuple[int, int]:
    """Return how many quantities were compared, and of how many a bound follows.

    What is not said to be the tightest was too much to search in the order that is published, and may be wider: few are.
    """
    own = {str(row["variable"]): row for row in one.system.variables.iter_rows(named=True)}
    compared = loose = 0
    for problem in one.problems.values():
        formulas = Formulas(problem)
        extents = Extents(formulas, Formulas(problem, relaxed=True))
        for name, quantity in problem.quantities.items():
            if quantity.is_point:
                continue
            row = one.found.get(name)
            assert_tight_is_true(formulas, name, row)
            try:
                exact = extents.limits(name)
            except SolverLimitError:
                continue
            if not exact.is_tight:
                continue
            compared += 1
            if row is not None and not row["tight"]:
                loose += 1
                continue
            if row is None:
                row = {"lower": own[name]["lower_bound"], "upper": own[name]["upper_bound"]}
                row |= {side: own[name][side] for side in ("lower_closed", "upper_closed")}
            expected = outward(exact.interval)
            assert {side: row[side] for side in expected} == expected, (name, row, exact)
    assert loose * 50 <= compared
    return compared, len(one.found)


def assert_tight_is_true(formulas: Formulas, name: str, row: Mapping[str, object] | None) -> None:
    """Assert that nothing lies beyond the bounds of a quantity, and that it comes up to them where they are called tight."""
    if row is None:
        return
    number = formulas.numbers[name]
    believed = [part for stated in formulas.stated.values() for part in stated]
    solver = z3.Solver()
    solver.set("rlimit", STEPS)
    solver.add(*formulas.anyway, *formulas.demanded.values(), *believed)
    if name in formulas.lone_products:
        product, base = formulas.lone_products[name]
        solver.add(product == real(HUNDREDTH) * number * base)
    for side, sign in (("lower", 1), ("upper", -1)):
        end = row[side]
        if isinstance(end, Decimal):
            beyond = sign * number < sign * real(Fraction(end))
            assert solver.check(beyond) != z3.sat, (name, row, "beyond")
        if row["tight"]:
            near = sign * number <= (sign * real(Fraction(end)) + real(NEAR) if isinstance(end, Decimal) else -FAR)
            assert solver.check(near) != z3.unsat, (name, row, "near")


def test_bounds_of_small_systems_are_those_that_z3_finds_alone(drawn: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STEPS", STEPS)
    compared, narrower = assert_published_is_what_z3_finds(drawn)
    assert compared > 2 * SYSTEMS
    assert narrower > SYSTEMS


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_no_bound_of_small_systems_is_wrong_or_said_to_be_narrower_than_proven(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the systems of the other tests these are 2,100."""
    monkeypatch.setattr(limits, "STEPS", STEPS)
    one = answer_of(*drawn_systems(seed))
    assert not one.solution.open
    assert len(one.problems) > SYSTEMS * 0.8
    for problem in one.problems.values():
        formulas = Formulas(problem)
        for name in problem.quantities:
            assert_tight_is_true(formulas, name, one.found.get(name))


def test_small_systems_are_violated_only_where_z3_finds_no_values(drawn: Answer) -> None:
    assert not drawn.solution.open
    by_name = {key: problem for _, problem in parts(drawn.system, drawn.domains) for key in problem.relations}
    assert len(drawn.solution.joint) > 5
    with z3_alone():
        for problem in drawn.problems.values():
            assert Possibility(problem).conflict(problem.stated, problem.relations) is None
        for conflict in set(drawn.solution.joint.values()):
            problem = by_name[conflict[0]]
            alone = Possibility(problem)
            assert alone.conflict(problem.stated, conflict) is not None
            for key in conflict if len(conflict) > 1 else ():
                assert alone.conflict(problem.stated, {*conflict} - {key}) is None


def test_facts_blamed_in_small_systems_are_those_that_z3_blames_alone(drawn: Answer) -> None:
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
    assert len(expected) > SYSTEMS // 16
    assert impossible == refused
    assert sorted(map(sorted_words, map(sets_of, found.values()))) == sorted(map(sorted_words, expected))


def repairs_by_z3(problem: Problem) -> list[Repair]:
    """The repairs of a problem, with intervals that say nothing."""
    with z3_alone():
        return repairs(Possibility(problem), {})


def sets_of(found: list[Repair]) -> set[tuple[object, ...]]:
    """Each fact of the sets of each part, with its ends as published: z3 comes close to what has more digits."""
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
    one = answer_of(system, domains(system.variables, facts))
    compared, narrower = assert_published_is_what_z3_finds(one)
    assert compared > 40
    assert narrower == tables["implied_bounds"].height > 20
