"""Break texts into lines that fit a chart, alike on every machine: no font is asked how wide a
letter is.
"""

import re
from textwrap import wrap

CELLS = 56
"""What a line across a chart holds: a cell is 7 pixels, a little more than letters of 14 pixels
take on average.
"""

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_WIDE = re.compile(r"[A-Z@%mwА-ЯЁжмшщыю]|[^\x00-\u10ff]")
_FILLER = "\0"


def legible(text: str) -> str:
    """Return a text with U+FFFD for each character that no XML 1.0 may hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def cells(text: str) -> int:
    """Return how many cells a text takes at most: one a letter, and two where a letter is wide."""
    return len(_WIDE.sub("..", text))


def in_lines(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` cells; a word that is longer than a line is cut."""
    filled = _WIDE.sub(rf"\g<0>{_FILLER}", legible(text))
    # a line may end between a letter and its filler, and so is a cell shorter
    return [line.replace(_FILLER, "") for line in wrap(filled, width - 1)] or [""]
