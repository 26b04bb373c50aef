"""From what is found one by one, by Python, to a table."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import polars as pl

PORTION = 100_000
"""Rows that are held as tuples, which take ten times the room that they take in a table."""


def in_portions(rows: Iterable[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return rows as a table, a portion of them at a time."""
    rest = iter(rows)
    portions = [pl.DataFrame(schema=schema)]
    while portion := list(islice(rest, PORTION)):
        portions.append(pl.DataFrame(portion, schema=schema, orient="row"))
    return pl.concat(portions)
