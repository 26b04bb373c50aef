"""One numeral that is the value of several observations: whether the later ones name the first."""

import polars as pl

from pipeline.defects import Defect, nearest
from pipeline.read.raw_folder import Typed


def same_as_defects(typed: Typed) -> list[Defect]:
    """Return a defect for each observation, as typed, whose same_as names no other first observation of another indicator."""
    rows = typed.rows.filter(pl.col("same_as").is_not_null() & ~pl.col("raw_file").is_in(list(typed.nameless)))
    if rows.is_empty():
        return []
    of_sources = typed.rows.join(rows, on="source_id", how="semi").drop_nulls("fact_id")
    known = {(row["source_id"], row["fact_id"]): row for row in of_sources.iter_rows(named=True)}
    defects = []
    for row in rows.iter_rows(named=True):
        source_id, first = row["source_id"], row["same_as"]
        target = known.get((source_id, first))
        if target is None:
            expected = f"an observation of this source{nearest(first, (fact for of, fact in known if of == source_id))}"
        elif first == row["fact_id"]:
            expected = "another fact: the first one whose numeral this is too"
        elif target["same_as"] is not None:
            expected = f"the first of them, {target['same_as']}"
        elif target["indicator"] == row["indicator"]:
            expected = f"a fact of another indicator than {row['indicator']}; one numeral is not two values of one"
        else:
            continue
        defects.append(Defect(row["raw_file"], row["raw_line"], "same_as", "wrong_same_as", first, expected))
    return defects
