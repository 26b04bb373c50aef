"""Read the source.toml of every folder, and publication.toml: one row each, its keys as columns,
and the line of each key.

Belongs here: keys and types. Does not belong here: what a key may say (schemas), or whether it fits
the text and other sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.built import Row
from pipeline.defects import Defect, nearest, shortened, with_advice
from pipeline.read.csv_file import LONGEST_CELL
from pipeline.read.raw_folder import (
    PUBLICATION_FILE,
    SOURCES,
    RawFolder,
    Typed,
    folder_defects,
)
from pipeline.read.toml_file import line_of, read_toml
from pipeline.read.validate import validate
from schemas.columns import optional_columns, shape_of, typed_columns
from schemas.publication_toml import PUBLICATION_TOML
from schemas.raw_files import ENTERED
from schemas.source_toml import KEPT_EMPTY, MARKS, SOURCE_TOML

_TYPES: dict[str, tuple[type, str]] = {
    "republish_text": (bool, "true or false, without quotation marks"),
    **{f"expected.{name}": (int, "a whole number") for name in ENTERED},
}
"""The keys that hold no text, each with the type that it has and how to say so."""


@dataclass(frozen=True)
class SourceFiles(Typed):
    """The source.toml of every folder, one row each, and the lines of their keys by source."""

    key_lines: dict[str, dict[str, int]] = field(default_factory=dict)
    all_ids: tuple[str, ...] = ()
    """The names of all sources of raw/, also where one alone is looked at."""

    def at_keys(self, defects: Iterable[Defect]) -> list[Defect]:
        """Return defects of rows, each at the line of its key."""
        return [
            replace(
                defect, line=line_of(defect.column, self.key_lines[defect.file.partition("/")[0]])
            )
            for defect in defects
        ]


def read_sources(raw: RawFolder) -> SourceFiles:
    """Return source.toml of every folder, and what is wrong with the folder raw/ itself."""
    contents: dict[str, tuple[dict[str, Any], dict[str, int]]] = {}
    defects = folder_defects(raw)
    for source_id in raw.source_ids():
        file = f"{source_id}/{SOURCES}"
        if raw.is_unfit(file):
            continue
        content, lines, wrong = read_toml(raw.path, file)
        defects += wrong
        if not wrong:
            contents[source_id] = content, lines
    return as_sources(contents, defects, raw)


def as_sources(
    contents: Mapping[str, tuple[dict[str, Any], dict[str, int]]],
    defects: list[Defect],
    raw: RawFolder,
) -> SourceFiles:
    """Return the source.toml of some sources of raw/, each given as what it holds and the lines of
    its keys.
    """
    rows: list[dict[str, Any]] = []
    for source_id, (content, lines) in contents.items():
        file = f"{source_id}/{SOURCES}"
        row, wrong = _row(_flat(content), file, lines, SOURCE_TOML)
        defects += wrong
        rows.append({"source_id": source_id, "raw_file": file, "raw_line": 1, **row})
    typed = SourceFiles(
        pl.DataFrame(rows, schema=shape_of(SOURCE_TOML)),
        defects,
        key_lines={source_id: lines for source_id, (_, lines) in contents.items()},
        all_ids=tuple(raw.all_source_ids()),
    )
    defects = with_advice(defects, typed.at_keys(validate(typed.rows, SOURCE_TOML, raw.parts)))
    return replace(typed, rows=_as_if_absent(typed.rows, defects), defects=defects)


def _as_if_absent(frame: pl.DataFrame, defects: list[Defect]) -> pl.DataFrame:
    """Return the rows without those values of keys that may be absent which are defects: nothing is
    read by them.
    """
    for key in optional_columns(SOURCE_TOML):
        # Of two marks that are the same, neither is known to be the right one.
        of_two = "marks_differ" if key in MARKS else None
        if wrong := [
            defect.file for defect in defects if defect.column == key or defect.code == of_two
        ]:
            frame = frame.with_columns(
                pl.when(~pl.col("raw_file").is_in(wrong)).then(key).alias(key)
            )
    return frame


def read_publication(raw: RawFolder) -> Typed:
    """Return what publication.toml says as one row; no file means that it says nothing."""
    file = PUBLICATION_FILE
    content, lines, defects = read_toml(raw.path, file) if raw.has(file) else ({}, {}, [])
    row, wrong = _row(_flat(content), file, lines, PUBLICATION_TOML)
    rows = pl.DataFrame([{**row, "raw_file": file, "raw_line": 1}], shape_of(PUBLICATION_TOML))
    told = validate(rows, PUBLICATION_TOML, raw.parts)
    at_keys = [replace(one, line=line_of(one.column, lines)) for one in told]
    return Typed(rows, with_advice([*defects, *wrong], at_keys))


def _row(
    flat: Mapping[str, Any], file: str, lines: Mapping[str, int], schema: DataFrameSchema
) -> tuple[dict[str, str], list[Defect]]:
    """Return the keys of a file that say something as text, and a defect for each that is missing,
    too many, or out of form.
    """
    keys = [*typed_columns(schema)]
    missing = sorted(set(keys) - set(flat) - set(optional_columns(schema)))
    defects = [Defect(file, 1, key, "missing_key", "", f"a key {key}") for key in missing]
    row = {}
    for key, value in flat.items():
        if wrong := _wrong_form(key, value, keys):
            defects.append(Defect(file, line_of(key, lines), key, *wrong))
        elif value != "" or key == KEPT_EMPTY:
            row[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return row, defects


def _flat(content: Row) -> Row:
    flat: Row = {}
    for key, value in content.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{inner}": item for inner, item in value.items()}
        else:
            flat[key] = value
    return flat


def _wrong_form(key: str, value: object, keys: list[str]) -> tuple[str, str, str] | None:
    """Return the code of what is wrong with the form of a key's value, what to show of it, and what
    was expected.
    """
    if key not in keys:
        return "extra_key", key, f"only the keys {', '.join(keys)}{nearest(key, keys)}"
    kind, in_words = _TYPES.get(key, (str, "text in quotation marks"))
    if type(value) is not kind and value != "":  # what is empty is told as such
        return "wrong_type", shortened(str(value)), in_words
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return "too_long", "", f"at most {LONGEST_CELL:,} characters; this text has {len(value):,}"
    return None
