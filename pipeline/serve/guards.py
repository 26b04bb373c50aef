"""Refuse what no page of this server and no program of its user would ask.

A browser lets any website send requests to 127.0.0.1, so listening there alone keeps nobody out.
Three things tell such requests apart: the host that was asked (a name that its owner has pointed at
127.0.0.1 is not ours), where the page came from that asks (`Origin`, `Sec-Fetch-Site`), and, since
a link is followed from anywhere, that following one changes nothing.
"""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

NAMES = ("127.0.0.1", "localhost", "[::1]")
GRAPHQL = "/graphql"
"""Where Dagster carries out what it is asked, by GET too."""


def guarded(app: ASGIApp, port: int) -> ASGIApp:
    """Return the application of a server on this port behind its guards: what they refuse, a
    WebSocket too, is answered with status 403 and, where it can be read, a line that says what is
    accepted.
    """

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if scope["type"] == "lifespan" else reason_to_refuse(scope, port)
        if refusal is None:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":  # a browser shows nothing of why
            await WebSocketClose()(scope, receive, send)
        else:
            await PlainTextResponse(f"{refusal}\n", 403)(scope, receive, send)

    return guard


def reason_to_refuse(scope: Scope, port: int) -> str | None:
    """Return why a request, or a WebSocket, is refused and what is accepted; None where it is
    not.
    """
    headers = Headers(scope=scope)
    hosts = [host.lower() for host in headers.getlist("host")]
    ours = {host for name in NAMES for host in (name, f"{name}:{port}")}
    if len(hosts) != 1 or hosts[0] not in ours:
        return (
            f"The host {', '.join(hosts) or '(none)'} is not this server's. "
            f"Ask for http://127.0.0.1:{port}/ or http://localhost:{port}/."
        )
    # a browser says where the page came from with all that can change something
    if foreign := set(headers.getlist("origin")) - {f"http://{hosts[0]}"}:
        return (
            f"A page of {', '.join(sorted(foreign))} may not ask this server. "
            f"Pages of http://{hosts[0]} may, and programs that are no browsers."
        )
    is_ours = headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    if not is_ours and not _follows_a_link(scope, headers):
        return (
            "A page of another website may not ask this server, nor show it within itself. "
            "A link to here may be followed, in a window of its own."
        )
    is_link = scope.get("method") in {"GET", "HEAD"}
    if scope["path"] == GRAPHQL and is_link and scope["query_string"]:
        return (
            f"A query is not carried out by following a link. Send it as JSON, by POST {GRAPHQL}."
        )
    return None


def _follows_a_link(scope: Scope, headers: Headers) -> bool:
    return (
        scope.get("method") == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
