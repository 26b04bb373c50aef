"""What a label quote is for: words elsewhere in the text that name something of the row."""

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.agreement.dates import is_part, periods_in
from pipeline.evidence.agreement.words import printed_as_typed
from pipeline.evidence.language import language
from pipeline.evidence.texts import Texts

_NAMED = {"indicators": "indicator", "areas": "area", "categories": "category"}
_MEASURED = {"units": "unit", "per": "per", "rounding": "precision"}
"""The tables of a language whose phrases name what stands in a column."""


def labels_agree(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """A label quote stands in the text, and names the indicator, area, category, unit, per,
    rounding or period of its row.
    """
    columns = ("source_id", "label_quote", *_NAMED.values(), *_MEASURED.values(), "typed_period")
    # of a code that is a defect nobody knows the name
    known = [
        pl.col(column).is_null() | pl.col(column).is_in(texts.code_lists[name]["code"].implode())
        for name, column in _NAMED.items()
    ]
    labels = (
        rows.filter(pl.col("label_quote").is_not_null(), *known)
        .select(columns)
        .unique(maintain_order=True)
    )
    names = pl.Series(
        [_names(row, texts) for row in labels.iter_rows(named=True)], dtype=pl.Boolean
    )
    idle = labels.filter(~names)
    failing = rows.join(idle, on=columns, how="semi", nulls_equal=True, maintain_order="left")
    expected = (
        "nothing, or words of the text that name the indicator, area, category, unit, "
        "period or rounding of the row"
    )
    idle_ones = where(
        failing,
        pl.lit(value=True),
        column="label_quote",
        code="label_names_nothing",
        expected=expected,
    )
    misprinted = printed_as_typed(rows, texts, "label_quote", "text")
    places = {(one.file, one.line) for one in misprinted}
    return [*misprinted, *(one for one in idle_ones if (one.file, one.line) not in places)]


def _names(row: dict[str, str | None], texts: Texts) -> bool:
    """Return whether the label of a row names something of it."""
    document, label = texts.documents[row["source_id"] or ""], row["label_quote"] or ""
    if any(row[column] in texts.codes_in(name, label) for name, column in _NAMED.items()):
        return True
    spoken = language(document.language)
    if any(row[column] in spoken.said(label, name) for name, column in _MEASURED.items()):
        return True
    return any(is_part(period, row["typed_period"]) for period in periods_in(label, document))
