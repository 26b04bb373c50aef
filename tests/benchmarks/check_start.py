"""How long `facts check` takes on the article, cold, beside the bare imports of its libraries in the same environment.

Run: python -m tests.benchmarks.check_start [ROUNDS]. The bar is 2.
"""

import statistics
import subprocess
import sys
import time

BARE = [sys.executable, "-c", "import duckdb, polars, pyarrow, pandera.polars"]
CHECK = [sys.executable, "-m", "pipeline.cli", "check"]
BAR = 2.0


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (our own commands)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    seconds(BARE)
    seconds(CHECK)
    pairs = [(seconds(BARE), seconds(CHECK)) for _ in range(rounds)]
    ratios = [check / bare for bare, check in pairs]
    print("                     min  median     max")
    for name, figures in (
        ("bare imports, s", [bare for bare, _ in pairs]),
        ("facts check, s", [check for _, check in pairs]),
        ("ratio, pair by pair", ratios),
    ):
        print(f"{name:<19}{min(figures):5.2f}   {statistics.median(figures):5.2f}   {max(figures):5.2f}")
    print(f"bar {BAR}: {'met' if statistics.median(ratios) <= BAR else 'missed'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
