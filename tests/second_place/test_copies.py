"""A release in a second place is whole or not there, and never changed."""

import os
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.release.opened import HASHES
from pipeline.release.second_place import copy_release
from tests.conftest import ROOT
from tests.s3_server import S3
from tests.second_place.conftest import LAST, VERSION, Place, held, only_defect, otherwise

CALL = (
    "import sys, pathlib, pipeline.release.second_place as s; "
    "print(s.copy_release(pathlib.Path(sys.argv[1]), sys.argv[2]))"
)


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


def test_a_release_that_stands_there_whole_is_not_written_again_and_this_is_said(
    release: Path, place: Place
) -> None:
    assert copy_release(release, place.url).is_new
    before = place.written()
    copied = copy_release(release, place.url)
    assert (copied.is_new, copied.defects) == (False, [])
    assert (
        copied.summary
        == f"Unchanged: the release stands whole in {place.url.partition('?')[0]}/1.0.0"
    )
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


def test_a_copy_that_is_killed_lists_nothing_and_is_finished_by_the_next(
    release: Path, folder: Place, tmp_path: Path
) -> None:
    there = tmp_path / "second place" / VERSION
    there.mkdir()
    os.mkfifo(there / "index.html")  # writing to it waits for a reader, who never comes
    command = [sys.executable, "-c", CALL, str(release), folder.url]
    with subprocess.Popen(command, cwd=ROOT) as process:
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


def test_hashes_are_written_after_all_else_whatever_file_fails(
    release: Path, folder: Place, tmp_path: Path
) -> None:
    there = tmp_path / "second place"
    for name in held(release).keys() - {LAST}:
        (there / name).mkdir(parents=True)
        assert only_defect(copy_release(release, folder.url))[0] == "unreachable_place"
        assert LAST not in folder.held()
        shutil.rmtree(there)


def test_s3_gets_what_it_lacks_and_hashes_last_and_is_never_asked_to_delete(
    release: Path, s3: S3
) -> None:
    bucket = f"bucket-{time.monotonic_ns()}"
    copy_release(release, s3.url(bucket))
    writes = [line for line in s3.writes() if f"/{bucket}" in line]
    files = list(
        dict.fromkeys(
            line.partition("/facts/")[2].partition("?")[0] for line in writes if "?" in line
        )
    )
    assert sorted(files) == sorted(held(release))
    assert files[-1] == LAST
    place = Place(s3.url(bucket))
    place.write("1.0.0/index.html", b"half")
    place.write(LAST, b"")
    before = len(s3.writes())
    assert copy_release(release, place.url).is_new
    again = s3.writes()[before:]
    assert {line.partition("/facts/")[2].partition("?")[0] for line in again if "?" in line} == {
        "1.0.0/index.html",
        LAST,
    }
    assert not [line for line in (*writes, *again) if line.startswith("DELETE")]


@pytest.mark.parametrize("name", ["1.0.0.zip", "1.0.0/README.md", LAST])
def test_what_reads_back_as_other_bytes_is_told(
    release: Path, folder: Place, tmp_path: Path, name: str
) -> None:
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


def test_a_published_copy_that_was_damaged_is_told_and_left_as_it_is(
    release: Path, place: Place
) -> None:
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


def test_a_file_named_as_compressed_keeps_its_bytes(release: Path, folder: Place) -> None:
    named = release / "sources" / "a.gz"
    named.write_bytes(b"plain")
    with (release / HASHES).open("a", encoding="utf-8") as file:
        file.write(f"{sha256(b'plain').hexdigest()}  sources/a.gz\n")
    lines = sorted(
        (release / HASHES).read_text(encoding="utf-8").splitlines(keepends=True),
        key=lambda line: line[66:],
    )
    (release / HASHES).write_text("".join(lines), encoding="utf-8")
    assert copy_release(release, folder.url).is_new
    assert folder.held()["1.0.0/sources/a.gz"] == b"plain"


def test_a_browser_is_told_that_the_page_is_a_page(release: Path, s3: S3) -> None:
    place = Place(s3.url(f"bucket-{time.monotonic_ns()}"))
    copy_release(release, place.url)
    with place.below.open_input_stream("1.0.0/index.html") as page:
        assert page.metadata()["Content-Type"] == b"text/html"


def test_a_program_that_copied_to_s3_ends_cleanly(release: Path, s3: S3) -> None:
    command = [sys.executable, "-W", "error", "-c", CALL, str(release), s3.url("clean-bucket")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "Copied(place='s3://clean-bucket/facts/1.0.0', is_new=True, defects=[])\n"
