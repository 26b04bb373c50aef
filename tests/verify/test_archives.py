"""An archive of another form than a release's is refused in a sentence, and no release takes far
more memory than one of its size does.
"""

import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli import USAGE, main
from pipeline.release.verify import verify
from tests.benchmarks.spent import spent
from tests.conftest import ROOT, Told
from tests.verify.bombs import COMPARED, MEGABYTE, REFUSED, UNREAD, Bomb

LEAST = 300 * 2**20
MADE_AGAIN = 420 * 2**20
"""Bytes that no refused release may take; and none that is made again: the article's own takes 370
MB of them, half of them code.
"""

Bombs = dict[str, Bomb]
Plant = Callable[[Bombs], list[str]]

RUN = (
    "import sys\nfrom pipeline.cli import main\nfor path in sys.argv[2:]: main([sys.argv[1], path])"
)


@pytest.fixture(scope="module")
def planted(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """Make the releases that have a name among some, each once."""
    folder = tmp_path_factory.mktemp("bombs")

    def plant(bombs: Bombs) -> list[str]:
        for name, (make, _) in bombs.items():
            if not (folder / name).exists():
                make(release, folder / name)
        return [str(folder / name) for name in bombs]

    return plant


def run(code: str, *arguments: str) -> tuple[str, int]:
    took = spent([sys.executable, "-c", code, *arguments], environment={"PYTHONPATH": str(ROOT)})
    return took.said, took.memory


@pytest.mark.parametrize(("bombs", "most"), [(REFUSED, LEAST), (COMPARED, MADE_AGAIN)])
def test_no_release_takes_far_more_memory_than_its_size(
    bombs: Bombs, most: int, planted: Plant
) -> None:
    said, memory = run(RUN, "verify", *planted(bombs))
    for words in (words for _, words in bombs.values()):
        assert words in said
    assert "cannot be made again" not in said
    assert memory < most, f"{memory / MEGABYTE:.0f} MB"


def added(name: str, **how: int) -> Callable[[Path], None]:
    """Add a file to a zip, under another name or in another way than a release has."""

    def add(path: Path) -> None:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = how.get("mode", 0o100644) << 16
        with zipfile.ZipFile(path, "a") as held:
            held.writestr(entry, "evil", how.get("method", zipfile.ZIP_STORED))

    return add


def with_a_script(path: Path) -> None:
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())


def with_a_password(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of the first file
    path.write_bytes(content)


ODD: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a script in front": (with_a_script, "unreadable_file", "expected a zip and nothing else"),
    "a password": (with_a_password, "unreadable_file", "expected files that need no password"),
    "another compression": (
        added("1.0.0/more", method=zipfile.ZIP_LZMA),
        "unreadable_file",
        "expected files that are stored or deflated",
    ),
    "folders in folders": (added("1/2/3/4/5/6/7/8/9/10"), "unreadable_file", "at most 8"),
    "a way out": (added("1.0.0/../../evil"), "unsafe_path", "expected a name such as facts.csv"),
    "no name": (added(""), "unsafe_path", "expected a name such as facts.csv"),
    "a root": (added("/evil"), "unsafe_path", "expected a name such as facts.csv"),
    "a drive": (added("1.0.0/C:evil"), "unsafe_path", "expected a name such as facts.csv"),
    "a link": (added("1.0.0/link", mode=0o120777), "unsafe_path", "expected plain files"),
    "a device": (added("1.0.0/null", mode=0o20666), "unsafe_path", "expected plain files"),
    "beside it": (added("beside/evil"), "unsafe_path", "expected all files in one folder"),
    "capitals": (added("1.0.0/README.MD"), "unsafe_path", "by capitals or accents alone"),
}


@pytest.mark.parametrize("what", ODD)
def test_a_zip_of_another_form_is_refused_and_what_would_be_read_is_said(
    what: str, release: Path, tmp_path: Path
) -> None:
    spoil, code, words = ODD[what]
    path = Path(shutil.copy(f"{release}.zip", tmp_path / "odd.zip"))
    spoil(path)
    (failure,) = verify(path).failures
    assert (failure.code, words in failure.message) == (code, True), failure


def test_names_that_differ_in_the_form_of_their_letters_are_one_name(
    release: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(f"{release}.zip", tmp_path / "forms.zip"))
    for name in ("1.0.0/\u00e9", "1.0.0/e\u0301"):
        added(name)(path)
    assert ("1.0.0/e\u0301", "unsafe_path") in {
        (failure.file, failure.code) for failure in verify(path).failures
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(release: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(f"{release}.zip", tmp_path / "twice.zip"))
    added("1.0.0/facts.csv")(path)
    (failure,) = verify(path).failures
    assert (failure.file, failure.code) == ("1.0.0/facts.csv", "unsafe_path")


def test_a_file_that_says_to_have_less_than_it_has_is_read_no_further(
    release: Path, tmp_path: Path
) -> None:
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("1.0.0/SHA256SUMS", (release / "SHA256SUMS").read_bytes())
        held.writestr("1.0.0/facts.csv", bytes(10**7))
    content, said = path.read_bytes(), (10**7).to_bytes(4, "little")
    assert content.count(said) == 2
    path.write_bytes(content.replace(said, (10**3).to_bytes(4, "little")))
    assert ("facts.csv", "unreadable_file") in {
        (failure.file, failure.code) for failure in verify(path).failures
    }


@pytest.mark.parametrize("what", ["a script in front", "a way out", "a link", "capitals"])
def test_differences_are_not_told_of_an_archive_that_is_refused(
    what: str, release: Path, tmp_path: Path, told: Told
) -> None:
    path = Path(shutil.copy(f"{release}.zip", tmp_path / "odd.zip"))
    ODD[what][0](path)
    assert main(["diff", str(release), str(path)]) == USAGE
    out, err = told()
    assert (out, err.count("\n")) == ("", 1)
    assert ODD[what][2] in err


def test_differences_of_no_release_take_far_more_memory_than_its_size(
    release: Path, planted: Plant
) -> None:
    code = (
        "import contextlib, sys\nfrom pipeline.cli import main\n"
        "for path in sys.argv[2:]:\n    with contextlib.redirect_stderr(sys.stdout):\n"
        "        main(['diff', path, sys.argv[1]])\n"
    )
    bombs = {**REFUSED, **COMPARED, "unread": UNREAD}
    said, memory = run(code, str(release), *planted(bombs))
    # of the others the tables can be compared, raw.zip aside
    assert said.count("facts diff: ") == len(bombs) - 2
    assert memory < LEAST, f"{memory / MEGABYTE:.0f} MB"
