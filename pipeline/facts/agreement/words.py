"""Quotes that are whole, and cells that are typed in the words of the source."""

from typing import Literal

import polars as pl

from pipeline.defects import Defect, where
from pipeline.facts.texts import Texts, sentences


def quotes_are_whole_words(rows: pl.DataFrame) -> list[Defect]:
    """A quote begins and ends where a word does: one that does not was cut or dragged too far."""
    begins_inside = pl.col("quote_prefix").str.contains(r"\w$") & pl.col("quote").str.contains(r"^\w")
    ends_inside = pl.col("quote_suffix").str.contains(r"^\w") & pl.col("quote").str.contains(r"\w$")
    words = pl.format("whole words; around it stands {}", pl.concat_str("quote_prefix", "quote", "quote_suffix"))
    return where(rows, begins_inside | ends_inside, column="quote", code="quote_cuts_a_word", expected=words)


def printed_as_typed(rows: pl.DataFrame, texts: Texts, column: str, place: Literal["quote", "paragraph", "text"]) -> list[Defect]:
    """What is typed in the source's words stands so in the quote, in its paragraph, or anywhere in the text."""
    typed = rows.filter(pl.col(column).is_not_null())
    placed = texts.with_paragraph(typed).join(texts.table.select("source_id", "text"), on="source_id", maintain_order="left")
    there = pl.col("text")
    if place != "text":
        there = there.str.slice(pl.col(f"{place}_start"), pl.col(f"{place}_end") - pl.col(f"{place}_start"))
    as_words = pl.format(r"(?:^|\W){}(?:\W|$)", pl.col(column).str.escape_regex())
    stands = there.str.replace_all(r"\s+", " ").str.contains(as_words)
    expected = pl.format(f"words as they stand in the {place}{{}}", pl.format(": {}", there) if place == "quote" else pl.lit(""))
    return where(placed, ~stands, column=column, code="not_as_printed", expected=expected)


def statements_are_whole(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """A direct statement is what stands in quotation marks, marks included; any other is one or more whole sentences.

    A statement has nothing but its words, so that only this keeps them from being cut or from drifting.
    """
    begins, ends = set(), set()
    for source_id, text in texts.table.select("source_id", "text").iter_rows():
        for start, end in sentences(text):
            begins.add((source_id, start))
            ends.add((source_id, end))
    shape = {"source_id": pl.String, "at": pl.Int64}
    starts, stops = (pl.DataFrame(sorted(places), schema=shape, orient="row") for places in (begins, ends))
    marked = rows.join(
        starts.with_columns(begins=True), left_on=["source_id", "quote_start"], right_on=["source_id", "at"], how="left"
    )
    marked = marked.join(
        stops.with_columns(ends=True), left_on=["source_id", "quote_end"], right_on=["source_id", "at"], how="left"
    )
    speech = texts.speech.rename({"start": "quote_start", "end": "quote_end"}).with_columns(spoken=True)
    marked = marked.join(speech, on=["source_id", "quote_start", "quote_end"], how="left").sort("row")
    is_direct = pl.col("speech") == "direct"
    is_whole = pl.col("begins").is_not_null() & pl.col("ends").is_not_null()
    whole = "one or more whole sentences, with their full stop"
    return [
        *where(
            marked,
            is_direct & pl.col("spoken").is_null(),
            column="quote",
            code="speech_not_whole",
            expected="all that stands in the quotation marks, with the marks",
        ),
        *where(marked, ~is_direct & ~is_whole, column="quote", code="sentence_not_whole", expected=whole),
    ]
