"""The kinds of indicators with the range that each has by nature, and the kinds of rules: the only
list of either.

Belongs here: names, and what a value of a kind can be whoever states it. Does not belong here: what
a rule of a kind must say (rules), or what it means (pipeline/rules).
"""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from schemas.columns import AMOUNT


@dataclass(frozen=True)
class IndicatorKind:
    """What a value is: in words, the least and the most that it can be (None: no end), and whether
    it is a part in percent.
    """

    meaning: str
    least: Decimal | None = None
    most: Decimal | None = None
    is_share: bool = False

    @property
    def range_in_words(self) -> str:
        """What can be typed, such as "0 or more"."""
        if self.least is None:
            return "any number"
        return (
            f"{self.least} or more"
            if self.most is None
            else f"a number from {self.least} to {self.most}"
        )


_NONE, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)

INDICATOR_KINDS: dict[str, IndicatorKind] = {
    "stock": IndicatorKind("at a moment", _NONE),
    "flow": IndicatorKind("in a time; net, so it may be negative"),
    "share": IndicatorKind("percent, exclusive", _NONE, _HUNDRED, is_share=True),
    "multi_share": IndicatorKind("percent, overlapping", _NONE, _HUNDRED, is_share=True),
    "duration": IndicatorKind("how long", _NONE),
    "ordinal": IndicatorKind("a running number", _ONE),
    "rate": IndicatorKind("a change, or so many per so many; may be negative"),
    "ratio": IndicatorKind("how many times", _NONE),
    "money": IndicatorKind("an amount; may be negative"),
}
"""The kinds of indicators, by name."""

SHARES = tuple(name for name, kind in INDICATOR_KINDS.items() if kind.is_share)
"""The kinds whose values are parts of a base, in percent."""

FRACTIONAL = (*SHARES, "ratio")
"""The kinds whose values may be typed as 2:3."""


def natural_ranges() -> pl.DataFrame:
    """Return what a value of each kind can be: kind, natural_least, natural_most (null: no end),
    natural_range (words).
    """
    rows = [
        (name, kind.least, kind.most, kind.range_in_words) for name, kind in INDICATOR_KINDS.items()
    ]
    shape = {
        "kind": pl.String(),
        "natural_least": AMOUNT,
        "natural_most": AMOUNT,
        "natural_range": pl.String(),
    }
    return pl.DataFrame(rows, schema=shape, orient="row")


LINEAR_RULES = (
    "adds_up",
    "parts_of",
    "subset",
    "share_of",
    "shares_partial",
    "shares_complete",
    "multi_response",
    "growth",
    "elapsed",
    "order",
    "same_quantity",
)
"""The kinds of rules that are terms of the linear system."""

LISTINGS = ("ranked", "distinct", "same_precision", "translation")
"""The kinds of rules that look at printed values and have no arithmetic."""

RULE_KINDS = LINEAR_RULES + LISTINGS
"""The kinds of rules."""
