"""Other projects' tools beside ours: each a script under peers/ that names its pins, in an
environment of its own.

Belongs here: making the environment (uv does, and keeps it) and running the script. Does not belong
here: what it computes.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.benchmarks.spent import Spent, spent

PEERS = Path(__file__).parent / "peers"
_UV = os.environ.get("UV") or shutil.which("uv") or "uv"


def peer(name: str, *arguments: str) -> Spent:
    """Run the script of a peer with its own interpreter; raises CalledProcessError where it cannot
    be installed.
    """
    script = str(PEERS / f"{name}.py")
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    for command in (
        ["sync", "--quiet", "--script", script],
        ["python", "find", "--script", script],
    ):
        done = subprocess.run(
            [_UV, *command], check=True, env=environment, stdout=subprocess.PIPE, text=True
        )
    return spent([done.stdout.strip(), script, *arguments])
