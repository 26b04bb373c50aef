"""The curator's page as whatever speaks HTTP may use it: what is refused, and that nothing outside
of the source is written.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SOURCE
from tests.enter.conftest import serving


class Client:
    """A program that asks the page's server."""

    def __init__(self, address: str) -> None:
        self.address = address
        page = self.ask("")[1]
        self.token = page.split('name="token" content="')[1].split('"')[0]

    def ask(
        self, path: str, body: bytes | None = None, token: str | None = None
    ) -> tuple[int, str]:
        headers = {"X-Facts-Token": token} if token else {}
        url = f"{self.address}/{SOURCE}/{path}"
        request = urllib.request.Request(url, body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 (our own)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def save(self, **row: object) -> tuple[int, str]:
        status, answer = self.ask("rows", json.dumps(row).encode(), self.token)
        return status, json.loads(answer)["said"]


@pytest.fixture
def client(emptied: Path, tmp_path: Path) -> Iterator[Client]:
    with serving(emptied, tmp_path / "outputs") as address:
        yield Client(address)


def files(raw: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in raw.rglob("*") if path.is_file()}


ROW = {
    "fact_id": "ngos",
    "indicator": "ngos",
    "area": "KZ",
    "value": "18000",
    "relator": "gt",
    "quote": "more than 18,000 NGOs",
    "label_quote": "the country",
}
FILE = f"{SOURCE}/observations.csv"


def test_nothing_is_written_without_the_token_of_the_page(client: Client, emptied: Path) -> None:
    before = files(emptied)
    body = json.dumps({"file": FILE, "before": None, "cells": ROW}).encode()
    for token in (None, "another"):
        status, said = client.ask("rows", body, token)
        assert status == 403
        assert "reload" in said
    assert files(emptied) == before


WRONG_CELLS: list[tuple[dict[str, str], str]] = [
    ({"indicator": ""}, "indicator: expected"),
    ({"value": "eighteen"}, "value: 'eighteen' stands here"),
    ({"relator": "more"}, "relator: 'more' stands here"),
    ({"fact_id": "NGOs"}, "fact_id: 'NGOs' stands here"),
]


def test_a_row_out_of_form_is_not_written(client: Client, emptied: Path) -> None:
    before = files(emptied)
    for cell, said in WRONG_CELLS:
        row = {"file": FILE, "before": None, "cells": ROW | cell, "anyway": True}
        status, answer = client.ask("rows", json.dumps(row).encode(), client.token)
        assert status == 422
        assert any(one.startswith(said) for one in json.loads(answer)["against"])
    assert files(emptied) == before


def test_what_the_words_do_not_bear_out_is_written_when_it_is_asked_again(
    client: Client, emptied: Path
) -> None:
    before = files(emptied)
    row = {"file": FILE, "before": None, "cells": ROW | {"value": "18001"}}
    status, answer = client.ask("rows", json.dumps(row).encode(), client.token)
    assert status == 422
    assert "the number that the quote prints: 18000" in json.loads(answer)["against"][0]
    assert files(emptied) == before
    assert client.save(**row, anyway=True)[0] == 200
    assert "18001" in (emptied / FILE).read_text("utf-8")


def test_a_name_that_is_there_is_not_given_twice(client: Client) -> None:
    client.save(file=FILE, before=None, cells=ROW)
    status, said = client.save(file=FILE, before=None, cells=ROW)
    assert status == 422
    assert "has a row ngos already" in said


def test_a_line_break_in_a_cell_becomes_a_space(client: Client, emptied: Path) -> None:
    row = ROW | {"quote": "more than 18,000\r\nNGOs"}
    assert client.save(file=FILE, before=None, cells=row) == (200, f"Written to {FILE}, line 2.")
    assert "more than 18,000 NGOs" in (emptied / FILE).read_text("utf-8")


def test_a_source_that_is_not_there_is_told_with_those_that_are(client: Client) -> None:
    url = f"{client.address}/nothing/"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url)  # noqa: S310 (our own)
    assert SOURCE in caught.value.read().decode()


def test_what_a_source_says_is_text_on_the_page(client: Client) -> None:
    row = ROW | {"note": "<script>alert(1)</script>"}
    client.save(file=FILE, before=None, cells=row)
    answer = client.ask(f"form?line=2&file={FILE}")[1]
    assert "&lt;script&gt;" in json.loads(answer)["form"]
    assert "<script>" not in json.loads(answer)["form"]


def test_undo_takes_back_what_was_done_and_says_so(client: Client, emptied: Path) -> None:
    before = files(emptied)
    client.save(file=FILE, before=None, cells=ROW)
    assert files(emptied) != before
    status, answer = client.ask("undo", b"{}", client.token)
    assert (status, json.loads(answer)["said"].split(":")[0]) == (200, "Taken back")
    assert files(emptied) == before
    assert json.loads(client.ask("undo", b"{}", client.token)[1])["said"]


def test_an_undo_after_a_hand_edit_is_refused(client: Client, emptied: Path) -> None:
    client.save(file=FILE, before=None, cells=ROW)
    file = emptied / FILE
    file.write_text(file.read_text("utf-8").replace("18000", "18001"), "utf-8")
    status, answer = client.ask("undo", b"{}", client.token)
    assert status == 409
    assert "18001" in file.read_text("utf-8")
    assert json.loads(answer)["said"]
