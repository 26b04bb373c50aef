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
    SUBSET,
    TODAY,
    UNTESTED,
    VIOLATED,
    Row,
    Verdict,
    blamed,
    check,
    explanation,
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
    def test_parts_sum_to_the_whole_or_each_may_be_wrong(self) -> None:
        assert (
            verdict(
                follows(
                    split("bodies", "178", president="20", government="14", regions="144"), ADDS_UP
                )
            )
            == SATISFIED
        )
        found = follows(
            split("bodies", "300", president="20", government="14", regions="144"), ADDS_UP
        )
        assert verdict(found) == VIOLATED
        assert explanation(found).startswith(
            "3 parts sum to 178; bodies, KZ, 23 December 2011: 300."
        )
        others = {
            "gazette/president": "142..142",
            "gazette/government": "136..136",
            "gazette/regions": "266..266",
        }
        assert blamed(found) == {"gazette/whole": "178..178", **others}

    def test_a_part_that_nobody_states_is_unknown_and_is_what_the_others_leave(self) -> None:
        found = follows(split("bodies", "178", president="20", government="14"), ADDS_UP)
        assert untested(found, f"bodies KZ regions {TODAY}") == "144..144"

    def test_two_parts_that_nobody_states_share_what_is_left(self) -> None:
        found = follows(split("bodies", "178", president="20"), ADDS_UP)
        assert [
            untested(found, f"bodies KZ {part} {TODAY}") for part in ("regions", "government")
        ] == ["0..158"] * 2

    def test_a_part_that_nobody_states_is_not_less_than_nothing(self) -> None:
        assert (
            verdict(follows(split("bodies", "30", president="20", government="14"), ADDS_UP))
            == VIOLATED
        )

    def test_parts_that_fit_into_the_whole_leave_the_rest(self) -> None:
        found = follows(
            split("bodies", "300", president="20", government="14", regions="144"), PARTS_OF
        )
        assert verdict(found) == SATISFIED
        assert implied(found, f"remainder of bodies gazette KZ {TODAY}") == "122..122"
        assert explanation(found).startswith(
            "122 of 300 bodies belong to no named group (40.7 %); the 3 named groups hold 178."
        )

    def test_parts_that_are_more_than_the_whole_are_violated(self) -> None:
        found = follows(split("bodies", "33", president="20", government="14"), PARTS_OF)
        assert verdict(found) == VIOLATED
        assert blamed(found) == {
            "gazette/whole": "34..",
            "gazette/president": "0..19",
            "gazette/government": "0..13",
        }

    @pytest.mark.parametrize(("rule", "whole"), [(ADDS_UP, "178..178"), (PARTS_OF, "178..")])
    def test_parts_without_their_whole_make_it_known(self, rule: Placed, whole: str) -> None:
        found = follows(split("bodies", president="20", government="14", regions="144"), rule)
        assert untested(found, f"bodies KZ {TODAY}") == whole

    def test_ends_that_are_open_or_missing_decide_whether_parts_fill_the_whole(self) -> None:
        parts = take("budget", over="category", codes=["president", "government"])
        check(
            placed("adds_up", whole=take("budget"), parts=parts),
            lambda one, two, whole: split(
                "budget", whole, president=one, government=two, regions="ge 1000"
            ),
            possible="le 10, le 20, ge 30; ge 10, ge 20, le 30; ge 10, ge 20, ge 15",
            violated="lt 10, le 20, ge 30; ge 10, gt 20, le 30; ge 10, ge 20, le 29",
        )
        check(
            placed("parts_of", whole=take("budget"), parts=parts),
            lambda one, two, whole: split(
                "budget", whole, president=one, government=two, regions="ge 1000"
            ),
            satisfied="le 10, lt 20, ge 30",
            possible="ge 10, ge 20, le 30; ge 10, ge 20, ge 40",
            violated="gt 10, ge 20, le 30; ge 10, ge 20, lt 30",
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

    def test_two_levels_meet_in_a_quantity_that_nobody_states(self) -> None:
        found = follows(
            split("bodies", "178", president="20", government="14", oblasts="100"), ADDS_UP
        )
        assert verdicts(found) == {
            f"gazette KZ {TODAY}": UNTESTED,
            f"gazette KZ regions {TODAY}": UNTESTED,
        }
        assert [implied(found, f"bodies KZ {part} {TODAY}") for part in ("regions", "cities")] == [
            "144..144",
            "44..44",
        ]

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

    def test_a_part_is_at_most_its_whole(self) -> None:
        check(
            SUBSET,
            lambda part, whole: [
                number("gazette/part", "grants", part),
                number("gazette/whole", "budget", whole),
            ],
            satisfied="le 10, ge 10",
            possible="ge 10, le 10; ge 10, ge 5; ge 10, approx 5",
            violated="gt 10, le 10; ge 10, lt 10",
        )

    def test_a_whole_that_nobody_states_is_at_least_its_part(self) -> None:
        found = follows([number("gazette/part", "grants", "gt 10")], SUBSET)
        assert untested(found, f"budget KZ {TODAY}") == "10.."
        assert found.implied_bounds["lower_closed"].to_list() == [False]

    def test_sources_are_not_measured_against_each_other(self) -> None:
        numbers = [
            number("gazette/part", "grants", "ge 10"),
            number("yearbook/whole", "budget", "le 5"),
        ]
        assert verdict(follows(numbers, SUBSET)) == UNTESTED
