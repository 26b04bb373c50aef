"""Decide small parts of the linear system exactly, with z3: rationals, whole numbers, open ends, and rules in circles.

Belongs here: one part of the system as formulas, whether its facts and rules can all be true, and the least and most that a
quantity can then be. Does not belong here: which parts need it (solve), or which facts to blame (repairs).

A share that multiplies its base is an interval times a quantity: with nothing else said of the share that is exact, and is
linear; where another rule speaks of the same share, the product is stated too. Work is limited by z3's count of steps and
never by time, so that the result does not depend on the machine.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import polars as pl
import z3

from pipeline.consistency.propagate import GROUP
from pipeline.consistency.system import System

STEPS = 20_000_000
"""z3's count of steps (rlimit) after which one question is left open."""

PERCENT = 100
_FAR = 10**14
"""What no stated amount reaches; a quantity that can be as far away has no end."""

Key = tuple[str, str]
"""A group: rule_id, group_id."""


class SolverLimitError(Exception):
    """A question took more steps than it may."""


@dataclass(frozen=True)
class End:
    """One end of an interval; no value: there is none."""

    value: Fraction | None
    is_closed: bool


@dataclass(frozen=True)
class Quantity:
    """A variable: the interval that its fact states, and the one (closed) that it lies in even if no fact is believed."""

    lower: End
    upper: End
    least: Fraction | None
    most: Fraction | None
    is_integer: bool
    is_stated: bool


@dataclass(frozen=True)
class Term:
    """A coefficient between two numbers times a variable (None: 1); `multiplier` is the share that the coefficient is."""

    variable: str | None
    small: Fraction
    large: Fraction
    multiplier: str | None


@dataclass(frozen=True)
class Relation:
    """A sum of terms that is 0 (eq) or at most 0 (le)."""

    op: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Problem:
    """A part of the system: its variables and its groups."""

    quantities: Mapping[str, Quantity]
    relations: Mapping[Key, Relation]

    def within(self, keys: Iterable[Key]) -> "Problem":
        """Return the problem of some groups only."""
        relations = {key: self.relations[key] for key in sorted(keys)}
        named = {name for relation in relations.values() for term in relation.terms for name in _names(term)}
        return Problem({name: self.quantities[name] for name in sorted(named)}, relations)

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The variables that facts state."""
        return tuple(name for name, quantity in self.quantities.items() if quantity.is_stated)

    @cached_property
    def is_linear(self) -> bool:
        """Whether the problem is one of linear inequalities over rationals, which relaxing leaves as it is."""
        shares = {term.multiplier for relation in self.relations.values() for term in relation.terms}
        entangled = any(name is not None and self.mentions(name) > 1 for name in shares)
        return not entangled and not any(quantity.is_integer for quantity in self.quantities.values())

    def mentions(self, name: str) -> int:
        """Return how many groups speak of a variable, of its product as well."""
        return sum(name in _names(term) for relation in self.relations.values() for term in relation.terms)


def _names(term: Term) -> Iterator[str]:
    yield from (name for name in (term.variable, term.multiplier) if name is not None)


def problem_of(system: System, domains: pl.DataFrame) -> Problem:
    """Return a system as a problem; `domains` has variable, least, most."""
    used = pl.concat(
        [
            system.rule_terms.select(name=pl.col("variable")),
            system.rule_terms.select(name=pl.col("coefficient_variable")),
        ]
    )
    rows = system.variables.join(used.unique(), left_on="variable", right_on="name", how="semi").join(
        domains, on="variable", how="left"
    )
    quantities = {
        row["variable"]: Quantity(
            End(_fraction(row["lower_bound"]), row["lower_closed"]),
            End(_fraction(row["upper_bound"]), row["upper_closed"]),
            _fraction(row["least"]),
            _fraction(row["most"]),
            row["is_integer"],
            row["role"] == "stated",
        )
        for row in rows.sort("variable").iter_rows(named=True)
    }
    terms: dict[Key, list[Term]] = {}
    for row in system.rule_terms.iter_rows(named=True):
        small, large = Fraction(row["coefficient_lower"]), Fraction(row["coefficient_upper"])
        key = (row["rule_id"], row["group_id"])
        terms.setdefault(key, []).append(Term(row["variable"], small, large, row["coefficient_variable"]))
    ops = {(rule, group): op for rule, group, op in system.rule_groups.select(*GROUP, "op").iter_rows()}
    return Problem(quantities, {key: Relation(ops[key], tuple(parts)) for key, parts in sorted(terms.items()) if key in ops})


def _fraction(number: object) -> Fraction | None:
    return None if number is None else Fraction(str(number))


class Formulas:
    """A problem in z3's terms: what holds anyway, what each fact states, what each group demands.

    Relaxed, it has no whole numbers and no products of two quantities: less is demanded, and z3 is sure to come to an end.
    """

    def __init__(self, problem: Problem, *, relaxed: bool = False) -> None:
        """Translate `problem`."""
        self.problem = problem
        self._relaxed = relaxed
        self.numbers = {
            name: z3.ToReal(z3.Int(name)) if quantity.is_integer and not relaxed else z3.Real(name)
            for name, quantity in problem.quantities.items()
        }
        self.anyway = [
            bound
            for name, quantity in problem.quantities.items()
            for bound in self._between(name, End(quantity.least, is_closed=True), End(quantity.most, is_closed=True))
        ]
        self.stated: dict[str, list[z3.BoolRef]] = {
            name: list(self._between(name, quantity.lower, quantity.upper))
            for name, quantity in problem.quantities.items()
            if quantity.is_stated
        }
        self.products: dict[str, list[tuple[z3.ArithRef, str]]] = {}
        self.demanded = {key: self._demand(key, relation) for key, relation in problem.relations.items()}

    def _between(self, name: str, lower: End, upper: End) -> Iterator[z3.BoolRef]:
        number = self.numbers[name]
        if lower.value is not None:
            yield number >= _real(lower.value) if lower.is_closed else number > _real(lower.value)
        if upper.value is not None:
            yield number <= _real(upper.value) if upper.is_closed else number < _real(upper.value)

    def _demand(self, key: Key, relation: Relation) -> z3.BoolRef:
        parts: list[z3.ArithRef] = []
        besides: list[z3.BoolRef] = []
        for term in relation.terms:
            if term.variable is None and term.small == term.large:
                parts.append(_real(term.small))
            elif term.variable is not None and term.small == term.large and term.multiplier is None:
                parts.append(_real(term.small) * self.numbers[term.variable])
            else:
                product = z3.Real(" ".join((*key, str(term.variable), "product")))
                parts.append(product)
                besides += self._multiplied(product, term)
        total = z3.Sum(parts)
        return z3.And(*besides, total == 0 if relation.op == "eq" else total <= 0)

    def denied(self, key: Key, slack: Collection[str]) -> z3.BoolRef | None:
        """Return that a group cannot hold, whatever its slack is; None where it multiplies what is not known exactly."""
        relation = self.problem.relations[key]
        if any(term.small != term.large or term.multiplier is not None for term in relation.terms):
            return None
        parts: list[z3.ArithRef] = [z3.RealVal(0)]
        least: Fraction | None = Fraction(0)
        most: Fraction | None = Fraction(0)
        for term in relation.terms:
            if term.variable in slack:
                low, high = _reach(term, self.problem.quantities[str(term.variable)])
                least = None if least is None or low is None else least + low
                most = None if most is None or high is None else most + high
            else:
                parts.append(_real(term.small) * (self.numbers[term.variable] if term.variable else 1))
        total = z3.Sum(parts)
        beyond = [total + _real(least) > 0] if least is not None else []
        if relation.op == "eq" and most is not None:
            beyond.append(total + _real(most) < 0)
        return z3.Or(*beyond)

    def _multiplied(self, product: z3.ArithRef, term: Term) -> Iterator[z3.BoolRef]:
        """Yield what a product of an uncertain coefficient is; what its share's fact says of it is stated with the fact."""
        if term.variable is None:
            yield from (product >= _real(term.small), product <= _real(term.large))
            return
        if term.multiplier is None:
            yield self._enclosed(product, term.variable, End(term.small, is_closed=True), End(term.large, is_closed=True))
            return
        share = self.problem.quantities[term.multiplier]
        yield self._enclosed(
            product, term.variable, _hundredth(End(share.least, is_closed=True)), _hundredth(End(share.most, is_closed=True))
        )
        if share.is_stated:
            enclosed = self._enclosed(product, term.variable, _hundredth(share.lower), _hundredth(share.upper))
            self.stated[term.multiplier].append(enclosed)
        self.products.setdefault(term.multiplier, []).append((product, term.variable))
        if not self._relaxed and self.problem.mentions(term.multiplier) > 1:
            yield product * PERCENT == self.numbers[term.multiplier] * self.numbers[term.variable]

    def _enclosed(self, product: z3.ArithRef, name: str, small: End, large: End) -> z3.BoolRef:
        number = self.numbers[name]
        least = self.problem.quantities[name].least
        rising = z3.And(*_times(product, number, small, large))
        if least is not None and least >= 0:
            return rising
        falling = z3.And(*_times(-product, -number, small, large))
        return z3.Or(z3.And(number >= 0, rising), z3.And(number < 0, falling))


def _times(product: z3.ArithRef, number: z3.ArithRef, small: End, large: End) -> Iterator[z3.BoolRef]:
    """Yield that a product is a coefficient between two ends times a number of 0 or more."""
    if small.value is not None:
        least = _real(small.value) * number
        yield product >= least if small.is_closed else z3.Or(number == 0, product > least)
    if large.value is not None:
        most = _real(large.value) * number
        yield product <= most if large.is_closed else z3.Or(number == 0, product < most)
    if small.value is None or large.value is None:
        yield z3.Implies(number == 0, product == 0)


def _reach(term: Term, quantity: Quantity) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the most that a term of slack can be; None: there is no end."""
    ends = (quantity.least, quantity.most) if term.small > 0 else (quantity.most, quantity.least)
    low, high = (None if end is None else end * term.small for end in ends)
    return low, high


def _hundredth(end: End) -> End:
    return End(None if end.value is None else end.value / PERCENT, end.is_closed)


def _real(value: Fraction) -> z3.RatNumRef:
    return z3.Q(value.numerator, value.denominator)


class Possibility:
    """Whether some facts and some groups of a problem can be true together."""

    def __init__(self, problem: Problem) -> None:
        """Load `problem`; each question then names what is believed."""
        formulas = self._formulas = Formulas(problem)
        self.facts = {name: z3.Bool(f"fact {name}") for name in formulas.stated}
        self.groups = {key: z3.Bool(f"group {' '.join(key)}") for key in formulas.demanded}
        self._named: dict[str, str | Key] = {str(literal): name for name, literal in self.facts.items()}
        self._named |= {str(literal): key for key, literal in self.groups.items()}
        self._solver = z3.Solver()
        self._solver.set("rlimit", STEPS)
        self._solver.add(*formulas.anyway)
        for name, stated in formulas.stated.items():
            self._solver.add(z3.Implies(self.facts[name], z3.And(*stated)))
        for key, demanded in formulas.demanded.items():
            self._solver.add(z3.Implies(self.groups[key], demanded))

    def groups_that_force(self, name: str, within: "Limits") -> frozenset[Key]:
        """Return the groups that it takes to force a variable within limits, if all facts are true."""
        number = self._formulas.numbers[name]
        beyond = []
        lower, upper = within.lower, within.upper
        if lower.value is not None:
            beyond.append(number < _real(lower.value) if lower.is_closed else number <= _real(lower.value))
        if upper.value is not None:
            beyond.append(number > _real(upper.value) if upper.is_closed else number >= _real(upper.value))
        if not beyond:
            return frozenset()
        self._solver.push()
        self._solver.add(z3.Or(*beyond))
        try:
            needed = {key for key in self.conflict(self.facts, self.groups) or () if isinstance(key, tuple)}
            for key in sorted(needed):
                smaller = self.conflict(self.facts, needed - {key})
                if smaller is not None:
                    needed = {other for other in smaller if isinstance(other, tuple)}
        finally:
            self._solver.pop()
        return frozenset(needed)

    def implies(self, groups: Collection[Key], key: Key, slack: Collection[str]) -> bool:
        """Return whether some groups demand what another does, whatever the facts; a product is never known to follow.

        `slack` are variables of that group alone: it demands that some value of theirs makes it hold.
        """
        denied = self._formulas.denied(key, slack)
        if denied is None:
            return False
        self._solver.push()
        self._solver.add(denied)
        try:
            return self.conflict((), groups) is not None
        finally:
            self._solver.pop()

    def conflict(self, facts: Collection[str], groups: Collection[Key]) -> frozenset[str | Key] | None:
        """Return some of the facts and groups that cannot be true together, or None where all can."""
        literals = [self.facts[name] for name in sorted(facts)] + [self.groups[key] for key in sorted(groups)]
        answer = self._solver.check(*literals)
        if answer == z3.unknown:
            raise SolverLimitError
        if answer == z3.sat:
            return None
        return frozenset(self._named[str(literal)] for literal in self._solver.unsat_core())

    def facts_in_conflict(
        self, facts: Collection[str], groups: Collection[Key], always: Collection[str] = ()
    ) -> frozenset[str] | None:
        """Return facts, none of which can be left out, that cannot be true together under the groups and with `always`.

        None where all can be.
        """
        core = self.conflict({*facts, *always}, groups)
        if core is None:
            return None
        kept = [name for name in sorted(facts) if name in core]
        for name in list(kept):
            if name not in kept:
                continue
            without = [other for other in kept if other != name]
            smaller = self.conflict({*without, *always}, groups)
            if smaller is not None:
                kept = [other for other in without if other in smaller]
        return frozenset(kept)


@dataclass(frozen=True)
class Limits:
    """The least and the most that a quantity can be (an end with no value: there is none), and whether these are the tightest."""

    lower: End
    upper: End
    is_tight: bool


def limits(problem: Problem, names: Iterable[str], free: Collection[str] = ()) -> dict[str, Limits]:
    """Return the limits of each named quantity if all groups hold, and all facts but the `free` ones.

    An end is sought without regard to whole numbers and products of quantities, then whether it can be reached with them; a
    whole number that cannot is narrowed down. Raises SolverLimitError.
    """
    relaxed = Formulas(problem, relaxed=True)
    full = _Reach(Formulas(problem), free)
    found = {}
    for name in names:
        lower, lower_is_tight = _limit(relaxed, full, name, 1, free)
        upper, upper_is_tight = _limit(relaxed, full, name, -1, free)
        found[name] = Limits(lower, upper, lower_is_tight and upper_is_tight)
    return found


class _Reach:
    """Whether a quantity can have a value, or one beyond it, if all groups hold and all facts but the free ones."""

    def __init__(self, formulas: Formulas, free: Collection[str]) -> None:
        self.problem = formulas.problem
        self._numbers = formulas.numbers
        self._solver = z3.Solver()
        self._solver.set("rlimit", STEPS)
        self._solver.add(*_believed(formulas, free))

    def at_most(self, name: str, sign: int, value: Fraction) -> bool:
        answer = self._solver.check(sign * self._numbers[name] <= _real(value))
        if answer == z3.unknown:
            raise SolverLimitError
        return bool(answer == z3.sat)


def _believed(formulas: Formulas, free: Collection[str]) -> list[z3.BoolRef]:
    stated = [formula for fact, part in formulas.stated.items() if fact not in free for formula in part]
    return [*formulas.anyway, *formulas.demanded.values(), *stated]


def _limit(relaxed: Formulas, full: _Reach, name: str, sign: int, free: Collection[str]) -> tuple[End, bool]:
    """Return the least value of a quantity (sign 1), or the most (-1), and whether it is the tightest."""
    problem = full.problem
    end = _relaxed_end(relaxed, relaxed.numbers[name], sign, free)
    if name in relaxed.products:
        end = _of_share(relaxed, name, sign, free, end)
    try:
        if end.value is None:
            return end, problem.is_linear or full.at_most(name, sign, Fraction(-_FAR))
        if problem.is_linear and name not in relaxed.products:
            return end, True
        least = sign * end.value
        if not problem.quantities[name].is_integer:
            return end, end.is_closed and full.at_most(name, sign, least)
        first = math.ceil(least) if end.is_closed else math.floor(least) + 1
        return End(Fraction(sign * _first_reached(full, name, sign, first)), is_closed=True), True
    except SolverLimitError:
        return end, False


def _relaxed_end(relaxed: Formulas, number: z3.ArithRef, sign: int, free: Collection[str]) -> End:
    """Return the least (sign 1) or the most (-1) that a number of the relaxed problem can be."""
    optimize = z3.Optimize()
    optimize.set("rlimit", STEPS)
    optimize.add(*_believed(relaxed, free), sign * number >= -_FAR)
    handle = optimize.minimize(sign * number)
    if optimize.check() != z3.sat:
        raise SolverLimitError
    _, value, strict = optimize.lower_values(handle)
    least = _exact(value)
    return End(None, is_closed=False) if least <= -_FAR else End(sign * least, z3.is_true(z3.simplify(strict == 0)))


def _of_share(relaxed: Formulas, name: str, sign: int, free: Collection[str], end: End) -> End:
    """Return an end of a share, narrowed to what its products divided by their bases (of more than 0) can be, in percent."""
    for product, base in relaxed.products[name]:
        of_product = _relaxed_end(relaxed, product, sign, free)
        least_base, most_base = (_relaxed_end(relaxed, relaxed.numbers[base], side, free) for side in (1, -1))
        divisor = most_base if (of_product.value or 0) * sign > 0 else least_base
        if of_product.value is None or not divisor.value or not least_base.value or least_base.value <= 0:
            continue
        found = End(of_product.value * PERCENT / divisor.value, of_product.is_closed and divisor.is_closed)
        if end.value is None or (found.value is not None and sign * found.value > sign * end.value):
            end = found
    return end


def _first_reached(full: _Reach, name: str, sign: int, first: int) -> int:
    """Return the least whole number from `first` on that a quantity can be."""
    step = 1
    while not full.at_most(name, sign, Fraction(first + step - 1)):
        first, step = first + step, step * 2
        if first > _FAR:
            raise SolverLimitError
    last = first + step - 1
    while first < last:
        middle = (first + last) // 2
        if full.at_most(name, sign, Fraction(middle)):
            last = middle
        else:
            first = middle + 1
    return first


def _exact(value: z3.RatNumRef) -> Fraction:
    return Fraction(value.as_fraction()) if z3.is_rational_value(value) else Fraction(value.as_long())
