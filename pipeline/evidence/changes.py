"""Whether words tell of a change: rose from 5,000 to 22,000 has two numbers, and no range.

Belongs here: verbs of change near a number. Does not belong here: hedges and ranges, which ask for
them.
"""

from pipeline.evidence.scan import Scan

FALL = "fall"
"""The kind of change that leads to less; "other" is any other."""

WITHIN = 10
"""Tokens before a number in which a verb of change is sought."""

WITHIN_AFTER = 4
"""Tokens after a number in which it is sought, where a language has its verbs there."""


def change_before(scan: Scan, index: int) -> str:
    """Return the kind of the nearest change that the sentence before a token tells of; nothing
    where it tells of none.
    """
    for place in range(index - 1, max(index - 1 - WITHIN, -1), -1):
        is_stop = scan.at(place) in {".", ";", "!", "?"}
        if is_stop and not (scan.is_number(place - 1) and scan.is_number(place + 1)):
            return ""
        if scan.after(place, "verbs_of_range"):  # growth ranged from 3 to 5 percent
            return ""
        if verb := scan.after(place, "verbs_of_change"):
            return verb.value
    return ""


def change_after(scan: Scan, index: int) -> str:
    """Return the kind of a change that is told of right after a number, or a word or two later;
    nothing where none is.
    """
    verb = scan.next(index, WITHIN_AFTER, "verbs_of_change")
    return verb[0].value if verb else ""
