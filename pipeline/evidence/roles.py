"""Every mention of every text has one role: value, period, name, published, waived or label. Lying
in somebody's quote is none.

Belongs here: giving roles. Does not belong here: what is wrong with waivers (waivers), what is said
of mentions that have no role (uncovered), or whether a fact agrees with its words (agreement).

The roles in the order in which they are given: the value of an observation; the source's day of
publication; part of a period that a fact has typed; part of what an event is; a waiver; a label,
which needs no row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipeline.built import Built, RowsAndDefects, Tables
from pipeline.defects import Defect, where
from pipeline.evidence.agreement.dates import are_parts
from pipeline.evidence.anchor import anchor
from pipeline.evidence.mentions import as_published
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import Texts
from pipeline.evidence.uncovered import mentions_without_role, speech_without_statement
from pipeline.evidence.waivers import idle_waivers, waived
from pipeline.read.raw_folder import Typed
from schemas.raw_files import ENTERED
from schemas.tables import TABLES

_ROLE = ["mention_id", "role", "fact_id", "waiver_kind", "reason"]


@dataclass(frozen=True)
class Rows:
    """What roles are given by: the typed waivers and observations, the published sources, and facts
    by the name of their table.

    `spoiled` are the spans (source_id, start, end) of quotes of rows that have a defect of their
    own: what these would cover is not reported a second time.
    """

    waivers: Typed
    observations: pl.DataFrame
    sources: pl.DataFrame
    facts: Tables
    spoiled: pl.DataFrame


def build_mentions(rows: Rows, texts: Texts) -> Built:
    """Return the mentions as published."""
    mentions = texts.mentions.sort("source_id", "start").with_row_index("mention_id")
    numbers = mentions.with_columns(
        start="number_start",
        end="number_end",
        next_start=pl.col("start").shift(-1).over("source_id"),
    )
    waivers, defects = _placed_waivers(rows, texts)
    first = _one_each(_typed_roles(rows, numbers, texts))
    bare = numbers.join(first, on="mention_id", how="anti", maintain_order="left")
    covered, wrong = waived(bare, waivers, rows.facts, texts)
    roles = _one_each([first, covered, _labels(mentions)])
    rolled = mentions.join(roles, on="mention_id", how="left", maintain_order="left")
    speech, used = speech_without_statement(rows.facts["statements"], waivers, rows.spoiled, texts)
    defects += [
        *rows.waivers.defects,
        *wrong,
        *mentions_without_role(_left(rolled, numbers, rows), texts),
    ]
    defects += [*_claimed_twice(rows, numbers), *speech, *idle_waivers(waivers, bare, used)]
    table = as_published(rolled.drop_nulls("role")).select(list(TABLES["mentions"].columns))
    return Built(table.sort("source_id", "start_offset"), defects)


def _placed_waivers(rows: Rows, texts: Texts) -> RowsAndDefects:
    """Return the waivers with the span of their words, and a defect for each whose words do not
    stand in the text once.
    """
    known = rows.waivers.rows.drop_nulls("quote")
    waivers, defects = anchor(known.with_columns(occurrence=pl.lit(None, pl.String)), texts)
    return waivers.with_row_index("waiver_id"), defects


def _left(rolled: pl.DataFrame, numbers: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Return the mentions without a role, but for those in quotes of rows that have a defect of
    their own.
    """
    excused = inside(rows.spoiled.rename({"start": "quote_start", "end": "quote_end"}), numbers)
    return rolled.filter(pl.col("role").is_null()).join(
        excused, on="mention_id", how="anti", maintain_order="left"
    )


def _typed_roles(rows: Rows, numbers: pl.DataFrame, texts: Texts) -> Iterator[pl.DataFrame]:
    """Yield the roles that facts and the day of publication give, the first of which counts."""
    yield _values(numbers, rows.facts["observations"])
    yield _published(numbers, rows.sources, texts)
    for name in ENTERED:
        yield _periods(numbers, rows.facts[name], texts)
    yield _in_labels(numbers, rows, texts)
    yield _in_events(numbers, rows.facts["events"], texts)


def _labels(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the roles of labels, which need no row."""
    role = pl.when(label="name").then(pl.lit("name")).otherwise(pl.lit("label"))
    return _roles(mentions.filter(kind="label").with_columns(role=role), pl.col("role"), None)


def _one_each(found: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the first role that was found for each mention."""
    ranked = pl.concat(roles.select(_ROLE).sort("fact_id") for roles in found)
    return ranked.unique("mention_id", keep="first", maintain_order=True)


def _roles(rows: pl.DataFrame, role: str | pl.Expr, fact_id: str | None) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    fact = nothing if fact_id is None else pl.col(fact_id)
    named = pl.lit(role) if isinstance(role, str) else role
    return rows.select(
        "mention_id", role=named, fact_id=fact, waiver_kind=nothing, reason=nothing
    ).unique()


def _values(numbers: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The mentions that are the value of an observation: a quote holds its number once."""
    quoted = observations.select(
        "fact_id", "source_id", "quote_start", "quote_end", "original_value"
    )
    pairs = inside(quoted, numbers.filter(pl.col("kind").is_in(["quantity", "label", "unread"])))
    return _roles(
        pairs.filter(pl.col("number_words") == pl.col("original_value")), "value", "fact_id"
    )


def _published(numbers: pl.DataFrame, sources: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    quoted = sources.drop_nulls("published_quote")
    rows = quoted.select(
        "source_id",
        quote="published_quote",
        occurrence=pl.lit("1"),
        raw_file=pl.lit(""),
        raw_line=pl.lit(1),
    )
    spans, _ = anchor(rows, texts)
    return _roles(inside(spans, numbers), "published", None)


def _periods(numbers: pl.DataFrame, facts: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """The periods that a fact has typed, in its quote or where its occasion stands."""
    is_occasion = (
        pl.col("occasion").is_not_null() if "occasion" in facts.columns else pl.lit(value=False)
    )
    dated = texts.with_paragraph(
        facts.select(
            "fact_id", "source_id", "quote_start", "quote_end", typed="period", occasion=is_occasion
        )
    )
    occasions = dated.filter("occasion").with_columns(
        quote_start="paragraph_start", quote_end="paragraph_end"
    )
    return _typed_periods(pl.concat([dated, occasions]), numbers)


def _in_labels(numbers: pl.DataFrame, rows: Rows, texts: Texts) -> pl.DataFrame:
    """The periods that an observation has typed, in its label quote: the heading of a table says
    the year for all rows.
    """
    labels = rows.observations.select(
        "raw_file", "raw_line", quote="label_quote", occurrence=pl.lit("1")
    )
    labels = labels.drop_nulls("quote")
    known = rows.facts["observations"].select(
        "fact_id", "source_id", "raw_file", "raw_line", typed="period"
    )
    spans, _ = anchor(known.join(labels, on=["raw_file", "raw_line"], maintain_order="left"), texts)
    return _typed_periods(spans, numbers)


def _typed_periods(spans: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return the roles of the periods in spans of facts that are typed there, whole or as an end:
    fact_id, typed, the span.
    """
    pairs = inside(spans, numbers.filter(kind="period"))
    return _roles(pairs.filter(are_parts(pairs["period"], pairs["typed"])), "period", "fact_id")


def _in_events(numbers: pl.DataFrame, events: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """The mentions inside the words that say what an event is."""
    spans = events.select(
        "fact_id", "source_id", "raw_file", "raw_line", quote="what", occurrence=pl.lit("1")
    )
    found, _ = anchor(spans, texts)
    return _roles(inside(found, numbers), "name", "fact_id")


def _claimed_twice(rows: Rows, numbers: pl.DataFrame) -> list[Defect]:
    """Return a defect for each observation whose number is the value of another one too, unless
    same_as says so.

    One number may be the value of several observations of different indicators; the later ones name
    the first.
    """
    claims = _claims(rows, numbers)
    is_later = pl.col("fact_id") != pl.col("first")
    is_named = (pl.col("named") == pl.col("first")).fill_null(value=False)
    is_typed = pl.col("same_as").is_not_null()
    first = pl.col("first").str.split("/").list.last()
    named = (
        pl.when("is_repeated")
        .then(pl.lit("remove the row"))
        .otherwise(pl.format("{} in same_as", first))
    )
    own = pl.format("a number of its own, since {} has this one; or {}", first, named)
    taken = partial(
        where, claims, column="quote", code="number_claimed_twice", found=pl.col("fact_id")
    )
    same = partial(where, claims, column="same_as", code="not_the_same_number")
    return [
        *taken(is_later & (~is_named | pl.col("is_repeated")), expected=own),
        *same(~is_later & is_typed, expected="nothing, since this fact is the first of its number"),
        *same(
            is_later & is_typed & ~is_named,
            expected=pl.format("the first fact of the same number: {}", first),
        ),
    ]


def _claims(rows: Rows, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return the observations with the mention that is their value, the first that has it, and the
    one that same_as names.
    """
    typed = rows.observations.select("same_as", "raw_file", "raw_line")
    known = rows.facts["observations"].select(
        "source_id", "fact_id", "indicator", "raw_file", "raw_line"
    )
    claims = _values(numbers, rows.facts["observations"]).join(known, on="fact_id")
    claims = claims.join(typed, on=["raw_file", "raw_line"], how="left").sort(
        "mention_id", "raw_line"
    )
    return claims.with_columns(
        named=pl.concat_str("source_id", "same_as", separator="/"),
        first=pl.col("fact_id").first().over("mention_id"),
        is_repeated=pl.struct("mention_id", "indicator").is_duplicated(),
    )
