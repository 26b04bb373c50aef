"""From EDTF text (ISO 8601-2) to the four days that bound a period.

The edtf library reads single dates; intervals are split here, since it pads their open and unknown ends with invented
years. An open (..) or unknown (nothing) end has no days.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipeline.defects import Defect, hint, where

OPEN = {"", ".."}
_PLAIN = re.compile(r"^([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?$")
EXPECTED = "a period in EDTF such as 2006, 2011-10, 2011-12-23, 2003/2005 or 1997/.."


@dataclass(frozen=True)
class Period:
    """The first and last day on which a period can begin, and on which it can end."""

    start_earliest: date | None
    start_latest: date | None
    end_earliest: date | None
    end_latest: date | None


def read_period(text: str) -> Period:
    """Return the four days of a period; raises ValueError where the text is no EDTF, or ends before it starts."""
    start, slash, end = text.partition("/")
    if not slash:
        days = _days(text)
        return Period(*days, *days)
    if (start in OPEN and end in OPEN) or "/" in end:
        raise ValueError(text)
    period = Period(*_end_days(start), *_end_days(end))
    if period.start_earliest and period.end_latest and period.start_earliest > period.end_latest:
        raise ValueError(text)
    return period


def _end_days(text: str) -> tuple[date | None, date | None]:
    return (None, None) if text in OPEN else _days(text)


def _days(text: str) -> tuple[date, date]:
    """Return the first and last day of a single date; a year, month or day alone needs no library, which takes 0.3 s to start."""
    if match := _PLAIN.match(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        return first, date(first.year, last_month, day or monthrange(first.year, last_month)[1])
    return _days_of_edtf(text)


def _days_of_edtf(text: str) -> tuple[date, date]:
    import edtf  # noqa: PLC0415 (see _days)

    try:
        parsed = edtf.parse_edtf(text)
        first, last = parsed.lower_strict(), parsed.upper_strict()
        return date(*first[:3]), date(*last[:3])
    except (edtf.parser.EDTFParseException, AttributeError, TypeError, ValueError) as error:
        raise ValueError(text) from error


def period_ends(periods: pl.Series) -> tuple[pl.DataFrame, list[str]]:
    """Return the ends of each different period (period and the four days), and the texts that are none."""
    good, bad = [], []
    for text in periods.drop_nulls().unique().sort():
        try:
            period = read_period(text)
        except ValueError:
            bad.append(text)
        else:
            good.append((text, period.start_earliest, period.start_latest, period.end_earliest, period.end_latest))
    names = ("start_earliest", "start_latest", "end_earliest", "end_latest")
    shape = {"period": pl.String, **dict.fromkeys(names, pl.Date)}
    return pl.DataFrame(good, schema=shape, orient="row"), bad


def with_period_ends(rows: pl.DataFrame, sources: pl.DataFrame) -> tuple[pl.DataFrame, list[Defect]]:
    """Return the rows with the four days of their period, and a defect for each period that is none.

    An empty period is the day of publication, and is filled in; typed_period keeps what was typed.
    A row of a source that is not there keeps null.
    """
    rows = rows.with_columns(typed_period="period")
    filled = rows.join(sources.select("source_id", "published"), on="source_id", how="left", maintain_order="left")
    filled = filled.with_columns(pl.coalesce("period", "published").alias("period")).drop("published")
    ends, bad = period_ends(filled["period"])
    defects = where(filled, pl.col("period").is_in(bad), column="period", code="not_edtf", expected=EXPECTED)
    defects = [replace(defect, expected=EXPECTED + hint(defect.found)) for defect in defects]
    return filled.join(ends, on="period", how="left", maintain_order="left"), defects


def in_force() -> pl.Expr:
    """Return whether a code (valid_from, valid_to) is in force in some part of a period (start_earliest, end_latest)."""
    begun = (pl.col("valid_from") <= pl.coalesce("end_latest", "valid_from")).fill_null(value=True)
    not_over = (pl.col("valid_to") > pl.coalesce("start_earliest", "valid_from")).fill_null(value=True)
    return begun & not_over
