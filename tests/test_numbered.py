"""A system with numbers for names is the same system."""

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.consistency.numbered import numbered
from pipeline.consistency.system import GROUP, System
from schemas.tables import empty

VARIABLES = pl.DataFrame({"variable": ["b", "c", "a"], "role": ["stated", "stated", "remainder"], "is_integer": True})
GROUPS = pl.DataFrame({"rule_id": ["y", "x", "x"], "group_id": ["1", "2", "1"], "source_id": "s", "op": "eq"})
TERMS = pl.DataFrame(
    {
        "rule_id": ["x", "y", "x", "x", "y"],
        "group_id": ["2", "1", "1", "2", "1"],
        "variable": ["c", "a", None, "a", "b"],
        "coefficient_variable": [None, "c", None, None, None],
    }
)


def system_of(*tables: pl.DataFrame) -> System:
    """Return tables as those of a system, with all their columns."""
    names = ("variables", "rule_groups", "rule_terms")
    return System(*(pl.concat([empty(name), table], how="diagonal") for name, table in zip(names, tables, strict=True)))


def test_names_come_back_whatever_the_order_of_the_tables() -> None:
    by = [["variable"], GROUP, [*GROUP, "variable"]]
    tables = [VARIABLES, GROUPS, TERMS]
    for given in (tables, [table.sort(key, nulls_last=True) for table, key in zip(tables, by, strict=True)]):
        system, names = numbered(system_of(*given))
        for table, told in zip(given, (system.variables, system.rule_groups, system.rule_terms), strict=True):
            assert_frame_equal(names.told(told).select(table.columns), table)


def test_numbers_follow_the_order_of_the_names() -> None:
    system, _ = numbered(system_of(VARIABLES, GROUPS, TERMS))
    assert system.variables["variable"].to_list() == [1, 2, 0]
    assert system.rule_groups.select(GROUP).rows() == [(1, 2), (0, 1), (0, 0)]
    assert system.rule_terms["coefficient_variable"].to_list() == [None, 2, None, None, None]
