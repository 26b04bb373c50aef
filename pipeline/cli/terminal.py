"""What a terminal shows: colours, the step at work; and streams that are closed, or that nobody
reads.

Belongs here: how words reach a person. Does not belong here: which words. Colour is added where
words are printed and nowhere else, so that a pipe, a file, JSON and what is kept of an answer hold
the plain words. No library: click takes three times as long to import as argparse, rich four.
"""

import io
import os
import re
import sys
from typing import TextIO

_BOLD, _RED, _GREEN, _YELLOW = 1, 31, 32, 33

_COLOURS = (
    (_GREEN, re.compile(r"(?m)^(?:Published|Unchanged|Copied)\b|\b\d[\d,]* satisfied\b")),
    (_BOLD, re.compile(r"(?m)^ *[^\s:][^\n:]*:\d+(?::[^\s:]+)?(?=: )")),  # the place of a defect
    (_BOLD, re.compile(r"(?m)^\w.*(?=\n  \S)")),  # a heading
    (_RED, re.compile(r"(?m)\b\d[\d,]* (?:defects?|violated)\b|^No release\b|^Not copied\b")),
    (_YELLOW, re.compile(r"\b\d[\d,]* (?:findings?|remarks?)\b")),
)


def open_streams() -> None:
    """Open what the caller has closed, so that no file of ours takes its number, and nothing is
    printed into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper):
            # a terminal that lacks a character of a quote shows its number instead
            stream.reconfigure(errors="backslashreplace")


def put(words: str, stream: TextIO, *, is_json: bool = False) -> bool:
    """Print words, in colour where there is any and they are for a person; return whether the
    stream is still read. Raises OSError where they do not fit on a disk.
    """
    has_colour = not is_json and _obeys(stream) and not os.environ.get("NO_COLOR")
    try:
        if words:  # to write nothing fails on a full disk, too
            stream.write(_coloured(words) if has_colour else words)
        stream.flush()
    except BrokenPipeError:  # whoever has read it has enough of it
        discard(stream)
        return False
    return True


def discard(stream: TextIO) -> None:
    """Let what is left of a stream go nowhere, also when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(step: str = "") -> None:
    """Show on a terminal what is being built, in one line that the next replaces; without a step,
    take that line away.
    """
    if _obeys(sys.stderr):
        put(f"\r\x1b[K{step} ..." if step else "\r\x1b[K", sys.stderr)


def _obeys(stream: TextIO) -> bool:
    """Whether a stream is a terminal that knows colours and how to take a line away."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _coloured(words: str) -> str:
    for colour, pattern in _COLOURS:
        words = pattern.sub(f"\x1b[{colour}m\\g<0>\x1b[m", words)
    return words
