"""Questions that an analyst has: each is one plain SELECT over the DuckDB file, with the right
answer.
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.check import Checked
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.release.database import build_database
from pipeline.release.release import with_history
from tests.conftest import ROOT, SOURCE

QUESTIONS: dict[str, str] = dict(
    re.findall(
        r"^-- ([^\n]+\?)\n(SELECT .+?);$",
        (ROOT / "tests" / "questions.sql").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
"""Each SELECT by its question."""

UNNAMED = (
    "122 of 300 dialogue bodies belong to no named group (40.7 %); the 3 named groups hold 178. "
    "The parts fit into the whole and do not fill it."
)

CAVEAT = (
    "Rounded as printed. Another reading: The "
    'source lists "Almaty" among oblasts, but the name is the city\'s too, and the city has '
    "more organisations than most oblasts."
)
ONE_WITHOUT_DECIMALS = (
    "7 values are listed, not all with the same number of decimals: 16 with 0 after the point."
)
ONE_WITH_ONE_DECIMAL = (
    "6 values are listed, not all with the same number of decimals: 17.9 with 1 after the point."
)
REASON = (
    "The article counts 300 venues and places 20 under the president, 14 under the government"
    ' and 144 in regional and city administrations. It says "such as consultative, advisory '
    'bodies and expert and working groups" of the 300 and does not say that the three groups '
    'are all; where the other 122 are it leaves open. "Such bodies" may also be the '
    "consultative and advisory ones alone; then the three levels may hold more of the 300."
)
DIRECT = (
    "“Working in the region since 1997, we are witnessing the rapid development of civil "
    "society in the country and successful reforms in this sphere,”"
)
INDIRECT = (
    "She also noted that Kazakhstan has some of the most effective legislation in this field "
    "among the post-Soviet countries."
)
RIGHTS = (
    "The article states no licence. It is a ministry's notice to the press, quoted here in "
    "full so that each value can be checked against its words."
)

ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "How many NGOs were there in 2011?": [("more than 18,000", 18_001, None)],
    (
        "What share of all organisations does Almaty oblast have, as printed, and between which "
        "limits can it be?"
    ): [("17.9 percent", Decimal("17.85"), Decimal("17.95"))],
    "How many dialogue bodies are in no named group, and what share of all are they?": [
        (122, 122, 40.7)
    ],
    "What is said of Almaty oblast, and what should I mind?": [
        (
            "share of all organisations, Almaty oblast",
            "17.9 percent",
            CAVEAT,
            f"sources/{SOURCE}.html#share-almaty",
        )
    ],
    "Which words was the number of NGOs read from, and where do they stand in the text?": [
        ("more than 18,000", 766, 782, f"sources/{SOURCE}.html#ngos")
    ],
    "Which checks do not hold, and why?": [
        (
            "activity_shares_are_printed_alike",
            "remark",
            ONE_WITHOUT_DECIMALS,
        ),
        (
            "activity_shares_differ",
            "remark",
            "Of 7 listed values some are printed more than once: 20.4 (3 times).",
        ),
        ("every_dialogue_body_is_named", "finding", UNNAMED),
        (
            "regional_shares_are_printed_alike",
            "remark",
            ONE_WITH_ONE_DECIMAL,
        ),
    ],
    "Which findings are there, and with which reason were they acknowledged?": [
        (
            UNNAMED,
            "incomplete",
            122,
            122,
            REASON,
        )
    ],
    "What was added, removed or changed in the events since the release before?": [
        (f"{SOURCE}/bodies-established", "added", None, None, None),
        (f"{SOURCE}/forums-held", "added", None, None, None),
        (f"{SOURCE}/programme-2003-adopted", "added", None, None, None),
        (f"{SOURCE}/regional-programmes-adopted", "added", None, None, None),
        (f"{SOURCE}/concept-2006-term", "value", "who", "kz_state", None),
        (f"{SOURCE}/programme-2003", "value", "who", "kz_government", None),
    ],
    "Which numbers are lower bounds only?": [
        ("NGOs, Kazakhstan", "more than 18,000", 18_001),
        ("non-commercial organisations, Kazakhstan", "more than 35,000", 35_001),
    ],
    "Which facts can be read in another way, and how?": [
        (
            "dialogue bodies, under the government, Kazakhstan",
            "indicator",
            "dialogue_bodies",
            "consultative_bodies",
        ),
        (
            "dialogue bodies, under the president, Kazakhstan",
            "indicator",
            "dialogue_bodies",
            "consultative_bodies",
        ),
        (
            "dialogue bodies, regional and city administrations, Kazakhstan",
            "category",
            "regional_and_city",
            "regional",
        ),
        (
            "dialogue bodies, regional and city administrations, Kazakhstan",
            "indicator",
            "dialogue_bodies",
            "consultative_bodies",
        ),
        (
            "new organisations a year, Kazakhstan",
            "indicator",
            "organisations_growth",
            "ngos_growth",
        ),
        (
            "new organisations a year, Kazakhstan",
            "indicator",
            "organisations_growth",
            "organisations_new",
        ),
        ("share of all organisations, Almaty oblast", "area", "KZ-ALM", "KZ-ALA"),
    ],
    "Which numbers of organisations follow from the facts, though no source states them?": [
        (f"non-commercial organisations, {where}", least, None)
        for where, least in (
            ("Almaty oblast, 23 December 2011", 6_248),
            ("East Kazakhstan oblast, 23 December 2011", 2_165),
            ("Karaganda oblast, 23 December 2011", 3_152),
            ("Kazakhstan, 2006", 29_021),
            ("Kostanay oblast, 23 December 2011", 2_260),
            ("South Kazakhstan oblast, 23 December 2011", 3_936),
            ("Zhambyl oblast, 23 December 2011", 2_354),
        )
    ],
    "What happened, in order?": [
        ("1991", "Kazakhstan: independence"),
        ("1997/..", "International Centre for Not-for-Profit Law: Working in the region"),
        ("2002", "Government of Kazakhstan: approved the Concept on State Support for NGOs"),
        ("2003", "specific programme to implement the Concept was adopted"),
        ("2003/2005", "specific programme to implement the Concept"),
        ("2006", "Kazakhstan: approved the Concept on Civil Society"),
        ("2006/2011", "Concept on Civil Society"),
        ("2011-10", "Fifth Civil Society Forum"),
        ("XXXX", "Kazakhstan: held regular Civil Society Forums"),
        ("XXXX", "consultative and advisory bodies have been established"),
        ("XXXX", "regional programmes to promote state support for NGOs were adopted"),
    ],
    "Who other than the publisher claims what?": [
        (
            "Natalia Bourjaily",
            DIRECT,
        ),
        (
            "Natalia Bourjaily",
            INDIRECT,
        ),
        ("Natalia Bourjaily", "Working in the region since 1997, we are witnessing"),
    ],
    "Which documents were the facts read from, and under which rights?": [
        (
            "Systematic State – Civil Society Partnership Needs to Continue",
            "Ministry of Foreign Affairs of Kazakhstan",
            "2011-12-23",
            RIGHTS,
            True,
        )
    ],
    "Which shares must not be added up?": [
        ("youth organisations", "43.9 percent"),
        ("work with children", "24.5 percent"),
        ("medical care or assistance", "21.2 percent"),
        ("education", "20.4 percent"),
        ("environmental issues", "20.4 percent"),
        ("families and women", "20.4 percent"),
        ("rights of people with disabilities", "16 percent"),
    ],
    "In which unit is each indicator counted?": [
        ("consultative_bodies", "bodies", None),
        ("dialogue_bodies", "bodies", None),
        ("forum_number", "running number", None),
        ("independence_years", "years", None),
        ("ngos", "NGOs", None),
        ("ngos_activity_share", "percent", None),
        ("ngos_growth", "NGOs", "year"),
        ("organisations", "organisations", None),
        ("organisations_growth", "organisations", "year"),
        ("organisations_new", "organisations", "year"),
        ("organisations_share", "percent", None),
    ],
    "How many facts of each type does no check speak of?": [("statement", 14)],
    "Which releases are there, in order, and what is each based on?": [
        ("1.0.0", date(2026, 11, 24), None),
        ("2.0.0", date(2026, 11, 27), "1.0.0"),
    ],
    "Which numerals and labels of the texts are no facts, and why?": [
        ("first", "idiom", '"First" places the 20 years at the beginning; the 20 is the value'),
        ("first days", "idiom", '"First days" is a beginning, not a number of days'),
        ("third sector", "name", "A name for civil society beside state and business"),
    ],
    "Which facts does the check of the dialogue bodies speak of?": [
        ("dialogue bodies, Kazakhstan", "300"),
        ("dialogue bodies, regional and city administrations, Kazakhstan", "144"),
        ("dialogue bodies, under the president, Kazakhstan", "Twenty"),
        ("dialogue bodies, under the government, Kazakhstan", "14"),
    ],
}


@pytest.fixture(scope="module")
def database(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DuckDB file as of 2.0.0, whose changes are those since 1.0.0 whatever is released now."""
    releases = read_releases(RawFolder(ROOT / "raw")).rows.head(2)
    tables = with_history(article.tables, ROOT / "outputs", releases)
    return build_database(tables, tmp_path_factory.mktemp("outputs"))


@pytest.mark.parametrize("question", ANSWERS)
def test_an_analyst_gets_the_right_answer(question: str, database: Path) -> None:
    with duckdb.connect(str(database), read_only=True) as con:
        assert con.execute(QUESTIONS[question]).fetchall() == ANSWERS[question]


def test_each_question_is_one_plain_select_without_quotes() -> None:
    text = (ROOT / "tests" / "questions.sql").read_text(encoding="utf-8")
    assert list(QUESTIONS) == list(ANSWERS)
    assert text.count(";") == text.count("-- ") == len(QUESTIONS) == 20
    for select in QUESTIONS.values():
        assert not re.search(r'"|\bjson|\bWITH\b|\(\s*SELECT', select, re.IGNORECASE)


def test_a_view_across_schemas_is_read_from_another_database_too(database: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{database}' AS civil_society (READ_ONLY)")
        found = con.execute("SELECT count(*) FROM civil_society.implied_values").fetchall()
        days = con.execute(
            "SELECT first_day, last_day FROM civil_society.implied_values WHERE fact_id = ?",
            [f"{SOURCE}/independence"],
        ).fetchall()
    assert found == [(22,)]
    assert days == [(date(1991, 1, 1), date(1991, 12, 26))]
