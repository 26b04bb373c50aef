"""Quotes that are whole, and cells that are typed in the words of the source."""

import re
from functools import lru_cache, partial
from typing import Literal

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.spans import FARTHEST, begun
from pipeline.evidence.texts import PLACE, Texts
from pipeline.evidence.tokens import REMEMBERED


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
    ends = {"text": (pl.lit(0), pl.lit(FARTHEST))}
    start, end = ends.get(place, (pl.col(f"{place}_start"), pl.col(f"{place}_end")))
    typed = texts.with_paragraph(rows.drop_nulls(column).select(*PLACE, column))
    sought = texts.with_text(typed).select("text", start=start, end=end, words=column)
    there = [_there_instead(*one) for one in sought.iter_rows()]
    failing = typed.with_columns(there=pl.Series(there, dtype=pl.String)).drop_nulls("there")
    words = f"words as they stand in the {place}"
    expected = pl.format(f"{words}: {{}}", "there") if place == "quote" else f"nothing, or {words}"
    return where(
        failing, pl.lit(value=True), column=column, code="not_as_printed", expected=expected
    )


@lru_cache(REMEMBERED)
def _there_instead(text: str, start: int, end: int, words: str) -> str | None:
    """Return what stands between two places of a text where some words do not, as whole words."""
    there = re.sub(r"\s+", " ", text[start:end])
    place = there.find(words)
    around = there[place - 1 : place] + there[place + len(words) :][:1]
    # a pattern takes longer to build than to use, and most words are whole where they first stand
    is_there = (place >= 0 and not re.search(r"\w", around)) or re.search(
        rf"(?<!\w){re.escape(words)}(?!\w)", there
    )
    return None if words and is_there else there


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
    rows = texts.with_text(rows)
    spoken, last = (begun(rows, of, at="last") for of in (texts.speech, texts.sentences))
    first = begun(rows, texts.sentences, at="quote_start")
    words, is_marked = pl.col("text").str, spoken["end"] > rows["quote_start"]
    return rows.with_columns(
        in_full=words.slice(first["start"], last["end"] - first["start"]),
        in_marks=pl.when(is_marked).then(
            words.slice(spoken["start"], spoken["end"] - spoken["start"])
        ),
    )
