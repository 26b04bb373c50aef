"""What was typed is held against the words again, and what differs is shown."""

import re
from pathlib import Path

import pytest

from pipeline.release.opened import RAW
from pipeline.release.verify import verify
from tests.conftest import SOURCE
from tests.verify.conftest import Look
from tests.verify.spoil import codes, pack_anew, packed


def test_a_cell_that_a_spreadsheet_changed_is_shown(copy: Path, look: Look) -> None:
    path = copy / "tables" / "observations.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",18000.000000,", ",18001.000000,"), encoding="utf-8")
    told = {failure.code: failure.message for failure in look(copy)}
    assert set(told) == {"wrong_hash", "file_differs"}
    found, made = re.findall("'([^']*)'", told["file_differs"])
    line = told["file_differs"].split()[1]
    assert text.splitlines()[int(line) - 1].partition(",")[0] == f"{SOURCE}/ngos"
    assert (found.split(",")[0], made.split(",")[0]) == ("18001.000000", "18000.000000")


PACKED: dict[str, tuple[str, tuple[str, str], str]] = {
    "a value": ("observations.csv", (",35000,gt,", ",36000,gt,"), "value_not_in_quote"),
    "a relator": ("observations.csv", (",35000,gt,", ",35000,ge,"), "hedge_disagrees"),
    "an area": (
        "observations.csv",
        ("organisations,organisations,KZ,", "organisations,organisations,KZ-ALM,"),
        "not_named",
    ),
    "who speaks": (
        "statements.csv",
        ("direct,2011-10,natalia_bourjaily", "direct,2011-10,icnl"),
        "not_named",
    ),
    "a word of the text": ("text.txt", ("35,000", "36,000"), "text_changed"),
    "a severity": ("rules.toml", ('severity = "error"', 'severity = "eror"'), "wrong_value"),
    "a finding": ("findings.csv", (",122,", ",121,"), "changed_finding"),
}


@pytest.mark.parametrize("what", PACKED)
def test_what_was_typed_is_held_against_the_words_again(what: str, copy: Path) -> None:
    end, (old, new), code = PACKED[what]
    text = packed(copy, end)
    assert old in text
    pack_anew(copy, **{end: text.replace(old, new, 1).encode()})
    failures = [failure for failure in verify(copy).failures if failure.file == RAW]
    assert code in codes(failures), failures


@pytest.mark.parametrize(
    ("end", "content", "code"),
    [
        ("releases.csv", None, "missing_file"),
        ("text.txt", None, "missing_file"),
        ("note.txt", b"A note", "extra_file"),
        ("../out.csv", b"code\n", "unsafe_path"),
        ("events.csv", b"\xff\xfe", "not_utf8"),
    ],
)
def test_a_raw_that_is_none_is_a_failure(
    end: str, content: bytes | None, code: str, copy: Path
) -> None:
    pack_anew(copy, **{end: content})
    (failure,) = [failure for failure in verify(copy).failures if failure.file == RAW]
    assert failure.code == code
    assert not (copy.parent / "out.csv").exists()


def test_a_reason_that_was_changed_in_the_raw_alone_is_not_that_of_the_tables(copy: Path) -> None:
    text = packed(copy, "findings.csv").replace("The article counts", "This article counts")
    pack_anew(copy, **{"findings.csv": text.encode()})
    assert {"tables/findings.parquet", "tables/findings.csv"} <= {
        failure.file for failure in verify(copy).failures
    }
