"""From facts to findings: what the steps build of rules, the linear system, what follows from it,
and what it finds.

Belongs here: which tables each of these is made from. Does not belong here: what a rule means
(rules), what follows (reason), or facts (fact_steps).
"""

from typing import Any

import polars as pl

from pipeline.built import Built, Tables
from pipeline.defects import as_table, of_table
from pipeline.fact_steps import typed_facts
from pipeline.facts.follow_ons import without_follow_ons
from pipeline.parts import Given, Parts
from pipeline.read.raw_folder import CODE_LIST_FOLDER, FINDINGS_FILE, RULES_FILE, release_defects
from pipeline.reason.conclude import conclude
from pipeline.reason.readings import alternatives
from pipeline.rules.findings import Findings, find, with_status
from pipeline.rules.inferred_days import with_circles
from pipeline.rules.quantities import OF_RULES, Facts
from pipeline.rules.references import misdirected, nameable
from pipeline.rules.rules_file import RuleFiles, rules_table
from pipeline.rules.system import GROUP, System, build_system, idle, speaking_of
from schemas.kinds import LISTINGS
from schemas.rules import FACTS_ARE_CHECKED, TRANSLATIONS_AGREE
from schemas.tables import empty

SYSTEM = ("quantities", "rule_groups", "rule_terms")
CONCLUSIONS = ("check_results", "check_facts", "implied_bounds", "error_sets")
_OF_EVIDENCE = ("quote", "occurrence", "label_quote", "note")
"""Columns of what is typed that no rule speaks of."""


def rule_tables(given: Given, _: Parts) -> dict[str, Built]:
    """Return the rules as published."""
    files: RuleFiles = given[RULES_FILE]
    typed = typed_facts(given)
    facts = nameable({name: of.rows for name, of in typed.items()}).drop_nulls("fact_id")
    wrong = misdirected(files, given, facts)
    defects = files.defects + without_follow_ons(wrong, given[CODE_LIST_FOLDER], typed)
    return {"rules": Built(rules_table(files.rules), defects)}


def _for_rules(given: Given) -> dict[str, Any]:
    """Return what rules are held against, without what no rule speaks of: facts, second readings,
    and facts as typed.
    """
    facts = {name: given[name] for name in Facts.__dataclass_fields__} | {
        "observations": given["observations"].select(OF_RULES)
    }
    typed = {
        name: of.rows.drop(_OF_EVIDENCE, strict=False) for name, of in typed_facts(given).items()
    }
    return {
        "rules": given[RULES_FILE],
        "facts": facts,
        "readings": given["readings"],
        "typed": typed,
    }


def system_tables(given: Given, parts: Parts) -> dict[str, Built]:
    """Return the linear system that the rules make of the facts."""
    (built,) = parts.run(find_system, [_for_rules(given)])
    return {
        name: Built(built[name], of_table(built["defects"]) if name == SYSTEM[-1] else [])
        for name in SYSTEM
    }


def find_system(part: Given) -> Tables:
    """Return the linear system, and a defect for each rule that applies to nothing."""
    files: RuleFiles = part["rules"]
    facts = Facts(**part["facts"])
    system = build_system(files.rules, facts)
    without = idle(files.rules, system)
    for other in alternatives(facts, part["readings"], part["typed"]):
        if asked := speaking_of(other.indicators, without, facts):
            still = idle(asked, build_system(asked, other.facts))
            without = [one for one in without if one not in asked or one in still]
    # a rule for any source may well have nothing to say of one
    wanted = [
        placed for placed in without if not files.is_of_one_source or placed.source_id is not None
    ]
    expected = "a rule that applies to something; no facts are as it needs them"
    idle_rules = (placed.defect("id", "idle_rule", placed.rule.id, expected) for placed in wanted)
    return {**dict(zip(SYSTEM, system.tables, strict=True)), "defects": as_table(idle_rules)}


def conclusion_tables(given: Given, parts: Parts) -> dict[str, Built]:
    """Return what follows from facts and rules together."""
    system = {name: given[name] for name in SYSTEM}
    (found,) = parts.run(find_conclusions, [_for_rules(given) | {"system": system}])
    results = with_circles(found["check_results"], given)
    # other sources may speak of a fact of this one
    told = with_status(given[RULES_FILE].rules, results).select(empty("check_results").columns)
    facts = results.select(*GROUP, fact_id=pl.col("fact_ids").str.split(" ")).explode("fact_id")
    facts = facts.filter(pl.col("fact_id") != "").sort(pl.all())
    remarks = (
        {} if given[RULES_FILE].is_of_one_source else {FACTS_ARE_CHECKED: _unchecked(facts, given)}
    )
    built = {name: Built(found[name], []) for name in ("implied_bounds", "error_sets")}
    return {
        "check_results": Built(told, of_table(found["impossible"]), remarks),
        "check_facts": Built(facts, []),
        **built,
    }


def find_conclusions(part: Given) -> Tables:
    """Return what follows: the tables of Conclusions."""
    files: RuleFiles = part["rules"]
    weights = {f"{one.source_id}/{one.fact}": one.weight for one in files.weights}
    other_readings = (part["readings"], part["typed"])
    return conclude(
        files.rules, Facts(**part["facts"]), System(**part["system"]), weights, other_readings
    ).tables


def _unchecked(facts: pl.DataFrame, tables: Tables) -> list[str]:
    """Return the numbers and the days of events that no rule speaks of, by fact; `facts` are those
    of check_facts.
    """
    stated = tables["quantities"].filter(pl.col("role") == "stated").drop_nulls("fact_id")
    checked = System(*(tables[name] for name in SYSTEM)).edges
    # a translation says again what its original says, and tests nothing of it
    listings = tables["rules"].filter(
        pl.col("kind").is_in(LISTINGS) & (pl.col("rule_id") != TRANSLATIONS_AGREE)
    )
    listed = facts.join(listings, on="rule_id", how="semi").select(quantity="fact_id")
    checked = pl.concat([checked.select("quantity"), listed])
    left = stated.join(checked, on="quantity", how="anti")
    values = left.filter(pl.col("part") == "value")
    days = left.join(tables["events"], on="fact_id", how="semi").join(
        stated.join(checked, on="quantity", how="semi"), on="fact_id", how="anti"
    )
    return sorted({*values["fact_id"], *days["fact_id"]})


def findings_of(given: Given) -> Findings:
    """Return the findings, and those that nobody has acknowledged; `given` are rules.toml,
    findings.csv, check_results and check_facts.
    """
    files: RuleFiles = given[RULES_FILE]
    facts = given["check_facts"].group_by(GROUP).agg(facts=pl.len())
    acknowledged = given[FINDINGS_FILE].rows
    results = given["check_results"].join(facts, on=GROUP, how="left", maintain_order="left")
    if files.is_of_one_source:
        # what is possible by itself may be impossible with other sources, which were not read
        decided = results.filter(pl.col("outcome") != "undetermined")
        acknowledged = acknowledged.join(decided, on=GROUP, how="semi", maintain_order="left")
    return find(files.rules, results, acknowledged)


def finding_tables(given: Given, _: Parts) -> dict[str, Built]:
    """Return the findings as published."""
    return {"findings": Built(findings_of(given).table, release_defects(given))}
