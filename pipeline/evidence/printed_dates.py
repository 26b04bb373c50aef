"""A date as it is printed, and what of it needs no language.

Belongs here: what a match of numbers alone means. Does not belong here: the forms (date_forms).
"""

import re
from typing import NamedTuple

from pipeline.evidence.date_patterns import DECEMBER
from pipeline.evidence.edtf import UNDATED


class Printed(NamedTuple):
    """A date as printed: where it ends, its EDTF text, and its form (day, month, year, part, span,
    unread, ...).
    """

    end: int
    edtf: str
    form: str
    why: str = ""
    key: str = ""


def part_of_year(match: re.Match[str], nth: int, months: int) -> Printed | None:
    """Return the nth part of so many months of the year that a match names, if there is one."""
    return (
        months_of_year(match, months * (nth - 1) + 1, months * nth)
        if 1 <= nth <= DECEMBER // months
        else None
    )


def months_of_year(match: re.Match[str], first: int, last: int) -> Printed:
    """Return the months from `first` to `last` of the year that a match names, if it does."""
    year = match["y"] or UNDATED
    return Printed(match.end(), f"{year}-{first:02}/{year}-{last:02}", "part")


def next_year(match: re.Match[str]) -> Printed | None:
    """Return two years, where the second number that a match names is the end of the next one."""
    first, last = match["y"], str(int(match["y"]) + 1)
    return Printed(match.end(), f"{first}/{last}", "span") if last.endswith(match["z"]) else None


def no_day(match: re.Match[str]) -> Printed:
    """Return that a match names no day of the calendar."""
    return Printed(match.end(), "", "unread", f"{match[0]} is no day of the calendar")
