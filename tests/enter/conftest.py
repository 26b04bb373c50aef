import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from pipeline.enter.app import Enter
from pipeline.serve.guards import guarded
from pipeline.serve.running import configuration, listening
from tests.conftest import ROOT, SOURCE, free_port
from tests.enter.events_file import EVENTS, HEADER

EMPTIED = ("observations", "events", "statements", "waivers")

Served = Callable[[Path], str]


@pytest.fixture
def emptied(tmp_path: Path) -> Path:
    """A raw/ like the repository's, of whose article nothing has been entered."""
    raw = tmp_path / "raw"
    shutil.copytree(ROOT / "raw", raw)
    for name in EMPTIED:
        file = raw / SOURCE / f"{name}.csv"
        file.write_text(file.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    (raw / SOURCE / "readings.csv").unlink()
    (raw / "findings.csv").unlink()
    return raw


@contextmanager
def serving(raw: Path, outputs: Path) -> Iterator[str]:
    """Serve the curator's page of a raw folder, and give its address."""
    outputs.mkdir(exist_ok=True)
    port = free_port()
    with listening(port) as listener, closing(Enter(raw, outputs)) as enter:
        server = uvicorn.Server(configuration(guarded(enter.app(), port)))
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A raw folder with an empty source."""
    (tmp_path / "union-2020").mkdir()
    return tmp_path


@pytest.fixture
def typed(folder: Path) -> Callable[..., Path]:
    """Type lines into events.csv."""

    def write(*rows: str) -> Path:
        path = folder / EVENTS
        path.write_text("".join(f"{one}\n" for one in (HEADER, *rows)), encoding="utf-8")
        return path

    return write
