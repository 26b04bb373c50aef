"""What another reading of the facts than the one taken would change in outcomes and bounds: the
column depends_on_reading.

Belongs here: what follows from other readings, compared with what is published. Does not belong
here: the other readings (readings), or what follows from facts (solve).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from pipeline.reason.components import components, groups_of, only
from pipeline.reason.implied_bounds import bounds
from pipeline.reason.outcomes import outcomes
from pipeline.reason.readings import Alternative
from pipeline.reason.solve import solve
from pipeline.rules.listings import listing_results
from pipeline.rules.quantities import Facts
from pipeline.rules.rules_file import Placed
from pipeline.rules.system import GROUP, System, domains, linear_terms, speaking_of, system_of

_MARKED = ["quantity", "coefficient_quantity", "group_id"]
_BOUNDS = ["lower", "upper", "lower_closed", "upper_closed"]


@dataclass(frozen=True)
class Reading:
    """What the reading taken gives: the results of all rules, the bounds, and their premises.

    The premises are the groups that each bound rests on: quantity, rule_id, group_id. The sources
    are those of the facts that each group speaks of: rule_id, group_id, source_id.
    """

    results: pl.DataFrame
    limits: pl.DataFrame
    premises: pl.DataFrame
    sources: pl.DataFrame
    facts: Facts


def with_dependence(
    rules: list[Placed], system: System, taken: Reading, alternatives: Iterable[Alternative]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return results and bounds with what another reading than the one taken would change in them;
    `system` is as it has it.

    All other readings are solved at once, beside each other: of each what hangs together with a
    fact that it reads otherwise.
    """
    others = list(alternatives)
    if not others:
        return taken.results, taken.limits
    readings = pl.concat(one.readings for one in others)
    terms = linear_terms(rules, taken.facts)
    wholes = [system_of(_read_again(terms, rules, one), rules, one.facts) for one in others]
    affected = [
        _affected(system, whole, one.readings) for whole, one in zip(wholes, others, strict=True)
    ]
    parts = [_part(whole, groups) for whole, groups in zip(wholes, affected, strict=True)]
    other_results, other_limits = _found(rules, others, parts)
    before_results, before_limits = _taken_of(system, taken, affected)
    of_results = _changed(before_results, other_results, GROUP, readings)
    of_limits = _changed(before_limits, other_limits, ["quantity"], readings)
    return _told(taken.results, of_results, GROUP), _told(taken.limits, of_limits, ["quantity"])


def _read_again(terms: pl.DataFrame, rules: list[Placed], other: Alternative) -> pl.DataFrame:
    """Return terms by another reading: those of rules that it affects are made anew."""
    affected = speaking_of(other.indicators, rules, other.facts)
    unaffected = ~pl.col("rule_id").is_in([placed.rule.id for placed in affected])
    return pl.concat([terms.filter(unaffected), linear_terms(affected, other.facts)])


def _taken_of(
    system: System, taken: Reading, affected: list[pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what the reading taken gives of the groups that each round affects, and of all
    listings, with its sources.

    These are what is compared of the results, and the bounds; names are marked.
    """
    by_group = taken.sources.group_by(GROUP).agg(source_ids=pl.col("source_id").unique())
    results = _compared(taken.results).join(by_group, on=GROUP, how="left")
    listings = results.join(system.rule_groups, on=GROUP, how="anti")
    resting = (
        taken.premises.join(taken.sources, on=GROUP)
        .group_by("quantity")
        .agg(source_ids=pl.col("source_id").unique())
    )
    limits = taken.limits.select("quantity", *_BOUNDS).join(resting, on="quantity", how="left")
    return (
        _rounds(
            pl.concat([results.join(groups, on=GROUP, how="semi"), listings]) for groups in affected
        ),
        _rounds(
            limits.join(only(system, groups).edges, on="quantity", how="semi")
            for groups in affected
        ),
    )


def _found(
    rules: list[Placed], others: list[Alternative], parts: list[System]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what other readings give in parts of their systems: what is compared of the results,
    and the bounds.

    Names are marked.
    """
    known = _beside(
        domains(part.quantities, one.facts) for part, one in zip(parts, others, strict=True)
    )
    beside = System(
        *(_beside(tables) for tables in zip(*(part.tables for part in parts), strict=True))
    )
    solution = solve(beside, known, beside=len(others))
    listed = _beside(listing_results(rules, one.facts) for one in others)
    results = pl.concat([_compared(listed), _compared(outcomes(solution))])
    return results, bounds(solution).select("quantity", *_BOUNDS)


def _affected(system: System, other: System, readings: pl.DataFrame) -> pl.DataFrame:
    """Return the groups of two systems that hang together with facts that the other reads
    otherwise: rule_id, group_id.
    """
    both = System(
        *(pl.concat(tables).unique() for tables in zip(system.tables, other.tables, strict=True))
    )
    changed = both.quantities.join(readings, on="fact_id", how="semi")
    seeds = set(both.edges.join(changed, on="quantity", how="semi").select(GROUP).iter_rows())
    return groups_of(key for part in components(both) if not seeds.isdisjoint(part) for key in part)


def _part(system: System, groups: pl.DataFrame) -> System:
    """Return some groups of a system, and the quantities that they speak of."""
    part = only(system, groups)
    return replace(
        part,
        quantities=part.quantities.join(
            part.edges, on="quantity", how="semi", maintain_order="left"
        ),
    )


def _compared(results: pl.DataFrame) -> pl.DataFrame:
    """Return of each group what another reading might change: rule_id, group_id, and the
    outcome.
    """
    return results.select(*GROUP, "outcome", "reason", is_incomplete=pl.col("imbalance_upper") < 0)


def _beside(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return a table of each round of readings as one; names of quantities and groups begin with
    the number of theirs.
    """
    return pl.concat(
        table.with_columns(
            pl.format("{} {}", pl.lit(number), name).alias(name)
            for name in _MARKED
            if name in table.columns
        )
        for number, table in enumerate(tables)
    )


def _rounds(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return a table of each round of readings as one, with the round."""
    return _beside(
        table.with_columns(round=pl.lit(number, pl.Int64)) for number, table in enumerate(tables)
    )


def _changed(
    base: pl.DataFrame, other: pl.DataFrame, key: list[str], taken: pl.DataFrame
) -> pl.DataFrame:
    """Return which readings change which rows: the key, and reading (fact.column=other).

    `base` and `other` have the key, marked, and what is compared; `base` also round, and
    source_ids, the sources that its row rests on; `taken` are the readings with their round. A
    change is put down to the readings of these sources; to all of the round where there is none of
    these.
    """
    compared = [name for name in other.columns if name not in key]
    rows = base.join(
        other.with_columns(is_there=pl.lit(value=True)), on=key, how="left", suffix="_other"
    )
    same = [pl.col(name).eq_missing(pl.col(f"{name}_other")) for name in compared]
    differing = rows.filter(~pl.all_horizontal(pl.col("is_there").fill_null(value=False), *same))
    differing = differing.select(*key, "round", "source_ids")
    names = pl.format("{}.{}={}", "fact_id", "column_name", "other")
    readings = taken.select("round", "source_id", reading=names)
    own = differing.explode("source_ids").join(
        readings, left_on=["round", "source_ids"], right_on=["round", "source_id"]
    )
    rest = differing.join(own, on=key, how="anti").join(readings, on="round")
    of_names = [pl.col(name).str.replace("^[0-9]+ ", "") for name in key if name in _MARKED]
    return pl.concat([part.select(*key, "reading") for part in (own, rest)]).with_columns(of_names)


def _told(table: pl.DataFrame, changes: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return a table with the readings that would change each row, joined by a space."""
    depends = changes.group_by(key).agg(
        pl.col("reading").unique().sort().str.join(" ").alias("depends_on_reading")
    )
    return (
        table.drop("depends_on_reading")
        .join(depends, on=key, how="left", maintain_order="left")
        .select(table.columns)
    )
