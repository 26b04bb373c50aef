"""Every fact as printed, what to mind, the rules that speak of it, and the way to its words.

Belongs here: the third section of the page as data. Does not belong here: markup.
"""

from datetime import date
from typing import Any

import polars as pl

from pipeline.built import Tables
from pipeline.intervals.period_words import days_in_words, period_in_words
from pipeline.release.edition import Edition
from pipeline.release.page import words
from pipeline.release.page.checks import results_with_facts, rule_anchor
from pipeline.release.page.words import Rows
from schemas.consistency_tables import STATUSES
from schemas.raw_files import ENTERED

LIMIT = 2000
"""Facts that the page lists; past it, it says where they are."""

SHOWN = 100
"""Sources that the page describes."""


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
    places = pl.concat(
        tables[name].select("fact_id", "source_id", "quote_start") for name in ENTERED
    )
    ordered = facts.join(places.drop("source_id"), on="fact_id")
    rows = ordered.sort("source_id", "quote_start", "fact_id").to_dicts()
    rules = _rules_by_fact(tables)
    for row in rows:
        row["rules"] = rules.get(row["fact_id"], [])
        row["when"] = period_in_words(row["period"])
        row["days"] = days_in_words(row["first_day"], row["last_day"])
    return rows


def _rules_by_fact(tables: Tables) -> dict[str, list[dict[str, str]]]:
    """Return the rules that speak of each fact, each with its gravest status, the gravest first:
    status, title and anchor.
    """
    titles = dict(tables["rules"].select("rule_id", "title").iter_rows())
    rank = pl.col("status").replace_strict(list(STATUSES), range(len(STATUSES)))
    each = (
        results_with_facts(tables)
        .explode("facts")
        .drop_nulls("facts")
        .sort(rank, "rule_id", maintain_order=True)
        .unique(["facts", "rule_id"], keep="first", maintain_order=True)
    )
    by_fact: dict[str, list[dict[str, str]]] = {}
    for fact_id, status, rule_id in each.select("facts", "status", "rule_id").iter_rows():
        told = {
            "status": status,
            "title": titles.get(rule_id, rule_id),
            "anchor": rule_anchor(rule_id),
        }
        by_fact.setdefault(fact_id, []).append(told)
    return by_fact


def described_sources(edition: Edition) -> Rows:
    """Return the sources with their days and ages in words, and only such addresses as may be
    linked.
    """
    released = date.fromisoformat(edition.date)
    return [
        {
            **row,
            "day": days_in_words(row["published_earliest"], row["published_latest"]),
            "age": words.age(row["published_latest"], released),
            "links": {name: words.web(row[name]) for name in ("url", "archived_url")},
        }
        for row in edition.sources
    ]
