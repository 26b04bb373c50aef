"""One server on 127.0.0.1: Dagster's UI, the releases, to which its links lead, and the curator's
page.
"""

import os
from collections.abc import Callable
from contextlib import closing
from errno import ENOENT
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from pipeline.enter.app import Enter
from pipeline.serve.files import folder_route
from pipeline.serve.guards import guarded
from pipeline.serve.running import listening, serve, until_told_to_end

RELEASES, ENTER = "/releases", "/enter"


def run_ui(
    raw: Path, outputs: Path, port: int, tell: Callable[[str], None], show: Callable[[str], None]
) -> int:
    """Serve all three on a port, until the person ends it; return 0. `tell` is called with what the
    person waits for, and with nothing when it is there; `show` with the address.

    Run history stays in the folder that DAGSTER_HOME names, or .dagster/; raises FileNotFoundError
    where that has no dagster.yaml, without which Dagster would send usage data home, and Unusable
    where the port is taken.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or ".dagster").absolute()
    if not (home / "dagster.yaml").is_file():
        raise FileNotFoundError(
            ENOENT,
            "no such file; start it in the repository, or set DAGSTER_HOME",
            f"{home.name}/dagster.yaml",
        )
    releases = outputs / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with until_told_to_end(), listening(port) as listener:
        # what is started below reads these
        os.environ |= {
            "DAGSTER_HOME": str(home),
            "FACTS_RAW": str(raw),
            "FACTS_OUTPUTS": str(outputs.absolute()),
            "FACTS_RELEASES_URL": RELEASES,
        }
        tell("Dagster")
        # takes seconds, and what is wrong with the folder or the port is said at once
        from pipeline.operate.dagster_app import dagster_app  # noqa: PLC0415

        with dagster_app(home) as dagster, closing(Enter(raw, outputs)) as enter:
            routes = [
                folder_route(RELEASES, releases),
                Route(ENTER, lambda _: RedirectResponse(f"{ENTER}/")),
                Mount(ENTER, enter.app()),
                Mount("/", dagster),  # the last: it has an answer to every address
            ]
            tell("")
            serve(guarded(Starlette(routes=routes), port), listener, "/", show)
    return 0
