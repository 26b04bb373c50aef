"""A file that is out of form is a defect at its line; what spreadsheets write of their own accord
is none.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.operate.code_location import definitions
from pipeline.operate.workspace import Workspace
from tests.bad_cells import EVENTS, TOML, Expected
from tests.conftest import SOURCE
from tests.test_bad_input import assert_defect, found


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


DIGITS, DEPTH = "at most 18 digits", "at most 10 brackets, or parts of a key"

FILES: dict[str, tuple[str, Callable[[bytes], bytes], Expected]] = {
    "rows without a header": (
        EVENTS,
        lambda data: data.partition(b"\n")[2],
        (EVENTS, 1, "", "no_header", "the header fact_id,period"),
    ),
    "empty": (EVENTS, lambda _: b"", (EVENTS, 1, "", "empty_file", "the header fact_id,period")),
    "not UTF-8": (
        EVENTS,
        lambda data: data.replace(b"independence,1991", b"ind\xe9pendance,1991"),
        (EVENTS, 2, "", "not_utf8", "UTF-8"),
    ),
    "semicolons": (
        EVENTS,
        lambda data: data.replace(b",", b";"),
        (EVENTS, 1, "", "semicolons", "commas"),
    ),
    "quote left open": (
        EVENTS,
        lambda data: data.replace(b'Support for NGOs",,,', b"Support for NGOs,,,"),
        (EVENTS, 5, "", "open_quote", "closed"),
    ),
    "line break in a cell": (
        EVENTS,
        lambda data: data.replace(b'"In 2002, the', b'"In 2002,\nthe'),
        (EVENTS, 5, "quote", "line_break_in_cell", "type a space"),
    ),
    "text not UTF-8": (
        f"{SOURCE}/text.txt",
        lambda data: data + b"\xff",
        (f"{SOURCE}/text.txt", 21, "", "not_utf8", "UTF-8"),
    ),
    "number of thousands of digits": (
        TOML,
        lambda _: b"a = 1\nx = " + b"9" * 6000,
        (TOML, 2, "", "too_long", DIGITS),
    ),
    "hexadecimal number of thousands of digits": (
        TOML,
        lambda data: data.replace(b"statements = 17", b"statements = 0x" + b"f" * 5000),
        (TOML, 22, "expected.statements", "too_long", DIGITS),
    ),
    "lists in lists": (
        TOML,
        lambda _: b"a = 1\nx = " + b"[" * 3000 + b"]" * 3000,
        (TOML, 2, "", "too_deep", DEPTH),
    ),
    "tables in tables": (
        TOML,
        lambda _: b"x = " + b"{a = " * 3000,
        (TOML, 1, "", "too_deep", DEPTH),
    ),
    "a key of many parts": (
        TOML,
        lambda _: b"a" + b" . 'a'" * 500_000 + b" = 1",
        (TOML, 1, "", "too_deep", DEPTH),
    ),
    "a table of many parts": (
        TOML,
        lambda _: b"x = 'a.b'\n[a" + b".b" * 5000 + b"]",
        (TOML, 2, "", "too_deep", DEPTH),
    ),
    "quotation marks that nothing closes": (
        TOML,
        lambda _: b'x = "' + b'\\"' * 300_000,
        (TOML, 1, "", "not_toml", "TOML"),
    ),
    "a title of a hundred thousand characters": (
        TOML,
        lambda data: data.replace(b"Systematic State", b"Systematic" * 10_000),
        (TOML, 1, "title", "too_long", "at most 10,000 characters; this text has 100,046"),
    ),
    "a cell of a million characters": (
        EVENTS,
        lambda data: data.replace(b"independence in 1991", b"independence in 1991" * 50_000),
        (EVENTS, 2, "quote", "too_long", "at most 10,000 characters; this cell has 1,000,000"),
    ),
    "a code of a thousand digits": (
        "codelists/areas.csv",
        lambda data: data.replace(b"KZ-10,Abai", b"1" * 1000 + b",Abai"),
        ("codelists/areas.csv", 19, "code", "wrong_value", "at most 100 characters"),
    ),
    "text empty": (
        f"{SOURCE}/text.txt",
        lambda _: b"",
        (f"{SOURCE}/text.txt", 1, "", "empty_file", "text"),
    ),
    "text changed": (
        f"{SOURCE}/text.txt",
        lambda data: data + b"\n",
        (TOML, 15, "sha256", "text_changed", "has the text been changed"),
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_out_of_form_is_a_defect(what: str, raw: Path) -> None:
    file, change, expected = FILES[what]
    rewrite(raw / file, change)
    assert_defect(found(raw), *expected)


@pytest.mark.parametrize("file", [TOML, f"{SOURCE}/text.txt", "codelists/areas.csv"])
def test_a_missing_file_is_a_defect(file: str, raw: Path) -> None:
    (raw / file).unlink()
    assert_defect(found(raw), file, 1, "", "missing_file", "this file")


@pytest.mark.parametrize(
    ("file", "nearest"),
    [
        (f"{SOURCE}/observation.csv", "observations.csv"),
        ("finding.csv", "findings.csv"),
        ("codelists/area.csv", "areas.csv"),
    ],
)
def test_a_file_that_nobody_reads_is_a_defect(file: str, nearest: str, raw: Path) -> None:
    (raw / file).write_text("")
    assert_defect(found(raw), file, 1, "", "extra_file", f"nearest: {nearest}")


@pytest.mark.parametrize("name", ["New folder", "a.b", "mfa_2011", "Ü", 'a"b', "-", "a\n\x1b[31m"])
def test_a_folder_whose_name_no_source_can_have_is_one_defect(
    name: str, raw: Path, tmp_path: Path
) -> None:
    shutil.copytree(raw / SOURCE, raw / name)
    assert_defect(found(raw), name, 1, "", "wrong_folder_name", "small letters, digits and hyphens")
    assert check(raw, name).defects == check(raw).defects
    assert check(raw, SOURCE).defects == []
    assert check(raw).defects[0].at("raw").isprintable()
    assert definitions(Workspace(raw, tmp_path / "outputs")).resolve_asset_graph()


def bom(data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data


def crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def trailing_lines(data: bytes) -> bytes:
    return (
        data + b"\n\n,,,,,,,,\n" if data.startswith(b"fact_id,period,who,what") else data + b"\n\n"
    )


def quoted_cells(data: bytes) -> bytes:
    return data.replace(b"independence,1991,kz_state", b'"independence","1991","kz_state"')


def no_last_newline(data: bytes) -> bytes:
    return data.rstrip(b"\n")


@pytest.mark.parametrize(
    "habit",
    [bom, crlf, trailing_lines, quoted_cells, no_last_newline],
    ids=lambda habit: habit.__name__,
)
def test_what_spreadsheets_write_of_their_own_accord_is_no_defect(
    habit: Callable[[bytes], bytes], raw: Path
) -> None:
    for path in raw.rglob("*.csv"):
        rewrite(path, habit)
    assert found(raw) == []


def test_lines_are_counted_past_a_quoted_cell_and_an_empty_line(raw: Path) -> None:
    rewrite(
        raw / EVENTS, lambda data: data.replace(b"\nforum-2011,2011-10", b"\n\nforum-2011,Oct-11")
    )
    assert_defect(found(raw), EVENTS, 5, "period", "not_edtf", "spreadsheet")
