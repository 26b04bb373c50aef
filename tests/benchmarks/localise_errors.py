"""How long it takes to find all smallest sets of facts to blame, by facts and errors, beside one
found by a MIP with HiGHS.

Run: python -m tests.benchmarks.localise_errors. A corpus is one component: sums of three facts in a
tree, each sum the part of another, exact numbers; planted errors change leaves. The MIP
(peers/localise_errors_mip.py) has a binary for each fact, and ends with one smallest set; ours ends
with all of them, and with the interval that each fact would have to lie in. Seconds are of the
processor, after imports; they stand besides in units of judging the rules once. The bar is twice
the MIP.

What limits ours (cProfile, 99 facts and 10 errors): most is spent choosing a hundred times among
the conflicts known (z3), of which many meet where errors stand close; a tenth goes to the hundred
questions which facts cannot be true together, as intervals answer them. Where rules meet in
circles, z3 answers in place of these, and takes most.
"""

import json
import random
import resource
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.reason.possibility import Budget, Possibility
from pipeline.reason.problem import problem_of
from pipeline.reason.repairs import Repair, repairs
from pipeline.rules.evaluate import judge
from pipeline.rules.system import System
from schemas.tables import empty
from tests.benchmarks.peer import peer

FAR = 10**9
SIZES = ((31, 1), (31, 4), (61, 5), (99, 1), (99, 5), (99, 10))
BAR = 2.0


def tree(facts: int, errors: int, seed: int) -> System:
    """Return a system of sums in a tree with at least `facts` facts, `errors` of which are
    wrong.
    """
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    parts: dict[int, list[int]] = {}
    count, level = 1, [0]
    while count < facts:
        after = []
        for whole in level:
            if count >= facts:
                break
            parts[whole] = list(range(count, count + 3))
            count += 3
            after += parts[whole]
        level = after
    values: dict[int, int] = {}
    for one in range(count - 1, -1, -1):
        values[one] = (
            sum(values[part] for part in parts[one]) if one in parts else draw.randint(1, 1000)
        )
    for wrong in draw.sample(range(count), errors):
        values[wrong] += draw.randint(1, 50)
    quantities = pl.DataFrame(
        [
            {
                "quantity": f"v{one:04}",
                "source_id": "s",
                "fact_id": f"v{one:04}",
                "part": "value",
                "role": "stated",
                "lower": Decimal(value),
                "lower_closed": True,
                "upper": Decimal(value),
                "upper_closed": True,
                "is_integer": True,
                "description": f"v{one:04}",
            }
            for one, value in sorted(values.items())
        ],
        schema=empty("quantities").schema,
    )
    groups = [
        {"rule_id": "sums", "group_id": f"{whole:04}", "source_id": "s", "op": "eq"}
        for whole in parts
    ]
    terms = [
        {
            "rule_id": "sums",
            "group_id": f"{whole:04}",
            "quantity": f"v{one:04}",
            "coefficient_lower": size,
            "coefficient_upper": size,
        }
        for whole, members in parts.items()
        for one, size in [(whole, Decimal(-1)), *((part, Decimal(1)) for part in members)]
    ]
    return System(
        quantities,
        pl.DataFrame(groups, schema=empty("rule_groups").schema),
        pl.DataFrame(terms, schema=empty("rule_terms").schema),
    )


class Line(NamedTuple):
    """What one corpus took: judging it, finding the sets, and what these are."""

    judged: float
    seconds: float
    parts: list[Repair]

    @property
    def weight(self) -> int:
        """How many facts are wrong at least."""
        return sum(part.weight or 0 for part in self.parts)


def localised(system: System) -> Line:
    """Find the sets to blame in a system."""
    started = time.process_time()
    judge(system)
    judged = time.process_time()
    domains = system.quantities.select(
        "quantity", least=pl.lit(Decimal(0)), most=pl.lit(Decimal(FAR))
    )
    parts = repairs(Possibility(problem_of(system, domains), Budget(1000)), {})
    return Line(judged - started, time.process_time() - judged, parts)


def as_asked_of_mip(system: System) -> dict[str, Any]:
    """Return the stated values, and the sums as (whole, parts), facts by their numbers."""
    number = {name: place for place, name in enumerate(system.quantities["quantity"])}
    groups = (
        system.rule_terms.sort("coefficient_lower", "quantity")
        .group_by("group_id", maintain_order=True)
        .agg("quantity")
    )
    sums = [
        (number[names[0]], [number[name] for name in names[1:]]) for names in groups["quantity"]
    ]
    return {"values": [int(value) for value in system.quantities["lower"]], "sums": sums}


def main() -> None:
    """Print the table."""
    systems = [tree(facts, errors, seed=facts * errors) for facts, errors in SIZES]
    localised(systems[0])  # DuckDB loads what it needs at the first question
    lines = [localised(system) for system in systems]
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "problems.json"
        asked.write_text(
            json.dumps([as_asked_of_mip(system) for system in systems]), encoding="utf-8"
        )
        took = peer("localise_errors_mip", str(asked))
    mips = json.loads(took.said)
    print(" facts errors  parts weight     sets  seconds  x judging    MIP, s   x MIP")
    for (facts, errors), line, mip in zip(SIZES, lines, mips, strict=True):
        if line.weight != mip["weight"]:
            raise RuntimeError(f"the MIP finds {mip['weight']} facts to blame, ours {line.weight}")
        sets = sum(len(part.sets) for part in line.parts)
        ours = f"{line.seconds:>9.2f}{line.seconds / line.judged:>11.1f}"
        ratios = f"{ours}{mip['seconds']:>10.3f}{_ratio(line, mip):>8.1f}"
        print(f"{facts:>6}{errors:>7}{len(line.parts):>7}{line.weight:>7}{sets:>9}{ratios}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"peak MB: ours {own:,.0f}, the MIP {took.memory / 2**20:,.0f}")
    worst = max(_ratio(line, mip) for line, mip in zip(lines, mips, strict=True))
    print(f"bar {BAR}: {'met' if worst <= BAR else 'missed'}")


def _ratio(line: Line, mip: dict[str, float]) -> float:
    return line.seconds / mip["seconds"]


if __name__ == "__main__":
    main()
