"""Whether words tell of a change: rose from 5,000 to 22,000 has two numbers, and no range.

Belongs here: verbs of change near a number. Does not belong here: hedges and ranges, which ask for them.
"""

from pipeline.evidence.scan import Scan

WITHIN = 10
"""Tokens before a number in which a verb of change is sought."""

WITHIN_AFTER = 4
"""Tokens after a number in which it is sought, where a language has its verbs there."""


def follows_change(scan: Scan, index: int) -> bool:
    """Return whether a verb of change stands in the sentence before a token."""
    for place in range(index - 1, max(index - 1 - WITHIN, -1), -1):
        is_decimal = scan.is_number(place - 1) and scan.is_number(place + 1)
        is_stop = scan.at(place) in {".", ";", "!", "?"} and not is_decimal
        if is_stop or scan.after(place, "verbs_of_range"):  # growth ranged from 3 to 5 percent
            return False
        if scan.after(place, "verbs_of_change"):
            return True
    return False


def precedes_change(scan: Scan, index: int) -> bool:
    """Return whether a verb of change stands right after a number, or a word or two later."""
    for place in range(index, index + WITHIN_AFTER):
        if scan.after(place, "verbs_of_change"):
            return True
        if not scan.is_word(place):
            return False
    return False
