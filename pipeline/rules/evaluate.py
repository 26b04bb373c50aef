"""What each group says by itself: its outcome, from the interval of the sum of its terms.

Belongs here: the SQL of the rules' arithmetic, asked of all groups at once. Does not belong here:
what groups say together (pipeline/reason).
"""

from importlib.resources import files

import polars as pl

from pipeline.query import query
from pipeline.rules.system import System

_EVALUATE = (files("pipeline.rules") / "evaluate.sql").read_text(encoding="utf-8")


def judge(system: System) -> pl.DataFrame:
    """Return each group with its outcome, its reason, and the sums of its terms.

    The columns are rule_id, group_id, source_id, imbalance_lower, imbalance_upper, outcome, reason,
    and for the sentence plus_lower, plus_upper, minus_lower, minus_upper (the sums of the terms
    added and taken off) and plus_terms (how many).
    """
    return query(
        _EVALUATE,
        quantities=system.quantities,
        rule_groups=system.rule_groups,
        rule_terms=system.rule_terms,
    )
