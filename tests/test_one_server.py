"""`facts ui` as a script and an operator start it: one server for the Dagster UI and the releases,
which says one line, and ends with all that it has started.
"""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pipeline.cli import USAGE, main
from pipeline.serve.running import listening
from tests.conftest import ROOT, free_port
from tests.test_serve import OF_A_WEBSOCKET, PAGE, Served

PATIENCE = 300
"""Seconds that a test waits for what takes a few."""

TICKS = """{sensorOrError(sensorSelector: {repositoryLocationName: "pipeline.definitions",
    repositoryName: "__repository__", sensorName: "raw_changes"})
    {... on Sensor {sensorState {ticks(statuses: [SUCCESS, SKIPPED, FAILURE]) {status}}}}}"""
MUTATION = "mutation{reloadWorkspace{__typename}}"

Found = TypeVar("Found")


def until(look: Callable[[], Found], is_so: Callable[[Found], bool]) -> Found:
    """Look again and again until something is so, and return what was found."""
    last = time.monotonic() + PATIENCE
    while not is_so(found := look()):
        assert time.monotonic() < last, found
        time.sleep(0.2)
    return found


def descendants(process: int) -> dict[int, str]:
    """The processes that a process has started, and those that they have: their command lines."""
    listed = subprocess.run(["ps", "-wweo", "pid=,ppid=,args="], stdout=subprocess.PIPE, check=True)  # noqa: S607
    rows = [line.split(maxsplit=2) for line in listed.stdout.decode().splitlines()]
    found: dict[int, str] = {}
    parents = {process}
    while parents:
        children = {int(pid): args for pid, parent, args in rows if int(parent) in parents}
        found |= children
        parents = set(children)
    return found


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def graphql(served: Served, query: str) -> dict[str, Any]:
    content = json.dumps({"query": query}).encode()
    request = urllib.request.Request(
        f"http://{served.own}/graphql", content, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 (likewise)
        data: dict[str, Any] = json.load(answer)["data"]
    return data


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the run history, which DAGSTER_HOME names."""
    shutil.copy(ROOT / ".dagster" / "dagster.yaml", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.slow
def test_one_server_has_all_says_one_line_and_ends_when_a_script_tells_it_to(
    home: Path, raw: Path
) -> None:
    log, outputs, port = home / "log", home / "outputs", free_port()
    release = outputs / "releases" / "1.0.0"
    release.mkdir(parents=True)
    (release / "index.html").write_text(PAGE)
    command = f"facts ui --port {port} --raw {raw} --outputs {outputs} > {log} 2>&1 & echo $!"
    script = subprocess.run(["sh", "-c", command], cwd=ROOT, stdout=subprocess.PIPE, check=True)  # noqa: S607
    process = int(script.stdout)
    try:
        said = until(lambda: log.read_text() if log.exists() else "", lambda said: "\n" in said)
        served = Served(port, outputs / "releases")
        has_the_ui_and_the_releases(served)
        refuses_other_websites(served)
        looks_at_raw_now_and_then(served)
        started = descendants(process)
        assert any("_daemon" in args for args in started.values()), started
        assert any("code-server" in args for args in started.values()), started
    finally:
        os.kill(process, signal.SIGTERM)
    until(lambda: [one for one in (process, *started) if is_there(one)], lambda left: not left)
    # under load, the binding of DuckDB tells what a process did not free that was ended at once
    told = log.read_text().partition("nanobind: ")[0]
    assert said == told == f"The Dagster UI: http://127.0.0.1:{port}/\n"
    with listening(port):
        pass


def has_the_ui_and_the_releases(served: Served) -> None:
    assert "/_next/" in served.ask("/asset-groups")[2]
    assert "dagster_version" in served.ask("/server_info")[2]
    assert served.ask("/releases/1.0.0/")[2] == PAGE
    assert graphql(served, "{assetNodes{id}}")["assetNodes"]
    assert graphql(served, MUTATION) == {"reloadWorkspace": {"__typename": "Workspace"}}
    own = {"Origin": f"http://{served.own}", "Sec-WebSocket-Protocol": "graphql-ws"}
    assert served.status("/graphql", **OF_A_WEBSOCKET, **own) == 101


def refuses_other_websites(served: Served) -> None:
    assert served.status(f"/graphql?query={MUTATION}") == 403
    assert served.status(f"/graphql?query={MUTATION}", "POST", Origin="null") == 403
    assert served.status("/", Host=f"facts.example.org:{served.port}") == 403
    assert served.status("/graphql", **OF_A_WEBSOCKET, Origin="https://example.org") == 403


def looks_at_raw_now_and_then(served: Served) -> None:
    """Without the daemon, and the same code for both, no sensor would."""
    until(lambda: graphql(served, TICKS), lambda found: "status" in str(found))


def test_a_port_that_another_has_is_one_line(
    home: Path, raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening(0) as listener:
        port = listener.getsockname()[1]
        status = main(["ui", f"--port={port}", f"--raw={raw}", f"--outputs={home / 'outputs'}"])
    assert status == USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        f"facts ui: port {port}: Address already in use; name another one with --port\n"
    )
