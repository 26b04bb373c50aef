"""Rules on validated facts by the million, beside a hand-written query that only reads the columns
and sums the groups.

Run: python -m tests.benchmarks.judge_beside_a_sum [FACTS] [--tables DIR] (default: 1000000, written
for the run). Each step is a process of its own, begins with the Parquet files of the system, and is
counted after imports, in seconds of the processor. Without the family region_shares, whose rules
meet in circles: these go to the exact solver, some 20 ms each where all numbers are exact, a
thousand of them at most. Bars: outcomes 2.5 times the sum, bounds 15 times, both under 8 GB; all
that is planted is found, and nothing else.

Of 100,000 facts outcomes take 2.2 times the sum (0.3 s), bounds 8 times (1.2 s); of 1,000,000 they
take 2.3 and 11.6 times (2 and 10.5 s). Groups that are settled by themselves are found by one
query; by the engine alone bounds of 100,000 facts take 93 times the sum, 12 s. What is left of the
time goes in equal parts to that query, to what connects components, and to reading and judging.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from pipeline.reason.implied_bounds import bounds
from pipeline.reason.solve import solve
from pipeline.rule_steps import SYSTEM
from pipeline.rules.evaluate import judge
from pipeline.rules.quantities import Facts
from pipeline.rules.system import GROUP, System, domains
from tests.benchmarks.spent import spent

SUM = """
SELECT
    rule_id,
    group_id,
    SUM(coefficient_lower
        * CASE WHEN coefficient_lower > 0 THEN lower ELSE upper END) AS least,
    SUM(coefficient_lower
        * CASE WHEN coefficient_lower > 0 THEN upper ELSE lower END) AS most
FROM rule_terms
LEFT JOIN quantities ON quantities.quantity = rule_terms.quantity
GROUP BY ALL
"""
READ = {
    "quantities": [
        "quantity",
        "role",
        "lower",
        "lower_closed",
        "upper",
        "upper_closed",
        "is_integer",
    ],
    "observations": ["fact_id", "indicator"],
}
"""The columns that rules need of the largest tables; the others are words for people."""

FACTS = tuple(Facts.__dataclass_fields__)

BARS = {"outcomes": 2.5, "bounds": 15}


def summed(folder: Path) -> int:
    """Sum the groups; return how many there are."""
    with duckdb.connect() as con:
        for name in ("rule_terms", "quantities"):
            con.read_parquet(str(folder / f"{name}.parquet")).create_view(name)
        return pl.DataFrame(con.sql(SUM).to_arrow_table()).height


def judged(folder: Path) -> int:
    """Judge each group by itself; return how many there are."""
    outcomes = judge(_system(folder))
    _as_planted(folder, _findings(outcomes.lazy()))
    return outcomes.height


def solved(folder: Path) -> int:
    """Return how many bounds follow from all groups together."""
    system = _system(folder)
    solution = solve(system, _domains(folder, system))
    if solution.joint:
        raise ValueError(
            f"{len(solution.joint)} groups are impossible together; none of these is planted"
        )
    _as_planted(folder, _findings(solution.judged.lazy()))
    return bounds(solution).height


STEPS: dict[str, Callable[[Path], int]] = {
    "sum": summed,
    "outcomes": judged,
    "bounds": solved,
}


def _system(folder: Path) -> System:
    return System(
        *(
            pl.read_parquet(folder / f"{name}.parquet", columns=READ.get(name)).rechunk()
            for name in SYSTEM
        )
    )


def _domains(folder: Path, system: System) -> pl.DataFrame:
    facts = Facts(
        **{
            name: pl.read_parquet(folder / f"{name}.parquet", columns=READ.get(name))
            for name in FACTS
        }
    )
    return domains(system.quantities, facts)


def _findings(outcomes: pl.LazyFrame) -> pl.DataFrame:
    incomplete = (pl.col("imbalance_upper") < 0) & pl.col("rule_id").str.starts_with(
        "every_donor_of"
    )
    return outcomes.filter((pl.col("outcome") == "violated") | incomplete).select(GROUP).collect()


def _as_planted(folder: Path, found: pl.DataFrame) -> None:
    """Raise ValueError where other groups are violated or incomplete than is planted."""
    planted = pl.read_csv(folder.with_name(f"{folder.name}.planted.csv")).select(GROUP)
    if not found.sort(GROUP).equals(planted.sort(GROUP)):
        raise ValueError(
            f"{found.height} groups are found, {planted.height} planted, and not the same"
        )


def _step(name: str, folder: Path) -> None:
    start = time.process_time()
    counted = STEPS[name](folder)
    print(json.dumps({"seconds": time.process_time() - start, "counted": counted}))


def main(facts: int, folder: Path) -> None:
    """Print the table."""
    print(f"{facts:>12,} facts{'':<10}rows     seconds   to the sum   peak MB   bar")
    least = None
    for name in STEPS:
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.judge_beside_a_sum",
            "--tables",
            str(folder),
            "--step",
            name,
        ]
        took = spent(command)
        told = json.loads(took.said)
        least = least or told["seconds"]
        ratio, bar = told["seconds"] / least, BARS.get(name)
        met = "" if bar is None else f"{bar}: {'met' if ratio <= bar else 'missed'}"
        print(
            f"{name:<20}{told['counted']:>12,}{told['seconds']:>12.1f}{ratio:>13.1f}"
            f"{took.memory / 2**20:>10,.0f}   {met}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.judge_beside_a_sum", description="Rules by the million."
    )
    parser.add_argument("facts", type=int, nargs="?", default=1_000_000)
    parser.add_argument(
        "--tables", type=Path, metavar="DIR", help="tables that stand there already"
    )
    parser.add_argument("--step", choices=STEPS, help="only this step")
    chosen = parser.parse_args()
    if chosen.step:
        _step(chosen.step, chosen.tables)
    elif chosen.tables:
        main(chosen.facts, chosen.tables)
    else:
        with tempfile.TemporaryDirectory() as place:
            written = Path(place) / "tables"
            command = [
                sys.executable,
                "-m",
                "tests.benchmarks.corpus.validated",
                "--facts",
                str(chosen.facts),
                str(written),
            ]
            spent([*command, "--leave-out", "region_shares"])
            main(chosen.facts, written)
