"""Dates that begin a sentence and hold for what it goes on to count: in “In 2019, the union had 500
members” it is the 500 of 2019.

Belongs here: which date governs words that come after it. Does not belong here: what is made of it,
in a row to paste (uncovered) or of a typed one (agreement.dates).
"""

import re

import polars as pl

from pipeline.evidence.language import Language, language
from pipeline.evidence.spans import begun
from pipeline.evidence.texts import Texts

_OPENING = " \t“”„\"«'‘("

_APART = re.compile(r"[;:()\r\n–—]|\s-\s")
"""What ends the words that a date governs, and what stands after a dateline."""

_YEAR = r"(?:^|\P{L})\p{L}{1,2}\.?$"
"""The end of a date whose full stop ends no sentence, though a capital follows: 2019 г."""

_DAY = r"^\d{4}-\d{2}-\d{2}$"


def governing_dates(
    rows: pl.DataFrame, texts: Texts, *, start: str = "quote_start", end: str = "quote_end"
) -> pl.DataFrame:
    """Return the date that governs the words of each row: date_start, where its sentence begins,
    date_words and date_period; nulls where none does.

    `rows` have source_id and the columns that `start` and `end` name. A date that begins a sentence
    governs what follows in it, up to another date, a dash, a bracket, a colon or a semicolon, but
    not what is so now.
    """
    found = _with_date(rows.select("source_id", first=start, last=end), texts).with_row_index("row")
    spoken = {
        source_id: (text, language(tag))
        for source_id, text, tag in texts.table.select("source_id", "text", "language").iter_rows()
    }
    near = found.filter(
        (pl.col("date_end") <= pl.col("first")) & (pl.col("last") <= pl.col("sentence_end"))
    )
    places = near.select("date_start", "start", "date_end", "first", "last").iter_rows()
    governs = [
        _governs(*spoken[source_id], place)
        for source_id, place in zip(near["source_id"], places, strict=True)
    ]
    dates = near.filter(pl.Series(governs, dtype=pl.Boolean)).select(
        "row", "date_start", "date_words", "date_period"
    )
    return found.select("row").join(dates, on="row", how="left", maintain_order="left").drop("row")


def _with_date(rows: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return rows (source_id, first) with the last date that begins before them: start, date_end,
    date_words, date_period; and its sentence: date_start, sentence_end.
    """
    dates = texts.mentions.filter(kind="period").select(
        "source_id", "start", date_end="end", date_words="words", date_period="period"
    )
    dated = pl.concat([rows, begun(rows, dates, at="first")], how="horizontal")
    sentences = texts.sentences.select(
        "source_id",
        "start",
        date_start="start",
        sentence_end="end",
        following=pl.col("end").shift(-1).over("source_id", order_by="start"),
    )
    of = begun(dated, sentences, at="start").drop("start")
    # not that of a dateline: 3 марта 2020 г. Союз ...
    is_cut = (
        (pl.col("sentence_end") <= pl.col("date_end") + 1)
        & pl.col("date_words").str.contains(_YEAR)
        & ~pl.col("date_period").str.contains(_DAY)
    )
    return pl.concat([dated, of], how="horizontal").with_columns(
        sentence_end=pl.when(is_cut).then("following").otherwise("sentence_end")
    )


def _governs(text: str, spoken: Language, place: tuple[int, ...]) -> bool:
    """Return whether nothing but a word such as in stands before a date in its sentence, and
    nothing between it and a number that ends what it governs.

    `place` has the beginning of the sentence, both ends of the date, and of the number's words.
    """
    sentence, start, end, first, last = place
    before = " ".join(text[sentence:start].strip(_OPENING).casefold().split())
    return (
        (not before or before in spoken.words("periods", "leading"))
        and not _APART.search(text, end, first)
        and not spoken.said(text[end:last], "now")
    )
