"""Stop `facts release` at system calls that are drawn from a seed, and say what came of it.

    python -m tests.kills 300        kills, and as many full disks and second commands as chance has
    python -m tests.kills 12 --seed 7

Each case is a copy of a folder with an old release and one that is due. After it has been stopped,
the old release must have every byte, and the DuckDB file must open; after the next, undisturbed
run everything must be as if nothing had happened, and nothing must be left over.
"""

import argparse
import errno
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.kills.stage import (
    COPY,
    DUE,
    OLD,
    Begun,
    Files,
    Said,
    Stage,
    database_opens,
    first_stage,
    import_libraries,
    leftovers,
    strays,
)
from tests.kills.system_calls import KILL, NEEDS_ROOM, Call, Decide, can_watch

KINDS = {"kill": 6, "kill while another waits": 2, "full disk": 3, "full at one write": 1} | {
    "full at a size": 1
}
"""What is done, and how often."""

WAITS = "Another build is at work in outputs; this one waits for it.\n"


class Case(NamedTuple):
    """What is done to a release, and at which of its calls; for the largest file, at how many
    bytes.
    """

    kind: str
    number: int
    is_cold: bool


class Undisturbed(NamedTuple):
    """What an undisturbed release calls, and leaves."""

    calls: list[Call]
    files: Files


def main() -> int:
    """Run as many cases as are asked for; return 1 if anything was lost, changed or left over."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=20111223)
    parser.add_argument("--only", choices=("kill", "full"))
    options = parser.parse_args()
    if not can_watch():
        print("no seccomp with user notification is allowed here (Linux on x86-64 has it)")
        return 3
    import_libraries()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        wrong = run_all(Path(folder), options.count, options.seed, options.only)
    seconds = time.monotonic() - begun
    print(f"{options.count} cases in {seconds:.0f} s, seed {options.seed}: {len(wrong)} faults")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def run_all(folder: Path, count: int, seed: int, only: str | None) -> list[str]:
    first = first_stage(folder / "first")
    known = {
        is_cold: undisturbed(first.copy_to(folder / f"undisturbed-{is_cold}", is_cold=is_cold))
        for is_cold in (False, True)
    }
    old = first.published(OLD)
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    kinds = [kind for kind in KINDS if kind.startswith(only or "")]
    weights = [KINDS[kind] for kind in kinds]
    wrong: list[str] = []
    done: Counter[str] = Counter()
    for number in range(count):
        case = drawn(draw, draw.choices(kinds, weights)[0], known)
        stage = first.copy_to(folder / f"case-{number}", is_cold=case.is_cold)
        told, at = try_case(stage, case, known[case.is_cold], old)
        wrong += [f"{case}, {at}: {one}" for one in told]
        done[case.kind] += 1
        shutil.rmtree(stage.folder)
        print(f"{number + 1:4} {case.kind}, {at}: {told or 'well'}", flush=True)
    print(*(f"{times} x {kind}" for kind, times in done.items()), sep=", ")
    for is_cold, run in known.items():
        print(f"an undisturbed run{' with no cache' if is_cold else ''} has {len(run.calls)} calls")
    return wrong


def undisturbed(stage: Stage) -> Undisturbed:
    """Let a release come about that nobody stops."""
    said, ended = stage.release_watched(lambda _, __: 0)
    assert (said.status, said.err) == (0, ""), said
    assert said.out.startswith(f"Published outputs/releases/{DUE}\n{copied(stage)}\n"), said
    assert strays(stage, stage.files()) == []
    assert unflushed(ended.calls) == []
    return Undisturbed(ended.calls, stage.files())


def unflushed(calls: list[Call]) -> list[str]:
    """Return what a power cut could leave empty: files that were not flushed after their last write
    and before their name or that of a folder around them was given, and folders in which a name was
    given or taken last and that were not flushed since. A second place is not ours to flush.
    """
    written: set[str] = set()
    renamed: set[str] = set()
    wrong: list[str] = []
    ours = (call for call in calls if f"/{COPY}/" not in call.path)
    for name, path in ours:
        if name in {"fsync", "fdatasync"}:
            written.discard(path)
            renamed.discard(path)
        elif name == "rename":
            wrong += [one for one in written if f"{one}/".startswith(f"{path}/")]
            renamed.add(str(Path(path).parent))
        elif name == "mkdir" and Path(path).name in {"releases", "tables"}:
            renamed.add(str(Path(path).parent))
        elif "write" in name:
            written.add(path)
    return wrong + sorted(renamed)


def copied(stage: Stage) -> str:
    return f"Copied to file://{stage.folder}/copy/{DUE}"


def drawn(draw: random.Random, kind: str, known: dict[bool, Undisturbed]) -> Case:
    is_cold = draw.random() < 1 / 6
    if kind == "full at a size":
        return Case(kind, int(10 ** draw.uniform(3, 6.5)), is_cold)
    return Case(kind, draw.randrange(1, len(known[is_cold].calls) + 1), is_cold)


def try_case(stage: Stage, case: Case, known: Undisturbed, old: Files) -> tuple[list[str], str]:
    """Return what went wrong in a case, and where the release was stopped."""
    second: list[Begun] = []
    at: list[Call] = []

    def kill(number: int, call: Call) -> int:
        if "waits" in case.kind and number == 3:
            second.append(stage.begin_release())
        if number == case.number:
            at.append(call)
        return KILL if number == case.number else 0

    def fail(number: int, call: Call) -> int:
        is_due = number >= case.number and (case.kind == "full disk" or not at)
        if not is_due or call.name not in NEEDS_ROOM:
            return 0
        at.append(call)
        return errno.ENOSPC

    if case.kind == "full at a size":
        said, _ = stage.release_watched(lambda _, __: 0, most_bytes=case.number)
        where = f"{case.number} bytes"
    else:
        decide: Decide = kill if "kill" in case.kind else fail
        said, _ = stage.release_watched(decide)
        where = f"call {case.number}, {' '.join(at[0]) if at else 'never made'}"
    where = where.replace(f"{stage.folder}/", "")
    wrong = [] if second else after_the_stop(stage, case, said, old, known)
    if second:
        waited = stage.said(second[0])
        if waited.err != WAITS or waited.status:
            wrong.append(f"the second command said {waited}")
    again = stage.release()
    if again.status != 0 or again.err or not again.out.startswith(("Published ", "Unchanged: ")):
        wrong.append(f"the next run said {again}")
    return wrong + strays(stage, known.files), where


def after_the_stop(
    stage: Stage, case: Case, said: Said, old: Files, known: Undisturbed
) -> list[str]:
    """Return what is wrong once a release was stopped, before the next has begun."""
    wrong = [] if stage.published(OLD) == old else ["the old release is another"]
    if not database_opens(stage, {1, 2}):
        wrong.append("the DuckDB file does not open")
    due = {name: digest for name, digest in known.files.items() if f"/{DUE}/" in name}
    here = {name: there for name, there in stage.published(DUE).items() if name in due}
    inside = [name for name in here if name.startswith("outputs/")]
    if inside and {name: due[name] for name in due if name.startswith("outputs/")} != {
        name: here[name] for name in inside
    }:
        wrong.append("half of the new release has its name")
    if "kill" in case.kind:
        return wrong if said.status in {-9, 0} else [*wrong, f"it was to be killed: {said}"]
    if said.status == 0:
        return wrong + [f"it ended well, and {one}" for one in strays(stage, known.files)]
    if said.status != 1 or len(said.err.splitlines()) != 1 or not says_so(said):
        wrong.append(f"it said {said}")
    return wrong + [f"{name} is not freed at once" for name in leftovers(stage)]


def says_so(said: Said) -> bool:
    """Whether a release that found the disk full says so, here or in the second place."""
    if said.out:
        return "Not copied" in said.out and any(
            os.strerror(code) in said.err for code in (errno.ENOSPC, errno.EFBIG)
        )
    return said.err.startswith("facts release: the disk is full: ")


if __name__ == "__main__":
    sys.exit(main())
