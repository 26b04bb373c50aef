"""Hedge and relator, unit and indicator, rounding step: what touches the numeral of an observation."""

from functools import partial

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.language import Language, any_of, language
from pipeline.evidence.texts import Texts

A_YEAR = " a year"
"""How the unit of a yearly flow ends."""


def hedges_agree(rows: pl.DataFrame) -> list[Defect]:
    """The relator is one that the hedge at the numeral allows; without a hedge it is eq, or between for a range.

    `rows` have relator (filled in), hedge and relators of the numeral, and original_value.
    """
    allowed = pl.col("relators").str.split(" ").list.contains(pl.col("relator"))
    is_range = pl.col("original_value").str.contains(r"[-–—]|\s(?:to|and)\s") & (pl.col("relator") == "between")
    hedged = pl.col("relators") != ""
    by_hedge = pl.format("{}, since the words say '{}'", pl.col("relators").str.replace_all(" ", " or "), pl.col("hedge"))
    found = partial(where, rows, column="relator", code="hedge_disagrees")
    return [
        *found(hedged & ~allowed, expected=by_hedge),
        *found(~hedged & (pl.col("relator") != "eq") & ~is_range, expected="eq or nothing, since no hedge touches the numeral"),
    ]


def units_agree(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """The unit at the numeral (or in the label quote) is the indicator's; a yearly flow is called one.

    `rows` have unit (the indicator's), numeral_unit, quote, label_quote and numeral_end.
    """
    defects = []
    columns = ("source_id", "raw_file", "raw_line", "indicator", "unit", "numeral_unit", "quote", "label_quote")
    for tables, part in _by_language(rows.select(*columns, "quote_start", "numeral_end"), texts):
        printed = pl.col("numeral_unit")
        known = pl.col("unit").is_in(list(tables.units))
        units = any_of(word for words in tables.units.values() for word in words)
        in_label = pl.col("label_quote").str.contains(rf"(?i)(?:^|\W)(?:{units})(?:\W|$)").fill_null(value=False)
        after = pl.col("quote").str.slice((pl.col("numeral_end") - pl.col("quote_start")).cast(pl.Int64))
        yearly = after.str.contains(tables.yearly) | pl.col("label_quote").str.contains(tables.yearly).fill_null(value=False)
        is_flow = pl.col("unit").str.ends_with(A_YEAR)
        found = partial(where, part, column="indicator", code="unit_disagrees")
        defects += [
            *found(
                (printed != "") & (printed != pl.col("unit")), expected=pl.format("an indicator in {}, as the words say", printed)
            ),
            *found(
                known & (printed == "") & ~in_label,
                expected=pl.format("{} right after the numeral, or in label_quote", pl.col("unit")),
            ),
            *found(is_flow & ~yearly, expected="words such as 'a year' after the numeral, or in label_quote"),
            *found(~is_flow & after.str.contains(tables.yearly), expected="an indicator that counts a year, as the words say"),
        ]
    return defects


def precisions_agree(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """A rounding step is in the words."""
    defects = []
    columns = ("source_id", "raw_file", "raw_line", "precision", "quote", "label_quote")
    for tables, part in _by_language(rows.select(columns), texts):
        said = pl.lit(value=False)
        words = pl.concat_str(pl.col("quote"), pl.col("label_quote").fill_null(""), separator=" ")
        for word, step in tables.rounding.items():
            is_step = pl.col("precision").cast(pl.Decimal(20, 6), strict=False) == step
            said |= is_step & words.str.contains(rf"(?i)(?:^|\W){any_of([word])}(?:\W|$)")
        expected = "nothing, or words such as 'to the nearest hundred' in the quote or label_quote"
        defects += where(
            part, pl.col("precision").is_not_null() & ~said, column="precision", code="precision_not_in_words", expected=expected
        )
    return defects


def _by_language(rows: pl.DataFrame, texts: Texts) -> list[tuple[Language, pl.DataFrame]]:
    tagged = rows.join(texts.table.select("source_id", "language"), on="source_id", maintain_order="left")
    return [(language(tag), tagged.filter(language=tag)) for tag in tagged["language"].unique().sort()]
