"""A source's folder in memory: its rows, its text, and copies of it with a change."""

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document, Mention

FACT_FILES = ("observations", "events", "statements")

Row = dict[str, str]


@dataclass(frozen=True)
class SourceCopy:
    """The files of a source: typed rows by file, and the others as text."""

    rows: dict[str, tuple[Row, ...]]
    headers: dict[str, list[str]]
    texts: dict[str, str]

    @property
    def text(self) -> str:
        """The text of the document."""
        return unicodedata.normalize("NFC", self.texts["text.txt"])

    def mentions(self, words: str) -> tuple[Mention, ...]:
        """Return the mentions of some words of the source, which are read as its text is."""
        keys = tomllib.loads(self.texts["source.toml"])
        return _mentions(words, Document(keys["language"], **keys.get("number_format", {})))

    def with_cell(self, file: str, index: int, **cells: str) -> "SourceCopy":
        """Return a copy with other cells in one row; `where_` stands for the column where."""
        changed = {column.rstrip("_"): cell for column, cell in cells.items()}
        rows = list(self.rows[file])
        rows[index] = {**rows[index], **changed}
        return replace(self, rows={**self.rows, file: tuple(rows)})

    def without_row(self, file: str, index: int, *, counted: bool) -> "SourceCopy":
        """Return a copy without a row; with `counted`, the expected number of rows is one less
        too.
        """
        rows = (*self.rows[file][:index], *self.rows[file][index + 1 :])
        copy = replace(self, rows={**self.rows, file: rows})
        return (
            copy.with_text("source.toml", rf"(?m)^{file} = \d+", f"{file} = {len(rows)}")
            if counted
            else copy
        )

    def with_waiver(self, quote: str, kind: str) -> "SourceCopy":
        """Return a copy with one more waiver."""
        waiver = {"quote": quote, "kind": kind, "fact_id": "", "reason": "It counts nothing"}
        return replace(self, rows={**self.rows, "waivers": (*self.rows["waivers"], waiver)})

    def alone(self) -> "SourceCopy":
        """Return a copy that translates no other source, so that only its own words are held
        against its rows.
        """
        return self.with_text("source.toml", r'(?m)^translation_of = ".*"$', 'translation_of = ""')

    def with_text(self, file: str, pattern: str, replacement: str) -> "SourceCopy":
        """Return a copy in which a pattern of a text file is replaced."""
        return replace(
            self,
            texts={**self.texts, file: re.sub(pattern, lambda _: replacement, self.texts[file])},
        )

    def write(self, folder: Path, suffix: str) -> None:
        """Write the files; ids of rules get the suffix, since a rule has one name in the whole raw
        folder.
        """
        folder.mkdir()
        for name, text in self.texts.items():
            renamed = (
                re.sub(r'(?m)^(id = "[a-z0-9_]+)"', rf'\1{suffix}"', text)
                if name == "rules.toml"
                else text
            )
            (folder / name).write_text(renamed, encoding="utf-8", newline="")
        for name, rows in self.rows.items():
            (folder / f"{name}.csv").write_text(
                _csv(rows, self.headers[name]), encoding="utf-8", newline=""
            )


@lru_cache(maxsize=10_000)
def _mentions(words: str, document: Document) -> tuple[Mention, ...]:
    return tuple(read_mentions(words, document))


def read_source(folder: Path) -> SourceCopy:
    """Return a source's folder."""
    rows, headers = {}, {}
    for path in sorted(folder.glob("*.csv")):
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        headers[path.stem] = list(reader.fieldnames or [])
        rows[path.stem] = tuple(reader)
    texts = {
        path.name: path.read_bytes().decode()
        for path in folder.iterdir()
        if path.suffix in {".toml", ".txt"}
    }
    return SourceCopy(rows, headers, texts)


def _csv(rows: Iterable[Row], header: list[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
