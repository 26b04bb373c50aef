"""Every numeral of every text has one role: value, period, name, published, or waived. Lying in somebody's quote is none.

Belongs here: giving roles, and what is wrong with waivers. Does not belong here: what is said of numerals that have none
(uncovered), or whether a fact agrees with its words (agreement).

The roles in the order in which they are given: the value of an observation; the source's day of publication; part of a
period that a fact has typed; part of a name (of a code, or of what an event is); a waiver.
"""

import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect, where
from pipeline.evidence.anchor import anchor
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import Texts
from pipeline.evidence.uncovered import numerals_without_role, speech_without_statement
from pipeline.read.raw_folder import Typed
from schemas.tables import TABLES

NEAR = 30
"""Characters after a numeral in which a unit or a name shows that it counts something."""

TOUCHING = 3
"""Characters between a name and the numeral after it, as in a row of a table."""

_SPAN = ["source_id", "start", "end"]


def build_numerals(
    typed_waivers: Typed, sources: pl.DataFrame, facts: dict[str, pl.DataFrame], spoiled: pl.DataFrame, texts: Texts
) -> Built:
    """Return the numerals as published; `facts` are the tables of observations, events and statements.

    `spoiled` are the spans (source_id, start, end) of quotes of rows that have a defect of their own: what these would
    cover is not reported a second time.
    """
    numerals = texts.numerals.sort("source_id", "start").with_row_index("numeral_id")
    numerals = numerals.with_columns(next_start=pl.col("start").shift(-1).over("source_id"))
    known = typed_waivers.rows.filter(pl.col("quote").is_not_null())
    waivers, defects = anchor(known.with_columns(occurrence=pl.lit(None, pl.String)), texts)
    waivers = waivers.with_row_index("waiver_id")
    roles = _one_each(
        numerals,
        [
            _values(numerals, facts["observations"]),
            _published(numerals, sources, texts),
            *(_periods(numerals, facts[name], texts) for name in ("observations", "events", "statements")),
            _named(numerals, facts["events"], texts),
            _idioms(numerals, texts),
        ],
    )
    bare = numerals.join(roles, on="numeral_id", how="anti", maintain_order="left")
    waived, wrong = _waived(bare, waivers, facts["observations"], texts)
    roles = pl.concat([roles, waived])
    rolled = numerals.join(roles, on="numeral_id", how="left", maintain_order="left")
    uncovered = rolled.filter(pl.col("role").is_null())
    excused = _inside_of(uncovered, spoiled).select("numeral_id").unique()
    defects += (
        typed_waivers.defects
        + wrong
        + numerals_without_role(uncovered.join(excused, on="numeral_id", how="anti", maintain_order="left"), texts)
    )
    defects += _claimed_twice(facts["observations"], numerals)
    speech, used = speech_without_statement(facts["statements"], waivers, spoiled, texts)
    defects += speech + _stale(waivers, bare, used)
    table = rolled.filter(pl.col("role").is_not_null()).with_columns(
        value=pl.col("numeral").cast(pl.Decimal(20, 6), strict=False)
    )
    return Built(table.select(list(TABLES["numerals"].columns)).sort("source_id", "start"), defects)


def _one_each(numerals: pl.DataFrame, found: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the first role that was found for each numeral."""
    ranked = pl.concat([roles.with_columns(rank=pl.lit(rank)) for rank, roles in enumerate(found)])
    first = ranked.sort("numeral_id", "rank", "fact_id").unique("numeral_id", keep="first", maintain_order=True).drop("rank")
    return numerals.select("numeral_id").join(first, on="numeral_id", maintain_order="left")


def _roles(rows: pl.DataFrame, role: str, fact_id: str | None) -> pl.DataFrame:
    fact = pl.lit(None, pl.String) if fact_id is None else pl.col(fact_id)
    return rows.select("numeral_id", role=pl.lit(role), fact_id=fact, reason=pl.lit(None, pl.String)).unique()


def _values(numerals: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The numerals that are the value of an observation; with between, both."""
    quoted = observations.select(
        "fact_id", "source_id", "quote_start", "quote_end", "value", "lower_bound", "upper_bound", "relator", "decimals"
    )
    pairs = inside(quoted, numerals)
    number = pl.col("numeral").cast(pl.Decimal(20, 6), strict=False)
    decimals = pl.col("numeral").str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0).cast(pl.Int64)
    single = (number == pl.col("value")) & (decimals == pl.col("decimals"))
    double = (pl.col("relator") == "between") & ((number == pl.col("lower_bound")) | (number == pl.col("upper_bound")))
    return _roles(pairs.filter(single.fill_null(value=False) | double.fill_null(value=False)), "value", "fact_id")


def _inside_of(numerals: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return the numerals that lie inside one of some spans (source_id, start, end), joined to it."""
    return inside(spans.rename({"start": "quote_start", "end": "quote_end"}), numerals)


def _published(numerals: pl.DataFrame, sources: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    quoted = sources.filter(pl.col("published_quote").is_not_null())
    rows = quoted.select("source_id", quote="published_quote", occurrence=pl.lit("1"), raw_file=pl.lit(""), raw_line=pl.lit(1))
    spans, _ = anchor(rows, texts)
    return _roles(inside(spans.select("source_id", "quote_start", "quote_end"), numerals), "published", None)


def _periods(numerals: pl.DataFrame, facts: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """The numerals of the dates that a fact has in its period and in its quote, or where its occasion stands."""
    dates = texts.dates.drop("leads")
    dated = texts.with_paragraph(
        facts.select("fact_id", "source_id", "period", "quote_start", "quote_end", occasion=_occasion(facts))
    )
    occasions = dated.filter("occasion").with_columns(quote_start="paragraph_start", quote_end="paragraph_end")
    pairs = inside(pl.concat([dated, occasions]), dates)
    typed = pl.col("period").str.split("/").list
    same = typed.contains(pl.col("date")) | (
        pl.col("date").str.starts_with("XXXX") & pl.col("period").str.contains(pl.col("date").str.slice(4), literal=True)
    )
    spans = pairs.filter(same).select("fact_id", "source_id", "start", "end")
    return _roles(_inside_of(numerals, spans), "period", "fact_id")


def _occasion(facts: pl.DataFrame) -> pl.Expr:
    return pl.col("occasion").is_not_null() if "occasion" in facts.columns else pl.lit(value=False)


def _named(numerals: pl.DataFrame, events: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """The numerals inside a label or alias of a code, or inside the words that say what an event is."""
    labels = _roles(_inside_of(numerals, texts.names.select(_SPAN)), "name", None)
    spans = events.select("fact_id", "source_id", quote="what", occurrence=pl.lit("1"), raw_file="raw_file", raw_line="raw_line")
    found, _ = anchor(spans, texts)
    in_events = inside(found.select("fact_id", "source_id", "quote_start", "quote_end"), numerals)
    return pl.concat([labels, _roles(in_events, "name", "fact_id")])


def _idioms(numerals: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """The numerals inside an idiom of their language."""
    return _roles(_inside_of(numerals, texts.idioms), "waived", None).with_columns(reason=pl.lit("An idiom that counts nothing"))


def _waived(
    bare: pl.DataFrame, waivers: pl.DataFrame, observations: pl.DataFrame, texts: Texts
) -> tuple[pl.DataFrame, list[Defect]]:
    """Return the numerals that waivers cover, and the defects of waivers that hide what counts something."""
    columns = [
        "waiver_id",
        "source_id",
        "quote_start",
        "quote_end",
        "kind",
        "fact_id",
        "reason",
        "raw_file",
        "raw_line",
        waivers["quote"].alias("waiver"),
    ]
    pairs = inside(waivers.select(columns), bare).sort("numeral_id", "waiver_id")
    stated = observations.select(fact="fact_id", fact_value="value")
    pairs = pairs.with_columns(fact=pl.concat_str("source_id", "fact_id", separator="/")).join(
        stated, on="fact", how="left", maintain_order="left"
    )
    names = texts.names.filter(pl.col("list").is_in(["indicators", "categories"])).select("source_id", "start", "end")
    longest = names.select((pl.col("end") - pl.col("start")).max().fill_null(0)).item()
    around = pairs.rename({"start": "numeral_start", "end": "numeral_end"}).with_columns(
        first=pl.col("numeral_start") - TOUCHING - longest, last=pl.col("numeral_end") + NEAR + longest
    )
    counts = inside(around, names, start="first", end="last")
    follows = pl.col("start").is_between("numeral_end", pl.min_horizontal(pl.col("numeral_end") + NEAR, "next_start"))
    touches = pl.col("end").is_between(pl.col("numeral_start") - TOUCHING, "numeral_start")
    counts = counts.filter(follows | touches)
    dates = texts.dates.select("source_id", date_start="start", date_end="end")
    dated = inside(dates, pairs, start="date_start", end="date_end").sort("numeral_id", "waiver_id")
    no_fact = (pl.col("kind") == "repeats") & pl.col("fact_value").is_null()
    other = (pl.col("kind") == "repeats") & (pl.col("numeral").cast(pl.Decimal(20, 6), strict=False) != pl.col("fact_value"))
    is_idle = pl.col("kind") != "repeats"
    fact = "a fact of its own: {}"
    wrong = [
        *_hidden(pairs.filter(is_idle & (pl.col("unit") != "")), "a unit follows the numeral", fact),
        *_hidden(pairs.filter(is_idle & (pl.col("hedge") != "")), "a hedge touches the numeral", fact),
        *_hidden(counts.filter(is_idle), "what is counted stands at the numeral", fact),
        *_hidden(dated.filter(is_idle & ~_is_in_name()), "the numeral is a date", fact),
        *where(pairs, no_fact, column="fact_id", code="unknown_fact", expected="an observation of this source"),
        *where(
            pairs,
            other,
            column="quote",
            code="not_repeated",
            expected=pl.format("a numeral that equals the fact's value, {}", pl.col("fact_value")),
            found=pl.col("waiver"),
        ),
    ]
    covered = pairs.select("numeral_id", role=pl.lit("waived"), fact_id=pl.when(kind="repeats").then("fact"), reason="reason")
    return covered.unique("numeral_id", keep="first", maintain_order=True), wrong


def _is_in_name() -> pl.Expr:
    """Whether a waived date is part of a proper name: kind name, and a capital letter begins the word right before it."""
    before = pl.col("waiver").str.slice(0, (pl.col("start") - pl.col("quote_start")).cast(pl.Int64))
    return (pl.col("kind") == "name") & before.str.contains(r"\w\W+\p{Lu}\w+\W$")


def _hidden(rows: pl.DataFrame, why: str, fact: str) -> list[Defect]:
    unique = rows.unique(["waiver_id", "numeral_id"], maintain_order=True)
    return where(
        unique, pl.lit(value=True), column="quote", code="waiver_hides_a_fact", expected=fact.format(why), found=pl.col("waiver")
    )


def _stale(waivers: pl.DataFrame, bare: pl.DataFrame, used: set[int]) -> list[Defect]:
    """Return a defect for each waiver that covers neither a numeral without another role nor a piece of direct speech."""
    covering = (
        _inside_of(bare, waivers.select("waiver_id", "source_id", start="quote_start", end="quote_end"))["waiver_id"]
        .unique()
        .to_list()
    )
    idle = ~pl.col("waiver_id").is_in([*covering, *used])
    expected = "words around a numeral, or of direct speech, that no fact covers; remove the row if there is none"
    return where(waivers, idle, column="quote", code="stale_waiver", expected=expected)


def _claimed_twice(observations: pl.DataFrame, numerals: pl.DataFrame) -> list[Defect]:
    """Return a defect for each observation whose numeral is the value of another one too."""
    claims = (
        _values(numerals, observations)
        .join(observations.select("fact_id", "raw_file", "raw_line"), on="fact_id")
        .sort("numeral_id", "raw_line")
    )
    claims = claims.with_columns(first=pl.col("fact_id").first().over("numeral_id"))
    expected = pl.format("a numeral of its own; it is the value of {} already", pl.col("first"))
    return where(
        claims,
        pl.col("first") != pl.col("fact_id"),
        column="quote",
        code="numeral_claimed_twice",
        expected=expected,
        found=pl.col("fact_id"),
    )
