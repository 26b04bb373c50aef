"""Small systems drawn at random side by side, most of them possible since each is built round an
assignment.
"""

import math
import os
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from random import Random

import polars as pl

from pipeline.rule_steps import SYSTEM
from pipeline.rules.system import System
from schemas.tables import empty

SYSTEMS = 100
"""Of each seed."""

SEEDS = range(1, 1 + int(os.environ.get("FACTS_SEEDS", "2")))
"""FACTS_SEEDS=20 makes 2,000 systems."""


@dataclass
class Drawn:
    """A small system round an assignment: its rows, with names that begin with its number."""

    number: int
    draw: Random
    whole: bool = False
    values: dict[str, Fraction] = field(default_factory=dict)
    quantities: list[dict[str, object]] = field(default_factory=list)
    groups: list[dict[str, object]] = field(default_factory=list)
    terms: list[dict[str, object]] = field(default_factory=list)

    def quantity(
        self,
        value: Fraction,
        role: str,
        ends: tuple[float, float],
        *,
        whole: bool,
        most: int | None = None,
    ) -> str:
        """A quantity that has a value and is known to lie so far below and above it; infinitely
        far: nothing is said.
        """
        name = f"{self.number:03}v{len(self.quantities)}"
        sides: dict[str, object] = {}
        for side, sign, distance in (("lower", -1, ends[0]), ("upper", 1, ends[1])):
            limit = (
                (0 if sign < 0 else most)
                if math.isinf(distance)
                else value + sign * Fraction(distance)
            )
            limit = (
                None
                if limit is None
                else Fraction(max(limit, 0) if most is None else min(max(limit, 0), most))
            )
            is_open = (
                limit is not None
                and limit != value
                and not math.isinf(distance)
                and self.draw.random() < 0.25
            )
            sides |= {side: None if limit is None else Decimal(f"{float(limit):.6f}")}
            sides |= {f"{side}_closed": limit is not None and (whole or not is_open)}
        row = {
            "quantity": name,
            "source_id": "s",
            "fact_id": name if role == "stated" else None,
            "part": "value",
        }
        self.quantities.append(
            {**row, "role": role, "is_integer": whole, "description": name, **sides}
        )
        self.values[name] = value
        return name

    def some(self) -> str:
        """A quantity that is stated, as a point or an interval, or that nobody states."""
        whole = self.whole
        value = Fraction(self.draw.randint(0, 40), 1 if whole else self.draw.choice([1, 2, 10]))
        if self.draw.random() < 0.2:
            return self.quantity(value, "unstated", (math.inf, math.inf), whole=whole)
        widths = [0, 0, 1, 3, math.inf] if whole else [0, 0, 0.5, 2, math.inf]
        return self.quantity(
            value, "stated", (self.draw.choice(widths), self.draw.choice(widths)), whole=whole
        )

    def group(
        self, op: str, terms: list[tuple[str | None, Fraction, Fraction, str | None]]
    ) -> None:
        names = {"rule_id": f"r{len(self.groups)}", "group_id": f"{self.number:03}"}
        self.groups.append({**names, "source_id": "s", "op": op})
        for quantity, low, high, share in terms:
            ends = [Decimal(f"{float(end):.8f}") for end in (low, high)]
            sizes = {
                "coefficient_lower": ends[0],
                "coefficient_upper": ends[1],
                "coefficient_quantity": share,
            }
            self.terms.append({**names, "quantity": quantity, **sizes})

    def sum(self, names: list[str]) -> None:
        """Some quantities, now and then with slack, that add up, or do not exceed what is left of
        them.
        """
        sizes = [Fraction(self.draw.choice([1, 1, 1, -1, -1, -1])) for _ in names]
        terms: list[tuple[str | None, Fraction, Fraction, str | None]] = [
            (name, size, size, None) for name, size in zip(names, sizes, strict=True)
        ]
        total = sum(
            (size * self.values[name] for name, size in zip(names, sizes, strict=True)), Fraction(0)
        )
        whole = all(row["is_integer"] for row in self.quantities if row["quantity"] in names)
        op = self.draw.choice(["eq", "eq", "le"])
        if self.draw.random() < 0.3:
            left, sign = Fraction(self.draw.randint(0, 5)), Fraction(self.draw.choice([1, -1]))
            rest = self.quantity(
                left, "remainder", (math.inf, math.inf), whole=whole and self.draw.random() < 0.5
            )
            terms.append((rest, sign, sign, None))
            total += sign * left
        total += Fraction(self.draw.randint(0, 3)) if op == "le" else 0
        self.group(op, [*terms, *([(None, -total, -total, None)] if total else [])])

    def product(self, base: str | None) -> str:
        """A share of a base that is a count, each known more or less; return the share."""
        value = self.values[base] if base else Fraction(self.draw.randint(5, 90))
        base = base or self.quantity(
            value,
            "stated",
            (self.draw.choice([0, 2]), self.draw.choice([0, 3, math.inf])),
            whole=True,
        )
        count = Fraction(self.draw.randint(1, max(int(value), 1)))
        tenths = round(min(1000 * count / value, Fraction(999))) if value else 500
        share_value = Fraction(tenths, 10)
        width = self.draw.choice([0.05, 0.5, 3])
        share = self.quantity(share_value, "stated", (width, width), whole=False, most=100)
        row = self.quantities[-1]
        low, high = (Fraction(str(row[side])) / 100 for side in ("lower", "upper"))
        made = share_value * value / 100
        role, near = self.draw.choice(
            [("stated", (2, 2)), ("stated", (2, math.inf)), ("unstated", (math.inf, math.inf))]
        )
        number = self.quantity(Fraction(round(made)), role, near, whole=role == "stated")
        self.group("eq", [(base, low, high, share), (number, Fraction(-1), Fraction(-1), None)])
        return share


def drawn_systems(seed: int) -> tuple[System, pl.DataFrame]:
    """Small systems side by side, with what their quantities can be if no fact is believed; one of
    eight has a wrong number.
    """
    draw = Random(seed)  # noqa: S311 (a test)
    every: list[Drawn] = []
    for number in range(SYSTEMS):
        one = Drawn(number, draw, whole=draw.random() < 0.5)
        names = [one.some() for _ in range(draw.randint(2, 4))]
        shares = [
            one.product(draw.choice([None, *names])) for _ in range(draw.choice([0, 0, 1, 1, 2]))
        ]
        for _ in range(draw.randint(1, 3)):
            one.sum(draw.sample(names, draw.randint(2, min(3, len(names)))))
        if shares and draw.random() < 0.08:
            one.sum([*shares, one.quantity(Fraction(10), "stated", (1, 1), whole=False, most=100)])
        if number % 8 == 0:
            wrong = Decimal(draw.randint(41, 60))
            facts = [
                row
                for row in one.quantities
                if row["quantity"] in names and row["role"] == "stated"
            ]
            (facts or [{}])[0] |= {
                "lower": wrong,
                "upper": wrong,
                "lower_closed": True,
                "upper_closed": True,
            }
        every.append(one)
    tables = {
        name: [row for one in every for row in getattr(one, name.removeprefix("rule_"))]
        for name in SYSTEM
    }
    system = System(
        *(pl.DataFrame(rows, schema=empty(name).schema) for name, rows in tables.items())
    )
    shares_named = system.rule_terms["coefficient_quantity"].drop_nulls().implode()
    amount = system.quantities.schema["lower"]
    most = pl.when(pl.col("quantity").is_in(shares_named)).then(pl.lit(Decimal(100), amount))
    stated = pl.col("role") == "stated"
    known = system.quantities.select(
        "quantity",
        least=pl.lit(Decimal(0), amount),
        most=pl.when(stated).then(most.otherwise(pl.lit(None, amount))).otherwise("upper"),
    )
    return system, known
