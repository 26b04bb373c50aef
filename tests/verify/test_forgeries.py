"""Who changes what was typed in a release is found by what follows from it; a change of anything
else, by the thousand, is a case of tests.fuzz.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipeline.cli import UNWELL, main
from pipeline.release.opened import RAW
from tests.conftest import SOURCE, Told
from tests.verify.spoil import pack_anew, packed


def raw_swapped(folder: Path, end: str, old: str, new: str) -> None:
    """Change words of the raw/ that a release carries."""
    text = packed(folder, end)
    assert old in text
    pack_anew(folder, **{end: text.replace(old, new, 1).encode()})


def without_its_text(folder: Path) -> None:
    """Take the text away, say that it may not be republished, and change a number of it."""
    raw_swapped(folder, "source.toml", "republish_text = true", "republish_text = false")
    raw_swapped(folder, "observations.csv", ",35000,gt,", ",36000,gt,")
    (folder / "sources" / f"{SOURCE}.txt").unlink()
    pack_anew(folder, **{"text.txt": None})


FORGERIES: dict[str, tuple[str, Callable[[Path], None]]] = {
    what: (file, partial(raw_swapped, end=end, old=old, new=new))
    for what, file, end, old, new in (
        ("a value", RAW, "observations.csv", ",35000,gt,", ",36000,gt,"),
        ("a word of the text", RAW, "text.txt", "35,000", "36,000"),
        ("a severity", "tables/rules.csv", "rules.toml", '"error"', '"warning"'),
        ("a reason", "tables/findings.parquet", "findings.csv", "The article", "This article"),
        ("a title", "tables/sources.csv", "source.toml", 'title = "', 'title = "A '),
        ("a label", "tables/indicators.csv", "indicators.csv", "Non-commercial", "Other"),
        ("the version", "metadata/CITATION.cff", "releases.csv", "1.0.0", "1.0.1"),
    )
} | {"a value, and no text": ("tables/mentions.csv", without_its_text)}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_follows_from_a_forgery_of_what_was_typed_is_found(
    what: str, copy: Path, told: Told
) -> None:
    file, spoil = FORGERIES[what]
    spoil(copy)
    assert main(["verify", str(copy), "--format", "json"]) == UNWELL
    assert file in {failure["file"] for failure in json.loads(told()[0])}


def test_the_summary_names_what_nobody_can_derive(release: Path, told: Told) -> None:
    main(["verify", str(release)])
    said = told()[0]
    for words in ("titles", "addresses", "rights", "reasons", "whether this is the raw/"):
        assert words in said.partition("Taken as published")[2]
