"""What is wrong with a code list as a whole: circles, times that end before they begin, and codes
that nothing tells apart.

Belongs here: checks of rows of one list against each other. Does not belong here: single cells
(schemas), or whether codes that facts use are there (reference_tables).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

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
    """Return a defect for each sound row of a code list, as typed, that the rows before it make
    impossible.
    """
    file = CODE_LISTS[name].name
    as_rows: list[Row] = list(rows.fill_null("").iter_rows(named=True))
    found = [
        Defect(f"codelists/{file}", int(row["raw_line"]), column, "circle", row[column], expected)
        for column in _REFERRING.get(name, ())
        for row, expected in circles(as_rows, column)
    ]
    if name == "areas":
        never = pl.col("valid_to") <= pl.col(
            "valid_from"
        )  # both are ISO 8601, in whose order text sorts
        after = pl.format(
            "a day after valid_from, {}: the first on which it is no longer in force", "valid_from"
        )
        found += where(rows, never, column="valid_to", code="never_in_force", expected=after)
    if name == "categories":
        trees = rows.select(parent="code", parent_tree="tree").unique("parent")
        children = rows.join(trees, on="parent", maintain_order="left")
        fitting = pl.format("a category of the same tree, {}", "tree")
        elsewhere = pl.col("parent_tree") != pl.col("tree")
        found += where(children, elsewhere, column="parent", code="other_tree", expected=fitting)
    return [*found, *_told_apart_by_nothing(name, as_rows)]


def circles(rows: Iterable[Row], column: str, key: str = "code") -> list[tuple[Row, str]]:
    """Return the last row of each circle of rows whose codes in a column lead back to where it
    began, and what was expected.
    """
    by_key = {row[key]: row for row in rows}
    places = {code: place for place, code in enumerate(by_key)}
    leads = {code: row[column].partition("/")[0].split() for code, row in by_key.items()}
    found = []
    while circle := _circle(leads):
        last = max(circle, key=places.__getitem__)
        start = circle.index(last)
        path = " > ".join([*circle[start:], *circle[:start], last])
        found.append((by_key[last], f"one that does not lead back to where it began: {path}"))
        leads[last] = []
    return found


def _circle(leads: Mapping[str, list[str]]) -> list[str]:
    """Return the codes of a circle, each of which leads to the next; none where there is none."""
    try:
        TopologicalSorter(leads).prepare()
    except CycleError as error:
        led_to: list[str] = error.args[1]  # the first is the last again
        return led_to[:0:-1]
    return []


def _told_apart_by_nothing(name: str, rows: list[Row]) -> list[Defect]:
    """Return a defect for each code with the label, or all the words, of an earlier one that is
    like it and in force with it.

    A word that two codes share is no defect as long as each has one of its own: "Almaty" is a city
    and an oblast.
    """
    file = f"codelists/{CODE_LISTS[name].name}"
    before: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    defects = []
    for row in rows:
        alike = tuple(row.get(column, "") for column in _ALIKE[name])
        label, *aliases = (word.casefold() for word in (row["label"], *row["aliases"].split("|")))
        keys = [(alike, label), (alike, frozenset({label, *aliases} - {""}))]
        rival = next(
            (other for key in keys for other in before[key] if _together(row, other)), None
        )
        for key in keys:
            before[key].append(row)
        if rival is not None:
            expected = (
                f"other words than those of {rival['code']} (line {rival['raw_line']}); "
                "nothing else tells the two apart"
            )
            defects.append(
                Defect(
                    file,
                    int(row["raw_line"]),
                    "label",
                    "told_apart_by_nothing",
                    row["label"],
                    expected,
                )
            )
    return defects


def _together(one: Row, other: Row) -> bool:
    """Return whether two codes are ever in force together; those of other lists than areas always
    are.
    """
    ends = [
        (row.get("valid_from") or "", row.get("valid_to") or "9999-99-99") for row in (one, other)
    ]
    return max(start for start, _ in ends) < min(end for _, end in ends)
