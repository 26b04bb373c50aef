"""What a server of ours gives, and what it refuses, asked as a browser, a program and a stranger
would, byte by byte.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from pipeline.serve.files import HEADERS, folder_route
from pipeline.serve.guards import guarded
from pipeline.serve.running import configuration, listening
from pipeline.unusable import Unusable
from tests.conftest import ROOT

PAGE = "<!DOCTYPE html><title>Facts</title>"
OF_A_WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
FROM_ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
BY_A_LINK = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


class Served:
    """A server that is asked over a socket of its own each time."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.folder = folder

    @property
    def own(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(
        self, target: str, method: str = "GET", **headers: str | list[str] | None
    ) -> tuple[int, dict[str, str], str]:
        """Send the head of a request as it stands; names of headers have _ for -, and None takes
        one away.
        """
        lines = [f"{method} {target} HTTP/1.1"]
        given = {"Host": self.own, "Connection": "close"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        for name, value in given.items():
            values = value if isinstance(value, list) else [] if value is None else [value]
            lines += [f"{name}: {one}" for one in values]
        with socket.create_connection(("127.0.0.1", self.port), 10) as asked:
            asked.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            answer = b""
            while b"\r\n\r\n" not in answer or b"101 " not in answer[:16]:
                if not (more := asked.recv(65536)):
                    break
                answer += more
        head, _, body = answer.decode(errors="replace").partition("\r\n\r\n")
        first, *rest = head.split("\r\n")
        found = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
        return int(first.split()[1]), found, body

    def status(self, target: str, method: str = "GET", **headers: str | list[str] | None) -> int:
        return self.ask(target, method, **headers)[0]


async def _change(request: Request) -> Response:
    return PlainTextResponse(f"{request.method} was carried out")


async def _talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


@contextmanager
def running(app_on: Callable[[int], ASGIApp]) -> Iterator[int]:
    """Run the application for a port in this process, and give the port."""
    with listening(0) as listener:
        port = int(listener.getsockname()[1])
        server = uvicorn.Server(configuration(app_on(port)))
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def serving(folder: Path, *routes: BaseRoute) -> Iterator[Served]:
    """Have a guarded server of a folder of releases and of some routes."""
    app = Starlette(routes=[folder_route("/releases", folder), *routes])
    with running(lambda port: guarded(app, port)) as port:
        yield Served(port, folder)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with something to change at every address, and a folder of releases."""
    folder = tmp_path_factory.mktemp("outputs") / "releases"
    (folder / "1.0.0" / "tables").mkdir(parents=True)
    (folder / "1.0.0" / "index.html").write_text(PAGE)
    to_change = Route("/{path:path}", _change, methods=["GET", "POST"])
    with serving(folder, WebSocketRoute("/graphql", _talk), to_change) as server:
        yield server


def test_our_own_pages_and_programs_are_answered(served: Served) -> None:
    own = f"http://{served.own}"
    assert served.ask("/")[2] == "GET was carried out"
    assert served.ask("/", "POST")[2] == "POST was carried out"
    same = {"Sec_Fetch_Site": "same-origin", "Origin": own}
    assert served.ask("/graphql", "POST", **same)[2] == "POST was carried out"
    assert served.status("/graphql", **OF_A_WEBSOCKET, Origin=own) == 101
    assert served.status("/graphql", **OF_A_WEBSOCKET) == 101
    for host in (f"localhost:{served.port}", f"LOCALHOST:{served.port}", f"[::1]:{served.port}"):
        assert served.status("/", Host=host) == 200
        assert served.status("/", "POST", Host=host, Origin=f"http://{host.lower()}") == 200


def test_a_name_that_someone_has_pointed_at_this_machine_is_refused(served: Served) -> None:
    for host in (
        "facts.example.org",
        f"facts.example.org:{served.port}",
        f"127.0.0.1:{served.port + 1}",
        f"127.0.0.1.:{served.port}",
        f"localhost.:{served.port}",
        f"127.0.0.1.example.org:{served.port}",
        f"127.1:{served.port}",
        f"127.0.0.1@example.org:{served.port}",
        "",
    ):
        for target in ("/", "/releases/1.0.0/", "/graphql"):
            assert served.status(target, Host=host) in {400, 403}, host
        assert served.status("/graphql", **OF_A_WEBSOCKET, Host=host) in {400, 403}, host
    assert served.status("/", Host=[served.own, "facts.example.org"]) in {400, 403}
    status, _, words = served.ask("/", Host="facts.example.org")
    assert status == 403
    assert words == (
        "The host facts.example.org is not this server's. "
        f"Ask for http://127.0.0.1:{served.port}/ or http://localhost:{served.port}/.\n"
    )


def test_a_page_of_another_website_can_change_nothing(served: Served) -> None:
    for origin in (
        "https://example.org",
        "null",
        "",
        f"https://{served.own}",
        f"http://127.0.0.1:{served.port + 1}",
        f"http://localhost:{served.port}",
        f"http://{served.own}.example.org",
        f"http://{served.own}/",
    ):
        asked = {"Origin": origin, "Content_Type": "text/plain"}
        assert served.status("/graphql", "POST", **asked) == 403, origin
        assert served.status("/graphql", **OF_A_WEBSOCKET, Origin=origin) == 403, origin
        assert served.status("/", Origin=origin) == 403, origin
    for site in ("cross-site", "same-site", "whatever"):
        assert served.status("/", "POST", **FROM_ELSEWHERE | {"Sec-Fetch-Site": site}) == 403
        assert served.status("/", **FROM_ELSEWHERE | {"Sec-Fetch-Site": site}) == 403
    assert served.status("/", Origin=[f"http://{served.own}", "https://example.org"]) == 403
    assert f"Pages of http://{served.own} may" in served.ask("/", Origin="null")[2]


def test_a_link_from_anywhere_is_followed_but_not_into_a_frame(served: Served) -> None:
    assert served.status("/releases/1.0.0/", **BY_A_LINK) == 200
    assert served.status("/", **BY_A_LINK) == 200
    for dest in ("iframe", "frame", "embed", "object", "image"):
        assert served.status("/", **BY_A_LINK | {"Sec-Fetch-Dest": dest}) == 403
    assert served.status("/", "POST", **BY_A_LINK) == 403


def test_a_link_carries_out_no_query(served: Served) -> None:
    for query in ("query=mutation{a}", "op=a&query=%7Ba%7D", "%71uery=", "query", "query=a&query="):
        for method in ("GET", "HEAD"):
            assert served.status(f"/graphql?{query}", method) == 403, query
    assert served.status("/%67raphql?query=mutation{a}") == 403
    assert served.status("/graphql") == 200
    assert served.status("/graphql?") == 200
    assert served.status("/graphql?query=mutation{a}", "POST") == 200
    assert "by POST /graphql" in served.ask("/graphql?query=a")[2]


def test_a_release_is_given_to_be_read(served: Served) -> None:
    release = served.folder / "1.0.0"
    for name, kind in {
        "index.html": "text/html; charset=utf-8",
        "README.md": "text/plain; charset=utf-8",
        "SHA256SUMS": "text/plain; charset=utf-8",
        "tables/areas.csv": "text/csv; charset=utf-8",
        "tables/areas.parquet": "application/vnd.apache.parquet",
        "dcat.ttl": "text/turtle; charset=utf-8",
        "datapackage.json": "application/json",
        "what.svg": "application/octet-stream",
    }.items():
        (release / name).write_text(PAGE)
        status, headers, body = served.ask(f"/releases/1.0.0/{name}")
        assert (status, headers["content-type"], body) == (200, kind, PAGE)
        assert headers["content-security-policy"].startswith("sandbox ")
        assert "script" not in headers["content-security-policy"]
        assert "allow-same-origin" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert served.ask("/releases/1.0.0/")[2] == PAGE
    assert served.ask("/releases/1.0.0/index.html", "HEAD")[::2] == (200, "")
    assert served.ask("/releases/1.0.0/index.html", Range="bytes=0-8")[::2] == (206, PAGE[:9])
    status, headers, _ = served.ask("/releases/1.0.0")
    assert (status, headers["location"]) == (307, "./1.0.0/")
    assert served.status("/releases/1.0.0/index.html", "POST") == 405
    assert served.status("/releases/1.0.0/index.html", "PUT") == 405


def test_nothing_but_the_plain_files_of_a_release_can_be_reached(served: Served) -> None:
    folder = served.folder
    (folder.parent / "secret.txt").write_text("secret")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "index.html").write_text("secret")
    (folder / "1.0.0" / ".env").write_text("secret")
    (folder / "1.0.0" / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "1.0.0" / "within.html").symlink_to(folder / "1.0.0" / "index.html")
    (folder / "2.0.0").symlink_to(folder.parent)
    os.mkfifo(folder / "1.0.0" / "pipe.txt")
    for path in (
        "",
        ".",
        "..",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "1.0.0/../../secret.txt",
        "1.0.0/%2e%2e/%2e%2e/secret.txt",
        "1.0.0/../1.0.0/index.html",
        "1.0.0//index.html",
        "/1.0.0/index.html",
        f"/{folder.parent}/secret.txt",
        f"%2f{folder.parent}/secret.txt",
        ".hidden/",
        ".hidden/index.html",
        "1.0.0/.env",
        "1.0.0/link.txt",
        "1.0.0/within.html",
        "2.0.0/secret.txt",
        "2.0.0/",
        "1.0.0/pipe.txt",
        "1.0.0/tables",
        "1.0.0/tables/",
        "1.0.0/index.html/",
        "1.0.0/index.html%00.txt",
        "1.0.0\\index.html",
        "1.0.0/" + "x" * 5000,
        "1.0.0/x%0Ay",
    ):
        status, _, body = served.ask(f"/releases/{path}")
        assert status == 404, path
        assert "secret" not in body


def test_the_nginx_of_a_team_shuts_releases_in_as_we_do() -> None:
    example = (ROOT / "pipeline" / "operate" / "README.md").read_text(encoding="utf-8")
    for name, value in HEADERS.items():
        words = f'"{value}"' if " " in value else value
        assert f"add_header {name} {words} always;" in example


def test_a_head_of_ten_megabytes_is_refused(served: Served) -> None:
    sent, whole = 0, 10_000_000
    with socket.create_connection(("127.0.0.1", served.port), 10) as asked:
        asked.sendall(f"GET / HTTP/1.1\r\nHost: {served.own}\r\nX: ".encode())
        with suppress(ConnectionError):
            while sent < whole:
                sent += asked.send(b"x" * 65536)
    assert sent < whole
    assert served.status("/") == 200


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with listening(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Unusable, match=f"^port {port}: Address already in use; .*--port"):
            listening(port).__enter__()
