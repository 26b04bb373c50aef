"""Start the Dagster UI, and beside it a server of the releases, so that links in the UI lead to the
page.

A browser follows no link from a page of a server to a file on disk. Everything listens on 127.0.0.1
only.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOENT
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

HOST = "127.0.0.1"


def run_ui(raw: Path, outputs: Path, port: int) -> int:
    """Run `dagster dev` on a port, and the server of the releases on the next one, until the person
    stops it.

    Returns the exit status of `dagster dev`. Run history stays in the folder that DAGSTER_HOME
    names, or .dagster/; raises FileNotFoundError where that has no dagster.yaml, without which
    Dagster would send usage data home.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or ".dagster").absolute()
    if not (home / "dagster.yaml").is_file():
        raise FileNotFoundError(
            ENOENT,
            "no such file; start it in the repository, or set DAGSTER_HOME",
            f"{home.name}/dagster.yaml",
        )
    for wanted in (port, port + 1):
        try:
            socket.create_server((HOST, wanted)).close()
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"port {wanted}") from error
    (outputs / "releases").mkdir(parents=True, exist_ok=True)
    with served(outputs / "releases", port + 1) as address:
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(home),
            "FACTS_RAW": str(raw.absolute()),
            "FACTS_OUTPUTS": str(outputs.absolute()),
            "FACTS_RELEASES_URL": os.environ.get("FACTS_RELEASES_URL") or address,
        }
        # without the warning that there is another command, `dg`, which brings along a lot for the
        # same
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "dagster",
            "dev",
            "-h",
            HOST,
            "-p",
            str(port),
            "-m",
            "pipeline.definitions",
        ]
        with subprocess.Popen(command, env=environment) as dagster:  # noqa: S603 (our own command)
            signal.signal(signal.SIGTERM, lambda *_: dagster.terminate())
            try:
                return dagster.wait()
            except (
                KeyboardInterrupt
            ):  # the terminal tells dagster, too, and that takes its time to end
                return dagster.wait()


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """Serve a folder, to be read, and give its address."""
    with ThreadingHTTPServer((HOST, port), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, and keeps the terminal for Dagster's own messages."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".md": "text/plain; charset=utf-8",
        ".ttl": "text/turtle",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has there)
        """Say nothing."""
