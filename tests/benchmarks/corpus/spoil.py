"""Plant slips in a source, and in the files that all sources share.

Does not belong here: the kinds of slips (slip_kinds), or where they can be planted (slips).
"""

import csv
from pathlib import Path

from tests.benchmarks.corpus.document import write_csv
from tests.benchmarks.corpus.slip_kinds import SLIPS
from tests.benchmarks.corpus.slips import Place, Slip, Spoiler

_ELSE = "wrong_digit"

CLASHES = {
    "row_missing": {
        "thousands_typed",
        "no_value",
        "extra_cell",
        "duplicate",
        "no_quote",
        "space_typed",
    },
    "count_off": {"unknown_speech"},
    "extra_column": {"unknown_reading"},
}
"""Slips that the checks pass over where others are in the same file, which then cannot be read."""


def spoil(spoiler: Spoiler, kinds: list[str]) -> list[Slip]:
    """Plant slips in a source; where another would hide one, or the source has no row for it, a
    wrong digit instead.
    """
    planted: list[tuple[str, list[tuple[Place, str, str]]]] = []
    for kind in kinds:
        chosen = kind if CLASHES.get(kind, set()).isdisjoint(kinds) else _ELSE
        try:
            planted.append((chosen, list(SLIPS[chosen](spoiler))))
        except LookupError:
            planted.append((_ELSE, list(SLIPS[_ELSE](spoiler))))
    return [slip for kind, defects in planted for slip in spoiler.slips(kind, defects)]


def spoil_lists(raw: Path) -> list[Slip]:
    """Plant a slip in a code list and one in the general rules of a folder that is written."""
    path = raw / "codelists" / "categories.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    column = header.index("parent")
    line = next(
        number for number, row in enumerate(rows, start=2) if row[header.index("tree")] == "aims"
    )
    rows[line - 2][column] = "nowhere"
    write_csv(path, header, rows)
    rules = (raw / "rules.toml").read_text(encoding="utf-8").splitlines()
    rules += [
        "",
        "[[rule]]",
        'id = "made_up"',
        'kind = "same_quantity"',
        'title = "?"',
        'severity = "error"',
    ]
    rules.append('quantity = { indicator = "nothing" }')
    (raw / "rules.toml").write_bytes("\n".join([*rules, ""]).encode())
    return [
        Slip("unknown_parent", "codelists/categories.csv", line, "parent", "unknown_code"),
        Slip("unknown_operand", "rules.toml", len(rules), "quantity", "unknown_code"),
    ]
