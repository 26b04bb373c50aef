"""The release that is checked, a copy of it that a test may spoil, and the release made again."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.check import Checked
from pipeline.release.opening import open_release
from pipeline.release.verification.failure import Failure
from pipeline.release.verification.listed_files import hashes_hold, measured
from pipeline.release.verification.remade import differing, make_again
from tests.test_release import published

Look = Callable[[Path], list[Failure]]


@pytest.fixture(scope="session")
def release(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(article, tmp_path_factory.mktemp("outputs"))


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    """A copy of the release that a test may spoil."""
    return Path(shutil.copytree(release, tmp_path / "copy"))


@pytest.fixture(scope="session")
def look(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Look:
    """What `facts verify` finds in a release whose raw.zip nobody touched: what that gives is made
    once.
    """
    folder = tmp_path_factory.mktemp("again")
    make_again(open_release(release), folder)

    def find(path: Path) -> list[Failure]:
        opened = open_release(path)
        hashes, unreadable = measured(opened)
        wrong = hashes_hold(opened, hashes)
        return [*unreadable, *wrong, *differing(opened, hashes, folder / "made")]

    return find
