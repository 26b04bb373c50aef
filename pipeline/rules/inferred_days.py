"""Say of an outcome that it tests what its source's day of publication was inferred from.

Belongs here: finding such circles by the words that published_basis quotes. Does not belong here:
whether a group holds.
"""

import re
from collections.abc import Mapping

import polars as pl

from pipeline.rules.system import GROUP
from schemas.raw_files import ENTERED

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|«([^»]+)»|„([^“]+)“")
"""What stands in quotation marks, one group a kind of mark."""


def with_circles(results: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return check_results, with a sentence more in `explanation` where a group tests its own
    premise.

    Where a source does not print its whole day of publication, and its published_basis quotes words
    that are part of the quote of a fact, the day rests on this fact: a group that speaks of both
    tests nothing new. `tables` are those published, with the sources, the terms of rules, and the
    facts with their quotes.
    """
    told = _circles(tables).select(
        *GROUP,
        circle=pl.format(
            (
                "The {} of publication is itself inferred from {}: this result is no independent "
                "test of it."
            ),
            "inferred",
            "words",
        ),
    )
    rows = results.join(told, on=GROUP, how="left", maintain_order="left")
    explained = pl.concat_str("explanation", "circle", separator=" ", ignore_nulls=True)
    return rows.with_columns(explanation=explained).select(results.columns)


def _circles(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the groups that use a day of publication and a fact it was inferred from: GROUP,
    inferred, words (the quoted).
    """
    basis = _quoted_words(tables["sources"])
    published = (
        tables["rule_terms"].select(*GROUP, published="quantity").join(basis, on="published")
    )
    stated = tables["quantities"].drop_nulls("fact_id").select("quantity", "fact_id")
    groups = published.select(GROUP).unique()
    used = (
        tables["rule_terms"]
        .join(groups, on=GROUP, how="semi")
        .join(stated, on="quantity")
        .select(*GROUP, "fact_id")
        .unique()
    )
    quotes = pl.concat(tables[name].select("fact_id", "source_id", "quote") for name in ENTERED)
    quotes = quotes.join(used, on="fact_id", how="semi")
    met = used.join(quotes, on="fact_id").join(published, on=[*GROUP, "source_id"])
    met = met.filter(_plain("quote").str.contains(_plain("words"), literal=True))
    listed = pl.format("'{}'", pl.col("words").unique().sort()).str.join(" and ")
    return met.group_by(*GROUP, "inferred").agg(words=listed)


def _quoted_words(sources: pl.DataFrame) -> pl.DataFrame:
    """Return what is quoted to infer days of publication: source_id, published (the quantity),
    inferred (year, day), words.
    """
    is_printed = pl.col("published_quote").str.contains(
        pl.col("published").str.head(4), literal=True
    )
    inferring = sources.filter(~is_printed.fill_null(value=False)).drop_nulls("published_basis")
    rows = [
        (
            source_id,
            f"{source_id}#published",
            "day" if quote is None else "year",
            "".join(groups).strip(),
        )
        for source_id, quote, basis in inferring.select(
            "source_id", "published_quote", "published_basis"
        ).iter_rows()
        for groups in _QUOTED.findall(basis)
        if "".join(groups).strip() != quote  # what is printed is not inferred
    ]
    columns = ("source_id", "published", "inferred", "words")
    return (
        pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
        .filter(pl.col("words") != "")
        .unique()
    )


def _plain(column: str) -> pl.Expr:
    """Return words as they are compared: small letters, each white space one, a space at both ends
    so that words are whole.
    """
    plain = (
        pl.col(column).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    )
    return pl.concat_str(pl.lit(" "), plain, pl.lit(" "))
