"""What a curator meets while typing has a row that is accepted, and what is refused is refused
where it was made.
"""

from pathlib import Path

import pytest

from pipeline.check import check
from tests.own_sources import HEADINGS, write_code_lists, write_source

AGENTS = (
    "crescent,Moorland Red Crescent,,organisation,",
    "rowing-council,Rowing Council,,organisation,",
)
HEAD = "Clubs of the shire\n3 March 2020\n\n"
CHESS = "12 percent of members in Fenland play chess"


def add_to_list(raw: Path, name: str, *lines: str) -> None:
    with (raw / "codelists" / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def refusals(
    raw: Path, text: str, rows: dict[str, list[str]], **toml: str
) -> list[tuple[str, str]]:
    """Return the cell and the kind of what is refused of one source."""
    write_source(raw, "club", text, rows, **toml)
    return [
        (f"{defect.file}:{defect.line}:{defect.column}", defect.code)
        for defect in check(raw).defects
    ]


def observation(
    quote: str, value: str = "12", period: str = "2019", label: str = "", area: str = "FEN"
) -> str:
    return f'in-{period},clubs,{area},,{period},{value},,,"{quote}",,"{label}",,'


@pytest.mark.parametrize(
    ("heading", "quote", "area", "codes"),
    [
        ("", "In 2019 the Moorland Red Crescent had 12 clubs in Fenland", "FEN", []),
        ("", "In 2019 the Moorland Red Crescent had 12 clubs in Fenland", "MOOR", ["not_named"]),
        ("Fenland\n\n", "In 2019 the Moorland Red Crescent had 12 clubs", "FEN", []),
        ("", "In 2019 the Moorland Red Crescent had 12 clubs", "MOOR", []),
        ("", "The Rowing Council counted 12 clubs in Fenland in 2019", "FEN", []),
    ],
)
def test_a_part_of_an_agents_name_names_an_area_or_category_for_want_of_another_only(
    heading: str, quote: str, area: str, codes: list[str], tmp_path: Path
) -> None:
    write_code_lists(tmp_path)
    add_to_list(tmp_path, "agents", *AGENTS)
    found = refusals(
        tmp_path, f"{HEAD}{heading}{quote}.\n", {"observations": [observation(quote, area=area)]}
    )
    assert [code for _, code in found] == codes


@pytest.mark.parametrize(
    ("heading", "row", "label"),
    [
        ("Clubs in Fenland    2010    2011", "All    12    15", "Clubs in Fenland 2010 2011"),
        (
            "| Clubs in Fenland | 2010 | 2011 |",
            "| All | 12 | 15 |",
            "Clubs in Fenland | 2010 | 2011",
        ),
        ("Clubs in Fenland, 2010 and 2011", "All: 12 and 15", "Clubs in Fenland, 2010 and 2011"),
    ],
)
def test_each_number_under_two_years_has_a_row_with_the_heading_of_both(
    heading: str, row: str, label: str, tmp_path: Path
) -> None:
    write_code_lists(tmp_path)
    first, both = row[: row.index("12") + 2], row[: row.index("15") + 2]
    rows = [
        observation(first, period="2010", label=label),
        observation(both, value="15", period="2011", label=label),
    ]
    assert refusals(tmp_path, f"{HEAD}{heading}\n{row}\n", {"observations": rows}) == []


def test_a_year_under_none_of_the_two_is_refused_with_the_years_of_the_heading(
    tmp_path: Path,
) -> None:
    write_code_lists(tmp_path)
    write_source(
        tmp_path,
        "club",
        f"{HEAD}Clubs in Fenland    2010    2011\nAll    12    15\n",
        {
            "observations": [
                observation("All    12", period="2012", label="Clubs in Fenland 2010 2011")
            ]
        },
    )
    (refused,) = [defect for defect in check(tmp_path).defects if defect.column == "period"]
    assert refused.expected.endswith(": 2010 and 2011")


@pytest.mark.parametrize(
    ("words", "quote", "kind", "offered"),
    [
        ("The target of the union is 70.", "70", "idiom", "plan"),
        ("The shire has 12 clubs.", "12 clubs", "document", "limit"),
        ("Some 12 percent came.", "12 percent", "document", "plan"),
        ("The shire pays 500 to each per month.", "500 to each per month", "document", "denied"),
    ],
)
def test_a_waiver_that_the_words_contradict_is_refused_and_one_that_is_offered_is_accepted(
    words: str, quote: str, kind: str, offered: str, tmp_path: Path
) -> None:
    write_code_lists(tmp_path)
    write_source(
        tmp_path, "club", f"{HEAD}{words}\n", {"waivers": [f"{quote},{kind},,It is no fact"]}
    )
    (refused,) = check(tmp_path).defects
    assert (refused.column, refused.code) == ("kind", "waiver_hides_a_fact")
    assert offered in refused.expected
    assert kind not in refused.expected.partition("such: ")[2]
    line = f"{quote},{offered},,It is no fact"
    (tmp_path / "club" / "waivers.csv").write_text(
        f"{HEADINGS['waivers']}\n{line}\n", encoding="utf-8"
    )
    assert check(tmp_path).defects == []


def test_columns_of_a_page_about_clubs_are_of_the_document(tmp_path: Path) -> None:
    write_code_lists(tmp_path)
    rows = {"waivers": ["The page has 12 columns,document,,How it is set"]}
    assert refusals(tmp_path, f"{HEAD}The page has 12 columns on clubs.\n", rows) == []


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("The boats are green", ["label_names_nothing"]),
        ("clubs", []),
        ("the shire", []),
        ("in 2019", []),
        ("to the nearest ten", ["label_names_nothing"]),
    ],
)
def test_a_label_quote_names_something_of_its_row(
    label: str, codes: list[str], tmp_path: Path
) -> None:
    write_code_lists(tmp_path)
    quote = "In Fenland 12 clubs met in 2019"
    text = (
        f"{HEAD}The boats are green. Counts are rounded to the nearest ten. {quote}. Of "
        "clubs the shire spoke in 2019.\n"
    )
    rows = {
        "observations": [observation(quote, label=label)],
        "waivers": ["spoke in 2019,document,,When it was said"],
    }
    found = [code for _, code in refusals(tmp_path, text, rows) if code != "stale_waiver"]
    assert found == codes


def test_days_in_digits_are_read_in_the_order_of_the_source_wherever_they_are_quoted(
    tmp_path: Path,
) -> None:
    write_code_lists(tmp_path)
    quote, occasion = "Fenland had 12 clubs", "the fair of 05/11/2023"
    told = f"The Shire Council said at {occasion} that it will row in Fenland."
    text = f"Clubs\n05/12/2023\n\nAs of 05/11/2023\n\n{quote}.\n\n{told}\n"
    said = f"s,2023-05-11,council,,{occasion},indirect,FEN,{told},,"
    rows = {
        "observations": [observation(quote, period="2023-05-11", label="05/11/2023")],
        "statements": [said],
    }
    keys = {"published": "2023-05-12", "published_quote": "05/12/2023", "day_order": "MDY"}
    assert refusals(tmp_path, text, rows, **keys) == []


PERCENT = [
    f"s{year},member_share,FEN,chess,{year},12,,,In {year} {CHESS},,,," for year in (2018, 2019)
]


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (2, ["codelists/indicators.csv:4:unit"]),
        (1, ["club/observations.csv:2:indicator"]),
    ],
)
def test_a_slip_in_the_unit_of_an_indicator_is_told_once_where_it_was_made(
    count: int, places: list[str], tmp_path: Path
) -> None:
    write_code_lists(tmp_path)
    path = tmp_path / "codelists" / "indicators.csv"
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace("members,percent", "members,KZT"), encoding="utf-8")
    text = HEAD + "".join(f"In {year} {CHESS}.\n" for year in (2018, 2019)[:count])
    found = refusals(tmp_path, text, {"observations": PERCENT[:count]})
    assert list(dict.fromkeys(place for place, _ in found)) == places
    path.write_text(sound, encoding="utf-8")
    assert check(tmp_path).defects == []
