"""Requests that a stranger, or a broken page, sends to the curator's page.

What must hold: an answer with a status below 500 and in words; raw/ is as it was after whatever is
not an accepted row, and else has that row and no other change; and nobody but the page writes.
"""

import asyncio
import csv
import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

from pipeline.enter.app import TOKEN, Enter
from pipeline.serve.guards import guarded
from tests.fuzz import strange
from tests.fuzz.case import Case, Target
from tests.fuzz.raw_files import files_of
from tests.fuzz.world import write_world

PORT, SOURCE = 3001, "club-en"
PATIENCE = 60
"""Seconds that a verdict is waited for."""

FILES = ("observations", "events", "statements", "waivers", "readings")
OTHER_FILES = (
    *("../outside.csv", f"{SOURCE}/../../outside.csv", f"{SOURCE}/text.txt", "releases.csv", ""),
    *(f"{SOURCE}/source.toml", "club-ru/observations.csv", "/etc/passwd", f"{SOURCE}/x.csv", "."),
    *("codelists/agents.csv", "codelists/areas.csv", "findings.csv", f"{SOURCE}//events.csv"),
)
PATHS = (
    "form",
    "verdicts",
    "",
    "rows",
    "undo",
    "static/enter.js",
    "../",
    "..%2f..%2fetc/passwd",
    "%00",
    "x",
)
STRANGE_HEADERS = (
    *(
        ("host", "evil.example"),
        ("host", f"127.0.0.1:{PORT + 1}"),
        ("host", ""),
        ("host", "localhost"),
    ),
    *(("origin", "null"), ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")),
    *(("content-type", "text/plain"), ("content-length", "-1"), ("transfer-encoding", "x")),
    *(("sec-fetch-mode", "navigate"), ("cookie", "a=" + "b" * 10_000), ("x-forwarded-host", "x")),
)


@dataclass
class Request:
    """A request: as the page would send it, until something is done to it."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: Any = None
    raw_body: bytes | None = None
    is_foreign: bool = False

    @property
    def content(self) -> bytes:
        """What is sent."""
        if self.raw_body is not None:
            return self.raw_body
        return b"" if self.body is None else json.dumps(self.body).encode()


class Requests(Target):
    """The target: one request a case, to a server whose raw/ is as it was at first."""

    name = "requests"

    def __init__(self, folder: Path) -> None:
        """Start the application, and have the source judged."""
        self.raw = write_world(folder / "raw")
        self.before = files_of(self.raw)
        (folder / "outputs").mkdir()
        self.enter = Enter(self.raw, folder / "outputs")
        self.app = guarded(self.enter.app(), PORT)
        self.rows = {name: _rows(self.before[f"{SOURCE}/{name}.csv"]) for name in FILES}
        self._settled()

    def close(self) -> None:
        """End the work at the desk."""
        self.enter.close()

    def most_calls(self, cases: Sequence[Case]) -> int:
        """Return calls for answering; what the desk does beside it is not counted."""
        return 1_000_000 * len(cases)

    def judge(self, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
        """Yield what is wrong with an answer, or with raw/ after it."""
        for case in cases:
            request = self.made(case)[0]
            try:
                status, headers, body = asyncio.run(self.asked(request))
                yield from ((case, what) for what in self._wrong(request, status, headers, body))
                if _is_edit(request, status):
                    yield from ((case, what) for what in self._undone())
            finally:
                self._put_back()

    def made(self, case: Case) -> tuple[Request, list[str]]:
        """Return what a case is made of, and what was done to it."""
        request = self._sound(case.chance("base"))
        return request, case.edits(request, (_edit,), most=4)

    def _sound(self, chance: Random) -> Request:
        """Return a request of the page."""
        ours = [("host", f"127.0.0.1:{PORT}"), ("sec-fetch-site", "same-origin")]
        kind = chance.randrange(10)
        if kind == 0:
            return Request(
                "GET", f"/{SOURCE}/verdicts", {"after": str(chance.randrange(-1, 1))}, ours
            )
        if kind == 1:
            key = chance.choice(("m68", "m100", "s0", "q400", ""))
            query = {"key": key, "file": chance.choice((*FILES, "")), "choice": "1"}
            return Request("GET", f"/{SOURCE}/form", query, ours)
        name = chance.choice(FILES)
        file, rows = f"{SOURCE}/{name}.csv", self.rows[name]
        at = chance.randrange(1, len(rows))
        if kind == 2:
            return Request("GET", f"/{SOURCE}/form", {"file": file, "line": str(at + 1)}, ours)
        ours += [("origin", f"http://127.0.0.1:{PORT}"), (TOKEN.lower(), self.enter.token)]
        if kind == 3:
            return Request("POST", f"/{SOURCE}/undo", {}, ours, {})
        line = self.before[file].decode().splitlines()[at]
        cells = dict(zip(rows[0], rows[at], strict=True))
        body: dict[str, Any] = {"file": file, "before": line, "line": at + 1, "cells": cells}
        if kind < 6:
            body |= {"before": None, "line": None}
            if "fact_id" in cells:
                cells["fact_id"] = f"new-{cells['fact_id']}"
        if kind == 6:
            body["cells"] = None
        if kind > 6:
            free = chance.choice([one for one in ("note", "reason", "why") if one in cells])
            cells[free] = f"They say {strange.word(chance)} of it".replace("\0", "")
        return Request(
            "POST", f"/{SOURCE}/rows", {}, ours, body | {"anyway": chance.random() < 0.7}
        )

    async def asked(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Return what the application answers, whatever it is asked."""
        parts = urlsplit(request.path)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "path": parts.path or "/",
            "raw_path": quote(parts.path).encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": "&".join(
                f"{quote(key, errors='replace')}={quote(value, errors='replace')}"
                for key, value in request.query.items()
            ).encode(),
            "headers": [
                (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in request.headers
            ],
            "client": ("127.0.0.1", 9),
            "server": ("127.0.0.1", PORT),
        }
        content = request.content
        parts_of = [content[:1000], content[1000:]]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if parts_of:
                return {
                    "type": "http.request",
                    "body": parts_of.pop(0),
                    "more_body": bool(parts_of),
                }
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:  # noqa: ANN401 (as ASGI has it)
            sent.append(dict(message))

        await self.app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        body = b"".join(one.get("body", b"") for one in sent[1:])
        return sent[0]["status"], headers, body

    def _wrong(
        self, request: Request, status: int, headers: Mapping[str, str], body: bytes
    ) -> Iterator[str]:
        """Yield what is wrong with an answer, or with raw/ after it."""
        if not 200 <= status < 500:
            yield f"the status is {status}: {body[:300]!r}"
        said: dict[str, Any] = {}
        if headers.get("content-type", "").startswith("application/json"):
            said = json.loads(body)
        elif status not in {204, 307} and not body and request.method != "HEAD":
            yield f"status {status} without a word"
        if status in {403, 404, 409, 422} and said and not str(said.get("said", "")).strip():
            yield f"status {status} without a word: {body[:300]!r}"
        if request.is_foreign and status == 200 and request.method == "POST":
            yield "a foreign request is accepted"
        after = files_of(self.raw)
        other = [
            name for name in {**after, **self.before} if after.get(name) != self.before.get(name)
        ]
        if not _is_edit(request, status):
            yield from (f"status {status}, and {name} is another" for name in other)
            return
        yield from self._wrong_edit(request, other, after)

    def _wrong_edit(
        self, request: Request, other: list[str], after: Mapping[str, bytes]
    ) -> Iterator[str]:
        """Yield what is wrong with the files after a row was accepted."""
        asked = json.loads(request.content)
        file = asked["file"]
        if [name for name in other if name != file]:
            yield f"{file} was asked for, and {other} are others"
        rows, old = (_rows(files.get(file, b"")) for files in (after, self.before))
        gone = [row for row in old[1:] if row not in rows]
        new = [row for row in rows[1:] if row not in old]
        cells = {name: " ".join(cell.split()) for name, cell in (asked.get("cells") or {}).items()}
        if len(gone) > (asked.get("before") is not None) or len(new) > (
            asked.get("cells") is not None
        ):
            yield f"{file}: {len(gone)} rows are gone and {len(new)} new"
        for row in new:
            written = dict(zip(rows[0], row, strict=True))
            if any(written.get(name, "") != cell for name, cell in cells.items()):
                yield f"{file}: asked to write {cells}, and wrote {written}"

    def _undone(self) -> Iterator[str]:
        """Take an accepted row back; yield what is not as it was."""
        ours = [("host", f"127.0.0.1:{PORT}"), (TOKEN.lower(), self.enter.token)]
        status = asyncio.run(self.asked(Request("POST", f"/{SOURCE}/undo", {}, ours, {})))[0]
        if files_of(self.raw) != self.before:
            yield f"the edit is not taken back ({status})"

    def _put_back(self) -> None:
        """Make raw/ what it was at first."""
        after = files_of(self.raw)
        self.enter._desks[SOURCE].undone.done.clear()  # noqa: SLF001 (as if it had just begun)
        if after == self.before:
            return
        for name in after.keys() - self.before.keys():
            (self.raw / name).unlink()
        for name, content in self.before.items():
            if after.get(name) != content:
                (self.raw / name).write_bytes(content)
        self._settled()

    def _settled(self) -> None:
        """Wait until the desk knows raw/ as it is."""
        desk = self.enter._desk(SOURCE)  # noqa: SLF001 (which a request would make)
        assert desk is not None
        desk.look()
        began = time.monotonic()
        while not (desk.state.is_settled or desk.state.trouble):
            assert time.monotonic() - began < PATIENCE, "no verdict comes"
            time.sleep(0.005)
        assert not desk.state.trouble, desk.state.trouble


def _is_edit(request: Request, status: int) -> bool:
    return status == 200 and request.method == "POST" and request.path.endswith("/rows")


def _edit(request: Request, chance: Random) -> str:  # noqa: PLR0911 (one for each kind)
    """Make one edit of a request."""
    kind = chance.randrange(10)
    if kind == 0:
        name, value = chance.choice(STRANGE_HEADERS)
        headers = [one for one in request.headers if one[0] != name]
        request.headers = [*(request.headers if chance.random() < 0.2 else headers), (name, value)]
        request.is_foreign |= name in {"host", "origin"} and value != "localhost"
        return f"{name}: {value[:40]}"
    if kind == 1:
        request.headers = [one for one in request.headers if one[0] != TOKEN.lower()]
        request.is_foreign = True
        if chance.random() < 0.5:
            request.headers.append((TOKEN.lower(), strange.word(chance)))
        return "without the token"
    if kind == 2:
        request.method = chance.choice(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"))
        return request.method
    if kind == 3:
        source = chance.choice((SOURCE, SOURCE, "codelists", "x", "..", strange.word(chance)))
        request.path = f"/{source}/{chance.choice(PATHS)}"
        return f"the path {request.path[:60]!r}"
    if kind == 4 or request.body is None:
        key = chance.choice(
            (*request.query, "line", "list", "code", "key", "file", "after", "choice")
        )
        request.query[key] = chance.choice((strange.word(chance), *OTHER_FILES, *FILES, "9" * 50))
        return f"{key}={request.query[key][:40]!r}"
    if kind == 5 and request.raw_body is None:
        request.raw_body = strange.damaged(request.content, chance, b"[" * 100_000)
        return "the body damaged"
    return _edit_body(request.body, chance)


def _edit_body(body: dict[str, Any], chance: Random) -> str:
    """Change what a row that is sent says."""
    cells = body.get("cells")
    if isinstance(cells, dict) and cells and chance.random() < 0.6:
        name = chance.choice(sorted(cells))
        values: tuple[object, ...] = (
            strange.changed(str(cells[name]), chance),
            strange.word(chance),
            "",
            None,
            1,
            [],
        )
        cells[name] = chance.choice((*values[:2], *values[:2], *values))
        return f"{name} is {str(cells[name])[:60]!r}"
    key = chance.choice(("file", "before", "line", "cells", "anyway", "key", "strange"))
    body[key] = chance.choice(
        (
            *(
                None,
                1,
                -1,
                True,
                [],
                {},
                {"strange": "1"},
                {"raw_line": "1", "source_id": "x"},
                ["ngos"],
                strange.word(chance),
            ),
            *(chance.choice(OTHER_FILES), f"{SOURCE}/{chance.choice(FILES)}.csv", "\ud800", 10**30),
        )
    )
    return f"{key} is {str(body[key])[:60]!r}"


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
