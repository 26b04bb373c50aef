"""A problem in z3's terms.

A share that multiplies its base is an interval times a quantity: with nothing else said of the share that is exact, and is
linear; where another rule speaks of the same share, the product is stated too.
"""

from collections.abc import Iterator
from fractions import Fraction

import z3

from pipeline.consistency.solver.problem import PERCENT, End, Key, Problem, Relation, Term


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
            yield number >= real(lower.value) if lower.is_closed else number > real(lower.value)
        if upper.value is not None:
            yield number <= real(upper.value) if upper.is_closed else number < real(upper.value)

    def _demand(self, key: Key, relation: Relation) -> z3.BoolRef:
        parts: list[z3.ArithRef] = []
        besides: list[z3.BoolRef] = []
        for term in relation.terms:
            if term.variable is None and term.small == term.large:
                parts.append(real(term.small))
            elif term.variable is not None and term.small == term.large and term.multiplier is None:
                parts.append(real(term.small) * self.numbers[term.variable])
            else:
                product = z3.Real(" ".join((*key, str(term.variable), "product")))
                parts.append(product)
                besides += self._multiplied(product, term)
        total = z3.Sum(parts)
        return z3.And(*besides, total == 0 if relation.op == "eq" else total <= 0)

    def _multiplied(self, product: z3.ArithRef, term: Term) -> Iterator[z3.BoolRef]:
        """Yield what a product of an uncertain coefficient is; what its share's fact says of it is stated with the fact."""
        if term.variable is None:
            yield from (product >= real(term.small), product <= real(term.large))
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
        least = real(small.value) * number
        yield product >= least if small.is_closed else z3.Or(number == 0, product > least)
    if large.value is not None:
        most = real(large.value) * number
        yield product <= most if large.is_closed else z3.Or(number == 0, product < most)
    if small.value is None or large.value is None:
        yield z3.Implies(number == 0, product == 0)


def _hundredth(end: End) -> End:
    return End(None if end.value is None else end.value / PERCENT, end.is_closed)


def real(value: Fraction) -> z3.RatNumRef:
    """Return a fraction as z3 has it."""
    return z3.RealVal(str(value))
