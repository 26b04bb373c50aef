"""A code list hangs together: no circles, no time that ends before it begins, no two codes that
nothing tells apart.
"""

import shutil
import unicodedata
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import check
from pipeline.evidence.texts import Texts
from pipeline.read.raw_folder import RawFolder, read_code_list
from tests.conftest import SOURCE, Edit
from tests.test_bad_input import assert_defect, found

INDICATORS, AREAS = "codelists/indicators.csv", "codelists/areas.csv"
CATEGORIES, AGENTS = "codelists/categories.csv", "codelists/agents.csv"

WRONG: dict[str, tuple[str, str, str, int, str, str, str]] = {
    # what is wrong: file, what stands there, what is typed instead, line, column, code, words
    "an area that is its own parent": (
        AREAS,
        "KZ-10,Abai oblast,Abai,KZ,",
        "KZ-10,Abai oblast,Abai,KZ-10,",
        19,
        "parent",
        "circle",
        "where it began",
    ),
    "an area that follows itself": (
        AREAS,
        "1998-12-15,2022-11-29,KZ-11\n",
        "1998-12-15,2022-11-29,KZ-AKM\n",
        3,
        "successor",
        "circle",
        "where it began",
    ),
    "areas that follow each other": (
        AREAS,
        "KZ-27,West Kazakhstan oblast,West Kazakhstan,KZ,region,2022-11-29,,\n",
        "KZ-27,West Kazakhstan oblast,West Kazakhstan,KZ,region,2022-11-29,,KZ-ALA KZ-ZAP\n",
        24,
        "successor",
        "circle",
        "KZ-27 > KZ-ZAP > KZ-27",
    ),
    "a country within its region": (
        AREAS,
        "the country,,country",
        "the country,KZ-10,country",
        19,
        "parent",
        "circle",
        "KZ-10 > KZ > KZ-10",
    ),
    "a category that is its own parent": (
        CATEGORIES,
        "youth,,NGOs",
        "youth,youth,NGOs",
        2,
        "parent",
        "circle",
        "where it began",
    ),
    "a category within one of another tree": (
        CATEGORIES,
        "youth,,NGOs",
        "youth,president,NGOs",
        2,
        "parent",
        "other_tree",
        "activities",
    ),
    "a share of itself": (
        INDICATORS,
        "percent,false,share,organisations,",
        "percent,false,share,organisations_share,",
        7,
        "base",
        "circle",
        "where it began",
    ),
    "a code that is never in force": (
        AREAS,
        "1998-12-15,2018-06-19,",
        "1998-12-15,1998-12-15,",
        16,
        "valid_to",
        "never_in_force",
        "1998-12-15",
    ),
    "a code that ends before it begins": (
        AREAS,
        "1998-12-15,2018-06-19,",
        "1998-12-15,1997-06-19,",
        16,
        "valid_to",
        "never_in_force",
        "",
    ),
    "two areas of one name at one time": (
        AREAS,
        "KZ-10,Abai oblast,Abai,",
        "KZ-10,ulytau oblast,Abai,",
        34,
        "label",
        "told_apart_by_nothing",
        "KZ-10 (line 19)",
    ),
    "two areas of the same words": (
        AREAS,
        "KZ-10,Abai oblast,Abai,",
        "KZ-10,Ulytau,Ulytau oblast,",
        34,
        "label",
        "told_apart_by_nothing",
        "KZ-10 (line 19)",
    ),
    "two agents of one name": (
        AGENTS,
        "icnl,International Centre for Not-for-Profit Law",
        "icnl,Government of Kazakhstan",
        6,
        "label",
        "told_apart_by_nothing",
        "kz_government (line 3)",
    ),
    "two indicators that differ in definition only": (
        INDICATORS,
        "organisations_new,organisations founded a year",
        "organisations_new,New organisations a year",
        5,
        "label",
        "told_apart_by_nothing",
        "organisations_growth (line 4)",
    ),
    "a label without a letter": (
        AREAS,
        "KZ-10,Abai oblast",
        "KZ-10,10",
        19,
        "label",
        "wrong_value",
        "a letter",
    ),
    "a label with a star": (
        AREAS,
        "KZ-10,Abai oblast",
        "KZ-10,Abai obl*",
        19,
        "label",
        "wrong_value",
        "without | or *",
    ),
    "a star after two letters": (
        AREAS,
        "KZ-10,Abai oblast,Abai",
        "KZ-10,Abai oblast,Ab*",
        19,
        "aliases",
        "wrong_value",
        "three or more",
    ),
    "a star within a word": (
        AREAS,
        "KZ-10,Abai oblast,Abai",
        "KZ-10,Abai oblast,Aba*i",
        19,
        "aliases",
        "wrong_value",
        "three or more",
    ),
    "an alias that is empty": (
        AREAS,
        "KZ-10,Abai oblast,Abai",
        "KZ-10,Abai oblast,Abai||Abay",
        19,
        "aliases",
        "wrong_value",
        "joined by |",
    ),
    "a space at an alias": (
        AREAS,
        "KZ-10,Abai oblast,Abai",
        "KZ-10,Abai oblast,Abai | Abay",
        19,
        "aliases",
        "wrong_value",
        "without spaces",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_in_a_code_list_is_a_defect_at_its_cell(
    what: str, raw: Path, edit: Edit
) -> None:
    file, old, new, line, column, code, words = WRONG[what]
    shutil.rmtree(raw / SOURCE)  # it takes no facts to see what is wrong in a list
    edit(file, old, new)
    assert_defect(found(raw), file, line, column, code, words)


def test_a_circle_is_one_defect_and_facts_of_its_codes_have_none(raw: Path, edit: Edit) -> None:
    edit(
        AREAS,
        "KZ-ALM,Almaty oblast,Almaty,KZ,region,1998-12-15,2022-11-29,KZ-19 KZ-33",
        "KZ-ALM,Almaty oblast,Almaty,KZ,region,1998-12-15,2022-11-29,KZ-ALM",
    )
    assert [(defect.file, defect.line, defect.code) for defect in found(raw)] == [
        (AREAS, 6, "circle")
    ]


def test_an_area_and_its_successor_may_have_one_name_since_they_are_never_in_force_together(
    raw: Path, edit: Edit
) -> None:
    edit(
        AREAS,
        "KZ-11,Akmola oblast,Akmola,KZ,region,2022-11-29",
        "KZ-11,Akmola oblast,Akmola,KZ,region,2022-11-28",
    )
    assert_defect(found(raw), AREAS, 20, "label", "told_apart_by_nothing", "KZ-AKM (line 3)")


def test_an_alias_with_a_star_is_accepted(raw: Path, edit: Edit) -> None:
    edit(AREAS, "KZ,Kazakhstan,the country,", "KZ,Kazakhstan,the country|Казахстан*|Қазақстан*,")
    assert found(raw) == []


def test_a_label_is_found_whatever_normal_form_of_unicode_it_is_typed_in(raw: Path) -> None:
    path = raw / AGENTS
    decomposed = unicodedata.normalize("NFD", "Наталья Буржайлы")
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "Bourjaily,person", f"Bourjaily|{decomposed},person"
        ),
        encoding="utf-8",
    )
    aliases = read_code_list(RawFolder(raw), "agents").rows["aliases"].to_list()
    assert f"Bourjaily|{unicodedata.normalize('NFC', decomposed)}" in aliases
    assert check(raw).defects == []


def test_each_word_of_an_alias_may_go_on_in_any_letters(raw: Path, edit: Edit) -> None:
    edit(AREAS, "KZ-10,Abai oblast,Abai", "KZ-10,Abai oblast,Абайск* облас*|Аба* обл.")
    assert found(raw) == []
    areas = read_code_list(RawFolder(raw), "areas").rows
    texts = Texts(
        pl.DataFrame(schema={"source_id": pl.String, "language": pl.String, "text": pl.String}),
        {"areas": areas},
    )
    assert (
        texts.codes_in("areas", "в Абайской области")
        == texts.codes_in("areas", "Абая обл.")
        == {"KZ-10"}
    )
    assert not texts.codes_in("areas", "в Абайской стороне")


def with_same_as(raw: Path, cells: dict[str, str]) -> None:
    """Put the column same_as into observations.csv; `cells` are what it holds, by fact."""
    path = next(raw.glob("*/observations.csv"))
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    typed = [f"{row},{cells.get(row.partition(',')[0], '')}" for row in rows]
    path.write_text("\n".join([f"{header},same_as", *typed, ""]), encoding="utf-8")


@pytest.mark.parametrize(
    ("fact", "same_as", "line"),
    [
        ("ngos", "organisation", 4),
        ("ngos", "ngos", 4),
        ("ngos", "growth", 4),
        ("share-zhambyl", "share-almaty", 9),
    ],
)
def test_the_first_fact_of_a_numeral_names_no_other(
    fact: str, same_as: str, line: int, raw: Path
) -> None:
    with_same_as(raw, {fact: same_as})
    found_there = (
        line,
        "same_as",
        "not_the_same_number",
        "nothing, since this fact is the first of its number",
    )
    assert_defect(found(raw), "mfa-2011-12-23/observations.csv", *found_there)
