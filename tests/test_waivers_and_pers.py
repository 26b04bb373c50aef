"""The waivers that are offered to paste are accepted as they stand, and a flow per quarter can be
entered.
"""

from pathlib import Path

import pytest

from pipeline.check import check
from tests.own_sources import INDICATORS, write_code_lists, write_source

RUSSIAN = "3 марта 2020 года\n\nЗа последние десять лет клубы ждали одобрения одного проекта.\n"
ENGLISH = "3 March 2020\n\nOver the last ten years the shire waited for one project.\n"
KAZAKH = "2020 жылғы 3 наурыз\n\nСоңғы он жыл ішінде клубтар екі жобаны күтті.\n"


def offered(raw: Path) -> list[str]:
    """Return the rows of waivers.csv that the defects of a folder offer, with a reason."""
    lines = [line for defect in check(raw).defects for line in defect.expected.splitlines()]
    return [
        line.partition("waivers.csv: ")[2].replace("REASON", "It is no fact")
        for line in lines
        if "waivers.csv: " in line
    ]


@pytest.mark.parametrize(
    ("tag", "text", "published", "kinds"),
    [
        ("ru", RUSSIAN, "3 марта 2020 года", ["limit", "idiom"]),
        ("en", ENGLISH, "3 March 2020", ["limit", "idiom"]),
        ("kk", KAZAKH, "2020 жылғы 3 наурыз", ["limit", "KIND"]),
    ],
)
def test_a_time_up_to_now_and_the_number_one_are_offered_with_a_kind_that_is_accepted(
    tag: str, text: str, published: str, kinds: list[str], tmp_path: Path
) -> None:
    write_code_lists(tmp_path)
    write_source(tmp_path, "waits", text, {}, language=tag, published_quote=published)
    rows = offered(tmp_path)
    assert [row.split(",")[1] for row in rows] == kinds
    taken = [row.replace("KIND", "plan") for row in rows]
    (tmp_path / "waits" / "waivers.csv").write_text(
        "\n".join(["quote,kind,fact_id,reason", *taken, ""]), encoding="utf-8"
    )
    assert [defect.at("raw") for defect in check(tmp_path).defects] == []


@pytest.mark.parametrize(
    ("words", "period", "codes"),
    [
        ("In the first quarter of 2019, the union had 120 new clubs", "2019-01/2019-03", []),
        ("In 2019, the union had 120 new clubs a quarter", "2019", []),
        ("In 2019, the union had 120 new clubs", "2019", ["per_disagrees"]),
        (
            "From January 2018 to March 2019, the union had 120 new clubs",
            "2018-01/2019-03",
            ["per_disagrees"],
        ),
    ],
)
def test_a_flow_per_quarter_is_one_of_a_quarter_or_says_so(
    words: str, period: str, codes: list[str], tmp_path: Path
) -> None:
    write_code_lists(tmp_path)
    lines = (
        INDICATORS.replace("base,", "base,per,"),
        "clubs,clubs,,Clubs that exist,clubs,true,stock,,,,",
        "clubs_new,new clubs,,Clubs that open,clubs,true,flow,clubs,quarter,,",
    )
    (tmp_path / "codelists" / "indicators.csv").write_text(
        "".join(f"{line}\n" for line in lines), encoding="utf-8"
    )
    row = f'opened,clubs_new,FEN,,{period},120,,,"{words}",,,,'
    text = f"3 March 2020, in Fenland\n\n{words}.\n"
    write_source(tmp_path, "opens", text, {"observations": [row]})
    assert [defect.code for defect in check(tmp_path).defects] == codes
