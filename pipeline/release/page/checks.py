"""Does it hold: what every rule says of the facts, what follows, and what the words leave open.

Belongs here: the second section of the page as data. Does not belong here: markup, and any
judgement; outcomes are taken as they are.
"""

import re
from typing import Any

import polars as pl

from pipeline.built import Tables
from pipeline.release.page import words
from pipeline.release.page.words import Rows
from pipeline.report import bounds_in_words
from schemas.consistency_tables import STATUSES

SHOWN = 100
"""Rows of a list on the page; the rest is in its table."""

GROUPS = 25
"""Groups of one rule that are told one by one."""

NO_FACTS = "no facts"
STATES = (*STATUSES, NO_FACTS)
"""What the page says of a group or a rule, the gravest first."""

_READING = re.compile(r"^(?P<fact_id>[^ ]+)\.(?P<column>[a-z_]+)=(?P<other>[^ ]+)$")
_LISTS = {
    "indicator": "indicators",
    "area": "areas",
    "place": "areas",
    "category": "categories",
    "who": "agents",
}


def results_with_facts(tables: Tables) -> pl.DataFrame:
    """Return check_results with `facts`, the list of those that each group speaks of."""
    groups = ["rule_id", "group_id"]
    facts = tables["check_facts"].group_by(groups).agg(facts=pl.col("fact_id").sort())
    return tables["check_results"].join(facts, on=groups, how="left", maintain_order="left")


def checks(tables: Tables) -> dict[str, Any]:
    """Return the second section of the page; `counts` are groups of facts by status, `more` has
    how many rows are not shown.
    """
    judged = results_with_facts(tables)
    counted = dict(judged.group_by("status").len().iter_rows())
    rules = _rules(tables, judged)
    names = ("findings", "implied_bounds", "error_sets", "readings")
    return {
        "counts": {status: counted[status] for status in STATES if status in counted},
        "meanings": {status: STATUSES[status] for status in STATUSES if status in counted},
        "findings": _findings(tables),
        "rules": [rule for rule in rules if rule["status"] != "remark"],
        "remarks": [rule for rule in rules if rule["status"] == "remark"],
        "follows": _follows(tables),
        "error_sets": _error_sets(tables),
        "readings": _readings(tables),
        "more": {name: max(tables[name].height - SHOWN, 0) for name in names},
    }


def _findings(tables: Tables) -> Rows:
    titles = tables["rules"].select("rule_id", "title")
    explained = results_with_facts(tables).drop("reason", "source_id")
    rows = (
        tables["findings"]
        .join(explained, on=["rule_id", "group_id"], how="left", maintain_order="left")
        .join(titles, on="rule_id", how="left")
        .sort("type", "rule_id", "group_id")
    )
    return [_linked(row, tables) for row in rows.head(SHOWN).iter_rows(named=True)]


def _rules(tables: Tables, judged: pl.DataFrame) -> Rows:
    """Return every rule, the worst first: its worst status, how many groups have which, and those
    of which the page tells.
    """
    rank = pl.col("status").replace_strict(list(STATES), range(len(STATES)), return_dtype=pl.Int64)
    ranked = judged.with_columns(rank=rank).sort("rule_id", "rank", "group_id")
    once = ranked.unique(["rule_id", "explanation", "status"], keep="first", maintain_order=True)
    by_rule = once.partition_by("rule_id", as_dict=True)
    counts = _counts(ranked)
    rules = []
    for row in tables["rules"].sort("rule_id").iter_rows(named=True):
        groups = by_rule.get((row["rule_id"],), once[:0])
        told = {
            "status": groups["status"][0] if groups.height else NO_FACTS,
            "counts": words.listed(counts.get(row["rule_id"], [])),
            "groups": [
                _linked(group, tables) for group in groups.head(GROUPS).iter_rows(named=True)
            ],
            "hidden": max(groups.height - GROUPS, 0),
        }
        rules.append(row | told)
    return sorted(rules, key=lambda rule: (STATES.index(rule["status"]), rule["rule_id"]))


def _counts(ranked: pl.DataFrame) -> dict[str, list[str]]:
    """Return how many groups of each rule have which status, in words; `ranked` has the worst of a
    rule first.
    """
    counts: dict[str, list[str]] = {}
    for rule_id, status, size in (
        ranked.group_by("rule_id", "status", maintain_order=True).len().iter_rows()
    ):
        counts.setdefault(rule_id, []).append(f"{size:,} {status}")
    return counts


def _follows(tables: Tables) -> Rows:
    """Return what follows, by the rules it follows from: titles, and for each quantity its bounds
    in words and the premises.
    """
    titles = dict(tables["rules"].select("rule_id", "title").iter_rows())
    rows = bounds_in_words("implied_bounds", tables).sort("rule_ids", "quantity").head(SHOWN)
    sections = []
    for (rule_ids,), group in rows.group_by("rule_ids", maintain_order=True):
        of_rules = [(rule_id, titles.get(rule_id, rule_id)) for rule_id in str(rule_ids).split()]
        sections.append(
            {
                "rules": of_rules,
                "bounds": [_linked(row, tables) for row in group.iter_rows(named=True)],
            }
        )
    return sections


def _error_sets(tables: Tables) -> Rows:
    """Return the contradictions, part by part: the conflict in words, and each set of facts of
    which one must be wrong.
    """
    rows = (
        bounds_in_words("error_sets", tables)
        .sort("component", "number", "error_set", "quantity")
        .head(SHOWN)
    )
    parts = []
    for (_, _), part in rows.group_by("component", "number", maintain_order=True):
        sets = [group.to_dicts() for _, group in part.group_by("error_set", maintain_order=True)]
        first = part.row(0, named=True)
        parts.append(
            {"conflict": first["conflict"], "is_cut_off": first["quantity"] is None, "sets": sets}
        )
    return parts


def _readings(tables: Tables) -> Rows:
    rows = tables["readings"].sort("fact_id", "column_name", "other").head(SHOWN)
    return [
        {
            **row,
            "taken": _in_words(tables, row["column_name"], row["taken"]),
            "other": _in_words(tables, row["column_name"], row["other"]),
        }
        for row in rows.iter_rows(named=True)
    ]


def _in_words(tables: Tables, column: str, code: str) -> str:
    name = _LISTS.get(column)
    found = tables[name].filter(code=code)["label"].to_list() if name else []
    return str(found[0]) if found else code


def _linked(row: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """Return a row with its facts as a list, and in words what another reading would change."""
    readings = []
    for token in str(row.get("depends_on_reading") or "").split():
        match = _READING.match(token)
        other = _in_words(tables, match["column"], match["other"]) if match else token
        readings.append(
            {
                "fact_id": match["fact_id"] if match else None,
                "column": match["column"] if match else "",
                "other": other,
            }
        )
    return {**row, "facts": (row.get("facts") or [])[:SHOWN], "readings": readings}
