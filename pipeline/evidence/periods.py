"""A period: a date or span as printed, with what hedges it (since, by, before, after, about,
early).

Belongs here: what a text says of a period, in EDTF. Does not belong here: the forms of dates
(date_forms), or the days that bound a period (pipeline.intervals).
"""

from pipeline.evidence.bare_years import NUMBER, is_defined, past_year_words, why_no_year
from pipeline.evidence.date_patterns import ROMAN
from pipeline.evidence.doubts import dates_of, past_time
from pipeline.evidence.edtf import UNDATED, months_until, neighbour
from pipeline.evidence.fractions import number_at
from pipeline.evidence.hedges import MOST_BETWEEN
from pipeline.evidence.printed_dates import Printed
from pipeline.evidence.scan import Mention, Scan

MOST_HEDGES = 3
CENTURIES = range(15, 21)
YEARS = range(1500, 2100)
TENS = range(10, 100)
MONTHS = {"year_to": 12, "half_to": 6, "quarter_to": 3}
"""The tables of words before a date that make it the end of some months."""
BEFORE = ("in", "part", "about", *MONTHS, "since", "since_or_of", "before", "by", "after")
AFTER = {
    "onwards": "since",
    "earlier": "by",
    "since_after": "since",
    "by_after": "by",
    "before_after": "before",
    "after_after": "after",
    "about_after": "about",
}
"""The tables of words after a date, and what each means."""


def period_at(scan: Scan, index: int) -> Mention | None:
    """Return the period whose date begins at a token; None where no date begins there."""
    if other := _each_month(scan, index) or _year_in_words(scan, index):
        return other
    opening = scan.before_any(index, "between", "from")
    printed = dates_of(scan).at(scan.text, scan.tokens[index].start, is_between=opening is not None)
    if printed is None or (
        printed.edtf.startswith(UNDATED) and len(printed.edtf) == len("XXXX-05")
    ):
        return None
    end = scan.token_after(printed.end, index)
    why = printed.why or _why_unread(scan, index, end, printed) or _continues(scan, index, printed)
    if why == NUMBER:
        return None
    first = index - opening.length if opening and printed.is_span else index
    if why:
        return scan.mention(
            first, end, "unread", why=why, key=printed.key, number=scan.span(index, end)
        )
    if printed.edtf.startswith(UNDATED) and (recurring := _recurring(scan, first, end)):
        return recurring
    return _hedged(scan, printed.edtf, first, end)


def _continues(scan: Scan, index: int, printed: Printed) -> str:
    """Return why a quarter, half or month is not read that goes on a list: the first, second and
    third quarters.
    """
    word, names = (
        scan.number_word(index - 2),
        ROMAN if printed.is_part else scan.language.months,
    )
    is_one = scan.at(index - 2) in names or (
        printed.is_part and word is not None and word.is_ordinal
    )
    is_joined = (
        scan.at(index - 1) in {",", "-", "–"} or scan.after_any(index - 1, "and", "to") is not None
    )
    return "one of several parts of a year" if is_one and is_joined and scan.is_word(index) else ""


def _why_unread(scan: Scan, index: int, end: int, printed: Printed) -> str:
    """Return why a date may be none: a bare year that can be a number, or a month and a count (in
    May 20 people came).
    """
    is_limit = not printed.is_span and scan.after(end, "periods", "inclusive")
    if scan.before(index, "periods", "denied") or scan.after(end, "negations_after") or is_limit:
        return "a negation, or a limit that belongs to the period"
    if printed.edtf.isdecimal():
        return why_no_year(scan, index, end)
    is_month_first = (
        scan.is_word(index) and printed.edtf.startswith(UNDATED) and scan.is_number(end - 1)
    )
    day = number_at(scan, end - 1) if is_month_first else None
    if day is None:
        return ""
    if day.end > end or scan.after(end, "units"):
        return NUMBER
    is_day = (
        scan.before(index, "periods", "on")
        or scan.after(end, "periods", "recurring_after")
        or is_defined(scan, index)
    )
    return (
        ""
        if is_day or scan.is_function_word(end) or not scan.is_near(end)
        else "a day of the month or a number"
    )


def _limit_after(scan: Scan, end: int) -> int:
    """Return the token after the words that say by or before when, where a language has them after
    the date.
    """
    found = (
        scan.after(end, "periods", name) for name in ("by_after", "before_after", "since_after")
    )
    return end + max((match.length for match in found if match), default=0)


def _each_month(scan: Scan, index: int) -> Mention | None:
    """Return the label of a day that comes each month: the 10th of each month."""
    number = number_at(scan, index)
    after = scan.after(number.end, "periods", "each_month") if number else None
    if number is None or (
        after is None and scan.before(index, "periods", "each_month_before") is None
    ):
        return None
    end = number.end + after.length if after else _limit_after(scan, number.end)
    return scan.mention(index, end, "label", label="recurring")


def _year_in_words(scan: Scan, index: int) -> Mention | None:
    """Return a year in words: nineteen ninety-one; before the word for year also две тысячи
    двадцать первый год.
    """
    year = scan.spelled(index) if scan.number_word(index) else None
    if year is None:
        return None
    end, value = index + year.length, str(year.value)
    after = scan.after(end, "periods", "year_after") if year.value in YEARS else None
    rest = (
        scan.spelled(end)
        if year.length == 1 and year.value in CENTURIES and not scan.is_glued(end)
        else None
    )
    if rest and not rest.is_ordinal and rest.value in TENS:
        end, value = end + rest.length, f"{value}{rest.value}"
    elif after:
        end += after.length
    else:
        return None
    return scan.mention(index, end, "period", period=value)


def _recurring(scan: Scan, first: int, end: int) -> Mention | None:
    """Return the label of a day that comes each year, if it does."""
    place = past_year_words(scan, first)
    before, after = (
        scan.before(place, "periods", "recurring_before"),
        scan.after(end, "periods", "recurring_after"),
    )
    if before is None and after is None:
        return None
    last = end + after.length if after else _limit_after(scan, end)
    return scan.mention(
        place - before.length if before else first, last, "label", label="recurring"
    )


def _hedged(scan: Scan, edtf: str, first: int, end: int) -> Mention:
    """Return a period with what hedges it, before it and after it."""
    core = scan.span(first, end)
    after = next(
        (
            (match, meaning)
            for name, meaning in AFTER.items()
            if (match := scan.after(end, "periods", name))
        ),
        None,
    )
    edtf, first, why = _hedged_before(scan, edtf, first, is_last=after is None)
    is_open = ".." in edtf
    if after is None and scan.at(end - 1).endswith(
        scan.language.words("range_endings")
    ):  # 2010 жылдан
        why = why or "since then, or so long before or after" * scan.is_numeral(end)
        edtf = edtf if is_open else turned(edtf, "since")
    elif after and scan.is_near(end):
        edtf, end = (edtf if is_open else turned(edtf, after[1])), end + after[0].length
        if counted := _counted_end(scan, end):
            why, end = why or "so long before or after it", counted
    return scan.mention(
        first, end, "unread" if why else "period", period="" if why else edtf, why=why, number=core
    )


def _hedged_before(scan: Scan, edtf: str, first: int, *, is_last: bool) -> tuple[str, int, str]:
    """Return a period with what hedges it before it, the token at which that begins, and why it
    cannot be read, if so.
    """
    place = first
    for _ in range(MOST_HEDGES):
        place = past_year_words(scan, place)
        found = [
            (match.length, name)
            for name in BEFORE
            if (match := scan.before(place, "periods", name))
        ]
        if scan.after(place - 1, "periods", "until"):
            found.insert(0, (1, "by"))
        length, name = max(found, key=lambda pair: pair[0], default=(0, "in"))
        if name == "in" or (".." in edtf and name != "about"):
            break
        if name == "since_or_of" and is_last and scan.is_word(place - length - 1):
            why = "" if _is_dated_thing(scan, place - length) else "since then, or of then"
            return edtf, first if not why else place - length, why
        edtf, first = turned(edtf, name.removesuffix("_or_of")), place - length
        place = first
    return edtf, first, ""


def _counted_end(scan: Scan, place: int) -> int:
    """Return the token after a time that is counted from the date before a token: 2010 жылға дейін
    3 жыл бұрын; 0 where there is none.
    """
    number = number_at(scan, place)
    return past_time(scan, number.end, "before_after", "after_after") if number else 0


def _is_dated_thing(scan: Scan, end: int) -> bool:
    """Return whether what the words before a token tell of has a date of its own: a report from
    2019, the data are from 2019.
    """
    if copula := scan.before(end, "copulas"):
        nearest = range(end - copula.length, end - copula.length - MOST_BETWEEN, -1)
        return any(scan.before(place, "dated_things") for place in nearest)
    return scan.before(end, "dated_things") is not None


def turned(edtf: str, hedge: str) -> str:
    """Return a period in EDTF as a hedge makes it: since 1997 is 1997/.., before 2002 ../2001,
    about 2004 2004~.
    """
    first, _, last = edtf.partition("/")
    last = last or first
    if edtf.startswith("["):
        return edtf
    if hedge in {"part", "about"}:
        return "/".join(limit if limit == ".." else f"{limit}~" for limit in edtf.split("/"))
    if hedge in MONTHS:
        return months_until(last, MONTHS[hedge])
    limits = {"since": f"{first}/..", "by": f"../{last}", "before": f"../{neighbour(first, -1)}"}
    return limits.get(hedge) or f"{neighbour(last, 1)}/.."
