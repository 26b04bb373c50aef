"""One part of the linear system as a problem of quantities and relations, in fractions."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain

import polars as pl

from pipeline.intervals.interval import NO_END, Interval, Low, exact, interval, point
from pipeline.reason.components import groups_of, only
from pipeline.rules.system import GROUP, System

STEPS = 20_000_000
"""z3's count of steps (rlimit) after which one question is left open."""

HUNDREDTH = Fraction(1, 100)

_ONCE = (point(1), point(-1))

Key = tuple[str, str]
"""A group: rule_id, group_id."""


class SolverLimitError(Exception):
    """A question took more steps than it may."""


@dataclass(frozen=True)
class Quantity:
    """A quantity: the interval that its fact states (None: no fact does), and the one that it lies
    in if no fact is believed.

    Ends of what is a whole number are whole numbers.
    """

    stated: Interval | None
    anyway: Interval
    is_integer: bool

    @property
    def is_point(self) -> bool:
        """Whether it is one number as stated."""
        return (self.stated or self.anyway).is_point

    @cached_property
    def believed(self) -> Interval:
        """The interval that it lies in if its fact is believed."""
        return self.anyway if self.stated is None else self.anyway.within(self.stated)


@dataclass(frozen=True)
class Term:
    """A coefficient times a quantity (None: 1), and times `multiplier`, another quantity, where the
    coefficient is a share.
    """

    quantity: str | None
    coefficient: Interval
    multiplier: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The quantities that it speaks of."""
        return tuple(name for name in (self.quantity, self.multiplier) if name is not None)

    @property
    def is_sum(self) -> bool:
        """Whether its quantity is added or taken off as it is."""
        return self.multiplier is None and self.coefficient in _ONCE


@dataclass(frozen=True)
class Relation:
    """A sum of terms that is 0 (eq) or at most 0 (le)."""

    op: str
    terms: tuple[Term, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The quantities that it speaks of, each once."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.names))


@dataclass(frozen=True)
class Problem:
    """A part of the system: its quantities and its groups."""

    quantities: Mapping[str, Quantity]
    relations: Mapping[Key, Relation]

    def within(self, keys: Iterable[Key]) -> "Problem":
        """Return the problem of some groups only."""
        relations = {key: self.relations[key] for key in sorted(keys)}
        named = {name for relation in relations.values() for name in relation.names}
        return Problem({name: self.quantities[name] for name in sorted(named)}, relations)

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The quantities that facts state."""
        return tuple(
            name for name, quantity in self.quantities.items() if quantity.stated is not None
        )

    @cached_property
    def groups(self) -> Mapping[str, list[Key]]:
        """The groups that speak of each quantity, the largest first."""
        found: dict[str, list[Key]] = {name: [] for name in self.quantities}
        for key, relation in sorted(self.relations.items(), key=lambda one: -len(one[1].names)):
            for name in relation.names:
                found[name].append(key)
        return found

    @cached_property
    def mentions(self) -> Counter[str]:
        """How many terms speak of each quantity."""
        return Counter(
            name
            for relation in self.relations.values()
            for term in relation.terms
            for name in term.names
        )


def problem_of(system: System, domains: pl.DataFrame) -> Problem:
    """Return a system as a problem; `domains` has quantity, least, most."""
    rows = system.quantities.join(system.edges, on="quantity", how="semi").join(
        domains, on="quantity", how="left"
    )
    quantities = {
        row["quantity"]: _quantity(row) for row in rows.sort("quantity").iter_rows(named=True)
    }
    terms: dict[Key, list[Term]] = {}
    for row in system.rule_terms.iter_rows(named=True):
        share = row["coefficient_quantity"]
        small, large = (exact(Fraction(row[f"coefficient_{side}"])) for side in ("lower", "upper"))
        term = Term(
            row["quantity"],
            point(HUNDREDTH) if share is not None else Interval(small, large),
            share,
        )
        terms.setdefault((row["rule_id"], row["group_id"]), []).append(term)
    ops = {
        (rule, group): op for rule, group, op in system.rule_groups.select(*GROUP, "op").iter_rows()
    }
    return Problem(
        quantities,
        {
            key: Relation(ops[key], tuple(parts))
            for key, parts in sorted(terms.items())
            if key in ops
        },
    )


def problems_of(
    system: System, domains: pl.DataFrame, parts: Collection[Collection[Key]]
) -> Iterator[Problem]:
    """Yield the problem that the groups of each part of a system make, in their order."""
    whole = problem_of(only(system, groups_of(chain(*parts))), domains)
    return (whole.within(keys) for keys in parts)


def _quantity(row: Mapping[str, object]) -> Quantity:
    """Return a quantity with its domain, a row by its columns, as a quantity."""
    stated = interval(
        _low(row["lower"], 1, row["lower_closed"]),
        _low(row["upper"], -1, row["upper_closed"]),
    )
    anyway = interval(_low(row["least"], 1), _low(row["most"], -1))
    is_integer = bool(row["is_integer"])
    if is_integer:
        stated, anyway = stated.whole(), anyway.whole()
    return Quantity(stated if row["role"] == "stated" else None, anyway, is_integer)


def _low(end: object, sign: int, is_closed: object = True) -> Low:  # noqa: FBT002 (a column)
    return (sign * exact(Fraction(end)), not is_closed) if isinstance(end, Decimal) else NO_END
