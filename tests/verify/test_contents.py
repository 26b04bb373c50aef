"""What was changed in a table or a text is found, whatever else was made to fit it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.intervals.bounds import bounds
from pipeline.release.verification.retyped import as_typed
from pipeline.release.verify import verify
from schemas.columns import AMOUNT, COEFFICIENT, RELATORS, RESULT
from schemas.kinds import FRACTIONAL, INDICATOR_KINDS
from tests.conftest import SOURCE
from tests.verify.spoil import codes, forge, hash_anew

ORGANISATIONS = pl.col("fact_id") == f"{SOURCE}/organisations"


class TestTwins:
    def test_a_cell_that_a_spreadsheet_changed_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "observations.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(",18000.000000,", ",18001.000000,"), encoding="utf-8")
        told = {failure.code: failure.message for failure in verify(copy).failures if failure.file.endswith(".csv")}
        assert set(told) == {"wrong_hash", "rows_differ"}
        expected = f"{SOURCE}/ngos: value is 18001.000000; in the release made again from its rows it is 18000.000000"
        assert told["rows_differ"] == expected

    def test_parquet_that_was_changed_alone_differs_from_its_csv_and_from_its_description(self, copy: Path) -> None:
        path = copy / "tables" / "areas.parquet"
        rows = pl.read_parquet(path)
        rows.with_columns(label=pl.col("label") + " ").write_parquet(path)
        hash_anew(copy)
        failures = {(failure.file, failure.code) for failure in verify(copy).failures}
        assert {("tables/areas.csv", "rows_differ"), ("datapackage.json", "file_differs")} <= failures

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
            "the row is not there; in the release made again from its rows it is",
            "the row is there; in the release made again from its rows it is not",
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
        "quote_not_found",
    ),
    "a bound": ("observations", [only("lower_bound", amount("30000"))], "rows_differ"),
    "a bound, as the rules see it": ("observations", [only("lower_bound", amount("30000"))], "rows_differ"),
    "a relator": ("observations", [only("relator", pl.lit("ge"))], "hedge_disagrees"),
    "a unit": ("observations", [only("unit", pl.lit("percent"))], "rows_differ"),
    "an area": ("observations", [only("area", pl.lit("KZ-ALM"))], "idle_rule"),
    "a place": ("statements", [pl.col("quote_start") + 1, pl.col("quote_end") + 1], "rows_differ"),
    "a place beyond the text": (
        "events",
        [pl.col("quote_start") + 10**6, pl.col("quote_end") + 10**6],
        "rows_differ",
    ),
    "words before": ("events", [pl.lit("Nobody has ever said that").alias("quote_prefix")], "rows_differ"),
    "a period": ("events", [only("period", pl.lit("1990"), pl.col("period") == "1991")], "date_disagrees"),
    "a period that has no end": (
        "events",
        [only("period", pl.lit("Y1E99999999"), pl.col("period") == "1991")],
        "not_edtf",
    ),
    "another spelling of a period": (
        "events",
        [only("period", pl.lit("1991/1991"), pl.col("period") == "1991")],
        "rows_differ",
    ),
    "a number that was read": ("mentions", [only("low", amount("7"), pl.col("words") == "Twenty")], "rows_differ"),
    "a hedge that was read": (
        "mentions",
        [only("relators", pl.lit("ge"), pl.col("words").str.contains("35,000"))],
        "rows_differ",
    ),
    "the fact of a number": (
        "mentions",
        [only("fact_id", pl.lit(f"{SOURCE}/independence"), pl.col("fact_id") == f"{SOURCE}/organisations")],
        "rows_differ",
    ),
    "the fact of another number": (
        "mentions",
        [only("fact_id", pl.lit(f"{SOURCE}/organisations"), pl.col("fact_id") == f"{SOURCE}/ngos")],
        "rows_differ",
    ),
    "what it is for each of": ("observations", [only("per", pl.lit("month"), pl.lit(value=True))], "rows_differ"),
    "a precision": ("observations", [only("precision", amount("5"), pl.col("unit") == "percent")], "no_multiple"),
    "a basis": ("observations", [only("bound_basis", pl.lit("rounding"))], "rows_differ"),
    "decimals": ("observations", [only("decimals", pl.col("decimals") + 1, pl.col("unit") == "percent")], "value_not_in_quote"),
    "a base": ("indicators", [only("base", pl.lit("organisations/nothing"), pl.col("base").is_not_null())], "unknown_code"),
    "an outcome": (
        "check_results",
        [pl.lit("satisfied").alias("outcome"), pl.lit(None, pl.String).alias("reason")],
        "rows_differ",
    ),
    "an imbalance": ("check_results", [pl.col("imbalance_lower") - 1], "rows_differ"),
    "a joint outcome of a rule that holds": (
        "check_results",
        [
            only(name, pl.lit(word), pl.col("outcome") == "satisfied")
            for name, word in (("scope", "joint"), ("outcome", "violated"))
        ],
        "rows_differ",
    ),
    "a search cut off where a rule holds": (
        "check_results",
        [only("reason", pl.lit("solver_limit"), pl.col("outcome") == "satisfied")],
        "rows_differ",
    ),
    "a coefficient": ("rule_terms", [pl.lit(Decimal(7), COEFFICIENT).alias("coefficient_upper")], "rows_differ"),
    "a rule": ("rules", [pl.col("definition").str.replace("ngos", "organisations_growth")], "unknown_code"),
    "a rule that is none": ("rules", [pl.lit("{").alias("definition")], "wrong_rule"),
    "a severity": ("rules", [pl.lit("information").alias("severity")], "stale_finding"),
    "a finding": ("findings", [pl.col("lower") - 1], "changed_finding"),
    "a reason": ("findings", [pl.lit(None, pl.String).alias("reason")], "empty_cell"),
    "an implied bound": ("implied_bounds", [pl.lit(None, RESULT).alias("lower")], "rows_differ"),
    "a reference": ("events", [only("who", pl.lit("nobody"), pl.lit(value=True))], "unknown_code"),
    "a fact that is not there": ("readings", [pl.lit(f"{SOURCE}/nothing").alias("fact_id")], "unknown_fact"),
    "a range": ("observations", [pl.col("decimals") - 1], "value_not_in_quote"),
    "a key": ("areas", [pl.lit("KZ").alias("code")], "duplicate"),
    "a type": ("areas", [pl.col("valid_from").cast(pl.String)], "wrong_column"),
    "the text's hash": ("sources", [pl.lit("0" * 64).alias("sha256")], "text_changed"),
    "the text's length": ("sources", [pl.col("characters") + 1], "rows_differ"),
    "the right to the text": ("sources", [pl.lit(value=False).alias("republish_text")], "extra_file"),
}


@pytest.mark.parametrize("what", FORGED)
def test_who_forges_is_found_though_every_hash_and_both_forms_are_made_anew(what: str, copy: Path) -> None:
    name, changed, code = FORGED[what]
    rows = pl.read_parquet(copy / "tables" / f"{name}.parquet")
    forge(copy, **{name: rows.with_columns(changed)})
    failures = verify(copy).failures
    assert code in codes(failures), failures
    assert code != "rows_differ" or f"tables/{name}.parquet" in {failure.file for failure in failures}
    assert not {"wrong_hash", "unreadable_file", "uncheckable"} & codes(failures), failures


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
    precision = draw(st.sampled_from([None, "0.1", "0.5", "1", "7", "10", "1000"])) if relator in {"eq", "approx"} else None
    is_unread = relator != "between" and draw(st.booleans())
    is_fraction = kind in FRACTIONAL and relator != "between" and draw(st.booleans())
    value = f"{low}/{high}" if relator == "between" else low
    said: dict[str, object] = {"low": low, "high": high, "step": Decimal(1).scaleb(-decimals)}
    if whole and draw(st.booleans()):
        said["step"] = Decimal(1000)
    if is_fraction:
        value, said = draw(st.sampled_from(["1:2", "2:3", "1:7", "5:6"])), {"low": "7", "high": "7", "step": None}
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


@settings(max_examples=50, deadline=None)
@given(st.lists(stated(), min_size=1, max_size=20))
def test_what_was_typed_of_a_number_is_found_again_from_what_is_published_of_it(rows: list[dict[str, object]]) -> None:
    shape: dict[str, Any] = dict.fromkeys(("value", "relator", "precision", "kind"), pl.String) | {"whole": pl.Boolean}
    more: dict[str, Any] = {"step": AMOUNT, "is_fraction": pl.Boolean, "by_curator": pl.Boolean}
    digits = dict.fromkeys(("low", "high"), pl.String)
    typed = pl.DataFrame(rows, schema=shape | more | digits)
    printed = pl.when((pl.col("step") > 1) | ~pl.col("whole")).then("step")
    precision = pl.coalesce(pl.col("precision").cast(AMOUNT), printed)
    published = typed.with_columns(bounds(typed), precision=precision, is_read=True)
    again = as_typed(published).select(typed.columns).cast({"precision": pl.String})
    assert_frame_equal(bounds(again), bounds(typed))


def test_a_row_left_out_of_the_findings_is_missed(copy: Path) -> None:
    forge(copy, findings=pl.read_parquet(copy / "tables" / "findings.parquet").clear())
    (failure,) = verify(copy).failures
    assert (failure.file, failure.code) == ("findings.csv", "new_finding")


def test_a_changed_text_is_found_though_it_was_hashed_anew(copy: Path) -> None:
    path = copy / "sources" / f"{SOURCE}.txt"
    path.write_bytes(path.read_bytes().replace(b"35,000", b"36,000"))
    hash_anew(copy)
    assert {"text_changed", "quote_not_found", "mention_without_role"} <= codes(verify(copy).failures)


def test_many_failures_of_a_kind_are_told_of_some_and_counted(copy: Path) -> None:
    forge(copy, mentions=pl.read_parquet(copy / "tables" / "mentions.parquet").with_columns(unit=pl.lit("other")))
    failures = [failure for failure in verify(copy).failures if failure.file == "tables/mentions.parquet"]
    assert len(failures) == 21
    assert failures[-1].message == "and 16 more like these"
