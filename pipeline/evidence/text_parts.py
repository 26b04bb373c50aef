"""Many texts, read part by part: each part by itself, wherever that is, and not again as long as it
stays as it is.

Belongs here: how texts are cut. Does not belong here: what is found in a
text (texts), or where a part is read (parts).
"""

import hashlib

import polars as pl

from pipeline.built import Tables
from pipeline.evidence.texts import DIMENSIONS, FOUND, Texts, names_of
from pipeline.parts import Given, Parts

PART = 500_000
"""Characters of a part, or less: large enough that starting on it takes no time, small enough that
a change costs little.
"""


def read_in_parts(
    table: pl.DataFrame, code_lists: Tables, parts: Parts, most: int = PART
) -> list[Texts]:
    """Return texts (the columns of Texts.table), a part at a time, with all that is found in them;
    without any, a part of none.

    A text belongs to a part by its source_id, so that one that is added or removed leaves the other
    parts as they are.
    """
    apart = [Texts(part, code_lists) for part in _apart(table, most)]
    names = names_of(code_lists)
    found = parts.run(read_part, [{"texts": texts.table, **names} for texts in apart])
    for texts, tables in zip(apart, found, strict=True):
        vars(texts).update(tables)  # as cached_property keeps what it has found
    return apart


def read_part(part: Given) -> Tables:
    """Return all that is found in the texts of a part, with which stand the code lists whose names
    are sought.
    """
    texts = Texts(part["texts"], {name: part[name] for name in DIMENSIONS})
    return {name: getattr(texts, name) for name in FOUND}


def _apart(table: pl.DataFrame, most: int) -> list[pl.DataFrame]:
    """Return the texts of each part."""
    characters, count = table["text"].str.len_chars().sum(), 1
    while count * most < characters:
        count *= 2
    place = pl.Series(
        [_number(source_id) % count for source_id in table["source_id"]], dtype=pl.Int64
    )
    return [table.filter(place == number) for number in place.unique().sort()] or [table]


def _number(source_id: str) -> int:
    return int.from_bytes(hashlib.sha256(source_id.encode()).digest()[:4])
