"""Run the commands' own functions: in this process, or in one of its own that is stopped at a
numbered call of the system.

Belongs here: how a command is run, and where and when it believes to be. Does not belong here:
which, or what has to be true of it.
"""

import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from types import FrameType
from typing import NamedTuple
from zoneinfo import ZoneInfo

import time_machine

from tests.simulation.system_calls import KILL, NEEDS_ROOM, Call, run_forked, run_watched

ZONES = ("UTC", "Asia/Almaty", "Pacific/Kiritimati", "America/St_Johns", "Pacific/Niue")
DAYS = ("1999-12-31T23:59:59", "2026-11-28T12:00:00", "2028-02-29T00:00:00", "2071-06-01T06:30:00")

MOST_WORK = 120
"""Seconds of the processor for one command, a hundred times what one takes: whatever is not at its
end by then, never will be.
"""

KILLED, FULL, FULL_ONCE, GOES_ON = "killed", "disk full", "disk full for a moment", "goes on"
"""What becomes of a command at a call."""


class Said(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


class Stop(NamedTuple):
    """What becomes of a command at which of its calls, and another command that is begun there, or
    before it.
    """

    how: str
    at: int
    beside: tuple[str, ...] = ()


class Stopped(NamedTuple):
    """What a command said that was stopped, at which call that was (where it came to it), how many
    it made, and what the command beside it said.
    """

    said: Said
    call: Call | None
    calls: int
    beside: Said | None


class EndlessError(AssertionError):
    """A command took a hundred times what one takes."""


@contextmanager
def elsewhere(draw: Random) -> Iterator[None]:
    """Let it be another day, in another zone."""
    day = datetime.fromisoformat(draw.choice(DAYS)).replace(tzinfo=ZoneInfo(draw.choice(ZONES)))
    with time_machine.travel(day, tick=True):
        yield


def run(folder: Path, *arguments: str) -> Said:
    """Run `facts` in a folder to its end, in this process."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    before = Path.cwd()
    os.chdir(folder)
    try:
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]), _within_bounds():
            status = _main(arguments)
    finally:
        os.chdir(before)
    for stream in streams:
        stream.seek(0)
    return Said(status, *(stream.read() for stream in streams))


def _main(arguments: tuple[str, ...]) -> int:
    # not before: what it imports starts threads, which a fork does not survive
    from pipeline.cli import main  # noqa: PLC0415

    return main(arguments)


@contextmanager
def _within_bounds() -> Iterator[None]:
    def end(_: int, __: FrameType | None) -> None:
        raise EndlessError(f"it has taken {MOST_WORK} s of the processor")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, MOST_WORK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@dataclass
class Forks:
    """A process that has imported all and computed nothing: its forks run commands that are to be
    stopped.
    """

    ours: Connection

    @classmethod
    def begin(cls) -> "Forks":
        """Fork it from this process, in which nothing may have been computed either."""
        import_libraries()
        ours, theirs = Pipe()
        if os.fork() == 0:
            ours.close()
            try:
                _stop_whatever_is_asked(theirs)
            finally:
                os._exit(0)
        theirs.close()
        return cls(ours)

    def run(self, folder: Path, stop: Stop, *arguments: str) -> Stopped:
        """Run `facts` in a folder, and stop it."""
        self.ours.send((folder, stop, arguments))
        stopped: Stopped = self.ours.recv()
        return stopped


def _stop_whatever_is_asked(asked: Connection) -> None:
    while True:
        try:
            folder, stop, arguments = asked.recv()
        except EOFError:  # who asks has ended
            return
        asked.send(_stopped(folder, stop, arguments))


def _stopped(folder: Path, stop: Stop, arguments: tuple[str, ...]) -> Stopped:
    beside: list[int] = []
    at: list[Call] = []

    def decide(number: int, call: Call) -> int:
        is_due = number >= stop.at
        if stop.beside and is_due and not beside:
            beside.append(run_forked(_printing(folder, "beside", stop.beside)))
        if stop.how == KILLED and is_due:
            at.append(call)
            return KILL
        if not is_due or call.name not in NEEDS_ROOM or stop.how == GOES_ON:
            return 0
        if stop.how == FULL_ONCE and at:
            return 0
        at.append(call)
        return errno.ENOSPC

    places = (folder / "outputs", folder / "tmp")
    ended = run_watched(_printing(folder, "said", arguments), places, decide)
    second = None
    if beside:
        status = os.waitstatus_to_exitcode(os.waitpid(beside[0], 0)[1])
        second = _printed(folder, "beside", status)
    said = _printed(folder, "said", ended.status)
    return Stopped(said, at[0] if at else None, len(ended.calls), second)


def _printing(folder: Path, name: str, arguments: tuple[str, ...]) -> Callable[[], int]:
    def command() -> int:
        os.chdir(folder)
        os.environ["TMPDIR"] = str(folder / "tmp")
        for number, stream in enumerate(("out", "err"), start=1):
            path = folder / f"{name}.{stream}"
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        with _within_bounds():
            return _main(arguments)

    return command


def _printed(folder: Path, name: str, status: int) -> Said:
    files = [folder / f"{name}.{stream}" for stream in ("out", "err")]
    said = Said(status, *(file.read_text(encoding="utf-8") for file in files))
    for file in files:
        file.unlink()
    return said


def import_libraries() -> None:
    """Import what commands import, once for all forks; no thread may be started by that."""
    for name in (
        "filelock",
        "pandera.strategies.base_strategies",
        "pyarrow.compute",
        "unicode_rbnf",
        "pipeline.cli.check",
        "pipeline.cli.release",
        "pipeline.cli.verify",
        "pipeline.release.page.charts",
    ):
        import_module(name)
    for module in iter_modules(import_module("pipeline.release.page.charts").__path__):
        import_module(f"pipeline.release.page.charts.{module.name}")
    page = import_module("pipeline.release.page")
    pages = page._environment()  # noqa: SLF001 (a sixth of the time of a release)
    for name in pages.list_templates():
        pages.get_template(name)
    names = {Path(task, "comm").read_text() for task in Path("/proc/self/task").iterdir()}
    assert not any("rayon" in name or "async-executor" in name for name in names), names
