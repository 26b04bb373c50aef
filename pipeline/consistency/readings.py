"""Second readings: the facts as the other reading would have them, and what that would change.

Belongs here: taking the other reading of facts, and comparing what follows. Does not belong here: which readings there are
(raw/), or what follows from facts (solve).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from pipeline.consistency.connections import components, freed
from pipeline.consistency.quantities import QUANTITY, Facts
from pipeline.consistency.system import GROUP, System
from pipeline.facts.bounds import bounds
from pipeline.facts.periods import with_period_ends
from schemas.raw_files import ENTERED

_PERIOD = ["period", "start_earliest", "start_latest", "end_earliest", "end_latest"]
_BOUNDS = ["value", "decimals", "relator", "lower_bound", "upper_bound", "lower_closed", "upper_closed", "bound_basis"]
_READ_OTHERWISE = {
    "observations": [*_PERIOD, *_BOUNDS, *(name for name in QUANTITY if name != "period")],
    "events": _PERIOD,
    "statements": _PERIOD,
}


def alternatives(facts: Facts, readings: pl.DataFrame, typed: Mapping[str, pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, Facts]]:
    """Yield readings and the facts that they give, until each reading has been taken once.

    `readings` is the table of that name, `typed` the rows of the files that hold facts. Each time one reading of every source
    is taken: sources meet only in statements of one quantity, so a million of them take no more rounds than one.
    """
    rounds = readings.with_columns(round=pl.int_range(pl.len()).over("source_id"))
    for number in sorted(set(rounds["round"])):
        taken = rounds.filter(round=number)
        yield taken, replace(facts, **{name: _otherwise(name, facts, taken, typed[name]) for name in ENTERED})


def _otherwise(name: str, facts: Facts, taken: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """Return a table of facts with the other reading of some of them."""
    table: pl.DataFrame = getattr(facts, name)
    cells = taken.select("fact_id", "column", "other")
    rows = typed.with_columns(fact_id=pl.concat_str("source_id", "fact_id", separator="/")).join(cells, on="fact_id")
    rows = rows.with_columns(
        pl.when(pl.col("column") == column).then("other").otherwise(column).alias(column)
        for column in typed.columns
        if column in set(cells["column"])
    )
    read, _ = with_period_ends(rows, facts.sources)
    if name == "observations":
        kinds = facts.indicators.select("kind", "whole", indicator="code")
        read = read.with_columns(pl.col("relator").fill_null("eq")).join(kinds, on="indicator")
        read = read.drop("value").with_columns(bounds(read))
    columns = _READ_OTHERWISE[name]
    changed = table.drop(columns).join(read.select("fact_id", *columns), on="fact_id").select(table.columns)
    return pl.concat([table.join(changed, on="fact_id", how="anti"), changed]).sort("fact_id")


def touched(base: System, other: System) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the groups of two systems in which outcomes may differ: those connected with what only one of them has."""
    groups, variables = [], []
    for here, there in ((base, other), (other, base)):
        terms = here.rule_terms.join(there.rule_terms, on=here.rule_terms.columns, how="anti", nulls_equal=True)
        groups.append(terms.select(GROUP))
        kept = [name for name in here.variables.columns if name != "description"]
        own = here.variables.join(there.variables, on=kept, how="anti", nulls_equal=True)
        variables.append(own.select("variable"))
    named = pl.concat([base.edges, other.edges]).join(pl.concat(groups), on=GROUP, how="semi")
    marked = pl.concat([*variables, named.select("variable")]).unique()
    return _connected(base, marked), _connected(other, marked)


def _connected(system: System, variables: pl.DataFrame) -> pl.DataFrame:
    parts = components(System(freed(system.variables), system.rule_groups, system.rule_terms))
    met = system.edges.join(variables, on="variable", how="semi").join(parts, on=GROUP)
    return parts.join(met, on="component", how="semi").select(GROUP)


def changed(base: pl.DataFrame, other: pl.DataFrame, key: list[str], taken: pl.DataFrame) -> pl.DataFrame:
    """Return which readings change which rows: the key, and reading (fact.column=other).

    `base` and `other` have the key and what is compared; `base` also source_ids, the sources that its row rests on. A change
    is put down to the readings of these; to all that were taken where there is none of these.
    """
    compared = [name for name in other.columns if name not in key]
    rows = base.join(other.with_columns(is_there=pl.lit(value=True)), on=key, how="left", suffix="_other")
    same = [pl.col(name).eq_missing(pl.col(f"{name}_other")) for name in compared]
    differing = rows.filter(~pl.all_horizontal(pl.col("is_there").fill_null(value=False), *same)).select(*key, "source_ids")
    names = pl.format("{}.{}={}", "fact_id", "column", "other")
    readings = taken.select("source_id", reading=names)
    own = differing.explode("source_ids").join(readings, left_on="source_ids", right_on="source_id")
    rest = differing.join(own, on=key, how="anti").join(readings, how="cross")
    return pl.concat([part.select(*key, "reading") for part in (own, rest)])


def dependence(changes: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return the readings that would change each row, joined by a space: the key, depends_on_reading."""
    return changes.group_by(key).agg(pl.col("reading").unique().sort().str.join(" ").alias("depends_on_reading"))
