"""The whole pipeline, raw/ to release, at growing sizes, beside a bare copy: DuckDB reads the same
CSV files, sorts and writes.

Run: python -m tests.benchmarks.pipeline_at_scale [FACTS ...] (default: 1000 10000 100000). A source
has some hundred facts. Each command is a process of its own; seconds are of the processor, since
machines are shared, and the ratio is to the copy of the same run. The bar is 12 at a million,
growing no faster than n^1.1 from 10,000 up, under 3 GB in all processes together. Planted
contradictions must all be found, slips in a second corpus all be caught, and nothing else.

What limits it (100,000 facts, on a machine under load, seconds of the processor): a copy looks into
no text, and draws no conclusion. Reading the texts takes 39, building facts and mentions and
holding them against the words 17, what follows from the rules 40 (a quarter of it making formulas
for z3 of circles, another the search for wrong facts), the release 23 (15 of these the pages of
sources). At 1,000,000 reading and building took 604 s, 36 times the copy, and 4.2 GB: missed.
"""

import math
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline.check import check
from tests.benchmarks.corpus.acknowledge import acknowledge
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.benchmarks.spent import Spent, spent

SIZES = (1000, 10_000, 100_000)
FACTS_OF_A_SOURCE = 100
SLIPS = 0.01
"""Of so many facts one has a defect of entry, in a second corpus, which is only checked."""

COPY = """
import sys, duckdb
raw, out = sys.argv[1:]
con = duckdb.connect()
of_sources = ("observations", "events", "statements", "waivers", "readings")
lists = ("indicators", "areas", "categories", "agents")
files = {name: f"{raw}/*/{name}.csv" for name in of_sources}
files |= {name: f"{raw}/codelists/{name}.csv" for name in lists}
for name, path in files.items():
    read = f"read_csv('{path}', all_varchar=true, filename=true)"
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM {read} ORDER BY ALL")
    con.execute(f"COPY {name} TO '{out}/{name}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    con.execute(f"COPY {name} TO '{out}/{name}.csv' (HEADER)")
"""


@dataclass(frozen=True)
class Line:
    """What a size took, and whether the checks found all that is planted (contradictions; slips),
    and nothing else.
    """

    facts: int
    copy: Spent
    release: Spent
    found: bool
    caught: bool

    def __str__(self) -> str:
        """Return the line of the table."""
        copy, release = self.copy.seconds, self.release.seconds
        memory = self.release.memory / 2**20
        cells = (
            f"{self.facts:>10,}{copy:>12.1f}{release:>12.1f}{release / copy:>9.1f}{memory:>10,.0f}"
        )
        told = ("all" if found else "NO" for found in (self.found, self.caught))
        return cells + "".join(f"{words:>9}" for words in told)


def measured(facts: int, folder: Path) -> Line:
    """Write a corpus into a folder, check it, copy it, and release it."""
    raw, copy, outputs = folder / "raw", folder / "copy", folder / "outputs"
    copy.mkdir()
    planted = write_corpus(raw, Size(facts, max(facts // FACTS_OF_A_SOURCE, 1))).contradictions
    checked = check(raw)
    found = set(checked.tables["findings"].select("rule_id", "group_id").iter_rows())
    acknowledge(raw, checked.tables["findings"])
    slips = write_corpus(
        folder / "slips", Size(facts, max(facts // FACTS_OF_A_SOURCE, 1), slips=SLIPS)
    ).slips
    caught = [(one.file, one.line, one.column, one.code) for one in check(folder / "slips").defects]
    return Line(
        facts,
        spent([sys.executable, "-c", COPY, str(raw), str(copy)]),
        spent(
            [
                sys.executable,
                "-m",
                "pipeline.cli",
                "release",
                "--raw",
                str(raw),
                "--outputs",
                str(outputs),
            ]
        ),
        not checked.defects
        and found == {(finding.rule_id, finding.group_id) for finding in planted},
        caught == sorted((one.file, one.line, one.column, one.code) for one in slips),
    )


def main(sizes: list[int]) -> None:
    """Print the table."""
    print("     facts     copy, s  release, s    ratio   peak MB    found   caught")
    lines: list[Line] = []
    for facts in sizes:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(measured(facts, Path(folder)))
        print(lines[-1], flush=True)
    for before, after in pairwise(lines):
        power = math.log(after.release.seconds / before.release.seconds, after.facts / before.facts)
        print(f"growth from {before.facts:,} to {after.facts:,}: n^{power:.2f}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
