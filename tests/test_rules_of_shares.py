"""Shares and their base: each kind of rule says of small sets of facts what arithmetic says of
them, and no more.
"""

import pytest

from pipeline.reason import limits
from pipeline.reason.possibility import Possibility
from tests.small_worlds import (
    MULTI_RESPONSE,
    SATISFIED,
    SHARE_OF,
    TODAY,
    UNTESTED,
    VIOLATED,
    Row,
    Verdict,
    explanation,
    follows,
    implied,
    number,
    placed,
    split,
    take,
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

    def test_the_number_that_nobody_states_is_the_one_that_is_said_to_be_so(self) -> None:
        assert "400, which nobody states" not in explanation(
            follows(self.facts("40", None, "400"), SHARE_OF)
        )
        assert "nobody states organisations, KZ-A, 23 December 2011" in explanation(
            follows(self.facts("40", "9", None), SHARE_OF)
        )


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
