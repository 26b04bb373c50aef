"""Which facts would have to be wrong where facts contradict each other, as published.

Belongs here: the table error_sets. Does not belong here: the search (solver.repairs).
"""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR

import polars as pl

from pipeline.consistency.implied_bounds import outward
from pipeline.consistency.solver.problem import Key
from pipeline.consistency.solver.repairs import Repair
from schemas.tables import TABLES

_SHAPE = {name: column.dtype.type for name, column in TABLES["error_sets"].columns.items()}


def error_sets(contradictions: Mapping[str, list[Repair]], explanations: Mapping[Key, str]) -> pl.DataFrame:
    """Return the error sets; `contradictions` are by component, `explanations` the sentences of check_results."""
    rows = []
    for component, parts in sorted(contradictions.items()):
        for number, repair in enumerate(parts, start=1):
            told = {
                "component": component,
                "part": number,
                "rule_ids": " ".join(sorted({rule_id for rule_id, _ in repair.conflict})),
                "weight": repair.weight,
                "conflict": " ".join(explanations[key] for key in repair.conflict),
            }
            if not repair.sets:
                rows.append({**told, "set": 0, "reason": "solver_limit"})
            rows += [
                {
                    **told,
                    "set": place,
                    "variable": variable,
                    "lower": outward(limits.lower, ROUND_FLOOR),
                    "upper": outward(limits.upper, ROUND_CEILING),
                }
                for place, one in enumerate(repair.sets, start=1)
                for variable, limits in one.items()
            ]
    return pl.DataFrame(rows, schema=_SHAPE).sort("component", "part", "set", "variable")
