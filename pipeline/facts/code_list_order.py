"""What is wrong with a code list as a whole: circles, times that end before they begin, and codes that nothing tells apart.

Belongs here: checks of rows of one list against each other. Does not belong here: single cells (schemas), or whether codes that
facts use are there (reference_tables).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from pipeline.defects import Defect, where
from schemas.code_lists import CODE_LISTS

Row = Mapping[str, str]

_REFERRING = {"areas": ("parent", "successor"), "categories": ("parent",), "indicators": ("base",)}
"""The columns that refer to codes of their own list."""

_ALIKE = {
    "indicators": ("unit", "whole", "kind", "base", "per", "category_tree", "area_level"),
    "areas": ("level", "parent"),
    "categories": ("tree", "parent"),
    "agents": ("kind",),
}
"""What else than words tells codes of a list apart; areas besides by when they are in force."""


def disorder(name: str, rows: pl.DataFrame) -> list[Defect]:
    """Return a defect for each sound row of a code list, as typed, that the rows before it make impossible."""
    file = CODE_LISTS[name].name
    as_rows: list[Row] = list(rows.fill_null("").iter_rows(named=True))
    found = [
        Defect(f"codelists/{file}", int(row["raw_line"]), column, "circle", row[column], expected)
        for column in _REFERRING.get(name, ())
        for row, expected in circles(as_rows, column)
    ]
    if name == "areas":
        never = pl.col("valid_to") <= pl.col("valid_from")  # both are ISO 8601, in whose order text sorts
        after = pl.format("a day after valid_from, {}: the first on which it is no longer in force", "valid_from")
        found += where(rows, never, column="valid_to", code="never_in_force", expected=after)
    if name == "categories":
        trees = rows.select(parent="code", parent_tree="tree").unique("parent")
        children = rows.join(trees, on="parent", maintain_order="left")
        fitting = pl.format("a category of the same tree, {}", "tree")
        elsewhere = pl.col("parent_tree") != pl.col("tree")
        found += where(children, elsewhere, column="parent", code="other_tree", expected=fitting)
    return [*found, *_told_apart_by_nothing(name, as_rows)]


def circles(rows: Iterable[Row], column: str, key: str = "code") -> list[tuple[Row, str]]:
    """Return each row whose codes in a column lead back to it by way of the rows before, and what was expected."""
    leads: dict[str, list[str]] = {}
    found = []
    for row in rows:
        targets = row[column].partition("/")[0].split(" ") if row[column] else []
        if path := next((way for target in targets if (way := _way(leads, target, row[key]))), None):
            found.append((row, f"one that does not lead back to where it began: {' > '.join([row[key], *path])}"))
        else:
            leads[row[key]] = targets
    return found


def _way(leads: Mapping[str, list[str]], start: str, end: str) -> list[str] | None:
    """Return the way from a code to another, both included, or None where there is none."""
    came_from = {start: ""}
    left = [start]
    while left and end not in came_from:
        code = left.pop()
        for target in leads.get(code, []):
            if target not in came_from:
                came_from[target] = code
                left.append(target)
    if end not in came_from:
        return None
    way = [end]
    while came_from[way[-1]]:
        way.append(came_from[way[-1]])
    return way[::-1]


def _told_apart_by_nothing(name: str, rows: list[Row]) -> list[Defect]:
    """Return a defect for each code with the label, or all the words, of an earlier one that is like it and in force with it.

    A word that two codes share is no defect as long as each has one of its own: "Almaty" is a city and an oblast.
    """
    file = f"codelists/{CODE_LISTS[name].name}"
    before: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    defects = []
    for row in rows:
        alike = tuple(row.get(column, "") for column in _ALIKE[name])
        label, *aliases = (word.casefold() for word in (row["label"], *row["aliases"].split("|")))
        keys = [(alike, label), (alike, frozenset({label, *aliases} - {""}))]
        rival = next((other for key in keys for other in before[key] if _together(row, other)), None)
        for key in keys:
            before[key].append(row)
        if rival is not None:
            expected = f"other words than those of {rival['code']} (line {rival['raw_line']}); nothing else tells the two apart"
            defects.append(Defect(file, int(row["raw_line"]), "label", "told_apart_by_nothing", row["label"], expected))
    return defects


def _together(one: Row, other: Row) -> bool:
    """Return whether two codes are ever in force together; those of other lists than areas always are."""
    ends = [(row.get("valid_from") or "", row.get("valid_to") or "9999-99-99") for row in (one, other)]
    return max(start for start, _ in ends) < min(end for _, end in ends)
