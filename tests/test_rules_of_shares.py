"""Shares and their base: each kind of rule says of small sets of facts what arithmetic says of
them, and no more.
"""

import pytest

from pipeline.reason import limits
from pipeline.reason.possibility import Possibility
from tests.small_worlds import (
    MULTI_RESPONSE,
    POSSIBLE,
    SATISFIED,
    SHARE_OF,
    SHARES_COMPLETE,
    SHARES_PARTIAL,
    TODAY,
    UNTESTED,
    VIOLATED,
    Row,
    Verdict,
    are_jointly_violated,
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


class TestShareOf:
    BASE, COUNT = (f"organisations {area} {TODAY}" for area in ("KZ", "KZ-A"))

    @staticmethod
    def facts(share: str, base: str | None, count: str | None) -> list[Row]:
        stated = {("base", "KZ"): base, ("count", "KZ-A"): count}
        numbers = [
            number(f"gazette/{at[0]}", "organisations", one, area=at[1])
            for at, one in stated.items()
            if one
        ]
        return [number("gazette/share", "region_share", share, area="KZ-A"), *numbers]

    def test_a_share_of_the_base_is_the_count(self) -> None:
        check(
            SHARE_OF,
            self.facts,
            satisfied="ge 100, 1000, 1000",
            possible=(
                "40, 1000, 400; 40, 1000, 405; ge 50, 1000, 500; 40, ge 1000, ge 100; "
                "approx 40, 1000, 1000"
            ),
            violated=(
                "40, 1000, 406; gt 50, 1000, 500; lt 50, 1000, 500; 40, ge 1000, 394; "
                "approx 40, 1000, 1001"
            ),
        )

    def test_what_one_rule_forbids_by_itself_is_not_put_down_to_several(self) -> None:
        found = follows(self.facts("gt 50", "1000", "500"), SHARE_OF)
        assert found.check_results["scope"].to_list() == ["local"]
        assert "together with" not in explanation(found)

    def test_the_share_can_be_wrong_as_well_as_either_number(self) -> None:
        by_number = {"gazette/base": "1235..1265", "gazette/count": "395..405"}
        assert blamed(follows(self.facts("40", "1000", "500"), SHARE_OF)) == {
            **by_number,
            "gazette/share": "50..50",
        }

    def test_a_base_that_nobody_states_follows(self) -> None:
        assert untested(follows(self.facts("40", None, "400"), SHARE_OF), self.BASE) == "988..1012"

    @pytest.mark.parametrize(("base", "count"), [("1000", "395..405"), ("ge 1000", "395..")])
    def test_a_count_that_nobody_states_follows(self, base: str, count: str) -> None:
        assert untested(follows(self.facts("40", base, None), SHARE_OF), self.COUNT) == count

    def test_the_number_that_nobody_states_is_the_one_that_is_said_to_be_so(self) -> None:
        assert "400, which nobody states" not in explanation(
            follows(self.facts("40", None, "400"), SHARE_OF)
        )
        assert "nobody states organisations, KZ-A, 23 December 2011" in explanation(
            follows(self.facts("40", "9", None), SHARE_OF)
        )

    def test_a_bound_that_is_said_to_be_the_narrowest_is_so_where_a_share_has_an_open_end(
        self,
    ) -> None:
        (row,) = follows(self.facts("gt 50", "1000", None), SHARE_OF).implied_bounds.to_dicts()
        assert row["lower"] == (501 if row["tight"] else 500)

    def test_two_shares_have_one_base_though_nobody_states_it(self) -> None:
        other = [
            {**one, "fact_id": f"{one['fact_id']}-b", "area": "KZ-B"}
            for one in self.facts("20", None, "300")
        ]
        assert are_jointly_violated(follows([*self.facts("40", None, "400"), *other], SHARE_OF))

    def test_shares_of_two_levels_that_fit_their_counts_contradict_nothing(self) -> None:
        counts = split(
            "bodies", "1000", president="600", regions="400", oblasts="300", cities="100"
        )
        shares = split("level_share", president="60", regions="40", oblasts="30", cities="10")
        shares = [{**one, "fact_id": f"{one['fact_id']}-share"} for one in shares]
        found = follows(
            [*counts, *shares],
            placed("share_of", shares=take("level_share", over="category")),
            SHARES_PARTIAL,
        )
        assert set(verdicts(found).values()) == {POSSIBLE}

    @pytest.mark.parametrize(("count", "expected"), [("405", POSSIBLE), ("406", VIOLATED)])
    def test_a_base_may_be_one_category_of_an_indicator(
        self, count: str, expected: Verdict
    ) -> None:
        rule = placed("share_of", shares=take("youth_share", over="area"))
        stated = [
            ("youth_share", "40", "KZ-A", None),
            ("ngos", "1000", "KZ", "youth"),
            ("ngos", "9000", "KZ", None),
        ]
        facts = [
            number(f"gazette/x{at}", *of, area=area, category=group)
            for at, (*of, area, group) in enumerate(stated)
        ]
        assert untested(follows(facts, rule), f"ngos KZ-A youth {TODAY}") == "395..405"
        found = follows(
            [*facts, number("gazette/count", "ngos", count, area="KZ-A", category="youth")], rule
        )
        assert verdict(found) == expected


class TestSharesInCircles:
    """A region has all but 40 of the country's organisations: 10 to 50 of 50 to 90."""

    RULES = (
        SHARE_OF,
        placed("adds_up", whole=take("organisations"), parts=take("organisations", over="area")),
    )
    OTHERS = (
        number("gazette/all", "organisations", "between 50/90"),
        number("gazette/rest", "organisations", "40", area="KZ-B"),
    )

    def facts(self, share: str) -> list[Row]:
        return [*self.OTHERS, number("gazette/share", "region_share", share, area="KZ-A")]

    def test_what_follows_for_a_share_is_exact_and_has_its_premises(self) -> None:
        found = follows(self.facts("approx 10"), *self.RULES)
        assert implied(found, "gazette/share") == "20..55.55555555555556"
        (row,) = found.implied_bounds.filter(quantity="gazette/share").to_dicts()
        assert (row["tight"], row["lower_closed"], row["upper_closed"]) == (True, True, False)
        assert row["rule_ids"] == "adds_up share_of"

    def test_a_repair_is_no_wider_than_what_repairs(self) -> None:
        rows = follows(self.facts("10"), *self.RULES).error_sets
        sets = {tuple(one["quantity"]): one for one in rows.partition_by("error_set")}
        (share,) = sets["gazette/share",].to_dicts()
        assert (
            f"{share['lower'].normalize():f}..{share['upper'].normalize():f}"
            == "20..55.55555555555556"
        )
        assert share["reason"] is None

    def test_an_interval_that_was_too_much_to_search_is_wider_and_flagged(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "MOST_STEPS", 0)
        (share,) = (
            follows(self.facts("10"), *self.RULES)
            .error_sets.filter(quantity="gazette/share")
            .to_dicts()
        )
        assert share["lower"] < 12  # 10 of 90, by intervals alone; it is 20 as above
        assert (share["upper"], share["reason"]) == (100, "solver_limit")

    def test_a_bound_without_premises_is_an_error_and_no_lost_row(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Possibility, "groups_that_force", lambda *_: frozenset())
        with pytest.raises(RuntimeError, match="a bound without premises"):
            follows(self.facts("approx 10"), *self.RULES)


class TestSharesTogether:
    MENTIONS, IN_TWO = (
        f"{name} of field_share gazette KZ {TODAY}" for name in ("mentions", "in two")
    )
    OF_YOUTH = f"gazette KZ youth {TODAY} in two or more"

    def test_shares_that_sum_to_100_1_by_rounding_can_be_complete(self) -> None:
        found = follows(
            split("level_share", president="33.3", government="33.4", regions="33.4"),
            SHARES_COMPLETE,
        )
        assert verdict(found) == POSSIBLE

    @pytest.mark.parametrize("regions", ["36.3", "30.3"])
    def test_shares_that_sum_to_103_or_97_are_not_complete(self, regions: str) -> None:
        found = follows(
            split("level_share", president="33.3", government="33.4", regions=regions),
            SHARES_COMPLETE,
        )
        assert verdict(found) == VIOLATED
        assert set(blamed(found)) == {"gazette/president", "gazette/government", "gazette/regions"}
        assert blamed(found)["gazette/regions"] == "33.2..33.4"

    def test_a_share_that_nobody_states_is_what_the_others_leave(self) -> None:
        found = follows(split("level_share", president="33.3", government="33.4"), SHARES_COMPLETE)
        assert untested(found, f"level_share KZ regions {TODAY}") == "33.2..33.4"

    def test_shares_leave_the_rest_to_what_is_not_named(self) -> None:
        found = follows(split("level_share", president="60", government="30"), SHARES_PARTIAL)
        assert implied(found, f"remainder of level_share gazette KZ {TODAY}") == "9..11"

    def test_a_category_has_at_least_the_shares_in_it(self) -> None:
        found = follows(split("level_share", oblasts="30", cities="15"), SHARES_PARTIAL)
        assert untested(found, f"level_share KZ regions {TODAY}") == "44..100"

    def test_a_share_that_is_not_known_is_not_above_100_percent(self) -> None:
        found = follows(
            split("level_share", regions="approx 40", oblasts="60", cities="60"), SHARES_PARTIAL
        )
        assert verdicts(found) == {
            f"gazette KZ {TODAY}": SATISFIED,
            f"gazette KZ regions {TODAY}": VIOLATED,
        }

    def test_ends_that_are_open_or_missing_decide_whether_shares_are_100_percent_or_at_most_that(
        self,
    ) -> None:
        shares = take("level_share", over="category", codes=["president", "government"])
        check(
            placed("shares_complete", shares=shares),
            lambda one, two: split("level_share", president=one, government=two, regions="50"),
            satisfied="le 0, ge 100",
            possible="ge 60, ge 40; le 60, le 40; 60, approx 50",
            violated="gt 60, ge 40; le 60, lt 40",
        )
        check(
            placed("shares_partial", shares=shares),
            lambda one, two: split("level_share", president=one, government=two, regions="50"),
            satisfied="60, 30; lt 60, le 40",
            possible="60, 40; ge 60, ge 40; 60, approx 50",
            violated="60, 42; gt 60, ge 40",
        )

    @pytest.mark.parametrize(
        ("shares", "mentions", "in_two"),
        [
            ({"youth": "60", "health": "70", "culture": "80"}, "208.5..211.5", "54.25..100"),
            ({"youth": "30", "health": "40"}, "69..71", None),
            ({"youth": "gt 60", "health": "ge 70"}, "130..200", "30..100"),
            ({"youth": "approx 60", "health": "approx 70"}, None, None),
        ],
    )
    def test_shares_above_100_percent_prove_that_they_overlap(
        self, shares: dict[str, str], mentions: str | None, in_two: str | None
    ) -> None:
        found = follows(split("field_share", **shares), MULTI_RESPONSE)
        assert VIOLATED not in verdicts(found).values()
        assert [implied(found, name) for name in (self.MENTIONS, self.IN_TWO)] == [mentions, in_two]
        assert all(
            row["lower_closed"] == (shares["youth"] != "gt 60")
            for row in found.implied_bounds.to_dicts()
        )

    @pytest.mark.parametrize(
        ("youth", "expected"), [(None, UNTESTED), ("80", SATISFIED), ("20", VIOLATED)]
    )
    def test_shares_in_a_category_overlap_beyond_its_own(
        self, youth: str | None, expected: Verdict
    ) -> None:
        found = follows(
            split("field_share", sport="60", camps="70", **({"youth": youth} if youth else {})),
            MULTI_RESPONSE,
        )
        assert verdicts(found)[self.OF_YOUTH] == expected

    def test_a_field_has_no_greater_share_than_the_one_that_it_belongs_to(self) -> None:
        found = follows(split("field_share", youth="50", sport="90", camps="40"), MULTI_RESPONSE)
        outcomes = verdicts(found)
        assert outcomes[f"gazette KZ sport {TODAY} in its whole"] == VIOLATED
        assert outcomes[f"gazette KZ camps {TODAY} in its whole"] == SATISFIED

    def test_the_overlap_is_told_as_it_follows(self) -> None:
        found = follows(
            split("field_share", youth="80", health="70", sport="60", camps="70"), MULTI_RESPONSE
        )
        words = dict(found.check_results.select("group_id", "explanation").rows())
        assert (
            "so at least 49.0 percent are in two or more"
            in words[f"gazette KZ {TODAY} in two or more"]
        )
        assert implied(found, f"in two of field_share gazette KZ youth {TODAY}") == "48.5..100"
        assert "so at least 48.5 percent are in two or more" in words[self.OF_YOUTH]
