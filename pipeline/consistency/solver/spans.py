"""A problem as intervals need it: the ends of each quantity with and without its fact, and the groups as sums.

Numbers are exact: whole where they can be, since whole numbers add up fast, else fractions; an end that there is not is infinite.
"""

import math
from fractions import Fraction
from typing import NamedTuple

from pipeline.consistency.solver.problem import PERCENT, End, Key, Problem, Relation, names

Number = Fraction | float
"""A whole number or a fraction; a float only if infinite."""


class Span(NamedTuple):
    """The ends of a quantity, which of them are open, and how much further each would be without its fact (None: no further)."""

    least: Number
    most: Number
    least_open: bool = False
    most_open: bool = False
    below: Number | None = None
    above: Number | None = None

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.least == self.most and not self.least_open and not self.most_open

    @property
    def is_empty(self) -> bool:
        """Whether it is no number at all."""
        return self.least > self.most or (self.least == self.most and (self.least_open or self.most_open))


class Sum(NamedTuple):
    """A group: variables with coefficients and the share that multiplies each, if any (none of this where it is not exact)."""

    terms: tuple[tuple[str, Number, str | None], ...] | None
    constant: Number
    is_equation: bool


class Spans:
    """The groups of a problem; those that speak of each quantity, the largest first; its ends with and without its fact."""

    def __init__(self, problem: Problem) -> None:
        """Take `problem` apart."""
        self.problem = problem
        self.sums = {key: _sum(relation) for key, relation in problem.relations.items()}
        self.variables = {
            key: tuple(dict.fromkeys(name for term in relation.terms for name in names(term)))
            for key, relation in problem.relations.items()
        }
        self.groups: dict[str, list[Key]] = {name: [] for name in problem.quantities}
        for key, variables in sorted(self.variables.items(), key=lambda one: -len(one[1])):
            for name in variables:
                self.groups[name].append(key)
        self.anyway = {name: self._anyway(name) for name in problem.quantities}
        self.stated = {name: self._stated(name) for name in problem.stated}

    def _anyway(self, name: str) -> Span:
        one = self.problem.quantities[name]
        (least, _), (most, _) = (
            _end(End(end, is_closed=True), sign, is_whole=one.is_integer) for end, sign in ((one.least, 1), (one.most, -1))
        )
        return Span(least, most)

    def _stated(self, name: str) -> Span:
        one, anyway = self.problem.quantities[name], self.anyway[name]
        least, least_open = _end(one.lower, 1, is_whole=one.is_integer)
        most, most_open = _end(one.upper, -1, is_whole=one.is_integer)
        below = least - anyway.least if least > anyway.least or (least_open and least == anyway.least) else None
        above = anyway.most - most if most < anyway.most or (most_open and most == anyway.most) else None
        if below is None:
            least, least_open = anyway.least, False
        if above is None:
            most, most_open = anyway.most, False
        return Span(least, most, least_open, most_open, below, above)


def _sum(relation: Relation) -> Sum:
    constant = exact(sum((term.small for term in relation.terms if term.variable is None), Fraction(0)))
    if any(term.small != term.large and (term.variable is None or term.multiplier is None) for term in relation.terms):
        return Sum(None, constant, relation.op == "eq")
    terms = [(term.variable, term.small, term.multiplier) for term in relation.terms]
    products = tuple(
        (name, exact(size) if multiplier is None else exact(Fraction(1, PERCENT)), multiplier)
        for name, size, multiplier in terms
        if name is not None and (size or multiplier is not None)
    )
    return Sum(products, constant, relation.op == "eq")


def _end(end: End, sign: int, *, is_whole: bool) -> tuple[Number, bool]:
    """Return a lower end (sign 1) or an upper one (-1), and whether it is open; of a whole number, the first that is within."""
    if end.value is None:
        return -sign * math.inf, False
    if not is_whole:
        return exact(end.value), not end.is_closed
    value = sign * end.value
    return sign * (math.ceil(value) if end.is_closed else math.floor(value) + 1), False


def exact(number: Number) -> Number:
    """Return a fraction as a whole number where it is one."""
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number
