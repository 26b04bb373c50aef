"""A problem in z3's terms.

A share that multiplies its base is an interval times a quantity: with nothing else said of the
share that is exact, and is linear; where another rule speaks of the same share, the product is
stated too.
"""

import math
from collections.abc import Iterator

import z3

from pipeline.intervals.interval import SIDES, Interval, Number
from pipeline.reason.problem import HUNDREDTH, Key, Problem, Relation, Term


class Formulas:
    """A problem in z3's terms: what holds anyway, what each fact states, what each group demands.

    `lone_products` are what the shares that nothing else speaks of make of their bases: the
    product, and the base. The context is the problem's own: what z3 finds in time must not depend
    on what it was asked of others before.
    """

    def __init__(self, problem: Problem) -> None:
        """Translate `problem`."""
        self.problem = problem
        self.context = z3.Context()
        self.numbers = {
            name: z3.ToReal(z3.Int(name, self.context))
            if quantity.is_integer
            else z3.Real(name, self.context)
            for name, quantity in problem.quantities.items()
        }
        self.anyway = [
            bound
            for name, quantity in problem.quantities.items()
            for bound in within(self.numbers[name], quantity.anyway)
        ]
        self.stated: dict[str, list[z3.BoolRef]] = {
            name: list(within(self.numbers[name], quantity.stated))
            for name, quantity in problem.quantities.items()
            if quantity.stated is not None
        }
        self.lone_products: dict[str, tuple[z3.ArithRef, z3.ArithRef]] = {}
        self.demanded = {
            key: self._demand(key, relation) for key, relation in problem.relations.items()
        }

    def limited(self, name: str, ends: Interval) -> list[z3.BoolRef]:
        """Return that a quantity lies in an interval, an end at a time; of a share, that what it
        makes of its base does.
        """
        if name in self.lone_products:
            product, base = self.lone_products[name]
            return list(within(product, ends.scaled(HUNDREDTH), base))
        return list(within(self.numbers[name], ends))

    def _demand(self, key: Key, relation: Relation) -> z3.BoolRef:
        parts: list[z3.ArithRef | Number] = []
        besides: list[z3.BoolRef] = []
        for term in relation.terms:
            size = term.coefficient.least
            if term.quantity is None and term.coefficient.is_point:
                parts.append(size)
            elif (
                term.quantity is not None and term.coefficient.is_point and term.multiplier is None
            ):
                parts.append(size * self.numbers[term.quantity])
            else:
                product = z3.Real(" ".join((*key, str(term.quantity), "product")), self.context)
                parts.append(product)
                besides += self._multiplied(product, term)
        total = z3.Sum(parts)
        return z3.And(*besides, total == 0 if relation.op == "eq" else total <= 0)

    def _multiplied(self, product: z3.ArithRef, term: Term) -> Iterator[z3.BoolRef]:
        """Yield what a product of an uncertain coefficient is; what its share's fact says of it is
        stated with the fact.
        """
        if term.quantity is None:
            yield from within(product, term.coefficient)
            return
        if term.multiplier is None:
            yield self._enclosed(product, term.quantity, term.coefficient)
            return
        share = self.problem.quantities[term.multiplier]
        yield self._enclosed(product, term.quantity, share.anyway.scaled(HUNDREDTH))
        if share.stated is not None:
            self.stated[term.multiplier].append(
                self._enclosed(product, term.quantity, share.stated.scaled(HUNDREDTH))
            )
        if self.problem.mentions[term.multiplier] == 1:
            self.lone_products[term.multiplier] = (product, self.numbers[term.quantity])
        else:
            yield (
                product == HUNDREDTH * self.numbers[term.multiplier] * self.numbers[term.quantity]
            )

    def _enclosed(self, product: z3.ArithRef, name: str, coefficient: Interval) -> z3.BoolRef:
        number = self.numbers[name]
        rising = z3.And(*_times(product, number, coefficient))
        if self.problem.quantities[name].anyway.least >= 0:
            return rising
        falling = z3.And(*_times(-product, -number, coefficient))
        return z3.Or(z3.And(number >= 0, rising), z3.And(number < 0, falling))


def within(
    number: z3.ArithRef, ends: Interval, unit: z3.ArithRef | int = 1
) -> Iterator[z3.BoolRef]:
    """Yield that a number lies in an interval of times a unit of more than 0, an end at a time."""
    for sign in SIDES:
        least, is_open = ends.low(sign)
        if not math.isinf(least):
            yield (sign * number > least * unit if is_open else sign * number >= least * unit)


def _times(
    product: z3.ArithRef, number: z3.ArithRef, coefficient: Interval
) -> Iterator[z3.BoolRef]:
    """Yield that a product is a coefficient between two ends times a number of 0 or more."""
    for sign in SIDES:
        size, is_open = coefficient.low(sign)
        if math.isinf(size):
            yield z3.Implies(number == 0, product == 0)
            continue
        least = size * number
        yield z3.Or(number == 0, sign * product > least) if is_open else sign * product >= least
