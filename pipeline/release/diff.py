"""`facts diff`: what changed between two releases, as text or JSON.

Belongs here: which releases are meant, and how the changes are shown. Does not belong here: finding
them (changes).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.defects import nearest, printable, shortened
from pipeline.release.changes import changes, level
from pipeline.release.opened import HASHES, PACKAGE, Damaged, NotARelease, Opened, reason
from pipeline.release.opening import open_release
from pipeline.release.verification.listed_files import hashes_hold, measured
from pipeline.release.versions import in_words
from schemas.columns import RESULT
from schemas.tables import empty

SHOWN = 20
"""Changes of a table that the text shows; of more it says how many."""

_MARKS = {"added": "+", "removed": "-"}

_TYPES = {
    "string": pl.String,
    "integer": pl.Int64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "number": RESULT,
}
"""What the types that datapackage.json names are read as."""


@dataclass(frozen=True)
class Compared:
    """Two releases, as they were named, what changed from one to the other, as the table
    `changes`, and the files of which the bytes differ.
    """

    old: str
    new: str
    found: pl.DataFrame
    files: list[str]


@dataclass(frozen=True)
class _Described:
    """A release as its datapackage.json describes it: of each file the types of its columns, and
    its key; and the SHA-256 of each file.
    """

    opened: Opened
    hashes: Mapping[str, str]
    described: Mapping[str, tuple[Mapping[str, Any], list[str]]]

    def table(self, name: str) -> tuple[dict[str, pl.DataFrame], list[str]]:
        """Return a table by its name, if the release has it, and its key; raises Damaged."""
        file = self.opened.tables().get(name)
        if file is None:
            return {}, []
        shape, key = self.described.get(file, ({}, []))
        try:
            return {name: self.opened.read_table(file, shape)}, key
        except Damaged as error:
            raise Damaged(f"{self.opened.path / file} {error}") from error


def diff(old: str, new: str, outputs: Path) -> Compared:
    """Return what changed from one release to another; raises NotARelease.

    Each is a version that stands in `outputs`/releases, a folder, or a zip.
    """
    before, after = (_opened(_located(name, outputs)) for name in (old, new))
    found = [empty("changes")]
    # a table at a time, since two releases may be large
    for name in {**before.opened.tables(), **after.opened.tables()}:
        (one, _), (other, key) = before.table(name), after.table(name)
        try:
            found.append(changes(one, other, {name: key}))
        except pl.exceptions.PolarsError as error:
            why = f"{old} and {new} have tables {name} that cannot be compared ({reason(error)})"
            raise Damaged(why) from error
    words = pl.col("old", "new").replace(str(RESULT), "number")
    files = sorted({name for name, _ in before.hashes.items() ^ after.hashes.items()} - {HASHES})
    return Compared(old, new, pl.concat(found).with_columns(words), files)


def _located(name: str, outputs: Path) -> Path:
    releases = outputs / "releases"
    places = {
        path.name.removesuffix(".zip"): path
        for path in sorted(releases.glob("[0-9]*"), reverse=True)  # of both the folder counts
        if path.is_dir() or path.suffix == ".zip"
    }
    place = places.get(name, Path(name))
    if not place.exists():
        raise NotARelease(
            f"{name} is neither a version in {releases}, nor a folder, nor a "
            f"zip{nearest(name, places)}"
        )
    return place


def _opened(path: Path) -> _Described:
    """Return a release that is as it was published; raises Damaged."""
    place = path
    try:
        opened = open_release(path)
        hashes, failures = measured(opened)
        if failures := [*failures, *hashes_hold(opened, hashes)]:
            more = "; `facts verify` says what else is wrong" if len(failures) > 1 else ""
            first = f"{failures[0].file} {failures[0].message}"
            raise Damaged(f"is not as it was published: {first}{more}")  # noqa: TRY301 (told below)
        place = path / PACKAGE
        package = opened.read(PACKAGE, share=4)
    except Damaged as error:
        raise Damaged(f"{place} {error}") from error
    try:
        described = {
            resource["path"]: (
                {field["name"]: _TYPES[field["type"]] for field in resource["schema"]["fields"]},
                list(resource["schema"]["primaryKey"]),
            )
            for resource in json.loads(package)["resources"]
        }
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        why = f"does not describe the tables of a release ({reason(error)})"
        raise Damaged(f"{place} {why}") from error
    return _Described(opened, hashes, described)


def as_json(compared: Compared) -> str:
    """Return all that changed, as JSON."""
    found = compared.found
    shown = {
        "old": compared.old,
        "new": compared.new,
        "level": level(found),
        "changes": found.to_dicts(),
        "files": compared.files,
    }
    return json.dumps(shown, ensure_ascii=False, indent=2)


def as_text(compared: Compared) -> str:
    """Return what changed for a terminal: a table's first changes, and how many more there are."""
    title = f"{compared.old} -> {compared.new}"
    if not compared.files:
        return f"{title}: nothing differs"
    if compared.found.is_empty():
        return f"{title}: no row differs; files do: {_value(', '.join(compared.files))}"
    lines = [f"{title}: {level(compared.found)} ({in_words(compared.found)})"]
    for rows in compared.found.partition_by("table_name", maintain_order=True):
        lines += [
            "",
            rows["table_name"][0],
            *(_line(row) for row in rows.head(SHOWN).iter_rows(named=True)),
        ]
        if rows.height > SHOWN:
            lines.append(f"  ... and {rows.height - SHOWN:,} more (--format json has all)")
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    what = f"({_what(row)})" if row["key"] is None else None
    place = printable(" ".join(part for part in (row["key"], row["column_name"], what) if part))
    old, new = row["old"], row["new"]
    values = f": {_value(old)} -> {_value(new)}" if (old, new) != (None, None) else ""
    return f"  {_MARKS.get(row['change'], '~')} {place}{values}"


def _what(row: dict[str, Any]) -> str:
    """Return what happened to what is no row: "column added", "table removed", "type changed"."""
    is_of_type = row["change"] == "type"
    return (
        "type changed"
        if is_of_type
        else f"{'column' if row['column_name'] else 'table'} {row['change']}"
    )


def _value(text: str | None) -> str:
    return "nothing" if text is None else printable(shortened(text))
