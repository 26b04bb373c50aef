"""Whether a text is read as it was by the person who typed: its marks, the order of its days, its
country and fiscal year.

Belongs here: trying other keys of source.toml where numbers or days that are typed do not stand in
the text as it is read, or where nothing is typed yet and the text asks for a key. Does not belong
here: what is wrong with a single row.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipeline.defects import Defect
from pipeline.evidence.date_patterns import DECEMBER
from pipeline.evidence.mentions import DOCUMENT
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document, Mention
from pipeline.evidence.texts import Texts
from pipeline.read_text import meaning
from schemas.source_toml import PUBLISHED_AS

FEW = 3
"""Typed numbers and days that are shown of those that are read only otherwise."""

_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2\d{2,4}")
_SAID = ["source_id", "said"]
_KEYS = {column: key for key, column in PUBLISHED_AS.items()}
_MARKS = (".,", ",.", ", ", ". ", ".'", ",'")
_DOLLARS = ("US", "CA", "AU", "NZ", "SG", "HK")
_WAYS: dict[str, list[dict[str, str]]] = {
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
        for key, ways in _WAYS.items():
            given = [row[column] for column in ways[0] if row[column] is not None]
            if given or (row["source_id"], key) in asked:
                now, *others = (_read(texts, row | way, own) for way in ({}, *ways))
                gains = [sorted(then - now) if now <= then else [] for then in others]
                gained, way = max(zip(gains, ways, strict=True), key=lambda one: len(one[0]))
                if len(gained) > bool(given):
                    row.update(way)
                    changed.append(row)
                    says = " and ".join(
                        f'{_KEYS.get(column, column)} = "{value}"' for column, value in way.items()
                    )
                    expected = (
                        f"{says}: only then the text says {', '.join(gained[:FEW])}, as "
                        f"is typed ({len(gained)} in all)"
                    )
                    defects.append(
                        Defect(
                            f"{row['source_id']}/source.toml",
                            1,
                            key,
                            "read_otherwise",
                            " and ".join(given),
                            expected,
                        )
                    )
    if not changed:
        return texts, []
    new = pl.DataFrame(changed, schema=texts.table.schema).unique("source_id")
    return replace(texts, table=texts.table.update(new, on="source_id")), defects


def _read(texts: Texts, row: dict[str, Any], own: pl.DataFrame) -> set[str]:
    """Return what is typed of a text (row) and stands in it."""
    mentions = replace(texts, table=pl.DataFrame([row], schema=texts.table.schema)).mentions
    return set(own.join(said(mentions), on=_SAID, how="semi")["said"])


@dataclass(frozen=True)
class Question:
    """A key of source.toml that a text asks for, and the mentions that ask.

    `answers` are lines of source.toml, each with what the first of the mentions is read as by it.
    Where there is one alone, the text proves it; where there is none, no way of writing reads all.
    """

    key: str
    asking: list[Mention]
    answers: dict[str, str]


def settle(
    text: str, document: Document, names: PhraseTables[str, str]
) -> tuple[Document, list[Question]]:
    """Return how a text is read by all that it proves itself, and each key that it asks for.

    A way of writing is possible if all that asks for the key can be read by it, and nothing else is
    lost. The text proves it if all possible ways read the same.
    """
    questions = []
    for key in _WAYS:
        now = read_mentions(text, document, names)
        if asking := [mention for mention in now if mention.key == key]:
            possible = _possible(text, document, names, key)
            answers = {
                _line(key, way): "; ".join(
                    meaning(one)
                    for one in then
                    if one.start < asking[0].end and asking[0].start < one.end
                )
                for way, then in possible
            }
            questions.append(Question(key, asking, answers))
            if len(possible) == 1:
                document = replace(document, **possible[0][0])
    return document, questions


def _possible(
    text: str, document: Document, names: PhraseTables[str, str], key: str
) -> list[tuple[dict[str, str], list[Mention]]]:
    """Return the ways of writing by which all can be read that asks for a key, one for each
    reading: the fields of a Document, and what is read.
    """
    now = read_mentions(text, document, names)
    shown = _shown_orders(text, now) if key == "day_order" else set()
    own = dict(zip(("decimal_mark", "group_mark"), document.marks(), strict=False))
    found: dict[tuple[Any, ...], tuple[dict[str, str], list[Mention]]] = {}
    # first the ways that are most like that of the language
    for way in sorted(_WAYS[key], key=lambda way: sum(own.get(name) != way[name] for name in way)):
        fields = {DOCUMENT[column]: value for column, value in way.items()}
        then = read_mentions(text, replace(document, **fields), names)
        if shown <= {*way.values()} and _reads_all(then, now, key):
            # two ways that say the same of all mentions are one reading
            reading = tuple(mention[: Mention._fields.index("why")] for mention in then)
            found.setdefault(reading, (fields, then))
    return [*found.values()]


def _shown_orders(text: str, now: list[Mention]) -> set[str]:
    """Return the orders of day and month that dates show, with the mark of those that ask, since
    one of their numbers is no month: 13.05.2011.
    """
    dates = [(one, _DATE.match(text, (one.number or one)[0])) for one in now]
    marks = {date[2] for one, date in dates if date and one.key == "day_order"}
    same = [date for one, date in dates if date and not one.key and {date[2]} == marks]
    return {
        order
        for order, group in (("DMY", 1), ("MDY", 3))
        if any(int(date[group]) > DECEMBER for date in same)
    }


def _reads_all(then: list[Mention], now: list[Mention], key: str) -> bool:
    """Return whether what is unread then was unread before, for another reason than this key."""
    before = {
        place
        for one in now
        if one.kind == "unread" and one.key != key
        for place in range(one.start, one.end)
    }
    unread = (range(one.start, one.end) for one in then if one.kind == "unread")
    return not any(map(before.isdisjoint, unread))


def _line(key: str, said_so: dict[str, str]) -> str:
    """Return the line of source.toml that says a way of writing."""
    if key in said_so:
        return f'{key} = "{said_so[key]}"'
    marks = ", ".join(f'{name} = "{value}"' for name, value in said_so.items())
    return f"{key} = {{{marks}}}"
