"""One source among many: checked by itself, and changed, beside the whole `facts check` of the same
corpus.

Run: python -m tests.benchmarks.check_one_source [--facts N] [--sources M] (default: 100,000 facts
of 1,000 sources). The first source, the middle one and the last are checked by themselves
(--source), each by a process of its own, and nothing is kept; then the note of one fact is changed
and all is checked, with what the check of the whole has kept. Beside them stand the bare imports of
the libraries that a check needs. Seconds are of the processor. The bar of one source is a tenth,
that of a change 0.03.

Of 250,000 facts from 10,000 sources (264 s) one by itself took 0.02 of the whole: met. A change
took 0.15: missed, when the facts of eight parts of texts were built together; one part is now.

What limits it (cProfile, 2,000 sources): of one by itself, importing, and building the linear
system. Of a change, reading: a third is the CSV files, read in Python row by row, an eighth the
hash of each file, which is asked before and after, a tenth source.toml.
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
BARS = {"source": 0.1, "changed": 0.03}


def main(size: Size) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        write_corpus(raw, size)
        sources = RawFolder(raw).source_ids()
        command = [*CHECK, "--raw", str(raw), "--outputs", folder]
        whole = spent(command, WELL_OR_FINDINGS)
        chosen = dict.fromkeys((sources[0], sources[len(sources) // 2], sources[-1]))
        took = {
            f"source {one}": spent([*command, "--no-cache", "--source", one], WELL_OR_FINDINGS)
            for one in chosen
        }
        facts = raw / sources[len(sources) // 2] / "observations.csv"
        heading, first, *others = facts.read_text(encoding="utf-8").splitlines()
        note = heading.split(",").index("note") - len(heading.split(","))
        cells = first.rsplit(",", -note)
        facts.write_text(
            "\n".join([heading, ",".join([cells[0], "A note", *cells[2:]]), *others, ""]),
            encoding="utf-8",
        )
        took["changed: the note of a fact, all checked"] = spent(command, WELL_OR_FINDINGS)
    print(f"{size.facts:,} facts of {size.sources:,} sources{'':<14}seconds     of all   peak MB")
    for name, one in [("all sources", whole), *took.items(), ("bare imports", spent(IMPORTS))]:
        print(_line(name, one, whole))
    for kind, bar in BARS.items():
        worst = (
            max(one.seconds for name, one in took.items() if name.startswith(kind)) / whole.seconds
        )
        print(f"bar of {kind} {bar}: {'met' if worst <= bar else 'missed'}")


def _line(name: str, took: Spent, whole: Spent) -> str:
    seconds, memory = took.seconds, took.memory / 2**20
    return f"{name:<44}{seconds:>8.1f}{seconds / whole.seconds:>11.3f}{memory:>10,.0f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.check_one_source", description="One source among many."
    )
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--sources", type=int, default=1000)
    parsed = parser.parse_args()
    main(Size(parsed.facts, parsed.sources))
