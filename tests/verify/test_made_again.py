"""A release is what its own raw/ gives: who forges pages and descriptions, or the whole release
with its exporters, is found.
"""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.release.edition import Edition
from pipeline.release.opened import RAW
from pipeline.release.release import write_release
from pipeline.release.verify import verify
from schemas.tables import RELEASE_TABLES, file_of
from tests.conftest import SOURCE
from tests.verify.spoil import hash_anew

Spoil = Callable[[str], str]


def swapped(old: str, new: str) -> Spoil:
    """What replaces words that a file has."""

    def swap(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return swap


FORGED: dict[str, tuple[str, Spoil]] = {
    "a page that is a script": ("index.html", lambda _: "<script>alert(1)</script>"),
    "a number on the page": ("index.html", swapped("122", "121")),
    "a word on the page of a source": (f"sources/{SOURCE}.html", swapped("Astana", "Almaty")),
    "the version to be cited": (
        "metadata/CITATION.cff",
        swapped('version: "1.0.0"', 'version: "1.0.1"'),
    ),
    "a hash for catalogues": ("metadata/croissant.json", swapped('"sha256": "', '"sha256": "0')),
    "a size for catalogues": ("metadata/dcat.ttl", swapped('dcat:byteSize "', 'dcat:byteSize "1')),
    "the licence": ("datapackage.json", swapped("CC-BY-4.0", "CC0-1.0")),
    "what the release says of itself": ("README.md", swapped("Civil-society", "Uncivil-society")),
    "a day of the history": ("metadata/CHANGES.md", swapped("(2026-", "(2025-")),
}


@pytest.mark.parametrize("what", FORGED)
def test_who_forges_a_file_beside_the_tables_is_found(what: str, copy: Path) -> None:
    name, spoil = FORGED[what]
    path = copy / name
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    hash_anew(copy)
    failures = verify(copy).failures
    assert [(failure.file, failure.code) for failure in failures] == [(name, "file_differs")]


def test_a_file_that_was_deleted_or_added_is_found_though_the_list_was_made_to_fit(
    copy: Path,
) -> None:
    (copy / "datapackage.json").unlink()
    (copy / "sources" / f"{SOURCE}.html").unlink()
    (copy / "metadata" / "more.txt").write_text("more")
    hash_anew(copy)
    assert [(failure.file, failure.code) for failure in verify(copy).failures] == [
        ("datapackage.json", "missing_file"),
        ("metadata/more.txt", "extra_file"),
        (f"sources/{SOURCE}.html", "missing_file"),
    ]


def test_a_text_that_was_taken_away_is_missed(copy: Path) -> None:
    (copy / "sources" / f"{SOURCE}.txt").unlink()
    hash_anew(copy)
    assert (f"sources/{SOURCE}.txt", "missing_file") in {
        (failure.file, failure.code) for failure in verify(copy).failures
    }


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


def test_what_parquet_says_of_itself_is_compared_too(copy: Path) -> None:
    path = copy / "tables" / "agents.parquet"
    pl.read_parquet(path).write_parquet(path)
    hash_anew(copy)
    assert [(failure.file, failure.code) for failure in verify(copy).failures] == [
        ("tables/agents.parquet", "file_differs")
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


def test_a_release_with_changes_since_another_is_made_again(tmp_path: Path) -> None:
    root = Path(__file__).parents[2] / "outputs" / "releases" / "2.0.0"
    folder = Path(shutil.copytree(root, tmp_path / "2.0.0"))
    assert verify(folder).failures == []
