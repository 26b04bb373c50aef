"""The one list of kinds is what all others go by."""

from dataclasses import replace
from typing import get_args

import polars as pl
import pytest

from pipeline.facts.observations import misfits
from pipeline.facts.reference_tables import CodeLists
from pipeline.rules.quantities import Facts
from pipeline.rules.system import build_system, domains, stated_variables
from schemas.kinds import INDICATOR_KINDS, LINEAR_RULES, LISTINGS, IndicatorKind
from schemas.rules import Linear, Listing
from schemas.tables import empty
from tests.small_worlds import AREAS, CATEGORIES, INDICATORS, number, placed, take, world

KINDS = pytest.mark.parametrize("kind", INDICATOR_KINDS)


def of_kind(kind: str, printed: str) -> Facts:
    """One number of an indicator of a kind, and an indicator of that kind that nobody states."""
    facts = world([number("gazette/bodies", "bodies", printed)])
    return replace(facts, indicators=facts.indicators.with_columns(kind=pl.lit(kind)))


def range_of(kind: IndicatorKind) -> tuple[object, ...]:
    return kind.least, kind.least is not None, kind.most, kind.most is not None


@KINDS
def test_what_nobody_limits_is_what_its_kind_can_be(kind: str) -> None:
    facts = of_kind(kind, "approx 5")
    system = build_system([placed("subset", part=take("bodies"), whole=take("ngos"))], facts)
    bounds = ("lower", "lower_closed", "upper", "upper_closed")
    values = system.quantities.filter(part="value").sort("role").select("role", *bounds).rows()
    assert values == [
        ("stated", *range_of(INDICATOR_KINDS[kind])),
        ("unstated", *range_of(INDICATOR_KINDS[kind])),
    ]


@KINDS
def test_a_fact_that_is_not_believed_is_what_its_kind_can_be(kind: str) -> None:
    facts = of_kind(kind, "5")
    can_be = domains(stated_variables(facts), facts).row(
        by_predicate=pl.col("quantity") == "gazette/bodies"
    )
    assert can_be == ("gazette/bodies", INDICATOR_KINDS[kind].least, INDICATOR_KINDS[kind].most)


def test_every_kind_of_rule_has_its_model() -> None:
    def of(union: object) -> tuple[str, ...]:
        return tuple(
            get_args(model.model_fields["kind"].annotation)[0] for model in get_args(union)
        )

    assert (of(Linear), of(Listing)) == (LINEAR_RULES, LISTINGS)


@pytest.mark.parametrize(
    ("kind", "value", "relator", "expected"),
    [
        ("stock", "-1", "eq", "0 or more, as of any stock"),
        ("duration", "-1", "eq", "0 or more, as of any duration"),
        ("ratio", "-1.5", "eq", "0 or more, as of any ratio"),
        ("ordinal", "0", "eq", "1 or more, as of any ordinal"),
        ("ordinal", "0/3", "between", "1 or more, as of any ordinal"),
        ("share", "112.5", "eq", "a number from 0 to 100, as of any share"),
        ("multi_share", "3:2", "eq", "a number from 0 to 100, as of any multi_share"),
        (
            "share",
            "100",
            "gt",
            "a number beyond which something is left: any share is a number from 0 to 100",
        ),
        ("stock", "0", "lt", "a number beyond which something is left: any stock is 0 or more"),
        (
            "money",
            "1:2",
            "eq",
            "the digits as printed; a fraction such as 2:3 is for a share or a ratio",
        ),
        ("flow", "-1", "eq", None),
        ("rate", "-1.5", "lt", None),
        ("money", "-20/-10", "between", None),
        ("money", "-10/-20", "between", "the lower number first"),
        ("share", "2:3", "eq", None),
        ("share", "1:2/2:3", "between", None),
        ("share", "0", "eq", None),
        ("share", "100", "lt", None),
        ("ratio", "1:2", "eq", None),
    ],
)
def test_a_typed_number_is_one_that_its_kind_can_be(
    kind: str, value: str, relator: str, expected: str | None
) -> None:
    row = {
        "raw_file": "a/observations.csv",
        "raw_line": 2,
        "value": value,
        "relator": relator,
        "kind": kind,
        "whole": False,
    }
    place = {
        "area": "KZ",
        "area_level": None,
        "category": "youth",
        "category_tree": "fields",
        "precision": None,
        "period": "2011",
    }
    days = dict.fromkeys(("start_earliest", "start_latest", "end_earliest", "end_latest"))
    rows = pl.DataFrame(
        [{**row, **place, **days}],
        schema_overrides=dict.fromkeys(days, pl.Date) | {"precision": pl.String},
    )
    found = misfits(rows, CodeLists(INDICATORS, AREAS, CATEGORIES, empty("agents")))
    assert [defect.expected for defect in found] == ([] if expected is None else [expected])
