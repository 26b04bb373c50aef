"""One part of the linear system as a problem of quantities and relations, in fractions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import polars as pl

from pipeline.consistency.connections import only
from pipeline.consistency.system import GROUP, System

STEPS = 20_000_000
"""z3's count of steps (rlimit) after which one question is left open."""

PERCENT = 100

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

    @property
    def is_point(self) -> bool:
        """Whether it is one number as stated."""
        return self.lower.value is not None and self.lower.value == self.upper.value


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
        named = {name for relation in relations.values() for term in relation.terms for name in names(term)}
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
        return sum(name in names(term) for relation in self.relations.values() for term in relation.terms)


def names(term: Term) -> Iterator[str]:
    """Yield the variables that a term speaks of."""
    yield from (name for name in (term.variable, term.multiplier) if name is not None)


def problem_of(system: System, domains: pl.DataFrame) -> Problem:
    """Return a system as a problem; `domains` has variable, least, most."""
    rows = system.variables.join(system.edges, on="variable", how="semi").join(domains, on="variable", how="left")
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


def problems_of(system: System, domains: pl.DataFrame, parts: pl.DataFrame) -> Iterator[tuple[int, Problem]]:
    """Yield the problem of each part of a system by its number, in their order; `parts` has rule_id, group_id and problem.

    A group may be in several parts; it is read once.
    """
    whole = problem_of(only(system, parts), domains)
    keys: dict[int, list[Key]] = {}
    for rule_id, group_id, number in parts.select(*GROUP, "problem").iter_rows():
        keys.setdefault(number, []).append((rule_id, group_id))
    for number in sorted(keys):
        yield number, whole.within(keys[number])


def _fraction(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)
