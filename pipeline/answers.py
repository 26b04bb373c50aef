"""What a command said is said again, without computing anything, as long as all that it was said of
is as it was.

Belongs here: which state an answer is of, and whether it still is. Does not belong here: what a
command says.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.durable import left_by_builds
from pipeline.fingerprint import code_version, digest_of, hash_of
from pipeline.kept import Kept

WELL, UNWELL, USAGE = 0, 1, 2
"""Exit statuses: all is well; defects, differences or findings; wrong usage."""

BUILT = ("releases", "tables", "civil_society.duckdb")
"""What stands in outputs/ that an answer is of."""


@dataclass(frozen=True)
class Answer:
    """What a command prints to its two streams, its exit status, and whether it would say the same
    again.
    """

    status: int
    out: str = ""
    err: str = ""
    is_lasting: bool = True


def answered(
    asked: Iterable[str], raw: Path, outputs: Path, kept: Kept | None, answer: Callable[[], Answer]
) -> Answer:
    """Return the answer to a question about raw/ and outputs/, the one that is kept if it is of
    their state now.

    `asked` is all else that the answer depends on. An answer during which raw/ has changed is of
    neither state, and not kept.
    """
    if kept is None:
        return answer()
    question = digest_of([code_version(), *asked])
    typed = hash_of(raw)
    if known := kept.get(digest_of([question, typed, _built(outputs)])):
        return Answer(**json.loads(known))
    given = answer()
    if given.is_lasting and hash_of(raw) == typed:
        kept.put(digest_of([question, typed, _built(outputs)]), json.dumps(asdict(given)).encode())
    return given


def _built(outputs: Path) -> str:
    # the DuckDB file is a link to the newest build of it
    built = [hash_of(Path(os.path.realpath(outputs / name))) for name in BUILT]
    return digest_of([*built, *map(str, left_by_builds(outputs))])
