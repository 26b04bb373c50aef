"""Whether a text is read as it was by the person who typed: its marks, the order of its days, its
country and fiscal year.

Belongs here: trying other keys of source.toml where numbers or days that are typed do not stand in
the text as it is read. Does not belong here: what is wrong with a single row, or what a text proves
before anything is typed (proven_ways).
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pipeline.built import Row
from pipeline.defects import Defect
from pipeline.evidence.texts import Texts
from schemas.source_toml import PUBLISHED_AS

FEW = 3
"""Typed numbers and days that are shown of those that are read only otherwise."""

_SAID = ["source_id", "said"]
_KEYS = {column: key for key, column in PUBLISHED_AS.items()}
_MARKS = (".,", ",.", ", ", ". ", ".'", ",'")
_DOLLARS = ("US", "CA", "AU", "NZ", "SG", "HK")
WAYS: dict[str, list[dict[str, str]]] = {
    "number_format": [
        dict(zip(("decimal_mark", "group_mark"), marks, strict=True)) for marks in _MARKS
    ],
    "day_order": [{"day_order": order} for order in ("DMY", "MDY", "YMD")],
    "country": [{"country": code} for code in _DOLLARS],
    "fiscal_year_starts": [{"fiscal_year_starts": day} for day in ("04-01", "01-01")],
}
"""What is tried for each key: values of columns of `sources`. A fiscal year is one of the calendar,
or it is not.
"""


def said(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the numbers, with their currency, and the days of rows (source_id, low, unit, period):
    source_id, said.
    """
    money = pl.when(pl.col("unit").str.contains("^[A-Z]{3}$")).then("unit")
    number = pl.concat_str("low", money, separator=" ", ignore_nulls=True)
    each = rows.select(
        "source_id", said=pl.concat_list(number, pl.col("period").fill_null("").str.split("/"))
    ).explode("said")
    return each.filter(pl.col("said") != "").unique(maintain_order=True)


def read_as_typed(texts: Texts, typed: pl.DataFrame) -> tuple[Texts, list[Defect]]:
    """Return the texts, each read as it was by who typed, and a defect for each key of source.toml
    that says otherwise.

    `typed` is what is said by typed rows. Other ways of writing are tried for a key that is asked
    for or given. One is taken if what was read is read by it too, and more: one thing where the key
    is asked for, two where it is given, else it may be a slip.
    """
    defects, changed = [], []
    absent = typed.join(said(texts.mentions), on=_SAID, how="anti")
    asked = set(texts.mentions.select("source_id", "key").unique().iter_rows())
    for row in texts.table.join(absent, on="source_id", how="semi").iter_rows(named=True):
        own = typed.filter(source_id=row["source_id"])
        if wrong := [*_read_otherwise(texts, row, own, asked)]:
            changed.append(row)
            defects += wrong
    if not changed:
        return texts, []
    new = pl.DataFrame(changed, schema=texts.table.schema)
    return replace(texts, table=texts.table.update(new, on="source_id")), defects


def _read_otherwise(
    texts: Texts, row: Row, own: pl.DataFrame, asked: set[tuple[str, str]]
) -> Iterator[Defect]:
    """Yield a defect for each key by which a text (row) is not read as typed; row is changed."""
    file = f"{row['source_id']}/source.toml"
    for key, ways in WAYS.items():
        given = [row[column] for column in ways[0] if row[column] is not None]
        if given or (row["source_id"], key) in asked:
            gained, way = _best(texts, row, own, ways)
            if len(gained) > bool(given):
                row.update(way)
                expected = _only_then(way, gained)
                yield Defect(file, 1, key, "read_otherwise", " and ".join(given), expected)


def _best(
    texts: Texts, row: Row, own: pl.DataFrame, ways: list[dict[str, str]]
) -> tuple[list[str], dict[str, str]]:
    """Return the way of writing by which most more of a text (row) is read as typed, and what that
    is; nothing where something else is lost.
    """
    now, *others = (_read(texts, row | way, own) for way in ({}, *ways))
    gains = [sorted(then - now) if now <= then else [] for then in others]
    return max(zip(gains, ways, strict=True), key=lambda one: len(one[0]))


def _only_then(way: dict[str, str], gained: list[str]) -> str:
    says = " and ".join(f'{_KEYS.get(column, column)} = "{value}"' for column, value in way.items())
    shown = f"{', '.join(gained[:FEW])}, as is typed ({len(gained)} in all)"
    return f"{says}: only then the text says {shown}"


def _read(texts: Texts, row: Row, own: pl.DataFrame) -> set[str]:
    """Return what is typed of a text (row) and stands in it."""
    mentions = replace(texts, table=pl.DataFrame([row], schema=texts.table.schema)).mentions
    return set(own.join(said(mentions), on=_SAID, how="semi")["said"])
