"""Hedge and relator, unit and per, rounding step: what the mention of a value says beside its
number.
"""

from functools import partial

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.language import language
from pipeline.evidence.texts import Texts

_LENGTHS = {len("2023"): "year", len("2023-05"): "month", len("2023-05-20"): "day"}
"""What a period is one of, by its characters."""
_QUARTER = r"-01/\d{4}-03$|-04/\d{4}-06$|-07/\d{4}-09$|-10/\d{4}-12$"


def hedges_agree(rows: pl.DataFrame) -> list[Defect]:
    """The relator is one that the hedge at the number allows; without a hedge it is eq.

    `rows` have relator (filled in), relators and original_value; what a curator has read is not
    held against the words.
    """
    rows = rows.filter(~pl.col("by_curator"))
    allowed = pl.col("relators").str.split(" ").list.contains(pl.col("relator"))
    hedged = pl.col("relators") != ""
    by_hedge = pl.format(
        "{}, as the words at {} say",
        pl.col("relators").str.replace_all(" ", " or "),
        "original_value",
    )
    found = partial(where, rows, column="relator", code="hedge_disagrees")
    return [
        *found(hedged & ~allowed, expected=by_hedge),
        *found(
            ~hedged & (pl.col("relator") != "eq"),
            expected="eq or nothing, since no hedge is at the number",
        ),
    ]


def units_agree(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """The unit and the per of the number (or of the label quote) are the indicator's.

    `rows` have unit and per (the indicator's), mention_unit, mention_per and label_quote.
    """
    labels = _labelled(rows, texts)
    rows = rows.join(
        labels, on=["source_id", "label_quote"], how="left", maintain_order="left", nulls_equal=True
    )
    rows = rows.filter(~pl.col("by_curator"))
    unit = pl.col("mention_unit")
    is_measured = pl.col("unit").is_in(_measured(rows, texts))
    in_label = (pl.col("label_unit") == pl.col("unit")).fill_null(value=False)
    found = partial(where, rows, column="indicator", code="unit_disagrees")
    return [
        *found(
            (unit != "") & (unit != pl.col("unit")),
            expected=pl.format("an indicator in {}, as the words say", unit),
        ),
        *found(
            is_measured & (unit == "") & ~in_label,
            expected=pl.format("a number in {}, or its unit in label_quote", "unit"),
        ),
        *_pers_agree(rows),
    ]


def _pers_agree(rows: pl.DataFrame) -> list[Defect]:
    """What the number is for each of (a year, 1000 people) is the indicator's, in the words or the
    label quote.

    What is said of one year as a whole is a number for a year.
    """
    per, has_per = pl.col("mention_per"), pl.col("per").is_not_null()
    same_per = (
        pl.col("per").str.split(" ").list.first() == per.str.split(" ").list.first()
    ).fill_null(value=False)
    per_in_label = (pl.col("label_per") == pl.col("per")).fill_null(value=False)
    length = (
        pl.col("typed_period")
        .str.extract(r"^([0-9-]+)$")
        .str.len_chars()
        .replace_strict(_LENGTHS, default=None)
    )
    of_one = ((pl.col("per") == length) | ((pl.col("per") == "quarter") & _is_quarter())).fill_null(
        value=False
    )
    found = partial(where, rows, column="indicator", code="per_disagrees")
    return [
        *found(
            has_per & (per == "") & ~per_in_label & ~of_one,
            expected=pl.format(
                "a number for each {} in the words or in label_quote, or a period of one {}",
                "per",
                "per",
            ),
        ),
        *found(
            (per != "") & ~same_per,
            expected=pl.format("an indicator per {}, as the words say", per),
        ),
    ]


def _is_quarter() -> pl.Expr:
    typed = pl.col("typed_period").str
    return typed.contains(_QUARTER) & (
        typed.head(len("2023")) == typed.slice(len("2023-01/"), len("2023"))
    )


def _measured(rows: pl.DataFrame, texts: Texts) -> list[str]:
    """Return the units that the words of the texts' languages can say."""
    tags = texts.table["language"].unique().sort()
    named = {unit for tag in tags for unit in language(tag).tables["units"]} | {"ratio"}
    codes = {code for tag in tags for code in language(tag).currency_codes}
    return sorted((named | codes) & set(rows["unit"].unique()))


def _labelled(rows: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return the unit and the per that each label quote names: source_id, label_quote, label_unit,
    label_per.
    """
    quotes = rows.select("source_id", "label_quote").drop_nulls().unique(maintain_order=True)
    tagged = quotes.join(
        texts.table.select("source_id", "language"), on="source_id", maintain_order="left"
    )
    columns = {
        f"label_{column}": _said(tagged, table, "label_quote")
        for table, column in (("units", "unit"), ("per", "per"))
    }
    return quotes.with_columns(said.list.first().alias(name) for name, said in columns.items())


def _said(rows: pl.DataFrame, table: str, column: str) -> pl.Series:
    """Return what the phrases of a table of the language of each row stand for that are in the
    words of a column.
    """
    said = [
        language(tag).said(words, table)
        for tag, words in rows.select("language", column).iter_rows()
    ]
    return pl.Series(said, dtype=pl.List(pl.String))


def precisions_agree(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """A rounding step is the printed one, or is in the words, or a note says why."""
    typed = rows.filter(
        pl.col("precision").is_not_null()
        & pl.col("note").is_null()
        & pl.col("numeral_start").is_not_null()
    )
    typed = typed.join(
        texts.table.select("source_id", "language"), on="source_id", maintain_order="left"
    )
    typed = typed.with_columns(
        words=pl.concat_str("quote", "label_quote", separator=" ", ignore_nulls=True)
    )
    judged = typed.with_columns(said=_said(typed, "rounding", "words"))
    step = pl.col("precision").cast(pl.Decimal(20, 6), strict=False)
    printed = pl.col("step").cast(pl.Decimal(20, 6), strict=False)
    is_printed = ((step == printed) & (printed > 1)).fill_null(
        value=False
    )  # plain digits say of no rounding
    is_said = pl.col("said").list.contains(pl.col("precision"))
    expected = (
        "nothing, or words such as 'to the nearest hundred' in the quote or label_quote, "
        "or a note that says why"
    )
    return where(
        judged,
        ~is_printed & ~is_said,
        column="precision",
        code="precision_not_in_words",
        expected=expected,
    )
