"""`facts ui`: the Dagster UI, until a person stops it."""

import sys
from argparse import Namespace

from pipeline.answers import Answer
from pipeline.cli.terminal import put, tell
from pipeline.operate.ui import run_ui
from pipeline.unusable import Unusable


def answer(options: Namespace) -> Answer:
    """Serve the UI; raises Unusable where it cannot start."""

    def show(address: str) -> None:
        put(f"The Dagster UI: {address}\n", sys.stdout)

    try:
        return Answer(run_ui(options.raw, options.outputs, options.port, tell, show))
    except OSError as error:
        raise Unusable(f"{error.filename or options.port}: {error.strerror}") from error
