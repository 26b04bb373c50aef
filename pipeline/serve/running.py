"""Run an application on 127.0.0.1 until it is told to end: quietly, and with one line that says
where it is.
"""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from pipeline.unusable import Unusable

HOST = "127.0.0.1"
ENDING = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 5
"""Seconds that an answer may take when the server is told to end."""


@contextmanager
def until_told_to_end() -> Iterator[None]:
    """Let INT and TERM end what is done within, so that it closes what it has opened, whatever the
    process has inherited: one that a script starts with & ignores INT, and so would its children.

    Further signals are ignored then. Call it before children are started.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """Give the socket of a port, which is taken from now on; raises Unusable where another has
    it.
    """
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        words = os.strerror(error.errno or 0)
        raise Unusable(f"port {port}: {words}; name another one with --port") from error
    with listener:
        yield listener


def serve(app: ASGIApp, listener: socket.socket, path: str, show: Callable[[str], None]) -> None:
    """Answer requests until a signal comes, which is raised again when all are answered (see
    until_told_to_end); `show` is called with the address of a path once the first can be.
    """
    server = _Server(configuration(app))
    server.is_ready = lambda: show(f"http://{HOST}:{listener.getsockname()[1]}{path}")
    server.run([listener])


def configuration(app: ASGIApp) -> uvicorn.Config:
    """Return how an application of ours is run: without a word unless something breaks."""
    return uvicorn.Config(
        app,
        http="h11",  # refuses a head of more than 64 KB; the other takes any
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )


class _Server(uvicorn.Server):
    is_ready: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready()
