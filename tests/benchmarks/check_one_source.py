"""One source checked among many: `facts check --source` beside the whole `facts check`, of the same corpus.

Run: python -m tests.benchmarks.check_one_source [--facts N] [--sources M] (default: 100,000 facts of 1,000 sources). The first
source, the middle one and the last are checked, each by a process of its own; beside them stand the bare imports of the libraries
that a check needs. Seconds are of the processor. The bar is a tenth.

Of 1,000,000 facts from 10,000 sources one takes 1.9 s, an eightieth of the whole.

What limits it (cProfile, 1,000 sources): what does not depend on the sources. A third is importing, a tenth more what pandera
imports at its first check; a third is building the linear system and judging it, twice where a fact has a second reading, some
milliseconds for each rule that has facts. Rules of indicators that the source does not speak of cost nothing.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from pipeline.read.raw_folder import RawFolder
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.benchmarks.spent import Spent, spent

IMPORTS = [sys.executable, "-c", "import duckdb, polars, pyarrow, pandera.polars, z3"]
CHECK = [sys.executable, "-m", "pipeline.cli", "check"]
WELL_OR_FINDINGS = (0, 1)
BAR = 0.1


def main(size: Size) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        write_corpus(raw, size)
        sources = RawFolder(raw).source_ids()
        whole = spent([*CHECK, "--raw", str(raw)], WELL_OR_FINDINGS)
        chosen = dict.fromkeys((sources[0], sources[len(sources) // 2], sources[-1]))
        ones = [(f"source {one}", spent([*CHECK, "--raw", str(raw), "--source", one], WELL_OR_FINDINGS)) for one in chosen]
    print(f"{size.facts:,} facts of {size.sources:,} sources{'':<14}seconds     of all   peak MB")
    for name, took in [("all sources", whole), *ones, ("bare imports", spent(IMPORTS))]:
        print(_line(name, took, whole))
    worst = max(took.seconds for _, took in ones) / whole.seconds
    print(f"bar {BAR}: {'met' if worst <= BAR else 'missed'}")


def _line(name: str, took: Spent, whole: Spent) -> str:
    return f"{name:<44}{took.seconds:>8.1f}{took.seconds / whole.seconds:>11.3f}{took.memory / 2**20:>10,.0f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.check_one_source", description="One source among many.")
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--sources", type=int, default=1000)
    parsed = parser.parse_args()
    main(Size(parsed.facts, parsed.sources))
