"""`facts new`: from a text to the folder of a source, which says what is left to type and passes
`facts check` when that is typed.
"""

import json
import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline import durable, new_source
from pipeline.check import check
from pipeline.cli import UNWELL, USAGE, WELL, main
from pipeline.evidence.language_guess import guess_language
from pipeline.evidence.reader import NO_NAMES
from pipeline.evidence.scan import Document
from pipeline.facts import proven_ways
from pipeline.facts.first_look import look_at
from pipeline.facts.proven_ways import settle
from pipeline.operate.run import run_release
from schemas.source_toml import SOURCE_COLUMNS
from tests.conftest import Told, put
from tests.own_sources import HEADINGS, write_code_lists

ENGLISH = """The union counts its clubs
Fenland, 3 March 2020

In 2019 Fenland had more than 1,204 clubs. The union was founded on 5 May 1998.
"We will row on," said the Union of Clubs.
"""
RUSSIAN = """Союз клубов подводит итоги года
3 марта 2020 года

В 2019 году в Болотном крае было более 1 204 клубов. Союз клубов был основан 5 мая 1998 года.
«Мы будем грести и дальше», — заявил Союз клубов.
"""
KAZAKH = """Үйірмелер одағы жыл қорытындысын шығарды
2020 жылғы 3 наурыз

2019 жылы Батпақ өңірінде 1 204-тен астам үйірме болды.
Үйірмелер одағы 1998 жылғы 5 мамырда құрылды.
«Біз бұдан әрі де ескек есеміз», — деді Үйірмелер одағы.
"""
COUNTED = {
    "en": "In 2019 Fenland had more than 1,204 clubs",
    "ru": "В 2019 году в Болотном крае было более 1 204 клубов",
    "kk": "2019 жылы Батпақ өңірінде 1 204-тен астам үйірме болды",
}
FOUNDED = {
    "en": "The union was founded on 5 May 1998",
    "ru": "Союз клубов был основан 5 мая 1998 года",
    "kk": "Үйірмелер одағы 1998 жылғы 5 мамырда құрылды",
}
SPOKEN = {
    "en": '"""We will row on,"""',
    "ru": "«Мы будем грести и дальше»",
    "kk": "«Біз бұдан әрі де ескек есеміз»",
}
TEXTS = {"en": ENGLISH, "ru": RUSSIAN, "kk": KAZAKH}
ENTERED = ("observations", "events", "statements")
GIVEN = ("--publisher", "union", "--rights", "Made up")


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A raw folder that has code lists alone, with names in three languages."""
    folder = tmp_path / "raw"
    write_code_lists(folder)
    put(folder / "codelists/indicators.csv", "clubs,clubs,,", "clubs,clubs,клуб*|үйірме*,")
    put(folder / "codelists/areas.csv", "the shire,", "the shire|Болотн* кра*|Батпақ*,")
    put(
        folder / "codelists/agents.csv",
        "the union,",
        "the union|Союз клубов|Үйірмелер одағы,",
    )
    return folder


def new(raw: Path, text: str | bytes, *options: str, source_id: str = "union-2020") -> int:
    """Make a source of a text with the command, and return its exit status."""
    file = raw.parent / "minutes.txt"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return main(["new", source_id, "--text", str(file), "--raw", str(raw), *options])


def said(raw: Path, source_id: str = "union-2020") -> dict[str, Any]:
    """What source.toml of a source says."""
    return tomllib.loads((raw / source_id / "source.toml").read_text(encoding="utf-8"))


def names_in(raw: Path) -> list[str]:
    return sorted(path.name for path in raw.iterdir())


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_becomes_a_source_that_passes_the_check_once_its_rows_are_typed(
    language: str, lists: Path, told: Told
) -> None:
    assert new(lists, TEXTS[language], *GIVEN) == WELL
    made = told()[0]
    assert said(lists)["language"] == language
    assert said(lists)["published"] == "2020-03-03"
    assert "3 period, 1 quantity" in made
    toml = lists / "union-2020" / "source.toml"
    rows = (
        f'clubs,clubs,FEN,,2019,1204,gt,,"{COUNTED[language]}",,,,,',
        f"founded,1998-05-05,union,{FOUNDED[language]},,{FOUNDED[language]},,,",
        f"rowing,,union,,,direct,,{SPOKEN[language]},,",
    )
    for name, row in zip(ENTERED, rows, strict=True):
        assert f"expected.{name}" in made
        put(toml, f'\n{name} = ""', f"\n{name} = 1")
        with (lists / "union-2020" / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    assert check(lists, "union-2020").defects == []


def test_all_that_is_said_to_be_left_is_what_the_check_then_asks_for(
    lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(lists, ENGLISH, "--format", "json") == WELL
    made = json.loads(capsys.readouterr().out)
    left = {(one["line"], one["column"]) for one in made["to_fill_in"]}
    asked = {
        (one.line, one.column)
        for one in check(lists).defects
        if one.file == "union-2020/source.toml"
    }
    assert asked == left
    lines = (lists / "union-2020/source.toml").read_text(encoding="utf-8").splitlines()
    assert all(
        lines[line - 1].startswith(column.removeprefix("expected.")) and "# fill in: " in line_of
        for line, column in left
        for line_of in [lines[line - 1]]
    )


def test_the_keys_stand_in_their_order_and_the_files_have_their_headings(lists: Path) -> None:
    assert new(lists, ENGLISH) == WELL
    assert [*said(lists)] == [*SOURCE_COLUMNS, "expected"]
    files = {path.name: path.read_bytes() for path in (lists / "union-2020").iterdir()}
    assert {*files} == {
        "text.txt",
        "source.toml",
        *(f"{name}.csv" for name in (*ENTERED, "waivers")),
    }
    assert files["text.txt"] == ENGLISH.encode()
    for name in (*ENTERED, "waivers"):
        (heading,) = files[f"{name}.csv"].decode().splitlines()
        assert heading.startswith(HEADINGS[name])


def test_what_is_given_goes_before_what_the_text_shows(lists: Path) -> None:
    given = {
        "title": "Clubs counted",
        "publisher": "council",
        "published": "2020-03-03",
        "language": "en-GB",
        "url": "https://example.org/clubs",
        "retrieved": "2020-04-01",
        "rights": 'All "rights" reserved',
    }
    options = [part for key, value in given.items() for part in (f"--{key}", value)]
    assert new(lists, ENGLISH, *options) == WELL
    found = said(lists)
    assert {key: found[key] for key in given} == given
    assert found["published_quote"] == "3 March 2020"
    assert {one.column for one in check(lists).defects if one.file.endswith(".toml")} == {
        f"expected.{name}" for name in ENTERED
    }


def test_the_same_text_gives_the_same_bytes(lists: Path) -> None:
    for source_id in ("one", "two"):
        assert new(lists, KAZAKH, *GIVEN, source_id=source_id) == WELL
    one, two = (
        {path.name: path.read_bytes() for path in (lists / name).iterdir()}
        for name in ("one", "two")
    )
    assert one == two


# --- the bytes of the text ------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_text_whose_encoding_its_own_mark_names_is_converted_and_that_is_said(
    encoding: str, lists: Path, told: Told
) -> None:
    assert new(lists, RUSSIAN.encode(encoding)) == WELL
    assert f"Its text was {encoding.upper()}, and is UTF-8 now." in told()[0]
    assert (lists / "union-2020/text.txt").read_bytes() == RUSSIAN.encode()


def test_a_byte_order_mark_and_line_ends_of_windows_stay_as_they_are(lists: Path) -> None:
    data = b"\xef\xbb\xbf" + ENGLISH.replace("\n", "\r\n").encode()
    assert new(lists, data, *GIVEN) == WELL
    assert (lists / "union-2020/text.txt").read_bytes() == data
    assert said(lists)["title"] == "The union counts its clubs"
    assert not [one for one in check(lists).defects if one.column in {"sha256", "published_quote"}]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (RUSSIAN.encode("cp1251"), "UTF-8; this looks like cp1251"),
        (ENGLISH.encode("utf-16")[:-1], "UTF-8; this looks like UTF-16"),
        (ENGLISH.encode("utf-16-le"), "UTF-8; this looks like UTF-16"),
        (b"", "the text of the document"),
        (b"\xef\xbb\xbf \r\n", "the text of the document"),
        (b"a" * (16 * 2**20 + 1), "at most 16 megabytes"),
    ],
)
def test_other_bytes_are_refused_with_what_would_be_accepted(
    data: bytes, words: str, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(lists, data) == USAGE
    assert words in refused(capsys)
    assert names_in(lists) == ["codelists"]


def test_only_a_plain_file_outside_raw_is_a_text(
    lists: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to-nothing").symlink_to("nothing")
    shutil.copy(lists / "codelists/areas.csv", lists / "areas.txt")
    (tmp_path / "into-raw").symlink_to(lists / "areas.txt")
    for name, words in {
        "pipe": "this is a named pipe",
        "raw": "is in",
        "to-nothing": "there is no such file",
        "nothing": "there is no such file",
        "into-raw": "expected a file outside",
        "raw/areas.txt": "expected a file outside",
        "/dev/null": "this is a device",
        str(tmp_path): "this is a folder",
    }.items():
        arguments = ["--text", str(tmp_path / name), "--raw", str(lists)]
        assert main(["new", "union-2020", *arguments]) == USAGE
        assert words in refused(capsys)
    assert names_in(lists) == ["areas.txt", "codelists"]


def test_a_link_to_a_text_is_followed(lists: Path, tmp_path: Path) -> None:
    (tmp_path / "told.txt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "link").symlink_to("told.txt")
    arguments = ["--text", str(tmp_path / "link"), "--raw", str(lists)]
    assert main(["new", "union-2020", *arguments]) == WELL
    assert not (lists / "union-2020/text.txt").is_symlink()


# --- what is refused ------------------------------------------------------------------------------


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(
    lists: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {
        "--publisher": "unoin",
        "--published": "2020-31-12",
        "--language": "xx",
        "--url": "ftp://example.org",
        "--retrieved": "2020-02-30",
        "--rights": "\x07",
        "--translation-of": "another",
        "--title": "",
    }
    arguments = ["--text", str(tmp_path / "none.txt"), "--raw", str(lists)]
    arguments += [part for pair in options.items() for part in pair]
    assert main(["new", "Union of 2020", *arguments]) == USAGE
    err = refused(capsys)
    for words in ("such as union-of-2020", "no such file", *options):
        assert words in err
    assert "codelists/agents.csv, to which new ones are added; nearest: union" in err
    assert "one of de, en, fr, kk, ru" in err
    assert names_in(lists) == ["codelists"]


@pytest.mark.parametrize(
    ("source_id", "words"),
    [
        ("codelists", "expected another name"),
        ("Union", "such as union"),
        ("../union", "small letters"),
        ("-", "such as union-2020-03-03"),
        ("", "such as union-2020-03-03"),
        ("u" * 101, "100 at most"),
        ("союз", "small letters"),
        ("there", "is there already"),
        ("file", "is there already"),
        ("link", "is there already"),
    ],
)
def test_a_folder_has_a_name_of_its_own_that_raw_allows(
    source_id: str, words: str, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (lists / "there").mkdir()
    (lists / "file").touch()
    (lists / "link").symlink_to("nowhere")
    before = names_in(lists)
    assert new(lists, ENGLISH, source_id=source_id) == USAGE
    assert words in refused(capsys)
    assert names_in(lists) == before


def test_raw_itself_has_to_be_a_folder(
    lists: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to(lists)
    for folder in (tmp_path / "nowhere", tmp_path / "link"):
        assert new(folder, ENGLISH) == USAGE
        assert "expected one with codelists/" in refused(capsys)
    assert names_in(lists) == ["codelists"]


# --- whole or not at all --------------------------------------------------------------------------


def test_a_check_never_sees_half_a_source(lists: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert new(lists, ENGLISH, source_id="first") == WELL
    before = check(lists).defects
    seen = []

    def look_and_swap(folder: Path) -> None:
        seen.append(check(lists).defects)
        durable.swap_in(folder)

    monkeypatch.setattr(new_source, "swap_in", look_and_swap)
    assert new(lists, RUSSIAN) == WELL
    assert seen == [before]
    assert {one.file.partition("/")[0] for one in check(lists).defects} == {"first", "union-2020"}


def test_what_a_killed_run_left_behind_is_nobodys_business_and_goes_with_the_next(
    lists: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = lists / ".union-2020.aside"
    left.mkdir()
    (left / "rules.toml").write_text("half a", encoding="utf-8")
    assert {one.code for one in check(lists).defects} == {"no_source"}

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(new_source, "swap_in", full)
        assert new(lists, ENGLISH) == UNWELL
    assert "the disk is full" in capfd.readouterr().err
    assert names_in(lists) == ["codelists"]
    left.mkdir()
    (left / "rules.toml").write_text("half a", encoding="utf-8")
    assert new(lists, ENGLISH) == WELL
    assert names_in(lists) == ["codelists", "union-2020"]
    assert not (lists / "union-2020/rules.toml").exists()


# --- what the text shows --------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TEXTS)
def test_the_language_of_a_text_is_guessed_where_its_words_leave_no_doubt(tag: str) -> None:
    guess = guess_language(TEXTS[tag])
    assert guess is not None
    assert (guess.tag, guess.is_sure) == (tag, True)


@pytest.mark.parametrize(
    "text",
    [
        "La unión dijo que en el país había más de 300 clubes, y que la mitad no tiene sede.",
        "Спілка повідомила, що в країні було понад 300 клубів, і що половина не має приміщення.",
        "Союз клубов. The union of clubs. Союз и клубы. The clubs and the union.",
        "Fenland 12 Moorland 15",
        "12 15",
    ],
)
def test_a_language_that_is_not_clear_is_left_to_the_curator(text: str, lists: Path) -> None:
    guess = guess_language(text)
    assert guess is None or not guess.is_sure
    assert new(lists, text) == WELL
    assert said(lists)["language"] == ""
    assert "language" in {one.column for one in check(lists).defects}


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("3 March 2020", ("2020-03-03", "3 March 2020")),
        ("Fenland, March 3rd, 2020", ("2020-03-03", "March 3rd, 2020")),
        ("Published on Tuesday: 3 March 2020", ("2020-03-03", "3 March 2020")),
        ("FENLAND, 3 March 2020 – The union says so.", ("2020-03-03", "3 March 2020")),
        ("Fenland, 3 March 2020. The union says so today.", ("2020-03-03", "3 March 2020")),
        ("3\u00a0March 2020", ("2020-03-03", "3 March 2020")),
        ("Dec 23. Union", ("XXXX-12-23", "Dec 23")),
        ("03.04.2011", ("", "03.04.2011")),
        ("3 March 2020\n4 March 2020", None),
        ("3 March 2020 (updated on 4 March 2020)", None),
        ("The union met on 3 March 2020 in the town.", None),
        ("3 March 2020 – the union is founded in the town.", None),
        ("March 2020", None),
        ("The union met 5 May 1998.", None),
        ("", None),
    ],
)
def test_the_day_of_publication_is_the_one_dateline_at_the_head(
    head: str, published: tuple[str, str] | None
) -> None:
    text = f"Clubs of the shire\n{head}\n\nIn 2019 there were 12 of the clubs in the shire.\n"
    found = look_at(text, NO_NAMES).published
    assert (found and (found.period, found.words)) == published


def test_words_of_a_dateline_that_stand_twice_are_quoted_with_more_of_it(lists: Path) -> None:
    text = "Clubs by 3 March 2020 and after\nFenland, 3 March 2020\n\nThe union had 12 of them.\n"
    assert new(lists, text, *GIVEN, "--language", "en") == WELL
    quote = said(lists)["published_quote"]
    assert quote == "Fenland, 3 March 2020"
    assert not [one for one in check(lists).defects if one.column.startswith("published")]


def test_a_day_without_its_year_asks_from_what_the_year_is_inferred(lists: Path) -> None:
    text = "Clubs of the shire\nDec 23\n\nIn 2011 there were 12 of the clubs in the shire.\n"
    assert new(lists, text, *GIVEN, "--published", "2011-12-23") == WELL
    assert said(lists)["published_quote"] == "Dec 23"
    toml = lists / "union-2020/source.toml"
    assert 'published_basis = ""  # fill in: ' in toml.read_text(encoding="utf-8")
    assert "published_basis" in {one.column for one in check(lists).defects}
    put(toml, 'published_basis = ""', 'published_basis = "The text says 2011 of the clubs"')
    assert not [one for one in check(lists).defects if one.column.startswith("published")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Clubs  of\u00a0the shire\nThey met.\n", "Clubs of the shire"),
        ("\n\n  Clubs\n\nThey met.\n", "Clubs"),
        (
            "3 March 2020\nAre the clubs open?\nThey met in the town, and it was so.\n",
            "Are the clubs open?",
        ),
        ("The clubs met.\nThey met.\n", ""),
        ("Clubs of the shire", ""),
        ("***\nThey met.\n", ""),
        (f"{'club ' * 41}\nThey met.\n", ""),
    ],
)
def test_the_title_is_the_first_line_where_it_looks_like_one(text: str, title: str) -> None:
    assert look_at(text, NO_NAMES, "en").title[1] == title


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("It had 1.234 tonnes and 17,9 percent.", 'number_format = {decimal = ",", group = "."}'),
        ("It had 289 000 women.", 'number_format = {decimal = ".", group = " "}'),
        ("They met on 03.04.2011 and 13.05.2011.", 'day_order = "DMY"'),
        ("They met on 03/04/2011 and 05/13/2011.", 'day_order = "MDY"'),
    ],
)
def test_a_way_of_writing_that_the_text_proves_is_written_down(
    text: str, line: str, lists: Path
) -> None:
    assert new(lists, f"Clubs of the shire\n\n{text}\n", "--language", "en") == WELL
    assert (lists / "union-2020/source.toml").read_text(encoding="utf-8").startswith(f"{line}  # ")
    document, mentions, _ = settle(text, Document("en"), NO_NAMES)
    assert "unread" not in {mention.kind for mention in mentions}
    assert settle(text, document, NO_NAMES)[2] == []


@pytest.mark.parametrize(
    ("text", "key", "answers"),
    [
        ("It had 1.234 tonnes.", "number_format", ["1.234 (to 0.001)", "1234"]),
        ("It had 289 125 women.", "number_format", ["289", "289125"]),
        ("They met on 03.04.2011.", "day_order", ["2011-04-03", "2011-03-04"]),
        ("They met on 03.04.2011 and 04/13/2011.", "day_order", ["2011-04-03", "2011-03-04"]),
        ("They met on 03.04.2011, 13.05.2011 and 05.13.2011.", "day_order", []),
        ("It had 1.234.56 tonnes.", "number_format", []),
        ("In FY2022 they met.", "fiscal_year_starts", ["2021/2022", "2022"]),
    ],
)
def test_a_way_of_writing_that_the_text_leaves_open_is_asked_and_never_guessed(
    text: str, key: str, answers: list[str], lists: Path
) -> None:
    whole = f"Clubs of the shire\n\n{text}\n"
    assert new(lists, whole, "--language", "en", "--published", "2020") == WELL
    assert key not in said(lists)
    toml = lists / "union-2020/source.toml"
    first, *lines = toml.read_text(encoding="utf-8").splitlines()
    assert first.startswith(f"# fill in: {key}: ")
    assert [line.partition("# then it is ")[2] for line in lines[: len(answers)]] == answers
    if answers:
        put(toml, lines[0], lines[0].removeprefix("# "))
        document, _, questions = settle(whole, Document("en"), NO_NAMES)
        assert key in said(lists)
        assert [question.key for question in questions] == [key]
        assert document == Document("en")


def test_what_a_long_text_asks_for_late_is_proven_by_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proven_ways, "TRIED", 100)
    before, after = "They row and sing on the hill. " * 100, " They row on the hill." * 100
    asks = "It had 1.234 tonnes and 17,9 percent."
    for text, answers in ((asks, 1), (f"{asks}{after} It had 2.5 tonnes.", 0)):
        document, _, (question,) = settle(before + text, Document("en"), NO_NAMES)
        assert len(question.answers) == answers
        assert document.decimal == ("," if answers else None)


def test_the_article_shows_all_but_its_year_and_what_nobody_can_read_off_it(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (raw / "mfa-2011-12-23/text.txt").read_bytes()
    shutil.rmtree(raw / "mfa-2011-12-23")
    options = ("--publisher", "kz_mfa", "--published", "2011-12-23", "--format", "json")
    assert new(raw, text, *options, source_id="mfa-2011-12-23") == WELL
    left = [one["column"] for one in json.loads(capsys.readouterr().out)["to_fill_in"]]
    assert left == ["published_basis", "rights", *(f"expected.{name}" for name in ENTERED)]
    assert said(raw, "mfa-2011-12-23")["published_quote"] == "Dec 23"


# --- afterwards -----------------------------------------------------------------------------------


def test_of_many_numbers_without_a_role_the_first_have_rows_to_paste_and_the_others_a_line(
    lists: Path, told: Told
) -> None:
    text = ENGLISH + "".join(f"In {year} Fenland had {year} clubs.\n" for year in range(1960, 1998))
    assert new(lists, text, *GIVEN) == WELL
    told()
    arguments = ["check", "--raw", str(lists), "--no-cache", "--source", "union-2020"]
    assert main(arguments) == UNWELL
    out = told()[0]
    assert out.count("    waivers.csv: ") == 5
    assert main([*arguments, "--format", "json"]) == UNWELL
    every = json.loads(told()[0])["defects"]
    without = [one for one in every if one["code"] == "mention_without_role"]
    assert len(without) > 60
    assert out.count("[mention_without_role]") == len(without)
    assert len(out.splitlines()) < len(every) + 5 * 3 + 5
    assert f"{len(every)} defects; rules run when there is none." in out


def test_files_without_rows_may_be_absent_and_nothing_else_is_said(lists: Path) -> None:
    text = "The union rows\n3 March 2020\n\nThey row in the shire, and it is so.\n"
    assert new(lists, text, *GIVEN) == WELL
    toml = lists / "union-2020/source.toml"
    for name in ENTERED:
        put(toml, f'\n{name} = ""', f"\n{name} = 0")
    with_headings = check(lists)
    for name in (*ENTERED, "waivers"):
        (lists / "union-2020" / f"{name}.csv").unlink()
    without = check(lists)
    assert with_headings.defects == without.defects == []
    assert {*without.tables} == {*with_headings.tables}
    for name, table in with_headings.tables.items():
        assert table.equals(without.tables[name]), name


def test_no_release_is_made_while_anything_is_left_to_type(lists: Path, tmp_path: Path) -> None:
    assert new(lists, ENGLISH, *GIVEN) == WELL
    outcome = run_release(lists, tmp_path / "outputs", lambda _: None)
    assert outcome.released is None
    assert "mention_without_role" in {one.code for one in outcome.defects}


def test_the_text_of_a_source_is_read_as_its_source_toml_says(
    lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(lists, KAZAKH) == WELL
    capsys.readouterr()
    arguments = ["read", str(lists / "union-2020/text.txt"), "--raw", str(lists)]
    assert main(arguments) == WELL
    assert "1 204-тен астам" in capsys.readouterr().out
    assert main([*arguments, "--language", "en"]) == WELL
    assert "gt 1204" not in capsys.readouterr().out
