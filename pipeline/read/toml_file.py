"""Read hand-typed TOML, with the line of every key, so that a defect can name it.

tomllib gives values without places, and no kept library gives both; `key_lines` finds the places of what tomllib has
already accepted. Does not belong here: what a key may hold.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from pipeline.defects import Defect

_KEY = re.compile(r"^\s*(?P<key>[A-Za-z0-9_.-]+)\s*=\s*(?P<value>.*)$")
_TABLE = re.compile(r"^\s*\[(?P<array>\[?)\s*(?P<name>[A-Za-z0-9_.-]+)\s*\]")
_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_toml(path: Path, *, raw: Path) -> tuple[dict[str, Any], dict[str, int], list[Defect]]:
    """Return the content of a file, the line of each key ("expected.events", "rule[0].id"), and its defects."""
    file = path.relative_to(raw).as_posix()
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text), key_lines(text), []
    except FileNotFoundError:
        return {}, {}, [Defect(file, 1, "", "missing_file", "", "this file")]
    except UnicodeDecodeError as error:
        return {}, {}, [Defect(file, error.object[: error.start].count(b"\n") + 1, "", "not_utf8", "", "UTF-8")]
    except OSError as error:
        return {}, {}, [Defect(file, 1, "", "unreadable_file", "", f"a file that can be read ({error.strerror})")]
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        lines = text.splitlines()
        line = int(place["line"]) if place and place["line"] else max(len(lines), 1)
        column = place["column"] if place and place["column"] else ""
        found = lines[line - 1].strip() if line <= len(lines) else ""
        return {}, {}, [Defect(file, line, column, "not_toml", found, f"TOML: {_PLACE.sub('', str(error)).lower()}")]
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists in lists a thousand deep
        return {}, {}, [Defect(file, 1, "", "not_toml", "", f"TOML that can be read: {error}")]


def key_lines(text: str) -> dict[str, int]:
    """Return the line of each table header and each key of a valid TOML text, by dotted name; arrays count from 0."""
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
