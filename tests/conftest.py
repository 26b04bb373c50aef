import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from pipeline.built import Tables
from pipeline.check import Checked, check
from pipeline.cli import caching
from pipeline.kept import Kept
from pipeline.parts import HERE
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.release.release import with_history

pytest.register_assert_rewrite("tests.small_worlds")
settings.load_profile("ci")  # the same examples on any day, and no clock

ROOT = Path(__file__).parent.parent
SOURCE = "mfa-2011-12-23"
UV = os.environ.get("UV") or shutil.which("uv") or "uv"
"""What runs programs in an environment of their own."""

NEWEST = "2026-11-20T00:00:00Z"
"""What a package that is installed for a test must be older than, as in pyproject.toml."""

CHROMIUM = "/usr/bin/chromium"

Edit = Callable[[str, str, str], None]
Told = Callable[[], tuple[str, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each of two workers begin with half of the files of what takes longest, so that neither
    is left alone with it.

    At first each is given a half of all, and afterwards takes from the end of the other's. The UI
    waits most, and comes first; what a file has made once for its tests would be made twice by two
    workers.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    files = list(dict.fromkeys(item.path for item in slow))
    files.sort(key=lambda path: path.name != "test_ui_in_browser.py")
    begin, middle = (
        [item for path in files[which::2] for item in slow if item.path == path] for which in (0, 1)
    )
    others = [item for item in items if item not in slow]
    half = max(len(items) // 2 - len(begin), 0)
    items[:] = [*begin, *others[:half], *middle, *others[half:]]


@pytest.fixture(autouse=True, scope="session")
def what_was_found_once_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no test find again what another has found in the same text, file or facts, be it in the
    other worker: a third of the time of all tests.

    Whether that changes anything is tested itself (test_kept_after_edits).
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    object.__setattr__(HERE, "kept", Kept(shared / "found"))


@pytest.fixture(autouse=True)
def nothing_is_kept_in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands run anew in the outputs/ of the repository: what they run may be replaced by a
    test.
    """
    kept = caching.kept_of
    repository = (Path("outputs"), ROOT / "outputs")
    monkeypatch.setattr(
        caching,
        "kept_of",
        lambda options: None if options.outputs in repository else kept(options),
    )


@pytest.fixture
def raw_with_readings(tmp_path: Path) -> Path:
    """A copy of raw/ that a test may spoil, of which nothing is published yet: its first release is
    due.
    """
    return before_its_first_release(Path(shutil.copytree(ROOT / "raw", tmp_path / "raw")))


@pytest.fixture
def raw(raw_with_readings: Path) -> Path:
    """The same without most other readings of the article, which take half of the time of a check;
    two rules look at nothing without those that are left.
    """
    path = raw_with_readings / SOURCE / "readings.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if line.startswith(("fact_id,", "growth,"))))
    return raw_with_readings


@pytest.fixture
def edit(raw: Path) -> Edit:
    """Replace words that stand once in a file of raw/."""

    return lambda file, old, new: put(raw / file, old, new)


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]) -> Told:
    """What was printed to standard output and to standard error since the last time."""
    return lambda: tuple(capfd.readouterr())  # type: ignore[return-value]  # of two


@pytest.fixture(scope="session")
def article() -> Checked:
    """The article as it is entered, checked."""
    return check(ROOT / "raw")


@pytest.fixture(scope="session")
def with_releases(article: Checked) -> Tables:
    """The tables of the article, with those about the releases of the repository."""
    return with_history(
        article.tables, ROOT / "outputs", read_releases(RawFolder(ROOT / "raw")).rows
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for a module: its event loop runs until it is closed, and no other
    test may find it running.
    """
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )


def put(path: Path, old: str, new: str) -> None:
    """Replace words that stand once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def before_its_first_release(raw: Path) -> Path:
    """Leave one row in releases.csv of a copy of raw/, so that it can be released where no other
    release stands.
    """
    heading, first, *_ = (
        (raw / "releases.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    )
    (raw / "releases.csv").write_text(heading + first, encoding="utf-8")
    return raw


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def isolated(packages: tuple[str, ...], *command: str) -> list[str]:
    """Return the command that runs another in an environment of its own, which has these
    packages.
    """
    wanted = [part for package in packages for part in ("--with", package)]
    return [
        UV,
        "run",
        "--quiet",
        "--isolated",
        "--no-project",
        "--exclude-newer",
        NEWEST,
        *wanted,
        *command,
    ]
