"""From typed events, statements and second readings to facts, each with its words."""

from functools import partial

import polars as pl

from pipeline.built import Built, RowsAndDefects
from pipeline.defects import Defect, where, with_advice
from pipeline.evidence.agreement import dates, names, speakers, words
from pipeline.evidence.anchor import anchor
from pipeline.evidence.texts import Texts
from pipeline.facts.dated import with_period_ends
from pipeline.facts.reference_tables import CodeLists
from pipeline.intervals.periods import in_force
from pipeline.read.raw_folder import Typed
from pipeline.read.validate import Codes, with_nearest, without
from schemas.columns import references
from schemas.raw_files import SOURCE_FILES
from schemas.tables import TABLES

_FACT = ["source_id", "fact_id"]
PUBLISHED_AS = {"where": "place"}
"""A word of SQL is no name of a column."""

_KEY = pl.concat_str("source_id", "fact_id", separator="/").alias("fact_id")


def build_events(typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists) -> Built:
    """Return the events as published."""
    rows, defects = _anchored("events", typed, sources, texts, lists)
    wrong = [
        *names.names_agree(rows, texts, names.Sought("agents", "who", in_speech=False)),
        *names.names_agree(rows, texts, names.Sought("areas", "where", _in_force(lists.areas))),
        *words.printed_as_typed(rows, texts, "what", "quote"),
        *dates.dates_agree(rows, texts),
        *speakers.speakers_agree(rows, texts, "attributed_to"),
        *speakers.claims_are_attributed(rows, texts),
    ]
    return _published("events", rows, with_advice(defects, wrong))


def build_statements(typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists) -> Built:
    """Return the statements as published."""
    rows, defects = _anchored("statements", typed, sources, texts, lists)
    reported = rows.filter(pl.col("speech") != "narrative")
    publishers = rows.filter(speech="narrative").join(
        sources.select("source_id", "publisher"), on="source_id", maintain_order="left"
    )
    known = pl.col("publisher").is_in(lists.agents["code"].implode())  # else that is the defect
    publisher = pl.format(
        "the publisher, {}, who speaks where the source speaks in its own voice",
        "publisher",
    )
    wrong = [
        *where(
            publishers,
            known & (pl.col("who") != pl.col("publisher")),
            column="who",
            code="not_named",
            expected=publisher,
        ),
        *speakers.speakers_agree(reported, texts, "who"),
        *names.names_agree(
            rows,
            texts,
            names.Sought("areas", "where", _in_force(lists.areas), "occasion", label_decides=True),
        ),
        *words.printed_as_typed(rows, texts, "office", "paragraph"),
        *words.printed_as_typed(rows, texts, "occasion", "paragraph"),
        *dates.dates_agree(rows, texts, instead="occasion"),
        *words.statements_are_whole(rows, texts),
    ]
    return _published("statements", rows, with_advice(defects, wrong))


def _anchored(
    name: str, typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists
) -> RowsAndDefects:
    """Return the rows whose words were found, numbered, and the defects so far."""
    rows, unknown = lists.usable(typed, SOURCE_FILES[name])
    rows, no_period = with_period_ends(rows, sources)
    anchored, no_place = anchor(rows, texts)
    numbered = anchored.with_row_index("row")
    cuts = words.quotes_are_whole_words(numbered)
    return numbered, with_advice([*typed.defects, *unknown], [*no_period, *no_place, *cuts])


def _published(name: str, rows: pl.DataFrame, defects: list[Defect]) -> Built:
    """Return the rows without a defect as published."""
    return Built(
        without(rows, defects)
        .with_columns(_KEY)
        .rename(PUBLISHED_AS)
        .select(list(TABLES[name].columns))
        .sort("fact_id"),
        defects,
    )


def _in_force(areas: pl.DataFrame) -> names.Fits:
    """Return which areas a row can mean: those in force in its period."""
    return names.Fits(areas.select("code", "valid_from", "valid_to"), in_force())


def build_readings(typed: Typed, facts: dict[str, Typed], lists: CodeLists) -> Built:
    """Return the second readings as published; `facts` are what was typed of the files that hold
    facts, by name.
    """
    # of two equal cells it is open which one is wrong, so that neither hides anything
    rows = without(
        typed.rows, (defect for defect in typed.defects if defect.code != "readings_differ")
    )
    familiar = _with_cells(rows, facts)
    found = partial(where, familiar)
    as_the_fact = pl.format("{}, as the fact has it", "cell")
    no_column = "a column of the fact that holds something"
    wrong = [
        *_strangers(rows, pl.concat(of.rows.select(_FACT) for of in facts.values())),
        *found(
            pl.col("cell").is_null(), column="column", code="unknown_column", expected=no_column
        ),
        *found(
            pl.col("cell") != pl.col("taken"),
            column="taken",
            code="reading_differs",
            expected=as_the_fact,
        ),
        *_unknown_others(rows, lists.codes()),
    ]
    named = rows.with_columns(_KEY, column_name=pl.col("column").replace(PUBLISHED_AS))
    table = named.select(list(TABLES["readings"].columns))
    return Built(table.sort("fact_id", "column_name", "other"), typed.defects + wrong)


def _strangers(readings: pl.DataFrame, facts: pl.DataFrame) -> list[Defect]:
    """Return a defect for each reading of a fact (source_id, fact_id) that its source does not
    have.
    """
    strange = readings.join(facts, on=_FACT, how="anti", maintain_order="left")
    defects = []
    for (source_id,), of_source in strange.partition_by("source_id", as_dict=True).items():
        named = pl.col("fact_id").is_not_null()
        unknown = where(
            of_source,
            named,
            column="fact_id",
            code="unknown_fact",
            expected="a fact of this source",
        )
        defects += with_nearest(unknown, facts.filter(source_id=source_id)["fact_id"].drop_nulls())
    return defects


def _unknown_others(readings: pl.DataFrame, codes: Codes) -> list[Defect]:
    """Return a defect for each second reading of a code that is none; `codes` are those known, by
    "table.column".
    """
    referring = {
        name: target
        for schema in SOURCE_FILES.values()
        for name, target in references(schema).items()
    }
    defects = []
    for column, target in sorted(referring.items()):
        if target in codes:
            unknown = (pl.col("column") == column) & ~pl.col("other").is_in(codes[target].implode())
            expected = f"a code of {target.partition('.')[0]}"
            defects += where(
                readings, unknown, column="other", code="unknown_code", expected=expected
            )
    return defects


def _with_cells(rows: pl.DataFrame, facts: dict[str, Typed]) -> pl.DataFrame:
    """Return the readings of facts that are there, each with the `cell` that its fact has in the
    column.
    """
    cells = pl.concat(
        _cells(of.sound().rows.join(rows, on=_FACT, how="semi")) for of in facts.values()
    )
    familiar = rows.join(cells, on=_FACT, how="semi", maintain_order="left")
    return familiar.join(cells, on=[*_FACT, "column"], how="left", maintain_order="left")


def _cells(table: pl.DataFrame) -> pl.DataFrame:
    """Return the typed cells of facts as rows: source_id, fact_id, column, cell."""
    return table.drop("raw_file", "raw_line").unpivot(
        index=["source_id", "fact_id"], variable_name="column", value_name="cell"
    )
