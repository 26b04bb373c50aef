"""Whatever a stranger hands over gives a clear error or a right result: a sample of the cases of
`python -m tests.fuzz`.
"""

import asyncio
import json
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.enter.app import TOKEN
from tests.fuzz.case import run
from tests.fuzz.command import say
from tests.fuzz.raw_files import Folder
from tests.fuzz.release_files import make_fit
from tests.fuzz.releases import Releases
from tests.fuzz.requests import Request, Requests
from tests.fuzz.targets import TARGETS
from tests.fuzz.world import write_world

SEED = 22
SAMPLE = {"raw": 32, "releases": 10, "texts": 60, "requests": 60}


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLE)
def test_what_a_stranger_hands_over_gives_a_clear_error_or_a_right_result(
    name: str, tmp_path: Path
) -> None:
    assert SAMPLE.keys() == TARGETS.keys()
    with closing(TARGETS[name](tmp_path)) as target:
        found = [*map(str, run(target, range(SEED, SEED + SAMPLE[name])))]
    assert found == []


@pytest.mark.parametrize("digits", ["३५", "۳۵", "𝟐𝟎𝟏𝟔"])
def test_digits_of_no_script_are_passed_over(digits: str, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(f"{digits} clubs came.", "utf-8")
    said = say("read", str(tmp_path / "text.txt"), f"--raw={tmp_path}", "--format=json")
    assert [one["kind"] for one in json.loads(said.out)] == ["unread"]


def test_what_a_command_refuses_is_shown_as_text() -> None:
    said = say("verify", "no\x1b[31msuch\nrelease")
    assert (said.status, "no\\x1b[31msuch" in said.err) == (2, True)


def test_releases_whose_pages_alone_differ_are_not_told_to_be_the_same(tmp_path: Path) -> None:
    releases = TARGETS["releases"](tmp_path)
    assert isinstance(releases, Releases)
    before = releases.sound[0]
    after = Folder({**before.files, "index.html": b"<p>Other</p>"})
    make_fit(after, before.files, deep=False)
    after.write(tmp_path / "after")
    said = say("diff", str(before.path), str(tmp_path / "after"), f"--outputs={tmp_path}")
    assert (said.status, "no row differs; files do: index.html" in said.out) == (1, True)


def test_a_text_that_is_none_is_told_beside_a_wrong_key(tmp_path: Path) -> None:
    source = write_world(tmp_path / "raw") / "club-en"
    (source / "text.txt").write_bytes(b"\xff")
    toml = source / "source.toml"
    toml.write_text(toml.read_text("utf-8").replace("language = '''en'''", ""), "utf-8")
    said = say("check", f"--raw={tmp_path / 'raw'}", "--no-cache")
    assert ("not_utf8" in said.out, "missing_key" in said.out) == (True, True)


@pytest.mark.parametrize(
    ("path", "token", "body", "status"),
    [
        ("rows", "ÿ", b"{}", 403),
        ("rows", None, b'{"file": "club-en/events.csv", "cells": {"raw_line": "1"}}', 409),
        ("rows", None, b'{"file": "club-en/events.csv", "cefore": "x", "cells": {}}', 400),
        (f"form?line={'1' * 5000}&file=club-en/events.csv", None, None, 200),
    ],
)
def test_a_strange_request_is_answered_in_words(
    path: str, token: str | None, body: bytes | None, status: int, tmp_path: Path
) -> None:
    with closing(Requests(tmp_path)) as target:
        headers = [("host", "127.0.0.1"), (TOKEN.lower(), token or target.enter.token)]
        path, _, query = path.partition("?")
        asked = dict(part.split("=", 1) for part in query.split("&") if part)
        method = "POST" if body else "GET"
        request = Request(method, f"/club-en/{path}", asked, headers, raw_body=body)
        answer = asyncio.run(target.asked(request))
    said = json.loads(answer[2])["said"]
    assert (answer[0], bool(said)) == (status, status >= 400)
