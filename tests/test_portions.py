"""A system taken apart says what it says as a whole, and its portions have nothing to do with each other."""

from collections import Counter
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from pipeline.check import Checked, check
from pipeline.consistency import conclude, dependence
from pipeline.consistency.connections import components, freed
from pipeline.consistency.portions import portions
from pipeline.consistency.system import GROUP, System
from tests.conftest import ROOT
from tests.small_systems import Group, Variable, domains_of, system_of, whole_systems


@settings(max_examples=60, deadline=None)
@given(whole_systems())
def test_each_group_is_in_one_portion_with_all_that_it_is_connected_with(drawn: tuple[list[Variable], list[Group]]) -> None:
    system = system_of(*drawn)
    parts = list(portions(system, domains_of(system), groups=1))
    of_groups, of_terms = (pl.concat(getattr(part, name) for part, _ in parts) for name in ("rule_groups", "rule_terms"))
    assert_frame_equal(of_groups.sort(GROUP), system.rule_groups.sort(GROUP))
    by_term = [*GROUP, "variable"]
    assert_frame_equal(of_terms.sort(by_term, nulls_last=True), system.rule_terms.sort(by_term, nulls_last=True))
    named = [name for part, limits in parts for name in part.variables["variable"]]
    assert max(Counter(named).values(), default=1) == 1
    assert set(named) >= set(system.edges["variable"])
    assert all(part.variables["variable"].equals(limits["variable"]) for part, limits in parts)
    connected = components(System(freed(system.variables), system.rule_groups, system.rule_terms))
    assert len(parts) == max(connected["component"].n_unique(), 1)


def test_portions_end_with_the_component_that_makes_them_large_enough() -> None:
    pairs: list[Group] = [("eq", [(index, 1, 1), (index + 1, -1, -1)]) for index in (0, 1, 3, 5)]
    system = system_of([Variable((0, True), (5, True))] * 7, pairs)
    sizes = [part.rule_groups.height for part, _ in portions(system, domains_of(system), groups=2)]
    assert sizes == [2, 2]


@pytest.mark.parametrize("groups", [1, 7])
def test_conclusions_are_the_same_by_whatever_portions_and_rules_at_a_time(
    article: Checked, groups: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (conclude, dependence):
        monkeypatch.setattr(module, "portions", partial(portions, groups=groups))
    monkeypatch.setattr("pipeline.consistency.system.TERMS_AT_ONCE", groups)
    apart = check(ROOT / "raw")
    for name, table in article.tables.items():
        assert_frame_equal(apart.tables[name], table)
