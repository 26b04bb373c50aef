"""The kinds of slips: what is mistyped, and which defects the checks must report of it.

Belongs here: one planter each. Does not belong here: finding a row for it, and its line (slips).
"""

from collections.abc import Callable, Iterator

from tests.benchmarks.corpus.document import COLUMNS, Row
from tests.benchmarks.corpus.slips import Key, Place, Spoiler

Defects = Iterator[tuple[Place, str, str]]
Planter = Callable[[Spoiler], Defects]
WITHOUT_ROLE = "mention_without_role"


def _numeral(row: Row) -> tuple[int, str, str]:
    """Return the defect that the numeral of a row is, once the row's words are lost."""
    return row.start + row.cells["quote"].index(row.numeral), "", WITHOUT_ROLE


def _cell(
    column: str, change: Callable[[Row], str], fits: Callable[[Row], bool], *codes: str
) -> Planter:
    """Return the slip that puts another value into a cell of a number."""

    def plant(spoiler: Spoiler) -> Defects:
        row = spoiler.number(fits)
        row.cells[column] = change(row)
        yield from ((row, column, code) for code in codes)

    return plant


def _other_cell(
    file: str, column: str, change: Callable[[Row], str], fits: Callable[[Row], bool], code: str
) -> Planter:
    """Return the slip that puts another value into a cell of an event, a statement or a waiver."""

    def plant(spoiler: Spoiler) -> Defects:
        row = spoiler.row(file, fits)
        row.cells[column] = change(row)
        yield row, column, code

    return plant


def _any(_: Row) -> bool:
    return True


def _is_thousands(row: Row) -> bool:
    return "," in row.numeral


def _is_count(row: Row) -> bool:
    return "." not in row.cells["value"] and not row.cells["indicator"].endswith("spending")


def _is_of_region(row: Row) -> bool:
    return "-" in row.cells["area"]


def _other_region(row: Row) -> str:
    country, number = row.cells["area"].split("-")
    return f"{country}-{'02' if number == '01' else '01'}"


def _other_digit(row: Row) -> str:
    value = row.cells["value"]
    return f"{value[:-1]}{(int(value[-1]) + 1) % 10}"


def _other_category(spoiler: Spoiler) -> Defects:
    row = spoiler.number(lambda row: bool(row.cells["category"]))
    rows = spoiler.document.rows["observations"]
    others = {
        other.cells["category"]
        for other in rows
        if other.cells["indicator"] == row.cells["indicator"]
    }
    row.cells["category"] = min(others - {row.cells["category"], ""})
    yield row, "category", "not_named"


def _no_quote(spoiler: Spoiler) -> Defects:
    row = spoiler.number()
    numeral = _numeral(row)
    row.cells["quote"] = ""
    yield row, "quote", "empty_cell"
    yield numeral


def _extra_cell(spoiler: Spoiler) -> Defects:
    row = spoiler.number()
    row.extra = ("?",)
    yield row, "", "ragged_row"


def _row_missing(spoiler: Spoiler) -> Defects:
    row = spoiler.number()
    rows = spoiler.document.rows["observations"]
    spoiler.overrides["expected.observations"] = str(len(rows))
    rows.remove(row)
    yield Key("expected.observations"), "expected.observations", "unexpected_count"
    yield _numeral(row)


def _duplicate(spoiler: Spoiler) -> Defects:
    row = spoiler.number()
    again = Row(row.file, dict(row.cells), row.start, row.numeral, is_named=True)
    spoiler.document.rows["observations"].append(again)
    yield again, "fact_id", "duplicate"


def _exchanged(spoiler: Spoiler) -> Defects:
    one = spoiler.number(_is_count)
    other = spoiler.number(lambda row: _is_count(row) and row.cells["value"] != one.cells["value"])
    one.cells["value"], other.cells["value"] = other.cells["value"], one.cells["value"]
    yield one, "value", "value_not_in_quote"
    yield other, "value", "value_not_in_quote"


def _further_row(file: str, cells: dict[str, str], column: str, code: str) -> Planter:
    def plant(spoiler: Spoiler) -> Defects:
        row = Row(file, dict(cells), is_named=True)
        spoiler.document.rows[file].append(row)
        yield row, column, code

    return plant


def _waiver_missing(spoiler: Spoiler) -> Defects:
    row = spoiler.row("waivers", lambda row: row.cells["kind"] == "repeats")
    spoiler.document.rows["waivers"].remove(row)
    number = next(place for place, letter in enumerate(row.cells["quote"]) if letter.isdecimal())
    yield row.start + number, "", WITHOUT_ROLE


def _extra_column(spoiler: Spoiler) -> Defects:
    spoiler.document.headers["readings"] = (*COLUMNS["readings"], "remark")
    yield Row("readings", {}), "remark", "extra_column"


def _numeral_added(spoiler: Spoiler) -> Defects:
    document = spoiler.document
    document.say("A further ")
    place = len(document.text)
    document.say("37 visitors came.\n")
    yield place, "", WITHOUT_ROLE


def _key(name: str, value: str | None, code: str) -> Planter:
    def plant(spoiler: Spoiler) -> Defects:
        spoiler.overrides[name] = value
        yield Key(name), name, code

    return plant


def _count_off(spoiler: Spoiler) -> Defects:
    spoiler.overrides["expected.statements"] = str(len(spoiler.document.rows["statements"]) + 1)
    yield Key("expected.statements"), "expected.statements", "unexpected_count"


def _with(column: str, ending: str) -> Callable[[Row], str]:
    return lambda row: row.cells[column] + ending


def _to(value: str) -> Callable[[Row], str]:
    return lambda _: value


def _speech(kind: str) -> Callable[[Row], bool]:
    return lambda row: row.cells["speech"] == kind


def _has_who(row: Row) -> bool:
    return bool(row.cells.get("who"))


SLIPS: dict[str, Planter] = {
    "wrong_digit": _cell("value", _other_digit, _any, "value_not_in_quote"),
    "unknown_area": _cell("area", _with("area", "x"), _any, "unknown_code"),
    "quote_misspelt": _cell(
        "quote", lambda row: row.cells["quote"].replace(" ", " thee ", 1), _any, "quote_not_found"
    ),
    "thousands_typed": _cell("value", lambda row: row.numeral, _is_thousands, "wrong_value"),
    "no_value": _cell("value", _to(""), _any, "empty_cell"),
    "extra_cell": _extra_cell,
    "row_missing": _row_missing,
    "other_region": _cell("area", _other_region, _is_of_region, "not_named"),
    "unknown_indicator": _cell("indicator", _with("indicator", "x"), _any, "unknown_code"),
    "duplicate": _duplicate,
    "stale_waiver": _further_row(
        "waivers",
        {"quote": "bulletin of the", "kind": "name", "reason": "It is a name"},
        "quote",
        "stale_waiver",
    ),
    "who_exchanged": _other_cell(
        "events", "who", lambda row: f"{row.cells['who'][:2]}_office", _has_who, "not_named"
    ),
    "other_category": _other_category,
    "other_relator": _cell("relator", _to("gt"), _any, "hedge_disagrees"),
    "sentence_cut": _other_cell(
        "statements",
        "quote",
        lambda row: row.cells["quote"][:-1],
        _speech("narrative"),
        "sentence_not_whole",
    ),
    "no_quote": _no_quote,
    "text_changed": _key("sha256", f'"{"0" * 64}"', "text_changed"),
    "date_invented": _cell("period", _to("2003"), _any, "date_disagrees"),
    "unknown_category": _cell(
        "category", _with("category", "x"), lambda row: bool(row.cells["category"]), "unknown_code"
    ),
    "what_misspelt": _other_cell("events", "what", _with("what", "s"), _has_who, "not_as_printed"),
    "spreadsheet_date": _cell("period", _to("Oct-11"), _any, "not_edtf"),
    "values_exchanged": _exchanged,
    "waiver_missing": _waiver_missing,
    "not_whole": _cell("value", _with("value", ".5"), _is_count, "not_whole"),
    "speech_cut": _other_cell(
        "statements",
        "quote",
        lambda row: row.cells["quote"][:-1],
        _speech("direct"),
        "speech_not_whole",
    ),
    "numeral_added": _numeral_added,
    "space_typed": _cell("value", _with("value", " "), _any, "surrounding_space"),
    "event_date_off": _other_cell("events", "period", _to("1987"), _has_who, "date_disagrees"),
    "unknown_speech": _other_cell(
        "statements", "speech", _to("quoted"), _speech("indirect"), "wrong_value"
    ),
    "unknown_reading": _further_row(
        "readings",
        {
            "fact_id": "none",
            "column": "area",
            "taken": "AA",
            "other": "AB",
            "why": "It may be either",
        },
        "fact_id",
        "unknown_fact",
    ),
    "extra_column": _extra_column,
    "key_missing": _key("notes", None, "missing_key"),
    "no_reason": _other_cell("waivers", "reason", _to(""), _any, "empty_cell"),
    "count_off": _count_off,
}
"""The kinds of slips: each plants one, and yields the defects that it makes."""

KINDS = tuple(SLIPS)
