"""From EDTF text (ISO 8601-2) to the four days that bound a period, and to the one text that says
these.

Belongs here: the forms of EDTF that can be typed, and what each means. Does not belong here: rows
with a period (pipeline/facts), or whether the words say it (pipeline/evidence).

The forms are few and read here. The library edtf is what tests compare with: it takes years of ten
digits (Y1E99999999 never ends), prints to standard output, fails on [..2003], and pads open and
unknown ends with years that nobody wrote.
"""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

import polars as pl

OPEN = {"", ".."}
UNDATED = "XXXX"
"""The period of what has no date. As an end of an interval it is one that is not known."""

LONGEST = 60
"""Characters of a period; a longer text is none, and is not looked at."""

EXPECTED = "a period in EDTF such as 2006, 2011-10, 2011-12-23, 2003/2005 or 1997/.."

_DATE = re.compile(r"[0-9X]{4}(?:-[0-9X]{2}){0,2}")
_QUALIFIED = re.compile(r"[~?%]?[0-9X]{4}[~?%]?(?:-[~?%]?[0-9X]{2}[~?%]?){0,2}")
_QUALIFIERS = re.compile(r"[~?%]")
_SET = re.compile(rf"\[{_DATE.pattern}(?:(?:,|\.\.){_DATE.pattern})+\]")
_UNKNOWN_PARTS = re.compile(r"(?:-XX){1,2}")
_SEASONS = range(21, 33)
_PARTS_OF_A_YEAR = {
    **{33 + number: (3 * number + 1, 3 * number + 3) for number in range(4)},  # quarters
    **{37 + number: (4 * number + 1, 4 * number + 4) for number in range(3)},  # thirds
    **{40 + number: (6 * number + 1, 6 * number + 6) for number in range(2)},  # halves
}
"""The first and last month of each part of a year, by what stands for it in place of a month."""


class Period(NamedTuple):
    """The first and last day on which a period can begin, and on which it can end; None: not known,
    or open.
    """

    start_earliest: date | None
    start_latest: date | None
    end_earliest: date | None
    end_latest: date | None


class _End(NamedTuple):
    """The first and last day that a date can mean, and its one text."""

    first: date | None
    last: date | None
    text: str


_NOT_KNOWN = _End(None, None, "..")


def read_period(text: str) -> Period:
    """Return the four days of a period; raises ValueError where the text is none, or ends before it
    starts.

    An open (..) or unknown (nothing, XXXX) end has no days. Neither has a date with ~, ? or %:
    nobody says how wide "about" is, so no day can be excluded, and rules that need one say that
    they are not tested. Nor has a season: which months it has depends on who speaks, and winter is
    of two years. Quarters, thirds and halves of a year (2019-33 to 2019-41) have days, and so has
    one of a set ([2003,2004]). A day without its year (XXXX-10-21) is what words say, and no
    period.
    """
    return _read(text)[0]


def canonical_period(text: str) -> str:
    """Return the one text of a period, so that its spellings are one quantity; raises ValueError as
    `read_period` does.

    Two periods of the same four days have one text: 2011/2011 is 2011, 1997/ is 1997/.., 2011-12-XX
    is 2011-12. What has no days but a text (2004~, 2001-21) keeps that.
    """
    return _read(text)[1]


def _read(text: str) -> tuple[Period, str]:
    if len(text) > LONGEST:
        raise ValueError
    start, slash, end = text.partition("/")
    if not slash:
        one = _set(text) or _date(text)
        return Period(
            one.first, one.last, one.first, one.last
        ), UNDATED if one is _NOT_KNOWN else one.text
    ends = [_NOT_KNOWN if part in OPEN else _date(part) for part in (start, end)]
    began, ended = ends
    if began is ended is _NOT_KNOWN or (began.first and ended.last and began.first > ended.last):
        raise ValueError
    canonical = began.text if began.text == ended.text else f"{began.text}/{ended.text}"
    return Period(began.first, began.last, ended.first, ended.last), canonical


def _set(text: str) -> _End | None:
    """Return what one of a set can mean; None where a text is no set."""
    match = _SET.fullmatch(text)
    if not match:
        return None
    days = [_date(part)[:2] for part in _DATE.findall(text)]
    firsts, lasts = ([day for day in side if day] for side in zip(*days, strict=True))
    if len(firsts) < len(days) or firsts != sorted(firsts):
        raise ValueError
    return _of_days(min(firsts), max(lasts))


def _date(text: str) -> _End:
    """Return what a single date can mean; _NOT_KNOWN for XXXX."""
    if not _QUALIFIED.fullmatch(text):
        raise ValueError
    plain = _QUALIFIERS.sub("", text)
    year, _, rest = plain.partition("-")
    if year == UNDATED and not _UNKNOWN_PARTS.fullmatch(f"-{rest or 'XX'}"):
        raise ValueError
    if year == UNDATED:
        return _NOT_KNOWN
    found = _plain_date(year, [part for part in rest.split("-") if part])
    return found if plain == text else _End(None, None, text)


def _plain_date(year: str, rest: list[str]) -> _End:
    """Return what a year, and a month or part of the year and a day where they are said, can
    mean.
    """
    while rest and rest[-1] == "XX":
        rest = rest[:-1]
    if "X" in year:
        if rest or not re.fullmatch(r"[0-9]+X+", year):
            raise ValueError
        return _of_days(
            date(int(year.replace("X", "0")), 1, 1), date(int(year.replace("X", "9")), 12, 31)
        )
    numbers = [int(year), *(int(part) for part in rest)]
    if len(numbers) == 1:
        return _of_days(date(numbers[0], 1, 1), date(numbers[0], 12, 31))
    if len(numbers) > 2:  # noqa: PLR2004 (year, month and day)
        return _of_days(date(*numbers), date(*numbers))
    if numbers[1] in _SEASONS:
        date(numbers[0], 1, 1)
        return _End(None, None, "-".join([year, *rest]))
    first, last = _PARTS_OF_A_YEAR.get(numbers[1], (numbers[1], numbers[1]))
    return _of_days(date(numbers[0], first, 1), _last_of_month(numbers[0], last))


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _of_days(first: date, last: date) -> _End:
    """Return the end that lies between two days, with its text: the coarsest form that says them,
    else one of a set.
    """
    return _End(first, last, _text(first, last))


def _text(first: date, last: date) -> str:
    whole_months = first.day == 1 and last == _last_of_month(last.year, last.month)
    months = (first.month, last.month)
    if not whole_months:
        return f"{first}" if first == last else f"[{first}..{last}]"
    if months == (1, 12):
        return _years(first.year, last.year)
    if first.year != last.year:
        return f"[{_month(first)}..{_month(last)}]"
    part = next((code for code, known in _PARTS_OF_A_YEAR.items() if known == months), None)
    if first.month == last.month or part:
        return f"{first.year:04}-{part or first.month:02}"
    return f"[{_month(first)}..{_month(last)}]"


def _month(day: date) -> str:
    return f"{day}"[: len("2011-10")]


def _years(first: int, last: int) -> str:
    """Return years, from one's first day to the other's last: 2006, 199X, [2003..2005]."""
    for unknown in range(4):
        wide = 10**unknown
        if first % wide == 0 and last == first + wide - 1:
            return f"{first // wide:0{4 - unknown}}{'X' * unknown}"
    return f"[{first:04}..{last:04}]"


def period_ends(periods: pl.Series) -> tuple[pl.DataFrame, list[str]]:
    """Return each different period with its one text and its four days, and the texts that are
    none.

    The columns are period (as given), canonical, start_earliest, start_latest, end_earliest and
    end_latest.
    """
    good, bad = [], []
    for text in periods.drop_nulls().unique().sort():
        try:
            period, canonical = _read(text)
        except ValueError:
            bad.append(text)
        else:
            good.append((text, canonical, *period))
    shape = {"period": pl.String, "canonical": pl.String, **dict.fromkeys(Period._fields, pl.Date)}
    return pl.DataFrame(good, schema=shape, orient="row"), bad


def in_force() -> pl.Expr:
    """Return whether a code (valid_from, valid_to) is in force in some part of a period
    (start_earliest, end_latest).
    """
    begun = (pl.col("valid_from") <= pl.col("end_latest")).fill_null(value=True)
    not_over = (pl.col("valid_to") > pl.col("start_earliest")).fill_null(value=True)
    return begun & not_over
