"""From typed events, statements and second readings to facts, each with its words."""

import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect, nearest, where
from pipeline.evidence.agreement import dates, names, words
from pipeline.evidence.anchor import anchor
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import Texts
from pipeline.facts.dated import with_period_ends
from pipeline.facts.reference_tables import CodeLists
from pipeline.intervals.periods import in_force
from pipeline.read.raw_folder import Typed
from pipeline.read.validate import without
from schemas.raw_files import SOURCE_FILES
from schemas.tables import TABLES

_KEY = pl.concat_str("source_id", "fact_id", separator="/").alias("fact_id")


def build_events(typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists) -> Built:
    """Return the events as published."""
    rows, defects = _anchored("events", typed, sources, texts, lists)
    wrong = [
        *names.names_agree(rows, texts, names.Sought("agents", "who", in_speech=False)),
        *names.names_agree(rows, texts, names.Sought("areas", "where", _in_force(lists.areas))),
        *words.printed_as_typed(rows, texts, "what", "quote"),
        *dates.dates_agree(rows, texts),
        *names.speakers_agree(rows, texts, "attributed_to"),
        *_claims_are_attributed(rows, texts),
    ]
    return _published("events", rows, defects + wrong)


def build_statements(typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists) -> Built:
    """Return the statements as published."""
    rows, defects = _anchored("statements", typed, sources, texts, lists)
    reported = rows.filter(pl.col("speech") != "narrative")
    publishers = rows.filter(speech="narrative").join(
        sources.select("source_id", "publisher"), on="source_id", maintain_order="left"
    )
    known = pl.col("publisher").is_in(lists.agents["code"].implode())  # else that is the defect
    publisher = pl.format("the publisher, {}, who speaks where the source speaks in its own voice", pl.col("publisher"))
    wrong = [
        *where(publishers, known & (pl.col("who") != pl.col("publisher")), column="who", code="not_named", expected=publisher),
        *names.speakers_agree(reported, texts, "who"),
        *names.names_agree(rows, texts, names.Sought("areas", "where", _in_force(lists.areas), "occasion", label_decides=True)),
        *words.printed_as_typed(rows, texts, "office", "paragraph"),
        *words.printed_as_typed(rows, texts, "occasion", "paragraph"),
        *dates.dates_agree(rows, texts, instead="occasion"),
        *words.statements_are_whole(rows, texts),
    ]
    return _published("statements", rows, defects + typed.unsettled(wrong))


def _anchored(
    name: str, typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists
) -> tuple[pl.DataFrame, list[Defect]]:
    """Return the rows without a defect whose words were found, numbered, and the defects so far."""
    rows, unknown = lists.usable(typed, SOURCE_FILES[name])
    rows, no_period = with_period_ends(rows, sources)
    anchored, no_place = anchor(without(rows, no_period), texts)
    numbered = anchored.with_row_index("row")
    return numbered, [*typed.defects, *unknown, *no_period, *no_place, *words.quotes_are_whole_words(numbered)]


def _published(name: str, rows: pl.DataFrame, defects: list[Defect]) -> Built:
    """Return the rows without a defect as published."""
    failed = pl.DataFrame([(d.file, d.line) for d in defects], schema={"raw_file": pl.String, "raw_line": pl.Int64}, orient="row")
    sound = rows.join(failed.unique(), on=["raw_file", "raw_line"], how="anti", maintain_order="left")
    return Built(sound.with_columns(_KEY).select(list(TABLES[name].columns)).sort("fact_id"), defects)


def _in_force(areas: pl.DataFrame) -> names.Fits:
    """Return which areas a row can mean: those in force in its period."""
    return names.Fits(areas.select("code", "valid_from", "valid_to"), in_force())


def _claims_are_attributed(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """What stands in quotation marks is somebody's claim, and says whose."""
    quotes = rows.filter(pl.col("attributed_to").is_null()).select(
        "row", "source_id", "raw_file", "raw_line", "attributed_to", start="quote_start", end="quote_end"
    )
    speech = texts.speech.rename({"start": "quote_start", "end": "quote_end"})
    spoken = inside(speech, quotes).sort("row")
    expected = "who claims it, since the words stand in quotation marks"
    return where(spoken, pl.lit(value=True), column="attributed_to", code="not_attributed", expected=expected)


def build_readings(typed: Typed, facts: dict[str, Typed], lists: CodeLists) -> Built:
    """Return the second readings as published; `facts` are what was typed of the files that hold facts, by name."""
    defects = list(typed.defects)
    rows = without(typed.rows, (defect for defect in defects if defect.code != "readings_differ"))  # which cell is wrong is open
    sound = [of.sound().rows.join(rows, on=["source_id", "fact_id"], how="semi") for of in facts.values()]
    held = pl.concat(_cells(table) for table in sound)
    known = rows.join(held, on=["source_id", "fact_id", "column"], how="left", maintain_order="left")
    named = pl.concat([of.rows.select("source_id", "fact_id") for of in facts.values()]).unique()
    stranger = rows.join(named, on=["source_id", "fact_id"], how="anti", maintain_order="left")
    for row in stranger.filter(pl.col("fact_id").is_not_null()).iter_rows(named=True):
        hint = nearest(row["fact_id"], named.filter(source_id=row["source_id"])["fact_id"])
        defects.append(
            Defect(
                row["raw_file"],
                row["raw_line"],
                "fact_id",
                "unknown_fact",
                row["fact_id"],
                f"a fact of this source{hint}",
            )
        )
    familiar = known.join(pl.concat(sound, how="diagonal"), on=["source_id", "fact_id"], how="semi", maintain_order="left")
    no_column = pl.col("cell").is_null()
    defects += where(
        familiar,
        no_column,
        column="column",
        code="unknown_column",
        expected="a column of the fact that holds something",
    )
    differs = pl.col("cell") != pl.col("taken")
    held_now = pl.format("{}, as the fact has it", pl.col("cell"))
    defects += where(familiar, differs, column="taken", code="reading_differs", expected=held_now)
    codes = lists.codes()
    referring = {
        name: target for schema in SOURCE_FILES.values() for name, target in _references(schema.columns) if target in codes
    }
    for column, target in sorted(referring.items()):
        unknown = (pl.col("column") == column) & ~pl.col("other").is_in(codes[target].implode())
        defects += where(rows, unknown, column="other", code="unknown_code", expected=f"a code of {target.split('.')[0]}")
    return Built(rows.with_columns(_KEY).select(list(TABLES["readings"].columns)).sort("fact_id", "column", "other"), defects)


def _cells(table: pl.DataFrame) -> pl.DataFrame:
    """Return the typed cells of facts as rows: source_id, fact_id, column, cell."""
    return table.drop("raw_file", "raw_line").unpivot(index=["source_id", "fact_id"], variable_name="column", value_name="cell")


def _references(columns: dict[str, object]) -> list[tuple[str, str]]:
    pairs = [(name, (getattr(column, "metadata", None) or {}).get("references")) for name, column in columns.items()]
    return [(name, target) for name, target in pairs if target]
