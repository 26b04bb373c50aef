"""Where a run reads and writes: raw/, the tables handed on under outputs/tables/, and the state that they were built from.

Belongs here: keeping tables between assets, and telling tables of different states apart. Does not belong here: Dagster,
or what a table holds.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from pipeline.sources.raw_folder import RawFolder

MIXED = "mixed"
"""The state of a table whose inputs were not all built from raw/ and code as they were."""

_STATE = b"built_from"
_CODE = {".py", ".sql", ".toml", ".html", ".css", ".txt"}
_SHAPING = ("duckdb", "edtf", "jinja2", "pandera", "polars", "pyarrow", "text2num", "z3-solver")


@dataclass(frozen=True)
class Workspace:
    """A raw/ and an outputs/ folder."""

    raw: Path
    outputs: Path
    tell: Callable[[str], None] = field(default=lambda _: None, compare=False)
    """Told what is being built, for a person who waits."""

    def raw_folder(self) -> RawFolder:
        """Return raw/ as it is now, nothing read yet."""
        return RawFolder(self.raw)

    def state(self) -> str:
        """Return the hash of raw/ and of the code as they are now."""
        digest = hashlib.sha256()
        paths = [path for path in self.raw.rglob("*") if path.is_file() and not path.name.startswith(".")]
        for path in sorted(paths):
            _feed(digest, path.relative_to(self.raw).as_posix(), path.read_bytes())
        for package in ("pipeline", "schemas"):
            root = Path(str(files(package)))
            for path in sorted(path for path in root.rglob("*") if path.suffix in _CODE):
                _feed(digest, f"{package}/{path.relative_to(root).as_posix()}", path.read_bytes())
        for name in _SHAPING:
            _feed(digest, name, version(name).encode())
        return digest.hexdigest()

    def write_table(self, name: str, table: pl.DataFrame, state: str) -> Path:
        """Keep a table for the assets that come after; whatever stops this, the one that was there stays whole."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        arrow = table.to_arrow().replace_schema_metadata({_STATE: state.encode()})
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        pq.write_table(arrow, aside, compression="zstd")
        aside.replace(path)
        return path

    def read_table(self, name: str) -> pl.DataFrame:
        """Return a table that was kept; raises FileNotFoundError where none is."""
        return pl.DataFrame(pq.read_table(self._path(name)))

    def read_tables(self, names: Iterable[str]) -> dict[str, pl.DataFrame]:
        """Return the tables of some names."""
        return {name: self.read_table(name) for name in names}

    def state_of(self, name: str) -> str | None:
        """Return the state that a kept table was built from, or None where there is none."""
        path = self._path(name)
        if not path.exists():
            return None
        state = (pq.read_schema(path).metadata or {}).get(_STATE)
        return state.decode() if isinstance(state, bytes) else None

    def out_of_date(self, names: Iterable[str], state: str) -> list[str]:
        """Return those tables that are not there or were not built from this state."""
        return [name for name in names if self.state_of(name) != state]

    def _path(self, name: str) -> Path:
        return self.outputs / "tables" / f"{name}.parquet"


def _feed(digest: "hashlib._Hash", name: str, content: bytes) -> None:
    for part in (name.encode(), content):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
