"""What else could stand in one cell of a row: each function gives the other texts, one kind of slip
each.

Belongs here: other texts for a cell. Does not belong here: where they are planted, and slips of
more than a cell (kinds).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from tests.slips.source_copy import Row

RELATORS = ("eq", "gt", "ge", "lt", "le", "between", "approx")


# --- values ---------------------------------------------------------------------------------------


def changed(row: Row) -> Iterator[str]:
    value = row["value"]
    for at, digit in enumerate(value):
        if digit.isdigit():
            for step in (1, 5, 9):
                yield f"{value[:at]}{(int(digit) + step) % 10}{value[at + 1 :]}"


def dropped(row: Row) -> Iterator[str]:
    value = row["value"]
    yield from (value[:at] + value[at + 1 :] for at, digit in enumerate(value) if digit.isdigit())


def doubled(row: Row) -> Iterator[str]:
    value = row["value"]
    yield from (value[: at + 1] + value[at:] for at, digit in enumerate(value) if digit.isdigit())


def transposed(row: Row) -> Iterator[str]:
    value = row["value"]
    yield from (
        value[:at] + value[at + 1] + value[at] + value[at + 2 :] for at in range(len(value) - 1)
    )


def moved_point(row: Row) -> Iterator[str]:
    digits = row["value"].replace(".", "")
    yield from (f"{digits[:at]}.{digits[at:]}" for at in range(1, len(digits)))


def added_digits(row: Row) -> Iterator[str]:
    value = row["value"]
    yield from (
        (f"{value}0", f"{value}00") if "." in value else (f"{value}.0", f"{value}.00", f"{value}0")
    )


# --- codes ----------------------------------------------------------------------------------------


def relators(_: Row) -> Iterator[str]:
    yield from RELATORS[1:]


def without_relator(row: Row) -> Iterator[str]:
    if row["relator"]:
        yield ""


def precisions(_: Row) -> Iterator[str]:
    yield from ("1", "5", "10", "100", "1000", "0.1")


def codes_of(raw: Path, name: str, *, empty: bool = False) -> Callable[[Row], Iterator[str]]:
    codes = pl.read_csv(raw / "codelists" / f"{name}.csv", infer_schema=False)["code"].to_list()

    def others(_: Row) -> Iterator[str]:
        yield from codes
        if empty:
            yield ""

    return others


def only_filled(
    column: str, others: Callable[[Row], Iterator[str]]
) -> Callable[[Row], Iterator[str]]:
    return lambda row: others(row) if row[column] else iter(())


# --- periods --------------------------------------------------------------------------------------


def year_off(row: Row) -> Iterator[str]:
    for match in re.finditer(r"\d{4}", row["period"]):
        for step in (-1, 1):
            yield (
                row["period"][: match.start()]
                + str(int(match.group()) + step)
                + row["period"][match.end() :]
            )


def month_off(row: Row) -> Iterator[str]:
    for match in re.finditer(r"(?<=\d{4}-)\d{2}", row["period"]):
        for month in {int(match.group()) % 12 + 1, (int(match.group()) - 2) % 12 + 1}:
            yield row["period"][: match.start()] + f"{month:02}" + row["period"][match.end() :]


def over_precise(row: Row) -> Iterator[str]:
    for match in re.finditer(r"\d{4}(?:-\d{2})?", row["period"]):
        for more in ("-01", "-05", "-12"):
            yield row["period"][: match.end()] + more + row["period"][match.end() :]


def cut_interval(row: Row) -> Iterator[str]:
    if "/" in row["period"]:
        yield from (end for end in row["period"].split("/") if end != "..")


# --- names ----------------------------------------------------------------------------------------


EVERY = 17
"""Characters from one misspelling of a text to the next."""


def misspelt(column: str) -> Callable[[Row], Iterator[str]]:
    def others(row: Row) -> Iterator[str]:
        words = row[column]
        for at in range(0, len(words) - 1, EVERY):
            yield words[:at] + words[at + 1 :]
            if words[at].lower() != words[at + 1].lower():
                yield words[:at] + words[at + 1] + words[at] + words[at + 2 :]

    return others
