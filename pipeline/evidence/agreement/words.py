"""Quotes that are whole, and cells that are typed in the words of the source."""

from functools import partial
from typing import Literal

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.spans import FARTHEST, begun
from pipeline.evidence.texts import Texts

A_FEW = 200
"""Rows for which the words before and after are held at once: for each they are as long as the
text.
"""

_SOUGHT = ["source_id", "start", "end", "words"]


def quotes_are_whole_words(rows: pl.DataFrame) -> list[Defect]:
    """A quote begins and ends where a word does: one that does not was cut or dragged too far."""
    begins_inside = pl.col("quote_prefix").str.contains(r"\w$") & pl.col("quote").str.contains(
        r"^\w"
    )
    ends_inside = pl.col("quote_suffix").str.contains(r"^\w") & pl.col("quote").str.contains(r"\w$")
    before, after = (
        pl.col("quote_prefix").str.extract(r"(\w*)$"),
        pl.col("quote_suffix").str.extract(r"^(\w*)"),
    )
    words = pl.format("whole words: {}", pl.concat_str(before, "quote", after))
    return where(
        rows, begins_inside | ends_inside, column="quote", code="quote_cuts_a_word", expected=words
    )


def printed_as_typed(
    rows: pl.DataFrame, texts: Texts, column: str, place: Literal["quote", "paragraph", "text"]
) -> list[Defect]:
    """What is typed in the source's words stands so in the quote, in its paragraph, or anywhere in
    the text.
    """
    columns = ("raw_file", "raw_line", "source_id", "quote_start", "quote_end", column)
    typed = texts.with_paragraph(rows.drop_nulls(column).select(columns))
    typed = typed.with_columns(text_start=pl.lit(0, pl.Int64), text_end=pl.lit(FARTHEST, pl.Int64))
    placed = typed.with_columns(words=column, start=f"{place}_start", end=f"{place}_end")
    sought = (
        placed.select(_SOUGHT)
        .unique(maintain_order=True)
        .join(texts.table.select("source_id", "text"), on="source_id")
    )
    missing = pl.concat([_missing(part) for part in (sought.clear(), *sought.iter_slices(A_FEW))])
    failing = placed.join(missing, on=_SOUGHT, maintain_order="left")
    words = f"words as they stand in the {place}"
    expected = pl.format(f"{words}: {{}}", "there") if place == "quote" else f"nothing, or {words}"
    return where(
        failing, pl.lit(value=True), column=column, code="not_as_printed", expected=expected
    )


def _missing(sought: pl.DataFrame) -> pl.DataFrame:
    """Return which words do not stand as whole words between start and end of a text; there is what
    stands there.

    Most do where they are first found. Only the others need a pattern of their own, which takes
    longer to build than to use.
    """
    part = pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    around = sought.with_columns(there=part.str.replace_all(r"\s+", " ")).with_columns(
        pl.col("there")
        .str.splitn(pl.col("words"), 2)
        .struct.rename_fields(["before", "after"])
        .struct.unnest()
    )
    is_whole = ~pl.col("before").str.contains(r"\w$") & ~pl.col("after").str.contains(r"^\w")
    as_words = pl.format(r"(?:^|\W){}(?:\W|$)", pl.col("words").str.escape_regex())
    unsure = around.filter(~is_whole.fill_null(value=False) | (pl.col("words") == ""))
    return unsure.filter(~pl.col("there").str.contains(as_words) | (pl.col("words") == "")).select(
        *_SOUGHT, "there"
    )


def statements_are_whole(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """A direct statement is what stands in quotation marks, marks included; any other is one or
    more whole sentences.

    A statement has nothing but its words, so that only this keeps them from being cut or from
    drifting.
    """
    judged = _with_whole(rows, texts)
    is_direct, is_spoken = (
        pl.col("speech") == "direct",
        (pl.col("in_marks") == pl.col("quote")).fill_null(value=False),
    )
    is_marked, is_cut = (
        pl.col("in_marks").is_not_null(),
        ~is_direct & (pl.col("in_full") != pl.col("quote")),
    )
    in_quote = partial(where, judged, column="quote")
    other = partial(where, judged, column="speech", code="speech_disagrees")
    in_marks = pl.format("all that stands in the quotation marks, with the marks: {}", "in_marks")
    in_full = pl.format("one or more whole sentences, with their full stop: {}", "in_full")
    return [
        *in_quote(is_direct & is_marked & ~is_spoken, code="speech_not_whole", expected=in_marks),
        *other(
            is_direct & ~is_marked,
            expected="narrative or indirect, since no quotation marks are at the words",
        ),
        *in_quote(is_cut & ~is_spoken, code="sentence_not_whole", expected=in_full),
        *other(is_cut & is_spoken, expected="direct, since the words stand in quotation marks"),
    ]


def _with_whole(rows: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return rows with the sentences in which their quote stands (in_full), and what is in
    quotation marks there (in_marks).
    """
    rows = rows.with_columns(last=pl.col("quote_end") - 1)
    rows = rows.join(texts.table.select("source_id", "text"), on="source_id", maintain_order="left")
    spoken, last = (begun(rows, of, at="last") for of in (texts.speech, texts.sentences))
    first = begun(rows, texts.sentences, at="quote_start")
    words, is_marked = pl.col("text").str, spoken["end"] > rows["quote_start"]
    return rows.with_columns(
        in_full=words.slice(first["start"], last["end"] - first["start"]),
        in_marks=pl.when(is_marked).then(
            words.slice(spoken["start"], spoken["end"] - spoken["start"])
        ),
    )
