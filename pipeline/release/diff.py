"""`facts diff`: what changed between two releases, as text, JSON, or a page.

Belongs here: which releases are meant, and how the changes are shown. Does not belong here: finding them (changes).
"""

import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path
from string import Template

import polars as pl

from pipeline.defects import nearest, shortened
from pipeline.release.changes import Changes, changes
from pipeline.release.opened import PACKAGE, Damaged, NotARelease, keys_told, open_release, read_parquet, reason
from pipeline.release.versions import in_words

SHOWN = 20
"""Changes of a table that the text shows; of more it says how many."""

SHOWN_ON_PAGE = 5_000

_ABOUT_RELEASES = "changes"
"""The table that says what differs from the release before: about releases, not about what these say."""

_MARKS = {"added": "+", "removed": "-", "new": "+", "gone": "-"}


@dataclass(frozen=True)
class Line:
    """One change as it is shown: what happened, to which row (empty: to a column), in which column, and both values."""

    change: str
    key: str
    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Compared:
    """Two releases, as they were named, and what changed from one to the other."""

    old: str
    new: str
    found: Changes

    @property
    def title(self) -> str:
        """Both releases, and how grave the change is."""
        return f"{self.old} -> {self.new}: {self.found.level or 'nothing differs'}"

    def sections(self) -> Iterator[tuple[str, int, Iterator[Line]]]:
        """Yield each changed table, and the outcomes of checks, with how many changes it has and these."""
        found = self.found
        for table in dict.fromkeys([*found.schema["table"], *found.keys["table"], *found.cells["table"]]):
            parts = [frame.filter(table=table) for frame in (found.schema, found.keys, found.cells)]
            yield table, sum(part.height for part in parts), _lines(*parts)
        if not found.outcomes.is_empty():
            rows = found.outcomes.iter_rows()
            lines = (Line(change, f"{rule} {group}", "", old, new) for rule, group, change, old, new in rows)
            yield "outcomes of checks", found.outcomes.height, lines


def _lines(schema: pl.DataFrame, keys: pl.DataFrame, cells: pl.DataFrame) -> Iterator[Line]:
    for column, change, old, new in schema.drop("table").iter_rows():
        what = "type changed" if change == "type" else f"{'column' if column else 'table'} {change}"
        yield Line(what, "", column or "", old, new)
    for change, key in keys.drop("table").iter_rows():
        yield Line(change, key, "", None, None)
    for key, column, old, new in cells.drop("table").iter_rows():
        yield Line("changed", key, column, old, new)


def diff(old: str, new: str, outputs: Path) -> Compared:
    """Return what changed from one release to another; raises NotARelease.

    Each is a version that stands in `outputs`/releases, a folder, or a zip.
    """
    before, keys = _tables(_located(old, outputs))
    after, more = _tables(_located(new, outputs))
    try:
        return Compared(old, new, changes(before, after, {**keys, **more}))
    except pl.exceptions.PolarsError as error:
        raise Damaged(f"{old} and {new} have tables that cannot be compared ({reason(error)})") from error


def _located(name: str, outputs: Path) -> Path:
    releases = outputs / "releases"
    versions = {path.name.removesuffix(".zip") for path in releases.glob("[0-9]*") if path.is_dir() or path.suffix == ".zip"}
    if name in versions:
        return releases / name if (releases / name).is_dir() else releases / f"{name}.zip"
    if not Path(name).exists():
        raise NotARelease(f"{name} is neither a version in {releases}, nor a folder, nor a zip{nearest(name, versions)}")
    return Path(name)


def _tables(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, list[str]]]:
    """Return the tables of a release, and the keys that its datapackage.json tells."""
    tables, file = {}, Path()
    try:
        opened = open_release(path)
        for name in opened.tables("parquet"):
            file = Path("tables", f"{name}.parquet")
            tables[name] = read_parquet(opened.read(file.as_posix()))[0]
        file = Path(PACKAGE)
        keys = dict(keys_told(opened))
    except Damaged as error:
        raise Damaged(f"{path / file} {error}") from error
    tables.pop(_ABOUT_RELEASES, None)
    return tables, keys


def as_json(compared: Compared) -> str:
    """Return all that changed, as JSON."""
    found = compared.found
    frames = {name: getattr(found, name).to_dicts() for name in ("schema", "keys", "cells", "outcomes")}
    return json.dumps({"old": compared.old, "new": compared.new, "level": found.level, **frames}, ensure_ascii=False, indent=2)


def as_text(compared: Compared) -> str:
    """Return what changed for a terminal: a table's first changes, and how many more there are."""
    lines = [f"{compared.title} ({in_words(compared.found)})" if compared.found.level else compared.title]
    for name, count, section in compared.sections():
        lines += ["", name, *(_told(line) for line in islice(section, SHOWN))]
        if count > SHOWN:
            lines.append(f"  ... and {count - SHOWN:,} more (--format json has all)")
    return "\n".join(lines)


def _told(line: Line) -> str:
    what = "" if line.key else f"({line.change})"
    place = printable(" ".join(part for part in (line.key, line.column, what) if part))
    values = f": {_value(line.old)} -> {_value(line.new)}" if (line.old, line.new) != (None, None) else ""
    return f"  {_MARKS.get(line.change.split(' ')[-1], '~')} {place}{values}"


def _value(text: str | None) -> str:
    return "nothing" if text is None else printable(shortened(text))


def printable(text: str) -> str:
    """Return a text that no terminal takes for a command: control characters are spelled out."""
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def as_html(compared: Compared) -> str:
    """Return what changed as a page that needs no other file and runs no program."""
    template = Template((files("pipeline.release") / "diff.html").read_text(encoding="utf-8"))
    sections = "\n".join(_section(*section) for section in compared.sections())
    summary = in_words(compared.found) if compared.found.level else "the tables of both hold the same"
    page = template.substitute(title=html.escape(compared.title), summary=html.escape(summary), sections=sections)
    return page.encode("ascii", "xmlcharrefreplace").decode()  # so that no terminal's or file's encoding spoils it


def _section(name: str, count: int, lines: Iterator[Line]) -> str:
    rows = "\n".join(_row(line) for line in islice(lines, SHOWN_ON_PAGE))
    more = f"<p>And {count - SHOWN_ON_PAGE:,} more.</p>" if count > SHOWN_ON_PAGE else ""
    head = _cells("th", [("", text) for text in ("Change", "Row", "Column", "Old", "New")])
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    return f'<h2>{html.escape(name)} ({count:,})</h2>\n<div class="wide">{table}</div>\n{more}'


def _row(line: Line) -> str:
    shown = [("", line.change), ("", line.key), ("", line.column), ("old", line.old or ""), ("new", line.new or "")]
    return f"<tr>{_cells('td', shown)}</tr>"


def _cells(tag: str, cells: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<{tag} class="{kind}">{html.escape(text)}</{tag}>' if kind else f"<{tag}>{html.escape(text)}</{tag}>"
        for kind, text in cells
    )
