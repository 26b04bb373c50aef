"""The house keeps its shape: imports go down, and the code does not grow in silence.

Everything is read from the code itself. Each list of exceptions holds what is wrong today by name,
and can only get shorter: an entry that is no longer true fails its test, so that what was mended
stays mended.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "pipeline")

LAYERS = (
    "schemas",
    "pipeline.unusable",
    "pipeline.defects",
    "pipeline.built",
    "pipeline.fingerprint",
    "pipeline.durable",
    "pipeline.kept",
    "pipeline.answers",
    "pipeline.parts",
    "pipeline.spark",
    "pipeline.engine",
    "pipeline.spill",
    "pipeline.query",
    "pipeline.intervals",
    "pipeline.read",
    "pipeline.evidence",
    "pipeline.read_text",
    "pipeline.facts",
    "pipeline.rules",
    "pipeline.reason",
    "pipeline.fact_steps",
    "pipeline.rule_steps",
    "pipeline.raw_tables",
    "pipeline.steps",
    "pipeline.check",
    "pipeline.report",
    "pipeline.release",
    "pipeline.new_source",
    "pipeline.serve",
    "pipeline.enter",
    "pipeline.operate",
    "pipeline.definitions",
    "pipeline.cli",
)
"""The files and folders of pipeline/, the lowest first: each may import what stands before it, and
itself.
"""

OF_DAGSTER = ("pipeline.operate", "pipeline.definitions")
"""What may import Dagster."""

MOST_NODES = 196_613
"""Syntax nodes of pipeline/ and schemas/, imports aside. What is allowed is 136,000: this ceiling
only comes down to it.
"""

LONG = 300
"""Nodes above which a function is long: it does more than one thing."""

MOST_LONG_FUNCTIONS = 9

MOST_LINES = {
    ".js": 312,
    ".sql": 842,
    ".html": 604,
    ".css": 234,
    ".toml": 2077,
    ".txt": 146,
    ".json": 17,
    ".md": 104,
}
"""Lines of what is not Python in pipeline/, by the end of the file's name."""

LINES_A_FILE = 325
"""Lines (of 100 columns) of a file of pipeline/evidence, which every fact stands on."""


def name_of(file: Path) -> str:
    """The dotted name of a module, a package by its folder's."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax of every module of ours, by its dotted name."""
    found = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return {name_of(file): ast.parse(file.read_text(encoding="utf-8")) for file in found}


def imported_by(name: str) -> Iterator[str]:
    """What a module imports, at its top or within a function, and for types alone too."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{name}, line {node.lineno}: write the import in full, from the name of the "
                "package"
            )
            module = node.module or ""
            inside = [f"{module}.{alias.name}" for alias in node.names]
            yield from (one if one in modules() else module for one in inside)


def imports() -> set[tuple[str, str]]:
    """Which of our modules imports which other of ours."""
    return {
        (name, other)
        for name in modules()
        for other in imported_by(name)
        if other in modules() and other != name
    }


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def layer_of(name: str) -> int:
    """The place in LAYERS of a module; the package pipeline itself holds nothing and is below
    all.
    """
    return next((place for place, layer in enumerate(LAYERS) if is_within(name, layer)), -1)


def nodes_of(tree: ast.AST) -> int:
    return sum(
        not isinstance(node, ast.Import | ast.ImportFrom | ast.alias) for node in ast.walk(tree)
    )


def long_functions() -> dict[str, int]:
    """The nodes of each long function, by "module function"."""
    functions = (
        (f"{name} {node.name}", nodes_of(node))
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return {name: nodes for name, nodes in functions if nodes > LONG}


def other_code() -> Iterator[Path]:
    """What is not Python in pipeline/."""
    for file in sorted((ROOT / "pipeline").rglob("*")):
        if file.is_file() and file.suffix not in {".py", ".pyc"}:
            yield file


def test_every_file_of_the_pipeline_has_its_layer() -> None:
    homeless = sorted(name for name in modules() if layer_of(name) < 0 and name != "pipeline")
    assert not homeless, (
        f"{homeless} stand in no layer: add each to LAYERS, below whatever imports it"
    )
    empty = [layer for layer in LAYERS if not any(is_within(name, layer) for name in modules())]
    assert not empty, f"{empty} are layers of nothing: take them out of LAYERS"


def test_imports_only_go_down() -> None:
    upward = {(name, other) for name, other in imports() if layer_of(other) > layer_of(name)}
    assert not upward, (
        f"{sorted(upward)} import what stands above them: hand it in as an argument, or move it "
        "below both"
    )


def test_no_module_imports_itself_by_a_detour() -> None:
    below: dict[str, set[str]] = {}
    for name, other in imports():
        below.setdefault(name, set()).add(other)
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        pytest.fail(
            f"a circle of imports, {' <- '.join(error.args[1])}: move what they share into a "
            "module of its own"
        )


def test_only_what_operates_the_pipeline_knows_of_dagster() -> None:
    knowing = {
        name
        for name in modules()
        for other in imported_by(name)
        if other.partition(".")[0].startswith("dagster")
    }
    outside = sorted(
        name for name in knowing if not any(is_within(name, allowed) for allowed in OF_DAGSTER)
    )
    assert not outside, (
        f"{outside} import Dagster: it is a shell; move what needs it to pipeline/operate"
    )
    assert knowing, "nothing imports Dagster, so this test no longer sees imports"


def test_the_code_does_not_grow() -> None:
    nodes = sum(nodes_of(tree) for tree in modules().values())
    assert nodes <= MOST_NODES, (
        f"{nodes} syntax nodes, {nodes - MOST_NODES} too many: delete a mechanism before adding one"
    )


def test_long_functions_get_fewer() -> None:
    found = long_functions()
    longest = ", ".join(
        f"{name} ({found[name]})" for name in sorted(found, key=lambda name: -found[name])
    )
    assert len(found) <= MOST_LONG_FUNCTIONS, (
        f"{len(found)} functions have more than {LONG} nodes: split one of {longest}"
    )


def test_what_is_not_python_does_not_grow() -> None:
    lines = Counter[str]()
    for file in other_code():
        lines[file.suffix] += len(file.read_text(encoding="utf-8").splitlines())
    unknown = sorted(set(lines) - set(MOST_LINES))
    assert not unknown, f"files in {unknown} have no ceiling: write one into MOST_LINES"
    grown = {end: count for end, count in lines.items() if count > MOST_LINES[end]}
    assert not grown, (
        f"{grown} lines, above {MOST_LINES}: shorten them, or say the same in one place"
    )


def test_a_file_that_facts_stand_on_is_read_at_one_sitting() -> None:
    files = {
        file: len(file.read_text(encoding="utf-8").splitlines())
        for file in (ROOT / "pipeline/evidence").rglob("*.py")
    }
    too_long = {
        str(file.relative_to(ROOT)): lines for file, lines in files.items() if lines > LINES_A_FILE
    }
    assert not too_long, (
        f"{too_long} have more than {LINES_A_FILE} lines: give what is a thing of its own a file"
    )


def test_functions_that_facts_stand_on_do_one_thing_each() -> None:
    names = (
        name.rpartition(" ")
        for name in long_functions()
        if is_within(name.partition(" ")[0], "pipeline.evidence")
    )
    found = {
        f"{module.removeprefix('pipeline.evidence.').replace('.', '/')}.py {function}"
        for module, _, function in names
    }
    assert not found, f"{sorted(found)} have more than {LONG} nodes: split them"
