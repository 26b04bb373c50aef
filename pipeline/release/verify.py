"""`facts verify`: check a downloaded release with nothing but its folder or zip, and say everything
that is wrong at once.

A release is made again from the raw/ that it carries, and compared byte by byte. Belongs here:
which checks there are, what each needs, and what is said of a release that passes. Does not belong
here: any check (verification).
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from pipeline.defects import printable
from pipeline.release.opened import HASHES, PACKAGE, RAW, TABLES, Damaged, open_release, reason
from pipeline.release.verification.contents import Contents, read_contents
from pipeline.release.verification.failure import Failure
from pipeline.release.verification.listed_files import hashes_hold, package_agrees, zip_is_whole
from pipeline.release.verification.remade import made_again
from schemas.raw_files import ENTERED
from schemas.tables import RELEASE_TABLES


@dataclass(frozen=True)
class Verified:
    """What is wrong with a release, why it was not made again, if it was not, and what was checked,
    in a paragraph.
    """

    failures: list[Failure]
    unchecked: str
    summary: str

    def as_text(self) -> str:
        """Return a line for each failure, or the paragraph where there is none."""
        lines = [printable(f"{failure.file}: {failure.message}") for failure in self.failures]
        return (
            "\n".join([*lines, *([self.unchecked] if self.unchecked else [])])
            if lines
            else self.summary
        )

    def as_json(self) -> str:
        """Return the failures as a list of file, code and message."""
        return json.dumps(
            [asdict(failure) for failure in self.failures], ensure_ascii=False, indent=2
        )


def verify(path: Path) -> Verified:
    """Return what is wrong with a release; raises NotARelease where there is none."""
    failures = zip_is_whole(path)
    try:
        opened = open_release(path)
    except Damaged as error:
        return Verified([*failures, Failure(path.name, "unreadable_file", str(error))], "", "")
    contents, unreadable = read_contents(opened)
    failures += unreadable + hashes_hold(contents)
    unchecked = ""
    try:
        if not contents.is_todays:
            failures += package_agrees(contents)
        elif lost := ", ".join(sorted(RELEASE_TABLES.keys() - contents.tables.keys())):
            unchecked = (
                "Not made again, since it takes all tables; these are not there, or "
                f"cannot be read: {lost}"
            )
        else:
            failures += made_again(contents)
    # whatever hostile tables make it raise
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001
        failures.append(
            Failure(TABLES, "uncheckable", f"the release cannot be made again ({reason(error)})")
        )
    found = sorted(
        dict.fromkeys(failures),
        key=lambda failure: (not failure.file.startswith(TABLES), failure.file),
    )
    return Verified(found, unchecked, "" if found else _summary(contents))


_FILES = (
    "{path}: all is well. Files: {files:,}, each the one that {HASHES} lists, to the bit, "
    "and no other. "
)
_MADE_AGAIN = (
    "Made again from the raw/ in its {RAW}, the release is the same to the bit, every table, "
    "page and description: facts: {facts:,}, read again in {texts:,} of {sources:,} texts; "
    "mentions: {mentions:,}; rules: {rules:,}, with the outcomes: {check_results:,}, and the "
    "findings: {findings:,}. Taken as published: titles, addresses, rights, reasons, what has "
    "changed since the release before{lacking}. Not known: whether this is the raw/ that its "
    "publisher has."
)
_WITHOUT_TEXT = ", and all that was read in texts which are not part of the release"
_NOT_TODAYS = (
    "Only this, and that {PACKAGE} has the same hashes of its tables, was checked: the release "
    "was made by an earlier version of this program, with other tables; that version makes it "
    "again. Not checked: whether its words, values, bounds, periods, rules, outcomes and "
    "findings are right."
)


def _summary(contents: Contents) -> str:
    rows = {name: table.height for name, table in contents.tables.items()}
    counts = {
        "files": len(contents.hashes) - 1,
        "facts": sum(rows.get(name, 0) for name in ENTERED),
        "texts": sum(
            name.startswith("sources/") and name.endswith(".txt") for name in contents.hashes
        ),
    }
    lacking = _WITHOUT_TEXT if counts["texts"] < rows.get("sources", 0) else ""
    words = (
        rows
        | counts
        | {
            "path": contents.opened.path,
            "HASHES": HASHES,
            "PACKAGE": PACKAGE,
            "RAW": RAW,
            "lacking": lacking,
        }
    )
    return (_FILES + (_MADE_AGAIN if contents.is_todays else _NOT_TODAYS)).format(**words)
