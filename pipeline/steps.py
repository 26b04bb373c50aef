"""The steps from raw/ to the checked tables, in their order: what each builds, from what, and under which name.

Belongs here: the list that `facts check` and `facts release` walk through at once, and from which the Dagster assets are made
one by one. Does not belong here: what a step does, which is imported, or where tables are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pipeline.built import Built, Tables
from pipeline.fact_steps import FactBuilder, code_list_tables, fact_tables, mention_tables, reading_tables, source_tables
from pipeline.facts.events import build_events, build_statements
from pipeline.facts.observations import build_observations
from pipeline.read.raw_folder import (
    CODE_LIST_FOLDER,
    DOCUMENTS,
    FINDINGS_FILE,
    RELEASES_FILE,
    RULES_FILE,
    RawFolder,
)
from pipeline.rule_steps import CONCLUSIONS, SYSTEM, conclusion_tables, finding_tables, rule_tables, system_tables
from pipeline.rules.quantities import Facts
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import ENTERED


@dataclass(frozen=True)
class Step:
    """One step: the tables that it builds, the parts of raw/ that it reads, the tables that it needs, and how."""

    tables: tuple[str, ...]
    group: str
    reads: tuple[str, ...]
    needs: tuple[str, ...]
    build: Callable[[RawFolder, Tables], dict[str, Built]]


_LISTS = tuple(CODE_LISTS)
_BUILDERS: dict[str, FactBuilder] = {"observations": build_observations, "events": build_events, "statements": build_statements}
_FACT_NEEDS = ("sources", *_LISTS)

_FACT_READS = (DOCUMENTS, CODE_LIST_FOLDER)
_RULE_READS = (DOCUMENTS, RULES_FILE)
_RULE_NEEDS = ("rules", "readings", *Facts.__dataclass_fields__)

STEPS: tuple[Step, ...] = (
    *(Step((name,), "sources", (CODE_LIST_FOLDER,), (), partial(code_list_tables, name)) for name in _LISTS),
    Step(("sources",), "sources", _FACT_READS, ("agents",), source_tables),
    *(Step((name,), "facts", _FACT_READS, _FACT_NEEDS, partial(fact_tables, name, build)) for name, build in _BUILDERS.items()),
    Step(("readings",), "facts", (DOCUMENTS,), _LISTS, reading_tables),
    Step(("mentions",), "facts", _FACT_READS, ("sources", *ENTERED, *_LISTS), mention_tables),
    Step(("rules",), "consistency", _RULE_READS, ("indicators", "areas", "categories"), rule_tables),
    Step(SYSTEM, "consistency", _RULE_READS, _RULE_NEEDS, system_tables),
    Step(CONCLUSIONS, "consistency", _RULE_READS, (*_RULE_NEEDS, *SYSTEM), conclusion_tables),
    Step(("findings",), "consistency", (*_RULE_READS, FINDINGS_FILE, RELEASES_FILE), ("rules", "check_results"), finding_tables),
)
"""Every step, each after those whose tables it needs."""
