"""Let the histories of some integers happen one after the other; a line of JSON tells of each.

python -m tests.simulation.block FIRST COUNT
"""

import json
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from tests.simulation.commands import Forks
from tests.simulation.system_calls import can_watch


def main() -> None:
    """Run them, and print what happened."""
    first, count = map(int, sys.argv[1:])
    # before anything is computed here, which starts threads
    forks = Forks.begin() if can_watch() else None
    from tests.simulation.history import begin, go_on  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="histories-") as name:
        folder = Path(name)
        for number in range(first, first + count):
            fault, done = "", list[str]()
            try:
                go_on(begin(number, folder / str(number), forks, folder / "worlds"), done)
            except Exception:  # noqa: BLE001 (whatever it is, it is told)
                fault = traceback.format_exc()
            print(json.dumps({"number": number, "done": done, "fault": fault}), flush=True)
            shutil.rmtree(folder / str(number), ignore_errors=True)


if __name__ == "__main__":
    main()
