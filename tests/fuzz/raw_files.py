"""What a stranger does to a folder of raw/: to cells, keys, lines, bytes, and to what stands there.

Belongs here: edits of files as they are typed. Does not belong here: what the checks say (raw).
"""

import csv
import io
import os
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from schemas.raw_files import SOURCE_FILES
from tests.fuzz import strange

Make = Callable[[Path], None]
"""Puts something that is no plain file at a path."""


@dataclass
class Folder:
    """The files of a folder of raw/ by their names, and what stands there besides."""

    files: dict[str, bytes]
    others: dict[str, Make] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write all of it."""
        for name, content in self.files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
        for name, make in self.others.items():
            if not os.path.lexists(path / name):
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                make(path / name)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files in a folder, by their paths there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


Rows = list[list[str]]


def rows_of(content: bytes) -> Rows | None:
    """Return the cells of a CSV file, or None where it is none."""
    try:
        text = content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), strict=True)) or None
    except (UnicodeDecodeError, csv.Error):
        return None


def as_csv(rows: Rows, *, end: str = "\n", **how: Any) -> bytes:  # noqa: ANN401 (csv's own)
    """Return cells as a CSV file."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end, **how).writerows(rows)
    return out.getvalue().encode(errors="surrogatepass")


# --- CSV ------------------------------------------------------------------------------------------


def cell(rows: Rows, chance: Random) -> str:
    """Change one cell."""
    line = chance.randrange(1, len(rows)) if len(rows) > 1 and chance.random() < 0.95 else 0
    row = rows[line]
    at = chance.randrange(len(row) or 1)
    if at >= len(row):
        return "no cell there"
    old = row[at]
    kind = chance.randrange(8)
    other = chance.choice(rows)
    if kind < 3:
        row[at] = strange.changed(old, chance)
    elif kind == 3:
        row[at] = strange.word(chance)
    elif kind == 4:
        row[at] = other[at] if at < len(other) else ""
    elif kind == 5:
        row[at] = chance.choice(other or [""])
    elif kind == 6:
        row[at] = ""
    else:
        far = chance.randrange(len(row))
        row[at], row[far] = row[far], row[at]
    return f"line {line + 1}, cell {at + 1}: {old[:60]!r} is {row[at][:60]!r}"


def remark(rows: Rows, chance: Random) -> str:
    """Write something strange where any words may stand, so that it is accepted."""
    free = [name for name in ("note", "reason", "why", "definition", "what") if name in rows[0]]
    if not free or len(rows) < 2:
        return cell(rows, chance)
    at, line = rows[0].index(chance.choice(free)), chance.randrange(1, len(rows))
    if at >= len(rows[line]):
        return "no cell there"
    rows[line][at] = f"They say {strange.word(chance)} of {strange.word(chance)} and so on".strip()
    return f"line {line + 1}, cell {at + 1} is {rows[line][at][:80]!r}"


def row(rows: Rows, chance: Random) -> str:
    """Duplicate, drop, move, cut or lengthen a row."""
    line = chance.randrange(len(rows))
    kind = chance.choice(("twice", "drop", "move", "cut", "longer", "blank", "commas"))
    if kind == "twice":
        rows.insert(chance.randrange(len(rows) + 1), [*rows[line]])
    elif kind == "drop":
        del rows[line]
    elif kind == "move":
        rows.insert(chance.randrange(len(rows) + 1), rows.pop(line))
    elif kind == "cut":
        rows[line] = rows[line][: chance.randrange(len(rows[line]) + 1)]
    elif kind == "longer":
        rows[line] = [*rows[line], strange.word(chance)]
    else:
        rows.insert(line, [] if kind == "blank" else [""] * len(rows[line]))
    return f"line {line + 1}: {kind}"


def column(rows: Rows, chance: Random) -> str:
    """Drop, move, double or rename a column."""
    at = chance.randrange(len(rows[0]) or 1)
    kind = chance.choice(("drop", "move", "twice", "rename"))
    to = chance.randrange(len(rows[0]) + 1)
    for line in rows:
        if at < len(line):
            if kind == "drop":
                del line[at]
            elif kind == "move":
                line.insert(to, line.pop(at))
            elif kind == "twice":
                line.insert(to, line[at])
    if kind == "rename" and rows[0]:
        rows[0][at] = strange.changed(rows[0][at], chance)
    return f"column {at + 1}: {kind} {to + 1}"


NONSENSE = ("§", "-1", "1.0", "7" * 1000, "")
FREE = {"note", "reason", "why", "definition", "what", "office", "occasion", "title", "rights"}
"""The columns in which any words may stand."""


def slip(folder: Folder, chance: Random) -> tuple[str, int, str] | None:
    """Type nonsense into one cell of a source, nothing only where something is required; return
    its place.
    """
    name = chance.choice(sorted(SOURCE_FILES))
    rows = rows_of(folder.files.get(f"{name}.csv", b""))
    if rows is None or len(rows) < 2:
        return None
    line, column = chance.randrange(1, len(rows)), chance.choice(rows[0])
    cells = dict(zip(rows[0], rows[line], strict=True))
    typed = chance.choice(NONSENSE)
    is_allowed = column in FREE or (not typed and SOURCE_FILES[name].columns[column].nullable)
    if is_allowed or typed == cells[column]:
        return None
    rows[line] = [*(cells | {column: typed}).values()]
    folder.files[f"{name}.csv"] = as_csv(rows)
    return f"{name}.csv", line + 1, column


def in_csv(folder: Folder, name: str, chance: Random) -> str:
    """Change a CSV file, and how it is written."""
    rows = rows_of(folder.files[name])
    if rows is None:
        return in_bytes(folder, name, chance)
    edit = chance.choice((cell, cell, cell, remark, remark, row, column))
    done = edit(rows, chance)
    kind = chance.randrange(10)
    how: dict[str, str | int] = {}
    if kind == 0:
        how = {"quoting": csv.QUOTE_ALL}
    elif kind == 1:
        how = {"delimiter": chance.choice(";\t|"), "escapechar": "\\"}
    content = as_csv(rows, end=chance.choice("\n" * 6 + "\r") if kind != 2 else "\r\n", **how)
    if kind == 3:
        content = b"\xef\xbb\xbf" + content
    elif kind == 4:
        content = content.rstrip(b"\r\n")
    elif kind == 5:
        content += b"\n,,,\n\n"
    folder.files[name] = content
    return f"{name}: {done}{' ' + repr(how) if how else ''}"


# --- TOML -----------------------------------------------------------------------------------------

_VALUES = (
    *("1", "-1", "0x" + "f" * 40, "1.5", "nan", "-inf", "1e400", "true", "false", "1979-05-27"),
    *(
        "07:32:00",
        "1979-05-27T07:32:00Z",
        "[]",
        "{}",
        "[1, 'a']",
        "{a = {b = {c = 1}}}",
        "''",
        '""',
    ),
    *('"\\u0000"', '"\\U0010FFFF"', '"\\uD800"', '"""\na\n"""', "'''a'''", '"\\q"', "x", ""),
    *("[" * 30 + "]" * 30, "9" * 30, "9" * 5000, '"' + "x" * 10_001 + '"', "0o17", "0b1", "1_0"),
)
_LINE = re.compile(r"^(?P<key>[^=\n]*?)(?P<mark>\s*=\s*)(?P<value>.*)$")


def in_toml(folder: Folder, name: str, chance: Random) -> str:
    """Change a line of a TOML file, or the order of lines."""
    lines = folder.files[name].decode("utf-8", errors="replace").split("\n")
    at = chance.randrange(len(lines))
    before, found = lines[at], _LINE.match(lines[at])
    kind = chance.randrange(11)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(chance.randrange(len(lines) + 1), before)
    elif kind == 2:
        lines.insert(chance.randrange(len(lines) + 1), lines.pop(at))
    elif kind == 3 or not found:
        extra = (f"strange = {chance.choice(_VALUES)}", "[a.b.c]", "[[rule]]", "[expected]", "# é")
        lines.insert(at, chance.choice((*extra, "a" + ".b" * 20 + " = 1", "[weights]")))
    elif kind == 4:
        lines[at] = f"{strange.changed(found['key'], chance)}{found['mark']}{found['value']}"
    elif kind == 5:
        lines[at] = f"{found['key']}{found['mark']}{chance.choice(_VALUES)}"
    elif kind == 6:
        lines[at] = f"{found['key']} = {_quoted(strange.word(chance))}"
    elif kind == 7:
        lines[at] = f'"{found["key"]}" = {found["value"]}'
    elif kind == 8:
        lines[at] = f"{found['key']}{found['mark']}{chance.choice(lines).partition('=')[2]}"
    else:
        inner = found["value"].strip("'\"")
        lines[at] = f"{found['key']} = {_quoted(strange.changed(inner, chance))}"
    folder.files[name] = "\n".join(lines).encode(errors="surrogatepass")
    after = lines[at] if at < len(lines) else ""
    return f"{name}:{at + 1}: {kind}: {before[:60]!r} is {after[:60]!r}"


def _quoted(text: str) -> str:
    """Return a text as TOML, what must be escaped escaped."""
    return (
        '"'
        + "".join(
            f"\\U{ord(mark):08X}" if mark in '"\\' or not mark.isprintable() else mark
            for mark in text
        )
        + '"'
    )


# --- text, bytes, and what is no file -------------------------------------------------------------


def in_text(folder: Folder, name: str, chance: Random) -> str:
    """Change the words of a text."""
    text = folder.files[name].decode("utf-8", errors="replace")
    text = strange.changed(text, chance)
    folder.files[name] = text.encode(errors="surrogatepass")
    return f"{name}: words changed"


def in_bytes(folder: Folder, name: str, chance: Random) -> str:
    """Damage the bytes of a file."""
    before = folder.files[name]
    other = folder.files[chance.choice(sorted(folder.files))]
    folder.files[name] = strange.damaged(before, chance, other)
    return f"{name}: {len(before):,} bytes became {len(folder.files[name]):,}"


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket must be short
        try:
            listening.bind(path.name)
        finally:
            os.chdir(here)


def _full(path: Path) -> None:
    path.mkdir()
    (path / "x").write_bytes(b"x")


INSTEAD: dict[str, Make] = {
    "a link out": lambda path: path.symlink_to("/etc/hostname"),
    "a link that dangles": lambda path: path.symlink_to("nowhere"),
    "an endless link": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "a folder": _full,
    "a device": lambda path: path.symlink_to("/dev/tty"),
    "a large file": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 2**29),
}


def instead(folder: Folder, name: str, chance: Random) -> str:
    """Put what is no file in place of one, or nothing, or under a strange name."""
    kind = chance.choice((*INSTEAD, "nothing", "renamed", "more"))
    if kind == "nothing":
        del folder.files[name]
    elif kind in {"renamed", "more"}:
        base = name.rpartition("/")[2]
        new = chance.choice((strange.changed(base, chance), "\udcff.csv", "README.md", f".{base}"))
        new = re.sub(r"[/\0\ud800-\udb7f]", "", new)[:60].strip(".") or "x"
        content = folder.files.pop(name) if kind == "renamed" else folder.files[name]
        if len(os.fsencode(new)) < 200:
            folder.files.setdefault(f"{name.rpartition('/')[0]}/{new}".lstrip("/"), content)
            kind += f" {new!r}"
    else:
        del folder.files[name]
        folder.others[name] = INSTEAD[kind]
    return f"{name}: {kind}"


def edit(folder: Folder, chance: Random) -> str:
    """Make one edit somewhere."""
    if not folder.files:
        return "nothing is left"
    name = chance.choice(sorted(folder.files))
    kind = chance.random()
    if kind < 0.06:
        return instead(folder, name, chance)
    if kind < 0.16:
        return in_bytes(folder, name, chance)
    of = {".csv": in_csv, ".toml": in_toml, ".txt": in_text}
    return of.get(Path(name).suffix, in_bytes)(folder, name, chance)
