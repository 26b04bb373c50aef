"""The same facts in English, Russian and Kazakh: they can be entered, and what a translation says
otherwise is found.
"""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.check import Checked, check
from schemas.rules import TRANSLATIONS_AGREE
from tests.conftest import ROOT
from tests.own_sources import write_code_lists, write_source
from tests.slips import TRANSLATED
from tests.slips.harness import Slip, measure
from tests.slips.source_copy import SourceCopy, read_source

RAW = ROOT / TRANSLATED
RU, KK = "review-2023-ru", "review-2023-kk"


def test_the_same_facts_can_be_entered_in_three_languages_and_agree() -> None:
    checked = check(RAW)
    assert [defect.at("raw") for defect in checked.defects] == []
    outcomes = (
        checked.tables["check_results"].filter(rule_id=TRANSLATIONS_AGREE)["outcome"].to_list()
    )
    assert outcomes == ["satisfied"] * 26
    assert checked.tables["findings"].filter(rule_id=TRANSLATIONS_AGREE).is_empty()


@dataclass(frozen=True)
class Difference:
    """What a translation says otherwise: words of its text, and cells (column, cell) of the row
    that holds them.
    """

    kind: str
    source_id: str
    fact_id: str
    old: str
    new: str
    cells: tuple[tuple[str, str], ...] = ()


DIFFERENCES = (
    Difference("another number", RU, "ngos", "22 400", "22 500", (("value", "22500"),)),
    Difference("another number", KK, "councils", "320", "330", (("value", "330"),)),
    Difference(
        "another number", KK, "unstaffed", "үштен екісін", "бестен екісін", (("value", "2:5"),)
    ),
    Difference(
        "another hedge", RU, "councils", "не менее 320", "не более 320", (("relator", "le"),)
    ),
    Difference(
        "another hedge", KK, "ngos", "22 400-ден астам", "22 400-ге жуық", (("relator", "approx"),)
    ),
    Difference("another hedge", RU, "ngos", "более 22 400", "22 400", (("relator", ""),)),
    Difference("another magnitude", RU, "hours", "59,6 млн", "59,6 тыс.", (("value", "59600"),)),
    Difference(
        "another magnitude", KK, "hours", "59,6 млн", "59,6 млрд", (("value", "59600000000"),)
    ),
    Difference(
        "another magnitude", RU, "grant", "1 250 000", "1 250 млн", (("value", "1250000000"),)
    ),
    Difference("another percent", RU, "youth", "17,9", "17,8", (("value", "17.8"),)),
    Difference("another percent", KK, "patients", "8,25", "82,5", (("value", "82.5"),)),
    Difference("another percent", RU, "patients", "8,25", "8,2", (("value", "8.2"),)),
    Difference(
        "another period", RU, "growth", "С 2019 года", "С 2018 года", (("period", "2018/.."),)
    ),
    Difference("another period", KK, "grant", "2021 жылы", "2020 жылы", (("period", "2020"),)),
    Difference(
        "another period",
        KK,
        "forum",
        "2021 жылғы қазанда",
        "2021 жылғы қарашада",
        (("period", "2021-11"),),
    ),
    Difference("another area", RU, "youth", "Алматы", "Астане", (("area", "KZ-AST"),)),
    Difference("another area", KK, "patients", "Алматыдағы", "Астанадағы", (("area", "KZ-AST"),)),
    Difference("another area", RU, "school", "Алматы", "Астане", (("where", "KZ-AST"),)),
    Difference(
        "another category", RU, "youth", "молодежью", "пациентами", (("category", "health"),)
    ),
    Difference(
        "another category", KK, "patients", "науқастарға", "жастарға", (("category", "youth"),)
    ),
    Difference(
        "another category", KK, "youth", "жастармен", "науқастармен", (("category", "health"),)
    ),
    Difference("missing fact", RU, "register", "Реестр в Казахстане велся 14 лет.", ""),
    Difference("missing fact", KK, "course", "Қазақстандағы оқу курсы 12–15 күнге созылады.", ""),
    Difference(
        "missing fact",
        KK,
        "hours",
        "2022 жылы Қазақстан еріктілері 59,6 млн сағат жұмыс істеді.",
        "",
    ),
    Difference(
        "missing event",
        RU,
        "portal",
        "В 2020 году Министерство информации открыло Портал грантов в Казахстане.",
        "",
    ),
    Difference(
        "missing event",
        RU,
        "forum",
        "В октябре 2021 года Гражданский альянс провел форум в Астане.",
        "",
    ),
    Difference(
        "missing event",
        KK,
        "school",
        "2018–2022 жылдары Азаматтық альянс Алматыда тәлімгерлер мектебін жүргізді.",
        "",
    ),
    Difference("another unit", RU, "course", "15 дней", "15 недель"),
    Difference("another unit", KK, "register", "14 жыл", "14 ай"),
    Difference("another unit", KK, "grant", "теңге", "рубль"),
)


def with_difference(
    source: SourceCopy, difference: Difference, *, in_text: bool, in_row: bool
) -> SourceCopy:
    """Return a source with a difference in its text, with quotes and hash to match, or in the cells
    of its row, or both.
    """
    copy = source
    for file in ("observations", "events"):
        for index, row in enumerate(copy.rows[file]):
            if row["fact_id"] == difference.fact_id:
                if not difference.new:
                    return _with_text(copy.without_row(file, index, counted=True), difference)
                cells = dict(difference.cells) if in_row else {}
                if in_text:
                    assert difference.old in row["quote"]
                    cells["quote"] = row["quote"].replace(difference.old, difference.new)
                copy = copy.with_cell(
                    file, index, **{f"{column}_": cell for column, cell in cells.items()}
                )
    return _with_text(copy, difference) if in_text else copy


def _with_text(source: SourceCopy, difference: Difference) -> SourceCopy:
    paragraphs = source.text.split("\n")
    quotes = [row["quote"] for file in ("observations", "events") for row in source.rows[file]]
    old = [line for line in paragraphs if difference.old in line and line.rstrip(".") not in quotes]
    assert len(old) == 1
    text = source.text.replace(old[0], old[0].replace(difference.old, difference.new))
    changed = SourceCopy(source.rows, source.headers, {**source.texts, "text.txt": text})
    return changed.with_text(
        "source.toml", r'sha256 = "\w+"', f'sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"'
    )


def checked_with(tmp_path: Path, source_id: str, copy: SourceCopy) -> Checked:
    raw = Path(shutil.copytree(RAW, tmp_path / "raw"))
    shutil.rmtree(raw / source_id)
    copy.write(raw / source_id, "")
    return check(raw)


@pytest.mark.parametrize(
    "difference", DIFFERENCES[::2], ids=lambda it: f"{it.kind}-{it.source_id[-2:]}-{it.fact_id}"
)
def test_what_a_translation_says_otherwise_is_found(tmp_path: Path, difference: Difference) -> None:
    copy = with_difference(
        read_source(RAW / difference.source_id), difference, in_text=True, in_row=True
    )
    checked = checked_with(tmp_path, difference.source_id, copy)
    original = f"review-2023-en/{difference.fact_id}"
    if difference.kind == "another unit":
        # the row can only be typed with another indicator: the words do not admit that of the
        # original
        assert {defect.code for defect in checked.defects} & {"unit_disagrees", "not_named"}
        assert all(defect.file.startswith(difference.source_id) for defect in checked.defects)
    else:
        assert [defect.at("raw") for defect in checked.defects] == []
        found = checked.tables["findings"].filter(rule_id=TRANSLATIONS_AGREE)["group_id"].to_list()
        assert any(
            original in group.split() and difference.source_id in group for group in found
        ), found
        assert any(original in defect.at("raw") for defect in checked.unacknowledged)


@pytest.mark.parametrize("source_id", [RU, KK])
def test_what_only_the_words_or_only_the_row_says_otherwise_is_a_defect_at_its_fact(
    source_id: str,
) -> None:
    source = read_source(RAW / source_id).alone()
    slips = [
        Slip(
            place,
            str(difference),
            with_difference(source, difference, in_text=place == "text", in_row=place == "row"),
        )
        for difference in DIFFERENCES
        if difference.cells and difference.source_id == source_id
        for place in ("text", "row")
    ]
    assert [f"{slip.kind}: {slip.what}" for slip in measure(RAW, source_id, slips).missed] == []


TABLE = (
    "Clubs of the shire\n3 March 2020\n\n"
    "Clubs in Fenland by kind, 2019\n\n"
    "Kind     Clubs    Percent of members\n"
    "Chess      150    38.5\n"
    "Rowing     90    61.5\n"
)
TABLE_ROWS = [
    'chess,clubs,FEN,chess,2019,150,,,Chess      150,,"Clubs in Fenland by kind, 2019",,',
    "chess-share,member_share,FEN,chess,,38.5,,,Chess      150    38.5,,Percent of members,,",
    'rowing,clubs,FEN,rowing,2019,90,,,Rowing     90,,"Clubs in Fenland by kind, 2019",,',
    "rowing-share,member_share,FEN,rowing,,61.5,,,Rowing     90    61.5,,Percent of members,,",
]


def test_a_table_can_be_entered_with_the_words_of_its_heading(tmp_path: Path) -> None:
    write_code_lists(tmp_path / "raw")
    write_source(tmp_path / "raw", "table", TABLE, {"observations": TABLE_ROWS})
    checked = check(tmp_path / "raw")
    assert [defect.at("raw") for defect in checked.defects] == []
    assert checked.tables["observations"].height == 4


COMMAS = (
    "Clubs of the shire\n3 March 2020\n\n"
    "The shire has 1 234 clubs. Rowing in Fenland has 61,5 percent of members. Chess in Fenland "
    "has 38,125 percent of members.\n"
)
COMMA_ROWS = [
    "all,clubs,FEN,,,1234,,,The shire has 1 234 clubs,,,,",
    'rowing,member_share,FEN,rowing,,61.5,,,"Rowing in Fenland has 61,5 percent of members",,,,',
    'chess,member_share,FEN,chess,,38.125,,,"Chess in Fenland has 38,125 percent of members",,,,',
]


def test_an_english_text_with_decimal_commas_is_read_as_source_toml_says(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write_code_lists(raw)
    write_source(raw, "commas", COMMAS, {"observations": COMMA_ROWS})
    (asked,) = check(raw).defects
    assert (asked.file, asked.column) == ("commas/source.toml", "number_format")
    assert 'number_format.decimal = "," and number_format.group = " "' in asked.message
    with (raw / "commas" / "source.toml").open("a", encoding="utf-8") as file:
        file.write('\n[number_format]\ndecimal = ","\ngroup = " "\n')
    checked = check(raw)
    assert [defect.at("raw") for defect in checked.defects] == []
    assert sorted(checked.tables["observations"]["original_value"]) == ["1 234", "38,125", "61,5"]
