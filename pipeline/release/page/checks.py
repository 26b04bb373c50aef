"""Does it hold: what every rule says of the facts, what follows, and what the words leave open.

Belongs here: the second section of the page as data. Does not belong here: markup, and any judgement; outcomes are taken as
they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.consistency.implied_bounds import repaired, span
from pipeline.release.page import words

SHOWN = 100
"""Rows of a list on the page; the rest is in its table."""

GROUPS = 25
"""Groups of one rule that are told one by one."""

INCOMPLETE = "incomplete"
NOT_TESTED = "not tested"
WORTH_KNOWING = "worth knowing"
NO_FACTS = "no facts"
VERDICTS = ("violated", INCOMPLETE, WORTH_KNOWING, "undetermined", "satisfied", NOT_TESTED, NO_FACTS)
"""What the page calls an outcome, from the worst."""

_READING = re.compile(r"^(?P<fact_id>[^ ]+)\.(?P<column>[a-z_]+)=(?P<other>[^ ]+)$")
_LISTS = {"indicator": "indicators", "area": "areas", "where": "areas", "category": "categories", "who": "agents"}


def verdicts(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return check_results with `verdict`: the outcome, but for three kinds of group.

    One whose parts certainly leave something of the whole is incomplete (a finding), one in which an unstated quantity decides
    is not tested, and a violated rule that is only information is worth knowing.
    """
    groups = ["rule_id", "group_id"]
    open_parts = tables["findings"].filter(type=INCOMPLETE).select(*groups, is_open=pl.lit(1))
    return (
        tables["check_results"]
        .join(open_parts, on=groups, how="left", maintain_order="left")
        .with_columns(
            verdict=pl.when(pl.col("is_open") == 1)
            .then(pl.lit(INCOMPLETE))
            .when(pl.col("reason").eq_missing("missing_operand"))
            .then(pl.lit(NOT_TESTED))
            .when((pl.col("outcome") == "violated") & (pl.col("severity") == "information"))
            .then(pl.lit(WORTH_KNOWING))
            .otherwise("outcome")
        )
        .drop("is_open")
    )


@dataclass(frozen=True)
class Rule:
    """A rule, its worst verdict, how many groups have which, and the groups of which the page tells, worst first."""

    rule_id: str
    title: str
    severity: str
    verdict: str
    counts: str
    groups: list[dict[str, Any]]
    hidden: int


@dataclass(frozen=True)
class Checks:
    """The second section; `counts` are groups of facts by verdict. Of each list, `more` has how many are not shown."""

    counts: dict[str, int]
    findings: list[dict[str, Any]]
    rules: list[Rule]
    worth_knowing: list[Rule]
    follows: list[dict[str, Any]]
    error_sets: list[dict[str, Any]]
    readings: list[dict[str, Any]]
    more: dict[str, int]


def checks(tables: Mapping[str, pl.DataFrame]) -> Checks:
    """Return the second section of the page."""
    judged = verdicts(tables)
    counted = dict(judged.group_by("verdict").agg(pl.len()).iter_rows())
    rules = _rules(tables, judged)
    names = ("findings", "implied_bounds", "error_sets", "readings")
    return Checks(
        counts={verdict: counted[verdict] for verdict in VERDICTS if verdict in counted},
        findings=_findings(tables, judged),
        rules=[rule for rule in rules if rule.verdict != WORTH_KNOWING],
        worth_knowing=[rule for rule in rules if rule.verdict == WORTH_KNOWING],
        follows=_follows(tables),
        error_sets=_error_sets(tables),
        readings=_readings(tables),
        more={name: max(tables[name].height - SHOWN, 0) for name in names},
    )


def _findings(tables: Mapping[str, pl.DataFrame], judged: pl.DataFrame) -> list[dict[str, Any]]:
    found = tables["findings"].sort("type", "rule_id", "group_id").head(SHOWN)
    known = judged.select("rule_id", "group_id", "explanation", "severity", "fact_ids", "depends_on_reading")
    titles = tables["rules"].select("rule_id", "title")
    rows = found.join(known, on=["rule_id", "group_id"], how="left").join(titles, on="rule_id", how="left")
    return [_linked(row, tables) for row in rows.sort("type", "rule_id", "group_id").iter_rows(named=True)]


def _rules(tables: Mapping[str, pl.DataFrame], judged: pl.DataFrame) -> list[Rule]:
    """Return every rule, the worst first; its verdict is that of its worst group."""
    rank = pl.col("verdict").replace_strict(list(VERDICTS), range(len(VERDICTS)), return_dtype=pl.Int64)
    ranked = judged.with_columns(rank=rank).sort("rule_id", "rank", "group_id")
    once = ranked.unique(["rule_id", "explanation", "verdict"], keep="first", maintain_order=True)
    by_rule = once.partition_by("rule_id", as_dict=True)
    sizes = {(rule_id, verdict): size for rule_id, verdict, size in judged.group_by("rule_id", "verdict").len().iter_rows()}
    rules = []
    for row in tables["rules"].sort("rule_id").iter_rows(named=True):
        groups = by_rule.get((row["rule_id"],), once[:0])
        verdict = groups["verdict"][0] if groups.height else NO_FACTS
        told = [_linked(group, tables) for group in groups.head(GROUPS).iter_rows(named=True)]
        counts = [f"{size:,} {name}" for name in VERDICTS if (size := sizes.get((row["rule_id"], name)))]
        hidden = max(groups.height - GROUPS, 0)
        rules.append(Rule(row["rule_id"], row["title"], row["severity"], verdict, words.listed(counts), told, hidden))
    return sorted(rules, key=lambda rule: (VERDICTS.index(rule.verdict), rule.rule_id))


def _follows(tables: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Return what follows, by the rules it follows from: titles, and for each quantity its bounds in words and the premises."""
    named = tables["variables"].select("variable", "part", "role", "description", "fact_id")
    bounds = tables["implied_bounds"].sort("rule_ids", "variable").head(SHOWN).join(named, on="variable", maintain_order="left")
    titles = dict(tables["rules"].select("rule_id", "title").iter_rows())
    rows = bounds.with_columns(words=span())
    sections = []
    for (rule_ids,), group in rows.group_by("rule_ids", maintain_order=True):
        of_rules = [(rule_id, titles.get(rule_id, rule_id)) for rule_id in str(rule_ids).split()]
        sections.append({"rules": of_rules, "bounds": [_linked(row, tables) for row in group.iter_rows(named=True)]})
    return sections


def _error_sets(tables: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Return the contradictions, part by part: the conflict in words, and each set of facts of which one must be wrong."""
    named = tables["variables"].select("variable", "part", "description", "fact_id").rename({"part": "part_of_fact"})
    rows = (
        tables["error_sets"]
        .sort("component", "part", "set", "variable")
        .head(SHOWN)
        .join(named, on="variable", how="left", maintain_order="left")
    )
    rows = rows.rename({"part": "number"}).rename({"part_of_fact": "part"}).with_columns(words=repaired())
    parts = []
    for (_, _), part in rows.group_by("component", "number", maintain_order=True):
        sets = [group.to_dicts() for _, group in part.group_by("set", maintain_order=True)]
        first = part.row(0, named=True)
        parts.append({"conflict": first["conflict"], "is_cut_off": first["variable"] is None, "sets": sets})
    return parts


def _readings(tables: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    rows = tables["readings"].sort("fact_id", "column", "other").head(SHOWN)
    return [
        {**row, "taken": _in_words(tables, row["column"], row["taken"]), "other": _in_words(tables, row["column"], row["other"])}
        for row in rows.iter_rows(named=True)
    ]


def _in_words(tables: Mapping[str, pl.DataFrame], column: str, code: str) -> str:
    name = _LISTS.get(column)
    found = tables[name].filter(code=code)["label"].to_list() if name else []
    return str(found[0]) if found else code


def _linked(row: dict[str, Any], tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Return a row with its facts as a list, and in words what another reading would change."""
    readings = []
    for token in str(row.get("depends_on_reading") or "").split():
        match = _READING.match(token)
        other = _in_words(tables, match["column"], match["other"]) if match else token
        readings.append(
            {"fact_id": match["fact_id"] if match else None, "column": match["column"] if match else "", "other": other}
        )
    return {**row, "facts": str(row.get("fact_ids") or "").split()[:SHOWN], "readings": readings}
