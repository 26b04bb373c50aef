"""Asset checks: which there are, known before any run, and which of them a defect belongs to.

Belongs here: one check for each column that a person types, each rule across columns and each
derived table; those of rules.toml come from code_location. Does not belong here: what a run says of
them (evaluations).
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import PurePath

import dagster as dg
from pandera.polars import Column, DataFrameSchema

from pipeline.defects import Defect
from pipeline.operate.workspace import DATABASE, RELEASE
from pipeline.read.validate import code_of
from schemas.code_lists import CODE_LISTS
from schemas.columns import claim, references, typed_columns
from schemas.publication_toml import PUBLICATION_TOML
from schemas.raw_files import FINDINGS_CSV, RELEASES_CSV, SOURCE_FILES
from schemas.rules import AS_DESCRIBED, FACTS_ARE_CHECKED, RULES_CAN_HOLD
from schemas.source_toml import SOURCE_TOML
from schemas.tables import TABLES

WELL_FORMED = "file_is_well_formed"
ACKNOWLEDGED = "every_finding_is_acknowledged"
HAS_ITS_ROW = "every_release_has_its_row"
ONE_STATE = "tables_are_of_one_state"

Checks = dict[str, str]
"""Checks by name: what each checks, in words."""

TYPED: dict[str, tuple[DataFrameSchema, ...]] = {
    **{name: (schema,) for name, schema in (CODE_LISTS | SOURCE_FILES).items()},
    "sources": (SOURCE_TOML,),
    "findings": (FINDINGS_CSV, RELEASES_CSV, PUBLICATION_TOML),
    "mentions": (SOURCE_FILES["waivers"],),
}
"""The files that a table is made from, and that are checked with it; each column of the first has
its own name.
"""

_SPANS = "quotes_are_the_text_between_their_ends"
_UNITS = "units_are_as_the_words_say"
_HAS_ROLE = "every_mention_has_a_role"
_IS_READ = "every_mention_is_read"
_IS_SPOKEN = "direct_speech_is_a_statement"
_IS_ONE_FACT = "every_number_is_of_one_fact"
_APPLIES = "every_rule_applies_to_something"
_IS_WHOLE = "releases_are_as_published"
_IS_READ_BEFORE = "sources_are_read_before_it"

_CHECK_OF = {
    "mention_without_role": _HAS_ROLE,
    "unread": _IS_READ,
    "speech_without_statement": _IS_SPOKEN,
    "number_claimed_twice": _IS_ONE_FACT,
    "not_the_same_number": _IS_ONE_FACT,
    "unit_disagrees": _UNITS,
    "per_disagrees": _UNITS,
    "span_is_not_the_quote": _SPANS,
    "idle_rule": _APPLIES,
    "impossible_rule": RULES_CAN_HOLD,
    "not_as_described": AS_DESCRIBED,
    "out_of_date": ONE_STATE,
    "new_finding": ACKNOWLEDGED,
    "changed_finding": ACKNOWLEDGED,
    "stale_finding": ACKNOWLEDGED,
    "tampered_release": _IS_WHOLE,
    "retrieved_later": _IS_READ_BEFORE,
}
"""The checks that defects of some codes belong to, wherever they stand; of all others their place
decides.
"""

_OF_SPANS = {_SPANS: "text[quote_start:quote_end] == quote, in Unicode code points"}
_EXTRA: dict[str, Checks] = {
    "observations": {
        **_OF_SPANS,
        _UNITS: "The unit of an indicator, and what it is counted per, are those of the words",
    },
    "events": _OF_SPANS,
    "statements": _OF_SPANS,
    "mentions": {
        _HAS_ROLE: (
            "Every number and date of every text is a value, a period, a name, a label, or waived"
        ),
        _IS_READ: (
            "Every number of every text can be read whole, or a note of its row says how it is read"
        ),
        _IS_SPOKEN: "What stands in quotation marks is a statement, or waived",
        _IS_ONE_FACT: "No number is the value of two observations, unless same_as says so",
    },
    "rules": {
        WELL_FORMED: (
            "Every rule can be read, has the keys of its kind, and names indicators "
            "and facts that are there"
        )
    },
    "rule_terms": {_APPLIES: "Every rule finds facts that it applies to"},
    "check_results": {
        RULES_CAN_HOLD: "Some facts could meet all rules together",
        FACTS_ARE_CHECKED: "Every observation and event is part of some rule (information)",
    },
}


_ONE_STATE = {ONE_STATE: "Every table was built from raw/ and code as they are now"}

OF_PUBLISHED: dict[str, Checks] = {
    DATABASE: _ONE_STATE,
    RELEASE: {
        **_ONE_STATE,
        ACKNOWLEDGED: (
            "findings.csv has a row with a reason for every finding, as it is now, and no other"
        ),
        HAS_ITS_ROW: "releases.csv has the row of the release that raw/ builds",
        _IS_WHOLE: "The release, and the one before it, are what they were when published",
        _IS_READ_BEFORE: "No source was read after the day of the release",
    },
}
"""The checks of what is published."""


def typed_checks(table: str) -> Checks:
    """Return the checks of a table that come from its raw files or its schema."""
    described = (
        "The table has the columns, types, keys and ranges that its schema describes: "
        f"{TABLES[table].description}"
    )
    of_files = chain(*(_of_file(table, schema) for schema in TYPED.get(table, ())))
    return {**dict(of_files), **_EXTRA.get(table, {}), AS_DESCRIBED: described}


def _of_file(table: str, schema: DataFrameSchema) -> Iterator[tuple[str, str]]:
    """Yield the checks of a file: that it can be read, of each column, and across columns."""
    beside = ", of text.txt and of what else lies in raw/" if schema is SOURCE_TOML else ""
    yield (
        _name(table, schema, WELL_FORMED),
        f"All of {schema.name}{beside} can be read, and nothing is there that should not be",
    )
    for name, column in typed_columns(schema).items():
        yield _of_column(table, schema, name), _in_words(name, column, schema)
    for check in schema.checks:
        yield str(check.name), f"{check.title} of {schema.name} is {check.description}"


def _name(table: str, schema: DataFrameSchema, words: str) -> str:
    """Return words as the name of a check; those of a second file of a table begin with its
    name.
    """
    prefix = "" if schema is TYPED[table][0] else f"{PurePath(str(schema.name)).stem} "
    return f"{prefix}{words}".replace(".", "_").replace(" ", "_")


def _of_column(table: str, schema: DataFrameSchema, name: str) -> str:
    return _name(table, schema, f"{name} {claim(schema.columns[name])}")


def _in_words(name: str, column: Column, schema: DataFrameSchema) -> str:
    """Return what is checked of a column."""
    target = references(schema).get(name)
    forms = [str(check.error) for check in column.checks]
    forms += [code_of(target)] if target else []
    forms += ["named by the words of its row"] if target and "quote" in schema.columns else []
    forms.append("may be empty" if column.nullable else "never empty")
    said = f"{name} of {schema.name} {claim(column)}: {'; '.join(forms)}"
    return f"{said}. {column.title}: {column.description}"


def check_of(table: str, defect: Defect) -> str:
    """Return the check of a table, or of the release, that a defect belongs to."""
    if defect.code in _CHECK_OF:
        return _CHECK_OF[defect.code]
    files = TYPED.get(table)
    if files is None:
        return HAS_ITS_ROW if table == RELEASE else WELL_FORMED
    schema = next((one for one in files if one.name == PurePath(defect.file).name), files[0])
    if defect.code in {check.name for check in schema.checks}:
        return defect.code
    if schema.name == PurePath(defect.file).name and defect.column in typed_columns(schema):
        return _of_column(table, schema, defect.column)
    return _name(table, schema, WELL_FORMED)


def specs(checks: Mapping[str, Checks]) -> list[dg.AssetCheckSpec]:
    """Return the specifications of the checks of some assets.

    None blocks what comes after: the step of a failed one does, and says of the others that they
    did not run, which Dagster would show as failed.
    """
    return [
        dg.AssetCheckSpec(name, asset=asset, description=words, blocking=False)
        for asset, of_asset in checks.items()
        for name, words in of_asset.items()
    ]
