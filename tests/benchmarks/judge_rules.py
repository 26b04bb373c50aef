"""Rules alone, on validated tables: outcomes of sums of facts, beside a hierarchical ruleset of VTL over the same numbers.

Run: python -m tests.benchmarks.judge_rules [--facts N] (default: 500000). The rules are those that VTL can state: wholes and
their parts by category, within a source, area and period. VTL (vtlengine's check_hierarchy) compares the printed numbers; ours
judges their intervals, and solving finds besides what several rules decide together, and the bounds that follow. Seconds are of
the processor, after imports and with the tables in memory. The bar is a tenth of VTL's.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from pipeline.consistency.propagate import GROUP, judge, only
from pipeline.consistency.quantities import Facts
from pipeline.consistency.solve import solve
from pipeline.consistency.system import System, domains
from pipeline.steps import SYSTEM
from tests.benchmarks.corpus.classifications import classifications
from tests.benchmarks.corpus.rules import rule_id
from tests.benchmarks.peer import peer
from tests.benchmarks.spent import Spent, spent

SUMS = {"kinds": "=", "projects": ">=", "grants": ">=", "inspected": ">="}
"""The families of rules that VTL can state, and how a whole compares with the sum of its parts."""

BAR = 0.1


def tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the validated tables of a folder."""
    return {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}


def sums(found: dict[str, pl.DataFrame], facts: int) -> System:
    """Return the part of the system that VTL can state."""
    names = [rule_id(family, theme) for theme in classifications(facts).themes for family in SUMS]
    system = System(*(found[name] for name in SYSTEM))
    part = only(system, system.rule_groups.filter(pl.col("rule_id").is_in(names)))
    used = part.rule_terms.select("variable").unique()
    return System(part.variables.join(used, on="variable", how="semi"), part.rule_groups, part.rule_terms)


def write_for_vtl(folder: Path, facts: int, numbers: Path, rules: Path) -> None:
    """Write the numbers of each group (form, place, item, value), and for each form which item is the sum of which.

    VTL goes through all numbers for each rule; so what is of one form (a whole and n parts) is one rule here, whatever it is of.
    """
    found = tables(folder)
    terms = sums(found, facts).rule_terms
    item = pl.concat_str("indicator", "category", separator=" ", ignore_nulls=True)
    value = pl.coalesce("value", "lower_bound").cast(pl.Float64)
    named = found["observations"].select(value=value, indicator=item, variable="fact_id")
    stated = terms.join(named, on="variable")
    family_of = {rule_id(family, theme): family for family in SUMS for theme in classifications(facts).themes}
    is_part = pl.col("coefficient_lower") > 0
    parts = pl.col("indicator").filter(is_part).n_unique().over("rule_id")
    number = pl.when(is_part).then(pl.col("indicator").rank("dense").over("rule_id", is_part)).otherwise(0)
    formed = stated.select(
        form=pl.concat_str(pl.col("rule_id").replace_strict(family_of), parts),
        place=pl.concat_str(*GROUP, separator=" "),
        item=pl.format("i{}", number),
        value="value",
    )
    formed.write_parquet(numbers)
    forms = formed.group_by("form").agg(pl.col("item").unique().sort()).sort("form")
    ruleset = {form: f"i0 {SUMS[form.rstrip('0123456789')]} {' + '.join(items[1:])}" for form, items in forms.iter_rows()}
    rules.write_text(json.dumps(ruleset), encoding="utf-8")


def ours(folder: Path, facts: int) -> dict[str, float]:
    """Return what judging and solving took, and how many groups there are."""
    found = tables(folder)
    part = sums(found, facts)
    possible = domains(part.variables, Facts(**{name: found[name] for name in Facts.__dataclass_fields__}))
    start = time.process_time()
    judged = judge(part)
    done = time.process_time()
    solve(part, possible)  # which judges, too
    return {"judge": done - start, "solve": time.process_time() - done, "judged": judged.height}


def measured(facts: int, folder: Path) -> tuple[Spent, Spent]:
    """Return what ours and VTL's took on the same numbers."""
    written, numbers, rules = folder / "tables", folder / "numbers.parquet", folder / "rules.json"
    program = [sys.executable, "-m", "tests.benchmarks.judge_rules", "--facts", str(facts)]
    spent([sys.executable, "-m", "tests.benchmarks.corpus.validated", "--facts", str(facts), str(written)])
    spent([*program, "--for-vtl", str(written), str(numbers), str(rules)])
    return spent([*program, "--ours", str(written)]), peer("hierarchy_checks_vtl", str(numbers), str(rules))


def main(facts: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        own, vtl = measured(facts, Path(folder))
    ours_told, vtl_told = json.loads(own.said), json.loads(vtl.said.splitlines()[-1])
    print(f"{facts:,} facts{'':<22}groups  seconds  x ours (judged)   peak MB")
    lines = [
        ("judged", ours_told["judge"], own),
        ("judged and solved", ours_told["solve"], own),
        ("VTL", vtl_told["seconds"], vtl),
    ]
    for name, seconds, took in lines:
        told = vtl_told if took is vtl else ours_told
        ratio = seconds / ours_told["judge"]
        print(f"{name:<24}{told['judged']:>14,.0f}{seconds:>9.2f}{ratio:>17.1f}{took.memory / 2**20:>10,.0f}")
    for name, seconds, _ in lines[:2]:
        ratio = seconds / vtl_told["seconds"]
        print(f"{name}: {ratio:.3f} of VTL's; bar {BAR}: {'met' if ratio <= BAR else 'missed'}")
    if vtl_told["judged"] != ours_told["judged"]:
        print("THEY JUDGE DIFFERENT GROUPS")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.judge_rules", description="Rules alone.")
    parser.add_argument("--facts", type=int, default=500_000)
    parser.add_argument("--ours", type=Path, metavar="DIR", help="only judge written tables")
    parser.add_argument("--for-vtl", type=Path, nargs=3, metavar=("DIR", "NUMBERS", "RULES"), help="only write what VTL reads")
    chosen = parser.parse_args()
    if chosen.ours:
        print(json.dumps(ours(chosen.ours, chosen.facts)))
    elif chosen.for_vtl:
        write_for_vtl(chosen.for_vtl[0], chosen.facts, *chosen.for_vtl[1:])
    else:
        main(chosen.facts)
