"""Small systems of few quantities, made by hand or at random, and every assignment of whole numbers
that they allow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import polars as pl
from hypothesis import strategies as st

from pipeline.rules.system import System
from schemas.tables import empty

End = tuple[int | None, bool]
Term = tuple[int, int, int]
"""The number of a quantity (-1: the constant 1), and the least and the most of its coefficient."""
Group = tuple[str, list[Term]]

LEAST, MOST = 0, 7
"""The range that every quantity of a whole-numbered system keeps to, so that brute force comes to
an end.
"""


@dataclass(frozen=True)
class Variable:
    """A quantity of a random system."""

    low: End
    high: End
    role: str = "stated"
    whole: bool = True


def point(value: int) -> Variable:
    return Variable((value, True), (value, True))


def system_of(quantities: list[Variable], groups: list[Group]) -> System:
    shape = empty("quantities").schema
    table = pl.DataFrame(
        [
            {
                "quantity": f"v{index}",
                "source_id": "s",
                "fact_id": f"v{index}",
                "part": "value",
                "role": one.role,
                "lower": None if one.low[0] is None else Decimal(one.low[0]),
                "lower_closed": one.low[1],
                "upper": None if one.high[0] is None else Decimal(one.high[0]),
                "upper_closed": one.high[1],
                "is_integer": one.whole,
                "description": f"v{index}",
            }
            for index, one in enumerate(quantities)
        ],
        schema=shape,
    )
    rule_groups = pl.DataFrame(
        [
            {"rule_id": f"r{index}", "group_id": f"g{index}", "source_id": "s", "op": op}
            for index, (op, _) in enumerate(groups)
        ],
        schema=empty("rule_groups").schema,
    )
    rule_terms = pl.DataFrame(
        [
            {
                "rule_id": f"r{index}",
                "group_id": f"g{index}",
                "quantity": None if quantity < 0 else f"v{quantity}",
                "coefficient_lower": Decimal(low),
                "coefficient_upper": Decimal(high),
            }
            for index, (_, terms) in enumerate(groups)
            for quantity, low, high in terms
        ],
        schema=empty("rule_terms").schema,
    )
    return System(table, rule_groups, rule_terms)


def domains_of(system: System, least: int | None = LEAST, most: int | None = MOST) -> pl.DataFrame:
    ends = {"least": least, "most": most}
    return system.quantities.select(
        "quantity", *(pl.lit(end).cast(pl.Decimal(20, 6)).alias(name) for name, end in ends.items())
    )


@st.composite
def whole_systems(draw: st.DrawFn) -> tuple[list[Variable], list[Group]]:
    """Systems of few whole numbers: stated, unstated, and slack of one group each; with circles,
    chains and lone groups.
    """
    quantities = []
    for _ in range(draw(st.integers(1, 4))):
        low = draw(st.integers(LEAST, MOST))
        high = draw(st.integers(low, MOST))
        stated = draw(st.booleans())
        ends = ((low, True), (high, True)) if stated else ((LEAST, True), (MOST, True))
        quantities.append(Variable(*ends, role="stated" if stated else "unstated"))
    known = len(quantities)
    groups: list[Group] = []
    for _ in range(draw(st.integers(1, 4))):
        chosen = draw(st.lists(st.integers(0, known - 1), min_size=1, max_size=3, unique=True))
        terms = [
            (quantity, size, size)
            for quantity in chosen
            for size in [draw(st.sampled_from([1, 1, 1, -1, -1, 2, -3]))]
        ]
        if draw(st.booleans()):
            constant = draw(st.integers(-9, 9))
            terms.append((-1, constant, constant))
        if draw(st.integers(0, 3)) == 0:
            quantities.append(Variable((LEAST, True), (MOST, True), role="remainder"))
            size = draw(st.sampled_from([1, -1]))
            terms.append((len(quantities) - 1, size, size))
        groups.append((draw(st.sampled_from(["eq", "eq", "le"])), terms))
    return quantities, groups


def holds(op: str, terms: list[Term], values: tuple[int, ...]) -> bool:
    total = sum(size * (values[quantity] if quantity >= 0 else 1) for quantity, size, _ in terms)
    return total == 0 if op == "eq" else total <= 0


def all_units(groups: list[Group]) -> bool:
    return all(
        abs(size) == 1 for _, terms in groups for quantity, size, _ in terms if quantity >= 0
    )


def solutions(
    quantities: list[Variable], groups: list[Group], free: tuple[int, ...] = ()
) -> Iterator[tuple[int, ...]]:
    """Every assignment of whole numbers that all groups allow, and all stated quantities but the
    free ones.
    """
    ranges = [
        range(LEAST, MOST + 1) if index in free else range(one.low[0] or 0, (one.high[0] or 0) + 1)
        for index, one in enumerate(quantities)
    ]
    return (
        values
        for values in product(*ranges)
        if all(holds(op, terms, values) for op, terms in groups)
    )
