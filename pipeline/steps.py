"""The steps from raw/ to the checked tables, in their order: what each builds, from what, and under
which name.

Belongs here: the list of steps, and the walk through all of them at once, as `facts` does it; the
Dagster assets are made from the same list, one by one. Does not belong here: what a step does,
which is imported, or where tables are kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipeline.built import Built
from pipeline.fact_steps import (
    BUILDERS,
    TEXTS,
    code_list_tables,
    fact_tables,
    mention_tables,
    reading_tables,
    source_tables,
)
from pipeline.parts import Given, Parts
from pipeline.raw_tables import RawTables, parts_of
from pipeline.read.raw_folder import CODE_LIST_FOLDER, OF_RELEASES, RULES_FILE, release_defects
from pipeline.rule_steps import (
    CONCLUSIONS,
    SYSTEM,
    conclusion_tables,
    finding_tables,
    rule_tables,
    system_tables,
)
from pipeline.rules.quantities import Facts
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import ENTERED
from schemas.tables import TABLES


@dataclass(frozen=True)
class Step:
    """One step: the tables that it builds, those that it is given (read of raw/, or built before),
    and how.

    Some of them it needs only to be sound: where a code list has defects, no facts are built that
    refer to it.
    """

    tables: tuple[str, ...]
    group: str
    needs: tuple[str, ...]
    build: Callable[[Given, Parts], dict[str, Built]]

    @property
    def parts(self) -> list[str]:
        """The parts of raw/ that the step reads."""
        return parts_of(self.needs)

    @property
    def built_before(self) -> tuple[str, ...]:
        """The published tables that it is given."""
        return tuple(name for name in self.needs if name in TABLES)


OF_FINDINGS = (RULES_FILE, *OF_RELEASES)
"""What is read of raw/ to tell findings, and what stands against a release besides."""

_LISTS = tuple(CODE_LISTS)
_TYPED = tuple(f"{name}.csv" for name in ENTERED)
_FACTS = (TEXTS, CODE_LIST_FOLDER, "sources", *_LISTS)
_RULES = (RULES_FILE, *_TYPED, "rules", "readings", *Facts.__dataclass_fields__)

STEPS: tuple[Step, ...] = (
    *(
        Step((name,), "sources", (CODE_LIST_FOLDER,), partial(code_list_tables, name))
        for name in _LISTS
    ),
    Step(("sources",), "sources", (TEXTS, "agents"), source_tables),
    *(
        Step((name,), "facts", (f"{name}.csv", *_FACTS), partial(fact_tables, name))
        for name in BUILDERS
    ),
    Step(
        ("readings",), "facts", ("readings.csv", *_TYPED, CODE_LIST_FOLDER, *_LISTS), reading_tables
    ),
    Step(("mentions",), "facts", ("waivers.csv", *_TYPED, *_FACTS, *ENTERED), mention_tables),
    Step(
        ("rules",),
        "consistency",
        (RULES_FILE, *_TYPED, CODE_LIST_FOLDER, "indicators", "areas", "categories"),
        rule_tables,
    ),
    Step(SYSTEM, "consistency", _RULES, system_tables),
    Step(CONCLUSIONS, "consistency", (*_RULES, *SYSTEM), conclusion_tables),
    Step(
        ("findings",),
        "consistency",
        (*OF_FINDINGS, "rules", "check_results", "check_facts"),
        finding_tables,
    ),
)
"""Every step, each after those whose tables it needs."""


def walk(
    read: RawTables, tables: dict[str, pl.DataFrame], tell: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[str, Built]]:
    """Yield what each step builds, with its name; whoever takes it puts the table among `tables`,
    for the steps after it.

    All defects of entry come at once; the linear system is built and judged only where there is
    none. `tell` is told what is being built.
    """
    is_sound = not release_defects(read.given(OF_RELEASES))
    for step in STEPS:
        if "rules" in step.needs and not is_sound:
            return
        tell(", ".join(step.tables))
        given = read.given(step.needs) | {name: tables[name] for name in step.built_before}
        for name, built in step.build(given, read.raw.parts).items():
            is_sound &= not built.defects
            yield name, built
        read.drop_texts_after(step.tables)
