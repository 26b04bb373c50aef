"""The README files name everything that a person can type (commands, columns, kinds and keys), and
README.md says nothing that the release contradicts.

Of its examples that load data, those in SQL and Python are run as printed; pandas only where it is
installed, and R never: there the files that they name are looked for.
"""

import argparse
import io
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterable
from datetime import date
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

import duckdb
import polars as pl
import pytest
from packaging.specifiers import SpecifierSet

from pipeline.built import Tables
from pipeline.cli import main
from pipeline.cli.arguments import make_parser
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document
from pipeline.intervals.period_words import day_in_words
from pipeline.release.database import build_database
from schemas.code_lists import CODE_LISTS
from schemas.columns import RELATORS, optional_columns, typed_columns
from schemas.kinds import INDICATOR_KINDS
from schemas.publication_toml import LICENCES, PUBLICATION_TOML
from schemas.raw_files import SOURCE_FILES
from schemas.source_toml import SOURCE_TOML
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RAW_README = (ROOT / "raw" / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / ".readme" / "dialogue-bodies.svg"
RELEASE = max(
    (ROOT / "outputs" / "releases").glob("*.*.*[0-9]/"),
    key=lambda folder: [int(part) for part in folder.name.split(".")],
)
"""The newest release."""

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
        for action in make_parser()._actions  # noqa: SLF001 (argparse has no other way)
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


def test_every_key_of_the_publication_is_in_the_guide() -> None:
    assert unnamed(typed_columns(PUBLICATION_TOML), RAW_README) == []


READ_EXAMPLE = re.compile(r"(?m)^    \$ echo '(.+)' \| facts read -\n((?:    .+\n)+)")


def test_what_facts_read_is_said_to_print_is_what_it_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ((sentence, printed),) = READ_EXAMPLE.findall(RAW_README)
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


def rows(table: str) -> pl.DataFrame:
    """The rows of a CSV file of the newest release, as text."""
    return pl.read_csv(RELEASE / f"{table}.csv", infer_schema=False)


def numerals_of_the_release() -> list[str]:
    """What README says in numerals, each as the newest release, or the code, has it."""
    facts, sources = rows("facts"), rows("tables/sources")
    (found,) = rows("tables/findings").iter_rows(named=True)
    counts = dict(facts.group_by("type").len().iter_rows())
    bodies = facts.filter(fact_id=f"{found['source_id']}/bodies")["as_printed"].item()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest, above = re.findall(r"3\.(\d+)", project["requires-python"])
    return [
        f"{facts.height} facts",
        "one document" if sources.height == 1 else f"{sources.height} documents",
        day_in_words(date.fromisoformat(sources["published"].sort()[-1])),
        f"{counts['observation']} numbers",
        f"{counts['event']} dated events",
        f"{counts['statement']} statements",
        f"of {bodies} bodies for dialogue with the state, {float(found['lower']):.0f} belong to no",
        f"{bodies}, of which {float(found['lower']):.0f} are in no named group",
        f"outputs/releases/{RELEASE.name}/",
        facts.filter(fact_id=f"{found['source_id']}/organisations")["as_printed"].item(),
        f"Python 3.{lowest} to 3.{int(above) - 1}",
        f"127.0.0.1:{make_parser().parse_args(['ui']).port}/",
        next(iter(LICENCES)).replace("-", " "),
    ]


def test_no_numeral_of_the_readme_contradicts_the_release() -> None:
    left = " ".join(re.sub(r"(?ms)^```\w+\n.*?^```$", "", README).split())
    for words in numerals_of_the_release():
        assert words in left, f"README.md no longer says {words!r}"
        left = left.replace(words, "")
    assert re.findall(r".{0,20}(?<!python)(?<!UTF-)\d.{0,20}", left) == [], (
        "nothing holds these numerals"
    )


def test_the_readme_is_one_screen_and_a_half() -> None:
    assert len(README.splitlines()) <= 93


EXAMPLES = re.findall(r"(?ms)^```(\w+)\n(.+?)^```$", README)


@pytest.mark.parametrize(
    ("language", "code"), EXAMPLES, ids=[code.splitlines()[0] for _, code in EXAMPLES]
)
def test_examples_that_load_data_work_as_printed(
    language: str, code: str, with_releases: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert language in {"sql", "python", "r"}
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "releases").symlink_to(RELEASE.parent)
    build_database(with_releases, tmp_path / "outputs")
    monkeypatch.chdir(tmp_path)
    named = re.findall(r"outputs/[\w./-]+", code)
    assert named
    assert [file for file in named if not Path(file).is_file()] == []
    if language == "sql":
        numbers = rows("facts").filter(type="observation")
        assert len(duckdb.execute(code).fetchall()) == numbers.height
    elif language == "python" and all(map(find_spec, re.findall(r"(?m)^import (\w+)", code))):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout


def picture() -> str:
    """The picture of README: a chart of the newest release's page, on the page's own ground."""
    page = (RELEASE / "index.html").read_text(encoding="utf-8")
    chart: str
    (chart,) = re.findall(r'<svg (?:(?!</svg>).)*?"bodies-1-title".*?</svg>', page, re.DOTALL)
    return chart.replace("<svg ", '<svg style="background:#fdfcfa" ', 1) + "\n"


def test_the_picture_of_the_readme_is_a_chart_of_the_newest_release() -> None:
    assert f"({PICTURE.relative_to(ROOT)})" in README
    anew = "from tests.test_docs import *; PICTURE.write_text(picture())"
    assert PICTURE.read_text(encoding="utf-8") == picture(), f"write it anew: python -c {anew!r}"


@pytest.mark.parametrize("folder", [".", "raw", "pipeline/operate", "tests/benchmarks"])
def test_links_of_the_readme_files_lead_somewhere(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", text)
    assert targets
    assert [to for to in targets if not (ROOT / folder / to).exists()] == []


def test_every_library_allows_the_newest_python_that_is_allowed_here() -> None:
    (newest,) = re.findall(r"Python 3.11 to (3\.\d+)", README)
    allowed = {
        one.name: str(one.metadata.json.get("requires_python", "")) for one in distributions()
    }
    assert [name for name, said in allowed.items() if newest not in SpecifierSet(said)] == []
