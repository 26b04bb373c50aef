"""Print how many mutants of a folder of pipeline/ the tests find, and each that they do not.

python -m tests.mutation FOLDER [--sample 200] [--seed 1] [--mutants NAME ...]: of a sample, or of
those that are named. Needs the group of dependencies `mutation`; works in a copy of the project,
.mutation_cache/FOLDER, which may be deleted.
"""

import argparse
import os
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from tests.mutation import ROOT, TESTS

FOUND = ("killed", "ran too long")


def copy_of_the_project(folder: str) -> Path:
    """Return a folder with the files of this one, changed or not, without what git ignores."""
    copy = ROOT / ".mutation_cache" / folder
    shutil.rmtree(copy, ignore_errors=True)
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    for name in subprocess.check_output(listed, cwd=ROOT, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("folder", choices=sorted(TESTS))
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--mutants", nargs="+", default=[])
    options = parser.parse_args()
    os.chdir(copy_of_the_project(options.folder))
    # mutmut reads its configuration where it is imported
    from tests.mutation.mutants import make_mutants, run_mutants  # noqa: PLC0415

    mutants = make_mutants(options.folder)
    names = options.mutants or random.Random(options.seed).sample(  # noqa: S311 (a sample)
        mutants.accepted, min(options.sample, len(mutants.accepted))
    )
    outcomes = run_mutants(names, TESTS[options.folder], options.seconds)
    for name in sorted(name for name in names if outcomes[name] not in FOUND):
        print(f"\n{name} {outcomes[name]}\n{mutants.difference(name)}")
    print(
        f"\n{options.folder}: {len(mutants.files)} mutants, of which mypy lets "
        f"{len(mutants.accepted)} pass; of {len(names)}:"
    )
    for outcome, count in Counter(outcomes.values()).most_common():
        print(f"  {count:4} {outcome}")


if __name__ == "__main__":
    main()
