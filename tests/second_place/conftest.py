"""Second places: folders, and buckets of an S3 server; and a release to put there."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from pyarrow.fs import FileSelector, FileSystem, FileType, SubTreeFileSystem

from pipeline.check import Checked
from pipeline.release.opened import HASHES
from pipeline.release.second_place import Copied
from tests.s3_server import KEYS, S3, serving
from tests.test_release import published

VERSION = "1.0.0"
LAST = f"{VERSION}/{HASHES}"


@dataclass(frozen=True)
class Place:
    """A second place, and a look into it that does not go through what is tested."""

    url: str
    server: S3 | None = None

    @property
    def below(self) -> SubTreeFileSystem:
        files, path = FileSystem.from_uri(self.url)
        return SubTreeFileSystem(path, files)

    def held(self) -> dict[str, bytes]:
        found = self.below.get_file_info(FileSelector("", recursive=True, allow_not_found=True))
        return {
            info.path: self.below.open_input_file(info.path).read()
            for info in found
            if info.type is FileType.File
        }

    def write(self, name: str, content: bytes) -> None:
        with self.below.open_output_stream(name, compression=None) as file:
            file.write(content)

    def written(self) -> object:
        """Something that is another after every write."""
        if self.server:
            return self.server.writes()
        root = Path(FileSystem.from_uri(self.url)[1])
        return {path: path.stat().st_mtime_ns for path in root.rglob("*")}


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with (
        pytest.MonkeyPatch.context() as patched,
        serving(tmp_path_factory.mktemp("s3") / "log") as server,
    ):
        for name, value in KEYS.items():
            patched.setenv(name, value)
        yield server


@pytest.fixture(scope="module")
def made(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(article, tmp_path_factory.mktemp("outputs"))


@pytest.fixture
def release(made: Path, tmp_path: Path) -> Path:
    """A release with its zip, which a test may spoil."""
    return Path(shutil.copytree(made.parent, tmp_path / "releases")) / VERSION


@pytest.fixture
def folder(tmp_path: Path) -> Place:
    (tmp_path / "second place").mkdir()
    return Place((tmp_path / "second place").as_uri())


@pytest.fixture(params=["a folder", "S3"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "a folder":
        place: Place = request.getfixturevalue("folder")
        return place
    server: S3 = request.getfixturevalue("s3")
    return Place(server.url(f"bucket-{time.monotonic_ns()}"), server)


def held(release: Path) -> dict[str, bytes]:
    outputs = release.parent
    return {
        path.relative_to(outputs).as_posix(): path.read_bytes()
        for path in outputs.rglob("*")
        if path.is_file()
    }


def otherwise(release: Path) -> None:
    """Make another release of the same version: another README, hashed."""
    readme, hashes = release / "README.md", release / HASHES
    before = sha256(readme.read_bytes()).hexdigest()
    readme.write_text("Another.", encoding="utf-8")
    after = sha256(readme.read_bytes()).hexdigest()
    hashes.write_text(hashes.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def only_defect(copied: Copied) -> tuple[str, str]:
    (defect,) = copied.defects
    assert not copied.is_new
    assert defect.at("raw").startswith("raw/releases.csv:1:version: '1.0.0' stands here; expected ")
    assert copied.summary.startswith("Not copied to ")
    return defect.code, defect.message
