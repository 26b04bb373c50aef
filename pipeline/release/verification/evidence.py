"""Whether the facts of a release stand in its texts word for word, and what was made of the words is what they say.

Belongs here: texts and spans, numerals, printed values, bounds, periods. Does not belong here: whether the right code was
given to some words, which only a reader can tell, or what facts say of each other (conclusions).
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal

import polars as pl

from pipeline.evidence.anchor import CONTEXT
from pipeline.evidence.numerals import numerals_of
from pipeline.intervals.bounds import bounds
from pipeline.intervals.periods import period_ends
from pipeline.release.opened import Damaged, Opened, reason
from pipeline.release.verification.failure import Failure, differing, failing, table_file
from schemas.columns import AMOUNT
from schemas.raw_files import ENTERED
from schemas.tables import TABLES

Tables = Mapping[str, pl.DataFrame]

_BOM = b"\xef\xbb\xbf"
_LEAST_STEP = pl.lit(Decimal("0.000002"), AMOUNT)
_ENDS = ("start_earliest", "start_latest", "end_earliest", "end_latest")
_BOUNDS = ("value", "decimals", "lower_bound", "upper_bound", "lower_closed", "upper_closed", "bound_basis")


def read_texts(opened: Opened, sources: pl.DataFrame) -> tuple[pl.DataFrame, list[Failure]]:
    """Return the texts that are part of a release (source_id, language, text), and what is wrong with them."""
    rows, failures = [], []
    there = {name for name in opened.names if name.startswith("sources/") and name.endswith(".txt")}
    for source_id, language, may_be, sha256, characters in sources.select(
        "source_id", "language", "republish_text", "sha256", "characters"
    ).iter_rows():
        file = f"sources/{source_id}.txt"
        if (file in there) != may_be:
            message = "is not there; the text may be republished" if may_be else "is there; the text may not be republished"
            failures.append(Failure(file, "missing_file" if may_be else "unlicensed_text", message))
        if file not in there:
            continue
        there.remove(file)
        try:
            data = opened.read(file)
            text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        except (Damaged, UnicodeDecodeError) as error:
            failures.append(Failure(file, "unreadable_file", f"cannot be read as UTF-8 ({reason(error)})"))
            continue
        if sha256 not in {hashlib.sha256(mark + data).hexdigest() for mark in (b"", _BOM)}:
            failures.append(
                Failure(file, "text_changed", f"is not the text that facts were read from, whose SHA-256 is {sha256}")
            )
        if len(text) != characters:
            failures.append(Failure(file, "text_changed", f"has {len(text)} characters; the table sources has {characters}"))
        rows.append((source_id, language, text))
    failures += [Failure(file, "unknown_text", "is the text of none of the sources") for file in sorted(there)]
    return pl.DataFrame(rows, schema=dict.fromkeys(("source_id", "language", "text"), pl.String), orient="row"), failures


def spans_hold(tables: Tables, texts: pl.DataFrame) -> list[Failure]:
    """Return a failure for each fact whose words are not in its text where it says; without the text, not within its length."""
    return [failure for name in ENTERED for failure in _spans(name, tables[name], tables["sources"], texts)]


def _spans(name: str, facts: pl.DataFrame, sources: pl.DataFrame, texts: pl.DataFrame) -> Iterator[Failure]:
    length = sources.select("source_id", pl.col("characters").alias("text_length"))
    rows = facts.join(length, on="source_id", maintain_order="left")
    rows = rows.join(texts.select("source_id", "text"), on="source_id", how="left", maintain_order="left")
    start, end = pl.col("quote_start"), pl.col("quote_end")
    before = pl.min_horizontal(start, CONTEXT)
    beyond = (start < 0) | (end < start) | (end > pl.col("text_length"))
    message = pl.format("the words from {} to {} are not within the text's {} characters", start, end, "text_length")
    yield from failing(table_file(name), "span_beyond_text", rows.filter(beyond), ["fact_id"], message)
    within = rows.filter(~beyond)
    parts = {
        "quote": (start, end - start),
        "quote_prefix": (start - before, before),
        "quote_suffix": (end, pl.min_horizontal(pl.col("text_length") - end, CONTEXT)),
    }
    for column, (first, length_) in parts.items():
        stands = pl.col("text").str.slice(first, length_)
        differs = pl.col(column).ne_missing(stands) & pl.col("text").is_not_null()
        message = pl.format("the text does not have the {} {} there, but {}", pl.lit(column), _said(column), stands)
        yield from failing(table_file(name), "span_is_not_the_quote", within.filter(differs), ["fact_id"], message)
        too_long = (pl.col(column).str.len_chars().cast(pl.Int64) != length_) & pl.col("text").is_null()
        message = pl.format("the {} {} does not have the {} characters of its place", pl.lit(column), _said(column), length_)
        yield from failing(table_file(name), "span_is_not_the_quote", within.filter(too_long), ["fact_id"], message)


def _said(column: str) -> pl.Expr:
    return pl.col(column).fill_null("(empty)")


def numerals_hold(tables: Tables, texts: pl.DataFrame) -> list[Failure]:
    """Return a failure for each numeral of a text that the table of numerals does not have as it stands there, or has beyond."""
    key = list(TABLES["numerals"].unique or ())
    numerals = tables["numerals"].join(texts, on="source_id", how="semi")
    found = numerals_of(texts).with_columns(value=pl.col("numeral").cast(AMOUNT, strict=False))
    expected = found.select(*key, "end", "words", "value")
    return differing(table_file("numerals"), "numeral_differs", numerals, ("the texts", expected), key)


def printed_values_hold(tables: Tables) -> list[Failure]:
    """Return a failure for each observation whose printed numeral is not in its quote, or is not its value digit for digit."""
    rows = tables["observations"].join(tables["sources"].select("source_id", "language"), on="source_id")
    file, key, code = table_file("observations"), ["fact_id"], "value_not_in_quote"
    outside = rows.filter(~pl.col("quote").str.contains(pl.col("original_value"), literal=True))
    failures = failing(file, code, outside, key, pl.format("the quote does not print {}", "original_value"))
    printed = rows.select("language", text="original_value").unique().with_columns(source_id=pl.concat_str("language", "text"))
    number = pl.col("numeral").cast(AMOUNT, strict=False)
    decimals = pl.col("numeral").str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0).cast(pl.Int64)
    read = numerals_of(printed).sort("start").group_by("source_id", maintain_order=True)
    numbers = read.agg(number.alias("numbers"), decimals.first().alias("read_decimals"))
    both = rows.with_columns(source_id=pl.concat_str("language", "original_value")).join(numbers, on="source_id", how="left")
    stated = (
        pl.when(pl.col("value").is_null()).then(pl.concat_list("lower_bound", "upper_bound")).otherwise(pl.concat_list("value"))
    )
    same = pl.col("numbers").eq_missing(stated) & pl.col("read_decimals").eq_missing(pl.col("decimals"))
    message = pl.format("{} is not the value, with {} decimals", "original_value", "decimals")
    return failures + failing(file, code, both.filter(~same), key, message)


def bounds_follow(tables: Tables) -> list[Failure]:
    """Return a failure for each observation whose bounds and unit are not those of its value, relator and indicator.

    The step to which a source rounds is not published, so bounds hold if some step gives them.
    """
    named = tables["indicators"].select("kind", "whole", indicator="code", of_indicator="unit")
    rows = tables["observations"].join(named, on="indicator", maintain_order="left")
    units = rows.filter(pl.col("unit") != pl.col("of_indicator"))
    message = pl.format("the unit is {}; the indicator's is {}", "unit", "of_indicator")
    failures = failing(table_file("observations"), "wrong_unit", units, ["fact_id"], message)
    steps = [pl.lit(None, AMOUNT), (pl.col("upper_bound") - pl.col("value")) * 2, (pl.col("value") - pl.col("lower_bound")) * 2]
    goes = pl.col("relator").is_in(["eq", "approx"])
    agreeing = []
    for step in steps:
        least = pl.max_horizontal(step, pl.when(step == 0).then(_LEAST_STEP))  # a step below that of whole numbers leaves them
        trial = rows.with_columns(precision=pl.when(goes & (least > 0)).then(least).cast(pl.String), value=_typed())
        found = bounds(trial)
        same = pl.all_horizontal(rows[column].eq_missing(found[column]) for column in _BOUNDS)
        agreeing.append(rows.filter(same).select("fact_id"))
    wrong = rows.join(pl.concat(agreeing), on="fact_id", how="anti", maintain_order="left")
    low, high = (pl.col(column).cast(pl.String).fill_null("no end") for column in ("lower_bound", "upper_bound"))
    message = pl.format("{} {} does not give the bounds {} to {}", "relator", "original_value", low, high)
    return failures + failing(table_file("observations"), "bounds_differ", wrong, ["fact_id"], message)


def _typed() -> pl.Expr:
    """Return the value with the digits that are printed, as a person types it."""
    both = pl.concat_str(_digits("lower_bound"), _digits("upper_bound"), separator="/")
    return pl.when(pl.col("value").is_null()).then(both).otherwise(_digits("value"))


def _digits(column: str) -> pl.Expr:
    point = pl.when(pl.col("decimals") > 0).then(pl.col("decimals") + 1).otherwise(0)
    text = pl.col(column).cast(pl.String)
    return text.str.slice(0, text.str.len_chars().cast(pl.Int64) - (AMOUNT.scale + 1) + point)


def periods_hold(tables: Tables) -> list[Failure]:
    """Return a failure for each fact, and each source, whose days are not those of its period."""
    failures = []
    for name in ENTERED:
        rows = tables[name].select("fact_id", "period", *_ENDS)
        failures += _periods(name, rows, ["fact_id"])
    published = {"published_earliest": "start_earliest", "published_latest": "end_latest"}
    sources = tables["sources"].select("source_id", "published", *published).rename(published)
    return failures + _periods("sources", sources.rename({"published": "period"}), ["source_id"])


def _periods(name: str, rows: pl.DataFrame, key: list[str]) -> list[Failure]:
    ends, _ = period_ends(rows["period"])
    expected = rows.select(*key, "period").join(ends, on="period", how="left", maintain_order="left").select(rows.columns)
    return differing(table_file(name), "period_differs", rows, ("the period", expected), key)
