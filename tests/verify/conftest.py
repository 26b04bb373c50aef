"""The release that is checked, and a copy of it that a test may spoil."""

import shutil
from pathlib import Path

import pytest

from pipeline.check import Checked
from tests.test_release import published


@pytest.fixture(scope="module")
def release(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(article, tmp_path_factory.mktemp("outputs"))


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    """A copy of the release that a test may spoil."""
    return Path(shutil.copytree(release, tmp_path / "copy"))
