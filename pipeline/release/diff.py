"""`facts diff`: what changed between two releases, as text or JSON.

Belongs here: which releases are meant, and how the changes are shown. Does not belong here: finding
them (changes).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.defects import nearest, printable, shortened
from pipeline.release.changes import changes, level
from pipeline.release.opened import Damaged, NotARelease, open_release, reason
from pipeline.release.versions import in_words

SHOWN = 20
"""Changes of a table that the text shows; of more it says how many."""

_MARKS = {"added": "+", "removed": "-"}


@dataclass(frozen=True)
class Compared:
    """Two releases, as they were named, and what changed from one to the other, as the table
    `changes`.
    """

    old: str
    new: str
    found: pl.DataFrame


def diff(old: str, new: str, outputs: Path) -> Compared:
    """Return what changed from one release to another; raises NotARelease.

    Each is a version that stands in `outputs`/releases, a folder, or a zip.
    """
    before, keys = _tables(_located(old, outputs))
    after, more = _tables(_located(new, outputs))
    try:
        return Compared(old, new, changes(before, after, {**keys, **more}))
    except pl.exceptions.PolarsError as error:
        raise Damaged(
            f"{old} and {new} have tables that cannot be compared ({reason(error)})"
        ) from error


def _located(name: str, outputs: Path) -> Path:
    releases = outputs / "releases"
    versions = {
        path.name.removesuffix(".zip")
        for path in releases.glob("[0-9]*")
        if path.is_dir() or path.suffix == ".zip"
    }
    if name in versions:
        return releases / name if (releases / name).is_dir() else releases / f"{name}.zip"
    if not Path(name).exists():
        raise NotARelease(
            f"{name} is neither a version in {releases}, nor a folder, nor a "
            f"zip{nearest(name, versions)}"
        )
    return Path(name)


def _tables(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, list[str]]]:
    """Return the tables of a release, and the keys that their Parquet files tell."""
    tables, keys, file = {}, {}, path
    try:
        opened = open_release(path)
        for name, place in opened.tables("parquet").items():
            file = path / place
            tables[name], said = opened.read_parquet(place)
            keys[name] = said.get("key", "").split()
    except Damaged as error:
        raise Damaged(f"{file} {error}") from error
    if opened.refused:
        raise Damaged(
            f"{path} has files that are not safe to read: {', '.join(sorted(opened.refused))}"
        )
    return tables, keys


def as_json(compared: Compared) -> str:
    """Return all that changed, as JSON."""
    found = compared.found
    shown = {
        "old": compared.old,
        "new": compared.new,
        "level": level(found),
        "changes": found.to_dicts(),
    }
    return json.dumps(shown, ensure_ascii=False, indent=2)


def as_text(compared: Compared) -> str:
    """Return what changed for a terminal: a table's first changes, and how many more there are."""
    title = f"{compared.old} -> {compared.new}"
    if compared.found.is_empty():
        return f"{title}: nothing differs"
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
