"""Two hundred forgeries of a release, with every hash made anew, as a folder and as a zip: each is
found, and named by its file.
"""

import json
import os
import random
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from pipeline.cli import UNWELL, main
from pipeline.release.opened import RAW
from pipeline.release.zipped import write_zip
from schemas.tables import RELEASE_TABLES
from tests.conftest import SOURCE, Told
from tests.verify.conftest import Look
from tests.verify.forge import (
    DESCRIPTIONS,
    EMPTY,
    NAMED,
    SEED,
    Spoil,
    forgeries,
    hashes_in_folder,
    make_fit,
    rows_of,
)
from tests.verify.spoil import pack_anew, packed

FORGERIES = {what: (files, spoil) for what, files, spoil in forgeries()}


hashes_before = cache(hashes_in_folder)


def forged(release: Path, folder: Path, what: str, spoil: Spoil) -> Path:
    """The folder of a forged release, or a zip of it where chance wants that."""
    chance = random.Random(f"{SEED} {what}")  # noqa: S311 (a test's)
    copy = Path(shutil.copytree(release, folder / "1.0.0"))
    spoil(copy, chance)
    make_fit(copy, hashes_before(release))
    return write_zip(copy) if chance.random() < 1 / 3 else copy


def test_there_are_two_hundred_and_they_forge_every_file_of_a_release(release: Path) -> None:
    assert len(FORGERIES) >= 200
    forged = {file for files, _ in FORGERIES.values() for file in files}
    assert {name for name in RELEASE_TABLES if rows_of(release, name).is_empty()} == EMPTY
    assert {*hashes_in_folder(release)} - forged == {"SHA256SUMS", RAW}


@pytest.mark.parametrize("what", list(FORGERIES)[:: int(os.environ.get("FACTS_EACH", "2"))])
def test_a_forgery_is_found_in_its_file(
    what: str, release: Path, look: Look, tmp_path: Path
) -> None:
    files, spoil = FORGERIES[what]
    told = {failure.file for failure in look(forged(release, tmp_path, what, spoil))}
    assert files <= told
    # the forger's own hashes beside it are not the right ones either
    twins = {file.replace(".csv", ".parquet") for file in files}
    assert told <= files | twins | {*DESCRIPTIONS}


def test_what_nobody_forged_is_well(release: Path, look: Look) -> None:
    assert look(release) == look(Path(f"{release}.zip")) == []


def raw_swapped(end: str, old: str, new: str) -> Spoil:
    """Change words of the raw/ that a release carries."""

    def spoil(folder: Path, _: random.Random) -> None:
        text = packed(folder, end)
        assert old in text
        pack_anew(folder, **{end: text.replace(old, new, 1).encode()})

    return spoil


def without_its_text(folder: Path, _: random.Random) -> None:
    """Take the text away, say that it may not be republished, and change a number of it."""
    toml = packed(folder, "source.toml").replace("republish_text = true", "republish_text = false")
    typed = packed(folder, "observations.csv").replace(",35000,gt,", ",36000,gt,")
    pack_anew(
        folder,
        **{"source.toml": toml.encode(), "text.txt": None, "observations.csv": typed.encode()},
    )
    (folder / "sources" / f"{SOURCE}.txt").unlink()


COMMANDED: dict[str, tuple[str, Callable[[Path, random.Random], None]]] = {
    **{
        what: NAMED[what]
        for what in (
            "the page is a script",
            "no description",
            "a table of an earlier version",
            "an implied bound narrowed",
        )
    },
    "a value of raw/": (RAW, raw_swapped("observations.csv", ",35000,gt,", ",36000,gt,")),
    "a word of the text of raw/": (RAW, raw_swapped("text.txt", "35,000", "36,000")),
    "a severity of raw/": ("tables/rules.csv", raw_swapped("rules.toml", '"error"', '"warning"')),
    "a reason of raw/": (
        "tables/findings.parquet",
        raw_swapped("findings.csv", "The article counts", "This article counts"),
    ),
    "a title of raw/": (
        "tables/sources.csv",
        raw_swapped("source.toml", 'title = "', 'title = "A '),
    ),
    "a label of raw/": (
        "tables/indicators.csv",
        raw_swapped("indicators.csv", "Non-commercial", "Other non-commercial"),
    ),
    "the version of raw/": ("metadata/CITATION.cff", raw_swapped("releases.csv", "1.0.0", "1.0.1")),
    "a value, and no text": ("tables/mentions.csv", without_its_text),
}


@pytest.mark.parametrize("what", COMMANDED)
def test_the_command_finds_a_forgery_too(
    what: str, release: Path, tmp_path: Path, told: Told
) -> None:
    file, spoil = COMMANDED[what]
    path = forged(release, tmp_path, what, spoil)
    assert main(["verify", str(path), "--format", "json"]) == UNWELL
    assert file in {failure["file"] for failure in json.loads(told()[0])}


def test_the_summary_names_what_nobody_can_derive(release: Path, told: Told) -> None:
    main(["verify", str(release)])
    said = told()[0]
    for words in ("titles", "addresses", "rights", "reasons", "whether this is the raw/"):
        assert words in said.partition("Taken as published")[2]
