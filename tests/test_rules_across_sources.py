"""What several sources state of one quantity: statements that agree, those that do not, copies, and
what follows from others.
"""

from collections import Counter

import polars as pl
import pytest

from pipeline.reason.conclude import Conclusions
from pipeline.reason.problem import problem_of
from pipeline.reason.repeats import without_repeats
from pipeline.rules.quantities import first_said
from pipeline.rules.rules_file import Placed
from pipeline.rules.system import build_system, domains
from tests.small_worlds import (
    NET,
    POSSIBLE,
    SAME_QUANTITY,
    SATISFIED,
    UNTESTED,
    VIOLATED,
    Verdict,
    are_jointly_violated,
    blamed,
    explanation,
    follows,
    implied,
    number,
    placed,
    stocks_and_flow,
    take,
    verdict,
    verdicts,
    world,
)

WHAT = ("ngos", "organisations")


class TestSameQuantity:
    COPIED = "do not corroborate each other"

    @pytest.mark.parametrize(
        ("one", "two", "expected"),
        [
            ("between 10/10", "between 10/10", SATISFIED),
            ("10", "11", POSSIBLE),
            ("10", "12", VIOLATED),
            ("ge 10", "le 10", POSSIBLE),
            ("gt 10", "le 10", VIOLATED),
            ("ge 10", "gt 20", POSSIBLE),
        ],
    )
    def test_two_sources_state_one_quantity(self, one: str, two: str, expected: Verdict) -> None:
        found = follows(
            [number("gazette/x", "budget", one), number("yearbook/x", "budget", two)], SAME_QUANTITY
        )
        assert verdicts(found) == {"gazette/x yearbook/x": expected}
        assert self.COPIED not in explanation(found)

    def test_another_area_category_or_period_is_another_quantity(self) -> None:
        others: list[dict[str, str]] = [
            {},
            {"area": "KG"},
            {"category": "president"},
            {"period": "2010"},
        ]
        numbers = [
            number(f"gazette/x{at}", "budget", str(at), **place) for at, place in enumerate(others)
        ]
        assert follows(numbers, SAME_QUANTITY).check_results.is_empty()

    def test_a_rule_may_be_about_one_indicator(self) -> None:
        numbers = [
            number(f"{source}/{what}", what, "9")
            for source in ("gazette", "yearbook")
            for what in ("bodies", "ngos")
        ]
        found = follows(numbers, placed("same_quantity", quantity=take("ngos")))
        assert verdicts(found) == {"gazette/ngos yearbook/ngos": SATISFIED}

    def test_statements_that_agree_two_by_two_can_disagree_together(self) -> None:
        numbers = [
            number(f"{source}/x", "ngos", value)
            for source, value in (("a", "1"), ("b", "between 1/3"), ("c", "3"))
        ]
        found = follows(numbers, SAME_QUANTITY)
        assert are_jointly_violated(found)
        assert blamed(found) == {"a/x": "3..3", "c/x": "1..1"}

    @pytest.mark.parametrize(
        "origins",
        [
            {"yearbook": {"derived_from": "gazette"}},
            {"yearbook": {"translation_of": "gazette"}},
            {"yearbook": {"derived_from": "digest"}, "digest": {"translation_of": "gazette"}},
            {
                "yearbook": {"derived_from": "digest"},
                "gazette": {"derived_from": "digest"},
                "digest": {},
            },
            {"yearbook": {"sha256": "5e"}, "gazette": {"sha256": "5e"}},
            {"yearbook": {"sha256": "5e"}, "digest": {"sha256": "5e", "derived_from": "gazette"}},
        ],
    )
    def test_copies_and_copies_of_copies_do_not_corroborate_each_other(
        self, origins: dict[str, dict[str, str]]
    ) -> None:
        copies = [{"source_id": source, **origin} for source, origin in origins.items()]
        found = follows(
            [number(f"{one}/x", "ngos", "9") for one in ("gazette", "yearbook")],
            SAME_QUANTITY,
            copies=copies,
        )
        assert verdict(found) == SATISFIED
        assert self.COPIED in explanation(found)

    @pytest.mark.parametrize(
        ("origin", "sets"),
        [
            ({}, [["almanac/x"]]),
            ({"derived_from": "gazette"}, [["almanac/x"], ["gazette/x", "yearbook/x"]]),
            ({"sha256": "5e"}, [["almanac/x"], ["gazette/x", "yearbook/x"]]),
        ],
    )
    def test_a_copy_does_not_outvote_a_third_source(
        self, origin: dict[str, str], sets: list[list[str]]
    ) -> None:
        numbers = [
            number(f"{source}/x", "ngos", said)
            for source, said in (("almanac", "8"), ("gazette", "9"), ("yearbook", "9"))
        ]
        copies = [{"source_id": "yearbook", **origin}, {"source_id": "gazette", "sha256": "5e"}]
        found = follows(numbers, SAME_QUANTITY, copies=copies).error_sets
        assert [one["quantity"].to_list() for one in found.partition_by("error_set")] == sets
        assert set(found["weight"]) == {1}

    def test_a_copy_that_says_another_number_is_blamed_for_itself(self) -> None:
        numbers = [
            number(f"{source}/x", "ngos", said)
            for source, said in (("gazette", "9"), ("yearbook", "8"))
        ]
        copy = {"source_id": "yearbook", "derived_from": "gazette"}
        assert blamed(follows(numbers, SAME_QUANTITY, copies=[copy])) == {
            "gazette/x": "8..8",
            "yearbook/x": "9..9",
        }

    def test_one_number_under_two_indicators_says_once_what_its_original_says(self) -> None:
        numbers = [
            number(f"{source}/{what}", what, "9")
            for source in ("gazette", "yearbook")
            for what in ("bodies", "ngos")
        ]
        columns = dict.fromkeys(("source_id", "fact_id", "same_as"), pl.String)
        typed = pl.DataFrame(
            [("yearbook", "ngos", "bodies"), ("yearbook", "bodies", None)], columns, orient="row"
        )
        known = world(numbers, [{"source_id": "yearbook", "derived_from": "gazette"}])
        assert first_said(known, typed) == {
            "yearbook/bodies": "gazette/bodies",
            "yearbook/ngos": "gazette/bodies",
        }


class TestSourcesThatSayTheSame:
    """A part and its whole in two sources, equal or not: what each has of the other is found
    without the exact solver.
    """

    RULES = (SAME_QUANTITY, placed("subset", part=take("ngos"), whole=take("organisations")))

    @staticmethod
    def numbers(first: str, second: str) -> list[dict[str, object]]:
        said = (("gazette", "ge 5", first), ("yearbook", "ge 5", second))
        return [
            number(f"{of}/{what}", what, value)
            for of, *both in said
            for what, value in zip(WHAT, both, strict=True)
        ]

    def test_a_rule_is_asked_once_of_what_two_sources_say(self) -> None:
        facts = world(self.numbers("le 9", "le 9"))
        system = build_system(list(self.RULES), facts)
        problem = problem_of(system, domains(system.quantities, facts))
        left = Counter(rule_id for rule_id, _ in without_repeats(problem).relations)
        assert left == {self.RULES[0].rule.id: 2, self.RULES[1].rule.id: 1}

    def test_what_follows_for_one_follows_for_the_other(self) -> None:
        found = follows(self.numbers("le 9", "le 8"), *self.RULES)
        assert {
            implied(found, f"{of}/{what}") for of in ("gazette", "yearbook") for what in WHAT
        } == {"5..8"}
        assert set(found.implied_bounds["method"]) == {"propagation"}

    def test_a_rule_that_is_broken_is_broken_in_both(self) -> None:
        found = follows(self.numbers("le 4", "le 4"), *self.RULES)
        assert found.check_results.filter(outcome="violated").height == 2


class TestSourcesTogether:
    """The gazette's facts say how many there were in 2006, which it does not state and others
    do.
    """

    @staticmethod
    def found(*rules: Placed, **others: str) -> Conclusions:
        before = [
            number(f"{source}/x", "organisations", printed, period="2006")
            for source, printed in others.items()
        ]
        return follows([*stocks_and_flow("35000", "1000"), *before], *rules)

    def test_a_statement_is_held_against_what_follows_from_another_source(self) -> None:
        found = self.found(NET, SAME_QUANTITY, yearbook="50000")
        assert are_jointly_violated(found)
        gazette = {"gazette/now": "54970..55980", "gazette/flow": "-3018..-2509"}
        assert blamed(found) == {**gazette, "yearbook/x": "29020..30030"}

    def test_a_statement_that_fits_what_follows_is_possible_and_narrowed(self) -> None:
        found = self.found(NET, SAME_QUANTITY, yearbook="ge 20000")
        assert set(verdicts(found).values()) == {UNTESTED}
        assert implied(found, "yearbook/x") == "29020..30030"

    def test_without_a_rule_that_statements_agree_nothing_is_held_against_another_source(
        self,
    ) -> None:
        assert verdict(self.found(NET, yearbook="50000")) == UNTESTED

    @pytest.mark.parametrize(("other", "expected"), [("29500", SATISFIED), ("29600", VIOLATED)])
    def test_two_statements_are_compared_though_a_third_source_needs_the_quantity(
        self, other: str, expected: Verdict
    ) -> None:
        results = self.found(NET, SAME_QUANTITY, almanac="29500", yearbook=other).check_results
        assert results.filter(fact_ids="almanac/x yearbook/x").select(
            "outcome", "reason"
        ).rows() == [expected]
