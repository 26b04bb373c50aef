"""Days, origins and reasons that cannot be: in source.toml, in the history of releases, and
wherever a reason is typed.
"""

import re
import shutil
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.cli import UNWELL, main
from tests.bad_cells import TOML
from tests.conftest import SOURCE, Edit, Told
from tests.own_sources import write_code_lists, write_source
from tests.test_bad_input import assert_defect, found

COPY = "mfa-2011-12-24"


@pytest.fixture
def raw(raw_with_readings: Path) -> Path:
    return raw_with_readings


def with_copy(raw: Path, published: str = "2011-12-23") -> None:
    """Put a second source into raw/ that has the text of the first, and its facts."""
    shutil.copytree(raw / SOURCE, raw / COPY)
    (raw / COPY / "rules.toml").unlink()
    path = raw / COPY / "source.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            'published = "2011-12-23"', f'published = "{published}"'
        ),
        encoding="utf-8",
    )


def with_key(raw: Path, source: str, key: str, value: str) -> None:
    path = raw / source / "source.toml"
    path.write_text(
        re.sub(rf'(?m)^{key} = ""$', f'{key} = "{value}"', path.read_text(encoding="utf-8")),
        encoding="utf-8",
    )


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_language_of_other_letters_than_the_text_is_one_defect(
    language: str, raw: Path, edit: Edit
) -> None:
    edit(TOML, 'language = "en"', f'language = "{language}"')
    assert_defect(found(raw), TOML, 7, "language", "other_language", "the language of text.txt")


@pytest.mark.parametrize(
    ("day", "code", "words"),
    [
        ("2026-99-99", "no_such_day", "of the calendar"),
        ("2011-12-22", "before_publication", "from 2011-12-23 on"),
    ],
)
def test_a_source_is_read_on_a_day_that_there_is_and_once_it_is_published(
    day: str, code: str, words: str, raw: Path
) -> None:
    with_key(raw, SOURCE, "retrieved", day)
    assert_defect(found(raw), TOML, 10, "retrieved", code, words)


def test_a_source_that_is_read_when_it_is_published_is_well(raw: Path) -> None:
    with_key(raw, SOURCE, "retrieved", "2011-12-23")
    assert found(raw) == []


def test_a_release_holds_no_source_that_was_read_after_its_day(
    raw: Path, told: Told, tmp_path: Path
) -> None:
    with_key(raw, SOURCE, "retrieved", "2026-11-25")
    assert check(raw).defects == []  # the release that will hold it may still get its row
    history = (raw / "releases.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (raw / "releases.csv").write_text("".join(history[:2]), encoding="utf-8")
    assert main(["release", "--raw", str(raw), "--outputs", str(tmp_path / "outputs")]) == UNWELL
    assert (
        f"{TOML}:1:retrieved: '2026-11-25' stands here; expected a day up to 2026-11-24"
        in told()[1]
    )


@pytest.mark.parametrize("key", ["derived_from", "translation_of"])
@pytest.mark.parametrize(
    ("origin", "code", "words"),
    [(SOURCE, "circle", "where it began"), ("mfa-2011", "unknown_code", f"nearest: {SOURCE}")],
)
def test_what_a_source_copies_is_another_one_that_there_is(
    key: str, origin: str, code: str, words: str, raw: Path
) -> None:
    with_key(raw, SOURCE, key, origin)
    line = {"derived_from": 14, "translation_of": 15}[key] - 1
    assert_defect(found(raw), TOML, line, key, code, words)


def test_sources_that_copy_each_other_are_one_defect(raw: Path) -> None:
    with_copy(raw)
    with_key(raw, SOURCE, "derived_from", COPY)
    with_key(raw, COPY, "translation_of", SOURCE)
    circles = [(defect.file, defect.column) for defect in found(raw) if defect.code == "circle"]
    assert circles == [(f"{COPY}/source.toml", "translation_of")]


def test_nothing_is_copied_before_it_is_published(raw: Path) -> None:
    with_copy(raw, "2011-12-24")
    with_key(raw, SOURCE, "derived_from", COPY)
    assert_defect(
        found(raw),
        TOML,
        13,
        "derived_from",
        "published_later",
        "than this one, 2011-12-23; that one was 2011-12-24",
    )


@pytest.mark.parametrize(
    ("country", "is_one"), [("KZ", True), ("GB", True), ("UK", False), ("XX", False)]
)
def test_a_country_is_one_of_iso_3166(country: str, is_one: bool, tmp_path: Path) -> None:  # noqa: FBT001
    write_code_lists(tmp_path)
    write_source(
        tmp_path,
        "gazette",
        "Clubs of the shire\n3 March 2020\n\nThe clubs met.\n",
        {},
        country=country,
    )
    assert [defect.code for defect in found(tmp_path)] == ([] if is_one else ["unknown_country"])


@pytest.mark.parametrize("typed", ["", "abc", "0" * 64])
def test_a_wrong_hash_is_one_defect_that_names_the_right_one(
    typed: str, raw: Path, edit: Edit
) -> None:
    right = "7f3f1899c0089d3e3481906446adb11f9aa79c3e77dfefb7b814ba970abbbc5e"
    edit(TOML, right, typed)
    (defect,) = found(raw)
    assert (defect.column, right in defect.message) == ("sha256", True)


FIRST = "1.0.0,2026-11-24,,The first source of all"

HISTORIES: dict[str, tuple[list[str], int, str, str]] = {
    "a later release that follows nothing": (
        [FIRST, "5.5.5,2026-11-25,,A second source"],
        3,
        "based_on",
        "1.0.0, the version of the row before",
    ),
    "a release that follows another than the last": (
        [FIRST, "1.0.1,2026-11-25,1.0.0,A second source", "1.0.2,2026-11-26,1.0.0,A third source"],
        4,
        "based_on",
        "1.0.1, the version",
    ),
    "a first release that follows something": (
        ["1.0.0,2026-11-24,0.9.0,The first source"],
        2,
        "based_on",
        "follows none",
    ),
    "a day that is none": (["1.0.0,2026-99-99,,The first source"], 2, "date", "of the calendar"),
    "days that fall": (
        [FIRST, "1.0.1,1900-01-01,1.0.0,A second source"],
        3,
        "date",
        "from 2026-11-24 on",
    ),
    "versions that fall": (
        [FIRST, "0.9.0,2026-11-25,1.0.0,A second source"],
        3,
        "version",
        "after 1.0.0",
    ),
    "a version with zeros in front": (
        [FIRST, "01.0.1,2026-11-25,1.0.0,A second source"],
        3,
        "version",
        "such as 1.0.0",
    ),
}


@pytest.mark.parametrize("what", HISTORIES)
def test_each_release_follows_from_the_one_before(what: str, raw: Path) -> None:
    rows, line, column, words = HISTORIES[what]
    (raw / "releases.csv").write_text(
        "\n".join(["version,date,based_on,reason", *rows, ""]), encoding="utf-8"
    )
    (defect,) = found(raw)
    assert (defect.file, defect.line, defect.column) == ("releases.csv", line, column)
    assert words in defect.message


NO_REASONS = [
    "...",
    "REASON",
    "TODO",
    "x",
    "-",
    "?",
    "n/a",
    "N/A.",
    "KIND",
    "to do",
    "tbd later",
    "нет",
    "не надо",
    "Причина",
    "себеп",
    "жоқ",
    "Begründung",
    "1 2 3",
]
REASONS = [
    "A name",
    "Число повторено ниже",
    "Бір рет айтылған",
    "文本未说明日期",
    "No date is given",
    "The 20 years are a fact",
]


@pytest.mark.parametrize("reason", NO_REASONS)
def test_a_placeholder_is_no_reason(reason: str, raw: Path, edit: Edit) -> None:
    edit(f"{SOURCE}/waivers.csv", "A name for civil society beside state and business", reason)
    (defect,) = found(raw)
    assert (defect.file, defect.line, defect.column) == (f"{SOURCE}/waivers.csv", 4, "reason")
    assert "a reason in words" in defect.message


def test_words_are_a_reason_in_any_language(raw: Path) -> None:
    rows = [f'"{reason}"' for reason in REASONS]
    lines = [
        f"1.0.{number},2026-11-24,{f'1.0.{number - 1}' if number else ''},{reason}"
        for number, reason in enumerate(rows)
    ]
    (raw / "releases.csv").write_text(
        "\n".join(["version,date,based_on,reason", *lines, ""]), encoding="utf-8"
    )
    assert found(raw) == []


@pytest.mark.parametrize(
    ("file", "before_it", "placeholder", "column"),
    [
        ("findings.csv", ",122,122,", "TODO", "reason"),
        ("releases.csv", ",,", "REASON", "reason"),
        (f"{SOURCE}/readings.csv", "KZ-ALM,KZ-ALA,", "?", "why"),
    ],
)
def test_a_reason_is_asked_for_wherever_one_is_typed(
    file: str, before_it: str, placeholder: str, column: str, raw: Path
) -> None:
    path = raw / file
    header, first, *others = path.read_text(encoding="utf-8").split("\n")
    row = first.partition(before_it)[0] + before_it + placeholder
    path.write_text("\n".join([header, row, *others]), encoding="utf-8")
    assert [(defect.file, defect.line, defect.column) for defect in found(raw)] == [
        (file, 2, column)
    ]


def test_the_basis_of_a_day_of_publication_is_no_placeholder(raw: Path) -> None:
    path = raw / TOML
    text = re.sub(
        r'(?s)published_basis = """.*?"""',
        'published_basis = "?"',
        path.read_text(encoding="utf-8"),
    )
    path.write_text(text, encoding="utf-8")
    assert_defect(found(raw), TOML, 5, "published_basis", "wrong_value", "a reason in words")
