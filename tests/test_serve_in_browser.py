"""What a real browser lets another website do to a server of ours: follow a link, and nothing
else.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from tests.conftest import ROOT, SOURCE
from tests.test_docs import RELEASE
from tests.test_serve import running, serving

pytestmark = pytest.mark.browser

TRIES = """<title>Elsewhere</title>
<img src="OURS/image"><script src="OURS/script"></script><link rel="stylesheet" href="OURS/style">
<iframe src="OURS/frame"></iframe><object data="OURS/object"></object>
<iframe name="within"></iframe>
<form method="post" enctype="text/plain" action="OURS/form" target="within"></form>
<iframe sandbox="allow-scripts"
  srcdoc="<script>fetch('OURS/nowhere', {method: 'POST', mode: 'no-cors'})</script>"></iframe>
<a href="OURS/link">A link</a>
<script>
  document.forms[0].submit()
  navigator.sendBeacon("OURS/beacon", "x")
  const tries = [
    fetch("OURS/post", {method: "POST", mode: "no-cors", body: "x"}),
    fetch("OURS/get").catch(() => 0),
    new Promise(done => { new WebSocket("SOCKET/graphql").onerror = done }),
  ]
  onload = () => Promise.all(tries).then(() => document.title = "All was tried")
</script>
"""
OWN = """<title>Ours</title><script>
  fetch("/own", {method: "POST"})
  new WebSocket("ws://" + location.host + "/graphql").onopen = () => document.title = "Connected"
</script>"""


def elsewhere(ours: str) -> Starlette:
    """Return another website, which tries all it can on our server."""

    async def page(_request: Request) -> Response:
        socket = ours.replace("http:", "ws:")
        return HTMLResponse(TRIES.replace("OURS", ours).replace("SOCKET", socket))

    return Starlette(routes=[Route("/", page)])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def test_another_website_may_link_to_us_and_do_nothing_else(page: Page) -> None:
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(f"{request.method} {request.url.path}")
        return HTMLResponse(OWN)

    async def talk(websocket: WebSocket) -> None:
        asked.append("WebSocket")
        await websocket.accept()
        await websocket.receive()

    routes = [
        WebSocketRoute("/graphql", talk),
        Route("/{path:path}", answer, methods=["GET", "POST"]),
    ]
    with (
        serving(ROOT / "outputs" / "releases", *routes) as served,
        running(lambda _: elsewhere(f"http://{served.own}")) as port,
    ):
        for host in ("127.0.0.1", "localhost"):
            page.goto(f"http://{host}:{port}/")
            expect(page).to_have_title("All was tried")
        assert asked == []
        page.get_by_role("link", name="A link").click()
        expect(page).to_have_title("Connected")
        assert asked[0] == "GET /link"
        assert {"POST /own", "WebSocket"} < set(asked)
        page.goto("about:blank")


def test_a_release_is_read_downloaded_and_followed_though_it_is_shut_in(page: Page) -> None:
    with serving(ROOT / "outputs" / "releases") as served:
        page.goto(f"http://{served.own}/releases/{RELEASE.name}/")
        paper = page.locator("html").evaluate("html => getComputedStyle(html).backgroundColor")
        assert paper != "rgba(0, 0, 0, 0)"
        with page.expect_download() as download:
            page.locator("a[href='facts.csv']").first.click()
        assert download.value.failure() is None
        words = page.locator(f"a[href^='sources/{SOURCE}.html#']").first
        with page.context.expect_page() as window:
            words.click(modifiers=["Control"])
        expect(window.value.locator("mark:target").first).to_be_visible()
        assert page.evaluate("self.origin") == "null"
