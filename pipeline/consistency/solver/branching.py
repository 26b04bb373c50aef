"""The cheapest set that hits every one of some sets, where few steps find it: part by part, by branching, with a bound.

Belongs here: the search where all sets are known. Does not belong here: how they become known, or what to do where branching
takes too many steps (hitting_sets).
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from pipeline.consistency.solver.problem import SolverLimitError

NODES = 10_000
"""Choices for one part after which branching gives up."""

Element = TypeVar("Element", bound="str | tuple[str, str]")


def cheapest_hit(
    sets: Collection[frozenset[Element]],
    weights: Mapping[Element, int],
    including: Collection[Element],
    excluding: Collection[frozenset[Element]],
    most: float = math.inf,
) -> frozenset[Element] | None:
    """Return a set that hits all of `sets` at the least sum of weights (each above 0), at most `most`; None where there is none.

    It holds all of `including` and no whole set of `excluding`; of equally cheap ones it is always the same one. Raises
    SolverLimitError where that takes too many choices.
    """
    found = frozenset(including)
    left = most - sum(weights[element] for element in found)
    for part in sorted(_apart([*sets, *excluding]), key=lambda part: len(part & found)):
        hit, excluded = ([one for one in some if one <= part] for some in (sets, excluding))
        chosen = _Part(part, hit, excluded, weights).cheapest(part & found, left)
        if chosen is None:
            return None
        left -= sum(weights[element] for element in chosen - found)
        found |= chosen
    return found


def _apart(sets: Iterable[frozenset[Element]]) -> Iterator[frozenset[Element]]:
    """Yield the elements of those sets that hang together."""
    parts: list[frozenset[Element]] = []
    for one in sets:
        met = [part for part in parts if not part.isdisjoint(one)]
        parts = [part for part in parts if part.isdisjoint(one)]
        parts.append(one.union(*met))
    yield from parts


class _Part(Generic[Element]):
    """The search in one part. The bound is what sets of which no two meet cost together at least.

    Sets are whole numbers with a bit for each element, the cheapest first, so that the first bit is what a set costs at least.
    """

    def __init__(
        self,
        part: frozenset[Element],
        hit: Collection[frozenset[Element]],
        excluded: Collection[frozenset[Element]],
        weights: Mapping[Element, int],
    ) -> None:
        self._elements = sorted(part, key=lambda one: (weights[one], one))
        self._weights = [weights[element] for element in self._elements]
        self._places = {element: place for place, element in enumerate(self._elements)}
        self._hit = sorted(self._bits(one) for one in hit)
        self._excluded = [self._bits(one) for one in excluded]
        self._nodes = 0
        self._best: int | None = None
        self._less: float = math.inf

    def cheapest(self, including: frozenset[Element], most: float) -> frozenset[Element] | None:
        """Return a cheapest set that holds some elements, the others costing at most `most`, or None where there is none."""
        self._less = most + 1
        self._grow(self._bits(including), 0, 0, self._hit)
        best = self._best
        return None if best is None else frozenset(one for one, place in self._places.items() if best >> place & 1)

    def _bits(self, elements: Iterable[Element]) -> int:
        return sum(1 << self._places[element] for element in elements)

    def _grow(self, chosen: int, barred: int, cost: int, sets: list[int]) -> None:
        """Try all that hits some sets besides what is chosen, at a cost, and holds nothing that is barred."""
        self._nodes += 1
        if self._nodes > NODES:
            raise SolverLimitError
        left = sorted((one & ~barred for one in sets if not one & chosen), key=int.bit_count)
        if cost + self._least(left) >= self._less or any(taken & chosen == taken for taken in self._excluded):
            return
        if not left:
            self._best, self._less = chosen, cost
            return
        for _, place in sorted((-sum(one >> place & 1 for one in left), place) for place in self._split(left[0])):
            self._grow(chosen | 1 << place, barred, cost + self._weights[place], left)
            barred |= 1 << place

    def _least(self, left: list[int]) -> float:
        least, met = 0, 0
        for one in left:
            if not one & met:
                if not one:
                    return math.inf
                least += self._weights[(one & -one).bit_length() - 1]
                met |= one
        return least

    @staticmethod
    def _split(bits: int) -> Iterator[int]:
        while bits:
            yield (bits & -bits).bit_length() - 1
            bits &= bits - 1
