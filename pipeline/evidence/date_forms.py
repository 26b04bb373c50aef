"""One date, or a span of two, at a place of a text: what it is in EDTF.

Belongs here: what each form of date_forms.toml means, and spans of two dates. Does not belong here:
since, before, about and the like (periods).
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.evidence import date_patterns
from pipeline.evidence.date_patterns import DASH, DECEMBER, POINTS, any_phrase
from pipeline.evidence.edtf import UNDATED, completed, months_until
from pipeline.evidence.language import ASK, Language, language
from pipeline.evidence.printed_dates import (
    PARTS_OF_YEAR,
    Meaning,
    Printed,
    Unread,
    day_of,
    months_of_year,
    next_year,
    no_day,
    part_of_year,
)
from pipeline.evidence.tokens import fold


@cache
def dates(tag: str, day_order: str | None, fiscal_year_starts: str | None) -> "Dates":
    """Return the dates of a language; `day_order` and `fiscal_year_starts` are those of
    source.toml, if it has them.
    """
    return Dates(language(tag), day_order, fiscal_year_starts)


class Dates:
    """The dates of a language, each sought at a place of a text."""

    def __init__(
        self, spoken: Language, day_order: str | None, fiscal_year_starts: str | None
    ) -> None:
        """Build the patterns."""
        words = date_patterns.words_of(spoken)
        self._last: tuple[str, int, list[tuple[str, Printed]]] = "", 0, []
        """What was read last: at one place, spans are sought after whole dates."""
        self._language, self._order, self._fiscal = spoken, day_order, fiscal_year_starts
        self._ordinals = date_patterns.ordinals(spoken)
        self._forms, self._halves = date_patterns.forms(spoken), date_patterns.halves(spoken)
        self._range_endings = tuple(spoken.words("range_endings"))
        self._joint = re.compile(rf"{DASH}|\s+{any_phrase(spoken.words('periods', 'to'))}\s+")
        self._and = re.compile(rf"\s+{any_phrase(spoken.words('and'))}\s+")
        self._between_after = re.compile(rf"\s+{any_phrase(spoken.words('between_after'))}")
        self._closing = re.compile(rf"\s+{any_phrase(spoken.words('periods', 'closing'))}(?!\w)")
        self._lead = re.compile(rf"{words['first_year']}\s+")
        self._bare_month = re.compile(rf"{words['month']}(?!\w)")

    def at(self, text: str, place: int, *, is_between: bool = False) -> Printed | None:
        """Return the longest date or span that begins at a place; `is_between` where "between" or
        "from" stands before it.
        """
        found = [printed for _, printed in self._read(text, place)]
        found += self._spans_of_year(text, place, is_between=is_between)
        found += self._spans(text, place, is_between=is_between)
        return max(found, key=lambda printed: printed.end, default=None)

    def _read(self, text: str, place: int) -> list[tuple[str, Printed]]:
        """Return what each form reads at a place, with its meaning."""
        last = self._last
        if last[:2] != (text, place):
            found = []
            for meaning, pattern in self._forms.each if self._forms.any.match(text, place) else ():
                # what a form means is told by the method of its name
                match = pattern.match(text, place)
                if match and (read := getattr(self, f"_{meaning}")(match)):
                    edtf, (why, key) = ("", read) if isinstance(read, Unread) else (read, ("", ""))
                    is_part = meaning in PARTS_OF_YEAR
                    found.append((meaning, Printed(match.end(), edtf, why, key, is_part)))
            self._last = last = text, place, found
        return last[2]

    def _point_at(self, text: str, place: int) -> Printed | None:
        """Return the longest whole date at a place, in words or in digits."""
        found = (printed for meaning, printed in self._read(text, place) if meaning in POINTS)
        return max(found, key=lambda printed: printed.end, default=None)

    # --- spans of two dates -----------------------------------------------------------------------

    def _spans(
        self, text: str, place: int, *, is_between: bool, has_year: bool = False
    ) -> Iterator[Printed]:
        """Yield spans of two dates; what the first leaves out is that of the second (8–20 December
        2020).
        """
        for end, left in self._firsts(text, place):
            is_ending = text.endswith(self._range_endings, 0, end) if self._range_endings else False
            joint = self._joint.match(text, end) or self._and.match(text, end)
            right = (
                self._right_at(text, joint.end() if joint else end + 1, has_year=has_year)
                if joint or is_ending
                else None
            )
            if right is None:
                continue
            is_pair = is_between or self._between_after.match(text, right.end) is not None
            # "and" is of a span after "between", or where the first is no whole date: 5 and 6 May
            is_joined = joint and (
                joint.re is self._joint
                or is_pair
                or (left.startswith(UNDATED) and not left.isdecimal())
            )
            edtf = completed(left, right.edtf, is_between=is_pair)
            closing = self._closing.match(text, right.end)
            if (edtf or right.why) and (closing if joint is None else is_joined):
                last = closing.end() if closing else right.end
                yield right._replace(end=last, edtf=edtf or "", is_part=False)

    def _spans_of_year(self, text: str, place: int, *, is_between: bool) -> Iterator[Printed]:
        """Yield spans of two dates after the year of both, where a language prints it first."""
        if lead := self._lead.match(text, place):
            for inner in self._spans(text, lead.end(), is_between=is_between, has_year=True):
                if inner.edtf.startswith(UNDATED):
                    yield inner._replace(edtf=inner.edtf.replace(UNDATED, lead["y"]))

    def _firsts(self, text: str, place: int) -> Iterator[tuple[int, str]]:
        """Yield the whole date, and the dates without an end, that a span can begin with: where
        each ends, and its EDTF.
        """
        whole = self._point_at(text, place)
        if whole and whole.edtf:
            yield whole.end, whole.edtf
        elif whole:  # 31 April
            return
        for half in self._halves:
            if match := half.match(text, place):
                yield match.end(), self._half(match)

    def _right_at(self, text: str, place: int, *, has_year: bool) -> Printed | None:
        """Return the second date of a span; after a year that is said already it can be a month
        alone.
        """
        month = self._bare_month.match(text, place) if has_year else None
        point = self._point_at(text, place)
        if month and (point is None or month.end() > point.end):
            return Printed(month.end(), f"{UNDATED}-{self._month(month['m']):02}")
        return point

    def _half(self, match: re.Match[str]) -> str:
        """Return a date without its end as it is completed: XXXX-XX-08, XXXX-01, 2003."""
        groups = match.groupdict()
        month = f"{self._month(groups['m']):02}" if groups.get("m") else "XX"
        return groups.get("y") or (
            f"{UNDATED}-{month}-{int(groups['d']):02}" if groups.get("d") else f"{UNDATED}-{month}"
        )

    def _month(self, name: str) -> int:
        """Return the number of a month by its name, with or without an ending."""
        known, stem = self._language.months, fold(name).rstrip(".")
        return next(known[stem[:end]] for end in range(len(stem), 0, -1) if stem[:end] in known)

    # --- what each form means: EDTF, why it is unread, or nothing where it is no date -------------

    def _point(self, match: re.Match[str]) -> Meaning:
        groups = match.groupdict()
        year = groups.get("y") or UNDATED
        if not groups.get("n") and not groups.get("m"):
            return year
        month = int(groups["n"]) if groups.get("n") else self._month(groups["m"])
        if not groups.get("d"):
            return f"{year}-{month:02}"
        day = day_of(match, year, month, match["d"])
        # June 31 may be a month and a number; 31 June, and 31 with a month and a year, are a date
        # that does not exist
        is_date = groups.get("y") or match.start("d") < match.start("m")
        return day if is_date or isinstance(day, str) else None

    def _nth(self, match: re.Match[str]) -> int:
        return (
            int(match["n"]) if match["n"] else self._ordinals[fold(match["o"])] if match["o"] else 1
        )

    def _quarter(self, match: re.Match[str]) -> Meaning:
        return part_of_year(match, self._nth(match), 3)

    def _quarters(self, match: re.Match[str]) -> Meaning:
        first, last = int(match["a"]), int(match["b"])
        return months_of_year(match, 3 * first - 2, 3 * last) if first < last else None

    def _half_year(self, match: re.Match[str]) -> Meaning:
        return part_of_year(match, self._nth(match), 6)

    def _count(self, match: re.Match[str]) -> int:
        return (
            int(match["c"]) if match["c"] else self._language.number_words[fold(match["w"])].value
        )

    def _first_months(self, match: re.Match[str]) -> Meaning:
        count = self._count(match) * (3 if match["q"] else 1)
        first = DECEMBER + 1 - count if match["l"] else 1
        return months_of_year(match, first, first + count - 1) if 1 < count <= DECEMBER else None

    def _months_to(self, match: re.Match[str]) -> Meaning:
        last = self._point(match)
        return months_until(last, self._count(match)) if isinstance(last, str) else last

    def _decade(self, match: re.Match[str]) -> Meaning:
        half = "~" * ("o" in match.groupdict())
        return f"{match['y'][:3]}X{half}" if match["y"].endswith("0") else None

    def _short_decade(self, match: re.Match[str]) -> Meaning:
        tens = self._nth(match) // 10
        return f"19{tens}X" if tens > 1 else None

    def _fiscal_year(self, match: re.Match[str]) -> Meaning:
        year = int(match["y"])
        if match["z"]:
            return next_year(match)
        if self._fiscal is None:
            return Unread("in which month the fiscal year starts", "fiscal_year_starts")
        return str(year) if self._fiscal == "01-01" else f"{year - 1}/{year}"

    def _two_years(self, match: re.Match[str]) -> Meaning:
        first, last = match["y"], match["z"]
        last = first[: -len(last)] + last
        return f"{first}/{last}" if last > first else None

    def _short_span(self, match: re.Match[str]) -> Meaning:
        """Read 2010-11 as the year 2010/2011, 2011-10 as a month; 2006-08 is either, and unread."""
        last = int(match["z"])
        is_month, is_later = 1 <= last <= DECEMBER, last > int(match["y"]) % 100
        if found := next_year(match):
            return found
        if is_month and is_later:
            return Unread(f"{match[0]} can be a month or a span of years")
        return self._two_years(match) if is_later else match[0] if is_month else None

    def _digits(self, match: re.Match[str]) -> Meaning:
        """Read 30.06.2023 in the order of the document; where day and month could be each other and
        nobody says, unread.
        """
        first, second, year = match["a"], match["b"], match["y"]
        by_order = {"DMY": (second, first), "MDY": (first, second)}
        read = {order: day_of(match, year, int(m), d) for order, (m, d) in by_order.items()}
        days = {order: day for order, day in read.items() if isinstance(day, str)}
        own = self._language.day_order if match["s"] == self._language.day_mark else ASK
        chosen = days.get(self._order or own)
        if not days:
            return read["DMY"]
        if chosen is None and len(set(days.values())) > 1:
            return Unread(f"{match[0]}: is the day or the month first", "day_order")
        return chosen or next(iter(days.values()))

    def _roman_day(self, match: re.Match[str]) -> Meaning:
        """Read 3.VI.2020."""
        return day_of(match, match["y"], self._ordinals[match["o"].casefold()], match["d"])

    def _days_after_month(self, match: re.Match[str]) -> Meaning:
        month, year = self._month(match["m"]), match["y"] or UNDATED
        first, last = (day_of(match, year, month, match[name]) for name in "ab")
        is_span = isinstance(first, str) and isinstance(last, str) and first < last
        return f"{first}/{last}" if is_span else no_day(match) if match["y"] else None

    def _either_year(self, match: re.Match[str]) -> Meaning:
        return f"[{match['y']},{match['z']}]" if match["y"] < match["z"] else None
