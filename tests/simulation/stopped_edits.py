"""Stop an edit of raw/ at each of its system calls, or let it find the disk full there, and say
what came of it.

    python -m tests.simulation.stopped_edits
"""

import errno
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

from pipeline.enter.edits import Edit, Edited, Undo, apply
from tests.simulation.system_calls import KILL, NEEDS_ROOM, Call, Ended, can_watch, run_watched

FILE = "union-2020/waivers.csv"
HEADER = b"quote,kind,fact_id,reason\n"
ROW = "the third sector,name,,A name for civil society"
WITH_ROW = HEADER + ROW.encode() + b"\n"

NO_ROW, STOPPED = 1, -9


def main() -> int:
    """Run all cases; return 1 if a file was half of anything, or anything was left over."""
    if not can_watch():
        print("no seccomp with user notification is allowed here (Linux on x86-64 has it)")
        return 3
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        wrong = [
            f"{program.__name__}, {how}: {one}"
            for program, before in ((add, HEADER), (make_and_take_back, None))
            for how in (KILL, errno.ENOSPC)
            for one in stopped_everywhere(Path(folder), program, before, how)
        ]
    print(f"{len(wrong)} faults", *wrong, sep="\n")
    return 1 if wrong else 0


def add(raw: Path) -> int:
    """Add a row, to a file that may be absent."""
    return 0 if isinstance(apply(raw, Edit(FILE, None, ROW)), Edited) else NO_ROW


def make_and_take_back(raw: Path) -> int:
    """Make a file with its first row, and take that back."""
    undo = Undo()
    edited = apply(raw, Edit(FILE, None, ROW))
    if not isinstance(edited, Edited):
        return NO_ROW
    undo.add(edited)
    return 0 if isinstance(undo.undo(raw), Edited) else NO_ROW


def stopped_everywhere(
    folder: Path, program: Callable[[Path], int], before: bytes | None, how: int
) -> list[str]:
    """Return what went wrong where a program is stopped at one of its calls after another."""
    wrong: list[str] = []
    for number in count(1):
        raw = folder / f"{program.__name__}{how}-{number}"
        (raw / FILE).parent.mkdir(parents=True)
        if before is not None:
            (raw / FILE).write_bytes(before)
        ended = watched(program, raw, how, number)
        if len(ended.calls) < number:  # it has ended before
            break
        wrong += [f"call {number}, {ended.calls[-1]}: {one}" for one in after_stop(raw, ended, how)]
    print(f"{program.__name__}: stopped at {' '.join(call.name for call in ended.calls)}")
    return wrong if ended.status == 0 and ended.calls else [*wrong, f"undisturbed: {ended}"]


def watched(program: Callable[[Path], int], raw: Path, how: int, number: int) -> Ended:
    def decide(at: int, call: Call) -> int:
        return how if at == number and (how == KILL or call.name in NEEDS_ROOM) else 0

    return run_watched(lambda: program(raw), (raw,), decide)


def after_stop(raw: Path, ended: Ended, how: int) -> list[str]:
    """Return what is wrong with the folder after a program was stopped in it, and after the next
    edit.
    """
    wrong = []
    content = (raw / FILE).read_bytes() if (raw / FILE).exists() else None
    if content not in {None, HEADER, WITH_ROW}:
        wrong.append(f"half of a file: {content!r}")
    if ended.status not in ({STOPPED} if how == KILL else {0, NO_ROW}):
        wrong.append(f"it ended with {ended.status}")
    names = [path.name for path in (raw / FILE).parent.iterdir()]
    if how != KILL and set(names) - {Path(FILE).name}:
        wrong.append(f"left over: {names}")
    if add(raw) or (raw / FILE).read_bytes() != WITH_ROW:
        wrong.append("the next edit does not end well")
    left = sorted(path.name for path in raw.rglob("*") if path.is_file())
    return wrong if left == [Path(FILE).name] else [*wrong, f"left over: {left}"]


if __name__ == "__main__":
    sys.exit(main())
