"""Give the files of a folder to browsers and programs, to be read and nothing else.

A page of a release shares its server's address with pages that can start runs and write files. So
it is shut in: no script, no form, no connection, and no origin of its own. Whatever is hidden,
behind a link, or no plain file is not there, and a folder shows its index.html or nothing.
"""

import os
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

PAGE = "index.html"
HEADERS = {
    "Content-Security-Policy": (
        # the styles of a page stand in it, and its icon is empty data; its links may be opened in a
        # new window, which is then as free as any other
        "sandbox allow-downloads allow-popups allow-popups-to-escape-sandbox; "
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
MEDIA_TYPES = {
    ".cff": "text/plain",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/plain",
    ".parquet": "application/vnd.apache.parquet",
    ".sha256": "text/plain",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    "": "text/plain",
}
"""By the end of a file's name; text is UTF-8. Anything else is bytes."""


def folder_route(address: str, folder: Path) -> Mount:
    """Return the route that gives the files of a folder under an address such as `/releases`."""

    def give(request: Request) -> Response:
        path = request.path_params["path"]
        name = path.rpartition("/")[2]
        file = file_at(folder, f"{path}{PAGE}" if not name else path)
        if file is None:
            is_folder = name and file_at(folder, f"{path}/{PAGE}")
            if is_folder:  # the links of its page are relative to what ends in a slash
                return RedirectResponse(f"./{name}/", headers=HEADERS)
            return PlainTextResponse("There is no such file.\n", 404, headers=HEADERS)
        kind = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
        return FileResponse(file, media_type=kind, headers=HEADERS)

    return Mount(address, routes=[Route("/{path:path}", give)])


def file_at(folder: Path, path: str) -> Path | None:
    """Return the plain file at a path below a folder that can be read, or None: where there is
    none, where a part of the path is hidden, empty or `..`, and where one is a link.
    """
    parts = path.split("/")
    if "\0" in path or any(not part or part.startswith(".") for part in parts):
        return None
    file = folder
    try:
        for part in parts:
            file /= part
            if file.is_symlink():
                return None
        return file if file.is_file() and os.access(file, os.R_OK) else None
    except OSError:  # a name that is too long, a folder that may not be searched
        return None
