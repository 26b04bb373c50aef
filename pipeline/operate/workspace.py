"""Where a run reads and writes: raw/, the tables handed on under outputs/tables/, and the state that each was built from.

A table's state is a hash of the code, of those parts of raw/ that its step reads, and of the states of the tables that it needs:
two tables fit together where each has the state that it would have if it were built now. Belongs here: keeping tables
between assets, and telling states apart. Does not belong here: Dagster, or what a table holds.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import polars as pl

from pipeline.defects import Defect
from pipeline.read.plain_file import is_plain, read_bytes
from pipeline.read.raw_folder import CODE_LIST_FOLDER, DOCUMENTS, FINDINGS_FILE, RELEASES_FILE, RULES_FILE, RawFolder
from pipeline.release.durable import one_build_at_a_time
from pipeline.steps import STEPS, Step

GONE = "gone"
"""The hash of a part of raw/ that is not there."""

_STATE = "built_from"
_SHAPING = ("duckdb", "jinja2", "pandera", "polars", "pyarrow", "babel", "unicode-rbnf", "z3-solver")
_BESIDE = (CODE_LIST_FOLDER, RULES_FILE, FINDINGS_FILE, RELEASES_FILE)


@dataclass(frozen=True)
class Snapshot:
    """What a run works on: raw/ as it was when the run began, each file read once, and the hashes of its parts."""

    raw: RawFolder
    parts: Mapping[str, str]


@dataclass(frozen=True)
class Workspace:
    """A raw/ and an outputs/ folder."""

    raw: Path
    outputs: Path
    tell: Callable[[str], None] = field(default=lambda _: None, compare=False)
    """Told what is being built, for a person who waits."""
    releases_url: str | None = None
    """Where a browser finds outputs/releases/, if it is served."""

    _of_run: dict[str, Snapshot] = field(default_factory=dict, compare=False, repr=False)

    def alone(self) -> AbstractContextManager[None]:
        """Hold the lock of outputs/: while a step reads, builds and writes, no step of another run does."""
        return one_build_at_a_time(self.outputs)

    def snapshot(self, run_id: str) -> Snapshot:
        """Return what a run works on."""
        if run_id not in self._of_run:
            self._of_run.clear()
            self._of_run[run_id] = Snapshot(RawFolder(self.raw), self.parts())
        return self._of_run[run_id]

    def documents(self) -> list[str]:
        """Return the folders of the sources."""
        return RawFolder(self.raw).source_ids()

    def parts(self) -> dict[str, str]:
        """Return the hash of each part of raw/ as it is now: the folder of each source, all of them, and what lies beside."""
        documents = {name: _hash_of(self.raw / name) for name in self.documents()}
        together = digest_of(text for document in documents.items() for text in document)
        return {**documents, DOCUMENTS: together, **{name: _hash_of(self.raw / name) for name in _BESIDE}}

    def states(self, parts: Mapping[str, str]) -> dict[str, str]:
        """Return the state that each table has if it is built from these parts of raw/."""
        states: dict[str, str] = {}
        for step in STEPS:
            states |= dict.fromkeys(step.tables, state_of_step(step, parts, states))
        return states

    def write_table(self, name: str, table: pl.DataFrame, state: str) -> None:
        """Keep a table for the assets that come after; whatever stops this, the old one stays whole."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        table.write_parquet(aside, metadata={_STATE: state})
        aside.replace(path)

    def read_tables(self, names: Iterable[str]) -> dict[str, pl.DataFrame]:
        """Return the tables of some names; raises FileNotFoundError where one is not kept."""
        return {name: pl.read_parquet(self._path(name), glob=False) for name in names}

    def state_of(self, name: str) -> str | None:
        """Return the state that a kept table was built from, or None where there is none."""
        path = self._path(name)
        return pl.read_parquet_metadata(path).get(_STATE) if path.exists() else None

    def out_of_date(self) -> list[Defect]:
        """Return a defect for each published table that is not what raw/ and the code give as they are now."""
        return [
            Defect(
                f"tables/{name}.parquet", 1, "", "out_of_date", "", f"built from raw/ and code as they are: materialise {name}"
            )
            for name, state in self.states(self.parts()).items()
            if self.state_of(name) != state
        ]

    def _path(self, name: str) -> Path:
        return self.outputs / "tables" / f"{name}.parquet"


def state_of_step(step: Step, parts: Mapping[str, str], states: Mapping[str, str | None]) -> str:
    """Return the state of the tables that a step builds from parts of raw/ with these hashes and tables of these states."""
    return digest_of([code_version(), *(parts[name] for name in step.reads), *(str(states[name]) for name in step.needs)])


@cache
def code_version() -> str:
    """Return the hash of the code, and of the libraries that shape what it makes."""
    roots = (Path(str(files(package))) for package in ("pipeline", "schemas"))
    return digest_of([*map(_hash_of, roots), *map(version, _SHAPING)])


def _hash_of(path: Path) -> str:
    """Return the hash of a file, or of the names and contents of all files of a folder; nothing there is a state, too."""
    if not os.path.lexists(path):
        return GONE
    return digest_of(text for file in files_of(path) for text in (file.relative_to(path).as_posix(), content_hash(file)))


def files_of(path: Path) -> list[Path]:
    """Return a plain file, or all plain files of a folder but hidden ones and what Python keeps for itself, sorted."""
    if path.is_symlink() or not path.is_dir():
        return [path] if is_plain(path) else []
    within = (Path(folder, name) for folder, _, names in os.walk(path) for name in names if not name.startswith("."))
    return sorted(file for file in within if "__pycache__" not in file.parts and is_plain(file))


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file; a file that cannot be read is a state, too."""
    content = read_bytes(path.parent, path.name)[0]
    return "unreadable" if content is None else hashlib.sha256(content).hexdigest()


def digest_of(texts: Iterable[str]) -> str:
    """Return the SHA-256 of texts in their order."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}:{text}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
