"""The cheapest set that hits every one of some sets, where these become known only by asking
(implicit hitting sets).

Belongs here: the search, and what cannot be left out of a set, for whatever the elements are. Does
not belong here: facts, rules or formulas; the question that gives the next set to hit is asked by
repairs (facts that cannot be true together) and conflicts (groups, likewise).

After Moreno-Centeno and Karp, The implicit hitting set approach, Operations Research 61 (2013).
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Generic, TypeVar

import z3

from pipeline.reason.problem import STEPS, SolverLimitError

ASKED = 5000
"""Questions after which a search is left open."""

Element = TypeVar("Element", bound="str | tuple[str, str]")


def smallest(
    chosen: Iterable[Element], needed: Callable[[list[Element]], Collection[object] | None]
) -> list[Element]:
    """Return what is left of a set if one after the other is left out that is not needed, in their
    order.

    `needed` returns what it takes of some of the set to do what all of it does, or None where these
    do not do it.
    """
    kept = sorted(chosen)
    for one in list(kept):
        if one in kept:
            without = [other for other in kept if other != one]
            enough = needed(without)
            if enough is not None:
                kept = [other for other in without if other in enough]
    return kept


class HittingSets(Generic[Element]):
    """The search; sets once found stay known from one question to the next."""

    def __init__(
        self,
        missed: Callable[[frozenset[Element]], frozenset[Element] | None],
        weights: Mapping[Element, int],
    ) -> None:
        """Search among the elements of `weights`; `missed` returns a set that a choice does not
        hit, or None for none.
        """
        self._missed = missed
        self._weights = weights
        self._known: list[frozenset[Element]] = []
        self._asked = 0
        self._context = (
            z3.Context()
        )  # its own: else which of equal sets is found depends on what others asked before

    def cheapest(
        self,
        *,
        including: Collection[Element] = (),
        excluding: Collection[frozenset[Element]] = (),
        most: float = math.inf,
    ) -> frozenset[Element] | None:
        """Return a cheapest set that hits all, or None where each costs more than `most` or holds
        an excluded one.

        Raises SolverLimitError where that takes too many questions.
        """
        while True:
            chosen = self._candidate(including, excluding)
            if chosen is None or self.cost(chosen) > most:
                return None
            missed = self._ask(chosen)
            if missed is None:
                return chosen
            grown = chosen
            while missed is not None:  # many sets at once, no two of which meet
                self._known.append(missed)
                if not missed:
                    return None
                grown |= missed
                missed = self._ask(grown)

    def cost(self, chosen: Collection[Element]) -> int:
        """Return the sum of the weights of a set."""
        return sum(self._weights[element] for element in chosen)

    @property
    def members(self) -> frozenset[Element]:
        """The elements of the sets known so far."""
        return frozenset().union(*self._known)

    def _ask(self, chosen: frozenset[Element]) -> frozenset[Element] | None:
        self._asked += 1
        if self._asked > ASKED:
            raise SolverLimitError
        return self._missed(chosen)

    def _candidate(
        self, including: Collection[Element], excluding: Collection[frozenset[Element]]
    ) -> frozenset[Element] | None:
        """Return a cheapest set that hits those known, or None for none."""
        elements = sorted(self.members | set(including))
        chosen = {
            element: z3.Bool(str(index), self._context) for index, element in enumerate(elements)
        }
        optimize = z3.Optimize(ctx=self._context)
        optimize.set("rlimit", STEPS)
        optimize.add(*(z3.Or(*(chosen[element] for element in sorted(hit))) for hit in self._known))
        optimize.add(*(chosen[element] for element in including))
        for taken in excluding:
            if taken <= chosen.keys():
                optimize.add(z3.Or(*(z3.Not(chosen[element]) for element in sorted(taken))))
        for element, literal in chosen.items():
            optimize.add_soft(z3.Not(literal), self._weights[element])
        model = _model(optimize)
        return (
            None
            if model is None
            else frozenset(element for element, one in chosen.items() if z3.is_true(model[one]))
        )


def _model(optimize: z3.Optimize) -> z3.ModelRef | None:
    """Return the best model, or None where there is none."""
    answer = optimize.check()
    if answer == z3.unknown:
        raise SolverLimitError
    return None if answer == z3.unsat else optimize.model()
