"""What was changed in a table or a text is found, whatever else was made to fit it."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intervals.bounds import bounds
from pipeline.release.opened import open_release
from pipeline.release.verification.contents import Contents, Tables, read_contents
from pipeline.release.verification.evidence import bounds_follow
from pipeline.release.verify import verify
from schemas.columns import AMOUNT, COEFFICIENT, RELATORS, RESULT
from schemas.kinds import FRACTIONAL, INDICATOR_KINDS
from tests.conftest import SOURCE
from tests.verify.spoil import codes, forge, hash_anew


@pytest.fixture(scope="module")
def whole(release: Path) -> Contents:
    """What the release holds that nobody has spoiled."""
    return read_contents(open_release(release))[0]


ORGANISATIONS = pl.col("fact_id") == f"{SOURCE}/organisations"


class TestTwins:
    def test_a_cell_that_a_spreadsheet_changed_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "observations.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(",18000.000000,", ",18001.000000,"), encoding="utf-8")
        told = {failure.code: failure.message for failure in verify(copy).failures if failure.file.endswith(".csv")}
        assert set(told) == {"wrong_hash", "rows_differ"}
        expected = f"{SOURCE}/ngos: value is 18001.000000; by tables/observations.parquet it is 18000.000000"
        assert told["rows_differ"] == expected

    def test_parquet_that_was_changed_alone_differs_from_its_csv_and_from_its_own_hash(self, copy: Path) -> None:
        path = copy / "tables" / "areas.parquet"
        rows = pl.read_parquet(path)
        rows.with_columns(label=pl.col("label") + " ").write_parquet(path)
        hash_anew(copy)
        failures = verify(copy).failures
        assert ("tables/areas.csv", "rows_differ") in {(failure.file, failure.code) for failure in failures}
        assert ("datapackage.json", "description_differs") in {(failure.file, failure.code) for failure in failures}

    def test_facts_csv_that_was_changed_differs_from_the_tables(self, copy: Path) -> None:
        path = copy / "facts.csv"
        path.write_text(path.read_text(encoding="utf-8").replace('"more than 35,000"', '"exactly 35,000"'), encoding="utf-8")
        hash_anew(copy)
        assert ("facts.csv", "rows_differ") in {(failure.file, failure.code) for failure in verify(copy).failures}

    def test_a_row_more_or_less_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "agents.csv"
        header, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([header, *rest, first.replace(first.split(",")[0], "nobody", 1)]), encoding="utf-8")
        hash_anew(copy)
        told = [failure.message for failure in verify(copy).failures if failure.file == "tables/agents.csv"]
        assert [message.partition(": ")[2] for message in told] == [
            "the row is not there; by tables/agents.parquet it is",
            "the row is there; by tables/agents.parquet it is not",
        ]


def amount(number: str) -> pl.Expr:
    return pl.lit(Decimal(number), AMOUNT)


def only(column: str, value: pl.Expr, where: pl.Expr = ORGANISATIONS) -> pl.Expr:
    return pl.when(where).then(value).otherwise(column).alias(column)


FORGED: dict[str, tuple[str, list[pl.Expr], str]] = {
    "a value": ("observations", [only("value", amount("36000"))], "value_not_in_quote"),
    "a value and what is printed": (
        "observations",
        [only("value", amount("36000")), only("original_value", pl.lit("36,000"))],
        "value_not_in_quote",
    ),
    "a value, what is printed, its bound and its quote": (
        "observations",
        [
            only("value", amount("36000")),
            only("original_value", pl.lit("36,000")),
            only("lower_bound", amount("36001")),
            only("quote", pl.col("quote").str.replace("35,000", "36,000", literal=True)),
        ],
        "span_is_not_the_quote",
    ),
    "a bound": ("observations", [only("lower_bound", amount("30000"))], "bounds_differ"),
    "a bound, as the rules see it": ("observations", [only("lower_bound", amount("30000"))], "system_differs"),
    "a relator": ("observations", [only("relator", pl.lit("ge"))], "bounds_differ"),
    "a unit": ("observations", [only("unit", pl.lit("percent"))], "wrong_unit"),
    "an area": ("observations", [only("area", pl.lit("KZ-ALM"))], "system_differs"),
    "a place": ("statements", [pl.col("quote_start") + 1, pl.col("quote_end") + 1], "span_is_not_the_quote"),
    "a place beyond the text": (
        "events",
        [pl.col("quote_start") + 10**6, pl.col("quote_end") + 10**6],
        "span_is_not_the_quote",
    ),
    "words before": ("events", [pl.lit("Nobody has ever said that").alias("quote_prefix")], "span_is_not_the_quote"),
    "a period": ("events", [only("period", pl.lit("1990"), pl.col("period") == "1991")], "period_differs"),
    "a period that has no end": (
        "events",
        [only("period", pl.lit("Y1E99999999"), pl.col("period") == "1991")],
        "period_differs",
    ),
    "another spelling of a period": (
        "events",
        [only("period", pl.lit("1991/1991"), pl.col("period") == "1991")],
        "period_differs",
    ),
    "a number that was read": ("mentions", [only("low", amount("7"), pl.col("words") == "Twenty")], "mention_differs"),
    "a hedge that was read": (
        "mentions",
        [only("relators", pl.lit("ge"), pl.col("words").str.contains("35,000"))],
        "mention_differs",
    ),
    "the fact of a number": (
        "mentions",
        [only("fact_id", pl.lit(f"{SOURCE}/independence"), pl.col("fact_id") == f"{SOURCE}/organisations")],
        "value_of_nothing",
    ),
    "the fact of another number": (
        "mentions",
        [only("fact_id", pl.lit(f"{SOURCE}/organisations"), pl.col("fact_id") == f"{SOURCE}/ngos")],
        "value_not_in_quote",
    ),
    "what it is for each of": ("observations", [only("per", pl.lit("month"), pl.lit(value=True))], "wrong_unit"),
    "a precision": ("observations", [only("precision", amount("5"), pl.col("unit") == "percent")], "bounds_differ"),
    "a basis": ("observations", [only("bound_basis", pl.lit("rounding"))], "bounds_differ"),
    "decimals": ("observations", [only("decimals", pl.col("decimals") + 1, pl.col("unit") == "percent")], "value_not_in_quote"),
    "a base": ("indicators", [only("base", pl.lit("organisations/nothing"), pl.col("base").is_not_null())], "lost_reference"),
    "an outcome": (
        "check_results",
        [pl.lit("satisfied").alias("outcome"), pl.lit(None, pl.String).alias("reason")],
        "outcome_differs",
    ),
    "an imbalance": ("check_results", [pl.col("imbalance_lower") - 1], "outcome_differs"),
    "a joint outcome of a rule that holds": (
        "check_results",
        [
            only(name, pl.lit(word), pl.col("outcome") == "satisfied")
            for name, word in (("scope", "joint"), ("outcome", "violated"))
        ],
        "outcome_differs",
    ),
    "a search cut off where a rule holds": (
        "check_results",
        [only("reason", pl.lit("solver_limit"), pl.col("outcome") == "satisfied")],
        "outcome_differs",
    ),
    "a coefficient": ("rule_terms", [pl.lit(Decimal(7), COEFFICIENT).alias("coefficient_upper")], "system_differs"),
    "a rule": ("rules", [pl.col("definition").str.replace("ngos", "organisations_growth")], "system_differs"),
    "a rule that is none": ("rules", [pl.lit("{").alias("definition")], "wrong_rule"),
    "a severity": ("rules", [pl.lit("information").alias("severity")], "outcome_differs"),
    "a finding": ("findings", [pl.col("lower") - 1], "finding_differs"),
    "a reason": ("findings", [pl.lit(None, pl.String).alias("reason")], "unacknowledged"),
    "an implied bound": ("implied_bounds", [pl.lit(None, RESULT).alias("lower")], "wider_bounds"),
    "a reference": ("events", [only("who", pl.lit("nobody"), pl.lit(value=True))], "lost_reference"),
    "a fact that is not there": ("readings", [pl.lit(f"{SOURCE}/nothing").alias("fact_id")], "lost_reference"),
    "a range": ("observations", [pl.col("decimals") - 1], "wrong_value"),
    "a key": ("areas", [pl.lit("KZ").alias("code")], "wrong_value"),
    "a type": ("areas", [pl.col("valid_from").cast(pl.String)], "wrong_column"),
    "the text's hash": ("sources", [pl.lit("0" * 64).alias("sha256")], "text_differs"),
    "the text's length": ("sources", [pl.col("characters") + 1], "text_differs"),
    "the right to the text": ("sources", [pl.lit(value=False).alias("republish_text")], "text_differs"),
}


@pytest.mark.parametrize("what", FORGED)
def test_who_forges_is_found_though_every_hash_and_both_forms_are_made_anew(what: str, copy: Path) -> None:
    name, changed, code = FORGED[what]
    rows = pl.read_parquet(copy / "tables" / f"{name}.parquet")
    forge(copy, **{name: rows.with_columns(changed)})
    failures = verify(copy).failures
    assert code in codes(failures), failures
    assert not {"wrong_hash", "rows_differ", "uncheckable"} & codes(failures), failures


@st.composite
def stated(draw: st.DrawFn) -> dict[str, object]:
    """A number as a person may type it, with its indicator's kind and what its mention says."""
    kind = draw(st.sampled_from(sorted(INDICATOR_KINDS)))
    whole = draw(st.booleans()) and kind not in {"share", "multi_share"}
    decimals = 0 if whole else draw(st.integers(0, 5))
    numbers = st.integers(1, 100 * 10**decimals).map(lambda digits: f"{Decimal(digits).scaleb(-decimals):f}")
    relator = draw(st.sampled_from(RELATORS))
    low = draw(numbers)
    low, high = sorted((low, draw(numbers) if relator == "between" else low), key=Decimal)
    precision = (
        draw(st.sampled_from([None, "0.1", "0.5", "1", "7", "10", "1000"])) if relator in {"eq", "approx", "between"} else None
    )
    is_unread = relator != "between" and draw(st.booleans())
    is_fraction = kind in FRACTIONAL and relator != "between" and draw(st.booleans())
    value = f"{low}/{high}" if relator == "between" else low
    said: dict[str, Decimal | None] = {"low": Decimal(low), "high": Decimal(high), "step": Decimal(1).scaleb(-decimals)}
    if whole and draw(st.booleans()):
        said["step"] = Decimal(1000)
    if is_fraction:
        value, said = draw(st.sampled_from(["1:2", "2:3", "1:7", "5:6"])), {"low": None, "high": None, "step": None}
    return {
        **({"low": None, "high": None, "step": None} if is_unread else said),
        "value": value,
        "relator": relator,
        "precision": precision,
        "kind": kind,
        "whole": whole,
        "is_fraction": is_fraction,
        "by_curator": is_unread and not is_fraction,
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(stated(), min_size=1, max_size=20))
def test_bounds_that_the_build_gives_numbers_follow_from_them(whole: Contents, rows: list[dict[str, object]]) -> None:
    assert bounds_follow(observed(whole, rows)) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(stated(), min_size=1, max_size=20))
def test_bounds_that_were_moved_do_not_follow(whole: Contents, rows: list[dict[str, object]]) -> None:
    contents = observed(whole, rows)
    bounded = contents.tables["observations"].filter(pl.col("bound_basis") != "curator").filter(~unbounded())
    moved = bounded.with_columns((pl.col("lower_bound", "upper_bound") + amount("0.00001")).cast(AMOUNT))
    contents.tables["observations"] = moved
    told = {failure.message.partition(":")[0] for failure in bounds_follow(contents)} - {"and 2 more like these"}
    assert len(told) == min(bounded.height, 20)


def unbounded() -> pl.Expr:
    return pl.all_horizontal(pl.col("lower_bound", "upper_bound").is_null())


def observed(whole: Contents, rows: list[dict[str, object]]) -> Contents:
    """What a release would hold of such numbers, without their texts."""
    shape: dict[str, Any] = dict.fromkeys(("value", "relator", "precision", "kind"), pl.String) | {"whole": pl.Boolean}
    more: dict[str, Any] = {"step": AMOUNT, "is_fraction": pl.Boolean, "by_curator": pl.Boolean, "low": AMOUNT, "high": AMOUNT}
    typed = pl.DataFrame(rows, schema=shape | more).with_row_index().with_columns(id=pl.format("s/i{}", "index"))
    observations = pl.concat(
        [
            bounds(typed),
            typed.select(
                "relator",
                "whole",
                "step",
                precision=pl.coalesce(
                    pl.col("precision").cast(AMOUNT), pl.when((pl.col("step") > 1) | ~pl.col("whole")).then("step")
                ),
                indicator="id",
                fact_id="id",
                unit=pl.lit("u"),
                per=pl.lit(None, pl.String),
                original_value=pl.lit("as printed"),
                source_id=pl.lit("s"),
                quote_start=pl.lit(0),
                quote_end=pl.lit(9),
            ),
        ],
        how="horizontal",
    ).drop("whole", "step")
    nothing = {name: pl.lit(None, pl.String) for name in ("words", "relators", "unit", "per")}
    said = typed.select(
        "low",
        "high",
        "step",
        source_id=pl.lit("s"),
        fact_id="id",
        role=pl.lit("value"),
        start_offset=pl.lit(0),
        end_offset=pl.lit(9),
        kind=pl.lit("quantity"),
        **nothing,
    )
    indicators = typed.select("kind", "whole", code="id", unit=pl.lit("u"), per=pl.lit(None, pl.String))
    return replace(whole, tables=Tables(observations=observations, mentions=said, indicators=indicators))


def test_a_row_left_out_of_the_findings_is_missed(copy: Path) -> None:
    forge(copy, findings=pl.read_parquet(copy / "tables" / "findings.parquet").clear())
    (failure,) = verify(copy).failures
    assert (failure.file, failure.code) == ("tables/findings.parquet", "finding_differs")


def test_a_changed_text_is_found_though_it_was_hashed_anew(copy: Path) -> None:
    path = copy / "sources" / f"{SOURCE}.txt"
    path.write_bytes(path.read_bytes().replace(b"35,000", b"36,000"))
    hash_anew(copy)
    assert {"text_differs", "span_is_not_the_quote", "mention_differs"} <= codes(verify(copy).failures)


def test_many_failures_of_a_kind_are_told_of_some_and_counted(copy: Path) -> None:
    forge(copy, mentions=pl.read_parquet(copy / "tables" / "mentions.parquet").with_columns(words=pl.lit("other")))
    failures = [failure for failure in verify(copy).failures if failure.code == "mention_differs"]
    assert len(failures) == 21
    assert failures[-1].message == "and 16 more like these"
