"""Parts and their whole: each kind of rule says of small sets of facts what arithmetic says of
them, and no more.
"""

import pytest

from pipeline.rules.rules_file import Placed
from tests.small_worlds import (
    ADDS_UP,
    PARTS_OF,
    POSSIBLE,
    SATISFIED,
    SHARES_COMPLETE,
    SHARES_PARTIAL,
    TODAY,
    UNTESTED,
    VIOLATED,
    Row,
    Verdict,
    follows,
    implied,
    number,
    placed,
    split,
    take,
    untested,
    verdict,
    verdicts,
)


class TestPartsAndWholes:
    def test_a_part_that_nobody_states_is_unknown_and_is_what_the_others_leave(self) -> None:
        found = follows(split("bodies", "178", president="20", government="14"), ADDS_UP)
        assert untested(found, f"bodies KZ regions {TODAY}") == "144..144"

    def test_a_part_that_nobody_states_is_not_less_than_nothing(self) -> None:
        assert (
            verdict(follows(split("bodies", "30", president="20", government="14"), ADDS_UP))
            == VIOLATED
        )

    @pytest.mark.parametrize(
        ("rule", "what", "whole", "at_the_top"),
        [
            (ADDS_UP, "bodies", "100", SATISFIED),
            (PARTS_OF, "bodies", "100", SATISFIED),
            (SHARES_COMPLETE, "level_share", None, POSSIBLE),
            (SHARES_PARTIAL, "level_share", None, POSSIBLE),
        ],
    )
    def test_a_category_belongs_to_its_own_parent_and_not_to_the_top(
        self, rule: Placed, what: str, whole: str | None, at_the_top: Verdict
    ) -> None:
        found = follows(
            split(
                what,
                whole,
                president="50",
                government="10",
                regions="40",
                oblasts="30",
                cities="15",
            ),
            rule,
        )
        assert verdicts(found) == {
            f"gazette KZ {TODAY}": at_the_top,
            f"gazette KZ regions {TODAY}": VIOLATED,
        }

    def test_parts_that_are_listed_may_be_of_several_levels(self) -> None:
        listed = {"president": "20", "government": "14", "oblasts": "100", "cities": "44"}
        rule = placed(
            "adds_up",
            whole=take("bodies"),
            parts=take("bodies", over="category", codes=list(listed)),
        )
        found = follows(split("bodies", "178", regions="9", **listed), rule)
        assert verdicts(found) == {f"gazette KZ {TODAY}": SATISFIED}

    @pytest.mark.parametrize("codes", [{}, {"codes": ["oblasts", "cities"]}])
    def test_of_names_the_one_whole_that_the_rule_is_about(self, codes: Row) -> None:
        rule = placed(
            "adds_up",
            whole=take("bodies"),
            parts=take("bodies", over="category", of="regions", **codes),
        )
        found = follows(
            split("bodies", "178", president="20", regions="144", oblasts="100", cities="44"), rule
        )
        assert verdicts(found) == {f"gazette KZ regions {TODAY}": SATISFIED}

    def test_regions_add_up_to_their_own_country_if_they_exist_then(self) -> None:
        places = {"KZ": "100", "KZ-A": "60", "KZ-B": "40", "KG": "70", "KG-A": "71"}
        numbers = [
            number(f"gazette/{area}", "organisations", value, area=area)
            for area, value in places.items()
        ]
        later = [
            {**one, "fact_id": f"{one['fact_id']}-later", "period": "2023"} for one in numbers[:3]
        ]
        parts = take("organisations", over="area")
        found = follows(
            [*numbers, *later], placed("adds_up", whole=take("organisations"), parts=parts)
        )
        in_2011 = {f"gazette KZ {TODAY}": SATISFIED, f"gazette KG {TODAY}": VIOLATED}
        assert verdicts(found) == {**in_2011, "gazette KZ 2023": UNTESTED}
        assert implied(found, "organisations KZ-NEW 2023") == "0..0"
        only = follows(
            numbers, placed("adds_up", whole=take("organisations"), parts={**parts, "of": "KZ"})
        )
        assert verdicts(only) == {f"gazette KZ {TODAY}": SATISFIED}

    @pytest.mark.parametrize(("stated", "left"), [("UZ-EAST", "UZ-WEST"), ("UZ-2", "UZ-1")])
    def test_in_a_year_in_which_regions_change_those_of_one_division_are_parts(
        self, stated: str, left: str
    ) -> None:
        places = {"UZ": "100", stated: "60"}
        numbers = [
            number(f"gazette/{area}", "organisations", value, area=area, period="2022")
            for area, value in places.items()
        ]
        found = follows(
            numbers,
            placed(
                "adds_up", whole=take("organisations"), parts=take("organisations", over="area")
            ),
        )
        assert found.implied_bounds["quantity"].to_list() == [f"organisations {left} 2022"]
        assert implied(found, f"organisations {left} 2022") == "40..40"

    def test_regions_of_two_divisions_are_not_added_up(self) -> None:
        places = {"UZ": "100", "UZ-EAST": "60", "UZ-1": "70"}
        numbers = [
            number(f"gazette/{area}", "organisations", value, area=area, period="2022")
            for area, value in places.items()
        ]
        found = follows(
            numbers,
            placed(
                "adds_up", whole=take("organisations"), parts=take("organisations", over="area")
            ),
        )
        assert (found.check_results.height, found.implied_bounds.height) == (0, 0)
