"""From facts to findings: what the steps build of rules, the linear system, what follows from it, and what it finds.

Belongs here: which tables each of these is made from, and what of that is kept. Does not belong here: what a rule means
(rules), what follows (reason), or facts (fact_steps).
"""

from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.built import Built, Tables
from pipeline.defects import of_table
from pipeline.fact_steps import typed_facts
from pipeline.facts.follow_ons import without_follow_ons
from pipeline.read.raw_folder import (
    RawFolder,
    read_findings,
    read_releases,
)
from pipeline.reason.conclude import conclude
from pipeline.reason.readings import Alternative, alternatives
from pipeline.rules.findings import Findings, find
from pipeline.rules.inferred_days import with_circles
from pipeline.rules.quantities import OF_RULES, Facts
from pipeline.rules.rules_file import Placed, misdirected, nameable, read_rules, read_weights, rules_table
from pipeline.rules.system import GROUP, System, build_system, idle
from schemas.kinds import LISTINGS
from schemas.rules import FACTS_ARE_CHECKED, TRANSLATIONS_AGREE

SYSTEM = ("variables", "rule_groups", "rule_terms")
CONCLUSIONS = ("check_results", "implied_bounds", "error_sets")
_OF_EVIDENCE = ("raw_file", "raw_line", "quote", "occurrence", "label_quote", "note")
"""Columns of what is typed that no rule speaks of."""


def rule_tables(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return the rules as published."""
    rules, defects = read_rules(raw)
    lists = {name: tables[name] for name in ("indicators", "areas", "categories")}
    facts = nameable(typed_facts(raw)).drop_nulls("fact_id")
    wrong = misdirected(rules, lists, facts) + read_weights(raw, facts)[1]
    return {"rules": Built(rules_table(rules), defects + without_follow_ons(raw, wrong))}


def _facts_of(tables: Tables) -> Facts:
    needed = {name: tables[name] for name in Facts.__dataclass_fields__}
    return Facts(**needed | {"observations": tables["observations"].select(OF_RULES)})


def system_tables(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return the linear system that the rules make of the facts."""
    rules, facts, typed = read_rules(raw)[0], _facts_of(tables), typed_facts(raw)

    def build() -> dict[str, pl.DataFrame]:
        system = build_system(rules, facts)
        without = _idle_by_any_reading(rules, system, alternatives(facts, tables["readings"], typed))
        names = pl.DataFrame({"rule_id": [placed.rule.id for placed in without]}, schema={"rule_id": pl.String})
        return {**dict(zip(SYSTEM, system.tables, strict=True)), "idle": names}

    built = raw.parts.once("system", _given(rules, facts, tables["readings"], typed), build)
    # a rule for any source may well have nothing to say of one
    wanted = [placed for placed in rules if raw.only is None or placed.source_id is not None]
    expected = "a rule that applies to something; no facts are as it needs them"
    names = set(built["idle"]["rule_id"])
    defects = [placed.defect("id", "idle_rule", placed.rule.id, expected) for placed in wanted if placed.rule.id in names]
    return {name: Built(built[name], defects if name == SYSTEM[-1] else []) for name in SYSTEM}


def _given(
    rules: list[Placed], facts: Facts, readings: pl.DataFrame, typed: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Return all that the system and what follows from it are made of, but for weights, as tables by name."""
    placed = pl.DataFrame({"rules": [repr(rules)]})
    as_typed = {f"typed {name}": rows.drop(_OF_EVIDENCE, strict=False) for name, rows in typed.items()}
    return {**facts.tables, **as_typed, "rules": placed, "readings": readings}


def _idle_by_any_reading(rules: list[Placed], system: System, others: Iterator[Alternative]) -> list[Placed]:
    """Return the rules that apply to nothing, by whatever reading of the facts."""
    without = idle(rules, system)
    while without and (other := next(others, None)):
        without = idle(without, build_system(without, other.facts))
    return without


def conclusion_tables(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return what follows from facts and rules together."""
    rules, facts, readings, typed = read_rules(raw)[0], _facts_of(tables), tables["readings"], typed_facts(raw)
    weights = read_weights(raw, nameable(typed))[0]
    system = System(*(tables[name] for name in SYSTEM))
    given = {**_given(rules, facts, readings, typed), "weights": pl.DataFrame({"weights": [repr(weights)]})}
    found = raw.parts.once("conclusions", given, lambda: conclude(rules, facts, system, weights, (readings, typed)).tables)
    results = with_circles(found["check_results"], tables)
    # other sources may speak of a fact of this one
    remarks = {} if raw.only else {FACTS_ARE_CHECKED: _unchecked(results, tables)}
    return {
        "check_results": Built(results, of_table(found["impossible"]), remarks),
        "implied_bounds": Built(found["implied_bounds"], []),
        "error_sets": Built(found["error_sets"], []),
    }


def _unchecked(results: pl.DataFrame, tables: Tables) -> list[str]:
    """Return the numbers and the days of events that no rule speaks of, by fact."""
    stated = tables["variables"].filter(pl.col("role") == "stated").drop_nulls("fact_id")
    checked = System(*(tables[name] for name in SYSTEM)).edges
    # a translation says again what its original says, and tests nothing of it
    listings = tables["rules"].filter(pl.col("kind").is_in(LISTINGS) & (pl.col("rule_id") != TRANSLATIONS_AGREE))
    listed = results.join(listings, on="rule_id", how="semi").select(variable=pl.col("fact_ids").str.split(" "))
    checked = pl.concat([checked.select("variable"), listed.explode("variable")])
    left = stated.join(checked, on="variable", how="anti")
    values = left.filter(pl.col("part") == "value")
    days = left.join(tables["events"], on="fact_id", how="semi").join(
        stated.join(checked, on="variable", how="semi"), on="fact_id", how="anti"
    )
    return sorted({*values["fact_id"], *days["fact_id"]})


def findings_of(raw: RawFolder, tables: Tables) -> Findings:
    """Return the findings, and those that nobody has acknowledged."""
    acknowledged = read_findings(raw).rows
    if raw.only is not None:  # what is possible by itself may be impossible with other sources, which were not read
        decided = tables["check_results"].filter(pl.col("outcome") != "undetermined")
        acknowledged = acknowledged.join(decided, on=GROUP, how="semi", maintain_order="left")
    return find(read_rules(raw)[0], tables["check_results"], acknowledged)


def finding_tables(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return the findings as published."""
    return {"findings": Built(findings_of(raw, tables).table, read_findings(raw).defects + read_releases(raw).defects)}
