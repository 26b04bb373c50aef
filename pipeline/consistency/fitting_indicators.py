"""Which indicators a rule may name: those of the kinds that it reckons with, counted in units that can be added up.

Belongs here: kind, unit, base and time of what a rule names. Does not belong here: whether its codes and facts exist (rules).
"""

import polars as pl

from schemas.kinds import SHARES
from schemas.rules import AddsUp, Growth, PartsOf, Rule, Subset

_ADDED = ("stock", "flow", "duration", "money")
"""The kinds whose values can be added up to those of a whole."""

_KINDS = {
    "adds_up whole": _ADDED,
    "parts_of whole": _ADDED,
    "share_of shares": SHARES,
    "shares_partial shares": ("share",),
    "shares_complete shares": ("share",),
    "multi_response shares": ("multi_share",),
    "growth stock": ("stock", "money"),
    "growth flow": ("flow", "money"),
}
"""The kinds that may stand at a key of a rule of a kind; at all others any."""


def fitting_indicators(rule: Rule, key: str, indicators: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `indicators` that a rule may name at a key, beside what it names at its others.

    A part is of the kind, the time and the unit of its whole, or both are counts: NGOs and trade unions are organisations, and
    euros are no dollars. What a stock grows by is a flow of it a year, in its unit.
    """
    kinds = _KINDS.get(f"{rule.kind} {key}")
    rows = indicators.filter(pl.col("kind").is_in(kinds)) if kinds else indicators
    if isinstance(rule, AddsUp | PartsOf | Subset) and key != "whole":
        whole = indicators.filter(code=rule.whole.indicator)
        rows = rows.join(whole, on=["kind", "per"], how="semi", nulls_equal=True)
        rows = rows.filter(pl.col("unit").is_in(whole["unit"].implode()) | (pl.col("whole") & any(whole["whole"])))
    if isinstance(rule, Growth) and key == "flow":
        stock = indicators.filter(code=rule.stock.indicator)
        is_own = pl.col("base").fill_null(rule.stock.indicator) == rule.stock.indicator
        rows = rows.join(stock, on="unit", how="semi").filter(is_own, pl.col("per") == "year")
    return rows
