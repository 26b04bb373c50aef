"""What a command takes: seconds of the processor, since machines are shared, and memory at most.

Belongs here: running one command to its end. Does not belong here: which, or what its figures are
compared with.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# a process of its own, of a few megabytes: Linux counts to a process what the one that started it
# held
_STARTER = """
import json, os, subprocess, sys
with open(sys.argv[1], "wb") as said:
    started = subprocess.Popen(sys.argv[2:], stdout=said)
    _, status, usage = os.wait4(started.pid, 0)
seconds, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
print(json.dumps([os.waitstatus_to_exitcode(status), seconds, memory]))
"""


@dataclass(frozen=True)
class Spent:
    """What a process took: seconds of the processor, bytes of memory at most; and what it
    printed.
    """

    seconds: float
    memory: int
    said: str


def spent(
    command: list[str], right: tuple[int, ...] = (0,), environment: Mapping[str, str] | None = None
) -> Spent:
    """Run a command to its end and return what it took; raises RuntimeError where its exit status
    is not a `right` one.
    """
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        starter = [sys.executable, "-I", "-S", "-c", _STARTER, str(said), *command]
        # our own commands
        ran = subprocess.run(starter, check=True, stdout=subprocess.PIPE, env=environment)
        status, seconds, memory = json.loads(ran.stdout)
        if status not in right:
            raise RuntimeError(f"{command} ended with {status}")
        return Spent(seconds, memory, said.read_text(encoding="utf-8"))
