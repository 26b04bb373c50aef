"""`facts verify`: check a downloaded release with nothing but its folder or zip, and say everything that is wrong at once.

Belongs here: which checks there are, what each needs, and what is said of a release that passes. Does not belong here: any
check (verification). A release that somebody changed and hashed anew passes the first of them; it has to pass the others.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from pipeline.consistency.listings import LISTINGS
from pipeline.consistency.quantities import Facts
from pipeline.consistency.rules import Placed
from pipeline.release.diff import printable
from pipeline.release.opened import HASHES, PACKAGE, Damaged, Opened, open_release, reason
from pipeline.release.verification.conclusions import (
    SYSTEM,
    findings_follow,
    implied_bounds_are_within,
    outcomes_follow,
    read_rules,
    system_follows,
)
from pipeline.release.verification.descriptions import package_agrees, parquet_tells_its_hash
from pipeline.release.verification.evidence import (
    bounds_follow,
    numerals_hold,
    periods_hold,
    printed_values_hold,
    read_texts,
    spans_hold,
)
from pipeline.release.verification.failure import Failure
from pipeline.release.verification.listed_files import hashes_hold, measured, zip_is_whole
from pipeline.release.verification.tables import (
    FACTS_FILE,
    Read,
    facts_follow,
    read_tables,
    references_lead_somewhere,
    twins_agree,
    values_fit,
)
from schemas.raw_files import ENTERED
from schemas.tables import RELEASE_TABLES, TABLES, empty


@dataclass(frozen=True)
class Release:
    """A release as far as it can be read: its files, their SHA-256 and size, its tables, texts and rules."""

    opened: Opened
    hashes: Mapping[str, tuple[str, int]]
    read: Read
    texts: pl.DataFrame
    rules: list[Placed]

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables that can be read, by name."""
        return self.read.tables


@dataclass(frozen=True)
class Check:
    """One check: what it is about, the tables without which it cannot be made, and its failures."""

    about: str
    needs: tuple[str, ...]
    failures: Callable[[Release], list[Failure]]


_FACTS = tuple(Facts.__dataclass_fields__)
_RULED = ("rules", *SYSTEM, "check_results", *_FACTS)

CHECKS: tuple[Check, ...] = (
    Check("types, keys and ranges", (), lambda release: values_fit(release.tables)),
    Check("CSV files", (), lambda release: twins_agree(release.opened, release.tables)),
    Check("references", (), lambda release: references_lead_somewhere(release.tables)),
    Check(FACTS_FILE, tuple(TABLES), lambda release: facts_follow(release.opened, release.tables)),
    Check("spans", ("sources", *ENTERED), lambda release: spans_hold(release.tables, release.texts)),
    Check("numerals", ("sources", "numerals"), lambda release: numerals_hold(release.tables, release.texts)),
    Check("printed values", ("sources", "observations"), lambda release: printed_values_hold(release.tables)),
    Check("bounds", ("indicators", "observations"), lambda release: bounds_follow(release.tables)),
    Check("periods", ("sources", *ENTERED), lambda release: periods_hold(release.tables)),
    Check("the system of rules", _RULED, lambda release: system_follows(release.tables, release.rules)),
    Check("outcomes", _RULED, lambda release: outcomes_follow(release.tables, release.rules)),
    Check("findings", ("rules", "check_results", "findings"), lambda release: findings_follow(release.tables, release.rules)),
    Check("implied bounds", ("variables", "implied_bounds"), lambda release: implied_bounds_are_within(release.tables)),
    Check("hashes in Parquet files", (), lambda release: parquet_tells_its_hash(release.read)),
    Check(PACKAGE, (), lambda release: package_agrees(release.opened, release.hashes, release.read)),
)
"""Every check but those of the files by their hashes, which come first."""


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
    failures = zip_is_whole(path)
    try:
        opened = open_release(path)
    except Damaged as error:
        return Verified([*failures, Failure(path.name, "unreadable_file", str(error))], [], "")
    hashes, unsafe = measured(opened)
    read, unreadable = read_tables(opened)
    texts, changed = read_texts(opened, read.tables.get("sources", empty("sources")))
    rules, wrong = read_rules(read.tables.get("rules", empty("rules")))
    failures += [*unsafe, *hashes_hold(opened, hashes), *unreadable, *changed, *wrong]
    usable = read.tables.keys() - ({"rules"} if wrong else set())
    release = Release(opened, hashes, read, texts, rules)
    unchecked = []
    for check in CHECKS:
        if usable >= set(check.needs):
            failures += _made(check, release)
        else:
            unchecked.append(check.about)
    return Verified(
        sorted(dict.fromkeys(failures), key=lambda failure: (failure.file, failure.code)), unchecked, _summary(release)
    )


def _made(check: Check, release: Release) -> list[Failure]:
    try:
        return check.failures(release)
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 (whatever hostile tables make it raise is a failure)
        return [Failure("tables", "uncheckable", f"{check.about} cannot be checked ({reason(error)})")]


def _summary(release: Release) -> str:
    tables = {**{name: empty(name) for name in RELEASE_TABLES}, **release.tables}
    results = tables["check_results"]
    lists = results.join(tables["rules"].filter(pl.col("kind").is_in(LISTINGS)), on="rule_id", how="semi").height
    count = {
        "files": len(release.hashes.keys() - {HASHES}),
        "tables": len(release.tables),
        "rows": sum(table.height for table in tables.values()),
        "facts": sum(tables[name].height for name in ENTERED),
        "texts here": release.texts.height,
        "texts": tables["sources"].height,
        "sums": results.height - lists,
        "lists": lists,
        **{name: tables[name].height for name in ("numerals", "observations", "rules", "findings", "implied_bounds")},
    }
    has = {what: f"{number:,}" for what, number in count.items()}
    return (
        f"{release.opened.path}: all is well. Files: {has['files']}, each the one that {HASHES} lists, to the bit, and no other. "
        f"Tables: {has['tables']} with {has['rows']} rows, which fit their schemas and lead to each other; the CSV files and "
        f"{FACTS_FILE} hold the same. Facts: {has['facts']}, each word for word where it says, in {has['texts here']} of "
        f"{has['texts']} texts (of a text that is not part of the release, only its length was compared). Numerals: "
        f"{has['numerals']}, values: {has['observations']}; these, their bounds and all periods are what the words print. Rules: "
        f"{has['rules']}; applied again, they give the {has['sums']} outcomes of sums and {has['lists']} of lists, and the "
        f"findings: {has['findings']}. Implied bounds: {has['implied_bounds']}, each within the quantity's own. Not worked out "
        "again: how tight these are, what rules only together exclude, which facts may be wrong, and whether raw/ builds this "
        "release."
    )
