"""Where a run reads and writes: raw/, the tables handed on under outputs/tables/, and the state
that each was built from.

A table's state is a hash of the code, of those parts of raw/ that its step reads, and of the states
of the tables that it needs: two tables fit together where each has the state that it would have if
it were built now. Belongs here: keeping tables between assets, and telling states apart. Does not
belong here: Dagster, or what a table holds.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect
from pipeline.durable import aside, one_build_at_a_time, swap_in
from pipeline.fingerprint import code_version, digest_of, hash_of
from pipeline.parts import HERE, Parts
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import BESIDE, DOCUMENTS, RawFolder
from pipeline.release.database import FILE
from pipeline.steps import STEPS, Step
from schemas.columns import shape_of
from schemas.tables import TABLES, empty

DATABASE = FILE.replace(".", "_")
RELEASE = "release"
"""The assets of what is published."""

_STATE = "built_from"
_CONTENT = "content"
_REMARKS = "remarks"
_TOLD = ("check_results", "check_facts", "findings")
"""The tables whose rows say what checks said."""


@dataclass(frozen=True)
class Snapshot:
    """What a run works on: raw/ as it was when the run began, each table of it read once, and the
    hashes of its parts.
    """

    read: RawTables
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
    reading: Parts = field(default=HERE, compare=False)
    """Where the parts of the texts are read."""

    _of_run: dict[str, Snapshot] = field(default_factory=dict, compare=False, repr=False)

    def alone(self) -> AbstractContextManager[None]:
        """Hold the lock of outputs/: while a step reads, builds and writes, no step of another run
        does.
        """
        return one_build_at_a_time(self.outputs)

    def snapshot(self, run_id: str) -> Snapshot:
        """Return what a run works on."""
        if run_id not in self._of_run:
            self._of_run.clear()
            self._of_run[run_id] = Snapshot(self.read(), self.parts())
        return self._of_run[run_id]

    def read(self) -> RawTables:
        """Return the tables of raw/, of which none has been read."""
        return RawTables(RawFolder(self.raw, parts=self.reading))

    def documents(self) -> list[str]:
        """Return the folders of the sources."""
        return RawFolder(self.raw).source_ids()

    def parts(self) -> dict[str, str]:
        """Return the hash of each part of raw/ as it is now: the folder of each source, all of
        them, and what lies beside.
        """
        documents = {name: hash_of(self.raw / name) for name in self.documents()}
        together = digest_of(text for document in documents.items() for text in document)
        return {
            **documents,
            DOCUMENTS: together,
            **{name: hash_of(self.raw / name) for name in BESIDE},
        }

    def states(self, parts: Mapping[str, str]) -> dict[str, str]:
        """Return the state that each table has if it is built from these parts of raw/."""
        states: dict[str, str] = {}
        for step in STEPS:
            states |= dict.fromkeys(step.tables, state_of_step(step, parts, states))
        return states

    def write_table(self, name: str, built: Built, state: str, content: str = "") -> None:
        """Keep a table for the assets that come after, with the hash of its values where that is
        known, and what was remarked; whatever stops this, the old one stays whole.
        """
        path = self._path(name)
        known = {_STATE: state, _CONTENT: content, _REMARKS: json.dumps(dict(built.remarks))}
        with aside(path) as written:
            built.table.write_parquet(written, metadata=known)
            swap_in(path)

    def read_tables(self, names: Iterable[str]) -> dict[str, pl.DataFrame]:
        """Return the tables of some names; raises FileNotFoundError where one is not kept."""
        return {name: pl.read_parquet(self._path(name), glob=False) for name in names}

    def state_of(self, name: str) -> str | None:
        """Return the state that a kept table was built from, or None where there is none."""
        return self._metadata_of(name).get(_STATE)

    def content_of(self, name: str) -> str | None:
        """Return the hash of the values of a kept table, or None where it is not known."""
        return self._metadata_of(name).get(_CONTENT) or None

    def _metadata_of(self, name: str) -> dict[str, str]:
        path = self._path(name)
        return pl.read_parquet_metadata(path) if path.exists() else {}

    def head_of(self, name: str, rows: int) -> tuple[pl.DataFrame, int]:
        """Return the first rows of a kept table, and how many it has."""
        kept = pl.scan_parquet(self._path(name), glob=False)
        return kept.head(rows).collect(), kept.select(pl.len()).collect().item()

    def standing(self, names: Iterable[str], state: str | None = None) -> dict[str, Built]:
        """Return tables that are kept as if they had been built now, or none of them where one is
        not there with its columns, and in this state; what has defects is never kept.

        Rows are read only where they say what checks said.
        """
        found = {}
        for name in names:
            known, path = self._metadata_of(name), self._path(name)
            is_of_it = state is None or (known.get(_STATE) == state and known.get(_CONTENT))
            if not known or not is_of_it or pl.read_parquet_schema(path) != shape_of(TABLES[name]):
                return {}
            rows = self.read_tables([name])[name] if name in _TOLD else empty(name)
            found[name] = Built(rows, [], json.loads(known.get(_REMARKS, "{}")))
        return found

    def has(self, asset: str) -> bool:
        """Return whether the release stands, or the DuckDB file."""
        place = "releases/*/SHA256SUMS" if asset == RELEASE else FILE
        return any(self.outputs.glob(place))

    def root_of(self, defect: Defect) -> str:
        """Return the folder that a defect stands in, as the command line prints it."""
        folder = self.outputs if defect.file.endswith(".parquet") else self.raw
        here = Path.cwd()
        is_named = folder.is_absolute() and folder.is_relative_to(here)
        return (folder.relative_to(here) if is_named else folder).as_posix()

    def out_of_date(self) -> list[Defect]:
        """Return a defect for each published table that is not what raw/ and the code give as they
        are now.
        """
        return [
            Defect(
                f"tables/{name}.parquet",
                1,
                "",
                "out_of_date",
                "",
                f"built from raw/ and code as they are: materialise {name}",
            )
            for name, state in self.states(self.parts()).items()
            if self.state_of(name) != state
        ]

    def _path(self, name: str) -> Path:
        return self.outputs / "tables" / f"{name}.parquet"


def state_of_step(step: Step, parts: Mapping[str, str], states: Mapping[str, str | None]) -> str:
    """Return the state of the tables that a step builds from parts of raw/ with these hashes and
    tables of these states.
    """
    return digest_of(
        [
            code_version(),
            *(parts[name] for name in step.parts),
            *(str(states[name]) for name in step.built_before),
        ]
    )
