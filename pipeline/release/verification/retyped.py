"""The rows of a release as a person typed them: a folder raw/ that lies nowhere, of which the steps make its tables again.

Belongs here: what was typed, from what is published. Does not belong here: making the tables (remade). Not published, and so
taken to be whatever settles a defect: label_quote and same_as of an observation, whether a period was typed that is the day of
publication, and the waivers of speech (SETTLED, UNSEEN); and how much a fact is trusted (weigh).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs
from pandera.polars import DataFrameSchema

from pipeline.consistency.rules import Placed, with_built_in
from pipeline.defects import Defect
from pipeline.evidence.anchor import occurrence
from pipeline.evidence.searchable import Searchable
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import Texts
from pipeline.read.listing import Listing
from pipeline.read.raw_folder import CODE_LIST_FOLDER, FINDINGS_FILE, RELEASES_FILE, RULES_FILE, SOURCES, RawFolder, Typed
from pipeline.read.releases import history_defects
from pipeline.read.source_toml import SourceFiles
from pipeline.read.validate import validate
from pipeline.release.opened import reason
from pipeline.steps import all_texts
from schemas.code_lists import CODE_LISTS
from schemas.columns import AMOUNT
from schemas.kinds import FRACTIONAL, SHARES
from schemas.raw_files import ENTERED, FINDINGS_CSV, RELEASES_CSV, SOURCE_FILES
from schemas.rules import HEAVIEST, RULE, TRANSLATIONS_AGREE
from schemas.source_toml import PUBLISHED_AS, SOURCE_TOML

Tables = Mapping[str, pl.DataFrame]
Places = Mapping[str, tuple[str, Searchable]]
"""Each text, as it is and as it is searched."""

_UNSAID = frozenset({("period", "date_disagrees")})
SETTLED = {
    "observations": _UNSAID
    | {(column, "not_named") for column in ("indicator", "area", "category")}
    | {("indicator", "unit_disagrees"), ("precision", "precision_not_in_words")},
    "statements": _UNSAID,
}
"""Defects of facts, by column and code, that cells settle which are not published."""

UNSEEN = ("speech_without_statement", "number_claimed_twice")
"""Defects that rows or cells settle which are not published, and which keep no row out of a table."""

_NAME_BEFORE = re.compile(r"(?:\S+\s+){0,2}$")
"""The words before a date by which it is seen to be part of a name."""

_FAR = 200
"""Characters before a date in which these are."""

_NEAR = Fraction(1, 2 * 10**AMOUNT.scale)
_PLACE = {"raw_file": pl.String, "raw_line": pl.Int64}
_ZEROS = r"\.?0+$"


def retyped(tables: Tables, texts: Mapping[str, tuple[str, str]], history: pl.DataFrame) -> RawFolder:
    """Return a folder raw/ that gives the tables; `texts` are texts with their SHA-256, `history` is releases.csv."""
    raw = RawFolder(Path("raw"))
    known, sources = raw.memo, tables["sources"]
    folders = {CODE_LIST_FOLDER, *sources["source_id"]}
    known |= {"/": Listing([], folders=folders)} | {f"{name}/": Listing([]) for name in folders}
    known |= {f"{name}/text.txt": (*texts.get(name, (None, "")), []) for name in sources["source_id"]}
    known |= {name: _typed(pl.lit(f"{CODE_LIST_FOLDER}/{name}.csv"), tables[name], schema) for name, schema in CODE_LISTS.items()}
    known[SOURCES] = typed = _sources(tables)
    known["rules"] = with_built_in(raw, *_rules(tables["rules"]))
    # a source whose text is not there is known by its folder; what it says is as published
    known[SOURCES] = replace(typed, rows=typed.rows.filter(pl.col("source_id").is_in(list(texts))))
    known["findings"] = _typed(pl.lit(FINDINGS_FILE), tables["findings"], FINDINGS_CSV)
    releases = _typed(pl.lit(RELEASES_FILE), history, RELEASES_CSV)
    known["releases"] = Typed(releases.rows, releases.defects + history_defects(releases.sound().rows))
    there = all_texts(raw, sources.filter(pl.col("source_id").is_in(list(texts))))
    known |= _facts(tables, [part for part, _ in there])
    return raw


def _facts(tables: Tables, texts: list[Texts]) -> dict[str, Typed]:
    """Return the rows of the CSV files of all sources by their names; `texts` are those that are there."""
    local = pl.col("fact_id").str.strip_prefix(pl.concat_str("source_id", pl.lit("/")))
    facts = {name: tables[name].with_columns(local) for name in (*ENTERED, "readings", "mentions")}
    places = {
        source_id: (text, part.forms[source_id])
        for part in texts
        for source_id, text in part.table.select("source_id", "text").iter_rows()
    }
    numbers = _numbers(facts, tables["indicators"], texts)
    labels = _occurrences(numbers, places, "label_quote", "end_offset").alias("label_occurrence")
    rows = {**facts, "observations": numbers.with_columns(labels), "waivers": _waivers(facts["mentions"], places)}
    typed = {"readings": _typed(pl.format("{}/readings.csv", "source_id"), facts["readings"], SOURCE_FILES["readings"])}
    for name in (*ENTERED, "waivers"):
        placed = rows[name].with_columns(_occurrences(rows[name], places, "quote", "quote_end"))
        typed[name] = replace(
            _typed(pl.format(f"{{}}/{name}.csv", "source_id"), placed, SOURCE_FILES[name]), settled=SETTLED.get(name, frozenset())
        )
    return typed


def _typed(file: pl.Expr, rows: pl.DataFrame, schema: DataFrameSchema) -> Typed:
    """Return rows as the text cells of a file, and what its schema does not admit; raw_file and raw_line are kept if there."""
    lines = {"raw_file": file, "raw_line": pl.int_range(1, pl.len() + 1)}
    placed = rows.with_columns(**{name: line for name, line in lines.items() if name not in rows.columns})
    cells = placed.with_columns(cs.decimal().cast(pl.String).str.replace(_ZEROS, ""))
    missing = {name: pl.lit(None) for name in schema.columns if name not in cells.columns}
    typed = cells.with_columns(**missing).select(pl.col(name).cast(_PLACE.get(name, pl.String)) for name in schema.columns)
    # two waivers may have the same words: which are meant is known of them and of a label_quote, which no file says
    wrong = [defect for defect in validate(typed, schema) if defect.code != "duplicate" or defect.column != "quote"]
    return Typed(typed.hstack(cells.select(cs.matches("occurrence$")).drop(typed.columns, strict=False)), wrong)


def _sources(tables: Tables) -> SourceFiles:
    """Return the source.toml of all sources."""
    rows = tables["sources"]
    for name in ENTERED:
        counts = tables[name].group_by("source_id").agg(pl.len().alias(f"expected.{name}"))
        rows = rows.join(counts, on="source_id", how="left", maintain_order="left")
    keyed = rows.with_columns(pl.col("^expected.*$").fill_null(0), raw_line=1)
    typed = _typed(
        pl.format("{}/source.toml", "source_id"),
        keyed.rename({published: key for key, published in PUBLISHED_AS.items()}),
        SOURCE_TOML,
    )
    lines = {"translation_of": next(iter(tables["rules"].filter(rule_id=TRANSLATIONS_AGREE)["raw_line"]), 1)}
    return SourceFiles(typed.rows, typed.defects, key_lines=dict.fromkeys(rows["source_id"], lines))


def _rules(table: pl.DataFrame) -> tuple[list[Placed], list[Defect]]:
    """Return the rules that somebody typed, and a defect for each that is none."""
    placed, defects = [], []
    for row in table.filter(pl.col("rule_id") != TRANSLATIONS_AGREE).sort("rule_id").iter_rows(named=True):
        typed = {"id": row["rule_id"], **{key: row[key] for key in ("kind", "title", "severity")}}
        place = (row["raw_file"], row["raw_line"])
        try:
            rule = RULE.validate_python({**json.loads(row["definition"]), **typed})
        except (ValueError, TypeError, RecursionError) as error:
            defects.append(Defect(*place, row["rule_id"], "wrong_rule", "", f"the definition of a rule ({reason(error)})"))
        else:
            placed.append(Placed(rule, row["source_id"], *place, {}))
    return placed, defects


def _occurrences(rows: pl.DataFrame, places: Places, words: str, end: str) -> pl.Series:
    """Return which of equal passages each row means that has some words, which end at a place of its text."""
    cells = rows.select("source_id", words, end).iter_rows()
    found = [occurrence(*places[of], said, at) if of in places and said is not None else None for of, said, at in cells]
    return pl.Series("occurrence", found, dtype=pl.String)


def _numbers(facts: Tables, indicators: pl.DataFrame, texts: list[Texts]) -> pl.DataFrame:
    """Return the observations with value, precision and label_quote as they may have been typed."""
    rows = facts["observations"].with_row_index("row")
    mentions = pl.concat(part.mentions for part in texts).with_columns(start="number_start", end="number_end")
    held = inside(rows.select("row", "source_id", "quote_start", "quote_end", "original_value"), mentions)
    said = held.filter(pl.col("number_words") == pl.col("original_value")).unique("row", keep="first")
    said = said.select("row", "low", "high", is_read=True, step=pl.col("step").cast(AMOUNT, strict=False))
    dated = facts["mentions"].filter(role="period").join(rows.drop("period"), on=["source_id", "fact_id"])
    beyond = dated.filter((pl.col("start_offset") < pl.col("quote_start")) | (pl.col("end_offset") > pl.col("quote_end")))
    labels = beyond.group_by("row").agg(pl.first("end_offset"), label_quote=pl.first("words"))
    kinds = indicators.select("kind", "whole", indicator="code").unique("indicator")
    for on, more in (("indicator", kinds), ("row", said), ("row", labels)):
        rows = rows.join(more, on=on, how="left", maintain_order="left")
    return as_typed(rows)


def as_typed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return published numbers with value and precision as they may have been typed.

    `rows` have besides kind and whole of the indicator, and low, high (as printed) and step of the mention, if it is_read.
    """
    bounds = pl.col("lower_bound", "upper_bound").cast(pl.String).str.replace(_ZEROS, "")
    columns = ("value", "decimals", "bound_basis", "kind", "low", "high", bounds)
    value = pl.Series("value", [_value(*cells) for cells in rows.select(columns).iter_rows()], dtype=pl.String)
    has_bounds = pl.any_horizontal(pl.col("lower_bound", "upper_bound").is_not_null())
    is_printed = (pl.col("precision") == pl.col("step")) & ((pl.col("step") > 1) | ~pl.col("whole"))
    is_other = pl.coalesce(~is_printed, "is_read", pl.lit(value=False))
    is_typed = pl.when(relator="eq").then(is_other).otherwise((pl.col("relator") == "approx") & has_bounds)
    return rows.with_columns(value, precision=pl.when(is_typed).then("precision"))


def _value(*cells: Any) -> str | None:  # noqa: ANN401 (the cells of a row, see _numbers)
    """Return how a number was typed: with its decimals, two of them, or as the first fraction that gives its value."""
    value, decimals, basis, kind, low, high, lower_bound, upper_bound = cells
    if value is None:
        return f"{low or lower_bound}/{high or upper_bound}"
    if kind in FRACTIONAL and (basis == "fraction" or decimals == AMOUNT.scale):
        whole = 100 if kind in SHARES else 1
        share = Fraction(value) / whole
        near = (share.limit_denominator(10**digits) for digits in range(1, AMOUNT.precision))
        part = next(part for part in near if abs(part - share) * whole <= _NEAR)
        return f"{part.numerator}:{part.denominator}"
    return f"{value:.{max(decimals or 0, 0)}f}"


def _waivers(mentions: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Return a waiver for each waived mention: its words, and the two before of a date in a name."""
    rows = mentions.filter(role="waived").with_row_index("row")
    dates = rows.filter(pl.col("waiver_kind") == "name", pl.col("kind") == "period", pl.col("source_id").is_in(list(places)))
    cells = dates.select("row", "source_id", "start_offset").iter_rows()
    named = [(row, _NAME_BEFORE.search(places[of][0], max(at - _FAR, 0), at)) for row, of, at in cells]
    before = pl.DataFrame(
        [(row, match.group()) for row, match in named if match], {"row": pl.UInt32, "before": pl.String}, orient="row"
    )
    quotes = rows.join(before, on="row", how="left", maintain_order="left")
    return quotes.drop("kind").with_columns(
        kind="waiver_kind", quote=pl.concat_str(pl.col("before").fill_null(""), "words"), quote_end="end_offset"
    )


def weigh(raw: RawFolder, tables: Tables) -> None:
    """Let facts be trusted as the error sets have it: one alone as its set weighs, those of others 1, the rest as far as may be.

    How much a fact is trusted ([weights] of rules.toml) is not published.
    """
    named = tables["error_sets"].join(tables["variables"].select("variable", "fact_id"), on="variable")
    is_alone = pl.len().over("component", "part", "set") == 1
    told = named.select("fact_id", weight=pl.when(is_alone).then("weight").otherwise(1))
    weights = dict(told.group_by("fact_id").max().iter_rows())
    for (source_id,), rows in pl.concat(tables[name].select("source_id", "fact_id") for name in ENTERED).group_by("source_id"):
        of_facts = {fact.removeprefix(f"{source_id}/"): weights.get(fact, HEAVIEST) for fact in rows["fact_id"]}
        raw.memo[f"{source_id}/"] = Listing([], files={RULES_FILE})
        raw.memo[f"{source_id}/{RULES_FILE}"] = ({"weights": of_facts}, {}, [])
