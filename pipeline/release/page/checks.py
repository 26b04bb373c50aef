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
from pipeline.report import bounds_in_words, explained_findings

SHOWN = 100
"""Rows of a list on the page; the rest is in its table."""

GROUPS = 25
"""Groups of one rule that are told one by one."""

INCOMPLETE = "incomplete"
NOT_TESTED = "not tested"
WORTH_KNOWING = "worth knowing"
NO_FACTS = "no facts"
VERDICTS = (
    "violated",
    INCOMPLETE,
    WORTH_KNOWING,
    "undetermined",
    "satisfied",
    NOT_TESTED,
    NO_FACTS,
)
"""What the page calls an outcome, from the worst."""

_READING = re.compile(r"^(?P<fact_id>[^ ]+)\.(?P<column>[a-z_]+)=(?P<other>[^ ]+)$")
_LISTS = {
    "indicator": "indicators",
    "area": "areas",
    "where": "areas",
    "category": "categories",
    "who": "agents",
}


def verdicts(tables: Tables) -> pl.DataFrame:
    """Return check_results with `verdict`: the outcome, but for three kinds of group.

    One whose parts certainly leave something of the whole is incomplete (a finding), one in which
    an unstated quantity decides is not tested, and a violated rule that is only information is
    worth knowing.
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


def checks(tables: Tables) -> dict[str, Any]:
    """Return the second section of the page; `counts` are groups of facts by verdict, `more` has
    how many rows are not shown.
    """
    judged = verdicts(tables)
    counted = dict(judged.group_by("verdict").len().iter_rows())
    rules = _rules(tables, judged)
    names = ("findings", "implied_bounds", "error_sets", "readings")
    return {
        "counts": {verdict: counted[verdict] for verdict in VERDICTS if verdict in counted},
        "findings": _findings(tables),
        "rules": [rule for rule in rules if rule["verdict"] != WORTH_KNOWING],
        "worth_knowing": [rule for rule in rules if rule["verdict"] == WORTH_KNOWING],
        "follows": _follows(tables),
        "error_sets": _error_sets(tables),
        "readings": _readings(tables),
        "more": {name: max(tables[name].height - SHOWN, 0) for name in names},
    }


def _findings(tables: Tables) -> Rows:
    titles = tables["rules"].select("rule_id", "title")
    rows = (
        explained_findings(tables)
        .join(titles, on="rule_id", how="left")
        .sort("type", "rule_id", "group_id")
    )
    return [_linked(row, tables) for row in rows.head(SHOWN).iter_rows(named=True)]


def _rules(tables: Tables, judged: pl.DataFrame) -> Rows:
    """Return every rule, the worst first: its worst verdict, how many groups have which, and those
    of which the page tells.
    """
    rank = pl.col("verdict").replace_strict(
        list(VERDICTS), range(len(VERDICTS)), return_dtype=pl.Int64
    )
    ranked = judged.with_columns(rank=rank).sort("rule_id", "rank", "group_id")
    once = ranked.unique(["rule_id", "explanation", "verdict"], keep="first", maintain_order=True)
    by_rule = once.partition_by("rule_id", as_dict=True)
    counts = _counts(ranked)
    rules = []
    for row in tables["rules"].sort("rule_id").iter_rows(named=True):
        groups = by_rule.get((row["rule_id"],), once[:0])
        told = {
            "verdict": groups["verdict"][0] if groups.height else NO_FACTS,
            "counts": words.listed(counts.get(row["rule_id"], [])),
            "groups": [
                _linked(group, tables) for group in groups.head(GROUPS).iter_rows(named=True)
            ],
            "hidden": max(groups.height - GROUPS, 0),
        }
        rules.append(row | told)
    return sorted(rules, key=lambda rule: (VERDICTS.index(rule["verdict"]), rule["rule_id"]))


def _counts(ranked: pl.DataFrame) -> dict[str, list[str]]:
    """Return how many groups of each rule have which verdict, in words; `ranked` has the worst of a
    rule first.
    """
    counts: dict[str, list[str]] = {}
    for rule_id, verdict, size in (
        ranked.group_by("rule_id", "verdict", maintain_order=True).len().iter_rows()
    ):
        counts.setdefault(rule_id, []).append(f"{size:,} {verdict}")
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
    rows = tables["readings"].sort("fact_id", "column", "other").head(SHOWN)
    return [
        {
            **row,
            "taken": _in_words(tables, row["column"], row["taken"]),
            "other": _in_words(tables, row["column"], row["other"]),
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
    return {**row, "facts": str(row.get("fact_ids") or "").split()[:SHOWN], "readings": readings}
