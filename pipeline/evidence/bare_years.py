"""Whether four digits are a year or a number: in 1997 there were 1600 of them.

Belongs here: what the words around plain digits say that they are. Does not belong here: years with
their month or day.
"""

from pipeline.evidence.magnitudes import currency_of_next, magnitude_at
from pipeline.evidence.scan import Scan

LIKELY_YEARS = range(1900, 2100)
COUNTED = (("indicators",), ("categories",))
"""The code lists whose names say what a number before them counts."""

NUMBER = "a number"
EITHER = "a year or a number"
DATED = ("in", "since", "since_or_of", "before", "by", "after", "about", "part")
"""The tables of words that lead to a period."""


def why_no_year(scan: Scan, index: int, end: int) -> str:
    """Return NUMBER where digits say how much, EITHER where nobody can tell, nothing where they are
    a year.
    """
    if end > index + 1:
        return ""  # the word for year follows
    is_noun = (
        not scan.is_function_word(end)
        and not scan.is_capital(end)
        and scan.is_near(end)
        and not scan.begins_line(end)
    )
    if _is_measured(scan, index, end) or (is_noun and scan.language.words("periods", "year_after")):
        return NUMBER
    place = past_year_words(scan, index)
    is_dated = scan.before_any(place, *DATED, of=("periods",)) is not None
    # a year as a heading counts nothing
    names = {} if scan.begins_line(end) else scan.names.get(end, {})
    longest = max((found.length for found in names.values()), default=0)
    if any(name in names and names[name].length == longest for name in COUNTED):
        return EITHER if is_dated and int(scan.at(index)) in LIKELY_YEARS else NUMBER
    if _only_counts(scan, index) and not (is_dated and not is_noun):
        return NUMBER
    return _before_noun(scan, index, is_dated=is_dated) if is_noun else ""


def _is_measured(scan: Scan, index: int, end: int) -> bool:
    """Return whether a unit, a magnitude, a currency or the name of what is counted stands at
    digits.
    """
    unit = scan.after(end, "units")
    if unit and currency_of_next(scan, end, unit.length):
        unit = None
    if scan.label_before(index):
        return True  # Box 1540
    after = unit or magnitude_at(scan, end)[1] or scan.at(end) == "+"
    return bool(after or scan.before(index, "currency") or scan.is_currency_code(index - 1))


def _before_noun(scan: Scan, index: int, *, is_dated: bool) -> str:
    """Return what digits before a noun are: 1998 households, the 2011 census, in 2011 elections."""
    value = int(scan.at(index))
    if scan.before(index, "counts"):
        return NUMBER
    if is_defined(scan, index) or (is_dated and (value % 100 or value not in LIKELY_YEARS)):
        return ""
    return EITHER if value in LIKELY_YEARS else NUMBER


def past_year_words(scan: Scan, index: int) -> int:
    """Return the token before which articles and the word for year stand."""
    for _ in range(2):
        for path in (("periods", "year"), ("definite",)):
            match = scan.before(index, *path)
            index -= match.length if match else 0
    return index


def _only_counts(scan: Scan, index: int) -> bool:
    """Return whether a hedge stands before a token that periods do not have: more than, at
    least.
    """
    hedge = scan.before(index, "hedges")
    if hedge is None:
        return index > scan.least and scan.at(index - 1) in set("~≈><≥≤")
    dated = (scan.before(index, "periods", name) for name in DATED)
    return not any(match and match.length >= hedge.length for match in dated)


def is_defined(scan: Scan, index: int) -> bool:
    """Return whether an article or a possessive stands before a year: the 2011 census, Kazakhstan's
    2011 elections.
    """
    is_possessive = scan.at(index - 1) == "s" and scan.is_glued(index - 1)
    return scan.before(index, "definite") is not None or is_possessive
