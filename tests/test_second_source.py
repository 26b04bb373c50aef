"""A source of another field, made up: a library's annual report, with every trap that a text can
hold.
"""

import hashlib
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import Checked, check
from tests.slips import SAMPLE
from tests.slips.harness import measure, sampled
from tests.slips.kinds import all_slips
from tests.slips.source_copy import read_source

SOURCE = "elm-2020"
# an emoji before the words, a no-break space in a number, a combining accent, a number split over
# two lines, the same sentence twice, text from right to left, and a table whose labels stand apart
TEXT = (
    "Elm Library: annual report\n3 March 2020\n\n"
    "📚 In 2019 the Elm Library lent 48\u00a0300 books. Cafe\u0301 visits came to 12,\n450 in "
    "2019.\n\n"
    "The branch counted more than 40 readers. The branch counted more than 40 readers. "
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd\n\n"
    "Loans by kind (percent)\nNovels  61.5\nMaps  38.5\n"
)
FILES = {
    "codelists/indicators.csv": """code,label,aliases,definition,unit,whole,kind,base,category_tree,area_level
loans,books lent,books,Books lent in a year,books,true,stock,,,
visits,café visits,,Visits to the café in a year,visits,true,stock,,,
readers,readers,,Readers counted,readers,true,stock,,,
loan_share,loans by kind,,Share of a kind in the loans,percent,false,share,loans,kinds,
""",
    "codelists/areas.csv": """code,label,aliases,parent,level,valid_from,valid_to,successor
ELM,Elm Library,the branch,,country,,,
OAK,Oak Library,,,country,,,
""",
    "codelists/categories.csv": """code,tree,label,aliases,parent,definition
novels,kinds,novels,,,
maps,kinds,maps,,,
""",
    "codelists/agents.csv": "code,label,aliases,kind,definition\nelm,Elm Library,,organisation,\n",
    f"{SOURCE}/observations.csv": """fact_id,indicator,area,category,period,value,relator,precision,quote,occurrence,label_quote,attributed_to,note
loans,loans,ELM,,2019,48300,,,In 2019 the Elm Library lent 48 300 books,,,,
visits,visits,ELM,,2019,12450,,,"Caf\u00e9 visits came to 12, 450 in 2019",,,,
readers,readers,ELM,,,40,gt,,The branch counted more than 40 readers,1,,,
novels,loan_share,ELM,novels,,61.5,,,Novels 61.5,,Loans by kind (percent),,
maps,loan_share,ELM,maps,,38.5,,,Maps 38.5,,Loans by kind (percent),,
""",
    f"{SOURCE}/events.csv": "fact_id,period,who,what,where,quote,occurrence,attributed_to,note\n",
    f"{SOURCE}/statements.csv": "fact_id,period,who,office,occasion,speech,where,quote,occurrence,note\n",
    f"{SOURCE}/waivers.csv": (
        "quote,kind,fact_id,reason\n40 readers. "
        "\u05e9\u05dc\u05d5\u05dd,repeats,readers,The same sentence again\n"
    ),
    f"{SOURCE}/readings.csv": "fact_id,column,taken,other,why\n",
    f"{SOURCE}/source.toml": f"""title = "Annual report"
publisher = "elm"
published = "2020-03-03"
published_quote = "3 March 2020"
published_basis = ""
language = "en-GB"
url = "https://elm.example/2020"
archived_url = ""
retrieved = "2020-03-04"
rights = "Made up"
republish_text = true
derived_from = ""
translation_of = ""
sha256 = "{hashlib.sha256(TEXT.encode()).hexdigest()}"
notes = ""

[expected]
observations = 5
events = 0
statements = 0
""",
    f"{SOURCE}/text.txt": TEXT,
    "rules.toml": """[[rule]]
id = "kinds_of_loans_sum_to_at_most_100_percent"
kind = "shares_partial"
title = "A loan is of one kind"
severity = "error"
shares = { indicator = "loan_share", over = "category" }
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("library") / "raw"
    for name, content in FILES.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return raw


@pytest.fixture(scope="module")
def checked(library: Path) -> Checked:
    return check(library)


def test_all_of_its_facts_are_sound(checked: Checked) -> None:
    assert [defect.at("raw") for defect in checked.defects] == []
    assert checked.unacknowledged == []


@pytest.mark.parametrize(
    ("fact", "printed", "quote"),
    [
        ("loans", "48\u00a0300", "In 2019 the Elm Library lent 48\u00a0300 books"),
        ("visits", "12,\n450", "Caf\u00e9 visits came to 12,\n450 in 2019"),
        ("readers", "40", "The branch counted more than 40 readers"),
        ("novels", "61.5", "Novels  61.5"),
    ],
)
def test_each_value_shows_the_words_as_the_text_prints_them(
    checked: Checked, fact: str, printed: str, quote: str
) -> None:
    row = checked.tables["observations"].row(
        by_predicate=pl.col("fact_id") == f"{SOURCE}/{fact}", named=True
    )
    assert (row["original_value"], row["quote"]) == (printed, quote)


def test_a_sentence_said_twice_is_one_fact_and_a_repetition(checked: Checked) -> None:
    twice = checked.tables["mentions"].filter(pl.col("low") == 40).select("role", "fact_id").rows()
    assert twice == [("value", f"{SOURCE}/readers"), ("waived", f"{SOURCE}/readers")]


def test_a_repetition_that_does_not_repeat_is_a_defect(library: Path, tmp_path: Path) -> None:
    source = read_source(library / SOURCE)
    other = source.with_cell("waivers", 0, fact_id="loans")
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copytree(library / "codelists", raw / "codelists")
    shutil.copy(library / "rules.toml", raw)
    other.write(raw / SOURCE, "")
    assert [defect.code for defect in check(raw).defects] == ["not_repeated"]


@pytest.mark.slow
def test_slips_in_it_are_caught_like_those_in_the_article(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = measure(
        library, SOURCE, sampled(all_slips(library, read_source(library / SOURCE)), SAMPLE)
    )
    with capsys.disabled():
        print(f"\n{measured.table()}")
    assert min(measured.rates().values()) >= 0.99, measured.table()
