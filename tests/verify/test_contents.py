"""What was changed in a table or a text is found, whatever else was made to fit it."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intervals.bounds import bounds
from pipeline.release.verification.evidence import bounds_follow
from pipeline.release.verify import verify
from schemas.columns import AMOUNT, COEFFICIENT, RELATORS, RESULT
from tests.conftest import SOURCE
from tests.verify.spoil import codes, forge, hash_anew

ORGANISATIONS = pl.col("fact_id") == f"{SOURCE}/organisations"


class TestTwins:
    def test_a_cell_that_a_spreadsheet_changed_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "observations.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(",18000.000000,", ",18001.000000,"), encoding="utf-8")
        told = {failure.code: failure.message for failure in verify(copy).failures if failure.file.endswith(".csv")}
        assert set(told) == {"wrong_hash", "rows_differ"}
        expected = f"{SOURCE}/ngos: value is '18001.000000'; by tables/observations.parquet it is '18000.000000'"
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
        "span_beyond_text",
    ),
    "words before": ("events", [pl.lit("Nobody has ever said that").alias("quote_prefix")], "span_is_not_the_quote"),
    "a period": ("events", [only("period", pl.lit("1990"), pl.col("period") == "1991")], "period_differs"),
    "a numeral": ("numerals", [only("value", amount("7"), pl.col("words") == "Twenty")], "numeral_differs"),
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
    "the text's hash": ("sources", [pl.lit("0" * 64).alias("sha256")], "text_changed"),
    "the text's length": ("sources", [pl.col("characters") + 1], "text_changed"),
    "the right to the text": ("sources", [pl.lit(value=False).alias("republish_text")], "unlicensed_text"),
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
    """A number as a person may type it, with its indicator's kind."""
    kind = draw(st.sampled_from(["stock", "flow", "share", "multi_share", "duration", "ordinal"]))
    whole = draw(st.booleans()) and kind not in {"share", "multi_share"}
    decimals = 0 if whole else draw(st.integers(0, 5))
    numbers = st.integers(1, 100 * 10**decimals).map(lambda digits: f"{Decimal(digits).scaleb(-decimals):f}")
    relator = draw(st.sampled_from(RELATORS))
    value = "/".join(sorted((draw(numbers), draw(numbers)), key=Decimal)) if relator == "between" else draw(numbers)
    rounded = draw(st.booleans()) and relator in {"eq", "approx"}
    precision = draw(st.sampled_from(["0.1", "0.5", "1", "10", "1000"])) if rounded else None
    return {"value": value, "relator": relator, "precision": precision, "kind": kind, "whole": whole}


@settings(max_examples=20, deadline=None)
@given(st.lists(stated(), min_size=1, max_size=20))
def test_bounds_that_the_build_gives_numbers_follow_from_them(rows: list[dict[str, object]]) -> None:
    assert bounds_follow(observed(rows)) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(stated(), min_size=1, max_size=20))
def test_bounds_that_were_moved_do_not_follow(rows: list[dict[str, object]]) -> None:
    tables = observed(rows)
    bounded = tables["observations"].filter(~pl.all_horizontal(pl.col("lower_bound", "upper_bound").is_null()))
    tables["observations"] = bounded.with_columns((pl.col("lower_bound", "upper_bound") + amount("0.000001")).cast(AMOUNT))
    assert len(bounds_follow(tables)) == bounded.height


def observed(rows: list[dict[str, object]]) -> dict[str, pl.DataFrame]:
    shape = {"value": pl.String, "relator": pl.String, "precision": pl.String, "kind": pl.String, "whole": pl.Boolean}
    typed = pl.DataFrame(rows, schema=shape).with_row_index().with_columns(indicator=pl.format("i{}", "index"))
    named = typed.select("relator", "indicator", fact_id="indicator", unit=pl.lit("u"), original_value=pl.lit("as printed"))
    return {
        "observations": pl.concat([bounds(typed), named], how="horizontal"),
        "indicators": typed.select("kind", "whole", code="indicator", unit=pl.lit("u")),
    }


def test_a_row_left_out_of_the_findings_is_missed(copy: Path) -> None:
    forge(copy, findings=pl.read_parquet(copy / "tables" / "findings.parquet").clear())
    (failure,) = verify(copy).failures
    assert (failure.file, failure.code) == ("tables/findings.parquet", "finding_differs")


def test_a_changed_text_is_found_though_it_was_hashed_anew(copy: Path) -> None:
    path = copy / "sources" / f"{SOURCE}.txt"
    path.write_bytes(path.read_bytes().replace(b"35,000", b"36,000"))
    hash_anew(copy)
    assert {"text_changed", "span_is_not_the_quote", "numeral_differs"} <= codes(verify(copy).failures)


def test_many_failures_of_a_kind_are_told_of_some_and_counted(copy: Path) -> None:
    forge(copy, numerals=pl.read_parquet(copy / "tables" / "numerals.parquet").with_columns(words=pl.lit("other")))
    failures = [failure for failure in verify(copy).failures if failure.code == "numeral_differs"]
    assert len(failures) == 21
    assert failures[-1].message == "and 17 more like these"
