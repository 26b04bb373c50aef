"""Defects: what a person typed that cannot stand, said so that this person can mend it.

Belongs here: the shape of a defect, its sentence, and ways to state one for every row of a table
that fails. Does not belong here: what is a defect; that is decided where the data is read,
validated, anchored and checked.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace

import polars as pl

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of writing: with them, what is shown is not what stands there."""

LONGEST = 60
"""Characters of a passage that a message shows of what may be a whole row."""


@dataclass(frozen=True, order=True)
class Defect:
    """One thing that a person has to mend.

    `file` is relative to raw/, `line` counts from 1, `column` is a column of a CSV file, a key of a
    TOML file, or empty; `code` is the kind of defect, for machines; `found` is what stands there
    and `expected` what should.
    """

    file: str
    line: int
    column: str
    code: str
    found: str
    expected: str

    @property
    def message(self) -> str:
        """The defect in a sentence, without its place."""
        if not self.found:
            return f"expected {self.expected}"
        return f"{self.found!r} stands here; expected {self.expected}"

    def at(self, raw: str) -> str:
        """Return the defect for a terminal, its place under the folder `raw`; what cannot be shown
        is escaped.
        """
        place = ":".join(
            part for part in (f"{raw}/{self.file}", str(self.line), self.column) if part
        )
        # rows to paste stand on lines of their own
        return "\n".join(
            map(printable, f"{printable(place)}: {self.message} [{self.code}]".split("\n"))
        )

    def as_json(self, raw: str) -> dict[str, str | int]:
        """Return the defect as the command line's JSON gives it."""
        place: dict[str, str | int] = {
            "file": f"{raw}/{self.file}",
            "line": self.line,
            "column": self.column,
        }
        return {**place, "code": self.code, "message": self.message}


_SHAPE = {one.name: pl.Int64 if one.name == "line" else pl.String for one in fields(Defect)}


def in_order(defects: Iterable[Defect]) -> list[Defect]:
    """Return each defect once, in the order in which a person comes upon them."""
    # a column of a text is a number
    return sorted(
        set(defects),
        key=lambda one: (one.file, one.line, len(one.column) * one.column.isdigit(), one),
    )


def as_table(defects: Iterable[Defect]) -> pl.DataFrame:
    """Return defects as a table, a row each."""
    return pl.DataFrame([astuple(defect) for defect in defects], schema=_SHAPE, orient="row")


def of_table(table: pl.DataFrame) -> list[Defect]:
    """Return the defects that `as_table` made a table of."""
    return [Defect(*row) for row in table.iter_rows()]


def printable(text: str) -> str:
    """Return a text that no terminal takes for a command: control characters are spelled out."""
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def shortened(text: str) -> str:
    """Return a text as a message shows it: long ones cut."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def nearest(word: str, valid: Iterable[str]) -> str:
    """Return ", nearest X" for the valid words nearest to a wrong one, or nothing where none is
    near.
    """
    by_folded = {candidate.casefold(): candidate for candidate in sorted(valid)}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=2, cutoff=0.5)
    return f"; nearest: {' or '.join(by_folded[match] for match in close)}" if close else ""


def where(  # noqa: PLR0913 (the parts of a defect, each named at the call)
    rows: pl.DataFrame,
    failing: pl.Expr,
    *,
    column: str,
    code: str,
    expected: str | pl.Expr,
    found: pl.Expr | None = None,
) -> list[Defect]:
    """State a defect for every row that fails; a comparison with nothing does not fail.

    `rows` has raw_file and raw_line; `found` is what to show as standing there, by default the cell
    itself.
    """
    shown = found if found is not None else pl.col(column)
    wanted = pl.lit(expected) if isinstance(expected, str) else expected
    failed = rows.filter(failing.fill_null(value=False))
    if failed.is_empty():
        return []
    # rechunked, since pl.format of polars 2.1 panics on a column that a filter left with an empty
    # chunk
    failed = failed.rechunk().select(
        "raw_file",
        "raw_line",
        shown.cast(pl.String).fill_null("").alias("found"),
        wanted.alias("expected"),
    )
    return [
        Defect(file, line, column, code, found, text)
        for file, line, found, text in failed.iter_rows()
    ]


def with_advice(known: Iterable[Defect], more: Iterable[Defect]) -> list[Defect]:
    """Return the known defects and those of more; at a cell of a known one, only what they expect
    is added to it.
    """
    told = list(known)
    places = {
        (defect.file, defect.line, defect.column): place
        for place, defect in reversed([*enumerate(told)])
    }
    for defect in more:
        place = places.get((defect.file, defect.line, defect.column))
        if place is None:
            told.append(defect)
        elif defect.expected not in told[place].expected:
            told[place] = replace(
                told[place], expected=f"{told[place].expected}; {defect.expected}"
            )
    return told


def no_such_day(rows: pl.DataFrame, column: str, example: str) -> list[Defect]:
    """State a defect for every cell of a column of days (YYYY-MM-DD) that is no day of the
    calendar.
    """
    is_day = pl.col(column).str.to_date("%Y-%m-%d", strict=False).is_not_null()
    expected = f"a day of the calendar such as {example}"
    return where(
        rows,
        pl.col(column).is_not_null() & ~is_day,
        column=column,
        code="no_such_day",
        expected=expected,
    )


_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"

HINTS = (
    (re.compile(r"^[0-9]{1,3}([,.  ’'  ][0-9]{3})+$"), "type thousands without a separator"),
    (re.compile(r"^-?[0-9]+,[0-9]+$"), "type a decimal point, not a comma"),
    (
        re.compile(
            rf"^(?:{_MONTH}-[0-9]{{2,4}}|[0-9]{{1,2}}-{_MONTH}(?:-[0-9]{{2,4}})?)$", re.IGNORECASE
        ),
        "a spreadsheet rewrote the date; type 2011-10 and format the column as text",
    ),
    (
        re.compile(r"^[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}$"),
        "type year-month-day, such as 2011-12-23",
    ),
    (
        re.compile(r"^[0-9.]+[eE]\+?[0-9]+$"),
        "a spreadsheet rewrote the number; type all its digits",
    ),
    (re.compile(r"^[0-9.]+ ?%$"), "type the number alone; the indicator has the unit"),
)


def hint(found: str) -> str:
    """Return what probably happened to a cell, as an addition to the words that say what was
    expected.
    """
    return next((f" ({words})" for pattern, words in HINTS if pattern.match(found)), "")
