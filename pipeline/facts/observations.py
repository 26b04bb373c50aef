"""From typed observations to facts: the number is in the words, fits its indicator, and has an interval.

Belongs here: every check of a row of observations.csv that needs more than the row. Does not belong here: how a quote is
found (anchor), a numeral read (numerals), or an interval computed (bounds).
"""

from functools import partial

import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect, where
from pipeline.evidence.agreement import dates, names, numbers, words
from pipeline.evidence.anchor import anchor
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import Texts
from pipeline.facts.reference_tables import CodeLists
from pipeline.intervals.bounds import bounds
from pipeline.intervals.periods import in_force, with_period_ends
from pipeline.read.raw_folder import Typed
from pipeline.read.validate import unknown_codes
from schemas.raw_files import NUMBER, SOURCE_FILES
from schemas.tables import TABLES

_VALUE = rf"^{NUMBER}(/{NUMBER})?$"

HUNDRED = 100
"""Percent: no share is above."""

FINEST = 5
"""Decimals of a rounded value, so that half of its last digit still has a place in DECIMAL(20,6)."""


def build_observations(typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists) -> Built:
    """Return the observations as published."""
    defects = typed.defects + unknown_codes(typed.rows, SOURCE_FILES["observations"], lists.codes())
    rows, wrong = with_period_ends(typed.rows, sources)
    defects += wrong
    rows = rows.with_columns(pl.col("relator").fill_null("eq"))
    # one name for the rows as they go, since each state of a million of them takes half a gigabyte
    rows = rows.join(
        lists.indicators.rename({"code": "indicator"}).drop("label", "aliases", "definition"),
        on="indicator",
        how="inner",
        maintain_order="left",
    )
    defects += misfits(rows, lists)
    rows, wrong = anchor(rows, texts)
    defects += wrong
    rows, wrong = printed_values(rows, texts.numerals)
    defects += wrong + disagreements(rows.with_row_index("row"), texts, lists)
    failed = pl.DataFrame([(d.file, d.line) for d in defects], schema={"raw_file": pl.String, "raw_line": pl.Int64}, orient="row")
    sound = rows.join(failed.unique(), on=["raw_file", "raw_line"], how="anti", maintain_order="left")
    table = sound.drop("value").with_columns(bounds(sound), fact_id=pl.concat_str("source_id", "fact_id", separator="/"))
    return Built(table.select(list(TABLES["observations"].columns)).sort("fact_id"), defects)


def disagreements(rows: pl.DataFrame, texts: Texts, lists: CodeLists) -> list[Defect]:
    """Return a defect for each typed cell that the words contradict; `rows` are numbered and know their numeral."""
    named = partial(names.names_agree, rows, texts, label="label_quote", beyond_paragraph=True)
    printed_unit = pl.col("numeral_unit")
    in_unit = names.Fits(
        lists.indicators.select("code", indicator_unit="unit"), (printed_unit == "") | (printed_unit == pl.col("indicator_unit"))
    )
    in_tree = names.Fits(lists.categories.select("code", "tree"), pl.col("tree") == pl.col("category_tree"))
    at_level = names.Fits(
        lists.areas.select("code", "level", "valid_from", "valid_to"),
        in_force() & (pl.col("area_level").is_null() | (pl.col("level") == pl.col("area_level"))),
    )
    return [
        *words.quotes_are_whole_words(rows),
        *numbers.hedges_agree(rows),
        *numbers.units_agree(rows, texts),
        *numbers.precisions_agree(rows, texts),
        *named("indicators", "indicator", fits=in_unit),
        *named("areas", "area", fits=at_level),
        *named("categories", "category", fits=in_tree, beyond_paragraph=False, nearby=False),
        *names.left_out(rows, texts, "categories", "category", fits=in_tree),
        *words.printed_as_typed(rows, texts, "label_quote", "text"),
        *names.speakers_agree(rows, texts, "attributed_to"),
        *dates.dates_agree(rows, texts, besides="label_quote"),
    ]


def misfits(rows: pl.DataFrame, lists: CodeLists) -> list[Defect]:
    """Return a defect for each value, category or area that the row's indicator does not admit.

    `rows` are typed observations joined to their indicator (unit, whole, kind, category_tree, area_level).
    """
    return [*_value_misfits(rows), *_category_misfits(rows, lists.categories), *_area_misfits(rows, lists.areas)]


def _value_misfits(rows: pl.DataFrame) -> list[Defect]:
    numbers = rows.filter(pl.col("value").str.contains(_VALUE))
    values = pl.col("value").str.split("/").list.eval(pl.element().cast(pl.Decimal(20, 6), strict=False))
    numbers = numbers.with_columns(least=values.list.min(), most=values.list.max(), first=values.list.first())
    printed = pl.col("value").str.contains(".", literal=True)
    decimals = pl.col("value").str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0)
    is_share = pl.col("kind").is_in(["share", "multi_share"])
    found = partial(where, numbers, column="value")
    whole = "a whole number for this indicator; a point between thousands is left out (35.000 is typed 35000)"
    return [
        *found(pl.col("whole") & printed, code="not_whole", expected=whole),
        *found(is_share & (pl.col("most") > HUNDRED), code="out_of_range", expected="at most 100 percent"),
        *found((pl.col("kind") != "flow") & (pl.col("least") < 0), code="out_of_range", expected="0 or more"),
        *found((pl.col("kind") == "ordinal") & (pl.col("least") < 1), code="out_of_range", expected="1 or more"),
        *found(pl.col("first") != pl.col("least"), code="out_of_order", expected="the lower number first"),
        *found(~pl.col("whole") & (decimals > FINEST), code="too_fine", expected=f"at most {FINEST} decimals"),
        *where(
            numbers,
            pl.col("precision").str.extract(r"\.([0-9]+)").str.len_chars() > FINEST,
            column="precision",
            code="too_fine",
            expected=f"at most {FINEST} decimals",
        ),
        *where(
            numbers,
            pl.col("precision").cast(pl.Decimal(20, 6), strict=False) <= 0,
            column="precision",
            code="out_of_range",
            expected="a step above 0",
        ),
    ]


def _category_misfits(rows: pl.DataFrame, categories: pl.DataFrame) -> list[Defect]:
    known = rows.join(categories.select(category="code", tree="tree"), on="category", how="left", maintain_order="left")
    in_tree = categories.group_by("tree").agg(pl.col("code").sort().str.join(", ").alias("codes"))
    known = known.join(in_tree, left_on="category_tree", right_on="tree", how="left", maintain_order="left")
    fitting = pl.format("a category of the tree {}: {}", pl.col("category_tree"), pl.col("codes"))
    found = partial(where, known, column="category", code="category_misfit")
    return [
        *found(
            pl.col("category").is_not_null() & pl.col("category_tree").is_null(),
            expected="nothing: the indicator has no categories",
        ),
        *found(pl.col("tree") != pl.col("category_tree"), expected=fitting),
        *found((pl.col("kind") == "multi_share") & pl.col("category").is_null(), expected=fitting),
    ]


def _area_misfits(rows: pl.DataFrame, areas: pl.DataFrame) -> list[Defect]:
    known = rows.join(areas.select("level", "valid_from", "valid_to", area="code"), on="area", how="inner", maintain_order="left")
    level = pl.format("an area of level {} for this indicator", pl.col("area_level"))
    validity = pl.format(
        "an area code in force in {} (this one: from {} to {})",
        pl.col("period"),
        pl.col("valid_from").cast(pl.String).fill_null("ever"),
        pl.col("valid_to").cast(pl.String).fill_null("now"),
    )
    too_early = pl.coalesce("end_latest", "start_latest") < pl.col("valid_from")
    too_late = pl.coalesce("start_earliest", "end_earliest") >= pl.col("valid_to")
    return [
        *where(known, pl.col("level") != pl.col("area_level"), column="area", code="area_misfit", expected=level),
        *where(
            known,
            too_early.fill_null(value=False) | too_late.fill_null(value=False),
            column="area",
            code="area_misfit",
            expected=validity,
        ),
    ]


def printed_values(anchored: pl.DataFrame, numerals: pl.DataFrame) -> tuple[pl.DataFrame, list[Defect]]:
    """Return the facts whose quote holds the typed value in one numeral, and a defect for each other.

    `anchored` has value as typed and the quote's span; `numerals` are those of the texts. The result has original_value, the
    numeral's span (numeral_start, numeral_end) and what touches it (hedge, relators, numeral_unit). With between, both
    numbers must be there, and the span goes from one to the other.
    """
    rows = anchored.with_row_index("row")
    quotes = rows.select("row", "source_id", "quote_start", "quote_end")
    in_quote = inside(quotes, numerals).rename({"start": "numeral_start", "end": "numeral_end", "unit": "numeral_unit"})
    sought = rows.select("row", numeral=pl.col("value").str.split("/")).explode("numeral").unique(maintain_order=True)
    hits = (
        sought.join(in_quote, on=["row", "numeral"], how="left")
        .group_by("row")
        .agg(
            pl.col("hedge", "relators").sort_by("numeral_start").first(),
            pl.col("numeral_unit").sort_by("numeral_start").last(),
            pl.col("numeral_start").min(),
            pl.col("numeral_end").max(),
            (pl.col("words").is_null()).any().alias("missing"),
            pl.len() > pl.col("numeral").n_unique(),
        )
        .rename({"len": "several"})
    )
    held = in_quote.group_by("row").agg(pl.col("numeral").str.join(", ").alias("held"))
    judged = rows.join(hits, on="row").join(held, on="row", how="left").sort("row")
    printed = pl.format("the number that the quote prints: {}", pl.col("held").fill_null("it prints none"))
    readable = pl.col("value").str.contains(_VALUE)  # else that is the defect
    shorter = "a quote that holds the number once; shorten it to the words around one"
    defects = [
        *where(judged, pl.col("missing") & readable, column="value", code="value_not_in_quote", expected=printed),
        *where(judged, ~pl.col("missing") & pl.col("several"), column="quote", code="value_ambiguous", expected=shorter),
    ]
    start = pl.col("numeral_start") - pl.col("quote_start")
    original = pl.col("quote").str.slice(start, pl.col("numeral_end") - pl.col("numeral_start"))
    good = judged.filter(~pl.col("missing") & ~pl.col("several")).with_columns(original.alias("original_value"))
    return good.drop("row", "missing", "several", "held"), defects
