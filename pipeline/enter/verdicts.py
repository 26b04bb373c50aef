"""What the checks say of a source while it is being entered, each part as soon as it is ready.

Belongs here: the order of the parts, and what is work left and no defect. Does not belong here: any
check; these are the steps that `facts check` walks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from pipeline.built import Tables
from pipeline.defects import Defect
from pipeline.evidence.texts import Texts
from pipeline.fact_steps import TEXTS, ReadTexts
from pipeline.facts.reference_tables import CodeLists
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import CODE_LIST_FOLDER, RULES_FILE, RawFolder
from pipeline.rule_steps import findings_of
from pipeline.rules.references import misdirected, nameable
from pipeline.rules.rules_file import RuleFiles
from pipeline.steps import OF_FINDINGS, STEPS, Step
from schemas.raw_files import ENTERED

LEFT = {
    "mention_without_role",
    "unread",
    "speech_without_statement",
    "unexpected_count",
    "unknown_fact",
    "idle_rule",
    "empty_cell",
}
"""Codes of defects that are work left while a source is being entered."""

ROLES, OUTCOMES, READINGS = "roles", "outcomes", "readings"
"""The parts of a verdict, in the order in which they are ready."""

_OF_FACTS = [step for step in STEPS if step.group != "consistency"]
_OF_RULES = [step for step in STEPS if step.group == "consistency"]


@dataclass(frozen=True)
class Verdict:
    """What is known of a source so far; `part` is the last part that it holds."""

    part: str
    tables: dict[str, pl.DataFrame]
    defects: list[Defect]
    left: list[Defect]
    texts: Texts | None
    lists: CodeLists
    sources: pl.DataFrame
    typed: Tables
    unacknowledged: list[Defect] = field(default_factory=list)


def verdicts(raw: RawFolder) -> Iterator[Verdict]:
    """Yield the verdict on the one source of a raw folder: rows and roles, then the outcomes of its
    rules, then what other readings would change.
    """
    read = RawTables(raw)
    verdict = _rows_and_roles(read)
    yield verdict
    if all(_is_of_rows(one) for one in verdict.defects):
        readings = verdict.tables["readings"]
        yield _conclusions(read, verdict, OUTCOMES, readings.clear())
        yield _conclusions(read, verdict, READINGS, readings)


def _rows_and_roles(read: RawTables) -> Verdict:
    tables: dict[str, pl.DataFrame] = {}
    found = [one for step in _OF_FACTS for one in _build(step, read, tables)]
    files = [f"{name}.csv" for name in (*ENTERED, "waivers")]
    given = read.given((TEXTS, CODE_LIST_FOLDER, *files))
    texts: ReadTexts = given[TEXTS]
    part = next(iter(texts.parts), None)
    return Verdict(
        ROLES,
        tables,
        *_apart(found),
        part if part is not None and part.table.height else None,
        given[CODE_LIST_FOLDER],
        texts.sources.table,
        {name.removesuffix(".csv"): given[name].rows for name in files},
    )


def _is_of_rows(defect: Defect) -> bool:
    """Whether a defect is one of rows or texts, so that the others can be judged without it."""
    folder, _, name = defect.file.rpartition("/")
    return name.endswith((".csv", ".txt")) and folder != CODE_LIST_FOLDER


def _conclusions(read: RawTables, verdict: Verdict, part: str, readings: pl.DataFrame) -> Verdict:
    """Return a verdict with what follows from what is entered by now, and from some other
    readings.
    """
    tables = verdict.tables | {"readings": readings}
    of_sound = {name: _become_facts(verdict.typed[name], tables[name]) for name in ENTERED}
    files = read.given([RULES_FILE])[RULES_FILE]
    instead = {RULES_FILE: _usable(files, tables, nameable(of_sound))}
    found = [one for step in _OF_RULES for one in _build(step, read, tables, instead)]
    defects, left = _apart(found)
    return replace(
        verdict,
        part=part,
        tables=tables,
        defects=verdict.defects + defects,
        left=verdict.left + left,
        unacknowledged=findings_of(read.given(OF_FINDINGS) | instead | tables).unacknowledged,
    )


def _apart(found: list[Defect]) -> tuple[list[Defect], list[Defect]]:
    """Return the defects, and what is work left."""
    return [one for one in found if one.code not in LEFT], [
        one for one in found if one.code in LEFT
    ]


def _build(
    step: Step,
    read: RawTables,
    tables: dict[str, pl.DataFrame],
    instead: dict[str, Any] | None = None,
) -> list[Defect]:
    """Build the tables of a step, put them among `tables`, and return their defects; of facts of
    one name the first counts.
    """
    given = read.given(step.needs) | {name: tables[name] for name in step.built_before}
    defects = []
    for name, built in step.build(given | (instead or {}), read.raw.parts).items():
        is_of_facts = name in ENTERED
        tables[name] = built.table.unique("fact_id", keep="first") if is_of_facts else built.table
        defects += built.defects
    return list(dict.fromkeys(defects))


def _become_facts(typed: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the typed rows that have become facts."""
    return typed.join(table.select("raw_file", "raw_line"), on=["raw_file", "raw_line"], how="semi")


def _usable(files: RuleFiles, tables: Tables, facts: pl.DataFrame) -> RuleFiles:
    """Return the rules and weights that speak of what is there by now."""
    wrong = {(one.file, one.line) for one in misdirected(files, tables, facts)}
    rules = [
        placed
        for placed in files.rules
        if not wrong
        & {(placed.raw_file, line) for line in (placed.raw_line, *placed.key_lines.values())}
    ]
    weights = [one for one in files.weights if (one.file, one.line) not in wrong]
    return replace(files, rules=rules, weights=weights)
