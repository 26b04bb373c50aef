"""Dagster's own web application in this process, so that one guard stands before everything.

Beside it runs what `dagster dev` starts, too: the server that holds this project's code, and the
daemon, without which no sensor looks at raw/.

Belongs here: what is taken from inside Dagster, which promises none of it (tests/test_one_server.py
says so when it is gone).
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
from dagster._cli.proxy_server_manager import ProxyServerManager
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget, WorkspaceFileTarget
from dagster_webserver.webserver import DagsterWebserver
from starlette.types import ASGIApp

CODE = "pipeline.definitions"
DAEMON = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "from dagster._daemon.__main__ import main; main()"
)
"""The daemon: whoever stops it with Ctrl-C while it is still being loaded sees no traceback."""
LAST_WORDS = 10
"""Seconds that the daemon has to end when it is told to."""


@contextmanager
def dagster_app(home: Path) -> Iterator[ASGIApp]:
    """Give Dagster's web application for the instance in a folder, while the code server and the
    daemon are at work.

    Both get the code from the one server, so that reloading it in the UI reloads it for the
    sensors, too.
    """
    code = ModuleTarget(CODE, None, working_directory=str(Path.cwd()), location_name=None)
    with (
        dg.DagsterInstance.from_config(str(home)) as instance,
        ProxyServerManager(instance, code, code_server_log_level="WARNING") as code_server,
        TemporaryDirectory() as folder,
    ):
        workspace = Path(folder) / "workspace.yaml"  # JSON is YAML
        workspace.write_text(json.dumps({"load_from": code_server.get_code_server_specs()}))
        with (
            _daemon(workspace),
            WorkspaceProcessContext(instance, WorkspaceFileTarget([str(workspace)])) as context,
        ):
            yield DagsterWebserver(context).create_asgi_app()


@contextmanager
def _daemon(workspace: Path) -> Iterator[None]:
    command = [sys.executable, "-c", DAEMON, "run", "--log-level", "warning", "--workspace"]
    with subprocess.Popen([*command, str(workspace)]) as daemon:  # noqa: S603 (our own command)
        try:
            yield
        finally:
            daemon.terminate()
            try:
                daemon.wait(LAST_WORDS)
            except subprocess.TimeoutExpired:
                daemon.kill()
