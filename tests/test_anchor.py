"""A quote is found in its text, whatever the typing of space, dash and quotation mark."""

import polars as pl
import pytest

from pipeline.defects import Defect
from pipeline.evidence.anchor import anchor, misplaced
from pipeline.evidence.texts import Texts

TEXT = (
    "x — 😀 “Hello\r\n  wor\u00adld”  twice twice\n caf\u00e9 35\u00a0000 "
    "\u05e9\u05dc\u05d5\u05dd end"
)


def place(
    quote: str, occurrence: str | None = None, text: str = TEXT
) -> tuple[pl.DataFrame, list[Defect]]:
    texts = pl.DataFrame({"source_id": ["a"], "text": [text]})
    facts = pl.DataFrame(
        {
            "source_id": ["a"],
            "quote": [quote],
            "occurrence": [occurrence],
            "raw_file": ["f"],
            "raw_line": [2],
        },
        schema_overrides={"occurrence": pl.String},
    )
    return anchor(facts, Texts(texts, {}))


@pytest.mark.parametrize(
    ("quote", "slice_"),
    [
        ("Hello world", "Hello\r\n  wor\u00adld"),
        ('"Hello world"', "“Hello\r\n  wor\u00adld”"),
        ("x - 😀", "x — 😀"),
        ("cafe\u0301", "caf\u00e9"),
        ("35 000", "35\u00a0000"),
        ("\u05e9\u05dc\u05d5\u05dd end", "\u05e9\u05dc\u05d5\u05dd end"),
    ],
)
def test_the_published_quote_is_the_texts_own(quote: str, slice_: str) -> None:
    found, defects = place(quote)
    assert defects == []
    row = found.row(0, named=True)
    assert row["quote"] == slice_ == TEXT[row["quote_start"] : row["quote_end"]]
    assert TEXT[: row["quote_start"]].endswith(row["quote_prefix"])
    assert TEXT[row["quote_end"] :].startswith(row["quote_suffix"])


def test_an_occurrence_says_which_of_equal_passages_is_meant() -> None:
    first, second = (
        place("twice", occurrence)[0].row(0, named=True)["quote_start"] for occurrence in ("1", "2")
    )
    assert TEXT[second:].startswith("twice\n")
    assert first == TEXT.index("twice")


def test_equal_passages_without_an_occurrence_are_a_defect() -> None:
    found, (defect,) = place("twice")
    assert found.is_empty()
    assert defect.code == "quote_ambiguous"


def test_passages_that_overlap_are_counted() -> None:
    _, (defect,) = place("aa", text="baaab")
    assert "2 times" in defect.message


def test_a_quote_that_is_not_there_is_shown_the_nearest_passage() -> None:
    _, (defect,) = place("Helo world")
    assert defect.code == "quote_not_found"
    assert "wor" in defect.message


def test_a_span_that_is_not_its_quote_is_a_defect() -> None:
    texts = Texts(pl.DataFrame({"source_id": ["a"], "text": [TEXT]}), {})
    sound, _ = place("Hello world")
    assert misplaced(sound, texts) == []
    (defect,) = misplaced(sound.with_columns(quote_start=pl.col("quote_start") - 1), texts)
    assert defect.code == "span_is_not_the_quote"


def test_many_quotes_of_many_texts_are_placed_each_in_its_own() -> None:
    texts = pl.DataFrame(
        {
            "source_id": [f"s{n}" for n in range(50)],
            "text": [f"{'é' * n} the  value {n}." for n in range(50)],
        }
    )
    facts = texts.select(
        "source_id",
        quote=pl.format("value {}.", pl.int_range(pl.len())),
        occurrence=pl.lit(None, pl.String),
        raw_file=pl.lit("f"),
        raw_line=pl.lit(2),
    )
    found, defects = anchor(facts, Texts(texts, {}))
    assert defects == []
    assert found["quote_start"].to_list() == [n + 6 for n in range(50)]
    assert found["quote"].to_list() == [f"value {n}." for n in range(50)]
