"""What stands out in a list of values is told, list by list."""

import pytest

from pipeline.reason.conclude import Conclusions
from tests.small_worlds import (
    SATISFIED,
    TODAY,
    VIOLATED,
    Verdict,
    explanation,
    follows,
    number,
    placed,
    take,
    verdict,
    verdicts,
)


class TestListings:
    @staticmethod
    def found(kind: str, *printed: str, severity: str = "information") -> Conclusions:
        areas = ["KZ-B", "KG-A", "KZ-A", "KZ-NEW"]
        numbers = [
            number(f"gazette/{area}", "region_share", one, area=area)
            for area, one in zip(areas, printed, strict=False)
        ]
        values = take("region_share", over="area", codes=areas, of="KZ")
        return follows(numbers, placed(kind, severity=severity, values=values))

    @pytest.mark.parametrize(
        ("kind", "printed", "expected", "words"),
        [
            (
                "ranked",
                ("17.9", "8.3", "8.3", "6.19"),
                SATISFIED,
                "4 values are listed in an order that does not increase.",
            ),
            ("ranked", ("8.3", "17.9", "6.19"), VIOLATED, "17.9 after 8.3"),
            ("ranked", ("17.9", "between 7/9", "6.2"), SATISFIED, "3 values"),
            ("ranked", ("between 7/9", "8", "6"), SATISFIED, "3 values"),
            ("ranked", ("10", "between 7/9", "20"), VIOLATED, "20 after 10"),
            ("distinct", ("17.9", "8.3", "6.19"), SATISFIED, "3 values are printed, each once."),
            ("distinct", ("17.9", "8.3", "17.9"), VIOLATED, "17.9 (2 times)"),
            ("distinct", ("between 7/9", "between 5/6", "8"), SATISFIED, "3 values"),
            (
                "same_precision",
                ("17.9", "8.3", "6.2"),
                SATISFIED,
                "3 values are printed with the same number of decimals.",
            ),
            ("same_precision", ("17.9", "6.19", "8.3"), VIOLATED, "6.19 with 2 after the point"),
            ("same_precision", ("17.9", "between 7.5/9.5", "8.3"), SATISFIED, "3 values"),
        ],
    )
    def test_what_stands_out_in_a_list_is_told(
        self, kind: str, printed: tuple[str, ...], expected: Verdict, words: str
    ) -> None:
        found = self.found(kind, *printed)
        assert verdict(found) == expected
        assert words in explanation(found)

    @pytest.mark.parametrize("severity", ["information", "warning", "error"])
    def test_a_listing_is_as_severe_as_its_rule_says(self, severity: str) -> None:
        assert self.found("ranked", "8.3", "17.9", severity=severity).check_results[
            "severity"
        ].to_list() == [severity]

    @pytest.mark.parametrize("kind", ["ranked", "distinct", "same_precision"])
    def test_lists_of_two_sources_or_periods_are_not_mixed(self, kind: str) -> None:
        places = [
            ("gazette", TODAY, "8"),
            ("yearbook", TODAY, "8.3"),
            ("gazette", "2010", "17.95"),
            ("gazette", "2009", "8"),
        ]
        numbers = [
            number(f"{name}/{at}", "region_share", one, period=at, area="KZ-A")
            for name, at, one in places
        ]
        found = follows(numbers, placed(kind, values=take("region_share", over="area")))
        assert verdicts(found) == {f"{name} KZ {at}": SATISFIED for name, at, _ in places}

    def test_a_rule_of_one_source_is_not_applied_to_another(self) -> None:
        numbers = [
            number(f"{source}/a", "region_share", "8", area="KZ-A")
            for source in ("gazette", "yearbook")
        ]
        found = follows(
            numbers,
            placed("ranked", source_id="yearbook", values=take("region_share", over="area")),
        )
        assert verdicts(found) == {f"yearbook KZ {TODAY}": SATISFIED}
