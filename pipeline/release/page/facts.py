"""Every fact as printed, with its interval, what the rules say of it, what to mind, and the way to its words.

Belongs here: the third section of the page as data. Does not belong here: markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.consistency import explain
from pipeline.release.page import words
from pipeline.release.page.checks import NOT_TESTED, VERDICTS, WORTH_KNOWING, verdicts
from schemas.raw_files import ENTERED

LIMIT = 2000
"""Facts that the page lists; past it, it says where they are."""

SHOWN = 100
"""Sources that the page describes."""

_JUDGED = [verdict for verdict in VERDICTS if verdict not in (WORTH_KNOWING, NOT_TESTED)]


@dataclass(frozen=True)
class Facts:
    """The third section: how many facts of which type, the rows by type unless they are too many, and the sources."""

    total: int
    counts: dict[str, int]
    rows: dict[str, list[dict[str, Any]]]
    """In the order in which the sources print them."""

    is_listed: bool
    sources: list[dict[str, Any]]
    sources_more: int


def facts_section(tables: Mapping[str, pl.DataFrame], facts: pl.DataFrame, released: date) -> Facts:
    """Return the third section of the page; `facts` is the flat table, `released` the day of the release."""
    counts = dict(facts.group_by("type").agg(pl.len()).sort("type").iter_rows())
    is_listed = facts.height <= LIMIT
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ("observation", "event", "statement")}
    for row in _rows(tables, facts) if is_listed else []:
        rows[row["type"]].append(row)
    sources = described_sources(tables, released)
    return Facts(
        total=facts.height,
        counts={kind: counts.get(kind, 0) for kind in rows},
        rows=rows,
        is_listed=is_listed,
        sources=sources[:SHOWN],
        sources_more=max(len(sources) - SHOWN, 0),
    )


def _rows(tables: Mapping[str, pl.DataFrame], facts: pl.DataFrame) -> list[dict[str, Any]]:
    kinds = tables["indicators"].select("kind", indicator="code")
    between = tables["observations"].join(kinds, on="indicator").select("fact_id", "kind", interval=explain.ends(bound="_bound"))
    places = pl.concat(tables[name].select("fact_id", "source_id", "quote_start") for name in ENTERED)
    ordered = facts.join(places, on="fact_id").sort("source_id", "quote_start", "fact_id")
    rows = ordered.join(between, on="fact_id", how="left", maintain_order="left").to_dicts()
    outcomes = outcomes_by_fact(tables)
    for row in rows:
        row["outcomes"] = outcomes.get(row["fact_id"], [])
        row["when"] = words.period(row["period"])
        if row["type"] == "event":
            row["as_printed"] = row["when"]
            first, last = (date.fromisoformat(row[end]) if row[end] else None for end in ("low", "high"))
            row["interval"] = words.days(first, last)
        elif row["unit"] and row["kind"] != "ordinal":
            row["interval"] = f"{row['interval']} {row['unit']}"
    return rows


def outcomes_by_fact(tables: Mapping[str, pl.DataFrame]) -> dict[str, list[dict[str, str]]]:
    """Return what the rules say of each fact: its worst verdict, and whether something is worth knowing; text and anchor each.

    What is only information does not make a fact worse, and a group in which an unstated quantity decides tests nothing: that
    is told of a fact only where no other rule speaks of it.
    """
    each = verdicts(tables).with_columns(fact_id=pl.col("fact_ids").str.split(" ")).explode("fact_id")
    by_fact: dict[str, list[tuple[str, str]]] = {}
    for fact_id, verdict, rule_id in each.select("fact_id", "verdict", "rule_id").sort("fact_id", "rule_id").iter_rows():
        by_fact.setdefault(fact_id, []).append((verdict, rule_id))
    return {fact_id: _outcomes(found) for fact_id, found in by_fact.items()}


def _outcomes(found: list[tuple[str, str]]) -> list[dict[str, str]]:
    judged = sorted((pair for pair in found if pair[0] in _JUDGED), key=lambda pair: _JUDGED.index(pair[0]))
    outcomes = [{"text": verdict, "anchor": f"rule-{rule_id}"} for verdict, rule_id in judged[:1]]
    if any(verdict == WORTH_KNOWING for verdict, _ in found):
        outcomes.append({"text": WORTH_KNOWING, "anchor": "worth-knowing"})
    untested = [rule_id for verdict, rule_id in found if verdict == NOT_TESTED]
    return outcomes or [{"text": NOT_TESTED, "anchor": f"rule-{rule_id}"} for rule_id in untested[:1]]


def described_sources(tables: Mapping[str, pl.DataFrame], released: date) -> list[dict[str, Any]]:
    """Return the sources with their publishers, days and ages in words, and only such addresses as may be linked."""
    names = words.labels(tables["agents"])
    return [
        {
            **row,
            "publisher": names.get(row["publisher"], row["publisher"]),
            "day": words.days(row["published_earliest"], row["published_latest"]),
            "age": words.age(row["published_latest"], released),
            "links": {name: words.web(row[name]) for name in ("url", "archived_url")},
        }
        for row in tables["sources"].sort("source_id").iter_rows(named=True)
    ]
