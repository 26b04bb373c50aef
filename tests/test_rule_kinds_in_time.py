"""Growth, order and elapsed time: each kind of rule says of small sets of facts what the calendar
says of them, and no more.
"""

from tests.small_worlds import (
    NET,
    SATISFIED,
    VIOLATED,
    Row,
    event,
    explanation,
    follows,
    number,
    placed,
    verdict,
    verdicts,
)


class TestGrowth:
    """From some day of 2006 to 23 December 2011 are 4.97 to 5.98 years."""

    def test_a_flow_that_is_stated_for_the_time_between_two_stocks_is_held_against_them(
        self,
    ) -> None:
        stocks = [
            number(f"gazette/{at}", "organisations", value, period=at)
            for at, value in (("1997", "1600"), ("2006", "29021"))
        ]
        flow = number("gazette/flow", "organisations_growth", "2000", period="1997/2006")
        assert verdict(follows([*stocks, flow], NET)) == VIOLATED


class TestTime:
    ELAPSED = placed(
        "elapsed",
        source_id="gazette",
        **{"from": "independence", "to": "published", "duration": "years"},
    )
    SEQUENCE = placed("order", source_id="gazette", sequence=["a", "b", "c"])

    @staticmethod
    def years(since: str, printed: str) -> list[Row]:
        return [event("independence", since), number("gazette/years", "years", printed)]

    def test_the_time_between_two_events_is_told_in_years(self) -> None:
        keys = {"from": "independence", "to": "concept", "duration": "years"}
        facts = [*self.years("1991-12-16", "13"), event("concept", "2006-07-25")]
        found = follows(facts, placed("elapsed", source_id="gazette", **keys))
        assert verdict(found) == VIOLATED
        assert explanation(found).startswith("14.6 to 14.61 years have passed; 13 are stated.")

    def test_what_has_no_known_day_is_not_timed(self) -> None:
        assert follows(self.years("../1991", "20"), self.ELAPSED).check_results.is_empty()

    def test_a_sequence_says_which_two_are_out_of_order(self) -> None:
        found = follows([event("a", "2001"), event("b", "2003"), event("c", "2002")], self.SEQUENCE)
        assert verdicts(found) == {
            "gazette/a gazette/b": SATISFIED,
            "gazette/b gazette/c": VIOLATED,
        }
