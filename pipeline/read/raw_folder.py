"""The folder raw/: which sources it has, and every file of it read and checked by itself.

Belongs here: finding files and reading each kind with its schema. Does not belong here: checks that
need more than one file; these come where the tables are joined.
"""

import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.defects import Defect, as_table, nearest, with_advice
from pipeline.parts import HERE, Parts, Value
from pipeline.read.csv_file import read_csv_files
from pipeline.read.listing import FILE, FOLDER, Listing, list_folder
from pipeline.read.plain_file import read_bytes, read_plain_text
from pipeline.read.releases import history_defects
from pipeline.read.validate import validate, without
from schemas.code_lists import CODE_LISTS
from schemas.columns import SOURCE_ID
from schemas.raw_files import FINDINGS_CSV, RELEASES_CSV, SOURCE_FILES

CODE_LIST_FOLDER = "codelists"
DOCUMENTS = "documents"
"""The part of raw/ that the folders of all sources make."""
SOURCES = "source.toml"
TEXT = "text.txt"
RULES_FILE = "rules.toml"
FINDINGS_FILE = "findings.csv"
RELEASES_FILE = "releases.csv"
PUBLICATION_FILE = "publication.toml"
OF_RELEASES = (FINDINGS_FILE, RELEASES_FILE, PUBLICATION_FILE)
"""The parts of raw/ that say nothing of facts, and stand against a release where they are wrong."""
BESIDE = (CODE_LIST_FOLDER, RULES_FILE, *OF_RELEASES)
"""The parts of raw/ besides its documents."""

SOURCE_FOLDER_FILES = {SOURCES, TEXT, RULES_FILE, *(f"{name}.csv" for name in SOURCE_FILES)}
CODE_LIST_FILES = {f"{name}.csv" for name in CODE_LISTS}
README = "README.md"
_KNOWN = {"": {RULES_FILE, *OF_RELEASES, README}, CODE_LIST_FOLDER: CODE_LIST_FILES}
"""The files that raw/ has besides those of its sources, by folder."""

_IS_NAME = re.compile(SOURCE_ID)

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class RawFolder:
    """A folder of hand-entered files, narrowed to one source where `only` names it."""

    path: Path
    only: str | None = None
    parts: Parts = field(default=HERE, compare=False)
    """Where the parts of its texts are read."""

    @cached_property
    def top(self) -> Listing:
        """What stands in raw/ itself."""
        return self._listed("")

    @cached_property
    def listings(self) -> dict[str, Listing]:
        """What stands in raw/ itself (""), and in each folder of it that is read, by its name."""
        lists = [CODE_LIST_FOLDER] if CODE_LIST_FOLDER in self.top.folders else []
        return {"": self.top, **{name: self._listed(name) for name in (*lists, *self.source_ids())}}

    def _listed(self, folder: str) -> Listing:
        wanted = dict.fromkeys(_KNOWN.get(folder, SOURCE_FOLDER_FILES), FILE) | (
            {} if folder else {CODE_LIST_FOLDER: FOLDER}
        )
        return list_folder(self.path, folder, wanted)

    def source_ids(self) -> list[str]:
        """Return the names of the source folders, sorted, without those that no source can have."""
        return [name for name in self.all_source_ids() if self.only in {None, name}]

    def all_source_ids(self) -> list[str]:
        """Return the names of all source folders, also where one alone is looked at."""
        return [name for name in self.folders() if _IS_NAME.fullmatch(name)]

    def folders(self) -> list[str]:
        """Return the names of the folders that should be those of sources, sorted."""
        return sorted(self.top.folders - {CODE_LIST_FOLDER})

    def has(self, file: str) -> bool:
        """Return whether there is a plain file of this name, by its path in raw/."""
        folder, _, name = file.rpartition("/")
        return folder in self.listings and name in self.listings[folder].files

    def is_unfit(self, file: str) -> bool:
        """Return whether what stands in place of a file, or of its folder, is a defect already."""
        folder, _, name = file.rpartition("/")
        if folder and folder not in self.top.folders:
            return folder in self.top.unfit or not self.top.is_readable
        listing = self.listings[folder]
        return not listing.is_readable or name in listing.unfit

    def originals(self) -> dict[str, bytes]:
        """Return every file that is read, byte for byte, by its path in raw/."""
        paths = [
            f"{folder}/{name}".removeprefix("/")
            for folder in ("", CODE_LIST_FOLDER, *self.source_ids())
            for name in sorted(_KNOWN.get(folder, SOURCE_FOLDER_FILES) - {README})
        ]
        return {
            path: content
            for path in paths
            if self.has(path) and (content := read_bytes(self.path, path)[0]) is not None
        }


@dataclass(frozen=True)
class Typed:
    """The rows of one kind of file, from every folder that has it, as typed, and what is wrong with
    them.

    `lacking` are the files of which rows could not be read, `nameless` these and those in which the
    name of a row is a defect or a row could not be read: what they seem not to hold may be there.
    `lost` are the cells of such rows, with their file.
    """

    rows: pl.DataFrame
    defects: list[Defect]
    lacking: frozenset[str] = frozenset()
    nameless: frozenset[str] = frozenset()
    lost: tuple[tuple[str, str], ...] = ()

    @property
    def given(self) -> Mapping[str, Value]:
        """All that is known of them."""
        files = repr((sorted(self.lacking), sorted(self.nameless), self.lost))
        return {"rows": self.rows, "defects": as_table(self.defects), "files": files}

    def sound(self) -> "Typed":
        """Return the rows none of whose cells is a defect: a cell that is one is not used
        further.
        """
        return replace(self, rows=without(self.rows, self.defects))


def read_code_list(raw: RawFolder, name: str) -> Typed:
    """Return a code list as typed."""
    return _read(raw, [f"{CODE_LIST_FOLDER}/{name}.csv"], CODE_LISTS[name])


def read_facts(raw: RawFolder, name: str) -> Typed:
    """Return the rows of one CSV file from every source's folder; a source without the file has no
    such rows.
    """
    return _read_those_there(
        raw, [f"{source_id}/{name}.csv" for source_id in raw.source_ids()], SOURCE_FILES[name]
    )


def read_findings(raw: RawFolder) -> Typed:
    """Return the acknowledged findings; no file means none."""
    return _read_those_there(raw, [FINDINGS_FILE], FINDINGS_CSV)


def read_releases(raw: RawFolder) -> Typed:
    """Return the history of releases; no file means that there is none yet."""
    typed = _read_those_there(raw, [RELEASES_FILE], RELEASES_CSV)
    if typed.nameless:  # a row may follow from one that is not there
        return typed
    return replace(typed, defects=typed.defects + history_defects(typed.sound().rows))


def release_defects(given: Mapping[str, Typed]) -> list[Defect]:
    """Return what is wrong with the parts of raw/ that say nothing of facts."""
    return [defect for name in OF_RELEASES for defect in given[name].defects]


def _read_those_there(raw: RawFolder, files: list[str], schema: DataFrameSchema) -> Typed:
    return _read(raw, [file for file in files if raw.has(file) or raw.is_unfit(file)], schema)


def _read(raw: RawFolder, files: list[str], schema: DataFrameSchema) -> Typed:
    fit = [file for file in files if not raw.is_unfit(file)]
    read = read_csv_files(raw.path, fit, schema)
    rows, defects = read.rows, read.defects
    defects = with_advice(defects, validate(rows, schema, raw.parts))
    name = (schema.unique or [""])[-1]
    nameless = {
        defect.file for defect in defects if defect.column == name and defect.code != "duplicate"
    }
    _LOG.info(
        "Read %s: %s rows of %s files, %s defects.",
        schema.name,
        rows.height,
        len(files),
        len(defects),
    )
    lacking = frozenset({*files} - {*fit} | read.lacking)
    return Typed(
        rows,
        defects,
        lacking,
        lacking | nameless | {file for file, _ in read.lost},
        tuple(read.lost),
    )


def folder_defects(raw: RawFolder) -> list[Defect]:
    """Return what is wrong with the names in raw/ and with what stands there, whatever it holds."""
    if not raw.path.is_dir() or raw.path.is_symlink():
        where = (
            "; a link is not followed: name the folder that it leads to"
            if raw.path.is_symlink()
            else ""
        )
        expected = f"a folder with codelists/ and one folder for each source{where}"
        return [Defect(".", 1, "", "missing_folder", "", expected)]
    folders = raw.folders()
    known = set(raw.all_source_ids())
    expected = "the name of a source: small letters, digits and hyphens"
    strange = [name for name in folders if name not in known and raw.only in {None, name}]
    defects = [Defect(name, 1, "", "wrong_folder_name", name, expected) for name in strange]
    if raw.only is not None and raw.only not in {*folders, *raw.top.unfit}:
        expected = f"the folder of a source; there is none of this name{nearest(raw.only, known)}"
        defects.append(Defect(raw.only, 1, "", "unknown_source", "", expected))
    if not folders and raw.top.is_readable:
        defects.append(
            Defect(
                ".",
                1,
                "",
                "no_source",
                "",
                "a folder for at least one source; README.md in raw/ says how",
            )
        )
    return defects + [defect for listing in raw.listings.values() for defect in listing.defects]


def read_texts(raw: RawFolder) -> Typed:
    """Return the text of each source in Unicode normal form C: source_id, text, and the SHA-256 of
    its file, sha256.

    Spans count the code points of this text. Line ends stay as they are; a byte-order mark is no
    part of it.
    """
    rows = []
    defects: list[Defect] = []
    for source_id in raw.source_ids():
        file = f"{source_id}/{TEXT}"
        if raw.is_unfit(file):
            continue
        text, data, wrong = read_plain_text(raw.path, file)
        if text is not None and not text.strip():
            wrong = [Defect(file, 1, "", "empty_file", "", "the text of the document")]
        defects += wrong
        if not wrong:
            rows.append((source_id, text, hashlib.sha256(data).hexdigest()))
    shape = dict.fromkeys(("source_id", "text", "sha256"), pl.String)
    return Typed(pl.DataFrame(rows, schema=shape, orient="row"), defects)
