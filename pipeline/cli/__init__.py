"""The command `facts`, and a file for each of its sub-commands.

Belongs here: what a person types (arguments), what a terminal shows (terminal), and what each
command has to say, as an Answer (check, new, read ...). Does not belong here: any work. A new
command is a function in arguments and a file with a function `answer`; a command's file is imported
when it is asked for, so that --help and `facts check` of what is as it was answer at once.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module

from pipeline.answers import UNWELL, USAGE, WELL, Answer, answered
from pipeline.cli import caching
from pipeline.cli.arguments import make_parser
from pipeline.cli.terminal import discard, open_streams, put, tell
from pipeline.durable import has_no_room
from pipeline.unusable import Unusable

__all__ = ["UNWELL", "USAGE", "WELL", "main"]

INTERRUPTED = 130
"""The exit status that shells give a program which a person has stopped."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 all well (diff: the same), 1 defects or unacknowledged
    findings, 2 wrong usage. Whether anybody reads what is said changes nothing of it.
    """
    open_streams()
    name = "facts"
    try:
        options = _parsed(arguments)
        name = f"facts {options.command}"
        if vars(options).get("watch") and options.raw.is_dir():
            from pipeline.cli.watching import say_after_each_change  # noqa: PLC0415 (a library)

            return say_after_each_change(options.raw, lambda: _say(options)[1])
        return _say(options)[0]
    except Unusable as error:
        from pipeline.defects import printable  # noqa: PLC0415 (a library)

        status = USAGE
        words = "\n".join(map(printable, f"{name}: {error}\n".split("\n")))
    except KeyboardInterrupt:
        status, words = INTERRUPTED, "\n"
    except OSError as error:
        if not has_no_room(error):
            raise
        # what did not fit is not tried again when Python ends
        discard(sys.stdout)
        status, words = UNWELL, f"{name}: {error}\n"
    tell()
    put(words, sys.stderr)
    return status


def _parsed(arguments: Sequence[str] | None) -> Namespace:
    parser = make_parser()
    if "_ARGCOMPLETE" in os.environ:
        from pipeline.cli.completion import complete  # noqa: PLC0415 (only a shell asks for it)

        complete(parser)
    try:
        return parser.parse_args(arguments)
    finally:
        # of --help and of wrong usage, too, one may have read enough
        put("", sys.stdout)
        put("", sys.stderr)


def _say(options: Namespace) -> tuple[int, bool]:
    """Print the answer of a command; return its exit status, and whether anybody still reads."""
    said = _answer(options)
    tell()
    put(said.err, sys.stderr)
    return said.status, put(said.out, sys.stdout, is_json=vars(options).get("format") == "json")


def _answer(options: Namespace) -> Answer:
    """Return what a command says, or what it said when all was as it is now."""

    def compute() -> Answer:
        answer: Callable[[Namespace], Answer] = import_module(
            f"pipeline.cli.{options.command}"
        ).answer
        return answer(options)

    asked = vars(options)
    if "no_cache" not in asked or asked["engine"] is not None or asked.get("copy_to") is not None:
        return compute()
    kept = caching.kept_of(options)
    return answered(map(str, asked.items()), options.raw, options.outputs, kept, compute)
