"""The code lists that a person types in raw/codelists/: one schema a file.

Belongs here: what a list's cells must look like, and the columns that the published lists share. Does not belong here: which
codes there are, which is raw/'s to say.
"""

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

from schemas import columns as c
from schemas.kinds import INDICATOR_KINDS, SHARES


def _code_list(title: str, description: str, columns: dict[str, Column], *checks: Check) -> DataFrameSchema:
    lines = {name: column for name, column in c.line_columns().items() if name != "source_id"}
    return c.schema(f"{title.lower()}.csv", title, description, ["code"], {**columns, **lines}, *checks)


def _flag_word() -> Column:
    return c.text("Whole numbers", "Whether only whole numbers are possible", c.one_of("true", "false"))


BASE_AND_CATEGORY = "indicators.code/categories.code"
"""What a base refers to: an indicator and, after a stroke, a category of it."""


def indicator_columns(whole: Column, base: str = BASE_AND_CATEGORY) -> dict[str, Column]:
    """Return the columns of the list of indicators; `whole` is typed as a word and published as a flag.

    `base` is what its column refers to; of a typed list, the reader splits the category off.
    """
    return {
        "code": c.code("What the indicator column holds"),
        "label": c.label(),
        "aliases": c.aliases(),
        "definition": c.definition(),
        "unit": c.text("Unit", "What one is counted in", c.words()),
        "whole": whole,
        "kind": c.text(
            "Kind",
            ", ".join(f"{name} ({kind.meaning})" for name, kind in INDICATOR_KINDS.items()),
            c.one_of(*INDICATOR_KINDS),
        ),
        "base": c.text(
            "Base",
            "The indicator that a share is a share of, or a flow flows into; of one category of it: indicator/category",
            nullable=True,
            references=base,
        ),
        "per": per(),
        "category_tree": c.text(
            "Category tree", "The tree of categories.csv that its categories come from; empty: none fit", nullable=True
        ),
        "area_level": c.text("Area level", "The level of the areas that fit; empty: any", one_of_levels(), nullable=True),
    }


def per() -> Column:
    """Return what a number is for each of."""
    return c.optional_text(
        "Per",
        "What the number is for each of: a time, or a number and what it counts (100000 births); without it a flow is yearly",
        c.like(
            r"^(?:year|quarter|month|week|day|hour|[1-9][0-9]{0,11}(?: \S.*)?)$",
            "year, quarter, month, week, day or hour, or a number and what it counts, such as 100000 live births",
        ),
    )


def one_of_levels() -> Check:
    """Return the check of a level of areas."""
    return c.one_of("country", "region")


def area_columns(valid: dict[str, Column]) -> dict[str, Column]:
    """Return the columns of the list of areas; `valid` holds the days of validity, typed as text and published as days."""
    return {
        "code": c.code("ISO 3166 code: of the country (3166-1) or the region (3166-2, as of valid_from)"),
        "label": c.label(),
        "aliases": c.aliases(),
        "parent": c.text("Parent", "The area that holds it", nullable=True, references="areas.code"),
        "level": c.text("Level", "country, or region (a first-level subdivision)", one_of_levels()),
        **valid,
        "successor": c.text("Successor", "The codes that followed it, joined by a space", nullable=True),
    }


def _typed_days() -> dict[str, Column]:
    def typed(title: str, description: str) -> Column:
        expected = "a day such as 1998-12-15"
        return c.text(title, description, c.like(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", expected), nullable=True)

    return {
        "valid_from": typed("Valid from", "The first day on which the code is in force"),
        "valid_to": typed("Valid to", "The first day on which it no longer is"),
    }


def category_columns() -> dict[str, Column]:
    """Return the columns of the list of categories."""
    return {
        "code": c.code("What the category column holds"),
        "tree": c.text("Tree", "The classification it belongs to", c.code_pattern(), c.short()),
        "label": c.label(),
        "aliases": c.aliases(),
        "parent": c.text("Parent", "The category that holds it", nullable=True, references="categories.code"),
        "definition": c.definition(),
    }


def agent_columns() -> dict[str, Column]:
    """Return the columns of the list of agents."""
    return {
        "code": c.code("What the columns who, attributed_to and publisher hold"),
        "label": c.label(),
        "aliases": c.aliases(),
        "kind": c.text("Kind", "person, organisation or state", c.one_of("person", "organisation", "state")),
        "definition": c.definition(),
    }


CODE_LISTS: dict[str, DataFrameSchema] = {
    "indicators": _code_list(
        "Indicators",
        "What can be counted or measured: an indicator fixes unit, base and which codes fit",
        indicator_columns(_flag_word(), "indicators.code"),
        c.across(
            "shares_have_a_base",
            "base",
            "the indicator that it is a share of",
            pl.col("base").is_not_null() | ~pl.col("kind").is_in(SHARES),
        ),
        c.across(
            "overlapping_shares_have_categories",
            "category_tree",
            "the tree of the categories that overlap",
            pl.col("category_tree").is_not_null() | (pl.col("kind") != "multi_share"),
        ),
    ),
    "areas": _code_list("Areas", "Countries and regions", area_columns(_typed_days())),
    "categories": _code_list("Categories", "Parts of a whole, in trees", category_columns()),
    "agents": _code_list("Agents", "Persons and bodies that act, speak or publish", agent_columns()),
}
"""The schemas of the lists, by name."""
