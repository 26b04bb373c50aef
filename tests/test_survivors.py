"""The mutants that survive the tests, and why they may: no entry is stale, and none is doubled."""

import ast
import tomllib

import pytest

from tests.mutation import ROOT, SURVIVORS

LISTED = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivor"]


def code_of(file: str, function: str) -> str:
    """Return the lines of a function or a method, as Class.method."""
    text = (ROOT / file).read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for name in function.split("."):
        node = next(
            inner
            for inner in ast.iter_child_nodes(node)
            if isinstance(inner, ast.FunctionDef | ast.ClassDef) and inner.name == name
        )
    return ast.get_source_segment(text, node) or ""


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: f"{entry['function']}: {entry['now']}")
def test_what_a_survivor_changes_still_stands_in_its_function(entry: dict[str, str]) -> None:
    assert set(entry) == {"file", "function", "line", "now", "reason"}
    lines = [line.strip() for line in code_of(entry["file"], entry["function"]).splitlines()]
    assert entry["line"] in lines
    assert entry["now"] != entry["line"]
    assert len(entry["reason"].split()) > 3, "a reason says why no test can tell, or need not"


def test_no_survivor_is_listed_twice() -> None:
    keys = [tuple(entry[key] for key in ("file", "function", "line", "now")) for entry in LISTED]
    assert len(keys) == len(set(keys))
