"""What was changed in a table or a text is found, whatever else was made to fit it."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.release.opened import RAW
from pipeline.release.verify import verify
from schemas.columns import AMOUNT, COEFFICIENT, RESULT
from schemas.tables import file_of
from tests.conftest import SOURCE
from tests.verify.spoil import codes, forge, hash_anew, pack_anew, packed

ORGANISATIONS = pl.col("fact_id") == f"{SOURCE}/organisations"


class TestTwins:
    def test_a_cell_that_a_spreadsheet_changed_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "observations.csv"
        path.write_text(
            path.read_text(encoding="utf-8").replace(",18000.000000,", ",18001.000000,"),
            encoding="utf-8",
        )
        told = {
            failure.code: failure.message
            for failure in verify(copy).failures
            if failure.file.endswith(".csv")
        }
        assert set(told) == {"wrong_hash", "rows_differ"}
        expected = (
            f"{SOURCE}/ngos: value is 18001.000000; in the release made again from its "
            "raw.zip it is 18000.000000"
        )
        assert told["rows_differ"] == expected

    def test_parquet_that_was_changed_alone_is_found(self, copy: Path) -> None:
        path = copy / "tables" / "areas.parquet"
        rows = pl.read_parquet(path)
        rows.with_columns(label=pl.col("label") + " ").write_parquet(path)
        hash_anew(copy)
        failures = {(failure.file, failure.code) for failure in verify(copy).failures}
        assert failures == {("tables/areas.parquet", "rows_differ")}

    def test_facts_csv_that_was_changed_differs_from_the_tables(self, copy: Path) -> None:
        path = copy / "facts.csv"
        path.write_text(
            path.read_text(encoding="utf-8").replace('"more than 35,000"', '"exactly 35,000"'),
            encoding="utf-8",
        )
        hash_anew(copy)
        assert ("facts.csv", "rows_differ") in {
            (failure.file, failure.code) for failure in verify(copy).failures
        }

    def test_a_row_more_or_less_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "agents.csv"
        header, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(
            "".join([header, *rest, first.replace(first.split(",")[0], "nobody", 1)]),
            encoding="utf-8",
        )
        hash_anew(copy)
        told = [
            failure.message
            for failure in verify(copy).failures
            if failure.file == "tables/agents.csv"
        ]
        assert [message.partition(": ")[2] for message in told] == [
            "the row is not there; in the release made again from its raw.zip it is",
            "the row is there; in the release made again from its raw.zip it is not",
        ]


def amount(number: str) -> pl.Expr:
    return pl.lit(Decimal(number), AMOUNT)


def only(column: str, value: pl.Expr, where: pl.Expr = ORGANISATIONS) -> pl.Expr:
    return pl.when(where).then(value).otherwise(column).alias(column)


FORGED: dict[str, tuple[str, list[pl.Expr]]] = {
    "a value, what is printed, its bound and its quote": (
        "observations",
        [
            only("value", amount("36000")),
            only("original_value", pl.lit("36,000")),
            only("lower", amount("36001")),
            only("quote", pl.col("quote").str.replace("35,000", "36,000", literal=True)),
        ],
    ),
    "a bound": ("observations", [only("lower", amount("30000"))]),
    "a relator": ("observations", [only("relator", pl.lit("ge"))]),
    "an area": ("observations", [only("area", pl.lit("KZ-ALM"))]),
    "a basis": ("observations", [only("bound_basis", pl.lit("rounding"))]),
    "who speaks": ("statements", [pl.lit("icnl").alias("who")]),
    "a place beyond the text": (
        "events",
        [pl.col("quote_start") + 10**6, pl.col("quote_end") + 10**6],
    ),
    "words before": ("events", [pl.lit("Nobody has ever said that").alias("quote_prefix")]),
    "a period that has no end": (
        "events",
        [only("period", pl.lit("Y1E99999999"), pl.col("period") == "1991")],
    ),
    "the fact of a number": (
        "mentions",
        [
            only(
                "fact_id",
                pl.lit(f"{SOURCE}/independence"),
                pl.col("fact_id") == f"{SOURCE}/organisations",
            )
        ],
    ),
    "a label": ("indicators", [pl.col("label") + " "]),
    "a key": ("areas", [pl.lit("KZ").alias("code")]),
    "a reading": ("readings", [pl.lit(f"{SOURCE}/nothing").alias("fact_id")]),
    "the text's hash": ("sources", [pl.lit("0" * 64).alias("sha256")]),
    "the right to the text": ("sources", [pl.lit(value=False).alias("republish_text")]),
    "a rule that is none": ("rules", [pl.lit("{").alias("definition")]),
    "a coefficient": ("rule_terms", [pl.lit(Decimal(7), COEFFICIENT).alias("coefficient_upper")]),
    "a joint outcome of a rule that holds": (
        "check_results",
        [
            only(name, pl.lit(word), pl.col("outcome") == "satisfied")
            for name, word in (("scope", "joint"), ("outcome", "violated"))
        ],
    ),
    "what a reading decides": (
        "check_results",
        [pl.lit("some reading").alias("depends_on_reading")],
    ),
    "a finding": ("findings", [pl.col("lower") - 1]),
    "an implied bound": ("implied_bounds", [pl.lit(None, RESULT).alias("lower")]),
}


@pytest.mark.parametrize("what", FORGED)
def test_who_forges_is_found_though_every_hash_and_both_forms_are_made_anew(
    what: str, copy: Path
) -> None:
    name, changed = FORGED[what]
    rows = pl.read_parquet(copy / file_of(name, "parquet"))
    forge(copy, **{name: rows.with_columns(changed)})
    failures = verify(copy).failures
    assert {file_of(name, form) for form in ("parquet", "csv")} <= {
        failure.file for failure in failures if failure.code == "rows_differ"
    }
    assert not {"wrong_hash", "unreadable_file", "uncheckable"} & codes(failures), failures


def test_a_column_of_another_type_is_found(copy: Path) -> None:
    areas = pl.read_parquet(copy / "tables" / "areas.parquet")
    forge(copy, areas=areas.with_columns(pl.col("valid_from").cast(pl.String)))
    assert "wrong_column" in codes(verify(copy).failures)


PACKED: dict[str, tuple[str, tuple[str, str], str]] = {
    "a value": ("observations.csv", (",35000,gt,", ",36000,gt,"), "value_not_in_quote"),
    "a relator": ("observations.csv", (",35000,gt,", ",35000,ge,"), "hedge_disagrees"),
    "an area": (
        "observations.csv",
        ("organisations,organisations,KZ,", "organisations,organisations,KZ-ALM,"),
        "not_named",
    ),
    "who speaks": (
        "statements.csv",
        ("direct,2011-10,natalia_bourjaily", "direct,2011-10,icnl"),
        "not_named",
    ),
    "a word of the text": ("text.txt", ("35,000", "36,000"), "text_changed"),
    "a severity": ("rules.toml", ('severity = "error"', 'severity = "eror"'), "wrong_value"),
    "a finding": ("findings.csv", (",122,", ",121,"), "changed_finding"),
}


@pytest.mark.parametrize("what", PACKED)
def test_what_was_typed_is_held_against_the_words_again(what: str, copy: Path) -> None:
    end, (old, new), code = PACKED[what]
    text = packed(copy, end)
    assert old in text
    pack_anew(copy, **{end: text.replace(old, new, 1).encode()})
    failures = [failure for failure in verify(copy).failures if failure.file == RAW]
    assert code in codes(failures), failures


@pytest.mark.parametrize(
    ("end", "content", "code"),
    [
        ("releases.csv", None, "missing_file"),
        ("text.txt", None, "missing_file"),
        ("note.txt", b"A note", "extra_file"),
        ("../out.csv", b"code\n", "unreadable_file"),
        ("events.csv", b"\xff\xfe", "not_utf8"),
    ],
)
def test_a_raw_that_is_none_is_a_failure(
    end: str, content: bytes | None, code: str, copy: Path
) -> None:
    pack_anew(copy, **{end: content})
    (failure,) = [failure for failure in verify(copy).failures if failure.file == RAW]
    assert failure.code == code
    assert not (copy.parent / "out.csv").exists()


def test_a_reason_that_was_changed_in_the_raw_alone_is_not_that_of_the_tables(copy: Path) -> None:
    text = packed(copy, "findings.csv").replace("The article counts", "This article counts")
    pack_anew(copy, **{"findings.csv": text.encode()})
    assert {"tables/findings.parquet", "tables/findings.csv"} <= {
        failure.file for failure in verify(copy).failures
    }


def test_a_changed_text_is_found_though_it_was_hashed_anew(copy: Path) -> None:
    path = copy / "sources" / f"{SOURCE}.txt"
    path.write_bytes(path.read_bytes().replace(b"35,000", b"36,000"))
    hash_anew(copy)
    assert codes(verify(copy).failures) == {"file_differs"}


def test_many_failures_of_a_kind_are_told_of_some_and_counted(copy: Path) -> None:
    forge(
        copy,
        mentions=pl.read_parquet(copy / "tables" / "mentions.parquet").with_columns(
            unit=pl.lit("other")
        ),
    )
    failures = [
        failure for failure in verify(copy).failures if failure.file == "tables/mentions.parquet"
    ]
    assert len(failures) == 21
    assert failures[-1].message == "and 16 more like these"
