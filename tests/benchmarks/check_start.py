"""How long `facts check` and `facts release` take on the article, beside the bare imports of their
libraries.

Run: python -m tests.benchmarks.check_start [ROUNDS]. Each is measured from scratch (--no-cache; of
the release, nothing but the one before it is there), and where nothing has changed since it was
last run. Seconds are of the processor, pair by pair. The bars are 3 and 2.5 times the imports, and
a third of the imports (twice that for a release) where nothing has changed.

What limits it (cProfile and perf, the article): a check makes some 5,700 calls of polars, of a
tenth of a millisecond, and 27 queries of DuckDB, of 5 to 20, each over a few dozen rows, where
binding and planning take all the time; nearly half of it is what follows from all rules together,
once by the reading taken and once by the four others. The queries alone take as long as the bare
imports. The release adds DuckDB's file and the pages.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.spent import spent

LIBRARIES = "babel, duckdb, pandera.polars, polars, pyarrow, pydantic, unicode_rbnf, z3"
BARE = [sys.executable, "-c", f"import {LIBRARIES}"]
BARE_OF_RELEASE = [sys.executable, "-c", f"import {LIBRARIES}, altair, jinja2, vl_convert"]
FACTS = [sys.executable, "-m", "pipeline.cli"]
BEFORE = Path("outputs/releases/1.0.0")
BARS = {"check": 3.0, "release": 2.5, "check, unchanged": 1 / 3, "release, unchanged": 2 / 3}


def pair(name: str) -> tuple[float, float]:
    """Return what the bare imports of a command take, and the command."""
    command, _, unchanged = name.partition(", ")
    bare = spent(BARE_OF_RELEASE if command == "release" else BARE).seconds
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(BEFORE, Path(folder, *BEFORE.parts[1:]))
        again = [*FACTS, command, "--outputs", folder]
        if unchanged:
            spent(again)
            spent(again)  # what publishes a release does not say so again
            return bare, spent(again).seconds
        return bare, spent([*again, "--no-cache"]).seconds


def main(rounds: int) -> None:
    """Print the table."""
    print("                                  min  median     max")
    for name, bar in BARS.items():
        pairs = [pair(name) for _ in range(rounds)]
        ratios = [command / bare for bare, command in pairs]
        for line, figures in (
            (f"imports of {name}", [bare for bare, _ in pairs]),
            (f"facts {name}", [command for _, command in pairs]),
            ("ratio, pair by pair", ratios),
        ):
            print(
                f"{line:<31}{min(figures):6.2f}  {statistics.median(figures):6.2f}  "
                f"{max(figures):6.2f}"
            )
        print(f"bar {bar:.2f}: {'met' if statistics.median(ratios) <= bar else 'missed'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
