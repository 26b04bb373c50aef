"""What Dagster loads.

The folders are raw/ and outputs/ below the working directory, or those that FACTS_RAW and FACTS_OUTPUTS name.
"""

import os
from pathlib import Path

from pipeline.operate.code_location import definitions

defs = definitions(Path(os.environ.get("FACTS_RAW", "raw")), Path(os.environ.get("FACTS_OUTPUTS", "outputs")))
