"""`facts verify`: check a downloaded release with nothing but its folder or zip, and say everything that is wrong at once.

Belongs here: which checks there are, what each needs, and what is said of a release that passes. Does not belong here: any
check (verification). A release that somebody changed and hashed anew passes the first of them; it has to pass the others.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from pipeline.release.diff import printable
from pipeline.release.opened import HASHES, PACKAGE, Damaged, open_release, reason
from pipeline.release.verification import conclusions, descriptions, evidence, listed_files, tables
from pipeline.release.verification.contents import FACTS_FILE, Contents, NoTable, read_contents
from pipeline.release.verification.failure import Failure
from schemas.raw_files import ENTERED

Check = Callable[[Contents], list[Failure]]

ANY_VERSION: dict[str, Check] = {
    HASHES: listed_files.hashes_hold,
    "types, keys and ranges": tables.values_fit,
    "CSV files": tables.twins_agree,
    "hashes in Parquet files": descriptions.parquet_tells_its_hash,
    PACKAGE: descriptions.package_agrees,
}
"""The checks that need no more than a schema of each table, by what they are about."""

VERSION_1: dict[str, Check] = {**ANY_VERSION, FACTS_FILE: tables.facts_fit}
"""The checks of a release whose tables are not today's."""

CHECKS: dict[str, Check] = {
    **ANY_VERSION,
    FACTS_FILE: tables.facts_follow,
    "references": tables.references_lead_somewhere,
    "texts": evidence.texts_hold,
    "spans": evidence.spans_hold,
    "mentions": evidence.mentions_hold,
    "values": evidence.values_hold,
    "units": evidence.units_follow,
    "bounds": evidence.bounds_follow,
    "periods": evidence.periods_hold,
    "the system of rules": conclusions.system_follows,
    "outcomes": conclusions.outcomes_follow,
    "findings": conclusions.findings_follow,
    "implied bounds": conclusions.implied_bounds_are_within,
}
"""The checks of a release with today's tables."""


@dataclass(frozen=True)
class Verified:
    """What is wrong with a release, what could not be checked for that, and what was checked, in a paragraph."""

    failures: list[Failure]
    unchecked: list[str]
    summary: str

    def as_text(self) -> str:
        """Return a line for each failure, or the paragraph where there is none."""
        lines = [printable(f"{failure.file}: {failure.message}") for failure in self.failures]
        if self.unchecked:
            lines.append(f"Not checked, since the tables that it takes cannot be read: {', '.join(self.unchecked)}")
        return "\n".join(lines) if lines else self.summary

    def as_json(self) -> str:
        """Return the failures as a list of file, code and message."""
        return json.dumps([asdict(failure) for failure in self.failures], ensure_ascii=False, indent=2)


def verify(path: Path) -> Verified:
    """Return what is wrong with a release; raises NotARelease where there is none."""
    failures = listed_files.zip_is_whole(path)
    try:
        opened = open_release(path)
    except Damaged as error:
        return Verified([*failures, Failure(path.name, "unreadable_file", str(error))], [], "")
    contents, unreadable = read_contents(opened)
    failures += unreadable
    unchecked = []
    for about, check in (CHECKS if contents.is_todays else VERSION_1).items():
        try:
            failures += check(contents)
        except NoTable:
            unchecked.append(about)
        except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 (whatever hostile tables make it raise)
            failures.append(Failure("tables", "uncheckable", f"{about} cannot be checked ({reason(error)})"))
    found = sorted(dict.fromkeys(failures), key=lambda failure: (failure.file, failure.code))
    return Verified(found, unchecked, "" if found else _summary(contents))


_FILES = (
    "{path}: all is well. Files: {files}, each the one that {HASHES} lists, to the bit, and no other. Tables: {tables} with "
    "{all_rows} rows, which have the columns, types and keys of their schemas; the CSV files hold the same, and {PACKAGE} and "
    "the Parquet files say so. "
)
_FACTS = (
    "They lead to each other, and give {FACTS_FILE}. Facts: {facts}, each word for word where it says, in {texts} of {sources} "
    "texts (of a text that is not part of the release, only its length was compared). Mentions: {mentions}, of values: "
    "{observations}; these, their bounds and all periods are what the words print. Rules: {rules}; applied again, they give "
    "the outcomes: {check_results}, and the findings: {findings}. Implied bounds: {implied_bounds}, each within the quantity's "
    "own. Not worked out again: how tight these are, what rules only together exclude, which facts may be wrong, and whether "
    "raw/ builds this release."
)
_NOT_TODAYS = (
    "Only this was checked, by the schemas that {PACKAGE} gives: the release was made by version 1 of this program, whose "
    "tables are not today's. Not checked: whether its words, values, bounds, periods, rules, outcomes and findings are right, "
    "and whether {FACTS_FILE} follows from the tables."
)


def _summary(contents: Contents) -> str:
    rows = {name: table.height for name, table in contents.tables.items()}
    counts = {
        "files": len(contents.hashes) - 1,
        "tables": len(rows),
        "all_rows": sum(rows.values()),
        "facts": sum(rows.get(name, 0) for name in ENTERED),
        "texts": contents.texts.height,
    }
    words = {name: f"{count:,}" for name, count in (rows | counts).items()}
    names = {"path": contents.opened.path, "HASHES": HASHES, "PACKAGE": PACKAGE, "FACTS_FILE": FACTS_FILE}
    return (_FILES + (_FACTS if contents.is_todays else _NOT_TODAYS)).format(**words, **names)
