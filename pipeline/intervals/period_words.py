"""Days and periods in words, as people write them: in English, whatever the machine's language.

Belongs here: words for what was read. Does not belong here: reading a period (periods).
"""

import re
from collections.abc import Iterable
from datetime import date

import polars as pl
from babel.dates import get_month_names

from pipeline.intervals.periods import UNDATED

MONTHS = get_month_names("wide", locale="en")
_DATE = re.compile(r"^([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?$")


def day_in_words(value: date) -> str:
    """Return a day as people write it: 23 December 2011."""
    return f"{value.day} {MONTHS[value.month]} {value.year}"


def days_in_words(first: date | None, last: date | None) -> str:
    """Return the days between which something lies; None is an end that is not known."""
    if first and last:
        return (
            day_in_words(first)
            if first == last
            else f"{day_in_words(first)} to {day_in_words(last)}"
        )
    return (
        f"from {day_in_words(first)} on"
        if first
        else f"by {day_in_words(last)}"
        if last
        else "not known"
    )


def period_in_words(edtf: str) -> str:
    """Return an EDTF period in words: October 2011, 2003 to 2005, since 1997; what is rarer stays
    as it is.
    """
    start, slash, end = edtf.partition("/")
    if not slash:
        return "undated" if start == UNDATED else _date(start)
    if end in ("", ".."):
        return f"since {_date(start)}" if end else f"from {_date(start)}, to an unknown end"
    if start in ("", ".."):
        return f"until {_date(end)}"
    return f"{_date(start)} to {_date(end)}"


def _date(edtf: str) -> str:
    match = _DATE.match(edtf)
    year, month, day = match.groups() if match else (edtf, None, None)
    if month and int(month) not in MONTHS:
        return edtf
    return " ".join(
        part for part in (day and str(int(day)), month and MONTHS[int(month)], year) if part
    )


def periods_in_words(periods: Iterable[pl.Series]) -> pl.DataFrame:
    """Return each of the periods once, in words: period, period_words."""
    each = sorted({one for series in periods for one in series.drop_nulls().unique()})
    return pl.DataFrame(
        {"period": each, "period_words": map(period_in_words, each)},
        schema={"period": pl.String, "period_words": pl.String},
    )
