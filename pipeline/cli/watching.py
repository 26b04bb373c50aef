"""`facts check --watch`: the verdict again after each change of a file, until a person stops it."""

import sys
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from pipeline.answers import WELL
from pipeline.cli.terminal import put

_HARDLY = 200
"""Milliseconds after which it is looked whether to stop."""


def say_after_each_change(raw: Path, say: Callable[[], bool]) -> int:
    """Say it now, and after each change of a file in raw/, as long as anybody reads; return the
    exit status.
    """
    rounds = watch(raw, yield_on_timeout=True, rust_timeout=_HARDLY)
    try:
        for number, changes in enumerate(rounds):
            if number and changes:
                put("\n--- raw/ has changed\n", sys.stdout)
            if (changes or not number) and not say():
                break
    except KeyboardInterrupt:
        pass
    return WELL
