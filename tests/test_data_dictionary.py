"""The README.md of a release describes every table and column, and draws how tables refer to each
other.
"""

import re

import pytest
from pandera.polars import DataFrameSchema

from pipeline.check import Checked
from pipeline.release.metadata.filled import filled
from schemas.tables import FACTS, RELEASE_TABLES
from tests.read_page import edition_of

TABLES = {"facts": FACTS, **RELEASE_TABLES}


@pytest.fixture(scope="module")
def text(article: Checked) -> str:
    return filled("README.md", edition_of(article.tables, {}), {})


def described(text: str, name: str) -> list[list[str]]:
    """The cells of the rows that describe the columns of a table."""
    (section,) = re.findall(rf"(?ms)^### {name}$(.+?)(?=^### |\Z)", text)
    rows = re.findall(r"(?m)^\| (`.+) \|$", section)
    return [re.split(r" ?(?<!\\)\| ?", row) for row in rows]


def test_every_table_is_described_with_its_key_and_the_flat_one_first(text: str) -> None:
    assert re.findall(r"(?m)^### (.+)$", text) == [*TABLES]
    for name, schema in TABLES.items():
        key = ", ".join(f"`{column}`" for column in schema.unique or [])
        assert f"### {name}\n\n{schema.description}. Key: {key}.\n" in text


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_with_type_and_unit(text: str, name: str) -> None:
    rows = described(text, name)
    assert [row[0] for row in rows] == [f"`{column}`" for column in TABLES[name].columns]
    for (_, kind, unit, words), column in zip(rows, TABLES[name].columns.values(), strict=True):
        assert kind in {"string", "integer", "number", "boolean", "date"}
        assert unit == ((column.metadata or {})["unit"] or "")
        assert words.replace(r"\|", "|") == f"{column.title}. {column.description}"


def references_of(name: str, schema: DataFrameSchema) -> list[str]:
    """The lines of the diagram that a table's references are: to one row, or to none."""
    return [
        f"{name} }}o--{'o|' if column.nullable else '||'} {target.partition('.')[0]} : {own}"
        for own, column in schema.columns.items()
        for target in ((column.metadata or {})["references"] or "").split("/")
        if target
    ]


def test_the_diagram_has_every_table_and_every_reference_once(text: str) -> None:
    (diagram,) = re.findall(r"(?ms)^```mermaid\nerDiagram\n(.+?)\n```$", text)
    lines = [line.strip() for line in diagram.splitlines()]
    entities = [line.partition(" ")[0] for line in lines if line.endswith("PK }")]
    assert entities == [*TABLES]
    drawn = [line for line in lines if "o--" in line]
    assert len(drawn) == len(set(drawn)) == len(lines) - len(entities)
    expected = [line for name, schema in TABLES.items() for line in references_of(name, schema)]
    assert len(expected) > 10
    assert sorted(drawn) == sorted(expected)
    assert "observations }o--|| indicators : indicator" in drawn
    assert {line.split(" ")[2] for line in drawn} <= TABLES.keys()
