"""The code lists that a person types in raw/codelists/: one schema a file.

Belongs here: what a list's cells must look like, and the columns that the published lists share.
Does not belong here: which codes there are, which is raw/'s to say.
"""

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

from schemas import columns as c
from schemas.kinds import INDICATOR_KINDS, SHARES

BASE_AND_CATEGORY = "indicators.code/categories.code"
"""What a base refers to: an indicator and, after a stroke, a category of it."""


def _code_list(
    title: str, description: str, columns: dict[str, Column], *checks: Check
) -> DataFrameSchema:
    return c.schema(
        f"{title.lower()}.csv", title, description, ["code"], {**columns, **c.RAW_PLACE}, *checks
    )


def base(references: str) -> Column:
    """Return what an indicator is a part of; in a typed list, the reader splits the category off
    what it refers to.
    """
    return c.text(
        "Base",
        (
            "The indicator that a share is a share of, or a flow flows into; of one category of "
            "it: indicator/category"
        ),
        nullable=True,
        references=references,
    )


_IS_DAY = c.like(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a day such as 1998-12-15")
_ONE_OF_LEVELS = c.one_of("country", "region")

CODE_LISTS: dict[str, DataFrameSchema] = {
    "indicators": _code_list(
        "Indicators",
        "What can be counted or measured: an indicator fixes unit, base and which codes fit",
        {
            "code": c.code("What the indicator column holds"),
            "label": c.LABEL,
            "aliases": c.ALIASES,
            "definition": c.DEFINITION,
            "unit": c.text("Unit", "What one is counted in", c.HAS_WORDS),
            "whole": c.text(
                "Whole numbers",
                "Whether only whole numbers are possible",
                c.one_of("true", "false"),
            ),
            "kind": c.text(
                "Kind",
                ", ".join(f"{name} ({kind.meaning})" for name, kind in INDICATOR_KINDS.items()),
                c.one_of(*INDICATOR_KINDS),
            ),
            "base": base("indicators.code"),
            "per": c.optional_text(
                "Per",
                "What the number is for each of: a time, or a number and what it counts (100000 "
                "births); without it a flow is yearly",
                c.like(
                    r"^(?:year|quarter|month|week|day|hour|[1-9][0-9]{0,11}(?: \S.*)?)$",
                    (
                        "year, quarter, month, week, day or hour, or a number and what it counts, "
                        "such as 100000 live births"
                    ),
                ),
                must="is a time or a count",
            ),
            "category_tree": c.text(
                "Category tree",
                "The tree of categories.csv that its categories come from; empty: none fit",
                nullable=True,
                must="is a known tree",
            ),
            "area_level": c.text(
                "Area level",
                "The level of the areas that fit; empty: any",
                _ONE_OF_LEVELS,
                nullable=True,
            ),
        },
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
    "areas": _code_list(
        "Areas",
        "Countries and regions",
        {
            "code": c.code(
                "ISO 3166 code: of the country (3166-1) or the region (3166-2, as of valid_from)"
            ),
            "label": c.LABEL,
            "aliases": c.ALIASES,
            "parent": c.text(
                "Parent", "The area that holds it", nullable=True, references="areas.code"
            ),
            "level": c.text(
                "Level", "country, or region (a first-level subdivision)", _ONE_OF_LEVELS
            ),
            "valid_from": c.text(
                "Valid from", "The first day on which the code is in force", _IS_DAY, nullable=True
            ),
            "valid_to": c.text(
                "Valid to", "The first day on which it no longer is", _IS_DAY, nullable=True
            ),
            "successor": c.text(
                "Successor",
                "The codes that followed it, joined by a space",
                nullable=True,
                must="names known codes",
            ),
        },
    ),
    "categories": _code_list(
        "Categories",
        "Parts of a whole, in trees",
        {
            "code": c.code("What the category column holds"),
            "tree": c.text("Tree", "The classification it belongs to", c.IS_CODE, c.IS_SHORT),
            "label": c.LABEL,
            "aliases": c.ALIASES,
            "parent": c.text(
                "Parent", "The category that holds it", nullable=True, references="categories.code"
            ),
            "definition": c.DEFINITION,
        },
    ),
    "agents": _code_list(
        "Agents",
        "Persons and bodies that act, speak or publish",
        {
            "code": c.code("What the columns who, attributed_to and publisher hold"),
            "label": c.LABEL,
            "aliases": c.ALIASES,
            "kind": c.text(
                "Kind", "person, organisation or state", c.one_of("person", "organisation", "state")
            ),
            "definition": c.DEFINITION,
        },
    ),
}
"""The schemas of the lists, by name."""
