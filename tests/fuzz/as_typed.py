"""What was typed, read here by other means than the pipeline's, against the tables that it became.

The rules by which a table may say another thing than the file: an empty cell is nothing; text is in
normal form C; an empty period is the day of publication; an empty relator is eq; a number is the
same number; a quote is the same words, whatever white space and invisible characters are in it.
"""

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.check import Checked
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.read.source_toml import read_publication
from tests.fuzz.raw_files import Folder

Row = dict[str, str]
SAME = {
    "observations": ("indicator", "area", "category", "attributed_to", "note"),
    "events": ("who", "what", "where", "attributed_to", "note"),
    "statements": ("who", "office", "occasion", "speech", "where", "note"),
}
"""The cells that are published as they are typed."""

PUBLISHED_AS = {
    "where": "place",
    "number_format.decimal": "decimal_mark",
    "number_format.group": "group_mark",
    "number_format.negative": "negative_numbers",
}
LISTS = ("indicators", "areas", "categories", "agents")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")


def text_of(content: bytes) -> str:
    """Return the text of a file."""
    return unicodedata.normalize("NFC", content.decode("utf-8-sig"))


def typed_rows(content: bytes | None) -> Iterator[tuple[int, Row]]:
    """Yield each row of a CSV file that holds anything, with its line."""
    if content is None:
        return
    reader = csv.reader(io.StringIO(text_of(content), newline=""), strict=True)
    line = 1
    header: list[str] = []
    for cells in reader:
        if cells and not header:
            header = cells
        elif any(cells):
            yield line, dict(zip(header, cells, strict=True))
        line = reader.line_num + 1


def source_differs(
    files: Mapping[str, bytes], source_id: str, tables: Mapping[str, pl.DataFrame]
) -> Iterator[str]:
    """Yield where the tables say of a source another thing than was typed."""
    toml = _flat(tomllib.loads(text_of(files["source.toml"])))
    (source,) = _of_source(tables["sources"], source_id) or [{}]
    for key, value in toml.items():
        name = PUBLISHED_AS.get(key, key)
        if name in source or not key.startswith("expected."):
            yield from _differs("source.toml", key, value, source.get(name))
    text = text_of(files["text.txt"])
    for name in SAME:
        typed = list(typed_rows(files.get(f"{name}.csv")))
        found = _of_source(tables[name], source_id)
        published = {row["fact_id"].partition("/")[2]: row for row in found}
        if len(typed) != len(found) or {row["fact_id"] for _, row in typed} != {*published}:
            yield f"{name}: {len(typed)} rows are typed, {len(found)} published"
            continue
        for line, row in typed:
            wanted = {"period": toml["published"], "relator": "eq"}
            yield from _fact_differs(name, line, row, published[row["fact_id"]], wanted, text)
    yield from _others_differ(files, source_id, tables)


def _fact_differs(  # noqa: PLR0913, PLR0917 (what is compared, one by one)
    name: str, line: int, row: Row, fact: dict[str, Any], absent: Row, text: str
) -> Iterator[str]:
    """Yield where a fact is another than was typed; `absent` is what an empty cell says."""
    place = f"{name}.csv:{line}"
    yield from _differs(place, "line", line, fact["raw_line"])
    for column in SAME[name]:
        yield from _differs(place, column, row.get(column, ""), _cell(fact, column))
    yield from _differs(place, "period", row.get("period") or absent["period"], fact["period"])
    words = text[fact["quote_start"] : fact["quote_end"]]
    yield from _differs(place, "words", fact["quote"], words)
    yield from _differs(place, "quote", _words(row["quote"]), _words(fact["quote"]))
    if name == "observations":
        relator = row.get("relator") or absent["relator"]
        yield from _differs(place, "relator", relator, fact["relator"])
        yield from _number_differs(place, row, fact)


def _others_differ(
    files: Mapping[str, bytes], source_id: str, tables: Mapping[str, pl.DataFrame]
) -> Iterator[str]:
    """Yield the waivers and the second readings that are not in the tables."""
    roles = _of_source(tables["mentions"], source_id)
    waived = {(one["waiver_kind"], one["reason"]) for one in roles}
    for line, row in typed_rows(files.get("waivers.csv")):
        if (row["kind"], row["reason"]) not in waived:
            yield f"waivers.csv:{line}: {row} is nowhere"
    columns = ("column_name", "taken", "other", "why")
    read = {
        (one["fact_id"].partition("/")[2], *(one[name] for name in columns))
        for one in _of_source(tables["readings"], source_id)
    }
    for line, row in typed_rows(files.get("readings.csv")):
        column = PUBLISHED_AS.get(row["column"], row["column"])
        typed = row["fact_id"], column, row["taken"] or None, row["other"] or None, row["why"]
        if typed not in read:
            yield f"readings.csv:{line}: {row} is nowhere"


def beside_differs(folder: Folder, raw: Path, checked: Checked) -> Iterator[str]:
    """Yield where what was made of a whole raw/ says another thing than was typed."""
    files = folder.files
    for source_id in {name.partition("/")[0] for name in files if name.endswith("/source.toml")}:
        place = f"{source_id}/"
        within = {name.removeprefix(place): files[name] for name in files if name.startswith(place)}
        if not source_id.startswith("."):
            yield from source_differs(within, source_id, checked.tables)
    for name in LISTS:
        typed = [row for _, row in typed_rows(files.get(f"codelists/{name}.csv"))]
        yield from _rows_differ(name, typed, checked.tables[name], "code")
    for name in (name for name in files if name.rpartition("/")[2] == "rules.toml"):
        rules = tomllib.loads(text_of(files[name])).get("rule", [])
        typed = [
            {"rule_id": rule["id"], **{key: rule[key] for key in ("kind", "title", "severity")}}
            for rule in rules
        ]
        own = checked.tables["rules"].filter(raw_file=name)
        yield from _rows_differ(name, typed, own, "rule_id")
    if not checked.unacknowledged:
        typed = [row for _, row in typed_rows(files.get("findings.csv"))]
        reasons = {*checked.tables["findings"]["reason"]}
        yield from (f"{row} is nowhere" for row in typed if row["reason"] not in reasons)
    typed = [row for _, row in typed_rows(files.get("releases.csv"))]
    yield from _rows_differ("releases", typed, read_releases(RawFolder(raw)).rows, "version")
    typed = [tomllib.loads(text_of(files.get("publication.toml", b"")))]
    (said,) = read_publication(RawFolder(raw)).rows.iter_rows(named=True)
    for key, value in typed[0].items():
        yield from _differs("publication.toml", key, value, said[key])


def _rows_differ(name: str, typed: list[Row], table: pl.DataFrame, key: str) -> Iterator[str]:
    """Yield where rows of a table are others than were typed."""
    published = {row[key]: row for row in table.iter_rows(named=True)}
    if len(typed) != len(published):
        yield f"{name}: {len(typed)} rows are typed, {len(published)} published"
    for row in typed:
        for column, value in row.items():
            told = published.get(row[key], {}).get(column)
            yield from _differs(f"{name} {row[key]}", column, value, told)


def _cell(row: Mapping[str, Any], column: str) -> object:
    return row[PUBLISHED_AS.get(column, column)]


def _of_source(table: pl.DataFrame, source_id: str) -> list[dict[str, Any]]:
    return list(table.filter(source_id=source_id).iter_rows(named=True))


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in content.items():
        inner = _flat(value) if isinstance(value, dict) else {"": value}
        flat |= {f"{key}.{name}".removesuffix("."): one for name, one in inner.items()}
    return flat


def _words(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _differs(place: str, column: str, typed: object, told: object) -> Iterator[str]:
    said = "" if told is None else str(told)
    if said != str(typed) and said.lower() != str(typed):
        yield f"{place}: {column}: {str(typed)[:100]!r} was typed, {said[:100]!r} is published"


def _number_differs(place: str, row: Row, fact: Mapping[str, Any]) -> Iterator[str]:
    """Yield where a number is another than was typed."""
    low, _, high = row["value"].partition("/")
    whole, _, part = low.partition(":")
    value = Fraction(whole) / Fraction(part) * 100 if part else Fraction(low)
    told = Fraction(fact["value"] if fact["value"] is not None else fact["lower"])
    if abs(told - value) > Fraction(1, 10**6) * bool(part):
        yield f"{place}: value: {row['value']!r} was typed, {fact['value']} is published"
    if high and Decimal(high) != fact["upper"]:
        yield f"{place}: value: {row['value']!r} was typed, {fact['upper']} is published"
    if row.get("precision") and Decimal(row["precision"]) != fact["precision"]:
        yield f"{place}: precision: {row['precision']!r} is not published"
