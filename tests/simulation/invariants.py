"""What must be true after any step of a history, whatever happened in it."""

import hashlib
import os
from pathlib import Path

import duckdb

from pipeline.durable import left_by_builds
from pipeline.release.database import FILE

Files = dict[str, str]


def files_of(releases: Path, version: str) -> Files:
    """Return the hashes of the files of a release, by their path; its zip is one of them."""
    files = [Path(folder, name) for folder, _, names in os.walk(releases) for name in names]
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if (name := path.relative_to(releases).as_posix()).startswith(
            (f"{version}/", f"{version}.zip")
        )
    }


class Stands:
    """What was published in a folder, and must stand as it is for ever."""

    def __init__(self, folder: Path) -> None:
        """Take what is published there as it is."""
        self._folder = folder
        self._releases = folder / "outputs" / "releases"
        self._files: dict[str, Files] = {}
        self.versions: list[str] = []
        for path in sorted(self._releases.glob("[0-9]*.[0-9]*.[0-9]")):
            self.publish(path.name)

    def publish(self, version: str) -> None:
        """From now on a version stands, with its zip and that one's hash."""
        self.versions.append(version)
        self._files[version] = files_of(self._releases, version)
        content = (self._releases / f"{version}.zip").read_bytes()
        told = (self._releases / f"{version}.zip.sha256").read_text(encoding="utf-8")
        assert told == f"{hashlib.sha256(content).hexdigest()}  {version}.zip\n"

    def hold(self) -> None:
        """Hold that every release is as it was published, and that the DuckDB file opens."""
        for version, files in self._files.items():
            assert files_of(self._releases, version) == files, f"{version} is another"
        path = self._folder / "outputs" / FILE
        assert path.exists() == path.is_symlink()
        if path.exists():
            with duckdb.connect(str(path), read_only=True) as con:
                tables = con.sql("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
                for schema, name in tables:
                    con.table(f"{schema}.{name}").fetchall()
                assert con.sql("SELECT count(*) FROM facts").fetchall() > [(0,)]

    def hold_whatever_stopped(self, *, is_killed: bool) -> None:
        """Hold what must be so right after a build was stopped: nothing has a name of which there
        is half; what it had aside is gone, unless it was killed.
        """
        self.hold()
        for path in self._releases.glob("[0-9]*.[0-9]*.[0-9]"):
            lines = (path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
            for digest, name in (line.split("  ", 1) for line in lines):
                assert hashlib.sha256((path / name).read_bytes()).hexdigest() == digest, name
        if not is_killed:
            self.hold_nothing_left()

    def hold_nothing_left(self) -> None:
        """Hold that nothing is left of a build that was stopped."""
        assert left_by_builds(self._folder / "outputs") == []
        assert not list((self._folder / "tmp").iterdir())
        beside = self._folder / "outputs"
        assert len([one for one in beside.iterdir() if one.name.endswith(FILE)]) <= 3
