"""How long it takes to find all smallest sets of facts to blame, by facts and errors, in units of judging the rules once.

A corpus is one component: sums of three facts in a tree, each sum the part of another, exact numbers; planted errors change
leaves. Run: python -m tests.benchmarks.localise_errors
"""

import random
import time
from decimal import Decimal

import polars as pl

from pipeline.consistency.propagate import judge
from pipeline.consistency.solver.problem import problem_of
from pipeline.consistency.solver.repairs import repairs
from pipeline.consistency.system import System
from schemas.tables import empty

FAR = 10**9


def tree(facts: int, errors: int, seed: int) -> System:
    """Return a system of sums in a tree with at least `facts` facts, `errors` of which are wrong."""
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
        values[one] = sum(values[part] for part in parts[one]) if one in parts else draw.randint(1, 1000)
    for wrong in draw.sample(range(count), errors):
        values[wrong] += draw.randint(1, 50)
    variables = pl.DataFrame(
        [
            {
                "variable": f"v{one:04}",
                "source_id": "s",
                "fact_id": f"v{one:04}",
                "part": "value",
                "role": "stated",
                "lower_bound": Decimal(value),
                "lower_closed": True,
                "upper_bound": Decimal(value),
                "upper_closed": True,
                "is_integer": True,
                "description": f"v{one:04}",
            }
            for one, value in sorted(values.items())
        ],
        schema=empty("variables").schema,
    )
    groups = [{"rule_id": "sums", "group_id": f"{whole:04}", "source_id": "s", "op": "eq"} for whole in parts]
    terms = [
        {
            "rule_id": "sums",
            "group_id": f"{whole:04}",
            "variable": f"v{one:04}",
            "coefficient_lower": size,
            "coefficient_upper": size,
        }
        for whole, members in parts.items()
        for one, size in [(whole, Decimal(-1)), *((part, Decimal(1)) for part in members)]
    ]
    return System(
        variables,
        pl.DataFrame(groups, schema=empty("rule_groups").schema),
        pl.DataFrame(terms, schema=empty("rule_terms").schema),
    )


def main() -> None:
    """Print the table."""
    print(f"{'facts':>6} {'errors':>6} {'parts':>6} {'weight':>6} {'sets':>8} {'seconds':>8} {'x judging':>10}")
    for facts, errors in ((31, 1), (31, 4), (61, 5), (99, 1), (99, 5), (99, 10)):
        system = tree(facts, errors, seed=facts * errors)
        started = time.perf_counter()
        judge(system)
        judged = time.perf_counter() - started
        domains = system.variables.select("variable", least=pl.lit(Decimal(0)), most=pl.lit(Decimal(FAR)))
        started = time.perf_counter()
        parts = repairs(problem_of(system, domains), {})
        took = time.perf_counter() - started
        weight = sum(part.weight or 0 for part in parts)
        sets = sum(len(part.sets) for part in parts)
        print(f"{facts:>6} {errors:>6} {len(parts):>6} {weight:>6} {sets:>8} {took:>8.2f} {took / judged:>10.1f}")


if __name__ == "__main__":
    main()
