"""raw/ and outputs/ may be URLs of object storage; here file:/// stands for it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.conftest import ROOT, Told


def release(raw: Path, outputs: Path) -> int:
    return main(["release", "--raw", raw.as_uri(), "--outputs", outputs.as_uri()])


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_release_goes_to_the_place_once_and_is_then_left_as_it_is(tmp_path: Path, told: Told) -> None:
    url = f"{tmp_path.as_uri()}/releases/1.0.0"
    assert release(ROOT / "raw", tmp_path) == 0
    assert told() == (f"Copied to {url}\n", "")
    first = files(tmp_path)
    committed = files(ROOT / "outputs" / "releases" / "1.0.0")
    assert {name.removeprefix("releases/1.0.0/"): data for name, data in first.items() if "/1.0.0/" in name} == committed
    assert release(ROOT / "raw", tmp_path) == 0
    assert told() == (f"Unchanged: the release stands whole in {url}\n", "")
    assert files(tmp_path) == first


def test_a_release_that_was_published_otherwise_is_not_written_again(
    tmp_path: Path, edit: Callable[..., None], raw: Path, told: Told
) -> None:
    shutil.copytree(ROOT / "outputs" / "releases", tmp_path / "outputs" / "releases")
    before = files(tmp_path / "outputs")
    edit("codelists/agents.csv", "kz_mfa,Ministry of Foreign Affairs of Kazakhstan,", "kz_mfa,Foreign Ministry of Kazakhstan,")
    assert release(raw, tmp_path / "outputs") == 1
    assert f"{raw.as_uri()}/releases.csv:" in told()[1]
    assert files(tmp_path / "outputs") == before


def test_a_copy_that_was_cut_off_is_finished(tmp_path: Path, told: Told) -> None:
    cut = Path(shutil.copytree(ROOT / "outputs" / "releases" / "1.0.0", tmp_path / "releases" / "1.0.0"))
    for name in ("SHA256SUMS", "index.html"):
        (cut / name).unlink()
    assert release(ROOT / "raw", tmp_path) == 0
    assert told()[0].startswith("Copied to ")
    assert files(cut) == files(ROOT / "outputs" / "releases" / "1.0.0")


def test_defects_show_the_url_of_their_file(raw: Path, edit: Callable[..., None], told: Told) -> None:
    edit("codelists/agents.csv", "code,label", "code,lable")
    assert main(["check", "--raw", f"{raw.as_uri()}/"]) == 1
    assert f"{raw.as_uri()}/codelists/agents.csv:1:" in told()[0]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("check --raw file:///nowhere/raw", "check: file:///nowhere/raw: no folder is there; expected one with codelists/ and "),
        ("check --raw nosuch://place/raw", "check: nosuch://place/raw cannot be read: "),
        (
            "release --outputs nosuch://user:secret@place/outputs?key=secret",
            "release: nosuch://***@place/outputs cannot be read: ",
        ),
        (
            "check --raw file:///nowhere/raw --accept-text",
            "check: --accept-text writes into raw/; file:///nowhere/raw is only read",
        ),
    ],
)
def test_a_place_that_cannot_be_used_is_one_line(arguments: str, line: str, told: Told) -> None:
    assert main(arguments.split()) == 2
    out, err = told()
    assert out == ""
    assert err.startswith(f"facts {line}")
    assert err.count("\n") == 1
    assert "secret" not in err
