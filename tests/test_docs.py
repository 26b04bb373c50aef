"""The two README files name everything that a person can type: commands, columns, kinds and
keys.
"""

import argparse
import io
import re
import textwrap
from collections.abc import Iterable

import pytest

from pipeline.cli import _parser, main
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document
from schemas.code_lists import CODE_LISTS
from schemas.columns import RELATORS, optional_columns
from schemas.kinds import INDICATOR_KINDS
from schemas.raw_files import SOURCE_FILES
from schemas.source_toml import SOURCE_TOML
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RAW_README = (ROOT / "raw" / "README.md").read_text(encoding="utf-8")

ADDED_BY_THE_READER = {"source_id", "raw_file", "raw_line"}


def unnamed(words: Iterable[str], text: str) -> list[str]:
    """Return which of some words a text does not have as code: between backticks, or in a row of an
    example.
    """
    code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"(?m)^ {4}(.+)$", text)])
    return [word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", code)]


def commands() -> list[str]:
    """Return the names of the sub-commands of `facts`."""
    (found,) = (
        action
        for action in _parser()._actions  # noqa: SLF001 (argparse has no other way)
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001 (likewise)
    )
    return [f"facts {name}" for name in found.choices]


def kinds_of_waivers() -> list[str]:
    """Return what may stand in the column kind of waivers.csv."""
    (check,) = SOURCE_FILES["waivers"].columns["kind"].checks
    return list(check.statistics["allowed_values"])


def test_every_command_is_in_the_readme() -> None:
    assert len(commands()) > 1
    assert unnamed(commands(), README) == []


@pytest.mark.parametrize("file", SOURCE_FILES)
def test_every_column_of_a_source_is_in_the_guide(file: str) -> None:
    typed = [name for name in SOURCE_FILES[file].columns if name not in ADDED_BY_THE_READER]
    assert unnamed(typed, RAW_README) == []
    assert re.search(rf"(?m)^ {{4}}{','.join(typed)}$", RAW_README), (
        "the example begins with the heading of the file"
    )


def test_the_columns_of_indicators_are_in_the_guide() -> None:
    typed = [name for name in CODE_LISTS["indicators"].columns if name not in ADDED_BY_THE_READER]
    assert f"\n    {','.join(typed)}\n" in RAW_README


def test_every_kind_of_waiver_has_an_example_and_a_meaning() -> None:
    kinds = kinds_of_waivers()
    assert len(kinds) > 1
    assert unnamed((f"{kind}" for kind in kinds), RAW_README) == []
    assert [kind for kind in kinds if f"`{kind}`" not in RAW_README] == []
    assert [
        kind for kind in kinds if not re.search(rf"(?m)^ {{4}}.+,{kind},[\w-]*,.+$", RAW_README)
    ] == []


def test_every_kind_of_indicator_has_an_example_and_a_meaning() -> None:
    assert [kind for kind in INDICATOR_KINDS if f"`{kind}`" not in RAW_README] == []
    assert [
        kind
        for kind in INDICATOR_KINDS
        if not re.search(rf"(?m)^ {{4}}.+,(?:true|false),{kind},", RAW_README)
    ] == []


def test_every_relator_is_in_the_guide() -> None:
    assert unnamed(RELATORS, RAW_README) == []


def test_every_key_of_a_source_that_may_be_left_out_is_in_the_guide() -> None:
    keys = optional_columns(SOURCE_TOML)
    assert len(keys) > 1
    assert unnamed(keys, RAW_README) == []


READ_EXAMPLE = re.compile(
    r"(?m)^    \$ echo '(.+)' \| (?:python3 -m uv run )?facts read -\n((?:    .+\n)+)"
)


@pytest.mark.parametrize("text", [README, RAW_README], ids=["README.md", "raw/README.md"])
def test_what_facts_read_is_said_to_print_is_what_it_prints(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ((sentence, printed),) = READ_EXAMPLE.findall(text)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{sentence}\n".encode())))
    assert main(["read", "-", "--raw", str(ROOT / "raw")]) == 0
    assert capsys.readouterr().out == textwrap.dedent(printed)


def test_the_periods_in_the_guide_are_those_that_its_words_are_read_as() -> None:
    (table,) = re.findall(r"\| the words \| `period` \|\n\|[-|]+\|\n((?:\|.+\n)+)", RAW_README)
    rows = [
        [cell.strip().split("; ") for cell in line.strip("|\n").split("|")]
        for line in table.splitlines()
    ]
    pairs = [pair for words, periods in rows for pair in zip(words, periods, strict=True)]
    read = {
        words: [mention.period for mention in read_mentions(words, Document("en"))]
        for words, _ in pairs
    }
    beyond_words = {"21 October, in a text of 2019", "no date (of an event)"}
    assert [(words, [period]) for words, period in pairs if words not in beyond_words] == [
        (words, periods) for words, periods in read.items() if words not in beyond_words
    ]
