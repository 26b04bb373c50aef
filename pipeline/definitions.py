"""What Dagster loads.

The folders are raw/ and outputs/ below the working directory, or those that FACTS_RAW and FACTS_OUTPUTS name. Where the
releases are served to browsers, FACTS_RELEASES_URL says under which address, so that links in the UI lead there.
FACTS_ENGINE is the URL of a Spark cluster that computes.
"""

import os
from pathlib import Path

from pipeline.engine import use_cluster
from pipeline.operate.code_location import definitions
from pipeline.operate.workspace import Workspace

if engine := os.environ.get("FACTS_ENGINE"):
    use_cluster(engine)

defs = definitions(
    Workspace(
        raw=Path(os.environ.get("FACTS_RAW", "raw")),
        outputs=Path(os.environ.get("FACTS_OUTPUTS", "outputs")),
        releases_url=os.environ.get("FACTS_RELEASES_URL"),
    )
)
