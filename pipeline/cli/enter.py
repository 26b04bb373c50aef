"""`facts enter`: the curator's page, until a person stops it."""

import sys
import webbrowser
from argparse import Namespace
from contextlib import closing

from starlette.applications import Starlette
from starlette.routing import Mount

from pipeline.answers import WELL, Answer
from pipeline.cli.terminal import put
from pipeline.enter.app import Enter
from pipeline.read.raw_folder import RawFolder
from pipeline.serve.guards import guarded
from pipeline.serve.running import listening, serve, until_told_to_end
from pipeline.unusable import Unusable


def answer(options: Namespace) -> Answer:
    """Serve the page, and open it where a person sits at a terminal; raises Unusable where there is
    no such source, or no such port.
    """
    sources = RawFolder(options.raw).source_ids()
    if options.id is not None and options.id not in sources:
        known = f"one of {', '.join(sources)}" if sources else "none is there"
        made = "`facts new ID --text FILE` makes one"
        raise Unusable(f"{options.id} is no source of {options.raw}; {known}; {made}")

    def show(address: str) -> None:
        put(f"The curator's page: {address}\n", sys.stdout)
        if sys.stdout.isatty():
            webbrowser.open(address)

    with (
        until_told_to_end(),
        listening(options.port) as listener,
        closing(Enter(options.raw, options.outputs)) as enter,
    ):
        app = Starlette(routes=[Mount("/enter", enter.app())])
        path = f"/enter/{options.id}/" if options.id else "/enter/"
        serve(guarded(app, options.port), listener, path, show)
    return Answer(WELL)
