"""Print how many planted slips the checks catch.

python -m tests.slips [RAW SOURCE_ID] [--every]: in one source, else in the article and in the
made-up sources in Russian and Kazakh; a sample of each kind of slip, or every one.
"""

import sys
from pathlib import Path

from tests.slips import SAMPLE, SOURCES
from tests.slips.harness import measure, sampled
from tests.slips.kinds import all_slips
from tests.slips.source_copy import read_source

if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if argument != "--every"]
    for raw, source_id in [(Path(named[0]), named[1])] if named else SOURCES:
        slips = all_slips(raw, read_source(raw / source_id).alone())
        measured = measure(
            raw, source_id, slips if "--every" in sys.argv else sampled(slips, SAMPLE)
        )
        print(f"{source_id}\n{measured.table()}\n", flush=True)
