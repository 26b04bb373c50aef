"""What another reading of the facts than the one taken would change in outcomes and bounds: the column depends_on_reading.

Belongs here: what follows from other readings, compared with what is published. Does not belong here: the other readings, and
where they touch the system (touched), or what follows from facts (solve).
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from pipeline.consistency.evaluate import outcomes
from pipeline.consistency.implied_bounds import bounds
from pipeline.consistency.listings import listing_results
from pipeline.consistency.portions import portions
from pipeline.consistency.readings import Alternative
from pipeline.consistency.rules import Placed
from pipeline.consistency.solve import solve
from pipeline.consistency.system import GROUP, System, domains
from pipeline.consistency.touched import MARKED, marked, touched, united

_LOG = logging.getLogger(__name__)

_BOUNDS = ["lower", "upper", "lower_closed", "upper_closed"]


@dataclass(frozen=True)
class Reading:
    """What the reading taken gives: the system, the results of the listings, those of all rules, the bounds, and their premises.

    The premises are the groups that each bound rests on: variable, rule_id, group_id.
    """

    system: System
    listed: pl.DataFrame
    results: pl.DataFrame
    limits: pl.DataFrame
    premises: pl.DataFrame


@dataclass(frozen=True)
class _Round:
    """One other reading of each source: which, what it gives where it touches the system, and the groups touched."""

    readings: pl.DataFrame
    touched: pl.DataFrame
    system: System
    domains: pl.DataFrame
    listed: pl.DataFrame


def with_dependence(
    rules: list[Placed], taken: Reading, alternatives: Iterable[Alternative]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return results and bounds with what another reading than the one taken would change in them.

    All other readings are solved at once, beside each other.
    """
    rounds = list(_rounds(rules, taken, alternatives))
    if not rounds:
        return taken.results, taken.limits
    readings = pl.concat(one.readings for one in rounds)
    system = united(one.system for one in rounds)
    listed = _beside(one.listed for one in rounds)
    other_outcomes, other_bounds = [_compared(listed)], []
    for part, limits in portions(system, _beside(one.domains for one in rounds).drop("round")):
        solution = solve(part, limits, beside=len(rounds))
        other_outcomes.append(_compared(outcomes(solution)))
        other_bounds.append(bounds(part, solution).select("variable", *_BOUNDS))
    sources = taken.results.select(*GROUP, source_ids=pl.col("fact_ids").str.split(" ").list.eval(_source_of(pl.element())))
    before = _compared(taken.results).join(sources, on=GROUP)
    at_stake = [before.join(one.touched, on=GROUP, how="semi") for one in rounds]
    of_results = _changed(_beside(at_stake), pl.concat(other_outcomes), GROUP, readings)
    resting = taken.premises.join(sources, on=GROUP).group_by("variable").agg(pl.col("source_ids").explode().unique())
    bounded = taken.limits.select("variable", *_BOUNDS).join(resting, on="variable", how="left")
    met = [taken.premises.join(one.touched, on=GROUP, how="semi") for one in rounds]
    at_stake = [bounded.join(premises, on="variable", how="semi") for premises in met]
    of_bounds = _changed(_beside(at_stake), pl.concat(other_bounds), ["variable"], readings)
    return _told(taken.results, of_results, GROUP), _told(taken.limits, of_bounds, ["variable"])


def _compared(results: pl.DataFrame) -> pl.DataFrame:
    """Return of each group what another reading might change: rule_id, group_id, and the outcome."""
    return results.select(*GROUP, "outcome", "reason", is_incomplete=pl.col("imbalance_upper") < 0)


def _rounds(rules: list[Placed], taken: Reading, alternatives: Iterable[Alternative]) -> Iterator[_Round]:
    for one in alternatives:
        concerned = one.concerned(rules)
        other = replace(one, facts=replace(one.facts))  # a copy, as in conclude
        groups, part = touched(taken.system, other, concerned)
        _LOG.info("Other readings of %s facts touch %s groups.", one.readings.height, groups.height)
        listings = [placed.rule.id for placed in concerned]
        listed = taken.listed.filter(pl.col("rule_id").is_in(listings))
        yield _Round(
            one.readings,
            pl.concat([groups, listed.select(GROUP)]),
            part,
            domains(part.variables, other.facts),
            listing_results(concerned, replace(one.facts)),
        )


def _beside(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return a table of each round as one, the names marked, with its round."""
    return pl.concat(marked(table, number).with_columns(round=pl.lit(number, pl.Int64)) for number, table in enumerate(tables))


def _changed(base: pl.DataFrame, other: pl.DataFrame, key: list[str], taken: pl.DataFrame) -> pl.DataFrame:
    """Return which readings change which rows: the key, and reading (fact.column=other).

    `base` and `other` have the key, marked, and what is compared; `base` also round, and source_ids, the sources that its row
    rests on; `taken` are the readings with their round. A change is put down to the readings of these sources; to all of the
    round where there is none of these.
    """
    compared = [name for name in other.columns if name not in key]
    rows = base.join(other.with_columns(is_there=pl.lit(value=True)), on=key, how="left", suffix="_other")
    same = [pl.col(name).eq_missing(pl.col(f"{name}_other")) for name in compared]
    differing = rows.filter(~pl.all_horizontal(pl.col("is_there").fill_null(value=False), *same))
    differing = differing.select(*key, "round", "source_ids")
    names = pl.format("{}.{}={}", "fact_id", "column", "other")
    readings = taken.select("round", "source_id", reading=names)
    own = differing.explode("source_ids").join(readings, left_on=["round", "source_ids"], right_on=["round", "source_id"])
    rest = differing.join(own, on=key, how="anti").join(readings, on="round")
    of_names = [pl.col(name).str.replace("^[0-9]+ ", "") for name in key if name in MARKED]
    return pl.concat([part.select(*key, "reading") for part in (own, rest)]).with_columns(of_names)


def _told(table: pl.DataFrame, changes: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return a table with the readings that would change each row, joined by a space."""
    depends = changes.group_by(key).agg(pl.col("reading").unique().sort().str.join(" ").alias("depends_on_reading"))
    return table.drop("depends_on_reading").join(depends, on=key, how="left", maintain_order="left").select(table.columns)


def _source_of(fact_id: pl.Expr) -> pl.Expr:
    return fact_id.str.split("/").list.first()
