"""`facts verify`: whether a downloaded release is what it says it is."""

from argparse import Namespace

from pipeline.answers import UNWELL, WELL, Answer
from pipeline.release.verify import verify


def answer(options: Namespace) -> Answer:
    """Return what was looked at and what is wrong; 1 where something is."""
    verified = verify(options.release)
    out = verified.as_json() if options.format == "json" else verified.as_text()
    return Answer(UNWELL if verified.failures else WELL, f"{out}\n")
