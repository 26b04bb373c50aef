"""Facts whose text a release may not carry: made again of what was typed, with the words, their
places and the mentions as they were published.

Belongs here: what can be told of such facts without their text. Does not belong here: any other row
(remade).
"""

from dataclasses import dataclass

import polars as pl

from pipeline.built import Tables
from pipeline.defects import LONGEST, Defect, where
from pipeline.evidence.anchor import CONTEXT
from pipeline.facts.dated import with_period_ends
from pipeline.facts.events import PUBLISHED_AS as PUBLISHED_PLACE
from pipeline.facts.observations import printed_precision
from pipeline.facts.sources import with_days_of_publication
from pipeline.intervals.bounds import bounds
from pipeline.read.validate import not_as_described
from schemas.columns import EVIDENCE
from schemas.source_toml import PUBLISHED_AS
from schemas.tables import RELEASE_TABLES, file_of

OF_TEXTS = {"characters", "original_value", *EVIDENCE}
"""The columns that only the text could tell."""


@dataclass(frozen=True)
class Unread:
    """The rows of sources without a text, by the names of tables: as typed, and as published."""

    typed: Tables
    published: Tables

    def added_to(
        self, table: pl.DataFrame, name: str, tables: Tables
    ) -> tuple[pl.DataFrame, list[Defect]]:
        """Return a table with its rows that are unread, and their defects; `tables` are those built
        before.
        """
        if name not in self.published:
            return table, []
        more, defects = self.published[name], []
        if name == "mentions":
            defects = _other_values(more, tables["observations"])
        elif name == "sources":
            more = with_days_of_publication(self.typed[name])[0].rename(PUBLISHED_AS)
            more = self._with_words(
                more.with_columns(republish_text=pl.lit(value=False)), name, "source_id"
            )
        else:
            more = with_period_ends(self.typed[name], tables["sources"])[0]
            more = more.rename(PUBLISHED_PLACE, strict=False).with_columns(
                fact_id=pl.concat_str("source_id", "fact_id", separator="/"),
                local_id="fact_id",
                typed_quote="quote",
            )
            more = self._with_words(more, name, "fact_id")
            defects = _other_words(name, more)
        if name == "observations":
            more = _with_values(more, tables["indicators"], self.published["mentions"])
        schema = RELEASE_TABLES[name]
        whole = pl.concat([table, more.select(list(schema.columns))]).sort(schema.unique or [])
        return whole, defects + not_as_described(whole, schema)

    def _with_words(self, rows: pl.DataFrame, name: str, key: str) -> pl.DataFrame:
        """Return typed rows with what only their texts could tell, as published."""
        words = OF_TEXTS & {*self.published[name].columns}
        # of a hostile table a key may stand any number of times
        known = self.published[name].select(key, *sorted(words)).unique(key, keep="first")
        typed = rows.drop(words & {*rows.columns})
        return typed.join(known, on=key, how="left", maintain_order="left")


def _with_values(
    rows: pl.DataFrame, indicators: pl.DataFrame, mentions: pl.DataFrame
) -> pl.DataFrame:
    """Return observations with their number and its interval: that typed, as exact as its mention
    is.
    """
    of_mentions = mentions.filter(role="value").select(
        "step", "relators", by_curator=pl.col("kind") == "unread", mention="fact_id"
    )
    fixed = indicators.rename({"code": "indicator"}).drop("label", "aliases", "definition")
    mention = pl.concat_str("source_id", pl.coalesce("same_as", "local_id"), separator="/")
    rows = (
        rows.with_columns(pl.col("relator").fill_null("eq"), mention=mention)
        .join(fixed, on="indicator", how="left", maintain_order="left")
        .join(of_mentions.unique("mention"), on="mention", how="left", maintain_order="left")
    )
    by_curator = pl.col("by_curator").fill_null(value=False)
    is_fraction = pl.col("step").is_null() & pl.col("relators").is_null() & ~by_curator
    rows = rows.with_columns(by_curator=by_curator, is_fraction=is_fraction)
    return rows.drop("value").with_columns(bounds(rows), precision=printed_precision())


def _other_words(name: str, rows: pl.DataFrame) -> list[Defect]:
    """Return a defect for each fact whose published words are not those typed, but for white space
    and marks; or that is not there.
    """
    quote, typed = (
        pl.col(column).str.normalize("NFC").str.replace_all(r"[^\p{L}\p{N}]", "")
        for column in ("quote", "typed_quote")
    )
    around = pl.max_horizontal(pl.col("quote_prefix", "quote_suffix").str.len_chars())
    differs = quote.ne_missing(typed) | (around > CONTEXT)
    if name == "observations":
        differs |= ~pl.col("quote").str.contains(pl.col("original_value"), literal=True)
    return where(
        rows.with_columns(raw_file=pl.lit(file_of(name, "csv"))),
        differs,
        column="quote",
        code="quote_not_found",
        expected=pl.format("{} with the words that were typed: {}", "fact_id", "typed_quote"),
        found=pl.col("quote").str.slice(0, LONGEST),
    )


def _other_values(mentions: pl.DataFrame, observations: pl.DataFrame) -> list[Defect]:
    """Return a defect for each mention that is the value of an observation, and has another."""
    numbers = observations.select("fact_id", "original_value", "value")
    rows = mentions.filter(role="value").join(numbers, on="fact_id", how="left")
    words = pl.col("words")
    is_there = words.str.contains(pl.col("original_value"), literal=True).fill_null(value=False)
    return where(
        rows.with_columns(raw_file=pl.lit(file_of("mentions", "csv")), raw_line="start_offset"),
        ~is_there | (pl.col("low") != pl.col("value")).fill_null(value=False),
        column="fact_id",
        code="value_not_in_quote",
        expected=pl.format("a fact whose value is in the words {}", words.str.slice(0, LONGEST)),
    )
