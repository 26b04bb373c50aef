"""The code lists that facts refer to.

Belongs here: typed code lists to published tables, and which typed rows use codes that can be used.
Does not belong here: sources, facts, or what is wrong with a list as a whole (code_list_order).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.built import Built, RowsAndDefects, Tables
from pipeline.defects import Defect, no_such_day, where, with_advice
from pipeline.facts.code_list_order import disorder
from pipeline.read.raw_folder import RawFolder, Typed, read_code_list
from pipeline.read.validate import Codes, unknown_codes, without
from schemas.code_lists import CODE_LISTS
from schemas.columns import references
from schemas.tables import TABLES

_BASE = pl.col("base").str.splitn("/", 2)
"""The indicator of a base, and the category of it where one is named: indicator/category."""

_VALID = ("valid_from", "valid_to")
"""The days from which a code of an area is in force, and from which it no longer is."""


@dataclass(frozen=True)
class CodeLists:
    """The four code lists, as published, by name as typed, and all that is wrong with each."""

    indicators: pl.DataFrame
    areas: pl.DataFrame
    categories: pl.DataFrame
    agents: pl.DataFrame
    given: Mapping[str, Typed] = field(default_factory=dict)
    defects: Mapping[str, list[Defect]] = field(default_factory=dict)

    @property
    def lacking(self) -> frozenset[str]:
        """The lists of which codes are missing."""
        return frozenset(name for name, typed in self.given.items() if typed.nameless)

    def _doubtful(self, name: str) -> pl.Series:
        """Return the codes of a list whose row has a defect."""
        lines = [defect.line for defect in self.defects[name]]
        return self.given[name].rows.filter(pl.col("raw_line").is_in(lines))["code"].drop_nulls()

    def with_words(self) -> Tables:
        """Return the codes of each list, as typed, whose label and aliases are sound."""
        wrong = [
            defect
            for typed in self.given.values()
            for defect in typed.defects
            if defect.column in {"label", "aliases"}
        ]
        return {
            name: without(typed.rows, wrong).drop_nulls(["code", "label"])
            for name, typed in self.given.items()
        }

    def codes(self) -> Codes:
        """Return the codes that each list knows, by "table.column"; of a list of which some are
        missing nothing is known.
        """
        return {
            f"{name}.code": getattr(self, name)["code"]
            for name in CODE_LISTS
            if name not in self.lacking
        }

    def usable(self, typed: Typed, schema: DataFrameSchema) -> RowsAndDefects:
        """Return the typed rows whose words can be looked at, and the defects of their codes.

        A row with a defect is among them, since its other cells can still be held against the
        words. A row whose code is a defect in its list, or may be, is set aside without a word: the
        list has the defect.
        """
        defects = unknown_codes(typed.rows, schema, self.codes())
        required = [
            name
            for name, column in schema.columns.items()
            if not column.nullable and name != "raw_line"
        ]
        rows = typed.rows.drop_nulls("quote").with_columns(pl.col(required).fill_null(""))
        for name, target in references(schema).items():
            of_list, is_none = pl.col(name), pl.col(name).is_null()
            table = target.partition(".")[0]
            if table in self.given:
                rows = rows.filter(is_none | ~of_list.is_in(self._doubtful(table).implode()))
            if table in self.lacking:
                rows = rows.filter(is_none | of_list.is_in(getattr(self, table)["code"].implode()))
        return rows, defects


def read_lists(raw: RawFolder) -> CodeLists:
    """Return the code lists."""
    typed = {name: read_code_list(raw, name) for name in CODE_LISTS}
    built = {name: build_code_list(name, of) for name, of in typed.items()}
    defects = {name: one.defects for name, one in built.items()}
    defects["indicators"] += categories_exist(typed["indicators"], typed["categories"])
    return CodeLists(
        **{name: one.table for name, one in built.items()}, given=typed, defects=defects
    )


def build_code_list(name: str, typed: Typed) -> Built:
    """Return a code list as published; a code that refers to its own list must be there."""
    rows = typed.rows
    named = rows.with_columns(base=_BASE.struct[0]) if name == "indicators" else rows
    known = {} if typed.nameless else {f"{name}.code": rows["code"]}
    defects = typed.defects + unknown_codes(named, CODE_LISTS[name], known)
    if name == "indicators":
        # a flow is a year's, where nothing else is typed
        per = (
            pl.when(pl.col("kind") == "flow").then(pl.col("per").fill_null("year")).otherwise("per")
        )
        rows = rows.with_columns(pl.col("whole") == "true", per=per)
    if name == "areas":
        for day in _VALID:
            defects = with_advice(defects, no_such_day(rows, day, "1998-12-15"))
        if known:
            defects += _unknown_successors(rows)
        rows = rows.with_columns(pl.col(_VALID).str.to_date("%Y-%m-%d", strict=False))
    defects += disorder(name, without(typed.rows, defects))
    table = rows.drop_nulls("code").unique("code", keep="first", maintain_order=True).sort("code")
    return Built(table.select(list(TABLES[name].columns)), defects)


def _unknown_successors(areas: pl.DataFrame) -> list[Defect]:
    """Return a defect for each code that followed an area and is not in the list."""
    each = areas.with_columns(pl.col("successor").str.split(" ")).explode("successor")
    unknown = ~pl.col("successor").is_in(areas["code"].implode())
    return where(
        each,
        unknown,
        column="successor",
        code="unknown_code",
        expected="codes of areas, joined by a space",
    )


def categories_exist(typed: Typed, of_categories: Typed) -> list[Defect]:
    """Return a defect for each indicator whose tree of categories, or the category of its base, is
    not in categories.csv.
    """
    if of_categories.lacking:
        return []
    rows, categories = typed.rows, of_categories.rows
    trees = categories["tree"].drop_nulls().unique().sort()
    unknown = ~pl.col("category_tree").is_in(trees.implode())
    expected = f"a tree of categories.csv: {', '.join(trees)}"
    defects = where(rows, unknown, column="category_tree", code="unknown_code", expected=expected)
    of_base = rows.select(base_indicator="code", base_tree="category_tree").unique("base_indicator")
    bases = rows.with_columns(base_indicator=_BASE.struct[0], base_category=_BASE.struct[1]).join(
        of_base, on="base_indicator", maintain_order="left"
    )
    bases = bases.join(
        categories.select(base_category="code", found_tree="tree").unique("base_category"),
        on="base_category",
        how="left",
        maintain_order="left",
    )
    is_other = pl.col("found_tree").is_null() | pl.col("found_tree").ne_missing(pl.col("base_tree"))
    misfit = pl.col("base_category").is_not_null() & is_other
    tree = pl.format(
        "after the stroke a category of {}, of the tree {}", "base_indicator", "base_tree"
    )
    fitting = tree.fill_null(pl.format("{} alone, since it has no categories", "base_indicator"))
    return defects + where(bases, misfit, column="base", code="unknown_code", expected=fitting)
