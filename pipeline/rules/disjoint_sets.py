"""Which numbers are connected by pairs of numbers: disjoint sets, after Galler and Fischer.

Belongs here: the search. Does not belong here: what the numbers stand for.
"""

from collections.abc import Iterable


def connected(pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """Return, for each of so many numbers from 0 on, the least to which pairs of numbers lead from it, itself perhaps."""
    leads = list(range(count))

    def least(number: int) -> int:
        while leads[number] != number:
            leads[number] = leads[leads[number]]  # so that nobody has to go so far again
            number = leads[number]
        return number

    for one, other in pairs:
        low, high = sorted((least(one), least(other)))
        leads[high] = low
    return [least(number) for number in leads]
