"""Releases in a second place: whole or not there, never changed, and refused in one sentence without secrets.

The places are real: folders, and buckets of an S3 server that runs in an environment of its own.
"""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest
from pyarrow.fs import FileSelector, FileSystem, FileType, SubTreeFileSystem

from pipeline.check import Checked
from pipeline.release.opened import HASHES, NotARelease
from pipeline.release.second_place import Copied, copy_release
from tests.conftest import ROOT, UV, free_port
from tests.test_release import published

SERVER = ("--exclude-newer", "2026-11-20T00:00:00Z", "--with", "moto[server]==5.2.5", "moto_server", "-H", "127.0.0.1")
VERSION = "1.0.0"
LAST = f"{VERSION}/{HASHES}"
CALL = "import sys, pathlib, pipeline.release.second_place as s; print(s.copy_release(pathlib.Path(sys.argv[1]), sys.argv[2]))"


@dataclass(frozen=True)
class S3:
    """A server: where it listens, and what it writes down of each request."""

    port: int
    log: Path

    def url(self, bucket: str, who: str = "", allowing: str = "&allow_bucket_creation=true") -> str:
        return f"s3://{who}{bucket}/facts?scheme=http&endpoint_override=127.0.0.1:{self.port}{allowing}"

    def check_keys(self, after: int) -> None:
        """Have it check who asks, after so many requests more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", "/moto-api/reset-auth", str(after))
        assert connection.getresponse().status == 200
        connection.close()

    def writes(self) -> list[str]:
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [found[0] for line in lines if (found := re.search(r"(PUT|POST|DELETE) /(?!moto-api)\S+", line))]


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
        return {info.path: self.below.open_input_file(info.path).read() for info in found if info.type is FileType.File}

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
    server = S3(free_port(), tmp_path_factory.mktemp("s3") / "log")
    command = [UV, "run", "--quiet", "--isolated", "--no-project", *SERVER, "-p", str(server.port)]
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "word", "AWS_EC2_METADATA_DISABLED": "true"}
    with pytest.MonkeyPatch.context() as patched, server.log.open("w") as log:
        for name, value in keys.items():
            patched.setenv(name, value)
        with subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True) as process:  # noqa: S603 (our own command)
            try:
                until = time.monotonic() + 120
                while "Running on" not in server.log.read_text(encoding="utf-8"):
                    assert process.poll() is None, server.log.read_text(encoding="utf-8")
                    assert time.monotonic() < until
                    time.sleep(0.1)
                yield server
            finally:
                os.killpg(process.pid, signal.SIGKILL)


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
    return {path.relative_to(outputs).as_posix(): path.read_bytes() for path in outputs.rglob("*") if path.is_file()}


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


def test_a_release_and_its_zip_are_put_under_the_version(release: Path, place: Place) -> None:
    copied = copy_release(release, place.url)
    assert copied.defects == []
    assert copied.is_new
    assert copied.summary == f"Copied to {place.url.partition('?')[0]}/1.0.0"
    assert place.held() == held(release)
    assert {"1.0.0.zip", "1.0.0.zip.sha256", LAST, "1.0.0/index.html"} <= place.held().keys()


def test_a_release_without_a_zip_is_copied_too(release: Path, folder: Place) -> None:
    for ending in ("zip", "zip.sha256"):
        release.with_name(f"{VERSION}.{ending}").unlink()
    assert copy_release(release, folder.url).is_new
    assert folder.held() == held(release)


def test_a_release_that_stands_there_whole_is_not_written_again_and_this_is_said(release: Path, place: Place) -> None:
    assert copy_release(release, place.url).is_new
    before = place.written()
    copied = copy_release(release, place.url)
    assert (copied.is_new, copied.defects) == (False, [])
    assert copied.summary == f"Unchanged: the release stands whole in {place.url.partition('?')[0]}/1.0.0"
    assert place.written() == before


def test_a_published_version_is_never_replaced_by_another(release: Path, place: Place) -> None:
    copy_release(release, place.url)
    published_there, before = place.held(), place.written()
    otherwise(release)
    code, message = only_defect(copy_release(release, place.url))
    assert code == "published_otherwise"
    assert message.endswith("these files differ: README.md")
    assert place.held() == published_there
    assert place.written() == before


@pytest.mark.parametrize("kept", [0, 1000], ids=["no SHA256SUMS", "half of SHA256SUMS"])
def test_a_copy_that_was_cut_off_is_finished(release: Path, place: Place, kept: int) -> None:
    copy_release(release, place.url)
    whole = place.held()
    for name in ("1.0.0/tables/observations.csv", "1.0.0/facts.csv", "1.0.0.zip", LAST):
        place.below.delete_file(name)
    place.write("1.0.0/index.html", whole["1.0.0/index.html"][:1000])
    if kept:
        place.write(LAST, whole[LAST][:kept])
    assert place.held() != whole
    copied = copy_release(release, place.url)
    assert (copied.is_new, copied.defects) == (True, [])
    assert place.held() == whole


def test_a_copy_that_is_killed_lists_nothing_and_is_finished_by_the_next(release: Path, folder: Place, tmp_path: Path) -> None:
    there = tmp_path / "second place" / VERSION
    there.mkdir()
    os.mkfifo(there / "index.html")  # writing to it waits for a reader, who never comes
    command = [sys.executable, "-c", CALL, str(release), folder.url]
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 (our own command)
        until = time.monotonic() + 60
        while not (there / "facts.csv").exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.2)
        assert process.poll() is None
        process.kill()
    assert (there / "facts.csv").exists()
    assert not (there / HASHES).exists()
    (there / "index.html").unlink()
    assert copy_release(release, folder.url).is_new
    assert folder.held() == held(release)


def test_hashes_are_written_after_all_else_whatever_file_fails(release: Path, folder: Place, tmp_path: Path) -> None:
    there = tmp_path / "second place"
    for name in held(release).keys() - {LAST}:
        (there / name).mkdir(parents=True)
        assert only_defect(copy_release(release, folder.url))[0] == "unreachable_place"
        assert LAST not in folder.held()
        shutil.rmtree(there)


def test_s3_gets_what_it_lacks_and_hashes_last_and_is_never_asked_to_delete(release: Path, s3: S3) -> None:
    bucket = f"bucket-{time.monotonic_ns()}"
    copy_release(release, s3.url(bucket))
    writes = [line for line in s3.writes() if f"/{bucket}" in line]
    files = list(dict.fromkeys(line.partition("/facts/")[2].partition("?")[0] for line in writes if "?" in line))
    assert sorted(files) == sorted(held(release))
    assert files[-1] == LAST
    place = Place(s3.url(bucket))
    place.write("1.0.0/index.html", b"half")
    place.write(LAST, b"")
    before = len(s3.writes())
    assert copy_release(release, place.url).is_new
    again = s3.writes()[before:]
    assert {line.partition("/facts/")[2].partition("?")[0] for line in again if "?" in line} == {"1.0.0/index.html", LAST}
    assert not [line for line in (*writes, *again) if line.startswith("DELETE")]


@pytest.mark.parametrize("name", ["1.0.0.zip", "1.0.0/README.md", LAST])
def test_what_reads_back_as_other_bytes_is_told(release: Path, folder: Place, tmp_path: Path, name: str) -> None:
    there = tmp_path / "second place"
    (there / VERSION).mkdir()
    (there / name).symlink_to("/dev/null")  # takes everything, gives back nothing
    code, message = only_defect(copy_release(release, folder.url))
    assert code == "damaged_copy"
    assert message.endswith(f": {name}")
    assert LAST not in folder.held()
    (there / name).unlink()
    assert copy_release(release, folder.url).is_new
    assert folder.held() == held(release)


def test_a_published_copy_that_was_damaged_is_told_and_left_as_it_is(release: Path, place: Place) -> None:
    copy_release(release, place.url)
    place.write("1.0.0/facts.csv", b"other")
    place.below.delete_file("1.0.0/README.md")
    before = place.written()
    code, message = only_defect(copy_release(release, place.url))
    assert code == "damaged_copy"
    assert message.endswith(": 1.0.0/README.md, 1.0.0/facts.csv")
    assert place.written() == before


def test_what_else_stands_there_is_left_alone(release: Path, place: Place) -> None:
    others = {"0.9.0/facts.csv": b"older", "notes.txt": b"notes", "1.0.0/notes.txt": b"notes"}
    for name, content in others.items():
        place.below.create_dir(name.rpartition("/")[0] or "0.9.0")
        place.write(name, content)
    assert copy_release(release, place.url).is_new
    assert place.held() == held(release) | others


def test_a_release_that_is_not_what_it_lists_is_not_copied(release: Path, folder: Place) -> None:
    (release / "facts.csv").write_text("other", encoding="utf-8")
    assert only_defect(copy_release(release, folder.url))[0] == "tampered_release"
    assert folder.held() == {}


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path, folder: Place) -> None:
    with pytest.raises(NotARelease, match="is not there"):
        copy_release(tmp_path / "9.9.9", folder.url)


def test_a_file_named_as_compressed_keeps_its_bytes(release: Path, folder: Place) -> None:
    named = release / "sources" / "a.gz"
    named.write_bytes(b"plain")
    with (release / HASHES).open("a", encoding="utf-8") as file:
        file.write(f"{sha256(b'plain').hexdigest()}  sources/a.gz\n")
    lines = sorted((release / HASHES).read_text(encoding="utf-8").splitlines(keepends=True), key=lambda line: line[66:])
    (release / HASHES).write_text("".join(lines), encoding="utf-8")
    assert copy_release(release, folder.url).is_new
    assert folder.held()["1.0.0/sources/a.gz"] == b"plain"


def test_a_browser_is_told_that_the_page_is_a_page(release: Path, s3: S3) -> None:
    place = Place(s3.url(f"bucket-{time.monotonic_ns()}"))
    copy_release(release, place.url)
    with place.below.open_input_stream("1.0.0/index.html") as page:
        assert page.metadata()["Content-Type"] == b"text/html"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("second/place", "URI has empty scheme"),
        ("", "URI has empty scheme"),
        ("ftp2://host/place", "Unrecognized filesystem type"),
        ("s3://buck et/place", "Cannot parse URI"),
        ("s3://bucket/place?colour=red", "Unexpected query parameter in S3 URI: 'colour'"),
        ("file://host/place", "Unsupported hostname"),
        ("file:///place\0/place", "Cannot parse URI"),
        ("file:///dev/null/place", "Not a directory"),
    ],
)
def test_a_url_that_leads_nowhere_is_one_defect(release: Path, url: str, words: str) -> None:
    code, message = only_defect(copy_release(release, url))
    assert code == "unreachable_place"
    assert words in message


def test_a_place_where_nobody_listens_is_one_defect(release: Path, s3: S3) -> None:
    nobody = S3(free_port(), s3.log).url("bucket", "KEYNAME:/s3cretWord@")  # read as a bucket named KEYNAME
    code, message = only_defect(copy_release(release, nobody))
    assert code == "unreachable_place"
    assert "Could not connect to server" in message
    assert not re.search("KEYNAME|s3cretWord", message)


def test_a_bucket_that_is_not_there_is_made_only_if_the_url_allows_it(release: Path, s3: S3) -> None:
    code, message = only_defect(copy_release(release, s3.url("missing-bucket", allowing="")))
    assert code == "unreachable_place"
    assert "Bucket 'missing-bucket' not found" in message
    assert copy_release(release, s3.url("missing-bucket")).is_new


def test_a_place_that_does_not_let_us_in_is_one_defect_without_who_asked(release: Path, s3: S3) -> None:
    url = s3.url("closed-bucket", f"KEYNAME:{quote('s3cret/Word', safe='')}@")
    assert copy_release(release, url).is_new
    s3.check_keys(0)
    try:
        copied = copy_release(release, url)
    finally:
        s3.check_keys(10**9)
    code, message = only_defect(copied)
    assert code == "unreachable_place"
    assert "s3://***@closed-bucket/facts/1.0.0 cannot be read or written" in message
    assert "ACCESS_DENIED" in message
    assert not re.search("KEYNAME|s3cret|Word", f"{copied}{copied.summary}")


@pytest.mark.parametrize(
    "url",
    [
        "s3://KEYNAME:s3cretWord@bucket/place?colour=red",
        "s3://KEYNAME:s3cret/Word@bucket/place",
        "s3://KEYNAME:s3cret?Word@bucket/place?region=s3cretWord",
        "s3://KEYNAME:s3cret Word@bucket/place",
        "s3://KEYNAME:s3cret@Word@bucket/place",
        "abfs://:s3cretWord@/place",
        "abfs://account@host/container?client_secret=s3cretWord",
        "nope://KEYNAME:s3cret%2FWord@host/place?sig=s3cretWord",
    ],
)
def test_no_message_holds_what_a_url_keeps_secret(release: Path, url: str) -> None:
    copied = copy_release(release, url)
    assert only_defect(copied)[0] == "unreachable_place"
    assert not re.search("KEYNAME|s3cret|Word", f"{copied}{copied.summary}{copied.defects[0].as_json('raw')}")


def test_a_program_that_copied_to_s3_ends_cleanly(release: Path, s3: S3) -> None:
    command = [sys.executable, "-W", "error", "-c", CALL, str(release), s3.url("clean-bucket")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "Copied(place='s3://clean-bucket/facts/1.0.0', is_new=True, defects=[])\n"
