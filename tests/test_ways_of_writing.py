"""A text that is read otherwise than by the person who typed is one defect, at the key of
source.toml to set.
"""

from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.defects import Defect
from tests.own_sources import write_code_lists, write_source

GROUPED = "Clubs of the shire\n3 March 2020\n\n" + "".join(
    f"The shire had 1,{number} clubs in {1980 + number % 100}. " for number in range(201, 216)
)
COUNTED = [
    (
        f'c{number},clubs,FEN,,{1980 + number % 100},1{number},,,"The shire had 1,{number} '
        "clubs in "
        f'{1980 + number % 100}",,,,'
    )
    for number in range(201, 216)
]
POINTS = GROUPED.replace("1,2", "1.2")
BY_POINTS = [
    row.replace(',"', ",").replace('",', ",").replace("had 1,", "had 1.") for row in COUNTED
]
DAYS = (
    "Clubs of the shire\n3 March 2020\n\nOn 05/12/2019 the shire had 40 clubs. On 06/11/2018 "
    "the shire had 30 clubs.\n"
)
BY_DAY = [
    "a,clubs,FEN,,2019-12-05,40,,,On 05/12/2019 the shire had 40 clubs,,,,",
    "b,clubs,FEN,,2018-11-06,30,,,On 06/11/2018 the shire had 30 clubs,,,,",
]
DOLLARS = (
    "Clubs of the shire\n3 March 2020\n\nIn 2019 the income of the shire was $40. In 2018 "
    "the income of the shire was $50.\n"
)
BY_DOLLAR = [
    "a,income,FEN,,2019,40,,,In 2019 the income of the shire was $40,,,,",
    "b,income,FEN,,2018,50,,,In 2018 the income of the shire was $50,,,,",
]
FISCAL = (
    "Clubs of the shire\n3 March 2020\n\nIn FY2019 the shire had 40 clubs. In FY2017 the "
    "shire had 30 clubs.\n"
)
BY_FISCAL = [
    "a,clubs,FEN,,2018/2019,40,,,In FY2019 the shire had 40 clubs,,,,",
    "b,clubs,FEN,,2016/2017,30,,,In FY2017 the shire had 30 clubs,,,,",
]
WRONG = {
    "marks of another language": (
        GROUPED,
        COUNTED,
        {"number_format.decimal": ",", "number_format.group": "."},
    ),
    "points that group, without marks": (POINTS, BY_POINTS, {}),
    "the order of days of another country": (DAYS, BY_DAY, {"day_order": "MDY"}),
    "no order of days": (DAYS, BY_DAY, {}),
    "dollars of another country": (DOLLARS, BY_DOLLAR, {"country": "CA"}),
    "dollars of no country": (DOLLARS, BY_DOLLAR, {}),
    "a fiscal year that is one of the calendar": (
        FISCAL,
        BY_FISCAL,
        {"fiscal_year_starts": "01-01"},
    ),
    "a fiscal year that starts on no day": (FISCAL, BY_FISCAL, {}),
}
SET = {
    GROUPED: {"number_format.decimal": ".", "number_format.group": ","},
    POINTS: {"number_format.decimal": ",", "number_format.group": "."},
    DAYS: {"day_order": "DMY"},
    DOLLARS: {"country": "US"},
    FISCAL: {"fiscal_year_starts": "04-01"},
}


def found(raw: Path, text: str, rows: list[str], keys: dict[str, str]) -> list[Defect]:
    write_code_lists(raw)
    with (raw / "codelists" / "indicators.csv").open("a", encoding="utf-8") as file:
        file.write("income,income,,Income of clubs,USD,false,money,,,\n")
    write_source(raw, "shire", text, {"observations": rows}, **keys)
    return check(raw).defects


@pytest.mark.parametrize("what", WRONG)
def test_a_text_read_in_another_way_is_one_defect_that_names_the_key_as_it_would_be_right(
    what: str, tmp_path: Path
) -> None:
    text, rows, keys = WRONG[what]
    defects = found(tmp_path / "raw", text, rows, keys)
    (defect,) = defects
    assert (defect.file, defect.code) == ("shire/source.toml", "read_otherwise")
    right = " and ".join(f'{key} = "{value}"' for key, value in SET[text].items())
    assert defect.expected.startswith(f"{right}: ")


@pytest.mark.parametrize("text", SET)
def test_the_key_that_is_named_is_accepted(text: str, tmp_path: Path) -> None:
    rows = next(rows for of, rows, _ in WRONG.values() if of == text)
    assert [defect.at("raw") for defect in found(tmp_path / "raw", text, rows, SET[text])] == []


def test_one_wrong_number_is_a_slip_and_not_another_way_of_writing(tmp_path: Path) -> None:
    text, rows, _ = WRONG["marks of another language"]
    slip = rows[0].replace(",1201,", ",1.201,")
    (defect,) = found(tmp_path / "raw", text, [slip, *rows[1:]], SET[text])
    assert (defect.file, defect.column) == ("shire/observations.csv", "value")


@pytest.mark.parametrize("day", ["29 February", "5 May"])
def test_a_day_without_its_year_that_is_not_the_typed_one_is_a_defect_of_the_period(
    day: str, tmp_path: Path
) -> None:
    text = f"Clubs of the shire\n3 March 2020\n\nOn {day} the shire had 40 clubs.\n"
    row = f"a,clubs,FEN,,2019,40,,,On {day} the shire had 40 clubs,,,,"
    defects = found(tmp_path / "raw", text, [row], {})
    assert {(defect.file, defect.column) for defect in defects} == {
        ("shire/observations.csv", "period")
    }
