"""Does it hold: what the rules say of the facts, what follows, and what the words leave open.

Belongs here: the second section of the page as data. Does not belong here: markup, and any
judgement; outcomes are taken as they are.
"""

import re
from collections.abc import Iterable
from typing import Any

import polars as pl

from pipeline.built import Tables
from pipeline.release.page.words import Rows
from pipeline.report import bounds_in_words, status_count
from schemas.consistency_tables import STATUSES
from schemas.raw_files import ENTERED

SHOWN = 100
"""Rows of a list on the page; the rest is in its table."""

GROUPS = 25
"""Outcomes of one rule that are told one by one."""

_GROUP = ["rule_id", "group_id"]
_READING = re.compile(r"^(?P<fact_id>[^ ]+)\.(?P<column>[a-z_]+)=(?P<other>[^ ]+)$")
_LISTS = {
    "indicator": "indicators",
    "area": "areas",
    "place": "areas",
    "category": "categories",
    "who": "agents",
}


def results_with_facts(tables: Tables) -> pl.DataFrame:
    """Return check_results with `facts`, the list of those that each group speaks of, in the order
    of the texts.
    """
    places = pl.concat(tables[name].select("fact_id", "quote_start") for name in ENTERED)
    ordered = tables["check_facts"].join(places, on="fact_id").sort("quote_start", "fact_id")
    facts = ordered.group_by(_GROUP).agg(facts="fact_id")
    return tables["check_results"].join(facts, on=_GROUP, how="left", maintain_order="left")


def checks(tables: Tables, facts: pl.DataFrame) -> dict[str, Any]:
    """Return the second section of the page.

    `statuses` are the words under which rules are told, the gravest first; `labels` names each fact
    that is linked; `more` has how many rows are not shown. `facts` is the flat table.
    """
    judged = results_with_facts(tables)
    titles = dict(tables["rules"].select("rule_id", "title").iter_rows())
    statuses = _statuses(tables, judged, titles)
    used = set(judged["rule_id"])
    idle = [title for rule_id, title in sorted(titles.items()) if rule_id not in used]
    section = {
        "rules": len(used),
        "outcomes": judged.height,
        "statuses": statuses,
        "idle": idle[:SHOWN],
        "follows": _follows(tables, titles),
        "error_sets": _error_sets(tables),
        "readings": _readings(tables),
        "more": {
            **{
                name: max(tables[name].height - SHOWN, 0)
                for name in ("implied_bounds", "error_sets", "readings")
            },
            "rules": max(len(idle) - SHOWN, 0),
        },
    }
    return section | {"labels": _labels(facts, section)}


def _statuses(tables: Tables, judged: pl.DataFrame, titles: dict[str, str]) -> Rows:
    """Return for each status that occurs its meaning, how many outcomes have it, and their rules.

    A rule with outcomes of several statuses stands under each of them, and has its anchor under the
    first.
    """
    reasons = tables["findings"].select(*_GROUP, acknowledged="reason")
    once = judged.join(reasons, on=_GROUP, how="left", maintain_order="left").unique(
        ["rule_id", "explanation", "status"], keep="first", maintain_order=True
    )
    counts = dict(judged.group_by("status").len().iter_rows())
    anchored: set[str] = set()
    sections = []
    for status in filter(counts.get, STATUSES):
        of_status = once.filter(status=status)
        rule_ids = of_status["rule_id"].unique(maintain_order=True)
        rules = []
        for rule_id in rule_ids.head(SHOWN):
            anchor = None if rule_id in anchored else rule_anchor(rule_id)
            told = _outcomes(of_status.filter(rule_id=rule_id), tables)
            rules.append({"title": titles.get(rule_id, rule_id), "anchor": anchor, **told})
            anchored.add(rule_id)
        count, more = status_count(counts[status], status), max(len(rule_ids) - SHOWN, 0)
        about = {"status": status, "meaning": STATUSES[status], "count": count}
        sections.append({**about, "rules": rules, "more": more})
    return sections


def _outcomes(groups: pl.DataFrame, tables: Tables) -> dict[str, Any]:
    """Return the first groups of a rule, and how many more there are."""
    shown = [_linked(group, tables) for group in groups.head(GROUPS).iter_rows(named=True)]
    return {"groups": shown, "hidden": max(groups.height - GROUPS, 0)}


def rule_anchor(rule_id: str) -> str:
    """Return the id of a rule in index.html."""
    return f"rule-{rule_id}"


def _follows(tables: Tables, titles: dict[str, str]) -> Rows:
    """Return what follows, by the rules it follows from: titles, and for each quantity its bounds
    in words and the premises.
    """
    rows = bounds_in_words("implied_bounds", tables).sort("rule_ids", "quantity").head(SHOWN)
    sections = []
    for (rule_ids,), group in rows.group_by("rule_ids", maintain_order=True):
        of_rules = [titles.get(rule_id, rule_id) for rule_id in str(rule_ids).split()]
        bounds = [_linked(row, tables) for row in group.iter_rows(named=True)]
        sections.append({"rules": of_rules, "bounds": bounds})
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
        if match:
            other = _in_words(tables, match["column"], match["other"])
            readings.append({"fact_id": match["fact_id"], "other": other})
    return {**row, "facts": (row.get("facts") or [])[:SHOWN], "readings": readings}


def _labels(facts: pl.DataFrame, section: dict[str, Any]) -> dict[str, str]:
    """Return what a linked fact is called: a number as printed, any other by what it is."""
    label = pl.when(type="observation").then("as_printed").otherwise("what")
    linked = pl.Series(sorted(set(_fact_ids(section))), dtype=pl.String)
    shown = facts.filter(pl.col("fact_id").is_in(linked.implode()))
    return dict(shown.select("fact_id", label).iter_rows())


def _fact_ids(value: object) -> Iterable[str]:
    """Yield the facts that rows within rows name."""
    if isinstance(value, list):
        for one in value:
            yield from _fact_ids(one)
    elif isinstance(value, dict):
        yield from value.get("facts") or []
        yield from filter(None, [value.get("fact_id")])
        for one in value.values():
            yield from _fact_ids(one)
