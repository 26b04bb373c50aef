"""`facts diff`: what changed between two releases."""

from argparse import Namespace

from pipeline.answers import UNWELL, WELL, Answer
from pipeline.release.diff import as_json, as_text, diff


def answer(options: Namespace) -> Answer:
    """Return every change; 1 where there is one."""
    compared = diff(options.old, options.new, options.outputs)
    out = as_json(compared) if options.format == "json" else as_text(compared)
    return Answer(UNWELL if compared.files else WELL, f"{out}\n")
