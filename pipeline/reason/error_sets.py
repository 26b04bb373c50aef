"""Which facts would have to be wrong where facts contradict each other, as published.

Belongs here: the table error_sets. Does not belong here: the search (repairs).
"""

from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.reason.components import groups_of
from pipeline.reason.implied_bounds import outward
from pipeline.reason.repairs import Repair
from pipeline.rules.system import GROUP
from schemas.tables import empty

SET = ["component", "part", "error_set", "quantity"]
"""What names a row of an error set."""


def error_sets(contradictions: Mapping[str, list[Repair]], results: pl.DataFrame) -> pl.DataFrame:
    """Return the error sets; `contradictions` are by component, `results` are check_results of all
    their groups.
    """
    named = groups_of(
        {key for parts in contradictions.values() for repair in parts for key in repair.conflict}
    )
    of_conflicts = results.select(*GROUP, "explanation").join(named, on=GROUP, how="semi")
    explanations = {
        (rule_id, group_id): words for rule_id, group_id, words in of_conflicts.iter_rows()
    }
    rows = [
        {
            "component": component,
            "part": number,
            "rule_ids": " ".join(sorted({rule_id for rule_id, _ in repair.conflict})),
            "weight": repair.weight,
            "conflict": " ".join(explanations[key] for key in repair.conflict),
            **row,
        }
        for component, parts in contradictions.items()
        for number, repair in enumerate(parts, start=1)
        for row in _facts_of(repair)
    ]
    return pl.DataFrame(rows, schema=empty("error_sets").schema).sort(SET)


def _facts_of(repair: Repair) -> Iterator[dict[str, object]]:
    """Yield what a part says of each fact of each set, or that finding them took too many steps."""
    if not repair.sets:
        yield {"error_set": 0, "reason": "solver_limit"}
    for number, one in enumerate(repair.sets, start=1):
        for quantity, limits in one.items():
            reason = None if limits.is_tight else "solver_limit"
            named = {"error_set": number, "quantity": quantity, "reason": reason}
            yield named | outward(limits.interval)
