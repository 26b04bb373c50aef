"""`facts new`: the folder of a new source, and what is left to fill in."""

from argparse import Namespace

from pipeline.answers import WELL, Answer
from pipeline.new_source import OPTIONS, make_source


def answer(options: Namespace) -> Answer:
    """Make the folder; return what is in it."""
    given = {key: value for key in OPTIONS if (value := getattr(options, key)) is not None}
    made = make_source(options.raw, options.id, options.text, given)
    return Answer(WELL, f"{made.as_json() if options.format == 'json' else made.as_text()}\n")
