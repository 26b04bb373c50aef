"""Row validation alone, beside the same checks of the same Parquet file by other validators and by
SQL.

Run: python -m tests.benchmarks.validate_rows [ROWS ...] (default: 1000000). The rows are those of
observations.csv of a corpus, over and over under other sources; one in a thousand has a slip. Ours
is pipeline.read.validate; the peers (peers/) get their checks from the same pandera schema, and run
in environments of their own. Each has to say which rows fail. Seconds are of the processor, after
imports and after the file is read (which SQL does into a table); memory is of the whole process, at
most. The bar is 1.2 of the fastest peer.

What limits ours is pandera's way to the failures, which copies all rows: of 875,500 rows with 1,770
failures it takes 0.51 s, where asking first which rows fail at all, a mechanism of its own, took
0.38. A check of as many facts takes minutes.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow.parquet as pq

from pipeline.read.raw_folder import RawFolder, read_facts
from pipeline.read.validate import validate
from schemas.raw_files import SOURCE_FILES
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.benchmarks.peer import peer
from tests.benchmarks.spent import Spent, spent

SCHEMA = SOURCE_FILES["observations"]
SOWN = Size(20_000, 200, contradictions=0.0)
EVERY = 1000
"""One of so many rows has a slip."""

BATCH = 1_000_000
BAR = 1.2
PEERS = {
    "SQL (DuckDB)": "row_checks_sql",
    "dataframely": "row_checks_dataframely",
    "pointblank": "row_checks_pointblank",
    "pandera.pandas": "row_checks_pandera_pandas",
    "Great Expectations": "row_checks_great_expectations",
}


def slips() -> dict[str, pl.Expr]:
    """Return what stands in a cell instead, by kind of slip: its column, before the space."""
    return {
        "value": pl.lit("35,000"),
        "relator": pl.lit("more"),
        "fact_id": pl.lit("Share of Almaty"),
        "quote": pl.lit(None, pl.String),
        "area": pl.lit(None, pl.String),
        "occurrence": pl.lit("0"),
        "precision": pl.lit("about"),
        "source_id": pl.format("{} ", "source_id"),
    }


def write_rows(count: int, path: Path) -> None:
    """Write so many typed rows as Parquet."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder) / "raw", SOWN)
        sown = read_facts(RawFolder(Path(folder) / "raw"), "observations").rows
    copies = max(BATCH // sown.height, 1)
    writer = None
    for first in range(0, count, copies * sown.height):
        numbers = pl.DataFrame({"copy": range(first // sown.height, first // sown.height + copies)})
        rows = numbers.join(sown, how="cross").head(count - first).with_row_index("row", first)
        copied = {
            "source_id": pl.format("{}-{}", "source_id", "copy"),
            "raw_file": pl.format("{}-{}/observations.csv", "source_id", "copy"),
        }
        table = _spoiled(rows.with_columns(**copied)).select(list(SCHEMA.columns)).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


def _spoiled(rows: pl.DataFrame) -> pl.DataFrame:
    kinds = slips()
    kind = pl.when(pl.col("row") % EVERY == EVERY // 2).then(
        pl.col("row") // EVERY % (len(kinds) + 1)
    )
    spoiled = [
        pl.when(kind == number).then(slip).otherwise(name).alias(name)
        for number, (name, slip) in enumerate(kinds.items())
    ]
    rows = rows.with_columns(spoiled)
    twice = (
        pl.when(kind == len(kinds))
        .then(pl.col("fact_id", "source_id").shift(1))
        .otherwise(pl.col("fact_id", "source_id"))
    )
    return rows.with_columns(twice)


def described() -> dict[str, Any]:
    """Return the checks of the schema for the peers, but for the two across columns, which they
    have of their own.
    """
    columns = {}
    for name, column in SCHEMA.columns.items():
        statistics: dict[str, Any] = {}
        for check in column.checks:
            statistics |= check.statistics
        words = {"pattern": "pattern", "allowed_values": "one_of", "min_value": "least"}
        columns[name] = {words[key]: value for key, value in statistics.items()} | {
            "nullable": column.nullable,
            "type": "integer" if column.dtype.type == pl.Int64 else "text",
        }
    return {"columns": columns, "unique": list(SCHEMA.unique or ())}


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={name: column.dtype.type for name, column in SCHEMA.columns.items()})


def ours(path: Path) -> dict[str, float]:
    """Return what reading and validating took, in seconds of the processor, and how many failures
    there are.
    """
    validate(_none(), SCHEMA)  # pandera imports what it needs at its first check
    start = time.process_time()
    rows = pl.read_parquet(path)
    read = time.process_time()
    defects = validate(rows, SCHEMA)
    done = time.process_time()
    first = sum(
        defect.code == "duplicate" for defect in defects
    )  # which we call no defect, and peers count
    return {"read": read - start, "validate": done - read, "found": len(defects) + first}


class Line(NamedTuple):
    """What one validator took."""

    name: str
    spent: Spent

    @property
    def figures(self) -> dict[str, float]:
        """What it printed."""
        told: dict[str, float] = json.loads(self.spent.said.splitlines()[-1])
        return told


def measured(rows: int, folder: Path) -> list[Line]:
    """Return what each took on so many rows, ours first."""
    path, checks = folder / "rows.parquet", folder / "checks.json"
    program = [sys.executable, "-m", "tests.benchmarks.validate_rows"]
    spent([*program, "--write", str(path), str(rows)])
    checks.write_text(json.dumps(described()), encoding="utf-8")
    lines = [Line("ours", spent([*program, "--ours", str(path)]))]
    return lines + [
        Line(name, peer(script, str(path), str(checks))) for name, script in PEERS.items()
    ]


def main(sizes: list[int]) -> None:
    """Print the table."""
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            lines = measured(rows, Path(folder))
        fastest = min(line.figures["validate"] for line in lines[1:])
        print(f"{rows:,} rows{'':<9} read, s  validate, s  to fastest peer  peak MB   failures")
        for name, took in lines:
            figures = Line(name, took).figures
            ratio = figures["validate"] / fastest
            cells = f"{figures['read']:>8.1f}{figures['validate']:>13.2f}{ratio:>17.2f}"
            print(f"{name:<20}{cells}{took.memory / 2**20:>9,.0f}{figures['found']:>11,.0f}")
        ratio = lines[0].figures["validate"] / fastest
        print(f"bar {BAR}: {'met' if ratio <= BAR else 'missed'}; ", end="")
        print(
            "all found the same failures"
            if len({line.figures["found"] for line in lines}) == 1
            else "THEY DISAGREE"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.validate_rows", description="Row validation alone."
    )
    parser.add_argument("rows", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--write", type=Path, metavar="FILE", help="only write the rows")
    parser.add_argument("--ours", type=Path, metavar="FILE", help="only validate written rows")
    chosen = parser.parse_args()
    if chosen.write:
        write_rows(chosen.rows[0], chosen.write)
    elif chosen.ours:
        print(json.dumps(ours(chosen.ours)))
    else:
        main(chosen.rows)
