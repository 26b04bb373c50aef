"""A folder in which a release is due beside an older one, and what has to be true of it whatever
happens.
"""

import hashlib
import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple

from tests.kills.system_calls import Decide, Ended, run_forked, run_watched

ROOT = Path(__file__).parent.parent.parent
OLD, DUE = "1.0.0", "1.0.1"
DATABASE = "civil_society.duckdb"
COPY = "copy"

_NOTES = "mfa-2011-12-23/observations.csv"

Files = dict[str, str]


class Said(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


class Begun(NamedTuple):
    """A command at work: the number of its process, and where it prints to."""

    process: int
    printed: Path


class Stage:
    """A folder with raw/ and outputs/, and a second place for copies, in which commands run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outputs = folder / "outputs"
        self.places = (self.outputs, folder / COPY, folder / "tmp")
        self._number = 0

    def copy_to(self, folder: Path, *, is_cold: bool) -> "Stage":
        """Return a copy of it; a cold one has nothing in its cache."""
        shutil.copytree(self.folder, folder, symlinks=True)
        if is_cold:
            shutil.rmtree(folder / "outputs" / ".cache")
        return Stage(folder)

    def release(self) -> Said:
        """Run `facts release` to its end."""
        return self.said(self.begin_release())

    def begin_release(self) -> Begun:
        """Begin to run `facts release`."""
        printed = self._printed()
        return Begun(run_forked(self._command(printed)), printed)

    def said(self, begun: Begun) -> Said:
        """Wait for a release that was begun, and return what it said."""
        status = os.waitstatus_to_exitcode(os.waitpid(begun.process, 0)[1])
        return _said(status, begun.printed)

    def release_watched(self, decide: Decide, most_bytes: int | None = None) -> tuple[Said, Ended]:
        """Run `facts release` while it is decided on each of its calls."""
        printed = self._printed()
        ended = run_watched(self._command(printed, most_bytes), self.places, decide)
        return _said(ended.status, printed), ended

    def _printed(self) -> Path:
        """Return where another command prints to."""
        self._number += 1
        return self.folder / f"out-{self._number}"

    def _command(self, printed: Path, most_bytes: int | None = None) -> Callable[[], int]:
        def run() -> int:
            os.chdir(self.folder)
            os.environ["TMPDIR"] = str(self.folder / "tmp")
            for stream, path in enumerate((printed, _errors(printed)), start=1):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), stream)
            if most_bytes is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
            # not before: what it imports starts threads, which a fork does not survive
            from pipeline.cli import main  # noqa: PLC0415

            return main(["release", "--copy-to", f"file://{self.folder / COPY}"])

        return run

    def raise_version(self) -> None:
        """Change a note, and enter the row of the release that is due since then."""
        path = self.folder / "raw" / _NOTES
        heading, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
        place = heading.rstrip("\n").split(",").index("note")
        assert first.count(",") == heading.count(","), "a quoted cell in the first row"
        cells = first.rstrip("\n").split(",")
        cells[place] = "entered twice"
        path.write_text("".join((heading, ",".join(cells) + "\n", *rest)), encoding="utf-8")
        with (self.folder / "raw" / "releases.csv").open("a", encoding="utf-8") as file:
            file.write(f"{DUE},2026-12-01,{OLD},we erred in a note\n")

    def published(self, version: str) -> Files:
        """Return the hashes of a release, its zip and its hash, here and in the second place."""
        return {
            name: digest
            for name, digest in self.files().items()
            if name.startswith((f"outputs/releases/{version}", f"{COPY}/{version}"))
        }

    def files(self) -> Files:
        """Return the hashes of all files but those of raw/, by their path."""
        return dict(self._files())

    def _files(self) -> Iterator[tuple[str, str]]:
        for folder, names, files in os.walk(self.folder):
            here = Path(folder).relative_to(self.folder)
            names[:] = [name for name in names if (here / name).as_posix() != "raw"]
            if not names and not files:
                yield f"{here.as_posix()}/", ""
            for name in (*files, *(one for one in names if Path(folder, one).is_symlink())):
                path = Path(folder, name)
                is_link = path.is_symlink()
                content = b"" if is_link else path.read_bytes()
                yield (here / name).as_posix(), hashlib.sha256(content).hexdigest()


def _errors(printed: Path) -> Path:
    return printed.with_name(f"{printed.name}-err")


def _said(status: int, printed: Path) -> Said:
    said = Said(status, printed.read_text(), _errors(printed).read_text())
    printed.unlink()
    _errors(printed).unlink()
    return said


def first_stage(folder: Path) -> Stage:
    """Return a stage on which the old release was published, and the next is due.

    Its cache holds what was found in the old state of raw/.
    """
    shutil.copytree(ROOT / "raw", folder / "raw")
    (folder / "tmp").mkdir()
    (folder / COPY).mkdir()
    path = folder / "raw" / "releases.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:2]), encoding="utf-8")
    stage = Stage(folder)
    said = stage.release()
    assert said.status == 0, said
    stage.raise_version()
    return stage


def database_opens(stage: Stage, rows: set[int]) -> bool:
    """Whether the DuckDB file, if it is there, can be read and has one of these numbers of rows
    that tell of releases.
    """
    path = stage.outputs / DATABASE

    def read() -> int:
        import duckdb  # noqa: PLC0415 (see Stage)

        with duckdb.connect(str(path), read_only=True) as con:
            (found,) = con.sql("SELECT count(*) FROM releases").fetchall()
            counted = con.sql("SELECT count(*) FROM facts").fetchall()
        return 0 if found[0] in rows and counted == [(50,)] else 1

    if not path.is_symlink() and not path.exists():
        return True
    return os.waitstatus_to_exitcode(os.waitpid(run_forked(read), 0)[1]) == 0


def strays(stage: Stage, expected: Files) -> list[str]:
    """Return what is wrong with the files that stand there after a release that ended well, where
    an undisturbed one leaves `expected`.
    """
    found = stage.files()
    builds = [name for name in found if _is_build(name)]
    wrong = [f"more builds than two: {builds}"] if len(builds) > 2 else []
    for name in found.keys() | expected.keys():
        if _is_build(name):
            continue
        if name.startswith("outputs/.cache/"):
            if name in found and not _is_finished(stage.folder / name):
                wrong.append(f"{name} is no finished entry")
        elif name not in found:
            wrong.append(f"{name} is missing")
        elif name not in expected:
            wrong.append(f"{name} is a stray")
        elif found[name] != expected[name]:
            wrong.append(f"{name} is another")
    return sorted(wrong)


def leftovers(stage: Stage) -> list[str]:
    """Return the hidden files of outputs/ that only a build at work may have there."""
    allowed = ("outputs/.cache/", "outputs/.build.lock")
    return [
        name
        for name in stage.files()
        if "/." in name and not name.startswith(allowed) and not _is_build(name)
    ]


def _is_build(name: str) -> bool:
    path = Path(name)
    return path.parent.name == "outputs" and path.name.endswith(f".{DATABASE}")


def _is_finished(entry: Path) -> bool:
    content = entry.read_bytes()
    size = hashlib.sha256().digest_size
    return len(entry.name) == 2 * size and (
        hashlib.sha256(content[size:]).digest() == content[:size]
    )


def import_libraries() -> None:
    """Import what a release imports, once for all that are run: each is a fork of this process,
    in which nothing may have been computed, since that starts threads.
    """
    for name in (
        "filelock",
        "pandera.strategies.base_strategies",
        "pyarrow.compute",
        "unicode_rbnf",
    ):
        import_module(name)
    for name in ("pipeline.cli.release", "pipeline.release.page.charts"):
        import_module(name)
    for module in iter_modules(import_module("pipeline.release.page.charts").__path__):
        import_module(f"pipeline.release.page.charts.{module.name}")
    page = import_module("pipeline.release.page")
    pages = page._environment()  # noqa: SLF001 (a sixth of the time of a release)
    for name in pages.list_templates():
        pages.get_template(name)
    names = {Path(task, "comm").read_text() for task in Path("/proc/self/task").iterdir()}
    assert not any("rayon" in name or "async-executor" in name for name in names), names
