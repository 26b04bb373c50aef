"""A file that cannot be read is one defect, which says what it looks like, and nothing follows from
what it may hold.
"""

from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.defects import Defect
from pipeline.read.encodings import looks_like
from tests.bad_cells import EVENTS, OBSERVATIONS
from tests.conftest import SOURCE, Edit

FILES = [
    "rules.toml",
    "publication.toml",
    "codelists/areas.csv",
    OBSERVATIONS,
    f"{SOURCE}/text.txt",
]
LISTS = [f"codelists/{name}.csv" for name in ("indicators", "areas", "categories", "agents")]


def only_defect(raw: Path) -> Defect:
    defects = check(raw).defects
    assert len(defects) == 1, "\n".join(defect.at("raw") for defect in defects)
    return defects[0]


@pytest.mark.parametrize("file", FILES)
def test_a_file_in_another_encoding_is_one_defect(file: str, raw: Path) -> None:
    path = raw / file
    path.write_bytes("Число".encode("cp1251") + path.read_bytes())
    defect = only_defect(raw)
    assert (defect.file, defect.line, defect.column, defect.code) == (file, 1, "", "not_utf8")
    assert "looks like cp1251" in defect.message or "looks like kz1048" in defect.message  # twins


@pytest.mark.parametrize("file", [OBSERVATIONS, "codelists/areas.csv", f"{SOURCE}/waivers.csv"])
@pytest.mark.parametrize("content", [b"", b"no,header,at,all\n", b'fact_id,"period\n'])
def test_a_file_without_its_header_is_one_defect_at_its_first_line(
    content: bytes, file: str, raw: Path
) -> None:
    (raw / file).write_bytes(content)
    assert {(defect.file, defect.line) for defect in check(raw).defects} == {(file, 1)}


@pytest.mark.parametrize("file", [*LISTS, f"{SOURCE}/source.toml", f"{SOURCE}/text.txt"])
def test_a_file_that_is_not_there_is_one_defect(file: str, raw: Path) -> None:
    (raw / file).unlink()
    assert (only_defect(raw).file, only_defect(raw).code) == (file, "missing_file")


def test_a_row_cut_short_has_no_other_defects_follow(raw: Path, edit: Edit) -> None:
    edit(OBSERVATIONS, ",KZ,,,300,,,", ",KZ,300,,,")
    assert only_defect(raw).code == "ragged_row"


@pytest.mark.parametrize("place", ["codelists", SOURCE, OBSERVATIONS, "codelists/areas.csv"])
def test_what_a_pipe_stands_for_has_no_other_defects_follow(place: str, raw: Path) -> None:
    (raw / place).rename(raw.parent / "aside")
    (raw / place).symlink_to(raw.parent / "aside")
    assert [defect.code for defect in check(raw).defects if defect.code != "no_source"] == [
        "not_plain"
    ]


def test_what_is_not_about_the_unreadable_file_is_still_told(raw: Path, edit: Edit) -> None:
    edit(EVENTS, "forum-2011,2011-10", "forum-2011,Oct-11")
    (raw / OBSERVATIONS).write_bytes("Число".encode("utf-16"))
    assert [(defect.file, defect.code) for defect in check(raw).defects] == [
        (EVENTS, "not_edtf"),
        (OBSERVATIONS, "not_utf8"),
    ]


RUSSIAN = "fact_id,quote\nngos,В стране более 18 000 неправительственных организаций\n"
KAZAKH = "fact_id,quote\nngos,Қазақстанда қазір 18 мыңнан астам үкіметтік емес ұйым жұмыс істейді\n"
GERMAN = "fact_id,quote\nngos,Über 3 000 Vereine gibt es für die Bürger, größer als früher\n"
ENGLISH = "fact_id,quote\nngos,“more than 18,000 NGOs” – the café’s figure\n"


@pytest.mark.parametrize(
    ("words", "encoding", "named"),
    [
        *((RUSSIAN, encoding, encoding) for encoding in ("cp1251", "koi8-r", "cp866", "iso8859-5")),
        (KAZAKH, "kz1048", "kz1048"),
        (KAZAKH, "ptcp154", "ptcp154"),
        *((GERMAN, encoding, encoding) for encoding in ("cp1252", "cp850", "mac-roman")),
        (ENGLISH, "cp1252", "cp1252"),
        *(
            (words, f"utf-16{order}", "UTF-16")
            for words in (RUSSIAN, ENGLISH, "a,b\n")
            for order in ("", "-le", "-be")
        ),
        *(
            (words, f"utf-32{order}", "UTF-32")
            for words in (RUSSIAN, ENGLISH, "a,b\n")
            for order in ("", "-le", "-be")
        ),
    ],
)
def test_the_defect_names_the_encoding_that_a_file_is_in(
    words: str, encoding: str, named: str
) -> None:
    for data in (words.encode(encoding), (words * 3000).encode(encoding)):
        place = next(place for place, byte in enumerate(data) if byte == 0 or byte > 127)
        assert (looks_like(data, place) or "").startswith(named)


@pytest.mark.parametrize(
    "data", [KAZAKH.encode() + b"\xff", b"a\0b, and more of what is plain text"]
)
def test_a_single_wrong_byte_makes_no_other_encoding(data: bytes) -> None:
    assert looks_like(data, max(data.find(b"\xff"), data.find(b"\0"))) is None
