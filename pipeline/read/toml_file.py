"""Read hand-typed TOML, with the line of every key, so that a defect can name it.

tomllib gives values without places, and no kept library gives both; `key_lines` finds the places of
what tomllib has already accepted. Does not belong here: what a key may hold.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.defects import TURNS, Defect, shortened
from pipeline.read.plain_file import NO_CONTROL, read_plain_text

DEEPEST = 10
MOST_DIGITS = 18
"""Digits of a whole number: TOML itself promises no more than 64 bits."""

_SHORTER = f"a whole number of at most {MOST_DIGITS} digits"
_KEY = re.compile(r"^\s*(?P<key>[A-Za-z0-9_.-]+)\s*=\s*(?P<value>.*)$")
_TABLE = re.compile(r"^\s*\[(?P<array>\[?)\s*(?P<name>[A-Za-z0-9_.-]+)\s*\]")
_TOKENS = re.compile(
    r'''"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""|\'{3}.*?\'{3}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\#[^\n]*|["'.,=\n\[\]{}]''',
    re.DOTALL,
)
"""A string, a comment, or a mark of those that matter to how deep a place is; a lone quotation mark
opens what nothing closes.
"""

_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{TURNS}]")
_LAST_PART = re.compile(r"(?:\.[^.\[\]]*|\[\d+\]|^[^.\[\]]*)$")
_LONG_NUMBER = re.compile(r"[0-9_]{1000,}")
_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_toml(raw: Path, file: str) -> tuple[dict[str, Any], dict[str, int], list[Defect]]:
    """Return the content of a file of raw/, the line of each key ("expected.events", "rule[0].id"),
    and its defects.
    """
    text, _, defects = read_plain_text(raw, file)
    if text is None:
        return {}, {}, defects
    if deep := _too_deep(text):
        expected = f"at most {DEEPEST} brackets, or parts of a key, inside one another"
        return {}, {}, [Defect(file, deep, "", "too_deep", "", expected)]
    try:
        content, keys = tomllib.loads(text), key_lines(text)
    except tomllib.TOMLDecodeError as error:
        return {}, {}, [_not_toml(error, text, file)]
    except ValueError:  # a number of more digits than Python reads
        long = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, long.start()) + 1 if long else 1
        return {}, {}, [Defect(file, line, "", "too_long", "", _SHORTER)]
    defects = [
        Defect(file, line_of(place, keys), place, *wrong)
        for place, value in _values(content)
        if (wrong := _wrong_value(value))
    ]
    return ({}, {}, defects) if defects else (content, keys, [])


def _wrong_value(value: object) -> tuple[str, str, str] | None:
    """Return the code of what is wrong with a value, what to show of it, and what was expected."""
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        return "too_long", "", _SHORTER
    if isinstance(value, str) and _CONTROL.search(value):
        return "control_character", shortened(value), NO_CONTROL
    return None


def _not_toml(error: tomllib.TOMLDecodeError, text: str, file: str) -> Defect:
    place = _PLACE.search(str(error))
    lines = text.splitlines()
    line = int(place["line"]) if place and place["line"] else max(len(lines), 1)
    column = place["column"] if place and place["column"] else ""
    found = shortened(lines[line - 1].strip()) if line <= len(lines) else ""
    return Defect(
        file, line, column, "not_toml", found, f"TOML: {_PLACE.sub('', str(error)).lower()}"
    )


def _too_deep(text: str) -> int | None:
    """Return the line at which brackets, or the parts of a dotted key, are too many inside one
    another, if they are.

    Whoever reads TOML calls himself for each of them, so that this is looked at before. It ends at
    a quotation mark that is not closed, where no reader gets past.
    """
    depth = parts = 0
    for token in _TOKENS.finditer(text):
        mark = token.group()
        if mark in {'"', "'"}:
            return None
        depth += (mark in {"[", "{"}) - (mark in {"]", "}"})
        parts = parts + 1 if mark == "." else parts if mark[0] in "\"'" else 0
        if max(depth, parts) > DEEPEST:
            return text.count("\n", 0, token.start()) + 1
    return None


def _values(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each value that holds no others, with its dotted name as `key_lines` has it."""
    left: list[tuple[str, Any]] = [("", content)]
    while left:
        place, value = left.pop()
        if isinstance(value, dict):
            left += [(f"{place}.{key}" if place else key, inner) for key, inner in value.items()]
        elif isinstance(value, list):
            left += [(f"{place}[{number}]", inner) for number, inner in enumerate(value)]
        else:
            yield place, value


def line_of(key: str, lines: Mapping[str, int]) -> int:
    """Return the line of a key, or of the inline table or list that holds it."""
    while key and key not in lines:
        key = _LAST_PART.sub("", key)
    return lines.get(key, 1)


def key_lines(text: str) -> dict[str, int]:
    """Return the line of each table header and each key of a valid TOML text, by dotted name;
    arrays count from 0.
    """
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, closing = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
        elif header := _TABLE.match(line):
            table = header["name"]
            if header["array"]:
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}[{counts[table]}]"
            places[table] = number
        elif key := _KEY.match(line):
            places[f"{table}.{key['key']}" if table else key["key"]] = number
            quotes = next((mark for mark in ('"""', "'''") if key["value"].startswith(mark)), "")
            closing = quotes if quotes and quotes not in key["value"][3:] else ""
    return places
