"""A release is what its own raw/ gives: who forges the whole of it with its exporters is found."""

import shutil
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import polars as pl
import pytest

from pipeline.release.edition import Edition
from pipeline.release.opened import RAW
from pipeline.release.release import write_release
from pipeline.release.verify import EARLIER, verify
from schemas.tables import RELEASE_TABLES, file_of
from tests.conftest import ROOT
from tests.verify.spoil import hash_anew

PUBLISHED = ROOT / "outputs" / "releases"


def test_a_release_under_the_name_of_another_version_is_found(copy: Path) -> None:
    (failure,) = verify(copy.rename(copy.parent / "9.9.9")).failures
    assert failure.message == "is that of version 1.0.0, and not 9.9.9"


@pytest.mark.parametrize("name", ["metadata/CHANGES.md", RAW])
def test_a_release_without_its_history_or_its_raw_says_what_it_lacks(name: str, copy: Path) -> None:
    (copy / name).unlink()
    hash_anew(copy)
    assert [(failure.file, failure.code) for failure in verify(copy).failures] == [
        (name, "missing_file")
    ]


@pytest.mark.parametrize("name", ["implied_bounds", "findings", "mentions", "rules"])
def test_who_leaves_rows_out_and_makes_all_files_anew_is_found(
    name: str, release: Path, tmp_path: Path
) -> None:
    verified = verify(
        made_anew(
            release,
            tmp_path / "forged",
            lambda table, rows: rows.head(-1) if table == name else rows,
        )
    )
    assert verified.failures
    assert "uncheckable" not in {failure.code for failure in verified.failures}


def made_anew(
    release: Path, folder: Path, change: Callable[[str, pl.DataFrame], pl.DataFrame]
) -> Path:
    """Write a release with forged tables, each file of which fits these."""
    tables = {
        name: change(name, pl.read_parquet(release / file_of(name, "parquet")))
        for name in RELEASE_TABLES
    }
    reason = (release / "metadata" / "CHANGES.md").read_text(encoding="utf-8").split("\n")[4]
    history = pl.DataFrame(
        {"version": "1.0.0", "date": "2026-11-24", "based_on": None, "reason": reason}
    )
    with zipfile.ZipFile(release / RAW) as packed:
        originals = {name: packed.read(name) for name in packed.namelist()}
    write_release(
        Edition(**history.row(0, named=True), tables=tables, originals=originals, history=history),
        folder,
    )
    return folder


def test_who_makes_all_files_anew_of_the_right_rows_has_the_release(
    release: Path, tmp_path: Path
) -> None:
    folder = made_anew(release, tmp_path / "same", lambda _, rows: rows)
    assert verify(folder).failures == []
    assert (folder / "SHA256SUMS").read_bytes() == (release / "SHA256SUMS").read_bytes()


@pytest.mark.parametrize("version", sorted(path.name for path in PUBLISHED.glob("*.*.?")))
def test_every_release_of_the_repository_is_well(version: str) -> None:
    """One that the program of today no longer makes must stand in EARLIER."""
    verified = verify(PUBLISHED / version)
    assert verified.failures == []
    is_earlier = version in EARLIER.values()
    assert (f"It is the release {version} of this project" in verified.summary) == is_earlier


def test_a_release_of_an_earlier_version_that_nobody_published_here_is_not_well(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(PUBLISHED / "2.0.0", tmp_path / "2.0.0"))
    with (folder / "README.md").open("a", encoding="utf-8") as readme:
        readme.write("\nmore\n")
    hash_anew(folder)
    assert [(failure.file, failure.code) for failure in verify(folder).failures] == [
        ("tables/changes.csv", "unreadable_file")
    ]


def test_a_release_that_other_versions_made_is_made_again_as_it_names_them(copy: Path) -> None:
    package = copy / "datapackage.json"
    here = package.read_text(encoding="utf-8")
    assert here.count(f'"polars": "{version("polars")}"') == 1
    package.write_text(here.replace(version("polars"), "1.99.0"), encoding="utf-8")
    readme = copy / "README.md"
    named = readme.read_text(encoding="utf-8").replace(
        f"polars {version('polars')}", "polars 1.99.0"
    )
    readme.write_text(named, encoding="utf-8")
    hash_anew(copy)
    assert verify(copy).failures == []
    (copy / "index.html").write_bytes(b"")
    hash_anew(copy)
    found = {failure.code: failure.message for failure in verify(copy).failures}
    assert f"polars 1.99.0 (here {version('polars')})" in found["other_versions"]
    assert "file_differs" in found
