"""Let histories happen, each from one integer, and say which did not go well.

python -m tests.simulation 200                 those of 0 to 199
python -m tests.simulation 1 --first 4711      that of this integer again, to the same end
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any

from tests.simulation import BLOCK


def main() -> int:
    """Run all histories that are asked for; return 1 if anything was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0, help="the first integer")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    begun = time.monotonic()
    numbers = range(options.first, options.first + options.count)
    blocks = [list(some) for _, some in groupby(numbers, lambda number: number // BLOCK)]
    steps: Counter[str] = Counter()
    faults = 0
    with ThreadPoolExecutor(options.workers) as pool:
        for told in pool.map(_happened, blocks):
            for one in told:
                steps.update(name.partition(" ")[0] for name in one["done"])
                faults += bool(one["fault"])
                print(one["number"], *one["done"], sep=", ")
                print(one["fault"], end="", flush=True)
    for name, times in steps.most_common():
        print(f"{times:6} {name}")
    seconds = time.monotonic() - begun
    print(f"{options.count} histories in {seconds:.0f} s: {faults} faults")
    return 1 if faults else 0


def _happened(block: list[int]) -> list[dict[str, Any]]:
    """Let the histories of a block happen in a process of its own; return what it tells of each."""
    command = [sys.executable, "-m", "tests.simulation.block", str(block[0]), str(len(block))]
    # each block has another order of sets
    changed = {"PYTHONHASHSEED": str(block[0] // BLOCK)}
    run = subprocess.run(
        command, env=os.environ | changed, stdout=subprocess.PIPE, text=True, check=False
    )
    told = [json.loads(line) for line in run.stdout.splitlines()]
    lost = {"done": [], "fault": f"its process ended with {run.returncode}\n"}
    return [*told, *({"number": number, **lost} for number in block[len(told) :])]


if __name__ == "__main__":
    sys.exit(main())
