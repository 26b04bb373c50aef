"""How fast texts are read: finding where numbers may stand, and the whole reader, beside cutting
the same text into tokens.

Run: python -m tests.benchmarks.read_texts [MEGABYTES] (default: 1 of each text). The texts are the
first source, over and over; prose in which nothing is counted; and the sentences of
tests/real_shapes, in which every second word is part of a number. A figure is the best of three, in
seconds of this process; machines are shared, so compare within a run.

The reader costs by the mention, some 250 microseconds each, and next to nothing for the words
between them.
"""

import sys
import time
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipeline.evidence.candidates import stretches
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document
from pipeline.evidence.tokens import tokenize
from tests.conftest import ROOT, SOURCE

TIMES = 3
SHAPES = Path(__file__).parent.parent / "real_shapes"
PROSE = (
    "The council met again in the old hall, and nobody who was there can say what was decided.\n\n"
)


def texts(megabytes: float) -> dict[str, tuple[str, str]]:
    """Return the texts by their name, each of so many megabytes, with its language."""
    article = (ROOT / "raw" / SOURCE / "text.txt").read_text(encoding="utf-8")
    found = {"the first source": (article, "en"), "prose without numbers": (PROSE, "en")}
    for tag in ("en", "ru", "kk"):
        cases = tomllib.loads((SHAPES / f"{tag}.toml").read_text(encoding="utf-8"))["case"]
        found[f"sentences of numbers, {tag}"] = (
            " ".join(case["text"] for case in cases if "options" not in case),
            tag,
        )
    size = int(megabytes * 1e6)
    return {
        name: ((text + "\n\n") * max(1, size // len(text.encode())), tag)
        for name, (text, tag) in found.items()
    }


def best(run: Callable[[], object]) -> float:
    """Return the least seconds of the processor that a call takes."""
    seconds = []
    for _ in range(TIMES):
        begun = time.process_time()
        run()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def seek(text: str, tag: str) -> list[list[tuple[int, int]]]:
    """Return the stretches of a text that may hold mentions."""
    return list(stretches([text], tag))


def main() -> None:
    """Print the table."""
    print(
        f"{'MB/s of text':<28}{'tokens':>10}{'candidates':>12}{'reader':>10}"
        f"{'mentions/s':>12}{'of tokens':>11}"
    )
    for name, (text, tag) in texts(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0).items():
        size = len(text.encode()) / 1e6
        mentions = len(read_mentions(text, Document(tag)))
        cut, sought, read = (
            best(partial(tokenize, text)),
            best(partial(seek, text, tag)),
            best(partial(read_mentions, text, Document(tag))),
        )
        rates = f"{size / cut:>10.2f}{size / sought:>12.1f}{size / read:>10.2f}"
        print(f"{name:<28}{rates}{mentions / read:>12.0f}{cut / read:>10.0%}")


if __name__ == "__main__":
    main()
