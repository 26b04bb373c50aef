"""Whatever cell is mistyped, the defect is at that cell, few others follow from it, and nothing
ends in a traceback.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from pandera.polars import DataFrameSchema

from pipeline.check import check
from pipeline.defects import Defect
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import ENTERED, FINDINGS_CSV, RELEASES_CSV, SOURCE_FILES
from schemas.source_toml import SOURCE_TOML
from tests.article_copies import found_in_copies
from tests.conftest import ROOT, SOURCE

TEXTS = ("§", "-1", "1.0", "7" * 1000, "")
"""What is typed instead; nothing only where something is required."""

FREE = {"note", "notes", "reason", "why", "definition", "title", "rights", "published_basis"}
"""The columns and keys in which any words may stand; what is no reason has tests of its own."""

FOLLOWING = 3
"""Other defects that may follow."""

TABLES: dict[str, DataFrameSchema] = {
    "findings.csv": FINDINGS_CSV,
    "releases.csv": RELEASES_CSV,
    **{f"codelists/{name}.csv": schema for name, schema in CODE_LISTS.items()},
    **{f"{SOURCE}/{name}.csv": schema for name, schema in SOURCE_FILES.items()},
}
TOML = f"{SOURCE}/source.toml"


@dataclass(frozen=True)
class Wrong:
    """A file as it is with something else typed in one place."""

    file: str
    line: int
    column: str
    typed: str
    content: str
    """Of the file with it."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}={self.typed[:5] or 'nothing'}"


def cells() -> Iterator[Wrong]:
    """Every cell of every table that is not free text, with each of the texts in its place."""
    for file, schema in TABLES.items():
        with (ROOT / "raw" / file).open(encoding="utf-8", newline="") as opened:
            header, *rows = csv.reader(opened)
        for place, column in enumerate(header):
            for number, row in enumerate(rows):
                explained = (
                    column == "precision" and row[header.index("note")]
                )  # a curator's own step needs no words
                for text in () if column in FREE or explained else TEXTS:
                    if text != row[place] and (text or not schema.columns[column].nullable):
                        changed = [
                            *rows[:number],
                            [*row[:place], text, *row[place + 1 :]],
                            *rows[number + 1 :],
                        ]
                        yield Wrong(file, number + 2, column, text, as_table([header, *changed]))


def as_table(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def keys() -> Iterator[Wrong]:
    """Every key of source.toml that is not free text, with each of the texts in its place."""
    content = (ROOT / "raw" / TOML).read_text(encoding="utf-8")
    for key in re.finditer(r"(?m)^(?P<key>\w+) = (?P<value>.+)$", content):
        name = f"expected.{key['key']}" if key["key"] in ENTERED else key["key"]
        for text in TEXTS if name not in FREE else ():
            if text or not SOURCE_TOML.columns[name].nullable:
                is_number = re.fullmatch(r"\d+|true|false", key["value"]) and re.fullmatch(
                    r"[-.\d]+", text
                )
                value = text if is_number else f'"{text}"'
                changed = content[: key.start("value")] + value + content[key.end("value") :]
                yield Wrong(TOML, content.count("\n", 0, key.start()) + 1, name, text, changed)


def some() -> list[Wrong]:
    """Each column with every other of the texts, each in another row: a sample, since all of them
    take more than an hour.
    """
    by_column: dict[tuple[str, str, str], list[Wrong]] = {}
    for wrong in (*cells(), *keys()):
        by_column.setdefault((wrong.file, wrong.column, wrong.typed), []).append(wrong)
    chosen = list(by_column.values())[::2]
    return [several[(7 * number) % len(several)] for number, several in enumerate(chosen)]


SOME = some()
IN_A_SOURCE = [wrong for wrong in SOME if wrong.file.startswith(f"{SOURCE}/")]
BESIDE = [wrong for wrong in SOME if wrong not in IN_A_SOURCE][::2]
"""Fewer, since each takes a check of its own."""


@pytest.fixture(scope="module")
def found_in_each(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Defect]]:
    """What is found of each wrong cell of a source."""

    def change(wrong: Wrong, folder: Path) -> None:
        (folder / Path(wrong.file).name).write_text(wrong.content, encoding="utf-8")

    return found_in_copies(
        tmp_path_factory.mktemp("copies"),
        {str(wrong): partial(change, wrong) for wrong in IN_A_SOURCE},
    )


@pytest.mark.slow
@pytest.mark.parametrize("wrong", IN_A_SOURCE, ids=str)
def test_a_wrong_cell_of_a_source_is_a_defect_right_there_and_little_else_is(
    wrong: Wrong, found_in_each: dict[str, list[Defect]]
) -> None:
    assert_little_else(wrong, found_in_each[str(wrong)])


@pytest.mark.slow
@pytest.mark.parametrize("wrong", BESIDE, ids=str)
def test_a_wrong_cell_beside_the_sources_is_a_defect_right_there_and_little_else_is(
    wrong: Wrong, raw: Path
) -> None:
    (raw / wrong.file).write_text(wrong.content, encoding="utf-8")
    checked = check(raw)
    assert_little_else(wrong, [*checked.defects, *checked.unacknowledged])


def assert_little_else(wrong: Wrong, found: list[Defect]) -> None:
    shown = "\n".join(defect.at("raw")[:200] for defect in found)
    here = [
        defect
        for defect in found
        if (defect.file, defect.line, defect.column) == (wrong.file, wrong.line, wrong.column)
    ]
    assert len(here) == 1, f"not one defect at {wrong} among:\n{shown}"
    assert len(found) - len(here) <= FOLLOWING, shown
