"""How long `facts check` and `facts release` take on the article, cold, beside the bare imports of their libraries.

Run: python -m tests.benchmarks.check_start [ROUNDS]. The release is made anew, in an empty folder. Seconds are of the processor,
pair by pair. The bars are 2 and 3.

What limits it (cProfile and perf, the article): a check makes some 5,700 calls of polars, of a tenth of a millisecond, and 27
queries of DuckDB, of 5 to 20, each over a few dozen rows, where binding and planning take all the time; nearly half of it is what
follows from all rules together, once by the reading taken and once by the four others. The queries alone take as long as the
bare imports. The release adds DuckDB's file and the pages.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.spent import spent

LIBRARIES = "babel, duckdb, pandera.polars, polars, pyarrow, pydantic, unicode_rbnf, z3"
BARE = [sys.executable, "-c", f"import {LIBRARIES}"]
BARE_OF_RELEASE = [sys.executable, "-c", f"import {LIBRARIES}, altair, jinja2, vl_convert"]
CHECK = [sys.executable, "-m", "pipeline.cli", "check"]
RELEASE = [sys.executable, "-m", "pipeline.cli", "release", "--outputs"]
BARS = {"facts check": 2.0, "facts release": 3.0}


def pair(name: str) -> tuple[float, float]:
    """Return what the bare imports of a command take, and the command."""
    if name == "facts check":
        return spent(BARE).seconds, spent(CHECK).seconds
    with tempfile.TemporaryDirectory() as folder:
        return spent(BARE_OF_RELEASE).seconds, spent([*RELEASE, str(Path(folder) / "outputs")]).seconds


def main(rounds: int) -> None:
    """Print the table."""
    print("                                  min  median     max")
    for name, bar in BARS.items():
        pair(name)
        pairs = [pair(name) for _ in range(rounds)]
        ratios = [command / bare for bare, command in pairs]
        for line, figures in (
            (f"bare imports of {name}", [bare for bare, _ in pairs]),
            (name, [command for _, command in pairs]),
            ("ratio, pair by pair", ratios),
        ):
            print(f"{line:<31}{min(figures):6.2f}  {statistics.median(figures):6.2f}  {max(figures):6.2f}")
        print(f"bar {bar}: {'met' if statistics.median(ratios) <= bar else 'missed'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
