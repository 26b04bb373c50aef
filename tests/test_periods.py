"""EDTF periods and the days that bound them."""

from datetime import date

import pytest

from pipeline.intervals.periods import read_period


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2006", ("2006-01-01", "2006-12-31", "2006-01-01", "2006-12-31")),
        ("2011-10", ("2011-10-01", "2011-10-31", "2011-10-01", "2011-10-31")),
        ("2012-02", ("2012-02-01", "2012-02-29", "2012-02-01", "2012-02-29")),
        ("2011-12-23", ("2011-12-23", "2011-12-23", "2011-12-23", "2011-12-23")),
        ("2003/2005", ("2003-01-01", "2003-12-31", "2005-01-01", "2005-12-31")),
        ("2011-10/2011-12-23", ("2011-10-01", "2011-10-31", "2011-12-23", "2011-12-23")),
        ("1997/..", ("1997-01-01", "1997-12-31", None, None)),
        ("1997/", ("1997-01-01", "1997-12-31", None, None)),
        ("../2005", (None, None, "2005-01-01", "2005-12-31")),
        ("2006~", ("2006-01-01", "2006-12-31", "2006-01-01", "2006-12-31")),
        ("201X", ("2010-01-01", "2019-12-31", "2010-01-01", "2019-12-31")),
    ],
)
def test_a_period_has_four_days(text: str, days: tuple[str | None, ...]) -> None:
    period = read_period(text)
    found = (period.start_earliest, period.start_latest, period.end_earliest, period.end_latest)
    assert found == tuple(None if day is None else date.fromisoformat(day) for day in days)


@pytest.mark.parametrize(
    "text", ["Oct-11", "2006-13", "2006-02-30", "2005/2003", "../..", "/", "", "0000", "yesterday", "2006/2007/2008"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_period(text)
