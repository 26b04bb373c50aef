"""Watch the system calls by which a program writes, and end it at one of them, or let one fail.

Linux asks another process before each call that a filter names (seccomp, user notification): the
call waits, and is then let through, fails with an error of our choice, or never happens, since its
program is killed. So calls of every thread, child and library are seen (DuckDB, polars and pyarrow
do not write through Python), no compiler is needed, no tracer, no right, and a watched program is
as fast as any.
"""

import array
import ctypes
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_FILE, _NAME, _AT = "file", "name", "name in a folder"


class _Kind(NamedTuple):
    """A call: its name, and which argument says which file it is, and how: an open file, a name, or
    a name in the open folder before it; for one that opens, where it says for what.
    """

    name: str
    how: str
    argument: int = 0
    flags: int | None = None


_CALLS = {
    1: _Kind("write", _FILE),
    2: _Kind("open", _NAME, flags=1),
    18: _Kind("pwrite64", _FILE),
    20: _Kind("writev", _FILE),
    40: _Kind("sendfile", _FILE),
    74: _Kind("fsync", _FILE),
    75: _Kind("fdatasync", _FILE),
    76: _Kind("truncate", _NAME),
    77: _Kind("ftruncate", _FILE),
    82: _Kind("rename", _NAME),
    83: _Kind("mkdir", _NAME),
    84: _Kind("rmdir", _NAME),
    85: _Kind("creat", _NAME),
    86: _Kind("link", _NAME, 1),
    87: _Kind("unlink", _NAME),
    88: _Kind("symlink", _NAME, 1),
    257: _Kind("openat", _AT, 1, flags=2),
    258: _Kind("mkdirat", _AT, 1),
    263: _Kind("unlinkat", _AT, 1),
    264: _Kind("renameat", _AT, 1),
    265: _Kind("linkat", _AT, 3),
    266: _Kind("symlinkat", _AT, 2),
    280: _Kind("utimensat", _AT, 1),
    285: _Kind("fallocate", _FILE),
    296: _Kind("pwritev", _FILE),
    316: _Kind("renameat2", _AT, 1),
    326: _Kind("copy_file_range", _FILE, 2),
    328: _Kind("pwritev2", _FILE),
}
"""The calls that change files, by their number on x86-64."""

NEEDS_ROOM = frozenset(kind.name for kind in _CALLS.values()) - {
    *("rmdir", "truncate", "unlink", "unlinkat", "utimensat")
}
"""Calls that may find the disk full."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

_X86_64 = 0xC000003E
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
"""Instructions of the filter: load a word of the call, jump if it is, jump if it has, return."""

_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_NO_NEW_PRIVILEGES, _SECCOMP, _SET_FILTER, _WITH_LISTENER = 38, 317, 1, 8
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_REQUEST, _REPLY = "=QIIiIQ6Q", "=QqiI"
_LET_THROUGH = 1
_WORD = 0xFFFFFFFF
_HERE = -100 & _WORD
"""In place of an open folder: the one in which the program works."""


class Call(NamedTuple):
    """A call that is about to be made: its name, and the path of the file that it changes."""

    name: str
    path: str


class Ended(NamedTuple):
    """How a program ended: its status (-9 where it was killed), and the calls that it made."""

    status: int
    calls: list[Call]


Decide = Callable[[int, Call], int]
"""What is to become of a call, by its number from 1: 0 (it is made), an errno, or KILL."""

KILL = -1


def can_watch() -> bool:
    """Whether this system lets one process decide on the calls of another."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    try:
        return run_watched(lambda: 0, (), lambda _, __: 0).status == 0
    except PermissionError:
        return False


def run_watched(program: Callable[[], int], places: tuple[Path, ...], decide: Decide) -> Ended:
    """Run a function in a process of its own, and decide on each of its calls that changes files.

    Only calls on files below `places` are counted: others write to pipes and the like. All
    processes that it has started have ended, too, when this returns. Raises PermissionError where
    the system, or the container around it, allows none of this.
    """
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        _run_filtered(program, theirs)
    theirs.close()
    _, given, _, _ = socket.recv_fds(ours, 1, 1)
    if not given:
        os.waitpid(child, 0)
        raise PermissionError("this system lets no filter be set")
    (listener,) = given
    calls: list[Call] = []
    try:
        _decide_on_all(listener, child, tuple(f"{place}/" for place in places), decide, calls)
    finally:
        os.close(listener)
        ours.close()
    return Ended(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), calls)


def run_forked(program: Callable[[], int]) -> int:
    """Begin to run a function in a process of its own, and return the process's number."""
    child = os.fork()
    if child == 0:
        _end_with(program)
    return child


def _end_with(program: Callable[[], int]) -> None:
    status = 70
    try:
        status = program()
    except BaseException:  # noqa: BLE001 (told where the program prints to)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _run_filtered(program: Callable[[], int], supervisor: socket.socket) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    rules = _filter()
    held = ctypes.create_string_buffer(rules, len(rules))
    pointed = struct.pack("HxxxxxxP", len(rules) // 8, ctypes.addressof(held))
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        os._exit(71)
    listener = libc.syscall(_SECCOMP, _SET_FILTER, _WITH_LISTENER, pointed)
    if listener < 0:
        os._exit(72)
    sent = array.array("i", [listener])
    supervisor.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, sent)])
    os.close(listener)
    supervisor.close()
    _end_with(program)


def _filter() -> bytes:
    """Return the filter: let all through but the calls above."""

    def do(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_so, if_not, value)

    ask, allow = do(_RETURN, _NOTIFY), do(_RETURN, _ALLOW)
    rules = [do(_LOAD, _ARCHITECTURE), do(_EQUAL, _X86_64, 1, 0), allow, do(_LOAD, _NUMBER)]
    for number, kind in _CALLS.items():
        if kind.flags is None:
            rules += [do(_EQUAL, number, 0, 1), ask]
        else:
            flags = do(_LOAD, _ARGUMENTS + 8 * kind.flags)
            rules += [do(_EQUAL, number, 0, 4), flags, do(_ANY_BIT, _WRITING, 0, 1), ask, allow]
    return b"".join((*rules, allow))


def _decide_on_all(
    listener: int, child: int, places: tuple[str, ...], decide: Decide, calls: list[Call]
) -> None:
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    # until nobody is left who could make a call
    while any(event & select.POLLIN for _, event in poll.poll()):
        request = bytearray(struct.calcsize(_REQUEST))
        # who makes the call may be killed meanwhile
        with suppress(FileNotFoundError, InterruptedError):
            fcntl.ioctl(listener, _RECEIVE, request)
            which, thread, _, number, _, _, *arguments = struct.unpack(_REQUEST, request)
            path, verdict = _path_of(thread, _CALLS[number], arguments), 0
            if f"{path}/".startswith(places):
                calls.append(Call(_CALLS[number].name, path))
                verdict = decide(len(calls), calls[-1])
            if verdict == KILL:
                os.kill(child, signal.SIGKILL)
            else:
                answer = (0, -verdict, 0) if verdict else (0, 0, _LET_THROUGH)
                fcntl.ioctl(listener, _SEND, struct.pack(_REPLY, which, *answer))


def _path_of(thread: int, kind: _Kind, arguments: list[int]) -> str:
    """Return the path of the file that a call is about to change; nothing where it has none."""
    process = Path(f"/proc/{thread}")
    given = arguments[kind.argument]
    with suppress(OSError):
        if kind.how == _FILE:
            return str((process / f"fd/{given}").readlink())
        before = arguments[kind.argument - 1] if kind.how == _AT else _HERE
        folder = process / ("cwd" if before & _WORD == _HERE else f"fd/{before}")
        with (process / "mem").open("rb", buffering=0) as memory:
            memory.seek(given)
            name = memory.read(os.pathconf("/", "PC_PATH_MAX")).partition(b"\0")[0]
        return str(folder.readlink() / os.fsdecode(name))
    return ""
