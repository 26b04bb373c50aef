"""Run cases: `python -m tests.fuzz raw|releases|texts|requests|all COUNT [--seed N]`; the cases are
those of the integers from N on, and each failure says the one that brings it back.
"""

import argparse
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.fuzz.case import run
from tests.fuzz.targets import TARGETS

parser = argparse.ArgumentParser(prog="tests.fuzz")
parser.add_argument("target", choices=[*TARGETS, "all"])
parser.add_argument("count", type=int, help="of cases of each target")
parser.add_argument("--seed", type=int, default=0, help="the integer of the first case")
options = parser.parse_args()
failures = 0
for name in TARGETS if options.target == "all" else [options.target]:
    began = time.process_time()
    with (
        tempfile.TemporaryDirectory(prefix="facts-fuzz-") as folder,
        closing(TARGETS[name](Path(folder))) as target,
    ):
        for found in run(target, range(options.seed, options.seed + options.count)):
            failures += 1
            print(found, flush=True)
    took = time.process_time() - began
    print(f"{name}: {options.count:,} cases, {took:.0f} s of the processor", flush=True)
sys.exit(bool(failures))
