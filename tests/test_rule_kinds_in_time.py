"""Growth, order and elapsed time: each kind of rule says of small sets of facts what the calendar
says of them, and no more.
"""

from collections.abc import Callable

import pytest

from tests.small_worlds import (
    GROSS,
    NET,
    SATISFIED,
    UNTESTED,
    VIOLATED,
    Row,
    are_jointly_violated,
    blamed,
    check,
    event,
    explanation,
    follows,
    implied,
    number,
    placed,
    stocks_and_flow,
    take,
    untested,
    verdict,
    verdicts,
)


class TestGrowth:
    """From some day of 2006 to 23 December 2011 are 4.97 to 5.98 years."""

    def test_a_stock_is_an_earlier_one_and_what_was_added(self) -> None:
        check(
            NET,
            stocks_and_flow,
            satisfied="35000, 0, 35000",
            possible=(
                "35000, 1000, 29500; 35000, ge 1000, 20000; ge 35000, 1000, 40000; 35000, "
                "le 1000, 40000"
            ),
            violated=(
                "35000, 1000, 29019; 35000, 1000, 30031; 35000, ge 1000, 30031; ge 35000, "
                "1000, 29019; 35000, -1000, 30000"
            ),
        )

    def test_a_stock_and_a_flow_that_contradict_may_each_be_wrong(self) -> None:
        stocks = {"gazette/now": "54970..55980", "gazette/before": "29020..30030"}
        assert blamed(follows(stocks_and_flow("35000", "1000", "50000"), NET)) == {
            **stocks,
            "gazette/flow": "-3018..-2509",
        }

    def test_an_end_that_is_open_decides(self) -> None:
        check(
            placed("growth", stock=take("budget"), flow=take("budget_growth")),
            lambda now, flow, before: stocks_and_flow(now, flow, before, "budget"),
            possible="le 100, ge 0, ge 100",
            violated="le 100, gt 0, ge 100; lt 100, ge 0, ge 100",
        )

    @pytest.mark.parametrize(
        ("now", "flow", "before", "words"),
        [
            ("35000", "1000", "29020..30030", "29,020 to 30,030 before"),
            ("ge 35000", "1000", "29020..", "at least 29,020 before"),
            ("35000", "-1000", "39970..40980", "39,970 to 40,980 before"),
        ],
    )
    def test_an_earlier_stock_that_nobody_states_follows(
        self, now: str, flow: str, before: str, words: str
    ) -> None:
        found = follows(stocks_and_flow(now, flow), NET)
        assert untested(found, "organisations KZ 2006") == before
        assert words in explanation(found)

    def test_growth_that_ended_before_says_nothing_of_the_time_since(self) -> None:
        now, flow = stocks_and_flow("35000", "1000")
        assert follows([now, {**flow, "period": "2006/2009"}], NET).check_results.is_empty()

    def test_gross_growth_allows_that_some_have_closed(self) -> None:
        check(
            GROSS,
            stocks_and_flow,
            satisfied="20000, 1000, 30000",
            possible="35500, 1000, 30000; ge 35000, 1000, 30000; 50000, ge 1000, 30000",
            violated="35981, 1000, 30000; ge 35981, 1000, 30000",
        )
        assert (
            untested(follows(stocks_and_flow("35000", "1000"), GROSS), "organisations KZ 2006")
            == "29020.."
        )

    @pytest.mark.parametrize(
        ("since", "until", "flow"),
        [
            (("1600", "1997"), ("ge 29021", "2006"), "2742.1.."),
            (
                ("1600", "1997-12-31"),
                ("29021", "2006-12-31"),
                "3046.77777777777777..3050.16685205784205",
            ),
            (("11", "2007-12-31"), ("5", "2009-12-31"), "-3..-2.98507462686567"),
        ],
    )
    def test_two_stocks_imply_the_flow_between_them(
        self, since: tuple[str, str], until: tuple[str, str], flow: str
    ) -> None:
        stocks = [
            number(f"gazette/{at}", "organisations", printed, period=period)
            for at, (printed, period) in enumerate((since, until))
        ]
        name = f"organisations_growth KZ {since[1]}/{until[1]}"
        assert untested(follows(stocks, NET), name) == flow
        assert untested(follows(stocks, GROSS), name) == f"{flow.partition('..')[0]}.."

    def test_a_stock_and_one_that_follows_from_others_imply_the_flow_between_them(self) -> None:
        early = number("gazette/early", "organisations", "1600", period="1997")
        found = follows([early, *stocks_and_flow("ge 35001", "1000")], NET)
        assert implied(found, "organisations_growth KZ 1997/2006") == "2742.1.."
        assert found.implied_bounds.height == 2

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

    def test_whole_years_are_those_completed(self) -> None:
        check(
            self.ELAPSED,
            self.years,
            possible=(
                "1991-12-16, 20; 1991-12-30, 19; 1991, 20; 1991-12-16, ge 19; 1991-12-16/.., 20"
            ),
            violated="1991-12-16, 19; 1991-12-16, 21; 1991-12-30, 20; 1991-12-16, gt 20",
        )

    def test_years_with_decimals_are_rounded(self) -> None:
        check(
            self.ELAPSED,
            lambda printed: [
                event("independence", "1991-12-16"),
                number("gazette/years", "rounded_years", printed),
            ],
            possible="20.0; ge 19.9",
            violated="20.2; lt 19.9; gt 20.1",
        )

    def test_the_time_between_two_events_is_told_in_years(self) -> None:
        keys = {"from": "independence", "to": "concept", "duration": "years"}
        facts = [*self.years("1991-12-16", "13"), event("concept", "2006-07-25")]
        found = follows(facts, placed("elapsed", source_id="gazette", **keys))
        assert verdict(found) == VIOLATED
        assert explanation(found).startswith("14.6 to 14.61 years have passed; 13 are stated.")

    def test_what_has_no_known_day_is_not_timed(self) -> None:
        assert follows(self.years("../1991", "20"), self.ELAPSED).check_results.is_empty()

    def test_events_begin_in_the_order_of_the_sequence(self) -> None:
        check(
            self.SEQUENCE,
            lambda first, second: [event("a", first), event("b", second)],
            satisfied="2002, 2003/2005; 2002/.., 2003",
            possible="2002-05, 2002",
            violated="2003, 2002",
        )

    @pytest.mark.parametrize("period", ["XXXX", "../2005"])
    def test_a_day_that_nobody_states_tests_nothing_and_is_narrowed_by_the_sequence(
        self, period: str
    ) -> None:
        found = follows([event("a", "2002"), event("b", period), event("c", "2004")], self.SEQUENCE)
        assert set(verdicts(found).values()) == {UNTESTED}
        assert implied(found, "gazette/b#start") == "11688..12783"

    def test_what_is_undated_had_begun_when_it_was_published(self) -> None:
        found = follows([event("plan", "XXXX")], placed("order", each=["start", "published"]))
        assert untested(found, "gazette/plan#start") == "..15331"

    def test_a_sequence_says_which_two_are_out_of_order(self) -> None:
        found = follows([event("a", "2001"), event("b", "2003"), event("c", "2002")], self.SEQUENCE)
        assert verdicts(found) == {
            "gazette/a gazette/b": SATISFIED,
            "gazette/b gazette/c": VIOLATED,
        }

    def test_a_sequence_that_fits_two_by_two_may_be_impossible_as_a_whole(self) -> None:
        assert are_jointly_violated(
            follows(
                [event("a", "2002-06"), event("b", "2002"), event("c", "2002-05")], self.SEQUENCE
            )
        )

    @pytest.mark.parametrize(
        "state",
        [
            lambda period: [event("plan", period)],
            lambda at: [number("gazette/x", "ngos", "9", period=at)],
        ],
    )
    def test_the_ends_of_each_fact_are_in_order(self, state: Callable[..., list[Row]]) -> None:
        start, end = (placed("order", each=[one, "published"]) for one in ("start", "end"))
        check(start, state, satisfied="2003/..", possible="2011-12", violated="2012/2013")
        check(end, state, satisfied="2003/2005", possible="2010/2011-12", violated="2010/2012")
        both = placed("order", each=["start", "end"])
        check(both, state, satisfied="2003/2005", possible="2003/2003-05")
        assert follows(state("2003/.."), end, both).check_results.is_empty()
