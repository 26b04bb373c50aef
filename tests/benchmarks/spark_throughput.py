"""Rows a second of rules, here and on a Spark cluster of 1 and of 2 workers, over validated corpora.

Run: uv run --extra spark --with pysail==0.7.2 python -m tests.benchmarks.spark_throughput [FACTS ...] (default: 10000 100000).
The cluster is Sail on this machine, a processor for each worker; it gets the tables with each question, as in a
run. Rows are terms of rules; every answer must be the one of here.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipeline.consistency.each_group import judge, narrowed
from pipeline.consistency.system import System
from pipeline.engine import Here, use, use_cluster
from pipeline.spark.cluster import Cluster
from pipeline.steps import SYSTEM
from pipeline.unusable import Unusable
from tests.benchmarks.corpus.validated import write_validated
from tests.conftest import free_port

SIZES = (10_000, 100_000)
WORKERS = (1, 2)
ROUNDS = 2
Work = tuple[str, int, Callable[[], pl.DataFrame]]


def works(folder: Path) -> list[Work]:
    """Return what is measured: its name, its rows, and the work."""
    system = System(*(pl.read_parquet(folder / f"{name}.parquet") for name in SYSTEM))
    return [
        ("outcomes", system.rule_terms.height, lambda: judge(system).sort("rule_id", "group_id")),
        ("bounds", system.rule_terms.height, lambda: narrowed(system).sort("variable", "side")),
    ]


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start Sail with so many workers, and as many processors of this machine; give its URL."""
    port = free_port()
    settings = {"INITIAL_COUNT": workers, "MAX_COUNT": workers, "TASK_SLOTS": 8}
    environment = {
        **os.environ,
        "RUST_LOG": "error",
        "SAIL_MODE": "local-cluster",
        "SAIL_EXECUTION__DEFAULT_PARALLELISM": str(workers),
        **{f"SAIL_CLUSTER__WORKER_{name}": str(value) for name, value in settings.items()},
    }
    sail = Path(sys.executable).with_name("sail")
    command = [
        "taskset",
        "--cpu-list",
        f"0-{workers - 1}",
        str(sail),
        "spark",
        "server",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 (our own command)
        try:
            yield f"spark://127.0.0.1:{port}"
        finally:
            server.kill()


def connected(url: str) -> Cluster:
    """Use a cluster that has just been started."""
    chosen = use_cluster(url)
    for _ in range(60):
        try:
            chosen.connect()
        except Unusable:
            time.sleep(0.5)
        else:
            break
    return chosen


def measured(name: str, work: list[Work], expected: list[pl.DataFrame] | None) -> tuple[str, list[pl.DataFrame]]:
    """Return the line of the table, and the answers."""
    cells, answers = [f"{name:<18}"], []
    for _, rows, answer in work:
        best = float("inf")
        for _ in range(ROUNDS):
            start = time.perf_counter()
            answered = answer()
            best = min(best, time.perf_counter() - start)
        answers.append(answered)
        cells.append(f"{best:>8.2f} s{rows / best:>12,.0f}")
    same = expected is None or all(map(pl.DataFrame.equals, answers, expected))
    return "".join([*cells, "   same" if same else "   NOT THE SAME"]), answers


def main(sizes: list[int]) -> None:
    """Print the table."""
    for size in sizes:
        use(Here())  # the cluster of the size before is closed
        with tempfile.TemporaryDirectory() as folder:
            written = write_validated(Path(folder, "validated"), size)
            work = works(Path(folder, "validated"))
            print(f"{written.facts:,} facts; seconds, and rows a second")
            print(f"{'':<18}", *(f"{f'{name} ({rows:,})':>21}" for name, rows, _ in work), sep=" ")
            line, expected = measured("here", work, None)
            print(line, flush=True)
            for workers in WORKERS:
                with cluster(workers) as url:
                    used = connected(url)
                    print(measured(f"Spark, {workers} worker{'s'[: workers - 1]}", work, expected)[0], flush=True)
                    used.close()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
