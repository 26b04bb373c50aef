"""A command as a person types it, in this process: what it prints, and whether that can be
shown.
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from pipeline.cli import USAGE, main

STATUSES = {0, 1, 2}
LONGEST = 2_000_000
"""Characters that an answer may have."""

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Said:
    """What a command said."""

    status: int
    out: str
    err: str
    is_json: bool

    def wrong(self) -> Iterator[str]:
        """Yield what no answer may have, whatever was asked."""
        if self.status not in STATUSES:
            yield f"the exit status is {self.status}"
        if _CONTROL.search(self.err) or (_CONTROL.search(self.out) and not self.is_json):
            yield f"control characters are shown: {(self.err or self.out)[:500]!r}"
        if self.is_json and self.status != USAGE:
            json.loads(self.out)
        if self.status == USAGE and (self.out or not self.err.strip()):
            yield f"wrong usage is told by {self.err!r}, {self.out[:100]!r}"
        if len(self.out) + len(self.err) > LONGEST:
            yield f"says {len(self.out) + len(self.err):,} characters"


def say(*typed: str) -> Said:
    """Run a command."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(typed)
        except SystemExit as ended:  # argparse
            status = int(ended.code or 0)
    return Said(status, out.getvalue(), err.getvalue(), "json" in typed)
