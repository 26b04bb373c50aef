"""What Dagster loads.

The folders are raw/ and outputs/ below the working directory, or those that FACTS_RAW and
FACTS_OUTPUTS name. Where the releases are served to browsers, FACTS_RELEASES_URL says under which
address, so that links in the UI lead there. FACTS_ENGINE is the URL of a Spark cluster that reads
the texts.
"""

import os
from pathlib import Path

from pipeline.engine import cluster_at
from pipeline.kept import Kept
from pipeline.operate.code_location import definitions
from pipeline.operate.workspace import Workspace
from pipeline.parts import Parts

url = os.environ.get("FACTS_ENGINE")
outputs = Path(os.environ.get("FACTS_OUTPUTS", "outputs"))
defs = definitions(
    Workspace(
        raw=Path(os.environ.get("FACTS_RAW", "raw")),
        outputs=outputs,
        releases_url=os.environ.get("FACTS_RELEASES_URL"),
        reading=Parts(
            os.cpu_count() or 1, cluster_at(url) if url else None, Kept(outputs / ".cache")
        ),
    )
)
