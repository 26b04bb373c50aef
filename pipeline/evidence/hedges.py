"""What hedges a number: words and marks before it and after it, negations, and what could be a
hedge and is in no table.

Belongs here: from the words around a number to the relators that they allow. Does not belong here:
the number itself.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.evidence.changes import change_after, change_before
from pipeline.evidence.phrases import Found
from pipeline.evidence.scan import Scan
from schemas.columns import RELATORS

MARKS = {
    **dict.fromkeys("~≈∼≃≅", "approx"),
    **dict.fromkeys("≥⩾", "ge"),
    **dict.fromkeys("≤⩽", "le"),
    ">": "gt",
    "<": "lt",
}
NEGATED = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}
INCLUSIVE = {"gt": "ge", "lt": "le"}
ORDINARY = set(".,;:!?()[]{}\"'“”„«»‘’‹›-–—−/\\*&|…•·#№§%+=_@°¹²³⁴⁵⁶⁷⁸⁹⁰")
"""Marks that stand beside numbers and hedge nothing."""
OPENING = set("([“\"'«=")

MOST_BETWEEN = 6
"""Words that may stand between a number and the hedge after what it counts."""


class Hedge(NamedTuple):
    """The relators that hedges allow, the tokens that they reach over [first, end), and why they
    cannot be read, if so.
    """

    relators: tuple[str, ...]
    first: int
    end: int
    why: str = ""


def hedge_before(scan: Scan, index: int) -> Hedge:
    """Return the hedge that ends before a token."""
    relators: list[str] = []
    first = place = index
    why = ""
    while True:
        place = _past_articles(scan, place)
        # a mark that touches the words before it is no hedge: <b>500</b>
        is_mark = place > scan.least and not (
            place > 1 and scan.is_glued(place - 1) and scan.is_word(place - 2)
        )
        mark = MARKS.get(scan.at(place - 1)) if is_mark else None
        if mark:
            relators.append(INCLUSIVE.get(mark, mark) if scan.at(place) == "=" else mark)
            first = place = place - 1
            continue
        found = scan.before(place, "hedges") if scan.is_near(place) else None
        if found is None or _is_goal(scan, place, found) or _is_object(scan, place - 1, index):
            break
        allowed, first, problem = _negated(scan, found.value.split("_"), place - found.length)
        relators += allowed
        why, place = why or problem, first
    found_all = together(relators)
    if not found_all:
        why = why or _could_be_hedge(scan, index)
    return Hedge(found_all, first, index, why)


def together(relators: Iterable[str]) -> tuple[str, ...]:
    """Return the relators of hedges in the order of the schema, each once; eq is none."""
    found = set(relators)
    return tuple(relator for relator in RELATORS[1:] if relator in found)


def _past_articles(scan: Scan, place: int) -> int:
    """Return the token after which articles, brackets and quotation marks before a number begin."""
    while place > scan.least:
        article, hedge = scan.before(place, "articles"), scan.before(place, "hedges")
        is_dash = (
            scan.at(place - 1) in {"–", "—"}
            and not scan.is_glued(place)
            and scan.before(place - 1, "hedges")
        )
        if scan.at(place - 1) in OPENING or is_dash:  # maximum – 500
            place -= 1
        elif article and (hedge is None or hedge.length < article.length):
            place -= article.length
        else:
            break
    return place


def _is_goal(scan: Scan, place: int, found: Found) -> bool:
    """Return whether "up to" tells where a change has led: выросло до 3,2 млрд is no limit."""
    goal = scan.before(place, "goal_hedges")
    if scan.at(place - found.length - 1) == "°":
        return True  # the C of 45 °C is no circa
    return (
        goal is not None
        and goal.length == found.length
        and change_before(scan, place - found.length) != ""
    )


def _is_object(scan: Scan, verb: int, index: int) -> bool:
    """Return whether a verb of hedging has the number's things for its object: has passed 14
    laws.
    """
    return scan.has(range(index + 1, index + 4), "hedge_exceptions", scan.at(verb))


def _negated(scan: Scan, relators: list[str], first: int) -> tuple[list[str], int, str]:
    """Return the relators of a hedge, turned where a negation stands before it, and the first token
    with the negation.
    """
    verb = scan.before(first, "negated_verbs")
    place = first - verb.length if verb else first
    negation = scan.before(place, "negations")
    if negation is None:
        return relators, first, ""
    if any(relator not in NEGATED for relator in relators):
        return [], place - negation.length, "a negation of a word for about"
    return [NEGATED[relator] for relator in relators], place - negation.length, ""


def _could_be_hedge(scan: Scan, index: int) -> str:
    """Return why a number whose neighbour could be a hedge cannot be read; nothing where it hedges
    nothing.
    """
    token = scan.at(index - 1)
    if index <= scan.least or scan.is_number(index - 1):
        return ""
    if not scan.is_word(index - 1):
        is_known = token in ORDINARY or scan.before(index, "currency")
        return "" if is_known else f"the mark {scan.raw(index - 1)!r} is in no table"
    if scan.before(index, "exact"):
        return ""
    if scan.before(index, "negations") and not scan.before(index, "labels", "number"):
        return "a negation stands before the number"
    is_suspect = scan.before(index, "suspects") and scan.number_word(index - 1) is None
    return (
        f"the word {scan.raw(index - 1)!r} could be a hedge and is in no table"
        if is_suspect
        else ""
    )


def hedge_after(scan: Scan, index: int) -> Hedge:
    """Return the hedge that begins at a token, or after what is counted; without one it has no
    relators.
    """
    if (
        scan.at(index) == "+"
        and scan.is_glued(index)
        and not (scan.is_glued(index + 1) and scan.is_number(index + 1))
    ):
        return Hedge(("ge",), index, index + 1)
    for place in range(index, index + MOST_BETWEEN):
        found = scan.after(place, "hedges_after")
        if found and _is_of_number(scan, place, found):
            hedge = _hedge_found(scan, place, found)
            # met at least monthly
            is_open = scan.after(place, "hedges") and scan.after(hedge.end, "per")
            return (
                hedge._replace(why="a hedge of the number, or of how often") if is_open else hedge
            )
        denied = scan.after(place, "negations_after")
        if denied and not scan.before(place + 1, "not_negated"):
            return Hedge((), index, place + denied.length, "a negation stands after the number")
        if not _may_stand_between(scan, place, index):
            break
    return Hedge((), index, index)


def _is_of_number(scan: Scan, place: int, found: Found) -> bool:
    """Return whether a hedge after a number is its own, by the ending that the word before it has
    in some languages, or since it is not the next number's.
    """
    if wanted := scan.after(place, "hedge_endings"):
        return scan.at(place - 1).endswith(tuple(wanted.value.split()))
    return not _goes_on(scan, place, found)


def _hedge_found(scan: Scan, place: int, found: Found) -> Hedge:
    """Return a hedge after a number, turned where a negation follows; where it tells how a change
    ended it is none.
    """
    end = place + found.length
    goal = scan.after(place, "goal_hedges")
    if goal and goal.length == found.length and change_after(scan, end):
        return Hedge((), place, end)
    relators = found.value.split("_")
    if negation := scan.after(end, "negations_after"):
        why = "" if set(relators) <= set(NEGATED) else "a negation of a word for about"
        return Hedge(
            together(NEGATED.get(relator, "") for relator in relators),
            place,
            end + negation.length,
            why,
        )
    return Hedge(together(relators), place, end)


def _may_stand_between(scan: Scan, place: int, index: int) -> bool:
    """Return whether a token may stand between a number and the hedge after it."""
    if scan.at(place) in {",", "("}:
        hedge, joint = scan.after(place + 1, "hedges_after"), scan.after(place + 1, "or")
        is_end = place == index or not hedge or not scan.is_word(place + 1 + hedge.length)
        return joint is not None or (hedge is not None and is_end)
    if scan.at(place) == "-" and scan.is_glued(place) and place > index:
        return True  # an ending after letters: 50 АЕК-ке дейін
    is_stop = place > index and scan.after(place, "stops")
    return scan.is_word(place) and scan.number_word(place) is None and not is_stop


def says_how_often(scan: Scan, index: int) -> bool:
    """Return whether a word for how often stands at a token, which has its own hedge and per: twice
    a year, раз в месяц.
    """
    unit = scan.after(index, "units")
    return scan.after(index, "multiples") is not None or (
        unit is not None and unit.value == "times"
    )


def _goes_on(scan: Scan, place: int, found: Found) -> bool:
    """Return whether a hedge after a number is the next one's: 1964 and more than 300, 45 met at
    least once.
    """
    end = place + found.length
    is_before = scan.after_any(place, "hedges", "negations")
    if scan.at(end) in scan.language.words("than") or (is_before and says_how_often(scan, end)):
        return True
    while scan.after(end, "articles"):
        end += 1
    return scan.is_numeral(scan.past(end, "currency"))
