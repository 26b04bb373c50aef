import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.check import Checked, check

pytest.register_assert_rewrite("tests.small_worlds")

ROOT = Path(__file__).parent.parent
SOURCE = "mfa-2011-12-23"
UV = os.environ.get("UV") or shutil.which("uv") or "uv"
"""What runs programs in an environment of their own."""

Edit = Callable[[str, str, str], None]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A copy of raw/ that a test may spoil."""
    return Path(shutil.copytree(ROOT / "raw", tmp_path / "raw"))


@pytest.fixture
def edit(raw: Path) -> Edit:
    """Replace words that stand once in a file of raw/."""

    def replace(file: str, old: str, new: str) -> None:
        path = raw / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def article() -> Checked:
    """The article as it is entered, checked."""
    return check(ROOT / "raw")
