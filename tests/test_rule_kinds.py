"""Each kind of rule says of small sets of facts what arithmetic says of them, and no more."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.consistency.conclude import Conclusions, conclude
from pipeline.consistency.quantities import Facts
from pipeline.consistency.rules import Placed
from pipeline.consistency.system import build_system
from pipeline.facts.bounds import bounds
from pipeline.facts.periods import read_period
from schemas.raw_files import ENTERED, SOURCE_FILES
from schemas.rules import RulesFile
from schemas.tables import TABLES, empty

Row = dict[str, Any]
Verdict = tuple[str, str | None]

TODAY = "2011-12-23"
"""When every source is published, and what every number is about that says nothing else."""

SATISFIED, VIOLATED = ("satisfied", None), ("violated", None)
POSSIBLE, UNTESTED = ("undetermined", "satisfiable"), ("undetermined", "missing_operand")


def _table(name: str, rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=empty(name).schema)


def _list(name: str, columns: str, *rows: tuple[object, ...]) -> pl.DataFrame:
    named: list[Row] = [dict(zip(columns.split(), row, strict=True)) for row in rows]
    return _table(name, [{"label": row["code"].replace("_", " "), **row} for row in named])


INDICATORS = _list(
    "indicators",
    "code whole kind base category_tree area_level",
    ("organisations", True, "stock", None, None, None),
    ("organisations_growth", True, "flow", "organisations", None, None),
    ("ngos", True, "stock", None, "fields", None),
    ("bodies", True, "stock", None, "levels", None),
    ("budget", False, "stock", None, "levels", None),
    ("budget_growth", False, "flow", "budget", None, None),
    ("grants", False, "stock", None, None, None),
    ("region_share", False, "share", "organisations", None, "region"),
    ("level_share", False, "share", "bodies", "levels", None),
    ("field_share", False, "multi_share", "ngos", "fields", None),
    ("years", True, "duration", None, None, None),
    ("rounded_years", False, "duration", None, None, None),
)
AREAS = _list(
    "areas",
    "code parent level valid_from",
    *((country, None, "country", None) for country in ("KZ", "KG")),
    *((region, region[:2], "region", None) for region in ("KZ-A", "KZ-B", "KG-A")),
    ("KZ-NEW", "KZ", "region", date(2022, 6, 8)),
)
CATEGORIES = _list(
    "categories",
    "code tree parent",
    *((code, "levels", None) for code in ("president", "government", "regions")),
    *((code, "levels", "regions") for code in ("oblasts", "cities")),
    *((code, "fields", None) for code in ("youth", "health", "culture")),
    *((code, "fields", "youth") for code in ("sport", "camps")),
)


def number(fact_id: str, indicator: str, printed: str, **place: str) -> Row:
    """A number, printed as "35000" or "gt 35000"; `place` is area, category and period where not the country, all, today."""
    relator, _, value = printed.rpartition(" ")
    typed = {"fact_id": fact_id, "indicator": indicator, "relator": relator or "eq", "value": value}
    return {**typed, "original_value": value, "area": "KZ", "category": None, "period": TODAY, **place}


def split(indicator: str, whole: str | None = None, **parts: str) -> list[Row]:
    """The number of the whole, where one is printed, and of each category: gazette/whole, gazette/president."""
    rows = [number(f"gazette/{category}", indicator, printed, category=category) for category, printed in parts.items()]
    return rows if whole is None else [*rows, number("gazette/whole", indicator, whole)]


def event(name: str, period: str) -> Row:
    return {"fact_id": f"gazette/{name}", "period": period}


def world(facts: Sequence[Row], copies: Sequence[Row] = ()) -> Facts:
    """Numbers and events of the sources that their names begin with, in the order in which the sources list them.

    `copies` are rows of sources: source_id, and derived_from or translation_of.
    """
    dated = [
        {**one, **asdict(read_period(one["period"])), "source_id": one["fact_id"].split("/")[0], "quote_start": at}
        for at, one in enumerate(facts)
    ]
    numbers = [one for one in dated if "indicator" in one]
    columns = ["indicator", "value", "relator", "precision"]
    typed = pl.DataFrame([{name: one.get(name) for name in columns} for one in numbers], schema=dict.fromkeys(columns, pl.String))
    kinds = INDICATORS.select("kind", "whole", indicator="code")
    stated = bounds(typed.join(kinds, on="indicator", maintain_order="left")).to_dicts()
    observations = [{**one, **interval} for one, interval in zip(numbers, stated, strict=True)]
    events = [one for one in dated if "indicator" not in one]
    origins = {one["source_id"]: one for one in [*dated, *copies]}
    day = date.fromisoformat(TODAY)
    published = {"published": TODAY, "published_earliest": day, "published_latest": day}
    sources = _table("sources", [{**one, **published} for one in origins.values()])
    tables = {"observations": _table("observations", observations), "events": _table("events", events)}
    return Facts(sources, INDICATORS, AREAS, CATEGORIES, **tables, statements=empty("statements"))


def placed(kind: str, *, source_id: str | None = None, **keys: object) -> Placed:
    """A rule, of any source or of one, that is named after its kind."""
    entry = {"id": kind, "kind": kind, "title": kind, "severity": "error", **keys}
    return Placed(RulesFile.model_validate({"rule": [entry]}).rule[0], source_id, "rules.toml", 1, {})


def take(indicator: str, **parts: object) -> Row:
    """An operand: `parts` are the keys of one that takes parts together."""
    return {"indicator": indicator, **parts}


def follows(facts: Sequence[Row], *rules: Placed, copies: Sequence[Row] = ()) -> Conclusions:
    """What follows, in tables that are as published ones must be."""
    typed = {name: pl.DataFrame(schema=dict.fromkeys(SOURCE_FILES[name].columns, pl.String)) for name in ENTERED}
    known = world(facts, copies)
    found = conclude(list(rules), known, build_system(list(rules), known), {}, (empty("readings"), typed))
    for name in ("check_results", "implied_bounds", "error_sets"):
        TABLES[name].validate(getattr(found, name))
    assert found.impossible == []
    return found


def verdicts(found: Conclusions) -> dict[str, Verdict]:
    """The outcome and the reason of each group."""
    return {row["group_id"]: (row["outcome"], row["reason"]) for row in found.check_results.to_dicts()}


def verdict(found: Conclusions) -> Verdict:
    """The outcome and the reason of the only group."""
    (only,) = verdicts(found).values()
    return only


def check(rule: Placed, state: Callable[..., list[Row]], **cases: str) -> None:
    """Assert what the rule says of each case, each in a source of its own, by outcome.

    A case is what is printed of the facts of `state`, parted by a comma; cases are parted by a semicolon.
    """
    reasons = {"satisfied": SATISFIED, "violated": VIOLATED, "possible": POSSIBLE}
    expected = {case: reasons[outcome] for outcome, several in cases.items() for case in several.split("; ") if case}
    sources = {f"case{at}": case for at, case in enumerate(expected)}
    facts = [
        {**one, "fact_id": one["fact_id"].replace("gazette", source)}
        for source, case in sources.items()
        for one in state(*case.split(", "))
    ]
    own = [replace(rule, rule=rule.rule.model_copy(update={"id": source}), source_id=source) for source in sources]
    rows = follows(facts, *([rule] if rule.source_id is None else own)).check_results.to_dicts()
    assert {sources[row["source_id"]]: (row["outcome"], row["reason"]) for row in rows} == expected
    assert len(rows) == len(expected)


def explanation(found: Conclusions) -> str:
    return str(found.check_results["explanation"].item())


def are_jointly_violated(found: Conclusions) -> bool:
    return set(found.check_results.select("outcome", "scope").rows()) == {("violated", "joint")}


def _ends(row: Row) -> str:
    return "..".join("" if row[side] is None else f"{row[side].normalize():f}" for side in ("lower", "upper"))


def implied(found: Conclusions, variable: str) -> str | None:
    """What follows for a quantity beyond what is stated of it, "least..most"; nothing stands where there is no end."""
    return next((_ends(row) for row in found.implied_bounds.filter(variable=variable).to_dicts()), None)


def untested(found: Conclusions, variable: str) -> str | None:
    """What follows for a quantity that nobody states and that leaves the only group untested."""
    assert verdict(found) == UNTESTED
    return implied(found, variable)


def blamed(found: Conclusions) -> dict[str, str]:
    """The facts of which one is wrong, each with what it would be."""
    assert found.error_sets.group_by("component", "part", "set").len()["len"].unique().to_list() == [1]
    return {row["variable"]: _ends(row) for row in found.error_sets.to_dicts()}


ADDS_UP, PARTS_OF = (
    placed(kind, whole=take("bodies"), parts=take("bodies", over="category")) for kind in ("adds_up", "parts_of")
)
SUBSET = placed("subset", part=take("grants"), whole=take("budget"))
SHARE_OF = placed("share_of", shares=take("region_share", over="area"))
SHARES_PARTIAL, SHARES_COMPLETE = (
    placed(kind, shares=take("level_share", over="category")) for kind in ("shares_partial", "shares_complete")
)
MULTI_RESPONSE = placed("multi_response", shares=take("field_share", over="category"))
NET, GROSS = (
    placed("growth", stock=take("organisations"), flow=take("organisations_growth"), gross=gross) for gross in (False, True)
)
SAME_QUANTITY = placed("same_quantity")


class TestPartsAndWholes:
    def test_parts_sum_to_the_whole_or_each_may_be_wrong(self) -> None:
        assert verdict(follows(split("bodies", "178", president="20", government="14", regions="144"), ADDS_UP)) == SATISFIED
        found = follows(split("bodies", "300", president="20", government="14", regions="144"), ADDS_UP)
        assert verdict(found) == VIOLATED
        assert explanation(found).startswith("3 parts sum to 178; bodies, KZ, 2011-12-23: 300.")
        others = {"gazette/president": "142..142", "gazette/government": "136..136", "gazette/regions": "266..266"}
        assert blamed(found) == {"gazette/whole": "178..178", **others}

    def test_a_part_that_nobody_states_is_unknown_and_is_what_the_others_leave(self) -> None:
        found = follows(split("bodies", "178", president="20", government="14"), ADDS_UP)
        assert untested(found, f"bodies KZ regions {TODAY}") == "144..144"

    def test_two_parts_that_nobody_states_share_what_is_left(self) -> None:
        found = follows(split("bodies", "178", president="20"), ADDS_UP)
        assert [untested(found, f"bodies KZ {part} {TODAY}") for part in ("regions", "government")] == ["0..158"] * 2

    def test_a_part_that_nobody_states_is_not_less_than_nothing(self) -> None:
        assert verdict(follows(split("bodies", "30", president="20", government="14"), ADDS_UP)) == VIOLATED

    def test_parts_that_fit_into_the_whole_leave_the_rest(self) -> None:
        found = follows(split("bodies", "300", president="20", government="14", regions="144"), PARTS_OF)
        assert verdict(found) == SATISFIED
        assert implied(found, f"remainder of bodies gazette KZ {TODAY}") == "122..122"
        assert explanation(found).startswith("122 of 300 bodies belong to no named group (40.7 %); the 3 named groups hold 178.")

    def test_parts_that_are_more_than_the_whole_are_violated(self) -> None:
        found = follows(split("bodies", "33", president="20", government="14"), PARTS_OF)
        assert verdict(found) == VIOLATED
        assert blamed(found) == {"gazette/whole": "34..", "gazette/president": "0..19", "gazette/government": "0..13"}

    @pytest.mark.parametrize(("rule", "whole"), [(ADDS_UP, "178..178"), (PARTS_OF, "178..")])
    def test_parts_without_their_whole_make_it_known(self, rule: Placed, whole: str) -> None:
        found = follows(split("bodies", president="20", government="14", regions="144"), rule)
        assert untested(found, f"bodies KZ {TODAY}") == whole

    def test_ends_that_are_open_or_missing_decide_whether_parts_fill_the_whole(self) -> None:
        parts = take("budget", over="category", codes=["president", "government"])
        check(
            placed("adds_up", whole=take("budget"), parts=parts),
            lambda one, two, whole: split("budget", whole, president=one, government=two, regions="ge 1000"),
            possible="le 10, le 20, ge 30; ge 10, ge 20, le 30; ge 10, ge 20, ge 15",
            violated="lt 10, le 20, ge 30; ge 10, gt 20, le 30; ge 10, ge 20, le 29",
        )
        check(
            placed("parts_of", whole=take("budget"), parts=parts),
            lambda one, two, whole: split("budget", whole, president=one, government=two, regions="ge 1000"),
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
        found = follows(split(what, whole, president="50", government="10", regions="40", oblasts="30", cities="15"), rule)
        assert verdicts(found) == {f"gazette KZ {TODAY}": at_the_top, f"gazette KZ regions {TODAY}": VIOLATED}

    def test_two_levels_meet_in_a_quantity_that_nobody_states(self) -> None:
        found = follows(split("bodies", "178", president="20", government="14", oblasts="100"), ADDS_UP)
        assert verdicts(found) == {f"gazette KZ {TODAY}": UNTESTED, f"gazette KZ regions {TODAY}": UNTESTED}
        assert [implied(found, f"bodies KZ {part} {TODAY}") for part in ("regions", "cities")] == ["144..144", "44..44"]

    def test_parts_that_are_listed_may_be_of_several_levels(self) -> None:
        listed = {"president": "20", "government": "14", "oblasts": "100", "cities": "44"}
        rule = placed("adds_up", whole=take("bodies"), parts=take("bodies", over="category", codes=list(listed)))
        found = follows(split("bodies", "178", regions="9", **listed), rule)
        assert verdicts(found) == {f"gazette KZ {TODAY}": SATISFIED}

    @pytest.mark.parametrize("codes", [{}, {"codes": ["oblasts", "cities"]}])
    def test_of_names_the_one_whole_that_the_rule_is_about(self, codes: Row) -> None:
        rule = placed("adds_up", whole=take("bodies"), parts=take("bodies", over="category", of="regions", **codes))
        found = follows(split("bodies", "178", president="20", regions="144", oblasts="100", cities="44"), rule)
        assert verdicts(found) == {f"gazette KZ regions {TODAY}": SATISFIED}

    def test_regions_add_up_to_their_own_country_if_they_exist_then(self) -> None:
        places = {"KZ": "100", "KZ-A": "60", "KZ-B": "40", "KG": "70", "KG-A": "71"}
        numbers = [number(f"gazette/{area}", "organisations", value, area=area) for area, value in places.items()]
        later = [{**one, "fact_id": f"{one['fact_id']}-later", "period": "2023"} for one in numbers[:3]]
        parts = take("organisations", over="area")
        found = follows([*numbers, *later], placed("adds_up", whole=take("organisations"), parts=parts))
        in_2011 = {f"gazette KZ {TODAY}": SATISFIED, f"gazette KG {TODAY}": VIOLATED}
        assert verdicts(found) == {**in_2011, "gazette KZ 2023": UNTESTED}
        assert implied(found, "organisations KZ-NEW 2023") == "0..0"
        only = follows(numbers, placed("adds_up", whole=take("organisations"), parts={**parts, "of": "KZ"}))
        assert verdicts(only) == {f"gazette KZ {TODAY}": SATISFIED}

    def test_a_part_is_at_most_its_whole(self) -> None:
        check(
            SUBSET,
            lambda part, whole: [number("gazette/part", "grants", part), number("gazette/whole", "budget", whole)],
            satisfied="le 10, ge 10",
            possible="ge 10, le 10; ge 10, ge 5; ge 10, approx 5",
            violated="gt 10, le 10; ge 10, lt 10",
        )

    def test_a_whole_that_nobody_states_is_at_least_its_part(self) -> None:
        found = follows([number("gazette/part", "grants", "gt 10")], SUBSET)
        assert untested(found, f"budget KZ {TODAY}") == "10.."
        assert found.implied_bounds["lower_closed"].to_list() == [False]

    def test_sources_are_not_measured_against_each_other(self) -> None:
        numbers = [number("gazette/part", "grants", "ge 10"), number("yearbook/whole", "budget", "le 5")]
        assert verdict(follows(numbers, SUBSET)) == UNTESTED


class TestShareOf:
    BASE, COUNT = (f"organisations {area} {TODAY}" for area in ("KZ", "KZ-A"))

    @staticmethod
    def facts(share: str, base: str | None, count: str | None) -> list[Row]:
        stated = {("base", "KZ"): base, ("count", "KZ-A"): count}
        numbers = [number(f"gazette/{at[0]}", "organisations", one, area=at[1]) for at, one in stated.items() if one]
        return [number("gazette/share", "region_share", share, area="KZ-A"), *numbers]

    def test_a_share_of_the_base_is_the_count(self) -> None:
        check(
            SHARE_OF,
            self.facts,
            satisfied="ge 100, 1000, 1000",
            possible="40, 1000, 400; 40, 1000, 405; ge 50, 1000, 500; 40, ge 1000, ge 100; approx 40, 1000, 1000",
            violated="40, 1000, 406; gt 50, 1000, 500; lt 50, 1000, 500; 40, ge 1000, 394; approx 40, 1000, 1001",
        )

    def test_what_one_rule_forbids_by_itself_is_not_put_down_to_several(self) -> None:
        found = follows(self.facts("gt 50", "1000", "500"), SHARE_OF)
        assert found.check_results["scope"].to_list() == ["local"]
        assert "together with" not in explanation(found)

    def test_the_share_can_be_wrong_as_well_as_either_number(self) -> None:
        by_number = {"gazette/base": "1235..1265", "gazette/count": "395..405"}
        assert blamed(follows(self.facts("40", "1000", "500"), SHARE_OF)) == {**by_number, "gazette/share": "50..50"}

    def test_a_base_that_nobody_states_follows(self) -> None:
        assert untested(follows(self.facts("40", None, "400"), SHARE_OF), self.BASE) == "988..1012"

    @pytest.mark.parametrize(("base", "count"), [("1000", "395..405"), ("ge 1000", "395..")])
    def test_a_count_that_nobody_states_follows(self, base: str, count: str) -> None:
        assert untested(follows(self.facts("40", base, None), SHARE_OF), self.COUNT) == count

    def test_the_number_that_nobody_states_is_the_one_that_is_said_to_be_so(self) -> None:
        assert "400, which nobody states" not in explanation(follows(self.facts("40", None, "400"), SHARE_OF))
        assert "KZ-A, 2011-12-23: at least 0, which nobody states" in explanation(follows(self.facts("40", "9", None), SHARE_OF))

    def test_a_bound_that_is_said_to_be_the_narrowest_is_so_where_a_share_has_an_open_end(self) -> None:
        (row,) = follows(self.facts("gt 50", "1000", None), SHARE_OF).implied_bounds.to_dicts()
        assert row["lower"] == (501 if row["tight"] else 500)

    def test_two_shares_have_one_base_though_nobody_states_it(self) -> None:
        other = [{**one, "fact_id": f"{one['fact_id']}-b", "area": "KZ-B"} for one in self.facts("20", None, "300")]
        assert are_jointly_violated(follows([*self.facts("40", None, "400"), *other], SHARE_OF))

    def test_shares_of_two_levels_that_fit_their_counts_contradict_nothing(self) -> None:
        counts = split("bodies", "1000", president="600", regions="400", oblasts="300", cities="100")
        shares = split("level_share", president="60", regions="40", oblasts="30", cities="10")
        shares = [{**one, "fact_id": f"{one['fact_id']}-share"} for one in shares]
        found = follows([*counts, *shares], placed("share_of", shares=take("level_share", over="category")), SHARES_PARTIAL)
        assert set(verdicts(found).values()) == {POSSIBLE}


class TestSharesTogether:
    MENTIONS, IN_TWO = (f"{name} of field_share gazette KZ {TODAY}" for name in ("mentions", "in two"))
    OF_YOUTH = f"gazette KZ youth {TODAY} in two or more"

    def test_shares_that_sum_to_100_1_by_rounding_can_be_complete(self) -> None:
        found = follows(split("level_share", president="33.3", government="33.4", regions="33.4"), SHARES_COMPLETE)
        assert verdict(found) == POSSIBLE

    @pytest.mark.parametrize("regions", ["36.3", "30.3"])
    def test_shares_that_sum_to_103_or_97_are_not_complete(self, regions: str) -> None:
        found = follows(split("level_share", president="33.3", government="33.4", regions=regions), SHARES_COMPLETE)
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
        found = follows(split("level_share", regions="approx 40", oblasts="60", cities="60"), SHARES_PARTIAL)
        assert verdicts(found) == {f"gazette KZ {TODAY}": SATISFIED, f"gazette KZ regions {TODAY}": VIOLATED}

    def test_ends_that_are_open_or_missing_decide_whether_shares_are_100_percent_or_at_most_that(self) -> None:
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
        assert all(row["lower_closed"] == (shares["youth"] != "gt 60") for row in found.implied_bounds.to_dicts())

    @pytest.mark.parametrize(("youth", "expected"), [(None, UNTESTED), ("80", SATISFIED), ("20", VIOLATED)])
    def test_shares_in_a_category_overlap_beyond_its_own(self, youth: str | None, expected: Verdict) -> None:
        found = follows(split("field_share", sport="60", camps="70", **({"youth": youth} if youth else {})), MULTI_RESPONSE)
        assert verdicts(found)[self.OF_YOUTH] == expected

    def test_a_field_has_no_greater_share_than_the_one_that_it_belongs_to(self) -> None:
        found = follows(split("field_share", youth="50", sport="90", camps="40"), MULTI_RESPONSE)
        outcomes = verdicts(found)
        assert outcomes[f"gazette KZ sport {TODAY} in its whole"] == VIOLATED
        assert outcomes[f"gazette KZ camps {TODAY} in its whole"] == SATISFIED

    def test_the_overlap_is_told_as_it_follows(self) -> None:
        found = follows(split("field_share", youth="80", health="70", sport="60", camps="70"), MULTI_RESPONSE)
        words = dict(found.check_results.select("group_id", "explanation").rows())
        assert "so at least 49.0 percent are in two or more" in words[f"gazette KZ {TODAY} in two or more"]
        assert implied(found, f"in two of field_share gazette KZ youth {TODAY}") == "48.5..100"
        assert "so at least 48.5 percent are in two or more" in words[self.OF_YOUTH]


class TestGrowth:
    """From some day of 2006 to 23 December 2011 are 4.97 to 5.98 years."""

    @staticmethod
    def facts(now: str, flow: str, before: str | None = None, stock: str = "organisations") -> list[Row]:
        stated = [number("gazette/now", stock, now), number("gazette/flow", f"{stock}_growth", flow, period="2006/..")]
        return [*stated, number("gazette/before", stock, before, period="2006")] if before else stated

    def test_a_stock_is_an_earlier_one_and_what_was_added(self) -> None:
        check(
            NET,
            self.facts,
            satisfied="35000, 0, 35000",
            possible="35000, 1000, 29500; 35000, ge 1000, 20000; ge 35000, 1000, 40000; 35000, le 1000, 40000",
            violated="35000, 1000, 29019; 35000, 1000, 30031; 35000, ge 1000, 30031; ge 35000, 1000, 29019; 35000, -1000, 30000",
        )

    def test_a_stock_and_a_flow_that_contradict_may_each_be_wrong(self) -> None:
        stocks = {"gazette/now": "54970..55980", "gazette/before": "29020..30030"}
        assert blamed(follows(self.facts("35000", "1000", "50000"), NET)) == {**stocks, "gazette/flow": "-3018..-2509"}

    def test_an_end_that_is_open_decides(self) -> None:
        check(
            placed("growth", stock=take("budget"), flow=take("budget_growth")),
            lambda now, flow, before: self.facts(now, flow, before, "budget"),
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
    def test_an_earlier_stock_that_nobody_states_follows(self, now: str, flow: str, before: str, words: str) -> None:
        found = follows(self.facts(now, flow), NET)
        assert untested(found, "organisations KZ 2006") == before
        assert words in explanation(found)

    def test_growth_that_ended_before_says_nothing_of_the_time_since(self) -> None:
        now, flow = self.facts("35000", "1000")
        assert follows([now, {**flow, "period": "2006/2009"}], NET).check_results.is_empty()

    def test_gross_growth_allows_that_some_have_closed(self) -> None:
        check(
            GROSS,
            self.facts,
            satisfied="20000, 1000, 30000",
            possible="35500, 1000, 30000; ge 35000, 1000, 30000; 50000, ge 1000, 30000",
            violated="35981, 1000, 30000; ge 35981, 1000, 30000",
        )
        assert untested(follows(self.facts("35000", "1000"), GROSS), "organisations KZ 2006") == "29020.."


class TestTime:
    ELAPSED = placed("elapsed", source_id="gazette", **{"from": "independence", "to": "published", "duration": "years"})
    SEQUENCE = placed("order", source_id="gazette", sequence=["a", "b", "c"])

    @staticmethod
    def years(since: str, printed: str) -> list[Row]:
        return [event("independence", since), number("gazette/years", "years", printed)]

    def test_whole_years_are_those_completed(self) -> None:
        check(
            self.ELAPSED,
            self.years,
            possible="1991-12-16, 20; 1991-12-30, 19; 1991, 20; 1991-12-16, ge 19; 1991-12-16/.., 20",
            violated="1991-12-16, 19; 1991-12-16, 21; 1991-12-30, 20; 1991-12-16, gt 20",
        )

    def test_years_with_decimals_are_rounded(self) -> None:
        check(
            self.ELAPSED,
            lambda printed: [event("independence", "1991-12-16"), number("gazette/years", "rounded_years", printed)],
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
            possible="2002-05, 2002; ../2005, 2003",
            violated="2003, 2002",
        )

    def test_a_sequence_says_which_two_are_out_of_order(self) -> None:
        found = follows([event("a", "2001"), event("b", "2003"), event("c", "2002")], self.SEQUENCE)
        assert verdicts(found) == {"gazette/a gazette/b": SATISFIED, "gazette/b gazette/c": VIOLATED}

    def test_a_sequence_that_fits_two_by_two_may_be_impossible_as_a_whole(self) -> None:
        assert are_jointly_violated(follows([event("a", "2002-06"), event("b", "2002"), event("c", "2002-05")], self.SEQUENCE))

    @pytest.mark.parametrize(
        "state", [lambda period: [event("plan", period)], lambda at: [number("gazette/x", "ngos", "9", period=at)]]
    )
    def test_the_ends_of_each_fact_are_in_order(self, state: Callable[..., list[Row]]) -> None:
        start, end = (placed("order", each=[one, "published"]) for one in ("start", "end"))
        check(start, state, satisfied="2003/..", possible="2011-12", violated="2012/2013")
        check(end, state, satisfied="2003/2005", possible="2010/2011-12", violated="2010/2012")
        both = placed("order", each=["start", "end"])
        check(both, state, satisfied="2003/2005", possible="2003/2003-05")
        assert follows(state("2003/.."), end, both).check_results.is_empty()


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
        found = follows([number("gazette/x", "budget", one), number("yearbook/x", "budget", two)], SAME_QUANTITY)
        assert verdicts(found) == {"gazette/x yearbook/x": expected}
        assert self.COPIED not in explanation(found)

    def test_another_area_category_or_period_is_another_quantity(self) -> None:
        others: list[dict[str, str]] = [{}, {"area": "KG"}, {"category": "president"}, {"period": "2010"}]
        numbers = [number(f"gazette/x{at}", "budget", str(at), **place) for at, place in enumerate(others)]
        assert follows(numbers, SAME_QUANTITY).check_results.is_empty()

    def test_a_rule_may_be_about_one_indicator(self) -> None:
        numbers = [number(f"{source}/{what}", what, "9") for source in ("gazette", "yearbook") for what in ("bodies", "ngos")]
        found = follows(numbers, placed("same_quantity", quantity=take("ngos")))
        assert verdicts(found) == {"gazette/ngos yearbook/ngos": SATISFIED}

    def test_statements_that_agree_two_by_two_can_disagree_together(self) -> None:
        numbers = [number(f"{source}/x", "ngos", value) for source, value in (("a", "1"), ("b", "between 1/3"), ("c", "3"))]
        found = follows(numbers, SAME_QUANTITY)
        assert are_jointly_violated(found)
        assert blamed(found) == {"a/x": "3..3", "c/x": "1..1"}

    @pytest.mark.parametrize(
        "origins",
        [
            {"yearbook": {"derived_from": "gazette"}},
            {"yearbook": {"translation_of": "gazette"}},
            {"yearbook": {"derived_from": "digest"}, "digest": {"translation_of": "gazette"}},
            {"yearbook": {"derived_from": "digest"}, "gazette": {"derived_from": "digest"}, "digest": {}},
        ],
    )
    def test_copies_and_copies_of_copies_do_not_corroborate_each_other(self, origins: dict[str, dict[str, str]]) -> None:
        copies = [{"source_id": source, **origin} for source, origin in origins.items()]
        found = follows([number(f"{one}/x", "ngos", "9") for one in ("gazette", "yearbook")], SAME_QUANTITY, copies=copies)
        assert verdict(found) == SATISFIED
        assert self.COPIED in explanation(found)


class TestSourcesTogether:
    """The gazette's facts say how many there were in 2006, which it does not state and others do."""

    @staticmethod
    def found(*rules: Placed, **others: str) -> Conclusions:
        before = [number(f"{source}/x", "organisations", printed, period="2006") for source, printed in others.items()]
        return follows([*TestGrowth.facts("35000", "1000"), *before], *rules)

    def test_a_statement_is_held_against_what_follows_from_another_source(self) -> None:
        found = self.found(NET, SAME_QUANTITY, yearbook="50000")
        assert are_jointly_violated(found)
        gazette = {"gazette/now": "54970..55980", "gazette/flow": "-3018..-2509"}
        assert blamed(found) == {**gazette, "yearbook/x": "29020..30030"}

    def test_a_statement_that_fits_what_follows_is_possible_and_narrowed(self) -> None:
        found = self.found(NET, SAME_QUANTITY, yearbook="ge 20000")
        assert set(verdicts(found).values()) == {UNTESTED}
        assert implied(found, "yearbook/x") == "29020..30030"

    def test_without_a_rule_that_statements_agree_nothing_is_held_against_another_source(self) -> None:
        assert verdict(self.found(NET, yearbook="50000")) == UNTESTED

    @pytest.mark.parametrize(("other", "expected"), [("29500", SATISFIED), ("29600", VIOLATED)])
    def test_two_statements_are_compared_though_a_third_source_needs_the_quantity(self, other: str, expected: Verdict) -> None:
        results = self.found(NET, SAME_QUANTITY, almanac="29500", yearbook=other).check_results
        assert results.filter(fact_ids="almanac/x yearbook/x").select("outcome", "reason").rows() == [expected]


class TestListings:
    @staticmethod
    def found(kind: str, *printed: str, severity: str = "information") -> Conclusions:
        areas = ["KZ-B", "KG-A", "KZ-A", "KZ-NEW"]
        numbers = [number(f"gazette/{area}", "region_share", one, area=area) for area, one in zip(areas, printed, strict=False)]
        values = take("region_share", over="area", codes=areas, of="KZ")
        return follows(numbers, placed(kind, severity=severity, values=values))

    @pytest.mark.parametrize(
        ("kind", "printed", "expected", "words"),
        [
            ("ranked", ("17.9", "8.3", "8.3", "6.19"), SATISFIED, "4 values are listed in an order that does not increase."),
            ("ranked", ("8.3", "17.9", "6.19"), VIOLATED, "17.9 after 8.3"),
            ("ranked", ("17.9", "between 7/9", "6.2"), SATISFIED, "3 values"),
            ("ranked", ("between 7/9", "8", "6"), SATISFIED, "3 values"),
            ("ranked", ("10", "between 7/9", "20"), VIOLATED, "20 after 10"),
            ("distinct", ("17.9", "8.3", "6.19"), SATISFIED, "3 values are printed, each once."),
            ("distinct", ("17.9", "8.3", "17.9"), VIOLATED, "17.9 (2 times)"),
            ("distinct", ("between 7/9", "between 5/6", "8"), SATISFIED, "3 values"),
            ("same_precision", ("17.9", "8.3", "6.2"), SATISFIED, "3 values are printed with the same number of decimals."),
            ("same_precision", ("17.9", "6.19", "8.3"), VIOLATED, "6.19 with 2 after the point"),
            ("same_precision", ("17.9", "between 7.5/9.5", "8.3"), SATISFIED, "3 values"),
        ],
    )
    def test_what_stands_out_in_a_list_is_told(self, kind: str, printed: tuple[str, ...], expected: Verdict, words: str) -> None:
        found = self.found(kind, *printed)
        assert verdict(found) == expected
        assert words in explanation(found)

    @pytest.mark.parametrize("severity", ["information", "warning", "error"])
    def test_a_listing_is_as_severe_as_its_rule_says(self, severity: str) -> None:
        assert self.found("ranked", "8.3", "17.9", severity=severity).check_results["severity"].to_list() == [severity]

    @pytest.mark.parametrize("kind", ["ranked", "distinct", "same_precision"])
    def test_lists_of_two_sources_or_periods_are_not_mixed(self, kind: str) -> None:
        places = [("gazette", TODAY, "8"), ("yearbook", TODAY, "8.3"), ("gazette", "2010", "17.95"), ("gazette", "2009", "8")]
        numbers = [number(f"{name}/{at}", "region_share", one, period=at, area="KZ-A") for name, at, one in places]
        found = follows(numbers, placed(kind, values=take("region_share", over="area")))
        assert verdicts(found) == {f"{name} KZ {at}": SATISFIED for name, at, _ in places}

    def test_a_rule_of_one_source_is_not_applied_to_another(self) -> None:
        numbers = [number(f"{source}/a", "region_share", "8", area="KZ-A") for source in ("gazette", "yearbook")]
        found = follows(numbers, placed("ranked", source_id="yearbook", values=take("region_share", over="area")))
        assert verdicts(found) == {f"yearbook KZ {TODAY}": SATISFIED}
