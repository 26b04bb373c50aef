"""Days, months, years and spans in EDTF, as they are completed and moved.

Belongs here: what follows from the calendar alone. Does not belong here: how a text prints a date,
or hedges it.
"""

from calendar import monthrange
from datetime import date
from functools import cache

import polars as pl

from pipeline.evidence.date_patterns import DECEMBER

UNDATED = "XXXX"
"""In place of a year that is not printed."""
_DAY = len("2020-12-31")


def is_day(year: str, month: int, day: int) -> bool:
    """Return whether a day is one of the calendar; in an unknown year 29 February is."""
    return (
        1 <= month <= DECEMBER
        and 1 <= day <= monthrange(int(year) if year.isdecimal() else 2000, month)[1]
    )


def completed(left: str, right: str, *, is_between: bool) -> str | None:
    """Return the span of two dates, the first completed by the second; None where it does not go
    forward.

    XXXX-XX-08 and 2020-12-20 are 2020-12-08/2020-12-20; two whole dates of other lengths are a span
    after "from" only.
    """
    if is_between and "X" not in left + right and left[:4] < right[:4]:
        return f"{left}/{right}"
    if "/" in right or len(left) != len(right):
        return None
    first = "".join(own if own != "X" else other for own, other in zip(left, right, strict=True))
    return f"{first}/{right}" if first < right else None


def neighbour(edtf: str, step: int) -> str:
    """Return the day, month or year before (-1) or after (1) one; of a decade the year before or
    after it.
    """
    edtf = edtf.rstrip("~")
    if edtf.endswith("X"):
        return str(int(edtf[:3]) * 10 + (10 if step > 0 else -1))
    return _moved(edtf, f"{step}{({len('2020'): 'y', _DAY: 'd'}).get(len(edtf), 'mo')}")


def months_until(last: str, count: int) -> str:
    """Return the span of some months that ends with a month or a day: three months to 2022-06 are
    2022-04/2022-06.

    Of an unknown year only the end is said.
    """
    last = f"{last}-12" if last.isdecimal() else last
    first = _moved(neighbour(last, 1), f"-{count}mo")
    return last if last.startswith(UNDATED) else f"{first}/{last}"


@cache  # 3 ms a call
def _moved(edtf: str, offset: str) -> str:
    """Return a day, month or year some time later or earlier, as polars writes it; of an unknown
    year with an unknown year.
    """
    start = date.fromisoformat(f"{edtf.replace(UNDATED, '2000')}-01-01"[:_DAY])
    moved = pl.Series([start]).dt.offset_by(offset)[0].isoformat()[: len(edtf)]
    return f"{UNDATED}{moved[4:]}" if edtf.startswith(UNDATED) else str(moved)
