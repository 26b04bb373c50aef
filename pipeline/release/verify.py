"""`facts verify`: check a downloaded release with nothing but its folder or zip, and say everything
that is wrong at once.

A release is made again from the raw/ that it carries, and compared byte by byte. Belongs here:
which checks there are, and what is said of a release that passes. Does not belong here: any check
(verification).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from pipeline.defects import printable
from pipeline.fingerprint import program_versions
from pipeline.release.edition import Edition
from pipeline.release.opened import HASHES, PACKAGE, RAW, TABLES, Damaged, reason
from pipeline.release.opening import open_release
from pipeline.release.verification.failure import Failure
from pipeline.release.verification.listed_files import hashes_hold, measured, zip_is_whole
from pipeline.release.verification.remade import made_again
from schemas.raw_files import ENTERED

EARLIER = {
    "218ff88639c35d6dfda64bae94508c1008ff7b9f25d2013f16d0ac555bb5b718": "1.0.0",
    "3b9a5a3fd64321bda008d88298b1d7b94fac8aedbc9fabca7de6baf7795d0658": "2.0.0",
}
"""The releases of this project that no program of today makes, by the SHA-256 of their
SHA256SUMS.
"""

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True)
class Verified:
    """What is wrong with a release, and what was checked, in a paragraph."""

    failures: list[Failure]
    summary: str = ""

    def as_text(self) -> str:
        """Return a line for each failure, or the paragraph where there is none."""
        lines = [printable(f"{failure.file}: {failure.message}") for failure in self.failures]
        return "\n".join(lines) or self.summary

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
        return Verified([*failures, Failure(path.name, "unreadable_file", str(error))])
    hashes, unreadable = measured(opened)
    failures += unreadable + hashes_hold(opened, hashes)
    made, earlier = None, EARLIER.get(hashes.get(HASHES, ""))
    try:
        if earlier is None:
            made, differing = made_again(opened, hashes)
            failures += differing
    # whatever hostile files make it raise
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001
        failures.append(
            Failure(TABLES, "uncheckable", f"the release cannot be made again ({reason(error)})")
        )
    if failures and made:
        failures += _of_other_versions(made)
    failures += _of_another_name(path, made.version if made else earlier)
    found = sorted(
        dict.fromkeys(failures),
        key=lambda failure: (not failure.file.startswith(TABLES), failure.file),
    )
    return Verified(found, "" if found else _summary(path, hashes, made, earlier))


def _of_other_versions(made: Edition) -> list[Failure]:
    """Return a failure where a release, of which some files differ, names other versions of the
    program or its libraries than those here.
    """
    here = program_versions()
    if dict(made.made_with) == here:
        return []
    others = ", ".join(
        f"{name} {made.made_with.get(name, 'none')} (here {version})"
        for name, version in here.items()
        if made.made_with.get(name) != version
    )
    why = f"was made with {others}; with these it is made again, and what differs may be theirs"
    return [Failure(PACKAGE, "other_versions", why)]


def _of_another_name(path: Path, version: str | None) -> list[Failure]:
    """Return a failure where the folder or zip of a release has the name of another version."""
    called = path.resolve().name.removesuffix(".zip")
    if version is None or called == version or not _VERSION.fullmatch(called):
        return []
    return [Failure(RAW, "wrong_version", f"is that of version {version}, and not {called}")]


_FILES = (
    "{path}: all is well. Files: {files:,}, each the one that {HASHES} lists, to the bit, "
    "and no other. "
)
_MADE_AGAIN = (
    "Made again from the raw/ in its {RAW}, the release is the same to the bit, every table, "
    "page and description: facts: {facts:,}, read again in {texts:,} of {sources:,} texts; "
    "mentions: {mentions:,}; rules: {rules:,}, with the outcomes: {check_results:,}, and the "
    "findings: {findings:,}. Taken as published: titles, addresses, rights, reasons, versions "
    "of libraries, what has changed since the release before{lacking}. Not known: whether this is "
    "the raw/ that its publisher has."
)
_WITHOUT_TEXT = (
    ", and the words, their places and the mentions of texts which are not part of the release"
)
_EARLIER = (
    "It is the release {earlier} of this project as it was published, which an earlier version of "
    "this program made, with other tables; that version makes it again."
)


def _summary(
    path: Path, hashes: Mapping[str, str], made: Edition | None, earlier: str | None
) -> str:
    tables = made.tables if made else {}
    rows = {name: table.height for name, table in tables.items()}
    texts = len(made.files) if made else 0
    words = rows | {
        "path": path,
        "HASHES": HASHES,
        "RAW": RAW,
        "earlier": earlier,
        "files": len(hashes) - 1,
        "facts": sum(rows.get(name, 0) for name in ENTERED),
        "texts": texts,
        "lacking": _WITHOUT_TEXT if texts < rows.get("sources", 0) else "",
    }
    return (_FILES + (_MADE_AGAIN if made else _EARLIER)).format(**words)
