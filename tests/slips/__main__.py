"""Print how many planted slips the checks catch: python -m tests.slips [RAW SOURCE_ID]."""

import sys
from pathlib import Path

from tests.slips.harness import measure
from tests.slips.kinds import all_slips
from tests.slips.source_copy import read_source

if __name__ == "__main__":
    raw, source_id = (Path(sys.argv[1]), sys.argv[2]) if len(sys.argv) == 3 else (Path("raw"), "mfa-2011-12-23")
    print(measure(raw, source_id, all_slips(raw, read_source(raw / source_id))).table())
