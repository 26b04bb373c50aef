"""raw/ holds plain files and folders; anything else is one defect, is never opened, and nothing
from outside gets in.
"""

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.defects import Defect
from pipeline.operate.workspace import Workspace
from pipeline.read import plain_file
from tests.conftest import ROOT, SOURCE


def link(path: Path) -> None:
    path.symlink_to(ROOT / "README.md")


def dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def endless_link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def named_pipe(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    with (
        socket.socket(socket.AF_UNIX) as listening,
        working_in(path.parent),
    ):  # the name of a socket must be short
        listening.bind(path.name)


def device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device")


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


KINDS: dict[Callable[[Path], None], str] = {
    link: "a link",
    dangling_link: "a link",
    endless_link: "a link",
    link_to_itself: "a link",
    named_pipe: "a named pipe",
    unix_socket: "a socket",
    device: "a device",
}


def instead(path: Path, put: Callable[[Path], None]) -> None:
    """Put something in place of a file or folder, if that is there."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    put(path)


def defects_at(raw: Path, place: str) -> list[Defect]:
    return [defect for defect in check(raw).defects if defect.file == place]


@pytest.mark.parametrize("place", ["rules.toml", "another-2012"])
@pytest.mark.parametrize("put", KINDS, ids=lambda put: put.__name__)
def test_what_is_no_plain_file_is_one_defect_that_says_what_it_is(
    put: Callable[[Path], None], place: str, raw: Path
) -> None:
    instead(raw / place, put)
    (defect,) = defects_at(raw, place)
    assert (defect.code, defect.found) == ("not_plain", place.rpartition("/")[2])
    assert KINDS[put] in defect.message
    assert "plain file" in defect.message


def test_nothing_from_outside_is_looked_at_where_a_link_leads_there(
    raw: Path, tmp_path: Path
) -> None:
    elsewhere = Path(shutil.copytree(raw / "codelists", tmp_path / "elsewhere"))
    instead(raw / "codelists", lambda path: path.symlink_to(elsewhere))
    instead(raw / f"{SOURCE}/text.txt", link)
    before = Workspace(raw, tmp_path / "outputs").parts()
    (elsewhere / "areas.csv").write_text("Words that stand outside of raw/")
    assert Workspace(raw, tmp_path / "outputs").parts() == before
    checked = check(raw)
    assert {"codelists", f"{SOURCE}/text.txt"} <= {
        defect.file for defect in checked.defects if defect.code == "not_plain"
    }
    of_what_is_linked = ("indicators", "areas", "categories", "agents", "sources", "observations")
    assert [checked.tables[name].height for name in of_what_is_linked] == [0] * len(
        of_what_is_linked
    )


@pytest.mark.parametrize("place", [f"{SOURCE}/events.csv", "rules.toml", "codelists/areas.csv"])
def test_a_folder_in_place_of_a_file_is_a_defect(place: str, raw: Path) -> None:
    instead(raw / place, Path.mkdir)
    (defect,) = defects_at(raw, place)
    assert (defect.code, "a plain file; this is a folder" in defect.message) == ("not_plain", True)


def test_a_file_in_place_of_the_code_lists_is_a_defect(raw: Path) -> None:
    instead(raw / "codelists", Path.touch)
    (defect,) = defects_at(raw, "codelists")
    assert (defect.code, "a folder; this is a file" in defect.message) == ("not_plain", True)


def test_raw_itself_is_a_folder_and_no_link(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(raw)
    (defect,) = check(tmp_path / "linked").defects
    assert (defect.file, defect.code) == (".", "missing_folder")
    assert "name the folder that it leads to" in defect.message


def test_a_source_that_is_a_link_is_one_defect_when_it_alone_is_checked(raw: Path) -> None:
    (raw / "another-2012").symlink_to(raw / SOURCE)
    assert [(defect.file, defect.code) for defect in check(raw, "another-2012").defects] == [
        ("another-2012", "not_plain")
    ]


def test_locks_and_hidden_files_of_editors_are_let_be(raw: Path) -> None:
    (raw / SOURCE / ".#observations.csv").symlink_to("somebody@somewhere.1234")
    (raw / ".DS_Store").write_bytes(b"\0")
    assert check(raw).defects == []


def test_a_file_beyond_the_limit_of_its_kind_is_a_defect_that_names_it_and_is_not_read(
    raw: Path,
) -> None:
    for file in ("rules.toml", f"{SOURCE}/text.txt", f"{SOURCE}/waivers.csv"):
        with (raw / file).open("r+b") as opened:
            opened.truncate(300 * plain_file.MEGABYTE)  # takes no room on the disk
    large = {
        defect.file: defect.message for defect in check(raw).defects if defect.code == "too_large"
    }
    assert large == {
        "rules.toml": "expected a file of at most 4 megabytes; this one has 300.0",
        f"{SOURCE}/text.txt": "expected a file of at most 16 megabytes; this one has 300.0",
        f"{SOURCE}/waivers.csv": "expected a file of at most 256 megabytes; this one has 300.0",
    }


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A copy of raw/ in a folder that any user may enter, looked at by one who is not root."""
    with ExitStack() as after:
        folder = Path(after.enter_context(tempfile.TemporaryDirectory()))
        copy = Path(shutil.copytree(ROOT / "raw", folder / "raw"))
        check(copy)  # imports what it needs while it may
        folder.chmod(0o755)
        for path in (copy, copy / "codelists", copy / SOURCE):
            after.callback(path.chmod, 0o755)
        if os.geteuid() == 0:
            os.seteuid(65534)
            after.callback(os.seteuid, 0)
        yield copy


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """Change what the owner and all others may do with a file or folder."""
    me = os.geteuid()
    os.seteuid(os.getuid())
    path.chmod(bits)
    os.seteuid(me)
    yield


@pytest.mark.parametrize(
    "place",
    [f"{SOURCE}/observations.csv", f"{SOURCE}/text.txt", "rules.toml", "codelists/areas.csv"],
)
def test_a_file_that_may_not_be_read_is_a_defect(place: str, everybodys: Path) -> None:
    with mode(everybodys / place, 0):
        (defect,) = defects_at(everybodys, place)
    assert (defect.code, "a file that can be read (Permission denied)" in defect.message) == (
        "unreadable_file",
        True,
    )


@pytest.mark.parametrize("place", [".", "codelists", SOURCE])
@pytest.mark.parametrize("bits", [0, 0o444, 0o111])
def test_a_folder_that_may_not_be_read_is_one_defect(
    place: str, bits: int, everybodys: Path
) -> None:
    with mode(everybodys / place, bits):
        found = check(everybodys).defects
    at_or_below = [
        defect
        for defect in found
        if place in {".", defect.file} or defect.file.startswith(f"{place}/")
    ]
    assert [(defect.file, defect.code) for defect in at_or_below] == [(place, "unreadable_file")]
