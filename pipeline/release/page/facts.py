"""Every fact as printed, with its interval, what the rules say of it, what to mind, and the way to
its words.

Belongs here: the third section of the page as data. Does not belong here: markup.
"""

from datetime import date
from typing import Any

import polars as pl

from pipeline.built import Tables
from pipeline.release.edition import Edition
from pipeline.release.page import words
from pipeline.release.page.checks import results_with_facts
from pipeline.release.page.words import Rows
from pipeline.rules import sentences
from schemas.consistency_tables import STATUSES
from schemas.raw_files import ENTERED

LIMIT = 2000
"""Facts that the page lists; past it, it says where they are."""

SHOWN = 100
"""Sources that the page describes."""

_JUDGED = [status for status in STATUSES if status not in ("remark", "untested")]


def facts_section(edition: Edition) -> dict[str, Any]:
    """Return the third section of the page: how many facts of which type, the rows by type, and the
    sources.

    The rows are in the order in which the sources print them; there are none where there are too
    many (`is_listed`).
    """
    facts = edition.facts
    counts = dict(facts.group_by("type").len().iter_rows())
    is_listed = facts.height <= LIMIT
    rows: dict[str, Rows] = {kind: [] for kind in ("observation", "event", "statement")}
    for row in _rows(edition.tables, facts) if is_listed else []:
        rows[row["type"]].append(row)
    return {
        "total": facts.height,
        "counts": {kind: counts.get(kind, 0) for kind in rows},
        "rows": rows,
        "is_listed": is_listed,
        "sources": described_sources(edition)[:SHOWN],
        "sources_more": max(len(edition.sources) - SHOWN, 0),
    }


def _rows(tables: Tables, facts: pl.DataFrame) -> Rows:
    kinds = tables["indicators"].select("kind", indicator="code")
    between = (
        tables["observations"]
        .join(kinds, on="indicator")
        .select("fact_id", "kind", interval=sentences.ends())
    )
    places = pl.concat(
        tables[name].select("fact_id", "source_id", "quote_start") for name in ENTERED
    )
    ordered = facts.join(places, on="fact_id").sort("source_id", "quote_start", "fact_id")
    rows = ordered.join(between, on="fact_id", how="left", maintain_order="left").to_dicts()
    outcomes = outcomes_by_fact(tables)
    for row in rows:
        row["outcomes"] = outcomes.get(row["fact_id"], [])
        row["when"] = words.period(row["period"])
        if row["type"] == "event":
            row["as_printed"] = row["when"]
            row["interval"] = words.days(row["first_day"], row["last_day"])
        elif row["unit"] and row["kind"] != "ordinal":
            row["interval"] = f"{row['interval']} {row['unit']}"
    return rows


def outcomes_by_fact(tables: Tables) -> dict[str, list[dict[str, str]]]:
    """Return what the rules say of each fact: its gravest status, and whether there is a remark;
    text and anchor each.

    A remark does not make a fact worse, and a group that is untested tests nothing: that is told of
    a fact only where no other rule speaks of it.
    """
    each = results_with_facts(tables).explode("facts").drop_nulls("facts")
    by_fact: dict[str, dict[str, str]] = {}
    for fact_id, status, rule_id in (
        each.select("facts", "status", "rule_id").sort("rule_id").iter_rows()
    ):
        by_fact.setdefault(fact_id, {}).setdefault(status, rule_id)
    return {fact_id: _outcomes(rules) for fact_id, rules in by_fact.items()}


def _outcomes(rules: dict[str, str]) -> list[dict[str, str]]:
    """Return what is shown of a fact; `rules` has the first rule of each status."""
    worst = [status for status in _JUDGED if status in rules][:1]
    shown = [*worst, *(status for status in rules if status == "remark")] or ["untested"]
    anchors = {status: f"rule-{rule_id}" for status, rule_id in rules.items()}
    return [{"text": status, "anchor": anchors.get(status, "holds")} for status in shown]


def described_sources(edition: Edition) -> Rows:
    """Return the sources with their days and ages in words, and only such addresses as may be
    linked.
    """
    released = date.fromisoformat(edition.date)
    return [
        {
            **row,
            "day": words.days(row["published_earliest"], row["published_latest"]),
            "age": words.age(row["published_latest"], released),
            "links": {name: words.web(row[name]) for name in ("url", "archived_url")},
        }
        for row in edition.sources
    ]
