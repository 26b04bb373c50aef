"""A text in the form in which quotes are sought in it, and how its places lead back to the text as
it is.
"""

import re
from dataclasses import dataclass

from pipeline.defects import TURNS

INVISIBLE = f"[\u00ad\u200b-\u200f\u2060\ufeff{TURNS}]+"
_UNEVEN = re.compile(rf" \s+|[^\S ]\s*|{INVISIBLE}")
"""White space but a lone space, which stays as it is, and invisible characters."""


@dataclass(frozen=True)
class Searchable:
    """A text as it is searched, and how its positions lead back to the text as it is."""

    text: str
    steps: tuple[tuple[int, int], ...]
    """(position here, characters that the text as it is has more before it), ascending, from (0,
    0).
    """


def searchable(text: str) -> Searchable:
    """Return a text in the form in which it is searched."""
    parts: list[str] = []
    steps = [(0, 0)]
    last, length, more = 0, 0, 0
    for match in _UNEVEN.finditer(text):
        space = " " if match.group().isspace() else ""
        parts += [text[last : match.start()], space]
        length += match.start() - last + len(space)
        last = match.end()
        if len(match.group()) != len(space):
            more += len(match.group()) - len(space)
            steps.append((length, more))
    return Searchable("".join(parts) + text[last:], tuple(steps))
