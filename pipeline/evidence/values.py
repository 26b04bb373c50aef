"""Which mention of a quote is the value that was typed.

Belongs here: the one quantity in a quote that equals a typed value, and what stands there instead.
Does not belong here: whether hedge, unit and period agree with the row (agreement), or the interval
of the value (pipeline.intervals).
"""

from decimal import InvalidOperation
from functools import partial

import polars as pl

from pipeline.built import RowsAndDefects
from pipeline.defects import Defect, where
from pipeline.evidence.fractions import percent
from pipeline.evidence.spans import inside
from schemas.reasons import gives_reason

_BETWEEN = ["row", "several", "held", "why", "key", "unread", "low_typed", "high_typed"]
"""Columns that only help on the way."""

_OF_MENTION = {
    "start": "numeral_start",
    "end": "numeral_end",
    "step": "step",
    "relators": "relators",
    "by_curator": "by_curator",
    "unit": "mention_unit",
    "per": "mention_per",
}
"""What a row has of the mention that is its value, and what it is called there."""

_READ = ("words", "kind", "low", "high", "step", "relators", "unit", "per", "why", "key")


def printed_values(anchored: pl.DataFrame, mentions: pl.DataFrame) -> RowsAndDefects:
    """Return the facts with the one mention of their quote that is the typed value, and a defect
    for each without one.

    `anchored` has value and note as typed, relator (filled in), kind (of the indicator), unit, and
    the quote's span; `mentions` are those of the texts. The result has original_value (the numeral
    as printed, without hedge and unit), its span (numeral_start, numeral_end), what the mention
    says (step, relators, mention_unit, mention_per), and by_curator: that the words could not be
    read, and the note says how they are. All of these are null where there is a defect.
    """
    typed = [numbers_of(*one) for one in anchored.select("value", "kind").iter_rows()]
    numbers = pl.DataFrame(typed, {"low_typed": pl.String, "high_typed": pl.String}, orient="row")
    rows = anchored.with_row_index("row").with_columns(*numbers)
    held = _held(rows, mentions)
    is_ordinal = pl.col("kind") == "label"
    shown = pl.when(pl.col("kind") == "unread").then("words").otherwise(_shown())
    printed = (
        held.filter(~is_ordinal | pl.col("counts")).group_by("row").agg(held=shown.str.join(", "))
    )
    unread = held.filter(kind="unread").unique("row", keep="first", maintain_order=True)
    unread = unread.select("row", "why", "key", unread="words")
    placed = rows
    for more in (_chosen(held), printed, unread):
        placed = placed.join(more, on="row", how="left", maintain_order="left")
    start = pl.col("numeral_start") - pl.col("quote_start")
    original = pl.col("quote").str.slice(start, pl.col("numeral_end") - pl.col("numeral_start"))
    return placed.with_columns(original_value=original).drop(_BETWEEN), _defects(placed)


def _held(rows: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions inside each quote (row) that are no periods: whether each counts, and is
    the typed value.
    """
    quotes = rows.select(
        "row",
        "source_id",
        "quote_start",
        "quote_end",
        "low_typed",
        "high_typed",
        "note",
        value_kind="kind",
    )
    spans = mentions.filter(pl.col("kind") != "period").select(
        "source_id",
        *_READ,
        start="number_start",
        end="number_end",
        is_ordinal=pl.col("label") == "ordinal",
    )
    may_be_ordinal = (pl.col("value_kind") == "ordinal").fill_null(
        value=True
    )  # without an indicator nothing is known
    ordinal = (pl.col("kind") == "label") & pl.col("is_ordinal") & may_be_ordinal
    one = (pl.col("high") == pl.col("low")) | pl.col("relators").str.contains("ge", literal=True)
    high = (
        pl.when(pl.col("high_typed").is_null())
        .then(one)
        .otherwise(pl.col("high") == pl.col("high_typed"))
    )
    held = inside(quotes, spans).with_columns(counts=(pl.col("kind") == "quantity") | ordinal)
    return held.with_columns(
        is_value=(pl.col("counts") & (pl.col("low") == pl.col("low_typed")) & high).fill_null(
            value=False
        ),
        by_curator=((pl.col("kind") == "unread") & _is_noted()).fill_null(value=False),
    )


def _is_noted() -> pl.Expr:
    """Return whether the note of a row quotes the words of a mention, and says something of
    them.
    """
    note = pl.col("note").fill_null("")
    besides = note.str.split(pl.col("words")).list.join(" ")
    return (besides != note) & gives_reason(besides)


def _chosen(held: pl.DataFrame) -> pl.DataFrame:
    """Return the one mention that is the value of each row, and how many could be (several); what
    can be read goes first.
    """
    is_read = pl.col("is_value").any().over("row")
    hits = held.filter(pl.col("is_value") | (pl.col("by_curator") & ~is_read))
    return hits.group_by("row").agg(
        pl.len().alias("several"),
        *(
            pl.when(pl.len() == 1).then(pl.col(name).first()).alias(alias)
            for name, alias in _OF_MENTION.items()
        ),
    )


def _shown() -> pl.Expr:
    is_range = (pl.col("high") != pl.col("low")).fill_null(value=False)
    return pl.when(is_range).then(pl.format("{}/{}", "low", "high")).otherwise("low")


def numbers_of(value: str | None, kind: str | None) -> tuple[str | None, str | None]:
    """Return low and high of a typed value as mentions have them: 2:3 of a share is 66.666667, of a
    ratio 0.666667. Without a second number high is None, without a value both.
    """
    first, stroke, second = (value or "").partition("/")
    part, colon, whole = (value or "").partition(":")
    if not colon:
        return first or None, second if stroke else None
    try:
        quotient = percent(int(part), int(whole))
    except (ValueError, ZeroDivisionError, InvalidOperation):
        return None, None
    return f"{quotient if kind != 'ratio' else (quotient / 100).normalize():f}", None


def _defects(placed: pl.DataFrame) -> list[Defect]:
    """Return a defect for each row whose quote does not hold its value once, with what would be
    accepted.
    """
    missing = pl.col("several").is_null()
    found = partial(where, placed, column="value", code="value_not_in_quote")
    printed = pl.format(
        "the number that the quote prints: {}", pl.col("held").fill_null("it prints none")
    )
    how = pl.format("a note that says how {} is read and quotes it, since {}", "unread", "why")
    with_key = (
        pl.when(pl.col("key").fill_null("") == "")
        .then(how)
        .otherwise(
            pl.format(
                (
                    "the key {} in source.toml, since it settles how {} is read: {}; or a note "
                    "that quotes it"
                ),
                "key",
                "unread",
                "why",
            )
        )
    )
    return [
        *found(missing & pl.col("unread").is_null(), expected=printed),
        *found(
            missing & pl.col("unread").is_not_null(),
            expected=pl.concat_str(printed, pl.lit("; or "), with_key),
        ),
        *where(
            placed,
            pl.col("several") > 1,
            column="quote",
            code="value_ambiguous",
            expected="a quote that holds the number once; shorten it to the words around one",
        ),
    ]
