"""Which things are connected by what they hold in common: disjoint sets, after Galler and Fischer.

Belongs here: the search. Does not belong here: what the things stand for.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Element = TypeVar("Element", bound=Hashable)


def connected(held: Mapping[Element, Iterable[Hashable]]) -> list[list[Element]]:
    """Return the parts of some things that hold nothing in common, each part and all of them in the
    order given.
    """
    leads = {one: one for one in held}

    def leader(one: Element) -> Element:
        while leads[one] != one:
            leads[one] = leads[leads[one]]  # so that nobody has to go so far again
            one = leads[one]
        return one

    first: dict[Hashable, Element] = {}
    for one, all_it_holds in held.items():
        for what in all_it_holds:
            leads[leader(one)] = leader(first.setdefault(what, one))
    parts: dict[Element, list[Element]] = {}
    for one in held:
        parts.setdefault(leader(one), []).append(one)
    return list(parts.values())
