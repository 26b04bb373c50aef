"""raw/ and outputs/ in buckets: the same release as from and to folders, and one line where a bucket cannot be used."""

import time
from urllib.parse import quote

import pytest
from pyarrow.fs import FileSystem, LocalFileSystem, copy_files

from pipeline.cli import main
from tests.conftest import ROOT, Told
from tests.s3_server import S3
from tests.second_place.conftest import Place


def bucket(s3: S3, name: str) -> Place:
    """A folder in a bucket of each test's own."""
    place = Place(s3.url(f"{name}-{time.monotonic_ns()}"), s3)
    files, path = FileSystem.from_uri(place.url)
    files.create_dir(path)
    return place


@pytest.fixture
def outputs(s3: S3) -> Place:
    return bucket(s3, "outputs")


@pytest.fixture
def raw(s3: S3) -> Place:
    place = bucket(s3, "raw")
    files, path = FileSystem.from_uri(place.url)
    copy_files(str(ROOT / "raw"), path, source_filesystem=LocalFileSystem(), destination_filesystem=files)
    return place


def test_a_release_from_a_bucket_to_another_is_the_committed_one_and_is_written_once(
    raw: Place, outputs: Place, told: Told
) -> None:
    command = ["release", "--raw", raw.url, "--outputs", outputs.url]
    assert main(command) == 0
    assert told()[0].startswith("Copied to s3://outputs-")
    committed = ROOT / "outputs" / "releases" / "1.0.0"
    there = {name.removeprefix("releases/1.0.0/"): data for name, data in outputs.held().items() if "/1.0.0/" in name}
    assert there == {path.relative_to(committed).as_posix(): path.read_bytes() for path in committed.rglob("*") if path.is_file()}
    written = outputs.written()
    assert main(command) == 0
    assert told()[0].startswith("Unchanged: the release stands whole in s3://outputs-")
    assert outputs.written() == written


def test_defects_show_the_bucket_of_their_file(raw: Place, told: Told) -> None:
    raw.write("codelists/agents.csv", b"code,lable\n")
    assert main(["check", "--raw", raw.url]) == 1
    assert "/facts/codelists/agents.csv:1:" in (line := told()[0])
    assert line.startswith("s3://raw-")


def test_a_bucket_that_is_not_there_is_one_line(s3: S3, told: Told) -> None:
    assert main(["check", "--raw", s3.url("nowhere", allowing="")]) == 2
    out, err = told()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("facts check: s3://nowhere/facts")


def test_keys_that_do_not_let_us_in_are_one_line_and_nothing_is_written(raw: Place, outputs: Place, s3: S3, told: Told) -> None:
    url = raw.url.replace("s3://", f"s3://KEYNAME:{quote('s3cret/Word', safe='')}@")
    before = outputs.written()
    s3.check_keys(0)
    try:
        assert main(["release", "--raw", url, "--outputs", outputs.url]) == 2
    finally:
        s3.check_keys(10**9)
    out, err = told()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("facts release: s3://***@raw-")
    assert "ACCESS_DENIED" in err
    assert not any(secret in err for secret in ("KEYNAME", "s3cret", "Word"))
    assert outputs.written() == before
