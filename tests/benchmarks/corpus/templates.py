"""What `validated` states of each place, and which terms the rules make of it: the small tables
that its SQL is joined to.

A block is a whole, or the parts of one: its facts have consecutive positions. Belongs here: the
blocks, and what each family of rules takes of them. Does not belong here: any number (sql/).
"""

from typing import NamedTuple

import polars as pl

from tests.benchmarks.corpus.classifications import Classifications
from tests.benchmarks.corpus.rules import PUBLISHED_LAST, SAME_QUANTITY, START_FIRST, rule_id

FAMILIES = (
    "kinds workers projects grants inspected region_shares region_counts regions_ranked "
    "regions_printed owners services services_differ growth"
)
"""The rules of each theme that have facts here (rules.FAMILIES)."""

IN_TWO = " in two or more"


class Block(NamedTuple):
    """A block: its name, its indicator, its categories (one empty: none), whether it is of the
    country or of each region.
    """

    name: str
    indicator: str
    categories: tuple[str, ...] = ("",)
    is_national: bool = False


def blocks(lists: Classifications) -> list[Block]:
    """Return the blocks, those of a region after those of the country."""
    kinds = tuple(
        code.replace(lists.themes[0].plural, "{many}") for code, _ in lists.themes[0].kinds
    )
    return [
        Block("total", "{many}", is_national=True),
        Block("all_workers", "{one}_workers", is_national=True),
        Block("flow", "{many}_growth", is_national=True),
        Block("earlier", "{many}", is_national=True),
        Block("count", "{many}"),
        Block("kinds", "{many}", kinds),
        Block("workers", "{one}_workers"),
        Block("inspected", "inspected_{many}"),
        Block("projects", "{one}_projects"),
        Block("aims", "{one}_projects", lists.trees["aims"]),
        Block("grants", "{one}_grants"),
        Block("donors", "{one}_grants", lists.trees["donors"]),
        Block("owners", "{many}_owner_share", lists.trees["owners"]),
        Block("services", "{many}_service_share", lists.trees["services"]),
        Block("region_share", "{many}_region_share"),
        Block("spending", "{one}_spending"),
    ]


def template(lists: Classifications) -> pl.DataFrame:
    """Return what is stated of a place, a row a fact: block, indicator, category, part, parts,
    position, is_national.
    """
    rows = []
    for is_national in (True, False):
        facts = [
            (block, category, part)
            for block in blocks(lists)
            if block.is_national == is_national
            for part, category in enumerate(block.categories)
        ]
        rows += [
            (
                block.name,
                block.indicator,
                category or None,
                part,
                len(block.categories),
                position,
                is_national,
            )
            for position, (block, category, part) in enumerate(facts)
        ]
    numbers = dict.fromkeys(("part", "parts", "position"), pl.Int64)
    words = dict.fromkeys(("block", "indicator", "category"), pl.String)
    return pl.DataFrame(rows, schema={**words, **numbers, "is_national": pl.Boolean}, orient="row")


def terms() -> pl.DataFrame:
    """Return which blocks a family adds up: family, block, sign, op, of_nation (one group a
    country), ending (of its name).
    """
    rows = [
        ("kinds", "kinds", 1, "eq", False, ""),
        ("kinds", "count", -1, "eq", False, ""),
        ("workers", "workers", 1, "eq", True, ""),
        ("workers", "all_workers", -1, "eq", True, ""),
        ("projects", "aims", 1, "eq", False, ""),
        ("projects", "projects", -1, "eq", False, ""),
        ("grants", "donors", 1, "eq", False, ""),
        ("grants", "grants", -1, "eq", False, ""),
        ("inspected", "inspected", 1, "le", False, ""),
        ("inspected", "count", -1, "le", False, ""),
        ("owners", "owners", 1, "eq", False, ""),
        ("services", "services", 1, "eq", False, ""),
        ("services", "services", 1, "le", False, IN_TWO),
        ("region_shares", "region_share", 1, "eq", True, ""),
    ]
    shape = {
        "family": pl.String,
        "block": pl.String,
        "sign": pl.Int64,
        "op": pl.String,
        "of_nation": pl.Boolean,
    }
    return pl.DataFrame(rows, schema={**shape, "ending": pl.String}, orient="row")


def slack() -> pl.DataFrame:
    """Return what a family adds besides facts (slack.sql): constants, and slack of its own.

    family, block (one for each fact of it), op, ending, name (of the quantity; none: a constant),
    coefficient (0: 1 less the parts), most, most_each (so much for each part), words.
    """
    no_part, not_named = "{label} in no named part, {group}", "{label} that is not named, {group}"
    rows = [
        ("projects", "projects", "eq", "", "remainder of {one}_projects", 1, None, False, no_part),
        ("grants", "grants", "eq", "", "remainder of {one}_grants", 1, None, False, no_part),
        ("owners", "owners", "eq", "", None, -100, None, False, None),
        (
            "services",
            "services",
            "eq",
            "",
            "mentions of {many}_service_share",
            -1,
            None,
            True,
            "mentions per 100 ({label}), {group}",
        ),
        ("services", "services", "le", IN_TWO, None, -100, None, False, None),
        (
            "services",
            "services",
            "le",
            IN_TWO,
            "in two of {many}_service_share",
            0,
            100,
            False,
            "percent in two or more ({label}), {group}",
        ),
        ("region_shares", "total", "eq", "", None, -100, None, False, None),
        (
            "region_shares",
            "total",
            "eq",
            "",
            "remainder of {many}_region_share",
            1,
            100,
            False,
            not_named,
        ),
    ]
    words = dict.fromkeys(("family", "block", "op", "ending", "name"), pl.String)
    numbers = {"coefficient": pl.Int64, "most": pl.Int64, "most_each": pl.Boolean}
    return pl.DataFrame(rows, schema={**words, **numbers, "words": pl.String}, orient="row")


def names(lists: Classifications) -> pl.DataFrame:
    """Return the name of each family's rule by theme (0: for any): family, theme, rule_id."""
    rows = [
        (family, theme.number, rule_id(family, theme))
        for theme in lists.themes
        for family in FAMILIES.split()
    ]
    rows += [
        ("same_quantity", 0, SAME_QUANTITY),
        ("published_last", 0, PUBLISHED_LAST),
        ("start_first", 0, START_FIRST),
    ]
    return pl.DataFrame(
        rows, schema={"family": pl.String, "theme": pl.Int64, "rule_id": pl.String}, orient="row"
    )
