"""From typed events, statements and second readings to facts, each with its words."""

import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect, nearest, where
from pipeline.facts.anchor import anchor
from pipeline.facts.periods import with_period_ends
from pipeline.facts.reference_tables import CodeLists
from pipeline.sources.raw_folder import Typed
from pipeline.sources.validate import unknown_codes
from schemas.raw_files import SOURCE_FILES
from schemas.tables import TABLES

_KEY = pl.concat_str("source_id", "fact_id", separator="/").alias("fact_id")


def build_dated(name: str, typed: Typed, sources: pl.DataFrame, texts: pl.DataFrame, lists: CodeLists) -> Built:
    """Return the events or the statements as published, by the `name` of their table."""
    defects = typed.defects + unknown_codes(typed.rows, SOURCE_FILES[name], lists.codes())
    rows, wrong = with_period_ends(typed.rows, sources)
    defects += wrong
    anchored, wrong = anchor(rows.filter(pl.col("quote").is_not_null()), texts)
    defects += wrong
    table = anchored.with_columns(_KEY).select(list(TABLES[name].columns)).sort("fact_id")
    return Built(table, defects)


def build_readings(typed: Typed, facts: dict[str, pl.DataFrame], lists: CodeLists) -> Built:
    """Return the second readings as published; `facts` are the typed rows of the files that hold facts, by name."""
    rows, defects = typed.rows, list(typed.defects)
    held = pl.concat([_cells(table) for table in facts.values()])
    known = rows.join(held, on=["source_id", "fact_id", "column"], how="left", maintain_order="left")
    named = held.select("source_id", "fact_id").unique()
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
    familiar = known.join(named, on=["source_id", "fact_id"], how="semi", maintain_order="left")
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
