"""Many texts, read part by part: each part by itself, wherever that is, and not again as long as it
stays as it is.

Belongs here: how texts are cut, and put together again. Does not belong here: what is found in a
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

TOGETHER = 8
"""Parts whose facts are held against their words together: more of them take more memory, and
hardly less time.
"""


def read_in_parts(
    table: pl.DataFrame, code_lists: dict[str, pl.DataFrame], parts: Parts, most: int = PART
) -> list[Texts]:
    """Return texts (the columns of Texts.table), some together, with all that is found in them;
    without any, none together.

    A text belongs to a part by its source_id, so that one that is added or removed leaves the other
    parts as they are.
    """
    apart = _apart(table, most)
    found = parts.run(read_part, [{"texts": part, **names_of(code_lists)} for part in apart])
    return [
        _together(apart[first : first + TOGETHER], found[first : first + TOGETHER], code_lists)
        for first in range(0, len(apart), TOGETHER)
    ]


def _together(
    tables: list[pl.DataFrame], found: list[Tables], code_lists: dict[str, pl.DataFrame]
) -> Texts:
    texts = Texts(pl.concat(tables), code_lists)
    # as cached_property keeps what it has found
    vars(texts).update({name: pl.concat(one[name] for one in found) for name in FOUND})
    return texts


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
