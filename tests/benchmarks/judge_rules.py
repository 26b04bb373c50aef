"""Rules alone, on validated tables: outcomes of sums of facts, beside hierarchical rulesets of VTL
over the same numbers.

Run: python -m tests.benchmarks.judge_rules [--facts N] (default: 500000). The rules are those that
VTL can state: wholes and their parts by category, within a source, area and period. VTL
(vtlengine's check_hierarchy) compares the printed numbers; ours judges their intervals, and solving
finds besides what several rules decide together, and the bounds that follow. VTL gets the rules
twice: as rules.toml has them, one for each indicator; and, since it goes through all numbers for
each rule, the numbers renamed so that one rule does for all wholes with as many parts. Seconds are
of the processor, after imports and with the tables in memory. The bar is a tenth of VTL's.

What limits ours (cProfile and timed queries, 38,000 groups of 323,000 terms): judging is one query
of DuckDB. A bare join and sum over the same keys, which are text, takes a quarter of it; most of
the rest is the arithmetic of intervals in DECIMAL(38, 14). Solving finds the groups that are
settled by themselves in one query more, which takes as long as judging, and narrows what hangs
together component by component, in fractions.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from pipeline.reason.components import only
from pipeline.reason.solve import solve
from pipeline.rule_steps import SYSTEM
from pipeline.rules.evaluate import judge
from pipeline.rules.quantities import Facts
from pipeline.rules.system import GROUP, System, domains
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
    used = part.rule_terms.select("quantity").unique()
    return System(
        part.quantities.join(used, on="quantity", how="semi"), part.rule_groups, part.rule_terms
    )


def write_for_vtl(folder: Path, facts: int, numbers: Path, rules: Path, *, renamed: bool) -> None:
    """Write the numbers (form, place, item, value), and the rules over items of each form;
    `renamed`: one for all of a form.

    A form is a family of rules with so many parts; with rules for each indicator all numbers are of
    one form.
    """
    found = tables(folder)
    terms = sums(found, facts).rule_terms
    named = found["observations"].select(
        quantity="fact_id",
        place=pl.concat_str("source_id", "area", "period", separator=" "),
        name=pl.concat_str("indicator", "category", separator=" ", ignore_nulls=True).rank("dense"),
        value=pl.coalesce("value", "lower").cast(pl.Float64),
    )
    family_of = {
        rule_id(family, theme): family for family in SUMS for theme in classifications(facts).themes
    }
    is_part = pl.col("coefficient_lower") > 0
    stated = terms.join(named, on="quantity").with_columns(
        family=pl.col("rule_id").replace_strict(family_of), is_part=is_part
    )
    if renamed:
        parts = pl.col("name").filter(is_part).n_unique().over("rule_id")
        stated = stated.with_columns(
            form=pl.concat_str("family", parts),
            place=pl.concat_str(*GROUP, separator=" "),
            item=pl.format(
                "i{}",
                pl.when("is_part")
                .then(pl.col("name").rank("dense").over("rule_id", "is_part"))
                .otherwise(0),
            ),
        )
    else:
        stated = stated.with_columns(form=pl.lit("all_of_them"), item=pl.format("i{}", "name"))
    stated.select("form", "place", "item", "value").unique(["form", "place", "item"]).write_parquet(
        numbers
    )
    by_rule = ["form", "family", "whole"]
    used = stated.with_columns(
        whole=pl.col("item").filter(~pl.col("is_part")).first().over("rule_id")
    ).filter("is_part")
    used = used.group_by(by_rule).agg(pl.col("item").unique().sort()).sort(by_rule)
    ruleset: dict[str, list[str]] = {}
    for form, family, whole, items in used.iter_rows():
        ruleset.setdefault(form, []).append(f"{whole} {SUMS[family]} {' + '.join(items)}")
    rules.write_text(json.dumps(ruleset), encoding="utf-8")


def ours(folder: Path, facts: int) -> dict[str, float]:
    """Return what judging and solving took, and how many groups there are."""
    found = tables(folder)
    part = sums(found, facts)
    possible = domains(
        part.quantities, Facts(**{name: found[name] for name in Facts.__dataclass_fields__})
    )
    start = time.process_time()
    judged = judge(part)
    done = time.process_time()
    solve(part, possible)  # which judges, too
    return {"judge": done - start, "solve": time.process_time() - done, "judged": judged.height}


def measured(facts: int, folder: Path) -> tuple[Spent, dict[str, Spent]]:
    """Return what ours and VTL's took on the same numbers."""
    written, numbers, rules = folder / "tables", folder / "numbers.parquet", folder / "rules.json"
    program = [sys.executable, "-m", "tests.benchmarks.judge_rules", "--facts", str(facts)]
    spent(
        [
            sys.executable,
            "-m",
            "tests.benchmarks.corpus.validated",
            "--facts",
            str(facts),
            str(written),
        ]
    )
    own = spent([*program, "--ours", str(written)])
    vtl = {}
    for name, how in (("VTL, rules as they are", []), ("VTL, numbers renamed", ["--renamed"])):
        spent([*program, "--for-vtl", str(written), str(numbers), str(rules), *how])
        vtl[name] = peer("hierarchy_checks_vtl", str(numbers), str(rules))
    return own, vtl


def main(facts: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        own, vtl = measured(facts, Path(folder))
    told = json.loads(own.said)
    print(f"{facts:,} facts{'':<20}groups  seconds  judged is  solved is  peak MB")
    lines = [
        ("judged", told["judge"], told["judged"], own),
        ("solved", told["solve"], told["judged"], own),
    ]
    for name, took in vtl.items():
        theirs = json.loads(took.said.splitlines()[-1])
        if theirs["judged"] != told["judged"]:
            raise RuntimeError(f"VTL judges {theirs['judged']} groups, ours {told['judged']}")
        lines.append((name, theirs["seconds"], theirs["judged"], took))
    for name, seconds, groups, took in lines:
        ratios = f"{told['judge'] / seconds:>11.3f}{told['solve'] / seconds:>11.3f}"
        print(f"{name:<24}{groups:>12,.0f}{seconds:>9.2f}{ratios}{took.memory / 2**20:>9,.0f}")
    met = [
        f"{name}: {'met' if told['judge'] <= BAR * seconds else 'missed'}"
        for name, seconds, *_ in lines[2:]
    ]
    print(f"bar {BAR}, judged beside {'; beside '.join(met)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.judge_rules", description="Rules alone."
    )
    parser.add_argument("--facts", type=int, default=500_000)
    parser.add_argument("--ours", type=Path, metavar="DIR", help="only judge written tables")
    parser.add_argument(
        "--for-vtl",
        type=Path,
        nargs=3,
        metavar=("DIR", "NUMBERS", "RULES"),
        help="only write what VTL reads",
    )
    parser.add_argument(
        "--renamed", action="store_true", help="with numbers renamed, so that few rules do"
    )
    chosen = parser.parse_args()
    if chosen.ours:
        print(json.dumps(ours(chosen.ours, chosen.facts)))
    elif chosen.for_vtl:
        write_for_vtl(chosen.for_vtl[0], chosen.facts, *chosen.for_vtl[1:], renamed=chosen.renamed)
    else:
        main(chosen.facts)
