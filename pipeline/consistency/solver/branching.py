"""The cheapest set that hits every one of some sets, where few steps find it: part by part, by branching, with a bound.

Belongs here: the search where all sets are known. Does not belong here: how they become known, or what to do where branching
takes too many steps (hitting_sets).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Generic, TypeVar

from pipeline.consistency.solver.problem import SolverLimitError

NODES = 1000
"""Choices for one part after which branching gives up."""

Element = TypeVar("Element", bound="str | tuple[str, str]")


def cheapest_hit(
    sets: Collection[frozenset[Element]],
    weights: Mapping[Element, int],
    including: Collection[Element],
    excluding: Collection[frozenset[Element]],
) -> frozenset[Element] | None:
    """Return a set that hits all of `sets` at the least sum of weights (each above 0), or None where there is none.

    It holds all of `including` and no whole set of `excluding`; of equally cheap ones it is always the same one. Raises
    SolverLimitError where that takes too many choices.
    """
    found = frozenset(including)
    for part in _apart([*sets, *excluding]):
        hit, excluded = ([one for one in some if one <= part] for some in (sets, excluding))
        chosen = _Part(hit, excluded, weights).cheapest(part.intersection(including))
        if chosen is None:
            return None
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
    """The search in one part. The bound is what sets of which no two meet cost together at least."""

    def __init__(
        self, hit: Collection[frozenset[Element]], excluded: Collection[frozenset[Element]], weights: Mapping[Element, int]
    ) -> None:
        self._hit = sorted(hit, key=sorted)
        self._excluded = excluded
        self._weights = weights
        self._nodes = 0
        self._best: frozenset[Element] | None = None

    def cheapest(self, including: frozenset[Element]) -> frozenset[Element] | None:
        """Return a cheapest set that holds some elements, or None where there is none."""
        self._grow(including, frozenset())
        return self._best

    def _grow(self, chosen: frozenset[Element], barred: frozenset[Element]) -> None:
        self._nodes += 1
        if self._nodes > NODES:
            raise SolverLimitError
        left = sorted((one - barred for one in self._hit if one.isdisjoint(chosen)), key=len)
        is_dear = self._best is not None and self._cost(chosen) + self._least(left) >= self._cost(self._best)
        if is_dear or any(taken <= chosen for taken in self._excluded):
            return
        if not left:
            self._best = chosen
            return
        often = Counter(chain.from_iterable(left))
        for element in sorted(left[0], key=lambda one: (-often[one], one)):
            self._grow(chosen | {element}, barred)
            barred |= {element}

    def _least(self, left: list[frozenset[Element]]) -> int:
        least, met = 0, set[Element]()
        for one in left:
            if met.isdisjoint(one):
                least += min((self._weights[element] for element in one), default=0)
                met |= one
        return least

    def _cost(self, chosen: frozenset[Element]) -> int:
        return sum(self._weights[element] for element in chosen)
