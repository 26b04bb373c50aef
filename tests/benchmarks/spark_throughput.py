"""Characters a second of texts that are read whole, here, by two processes, and on a Spark cluster
of 1 and of 2 workers.

Run: uv run --extra spark --with pysail==0.7.2 python -m tests.benchmarks.spark_throughput [FACTS
...] (default: 10000 100000). The cluster is Sail on this machine, a processor for each worker; it
gets the texts and gives back what is found in them, as in a run; it has answered once before, so
that its workers have loaded the program. Every answer must be the one of here.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.engine import cluster_at
from pipeline.evidence.text_parts import read_in_parts
from pipeline.evidence.texts import FOUND, Texts
from pipeline.parts import Parts
from pipeline.spark import Cluster
from pipeline.unusable import Unusable
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import free_port

SIZES = (10_000, 100_000)
WORKERS = (1, 2)
PART = 50_000


def corpus(folder: Path, facts: int) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the texts of a corpus, and its code lists."""
    write_corpus(folder, Size(facts, facts // 100))
    texts = [
        (file.parent.name, "en", file.read_text(encoding="utf-8"))
        for file in sorted(folder.glob("*/text.txt"))
    ]
    names = ("indicators", "areas", "categories", "agents")
    lists = {
        name: pl.read_csv(folder / "codelists" / f"{name}.csv", infer_schema=False)
        for name in names
    }
    return pl.DataFrame(texts, schema=["source_id", "language", "text"], orient="row"), lists


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
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield f"spark://127.0.0.1:{port}"
        finally:
            server.kill()


def connected(url: str) -> Cluster:
    """Connect to a cluster that has just been started."""
    chosen = cluster_at(url)
    for _ in range(60):
        try:
            chosen.connect()
        except Unusable:
            time.sleep(0.5)
        else:
            break
    return chosen


def measured(
    name: str, texts: pl.DataFrame, lists: dict[str, pl.DataFrame], parts: Parts
) -> list[Texts]:
    """Print the line of the table; return what was read."""
    start = time.perf_counter()
    read = read_in_parts(texts, lists, parts, most=PART)
    seconds = time.perf_counter() - start
    print(
        f"{name:<18}{seconds:>8.2f} s{int(texts['text'].str.len_chars().sum()) / seconds:>14,.0f}",
        flush=True,
    )
    return read


def main(sizes: list[int]) -> None:
    """Print the table."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            texts, lists = corpus(Path(folder, "raw"), size)
            print(f"{size:,} facts in {texts.height:,} texts; seconds, and characters a second")
            expected = measured("here", texts, lists, Parts())
            others = [measured("2 processes", texts, lists, Parts(processes=2))]
            for workers in WORKERS:
                with cluster(workers) as url:
                    used = connected(url)
                    read_in_parts(texts.head(workers), lists, Parts(workers=used), most=1)
                    name = f"Spark, {workers} worker{'s'[: workers - 1]}"
                    others.append(measured(name, texts, lists, Parts(workers=used)))
                    used.close()
            for other in others:
                for one, again in zip(expected, other, strict=True):
                    for name in FOUND:
                        assert_frame_equal(getattr(again, name), getattr(one, name))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
