"""A date as it is printed, and what of it needs no language.

Belongs here: what a match of numbers alone means. Does not belong here: the forms (date_forms).
"""

import re
from typing import NamedTuple

from pipeline.evidence.date_patterns import DECEMBER
from pipeline.evidence.edtf import UNDATED, is_day

PARTS_OF_YEAR = {"quarter", "quarters", "half_year", "first_months"}
"""The forms that are some months of a year."""


class Printed(NamedTuple):
    """A date as printed: where it ends and its EDTF text, or why it is unread and which key would
    settle it; and whether it is a part of a year.
    """

    end: int
    edtf: str
    why: str = ""
    key: str = ""
    is_part: bool = False

    @property
    def is_span(self) -> bool:
        """Whether two dates are printed."""
        return "/" in self.edtf and not self.is_part


class Unread(NamedTuple):
    """Why a date cannot be read, and the key of source.toml that would settle it."""

    why: str
    key: str = ""


Meaning = str | Unread | None
"""What a match is: a date in EDTF, one that is unread, or none."""


def part_of_year(match: re.Match[str], nth: int, months: int) -> Meaning:
    """Return the nth part of so many months of the year that a match names, if there is one."""
    is_part = 1 <= nth <= DECEMBER // months
    return months_of_year(match, months * (nth - 1) + 1, months * nth) if is_part else None


def months_of_year(match: re.Match[str], first: int, last: int) -> str:
    """Return the months from `first` to `last` of the year that a match names, if it does."""
    year = match["y"] or UNDATED
    return f"{year}-{first:02}/{year}-{last:02}"


def next_year(match: re.Match[str]) -> Meaning:
    """Return two years, where the second number that a match names is the end of the next one."""
    first, last = match["y"], str(int(match["y"]) + 1)
    return f"{first}/{last}" if last.endswith(match["z"]) else None


def day_of(match: re.Match[str], year: str, month: int, day: str) -> str | Unread:
    """Return a day that a match names, if it is one of the calendar."""
    is_there = is_day(year, month, int(day))
    return f"{year}-{month:02}-{int(day):02}" if is_there else no_day(match)


def no_day(match: re.Match[str]) -> Unread:
    """Return that a match names no day of the calendar."""
    return Unread(f"{match[0]} is no day of the calendar")
