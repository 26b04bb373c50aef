"""The folder raw/: which sources it has, and every file of it read and checked by itself.

Belongs here: finding files and reading each kind with its schema. Does not belong here: checks that need more than one
file; these come where the tables are joined.
"""

import hashlib
import logging
import os
import re
import unicodedata
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.defects import Defect, nearest
from pipeline.read.csv_file import READER_COLUMNS, read_csv_files
from pipeline.read.toml_file import read_toml
from pipeline.read.validate import validate
from schemas.code_lists import CODE_LISTS
from schemas.columns import SOURCE_ID
from schemas.raw_files import ENTERED, FINDINGS_CSV, RELEASES_CSV, SOURCE_FILES
from schemas.source_toml import SOURCE_TOML

CODE_LIST_FOLDER = "codelists"
DOCUMENTS = "documents"
"""The part of raw/ that the folders of all sources make."""
SOURCES = "source.toml"
RULES_FILE = "rules.toml"
FINDINGS_FILE = "findings.csv"
RELEASES_FILE = "releases.csv"
SOURCE_FOLDER_FILES = {SOURCES, "text.txt", RULES_FILE, *(f"{name}.csv" for name in SOURCE_FILES)}
BESIDE_SOURCES = {RULES_FILE, FINDINGS_FILE, RELEASES_FILE, "README.md"}

_IS_NAME = re.compile(SOURCE_ID)

_LOG = logging.getLogger(__name__)

Anything = TypeVar("Anything")


@dataclass(frozen=True)
class RawFolder:
    """A folder of hand-entered files, narrowed to one source where `only` names it."""

    path: Path
    only: str | None = None
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Files already read, so that the steps of one run see one state of them."""

    def source_ids(self) -> list[str]:
        """Return the names of the source folders, sorted, without those that no source can have."""
        if self.only is not None:
            return [self.only] if _IS_NAME.fullmatch(self.only) and self.folder(self.only).is_dir() else []
        return [name for name in self.folders() if _IS_NAME.fullmatch(name)]

    def folders(self) -> list[str]:
        """Return the names of the folders that should be those of sources, sorted."""
        if not self.path.is_dir():
            return []
        with os.scandir(self.path) as entries:
            folders = [entry.name for entry in entries if _is_folder(entry)]
        return sorted(name for name in folders if not name.startswith(".") and name != CODE_LIST_FOLDER)

    def folder(self, source_id: str) -> Path:
        """Return the folder of a source."""
        return self.path / source_id

    def original(self, source_id: str) -> bytes:
        """Return the text of a source, byte for byte."""
        return self.text(source_id).read_bytes()

    def text(self, source_id: str) -> Path:
        """Return the file of a source's text."""
        return self.folder(source_id) / "text.txt"

    def once(self, name: str, read: Callable[[], Anything]) -> Anything:
        """Return what `read` gives, read at the first call only."""
        if name not in self.memo:
            self.memo[name] = read()
        kept: Anything = self.memo[name]
        return kept

    def forget(self, name: str) -> None:
        """Let go of what was read once; whoever needs it after all reads it again."""
        self.memo.pop(name, None)


@dataclass(frozen=True)
class Typed:
    """The rows of one kind of file, from every folder that has it, as typed, and what is wrong with them."""

    rows: pl.DataFrame
    defects: list[Defect]


@dataclass(frozen=True)
class SourceFiles(Typed):
    """The source.toml of every folder, one row each, and the lines of their keys by source."""

    key_lines: dict[str, dict[str, int]]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def read_code_list(raw: RawFolder, name: str) -> Typed:
    """Return a code list as typed."""
    return raw.once(name, lambda: _read(raw, [f"{CODE_LIST_FOLDER}/{name}.csv"], CODE_LISTS[name]))


def read_facts(raw: RawFolder, name: str) -> Typed:
    """Return the rows of one CSV file from every source's folder."""
    return raw.once(name, lambda: _read(raw, [f"{source_id}/{name}.csv" for source_id in raw.source_ids()], SOURCE_FILES[name]))


def read_findings(raw: RawFolder) -> Typed:
    """Return the acknowledged findings; no file means none."""
    files = [FINDINGS_FILE] if (raw.path / FINDINGS_FILE).exists() else []
    return raw.once("findings", lambda: _read(raw, files, FINDINGS_CSV))


def read_releases(raw: RawFolder) -> Typed:
    """Return the history of releases; no file means that there is none yet."""
    files = [RELEASES_FILE] if (raw.path / RELEASES_FILE).exists() else []
    return raw.once("releases", lambda: _read(raw, files, RELEASES_CSV))


def _read(raw: RawFolder, files: list[str], schema: DataFrameSchema) -> Typed:
    rows, defects = read_csv_files(raw.path, files, schema)
    defects += validate(rows, schema)
    _LOG.info("Read %s: %s rows of %s files, %s defects.", schema.name, rows.height, len(files), len(defects))
    return Typed(rows, defects)


def _empty(schema: DataFrameSchema) -> pl.DataFrame:
    return pl.DataFrame(schema={name: pl.Int64 if name == "raw_line" else pl.String for name in schema.columns})


def read_sources(raw: RawFolder) -> SourceFiles:
    """Return source.toml of every folder."""
    return raw.once(SOURCES, lambda: _read_sources(raw))


def _read_sources(raw: RawFolder) -> SourceFiles:
    typed_keys = [name for name in SOURCE_TOML.columns if name not in READER_COLUMNS]
    rows: list[dict[str, Any]] = []
    places: dict[str, dict[str, int]] = {}
    defects = _folder_defects(raw)
    for source_id in raw.source_ids():
        path = raw.folder(source_id) / SOURCES
        content, lines, wrong = read_toml(path, raw=raw.path)
        defects += wrong
        if wrong:
            continue
        file = path.relative_to(raw.path).as_posix()
        flat = _flat(content)
        places[source_id] = lines
        for key in sorted(set(flat) - set(typed_keys)):
            expected = f"only the keys {', '.join(typed_keys)}{nearest(key, typed_keys)}"
            defects.append(Defect(file, lines.get(key, 1), key, "extra_key", key, expected))
        missing = sorted(set(typed_keys) - set(flat))
        defects += [Defect(file, 1, key, "missing_key", "", f"a key {key}") for key in missing]
        row: dict[str, Any] = {"source_id": source_id, "raw_file": file, "raw_line": 1}
        for key in typed_keys:
            row[key], wrong = _as_text(key, flat.get(key), file, lines.get(key, 1))
            defects += wrong
        rows.append(row)
    frame = pl.DataFrame(rows, schema=_empty(SOURCE_TOML).schema)
    for defect in validate(frame, SOURCE_TOML):
        source_id = defect.file.split("/")[0]
        line = places[source_id].get(defect.column, 1)
        known = {(wrong.file, wrong.column) for wrong in defects}
        if (defect.file, defect.column) not in known:
            defects.append(Defect(defect.file, line, defect.column, defect.code, defect.found, defect.expected))
    return SourceFiles(frame, defects, places)


def _folder_defects(raw: RawFolder) -> list[Defect]:
    if not raw.path.is_dir():
        return [Defect(".", 1, "", "missing_folder", "", "a folder with codelists/ and one folder for each source")]
    folders = raw.folders()
    known = {name for name in folders if _IS_NAME.fullmatch(name)}
    expected = "the name of a source: small letters, digits and hyphens"
    strange = [name for name in folders if name not in known and raw.only in {None, name}]
    defects = [Defect(name, 1, "", "wrong_folder_name", name, expected) for name in strange]
    if raw.only is not None and raw.only not in folders:
        defects.append(Defect(raw.only, 1, "", "unknown_source", raw.only, f"the folder of a source{nearest(raw.only, known)}"))
    if not folders:
        defects.append(Defect(".", 1, "", "no_source", "", "a folder for at least one source; README.md in raw/ says how"))
    defects += _extra_files(raw, ".", BESIDE_SOURCES, {*folders, CODE_LIST_FOLDER})
    defects += _extra_files(raw, CODE_LIST_FOLDER, {f"{name}.csv" for name in CODE_LISTS})
    for source_id in raw.source_ids():
        defects += _extra_files(raw, source_id, SOURCE_FOLDER_FILES)
    return defects


def _extra_files(raw: RawFolder, folder: str, files: Collection[str], folders: Collection[str] = ()) -> list[Defect]:
    """Return a defect for each name in a folder that is neither of the files nor of the folders that may be there."""
    defects = []
    with suppress(OSError):  # told of the files that should be in it
        for name in sorted(os.listdir(raw.path / folder)):  # noqa: PTH208 (a Path for each of many files takes its time)
            if name not in files and name not in folders and not name.startswith("."):
                file = name if folder == "." else f"{folder}/{name}"
                only = ", ".join(sorted(files)) + (", and folders of sources" if folders else "")
                defects.append(Defect(file, 1, "", "extra_file", name, f"only {only}{nearest(name, files)}"))
    return defects


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{inner}": item for inner, item in value.items()}
        else:
            flat[key] = value
    return flat


def _as_text(key: str, value: object, file: str, line: int) -> tuple[str | None, list[Defect]]:
    kind: type = bool if key == "republish_text" else int if key in {f"expected.{name}" for name in ENTERED} else str
    if value is None:
        return None, []
    if type(value) is not kind:
        wanted = {
            bool: "true or false, without quotation marks",
            int: "a whole number",
            str: "text in quotation marks",
        }[kind]
        return None, [Defect(file, line, key, "wrong_type", str(value), wanted)]
    if isinstance(value, bool):
        return str(value).lower(), []
    return str(value) or None, []


def read_text(raw: RawFolder, source_id: str) -> tuple[str | None, str, list[Defect]]:
    """Return the text of a source in Unicode normal form C, the SHA-256 of its file, and its defects.

    Spans count the code points of this text. Line ends stay as they are; a byte-order mark is no part of it.
    """
    return raw.once(f"{source_id}/text.txt", lambda: _read_text(raw, source_id))


def _read_text(raw: RawFolder, source_id: str) -> tuple[str | None, str, list[Defect]]:
    file = f"{source_id}/text.txt"
    try:
        data = raw.original(source_id)
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except FileNotFoundError:
        return None, "", [Defect(file, 1, "", "missing_file", "", "this file")]
    except OSError as error:
        return None, "", [Defect(file, 1, "", "unreadable_file", "", f"a file that can be read ({error.strerror})")]
    except UnicodeDecodeError as error:
        found = f"bytes {data[error.start : error.end].hex(' ')}"
        return None, "", [Defect(file, data[: error.start].count(b"\n") + 1, "", "not_utf8", found, "UTF-8")]
    if not text.strip():
        return None, "", [Defect(file, 1, "", "empty_file", "", "the text of the document")]
    return text, hashlib.sha256(data).hexdigest(), []
