"""Small sets of facts, the rules that tests apply to them, and what follows, in short."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from pipeline.intervals.bounds import bounds
from pipeline.intervals.periods import canonical_period, read_period
from pipeline.reason.conclude import Conclusions, conclude
from pipeline.rules.findings import with_status
from pipeline.rules.quantities import Facts
from pipeline.rules.rules_file import Placed
from pipeline.rules.system import build_system
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
    ("youth_share", False, "share", "ngos/youth", None, "region"),
    ("level_share", False, "share", "bodies", "levels", None),
    ("field_share", False, "multi_share", "ngos", "fields", None),
    ("years", True, "duration", None, None, None),
    ("rounded_years", False, "duration", None, None, None),
)
AREAS = _list(
    "areas",
    "code parent level valid_from valid_to",
    *((country, None, "country", None, None) for country in ("KZ", "KG", "UZ")),
    *((region, region[:2], "region", None, None) for region in ("KZ-A", "KZ-B", "KG-A")),
    ("KZ-NEW", "KZ", "region", date(2022, 6, 8), None),
    *((region, "UZ", "region", None, date(2022, 6, 8)) for region in ("UZ-EAST", "UZ-WEST")),
    *((region, "UZ", "region", date(2022, 6, 8), None) for region in ("UZ-1", "UZ-2")),
)
CATEGORIES = _list(
    "categories",
    "code tree parent",
    *((code, "levels", None) for code in ("president", "government", "regions")),
    *((code, "levels", "regions") for code in ("oblasts", "cities")),
    *((code, "fields", None) for code in ("youth", "health", "culture")),
    *((code, "fields", "youth") for code in ("sport", "camps")),
)


def number(fact_id: str, indicator: str, printed: str, **place: str | None) -> Row:
    """A number, printed as "35000" or "gt 35000"; `place` is area, category and period where not
    the country, all, today.
    """
    relator, _, value = printed.rpartition(" ")
    typed = {"fact_id": fact_id, "indicator": indicator, "relator": relator or "eq", "value": value}
    return {
        **typed,
        "original_value": value.replace("/", " to "),
        "area": "KZ",
        "category": None,
        "period": TODAY,
        **place,
    }


def split(indicator: str, whole: str | None = None, **parts: str) -> list[Row]:
    """The number of the whole, where one is printed, and of each category: gazette/whole,
    gazette/president.
    """
    rows = [
        number(f"gazette/{category}", indicator, printed, category=category)
        for category, printed in parts.items()
    ]
    return rows if whole is None else [*rows, number("gazette/whole", indicator, whole)]


def stocks_and_flow(
    now: str, flow: str, before: str | None = None, stock: str = "organisations"
) -> list[Row]:
    """A stock at the end of 2011, what is added a year since 2006, and, where stated, the stock of
    2006.
    """
    stated = [
        number("gazette/now", stock, now),
        number("gazette/flow", f"{stock}_growth", flow, period="2006/.."),
    ]
    return [*stated, number("gazette/before", stock, before, period="2006")] if before else stated


def event(name: str, period: str) -> Row:
    return {"fact_id": f"gazette/{name}", "period": period}


def _in_time(period: str) -> Row:
    return {**read_period(period)._asdict(), "period": canonical_period(period)}


def world(facts: Sequence[Row], copies: Sequence[Row] = ()) -> Facts:
    """Numbers and events of the sources that their names begin with, in the order in which the
    sources list them.

    `copies` are rows of sources: source_id, and derived_from or translation_of.
    """
    dated = [
        {
            **one,
            **_in_time(one["period"]),
            "source_id": one["fact_id"].split("/")[0],
            "quote_start": at,
        }
        for at, one in enumerate(facts)
    ]
    numbers = [one for one in dated if "indicator" in one]
    columns = ["indicator", "value", "relator", "precision"]
    typed = pl.DataFrame(
        [{name: one.get(name) for name in columns} for one in numbers],
        schema=dict.fromkeys(columns, pl.String),
    )
    kinds = INDICATORS.select("kind", "whole", indicator="code")
    stated = bounds(typed.join(kinds, on="indicator", maintain_order="left")).to_dicts()
    observations = [{**one, **interval} for one, interval in zip(numbers, stated, strict=True)]
    events = [one for one in dated if "indicator" not in one]
    origins = {one["source_id"]: one for one in [*dated, *copies]}
    day = date.fromisoformat(TODAY)
    published = {"published": TODAY, "published_earliest": day, "published_latest": day}
    sources = _table("sources", [{**one, **published} for one in origins.values()])
    tables = {
        "observations": _table("observations", observations),
        "events": _table("events", events),
    }
    return Facts(sources, INDICATORS, AREAS, CATEGORIES, **tables, statements=empty("statements"))


def placed(kind: str, *, source_id: str | None = None, **keys: object) -> Placed:
    """A rule, of any source or of one, that is named after its kind."""
    entry = {"id": kind, "kind": kind, "title": kind, "severity": "error", **keys}
    return Placed(
        RulesFile.model_validate({"rule": [entry]}).rule[0], source_id, "rules.toml", 1, {}
    )


def take(indicator: str, **parts: object) -> Row:
    """An operand: `parts` are the keys of one that takes parts together."""
    return {"indicator": indicator, **parts}


def follows(facts: Sequence[Row], *rules: Placed, copies: Sequence[Row] = ()) -> Conclusions:
    """What follows, in tables that are as published ones must be."""
    typed = {
        name: pl.DataFrame(schema=dict.fromkeys(SOURCE_FILES[name].columns, pl.String))
        for name in ENTERED
    }
    known = world(facts, copies)
    found = conclude(
        list(rules), known, build_system(list(rules), known), {}, (empty("readings"), typed)
    )
    told = with_status(list(rules), found.check_results).drop("fact_ids")
    TABLES["check_results"].validate(told.select(list(TABLES["check_results"].columns)))
    for name in ("implied_bounds", "error_sets"):
        TABLES[name].validate(getattr(found, name))
    assert found.impossible == []
    return found


def verdicts(found: Conclusions) -> dict[str, Verdict]:
    """The outcome and the reason of each group."""
    return {
        row["group_id"]: (row["outcome"], row["reason"]) for row in found.check_results.to_dicts()
    }


def verdict(found: Conclusions) -> Verdict:
    """The outcome and the reason of the only group."""
    (only,) = verdicts(found).values()
    return only


def check(rule: Placed, state: Callable[..., list[Row]], **cases: str) -> None:
    """Assert what the rule says of each case, each in a source of its own, by outcome.

    A case is what is printed of the facts of `state`, parted by a comma; cases are parted by a
    semicolon.
    """
    reasons = {"satisfied": SATISFIED, "violated": VIOLATED, "possible": POSSIBLE}
    expected = {
        case: reasons[outcome]
        for outcome, several in cases.items()
        for case in several.split("; ")
        if case
    }
    sources = {f"case{at}": case for at, case in enumerate(expected)}
    facts = [
        {**one, "fact_id": one["fact_id"].replace("gazette", source)}
        for source, case in sources.items()
        for one in state(*case.split(", "))
    ]
    own = [
        replace(rule, rule=rule.rule.model_copy(update={"id": source}), source_id=source)
        for source in sources
    ]
    rows = follows(facts, *([rule] if rule.source_id is None else own)).check_results.to_dicts()
    assert {sources[row["source_id"]]: (row["outcome"], row["reason"]) for row in rows} == expected
    assert len(rows) == len(expected)


def explanation(found: Conclusions) -> str:
    return str(found.check_results["explanation"].item())


def _ends(row: Row) -> str:
    return "..".join(
        "" if row[side] is None else f"{row[side].normalize():f}" for side in ("lower", "upper")
    )


def implied(found: Conclusions, quantity: str) -> str | None:
    """What follows for a quantity beyond what is stated of it, "least..most"; nothing stands where
    there is no end.
    """
    return next(
        (_ends(row) for row in found.implied_bounds.filter(quantity=quantity).to_dicts()), None
    )


def untested(found: Conclusions, quantity: str) -> str | None:
    """What follows for a quantity that nobody states and that leaves the only group untested."""
    assert verdict(found) == UNTESTED
    return implied(found, quantity)


ADDS_UP, PARTS_OF = (
    placed(kind, whole=take("bodies"), parts=take("bodies", over="category"))
    for kind in ("adds_up", "parts_of")
)
SUBSET = placed("subset", part=take("grants"), whole=take("budget"))
SHARE_OF = placed("share_of", shares=take("region_share", over="area"))
SHARES_PARTIAL, SHARES_COMPLETE = (
    placed(kind, shares=take("level_share", over="category"))
    for kind in ("shares_partial", "shares_complete")
)
MULTI_RESPONSE = placed("multi_response", shares=take("field_share", over="category"))
NET = placed("growth", stock=take("organisations"), flow=take("organisations_growth"))
SAME_QUANTITY = placed("same_quantity")
