"""What several sources state of one quantity: statements that agree, those that do not, copies, and
what follows from others.
"""

from collections import Counter

import polars as pl
import pytest

from pipeline.reason.problem import problem_of
from pipeline.reason.repeats import without_repeats
from pipeline.rules.quantities import first_said
from pipeline.rules.system import build_system, domains
from tests.small_worlds import (
    SAME_QUANTITY,
    SATISFIED,
    explanation,
    follows,
    implied,
    number,
    placed,
    take,
    verdict,
    world,
)

WHAT = ("ngos", "organisations")


class TestSameQuantity:
    COPIED = "do not corroborate each other"

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
