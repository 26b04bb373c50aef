"""The curator's page as a web application: one page for each source, its forms, and its verdicts as
they become ready.

Belongs here: requests and answers. Does not belong here: what is offered and written (desk), or who
may ask at all (pipeline.serve.guards).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pipeline.defects import TURNS
from pipeline.enter.csv_lines import as_line, changed_line
from pipeline.enter.desk import Desk, Item, State
from pipeline.enter.edits import Edit, Edited, Refused, read_lines, schema_of
from pipeline.enter.forms import KINDS, Form, form_of_code, form_of_item, form_of_line
from pipeline.enter.marked_text import paragraphs
from pipeline.enter.progress import progress
from pipeline.kept import Kept
from pipeline.parts import Parts
from pipeline.read.raw_folder import CODE_LIST_FOLDER, RawFolder
from schemas.columns import typed_columns
from schemas.raw_files import ENTERED

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
TOKEN = "X-Facts-Token"  # noqa: S105 (the name of a header)
LONGEST_REQUEST = 200_000
"""Bytes of a request: the cells of one row."""

MOST_DIGITS = 9
"""Digits of a number in an address."""

BEAT, BEATS = 0.03, 33
"""Seconds between two looks at whether a verdict has changed, and how many looks an answer waits.
"""

_HERE = Path(__file__).parent
_STATIC = {"enter.js": "text/javascript", "enter.css": "text/css"}


class Enter:
    """The application for one raw folder; its desks are made as they are asked for."""

    def __init__(self, raw: Path, outputs: Path) -> None:
        """Serve the sources of `raw`; results are kept in the cache of `outputs`."""
        self.raw = raw
        self.parts = Parts(kept=Kept(outputs / ".cache"))
        self.token = secrets.token_urlsafe()
        self._desks: dict[str, Desk] = {}
        self._lock = Lock()
        self._templates = Environment(
            loader=PackageLoader("pipeline.enter"),
            autoescape=True,
            finalize=lambda value: _unturned(value) if isinstance(value, str) else value,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def app(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/", self._index),
                Route("/static/{name}", self._static),
                Route("/{source_id}/", self._with_desk(self._page)),
                Route("/{source_id}/verdicts", self._with_desk(self._verdicts)),
                Route("/{source_id}/form", self._with_desk(self._form)),
                Route("/{source_id}/rows", self._with_desk(self._save), methods=["POST"]),
                Route("/{source_id}/undo", self._with_desk(self._undo), methods=["POST"]),
            ],
        )

    def close(self) -> None:
        """End the work at all desks."""
        for desk in self._desks.values():
            desk.close()

    def _desk(self, source_id: str) -> Desk | None:
        with self._lock:
            if source_id not in self._desks and source_id in RawFolder(self.raw).source_ids():
                self._desks[source_id] = Desk(self.raw, source_id, self.parts)
            return self._desks.get(source_id)

    def _with_desk(
        self, answer: Callable[[Request, Desk], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            if request.method == "POST" and not secrets.compare_digest(
                request.headers.get(TOKEN, "").encode(), self.token.encode()
            ):
                return self._said(403, "This page is of an earlier start of the server: reload it.")
            desk = await run_in_threadpool(self._desk, request.path_params["source_id"])
            if desk is None:
                ids = ", ".join(RawFolder(self.raw).source_ids())
                return self._said(404, f"There is no such source; expected one of: {ids}")
            return await answer(request, desk)

        return answered

    async def _index(self, _: Request) -> Response:
        return self._html("index.html", sources=RawFolder(self.raw).source_ids())

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return self._said(404, "There is no such file.")
        text = (_HERE / "static" / name).read_text("utf-8")
        return Response(text, media_type=_STATIC[name], headers=HEADERS)

    async def _page(self, _: Request, desk: Desk) -> Response:
        return self._html("page.html", source_id=desk.source_id, token=self.token, kinds=KINDS)

    async def _verdicts(self, request: Request, desk: Desk) -> Response:
        """Answer with the state once it is another than that of a number, or after a second with
        nothing.
        """
        after = _number(request, "after", -1)
        for _ in range(BEATS):
            state = desk.state
            if state.number > after:
                told = await run_in_threadpool(self._told, state, after)
                return JSONResponse(told, headers=HEADERS)
            await asyncio.sleep(BEAT)
        return Response(status_code=204, headers=HEADERS)

    def _told(self, state: State, after: int) -> dict[str, Any]:
        """Return what a page is told of a state: the parts of it that have changed, as HTML."""
        verdict = state.verdict
        defects = verdict.defects if verdict else []
        told: dict[str, Any] = {
            "number": state.number,
            "part": verdict.part if verdict else "",
            "is_settled": state.is_settled,
            "trouble": state.trouble,
            "wrong": {f"{one.file}:{one.line}": one.expected for one in reversed(defects)},
        }
        if verdict and state.marked > after:
            told["text"] = self._filled("text.html", paragraphs=paragraphs(state))
        if verdict:
            shown = progress(state)
            told["mend"] = self._filled("mend.html", progress=shown)
            told["progress"] = self._filled("progress.html", progress=shown)
        return told

    async def _form(self, request: Request, desk: Desk) -> Response:
        asked = request.query_params
        if "line" in asked:
            of_line = partial(
                form_of_line, desk, asked.get("file", ""), _number(request, "line", 0)
            )
            return await self._answer(desk, of_line)
        if "list" in asked:
            of_list = partial(form_of_code, desk, asked["list"], asked.get("code", ""))
            return await self._answer(desk, of_list)
        choice = _number(request, "choice", -1)
        key = asked.get("key", "")
        if not key:
            return await self._answer(desk, partial(self._next_form, desk))
        of_item = partial(
            form_of_item, desk, key, asked.get("file", ""), None if choice < 0 else choice
        )
        return await self._answer(desk, of_item)

    def _next_form(self, desk: Desk, entered: Item | None = None) -> Form | Refused | None:
        item = desk.next_item(entered)
        return form_of_item(desk, item.key) if item else None

    async def _answer(
        self, desk: Desk, find: Callable[[], Form | Refused | None], said: str = "", place: str = ""
    ) -> Response:
        """Return a form as the page takes it, and let the row that it offers be judged
        beforehand.
        """
        form = await run_in_threadpool(find)
        if isinstance(form, Refused):
            return self._said(409, form.sentence)
        if form is None:
            verdict = desk.state.verdict
            is_done = desk.state.view is not None and verdict is not None and not verdict.defects
            filled = self._filled("done.html", is_done=is_done)
            return JSONResponse({"said": said, "place": place, "form": filled}, headers=HEADERS)
        if form.before is None and form.kind in KINDS:
            await run_in_threadpool(desk.expect, form.kind, form.values)
        filled = self._filled("form.html", form=form, kinds=KINDS)
        told = {"said": said, "place": place, "form": filled, "key": form.key}
        return JSONResponse(told | {"needs": form.needs_typing}, headers=HEADERS)

    async def _save(self, request: Request, desk: Desk) -> Response:
        asked = await _body(request)
        if asked is None:
            return self._said(400, "Expected a row as JSON: file, before, cells.")
        edit = await run_in_threadpool(edit_of, desk, asked)
        if isinstance(edit, Refused):
            return self._said(409, edit.sentence)
        item = desk.state.items.get(asked.key)
        against = await run_in_threadpool(reasons_against, desk, edit, asked)
        if against is not None:
            return JSONResponse(against, 422, headers=HEADERS)
        made = await run_in_threadpool(desk.edit, edit, item)
        if isinstance(made, Refused):
            return self._said(409, made.sentence)
        place = f"{made.edit.file}:{made.line}"
        following = partial(self._next_form, desk, item)
        return await self._answer(desk, following, _words(made), place)

    async def _undo(self, _: Request, desk: Desk) -> Response:
        made = await run_in_threadpool(desk.undo)
        if isinstance(made, Refused):
            return self._said(409, made.sentence)
        said = f"Taken back: {made.edit.file}, line {made.line}, is as it was."
        return await self._answer(desk, partial(self._next_form, desk), said)

    def _html(self, name: str, **given: object) -> Response:
        return HTMLResponse(self._filled(name, **given), headers=HEADERS)

    def _filled(self, name: str, **given: object) -> str:
        return self._templates.get_template(name).render(**given)

    def _said(self, status: int, words: str) -> Response:
        return JSONResponse({"said": words}, status, headers=HEADERS)


class Asked(BaseModel, extra="forbid"):
    """What a page asks to be written: a file, a line of it as it stands (None: a new row comes),
    and the cells that shall stand there (None: the row goes); the item that it is of, and whether
    it shall be written although the checks speak against it.
    """

    file: str
    before: str | None = None
    line: int | None = None
    cells: dict[str, str] | None = None
    key: str = ""
    anyway: bool = False


def edit_of(desk: Desk, asked: Asked) -> Edit | Refused:
    """Return the edit that a page asks for: cells of a new row, or of one as it stands (before)."""
    file, before = asked.file, asked.before
    schema, lines = schema_of(file), read_lines(desk.raw, file)
    if schema is None or file.partition("/")[0] not in {desk.source_id, CODE_LIST_FOLDER}:
        return Refused(file, "no_such_file", f"{file!r} is no file of this source.")
    if isinstance(lines, Refused):
        return lines
    if asked.cells is None and before is not None:
        return Edit(file, before, None, asked.line)
    if asked.cells is None or not {*asked.cells} <= {*typed_columns(schema)}:
        columns = ", ".join(lines.header)
        return Refused(file, "no_row", f"Expected the cells of a row of {file}: {columns}.")
    cells = {name: " ".join(cell.split()) for name, cell in asked.cells.items()}  # in one line each
    if before is None:
        return Edit(file, None, as_line(schema, cells, lines.header))
    return Edit(file, before, changed_line(schema, before, lines.header, cells), asked.line)


def reasons_against(desk: Desk, edit: Edit, asked: Asked) -> dict[str, Any] | None:
    """Return what a page is told of a row that is not written: what is wrong with its form, or,
    unless it was told so and asks again, with its words; None of a row that can be written.
    """
    if edit.after is None:
        return None
    cells = {name: cell for name, cell in (asked.cells or {}).items() if cell}
    name = cells.get("fact_id")
    is_of_facts = edit.file.rpartition("/")[2].removesuffix(".csv") in ENTERED
    rows = desk.rows(edit.file) if is_of_facts and edit.before is None else []
    if any(row["fact_id"] == name for row in rows):
        return {"said": f"{edit.file} has a row {name} already; name this one otherwise."}
    form, words = desk.against(edit.file, cells)
    if form:
        return {"said": "Not written: a cell cannot be as it is.", "against": form}
    if words and not asked.anyway:
        said = "Not written yet: the checks speak against it. Enter again writes it all the same."
        return {"said": said, "against": words, "again": True}
    return None


def _number(request: Request, name: str, otherwise: int) -> int:
    """Return a number that an address has, or another where it has none of few digits."""
    typed = request.query_params.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) <= MOST_DIGITS else otherwise


async def _body(request: Request) -> Asked | None:
    """Return what is sent, or None where it is out of form, or too long."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > LONGEST_REQUEST:
            return None
    try:
        return Asked.model_validate_json(content)
    except ValidationError:
        return None


def _words(made: Edited) -> str:
    if made.was_done:
        return f"{made.edit.file} is so already."
    done = "Taken out of" if made.edit.after is None else "Written to"
    return f"{done} {made.edit.file}, line {made.line}."


def _unturned(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, TURNS)))
