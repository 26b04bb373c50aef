"""Whether the facts of a release stand in its texts word for word, and what was made of the words is what they say.

Belongs here: spans, mentions, values, bounds, periods. Does not belong here: whether the right code was given to some words,
which only a reader can tell, or what facts say of each other (conclusions).
"""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from pipeline.evidence.anchor import CONTEXT
from pipeline.evidence.mentions import as_published
from pipeline.evidence.texts import Texts
from pipeline.intervals.bounds import bounds
from pipeline.intervals.periods import Period, period_ends
from pipeline.release.verification.contents import Contents
from pipeline.release.verification.failure import Failure, differing, differing_rows, failing
from schemas.code_lists import CODE_LISTS
from schemas.columns import AMOUNT
from schemas.raw_files import ENTERED

_STEPS = {decimals: Decimal(1).scaleb(-decimals) for decimals in range(AMOUNT.scale + 1)}
"""The step of the last digit of a number that is printed with so many decimals."""

_DECIMALS = dict(zip(_STEPS.values(), _STEPS, strict=True))


def texts_hold(contents: Contents) -> list[Failure]:
    """Return a failure for each text that is not the one that facts were read from, that lacks, or that may not be there."""
    sources = contents.tables["sources"].filter("republish_text").select("source_id", "sha256", "characters")
    place = "the table of sources, whose text may be republished,"
    return differing_rows("sources", "text_differs", contents.texts, (place, sources), ["source_id"])


def spans_hold(contents: Contents) -> list[Failure]:
    """Return a failure for each fact whose words are not in its text where it says; without the text, not within its length."""
    return [failure for name in ENTERED for failure in _spans(name, contents)]


def _spans(name: str, contents: Contents) -> list[Failure]:
    start, end, length = (pl.col(column) for column in ("quote_start", "quote_end", "characters"))
    rows = contents.tables[name].join(contents.tables["sources"].select("source_id", "characters"), on="source_id")
    rows = rows.join(contents.texts.select("source_id", "text"), on="source_id", how="left")
    places = {
        "quote": (start, end),
        "quote_prefix": (start - pl.min_horizontal(start, CONTEXT), start),
        "quote_suffix": (end, pl.min_horizontal(length, end + CONTEXT)),
    }
    expected = {}
    for column, (first, last) in places.items():
        fills = pl.col(column).str.len_chars().cast(pl.Int64) == last - first
        words = pl.col("text").str.slice(first, pl.max_horizontal(last - first, 0))
        expected[column] = pl.when(fills & pl.col("text").is_null()).then(column).otherwise(words)
    place = "the text, or the length of its place,"
    return differing(name, "span_is_not_the_quote", rows, (place, rows.select("fact_id", **expected)))


def mentions_hold(contents: Contents) -> list[Failure]:
    """Return a failure for each mention of a text that the table does not have as it reads, or has beyond."""
    tables = contents.tables
    read = Texts(contents.texts, {name: tables[name] for name in CODE_LISTS}).mentions
    published = tables["mentions"].join(contents.texts, on="source_id", how="semi")
    return differing("mentions", "mention_differs", published, ("the text", as_published(read)))


def _with_mentions(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return each observation with each mention that is its value: what the mention says, its columns called said_...

    A mention names one observation. Another one of the same number (same_as) has another indicator, and lies there too.
    """
    values = tables["mentions"].filter(role="value")
    said = values.select("source_id", "fact_id", pl.all().exclude("source_id", "fact_id").name.prefix("said_"))
    observations = tables["observations"]
    own = observations.join(said, on=["source_id", "fact_id"], maintain_order="left")
    others = observations.join(own, on="fact_id", how="anti")
    number = ["source_id", "original_value"]
    first = own.select(*number, "^said_.*$", first_indicator="indicator")
    shared = others.join(first, on=number).filter(pl.col("indicator") != pl.col("first_indicator"), _meet())
    return pl.concat([own, shared.select(own.columns)])


def _meet() -> pl.Expr:
    """Return whether quote and mention have a place in common; hedge and unit may stand beyond the quote."""
    return (pl.col("said_start_offset") < pl.col("quote_end")) & (pl.col("said_end_offset") > pl.col("quote_start"))


def values_hold(contents: Contents) -> list[Failure]:
    """Return a failure for each observation that is not the one number of a mention in its quote, and each mention of none."""
    observations, mentions = (contents.tables[name] for name in ("observations", "mentions"))
    pairs = _with_mentions(contents.tables).group_by("fact_id")
    held = pairs.agg(is_held=(pl.len() == 1) & (_meet() & _is_value()).all()).filter("is_held")
    lost = observations.join(held, on="fact_id", how="anti", maintain_order="left")
    strays = mentions.filter(role="value").join(observations, on=["source_id", "fact_id"], how="anti", maintain_order="left")
    message = pl.format("{} is not the value, unit and per of one mention in the quote", "original_value")
    return [
        *failing("observations", "value_not_in_quote", lost, message),
        *failing("mentions", "value_of_nothing", strays, pl.lit("is the value of no observation of its source")),
    ]


def _is_value() -> pl.Expr:
    """Return whether the mention beside an observation is its printed number: value, decimals, unit and per.

    What the words do not say agrees with anything; of what is unread, a curator's note says how it is read.
    """
    columns = ("said_low", "said_high", "said_step", "value", "relator")
    low, high, step, value, relator = (pl.col(name) for name in columns)
    is_one = (low == high) | pl.col("said_relators").str.contains("ge", literal=True)
    is_range = relator == "between"
    is_unread = pl.col("said_kind") == "unread"
    # of two numbers the coarser one may be the first, whose decimals are published
    decimals = pl.when(step >= 1).then(0).otherwise(step.replace_strict(_DECIMALS, default=None, return_dtype=pl.Int64))
    per, said_per = (pl.col(name).str.split(" ").list.first() for name in ("per", "said_per"))
    return pl.all_horizontal(
        is_unread == (pl.col("bound_basis") == "curator"),
        is_unread == low.is_null(),
        is_range == value.is_null(),
        is_range | (is_one & (low == value)),
        is_range | (decimals == pl.col("decimals")),
        pl.col("said_unit") == pl.col("unit"),
        said_per.is_null() | said_per.eq_missing(per),
        *(pl.col(words).str.contains(pl.col("original_value"), literal=True) for words in ("quote", "said_words")),
    ).fill_null(value=True)


def units_follow(contents: Contents) -> list[Failure]:
    """Return a failure for each observation whose unit and per are not its indicator's."""
    named = contents.tables["indicators"].select("unit", "per", indicator="code")
    rows = contents.tables["observations"]
    expected = rows.select("fact_id", "indicator").join(named, on="indicator")
    return differing("observations", "wrong_unit", rows, ("the indicator", expected))


def bounds_follow(contents: Contents) -> list[Failure]:
    """Return a failure for each observation whose bounds are not those of its number.

    They follow from value, relator, precision and basis alone; the two numbers of a range are those of its mention.
    """
    tables = contents.tables
    named = tables["indicators"].select("kind", "whole", indicator="code")
    numbers = _with_mentions(tables).select("fact_id", "said_low", "said_high").unique("fact_id")
    rows = tables["observations"].join(named, on="indicator", maintain_order="left")
    rows = rows.join(numbers, on="fact_id", how="left", maintain_order="left")
    basis = pl.col("bound_basis")
    # of a range whose words a curator has read, nothing but its bounds is known
    low, high = pl.coalesce("value", "said_low", "lower_bound"), pl.coalesce("said_high", "upper_bound")
    is_known = pl.coalesce("value", "said_low").is_not_null()
    stated = rows.with_columns(
        value=pl.when(pl.col("value").is_null()).then(pl.format("{}/{}", low, high)).otherwise(low.cast(pl.String)),
        precision=pl.when(basis.is_in(["rounding", "curator"]) & is_known).then("precision").cast(pl.String),
        step=pl.col("decimals").replace_strict(_STEPS, default=None, return_dtype=AMOUNT),
        is_fraction=basis == "fraction",
        is_hedged=basis == "hedge",
        by_curator=basis == "curator",
    )
    expected = _nearly(rows, bounds(stated).drop("decimals"))
    return differing("observations", "bounds_differ", rows, ("value, relator, precision and basis", expected))


def _nearly(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return the bounds found; of a value that is typed as a fraction, those published where only the last decimal differs.

    No number is typed with so many decimals: 2:3 is 66.666667 percent, and more than that is more than 66.666666.
    """
    is_fraction = rows["decimals"] == AMOUNT.scale
    for name in ("lower_bound", "upper_bound"):
        is_near = is_fraction & ((rows[name] - found[name]).abs() <= _STEPS[AMOUNT.scale]).fill_null(value=False)
        found = found.with_columns(rows[name].zip_with(is_near, found[name]))
    return found.with_columns(rows["fact_id"])


def periods_hold(contents: Contents) -> list[Failure]:
    """Return a failure for each fact, and each source, whose days are not those of its period."""
    ends = {name: name for name in Period._fields}
    days = {"published_earliest": "start_earliest", "published_latest": "end_latest"}
    failures = _periods(contents, "sources", ("source_id", "published"), days)
    return failures + [failure for name in ENTERED for failure in _periods(contents, name, ("fact_id", "period"), ends)]


def _periods(contents: Contents, name: str, columns: tuple[str, str], days: dict[str, str]) -> list[Failure]:
    rows = contents.tables[name]
    key, period = columns
    ends = period_ends(rows[period])[0].rename({"period": "typed"})
    read = rows.select(key, typed=period).join(ends, on="typed", how="left")
    return differing(name, "period_differs", rows, ("the period", read.select(key, **{period: "canonical"}, **days)))
