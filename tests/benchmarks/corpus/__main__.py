"""Write a corpus: python -m tests.benchmarks.corpus --facts 10000 --sources 100 --seed 1 DIR.

DIR becomes a folder like raw/; what is planted in it is written beside it, into DIR.planted.json.
With --slips there are defects of entry, of which the checks must report just those; without,
findings, of which they must report just those.
"""

import argparse
import sys
from pathlib import Path

from tests.benchmarks.corpus.acknowledge import acknowledge
from tests.benchmarks.corpus.corpus import Size, write_corpus


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.corpus", description="Write a made-up corpus."
    )
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="the folder to write, which must not exist"
    )
    parser.add_argument("--facts", type=int, required=True)
    parser.add_argument("--sources", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--contradictions",
        type=float,
        default=0.001,
        help="planted contradictions, as a share of the facts",
    )
    parser.add_argument(
        "--slips", type=float, default=0.0, help="planted defects of entry, as a share of the facts"
    )
    parser.add_argument(
        "--acknowledge",
        action="store_true",
        help="run the checks and acknowledge the findings, for a release",
    )
    chosen = parser.parse_args()
    size = Size(chosen.facts, chosen.sources, chosen.seed, chosen.contradictions, chosen.slips)
    corpus = write_corpus(chosen.folder, size)
    chosen.folder.with_name(f"{chosen.folder.name}.planted.json").write_text(
        corpus.as_json(), encoding="utf-8"
    )
    print(
        f"{size.facts:,} facts from {size.sources:,} sources in {chosen.folder}: "
        f"{len(corpus.contradictions)} findings and {len(corpus.slips)} defects planted"
    )
    if chosen.acknowledge:
        print(f"{acknowledge(chosen.folder)} findings acknowledged")
    return 0


if __name__ == "__main__":
    sys.exit(main())
