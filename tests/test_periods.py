"""EDTF periods: the days that bound them, and one text for all that mean the same days."""

import hashlib
from datetime import date
from itertools import combinations
from pathlib import Path

import edtf
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check import check
from pipeline.intervals.period_words import days_in_words, period_in_words
from pipeline.intervals.periods import (
    LONGEST,
    Period,
    canonical_period,
    in_force,
    period_ends,
    read_period,
)
from tests.test_second_source import FILES, SOURCE

YEAR_2006 = ("2006-01-01", "2006-12-31")
NOT_KNOWN = (None, None)


def days(period: Period) -> tuple[str | None, ...]:
    return tuple(None if day is None else f"{day}" for day in period)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2006", YEAR_2006, YEAR_2006),
        ("2011-10", ("2011-10-01", "2011-10-31"), None),
        ("2012-02", ("2012-02-01", "2012-02-29"), None),
        ("2011-12-23", ("2011-12-23", "2011-12-23"), None),
        ("2003/2005", ("2003-01-01", "2003-12-31"), ("2005-01-01", "2005-12-31")),
        ("2011-10/2011-12-23", ("2011-10-01", "2011-10-31"), ("2011-12-23", "2011-12-23")),
        ("2006/..", YEAR_2006, NOT_KNOWN),
        ("2006/", YEAR_2006, NOT_KNOWN),
        ("2006/XXXX", YEAR_2006, NOT_KNOWN),
        ("../2006", NOT_KNOWN, YEAR_2006),
        ("201X", ("2010-01-01", "2019-12-31"), None),
        ("19XX", ("1900-01-01", "1999-12-31"), None),
        ("199X/2006", ("1990-01-01", "1999-12-31"), YEAR_2006),
        ("2011-12-XX", ("2011-12-01", "2011-12-31"), None),
        ("2006-XX-XX", YEAR_2006, YEAR_2006),
        ("2019-35", ("2019-07-01", "2019-09-30"), None),
        ("2019-38", ("2019-05-01", "2019-08-31"), None),
        ("2019-41", ("2019-07-01", "2019-12-31"), None),
        ("[2003,2004]", ("2003-01-01", "2004-12-31"), None),
        ("[2003-05..2004,2006]", ("2003-05-01", "2006-12-31"), None),
        ("XXXX", NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_a_period_has_four_days(
    text: str, start: tuple[str | None, ...], end: tuple[str | None, ...] | None
) -> None:
    assert days(read_period(text)) == (*start, *(end or start))


@pytest.mark.parametrize(
    "text",
    [
        "2006~",
        "2006?",
        "2006%",
        "~2006",
        "2006-05~",
        "2006-~05",
        "201X~",
        "2006-21",
        "2006-24",
        "2006-22~",
    ],
)
def test_what_nobody_says_how_wide_it_is_excludes_no_day(text: str) -> None:
    assert read_period(text) == Period(*NOT_KNOWN, *NOT_KNOWN)
    assert canonical_period(text) == text


def test_only_the_end_that_is_about_some_time_has_no_days() -> None:
    assert days(read_period("2003~/2006")) == (*NOT_KNOWN, *YEAR_2006)
    assert canonical_period("2003~/2006") == "2003~/2006"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Oct-11",
            "2006-13",
            "2006-02-30",
            "2005/2003",
            "../..",
            "/",
            "",
            "0000",
            "0000-21",
            "yesterday",
            "2006/2007/2008",
            "2006\n",
        ),
        *(
            "XXXX-10-21",
            "XXXX-10",
            "XXXX/..",
            "../XXXX",
            "199X-12",
            "X999",
            "2006-1X",
            "2006-XX-12",
            "2006-42",
            "2006-21-05",
        ),
        *(
            "Y12006",
            "-0044",
            "20060",
            "2006S2",
            "2006-00",
            "２００６",
            "2006~~",
            "20~06",
            "{2003,2004}",
            "[2003]",
            "[..2003]",
        ),
        *(
            "[2003,XXXX]",
            "[2005..2003]",
            "[2005,2003]",
            "[2005..2003]",
            "[2003~,2004]",
            "2003/[2004,2005]",
            "[2003,2004]/2006",
            "2006-12-23-XX",
            "2006 ",
            " 2006",
            "2006-W05",
        ),
        *(
            "Y1E99999999",
            "Y-17E9999",
            "Y1E99999999/2006",
            "2006/Y1E99999999",
            "9" * 10**6,
            "[" + "2003," * 20 + "2003]",
        ),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_period(text)


ANY_TEXT = st.text(max_size=2 * LONGEST) | st.text(
    "0123456789XYES-/.,~?%[]{} T:Z\n", max_size=2 * LONGEST
)
ENDS = st.from_regex(
    r"\A(|\.\.|[~?%]?[0-9X]{4}[~?%]?(-[0-9X]{2}[~?%]?){0,2}|\[[0-9X]{4}(-[0-9]{2})?(,|\.\.)[0-9]{4}\])\Z"
)
NEARLY = st.tuples(ENDS, ENDS).map("/".join) | ENDS


@settings(max_examples=500, deadline=None)
@given(ANY_TEXT | NEARLY)
def test_whatever_is_typed_is_a_period_or_refused(text: str) -> None:
    try:
        period = read_period(text)
    except ValueError:
        return
    for first, last in (period[:2], period[2:]):
        assert first is None or last is None or first <= last
    canonical = canonical_period(text)
    assert read_period(canonical) == period
    assert canonical_period(canonical) == canonical


YEARS = st.integers(1990, 2013).map(str) | st.sampled_from(["199X", "200X", "201X", "19XX", "2XXX"])
MONTHS = st.builds(
    "{:04}-{:02}".format, st.integers(1998, 2002), st.integers(1, 12) | st.integers(33, 41)
)
DAYS = st.dates(date(1999, 11, 28), date(2000, 3, 2)).map(str)
DATES = (
    YEARS
    | MONTHS
    | DAYS
    | st.builds("{}-XX".format, YEARS.filter(str.isdigit))
    | st.builds("{}-XX".format, st.just("2000-02"))
)
SETS = st.builds(
    "[{}{}{}]".format,
    DATES.filter(lambda text: "X" not in text),
    st.sampled_from([",", ".."]),
    st.integers(1990, 2013),
)
PERIODS = (
    DATES
    | SETS
    | st.builds("{}/{}".format, DATES, DATES | st.sampled_from(["", "..", "XXXX"]))
    | st.builds("../{}".format, DATES)
)


def is_period(text: str) -> bool:
    return not period_ends(pl.Series([text]))[1]


@settings(max_examples=300, deadline=None)
@given(st.lists(PERIODS.filter(is_period), min_size=2, max_size=12))
def test_periods_of_the_same_days_have_one_text_and_others_have_others(texts: list[str]) -> None:
    for one, other in combinations(texts, 2):
        assert (canonical_period(one) == canonical_period(other)) == (
            read_period(one) == read_period(other)
        ), (one, other)


@pytest.mark.parametrize(
    ("texts", "canonical"),
    [
        (("2011/2011", "2011-XX", "2011-XX-XX", "[2011-01..2011-12]"), "2011"),
        (("1997/", "1997/..", "1997/XXXX"), "1997/.."),
        (("/2005", "XXXX/2005"), "../2005"),
        (("[2010..2019]", "201X/201X"), "201X"),
        (("[2019-07..2019-09]", "[2019-07,2019-08,2019-09]"), "2019-35"),
        (("[2003,2004]",), "[2003..2004]"),
        (("2011-12-23/2011-12-23",), "2011-12-23"),
        (("XXXX-XX-XX", "XXXX-XX"), "XXXX"),
        (("[1990..2003]",), "[1990..2003]"),
        (("2011-12-XX", "[2011-12-01..2011-12-31]"), "2011-12"),
        (("[2011-02..2011-09]",), "[2011-02..2011-09]"),
        (("[2003-01..2004,2005,2006,2007,2008,2009,2010,2011,2012,2013]",), "[2003..2013]"),
        (("[1999-11-30..2000-03]",), "[1999-11-30..2000-03-31]"),
        (("[1999-11..2000-03]",), "[1999-11..2000-03]"),
    ],
)
def test_the_one_text_is_the_plainest(texts: tuple[str, ...], canonical: str) -> None:
    assert {canonical_period(text) for text in texts} == {canonical}


@settings(max_examples=100, deadline=None)
@given(
    DATES
    | st.tuples(st.integers(1990, 1999), st.integers(2000, 2013)).map("[{0[0]}..{0[1]}]".format)
)
def test_days_are_those_of_the_library_of_edtf(text: str) -> None:
    parsed = edtf.parse_edtf(text)
    assert read_period(text)[:2] == tuple(
        date(*day[:3]) for day in (parsed.lower_strict(), parsed.upper_strict())
    )


@pytest.mark.parametrize(
    ("valid", "period", "found"),
    [
        ("2000/2010", "1990/1999", False),
        ("2000/2010", "1990/2000", True),
        ("2000/2010", "2009/2020", True),
        ("2000/2010", "2010/2020", False),
        ("2000/..", "../1999", False),
        ("2000/..", "2030/..", True),
        ("../2010", "2010/..", False),
        ("../2010", "../1990", True),
        ("2000/2010", "../..", True),
    ],
)
def test_a_code_is_in_force_from_its_first_day_until_the_day_on_which_it_ends(
    valid: str, period: str, *, found: bool
) -> None:
    years = (*valid.split("/"), *period.split("/"))
    days = [None if year == ".." else date(int(year), 1, 1) for year in years]
    names = ("valid_from", "valid_to", "start_earliest", "end_latest")
    rows = pl.DataFrame([days], dict.fromkeys(names, pl.Date), orient="row")
    assert rows.select(in_force()).item() is found


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2011-10", "October 2011"),
        ("2011-12-03", "3 December 2011"),
        ("2003/2005-01", "2003 to January 2005"),
        ("1997/..", "since 1997"),
        ("1997/", "from 1997, to an unknown end"),
        ("../2005", "until 2005"),
        ("/2005-06", "until June 2005"),
        ("2019-35", "2019-35"),
        ("2004~", "2004~"),
        ("XXXX", "undated"),
    ],
)
def test_a_period_is_written_as_people_do(edtf: str, words: str) -> None:
    assert period_in_words(edtf) == words


def test_days_are_written_as_what_is_known_of_them() -> None:
    first, last = date(2019, 5, 1), date(2019, 12, 23)
    assert days_in_words(first, last) == "1 May 2019 to 23 December 2019"
    assert days_in_words(last, last) == "23 December 2019"
    assert days_in_words(first, None) == "from 1 May 2019 on"
    assert days_in_words(None, last) == "by 23 December 2019"
    assert days_in_words(None, None) == "not known"


def test_a_thousand_hostile_periods_are_told_at_once() -> None:
    hostile = [f"Y1E{number}" for number in range(1000)] + [
        "X" * 10**6,
        "[" * 10**5,
        "2003/" * 10**5,
    ]
    found, bad = period_ends(pl.Series(hostile))
    assert (found.height, len(bad)) == (0, len(hostile))


class TestTyped:
    """The same quantity stated twice, in periods that are spelled in two ways."""

    def folder(self, tmp_path: Path, period: str, again: str = "101") -> Path:
        sentences = f"The Elm Library lent 100 books in 2019. Readers took {again} books in 2019."
        text = f"Elm Library: annual report\n3 March 2020\n\n{sentences}\n"
        row = "{},loans,ELM,,{},{},,,{} books in 2019,,Elm Library,,\n".format
        rows = row("first", "2019", "100", "lent 100") + row(
            "again", period, again, f"took {again}"
        )
        headings = {
            name: content.partition("\n")[0] + "\n"
            for name, content in FILES.items()
            if name.endswith(".csv")
        }
        source = FILES[f"{SOURCE}/source.toml"].replace("observations = 5", "observations = 2")
        was, is_now = (
            hashlib.sha256(words.encode()).hexdigest()
            for words in (FILES[f"{SOURCE}/text.txt"], text)
        )
        raw = tmp_path / "raw"
        files = {
            **headings,
            **{name: content for name, content in FILES.items() if name.startswith("codelists/")},
            f"{SOURCE}/source.toml": source.replace(was, is_now),
            f"{SOURCE}/text.txt": text,
            f"{SOURCE}/observations.csv": headings[f"{SOURCE}/observations.csv"] + rows,
            "rules.toml": (
                '[[rule]]\nid = "agree"\nkind = "same_quantity"\ntitle = "Of one '
                'value"\nseverity = "error"\n'
            ),
        }
        for name, content in files.items():
            (raw / name).parent.mkdir(parents=True, exist_ok=True)
            (raw / name).write_text(content, encoding="utf-8")
        return raw

    @pytest.mark.parametrize("period", ["2019", "2019/2019"])
    def test_two_numbers_for_one_quantity_contradict_each_other_however_its_period_is_spelled(
        self, tmp_path: Path, period: str
    ) -> None:
        checked = check(self.folder(tmp_path, period))
        assert [defect.at("raw") for defect in checked.defects] == []
        (found,) = checked.tables["check_results"].filter(rule_id="agree").rows(named=True)
        assert found["outcome"] == "violated"
        facts = checked.tables["check_facts"].filter(rule_id="agree")["fact_id"]
        assert facts.to_list() == [f"{SOURCE}/again", f"{SOURCE}/first"]
        assert checked.tables["observations"]["period"].to_list() == ["2019", "2019"]
        assert len(checked.unacknowledged) == 1

    def test_the_same_number_twice_is_no_contradiction(self, tmp_path: Path) -> None:
        checked = check(self.folder(tmp_path, "2019/2019", "100"))
        assert [defect.at("raw") for defect in checked.defects] == []
        (found,) = checked.tables["check_results"].filter(rule_id="agree").rows(named=True)
        assert found["outcome"] == "satisfied"

    @pytest.mark.parametrize(
        ("typed", "code", "expected"),
        [
            ("Y1E99999999", "not_edtf", "a period in EDTF such as 2006"),
            ("XXXX-10-21", "not_edtf", "with its year"),
            ("2" * 100_000, "too_long", "at most"),
        ],
    )
    def test_what_is_no_period_is_told_with_what_would_be_one(
        self, tmp_path: Path, typed: str, code: str, expected: str
    ) -> None:
        (found,) = check(self.folder(tmp_path, typed)).defects
        assert (found.file, found.line, found.column, found.code) == (
            f"{SOURCE}/observations.csv",
            3,
            "period",
            code,
        )
        assert expected in found.expected
        assert len(found.message) < 300
