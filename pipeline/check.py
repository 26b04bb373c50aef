"""Check a whole raw/ folder: every table that it gives, and everything that has to be mended.

Belongs here: the order in which the steps are taken, for who wants all of them at once. Does not belong here: what a step
does. The Dagster assets take the same steps one by one.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.consistency.evaluate import check_results
from pipeline.consistency.findings import find
from pipeline.consistency.rules import Placed, misdirected, nameable, read_rules, rules_table
from pipeline.consistency.system import Facts, build_system
from pipeline.defects import Defect
from pipeline.facts.events import build_dated, build_readings
from pipeline.facts.observations import build_observations
from pipeline.facts.reference_tables import (
    Built,
    CodeLists,
    build_code_list,
    build_sources,
    category_trees_exist,
    texts_of,
    unexpected_counts,
)
from pipeline.sources.raw_folder import RawFolder, read_code_list, read_facts, read_findings, read_sources
from schemas.raw_files import CODE_LISTS, ENTERED


@dataclass
class Checked:
    """What a raw folder gives: tables by name, defects of entry, and findings that nobody has acknowledged."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)
    unacknowledged: list[Defect] = field(default_factory=list)

    def take(self, name: str, built: Built) -> pl.DataFrame:
        """Keep a table and its defects; return the table."""
        self.tables[name] = built.table
        self.defects += built.defects
        return built.table


def check(path: Path, source: str | None = None) -> Checked:
    """Check a raw folder, or the one source of it that `source` names; rules run only where the facts have no defect."""
    raw = RawFolder(path, source)
    checked = Checked()
    typed_lists = {name: read_code_list(raw, name) for name in CODE_LISTS}
    lists = CodeLists(**{name: checked.take(name, build_code_list(name, typed)) for name, typed in typed_lists.items()})
    checked.defects += category_trees_exist(typed_lists["indicators"], lists.categories)
    typed_sources = read_sources(raw)
    sources = checked.take("sources", build_sources(raw, typed_sources, lists.agents))
    texts = texts_of(raw, sources)
    files = {name: read_facts(raw, name) for name in ENTERED}
    observations = checked.take("observations", build_observations(files["observations"], sources, texts, lists))
    events, statements = (
        checked.take(name, build_dated(name, files[name], sources, texts, lists)) for name in ("events", "statements")
    )
    typed = {name: file.rows for name, file in files.items()}
    checked.take("readings", build_readings(read_facts(raw, "readings"), typed, lists))
    spoiled = {defect.file for defect in checked.defects}
    checked.defects += [defect for defect in unexpected_counts(typed_sources, typed) if _csv_of(defect) not in spoiled]
    rules, wrong = read_rules(raw)
    checked.defects += wrong + misdirected(rules, lists.indicators["code"], nameable(typed))
    acknowledged = read_findings(raw)
    checked.defects += acknowledged.defects
    if not checked.defects:
        facts = Facts(sources, lists.indicators, lists.areas, lists.categories, observations, events, statements)
        _check_rules(raw, rules, facts, acknowledged.rows, checked)
    checked.defects = sorted(set(checked.defects))
    return checked


def _csv_of(defect: Defect) -> str:
    """Return the CSV file that a defect of source.toml's expected counts is about."""
    return defect.file.replace("source.toml", f"{defect.column.removeprefix('expected.')}.csv")


def _check_rules(raw: RawFolder, rules: list[Placed], facts: Facts, acknowledged: pl.DataFrame, checked: Checked) -> None:
    system, idle = build_system(rules, facts)
    if raw.only is not None:  # a rule for any source may well have nothing to say of one
        idle = [defect for defect in idle if "/" in defect.file]
        acknowledged = acknowledged.filter(pl.col("group_id").str.starts_with(f"{raw.only} "))
    checked.defects += idle
    table = rules_table(rules)
    results = check_results(table, system)
    findings = find(rules, results, acknowledged)
    checked.tables |= {
        "rules": table,
        "variables": system.variables,
        "rule_groups": system.rule_groups,
        "rule_terms": system.rule_terms,
        "check_results": results,
        "findings": findings.table,
    }
    checked.unacknowledged = findings.unacknowledged
