"""A text and its translation: what both say, what one says otherwise, and what only one says."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import Checked, check
from pipeline.cli import main
from pipeline.defects import Defect
from pipeline.operate.code_location import definitions
from pipeline.operate.workspace import Workspace
from schemas.rules import FACTS_ARE_CHECKED, TRANSLATIONS_AGREE
from schemas.tables import TABLES
from tests.conftest import Told
from tests.own_sources import write_code_lists, write_source

ORIGINAL = (
    "3 March 2020\n\nThe shire has more than 400 clubs. In 2019 there were 150 clubs for chess "
    "in Fenland. "
    "Rowing in Fenland has 61.5 percent of members. "
    "In 2018 the council opened a boathouse in Moorland. In 2017 the union met.\n"
)
TRANSLATED = (
    "5 March 2020\n\nMore than 400 clubs exist in Fenland. Chess in the shire counted 150 clubs "
    "in 2019. "
    "61.5 percent of members chose rowing in the shire. "
    "A boathouse in Moorland: the council built it in 2018. The union assembled in 2017.\n"
)
NUMBERS = {
    "all": "clubs,FEN,,,400,gt,,The shire has more than 400 clubs,,,,",
    "chess": "clubs,FEN,chess,2019,150,,,In 2019 there were 150 clubs for chess in Fenland,,,,",
    "rowing": "member_share,FEN,rowing,,61.5,,,Rowing in Fenland has 61.5 percent of members,,,,",
}
EVENTS = {
    "boathouse": (
        "2018,council,opened a boathouse,MOOR,In 2018 the council opened a boathouse in Moorland,,,"
    ),
    "meeting": "2017,union,the union met,,In 2017 the union met,,,",
}
NUMBERS_AGAIN = {
    "every-club": "clubs,FEN,,,400,gt,,More than 400 clubs exist in Fenland,,,,",
    "of-chess": "clubs,FEN,chess,2019,150,,,Chess in the shire counted 150 clubs in 2019,,,,",
    "of-rowing": (
        "member_share,FEN,rowing,,61.5,,,61.5 percent of members chose rowing in the shire,,,,"
    ),
}
EVENTS_AGAIN = {
    "built": (
        "2018,council,A boathouse,MOOR,A boathouse in Moorland: the council built it in 2018,,,"
    ),
    "assembly": "2017,union,The union assembled,,The union assembled in 2017,,,",
}

Rows = dict[str, str]


def rows_of(numbers: Rows, events: Rows) -> dict[str, list[str]]:
    """Rows of the CSV files, from what follows each name."""
    files = {"observations": numbers, "events": events}
    return {file: [f"{name},{row}" for name, row in rows.items()] for file, rows in files.items()}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder with the original alone."""
    raw = tmp_path / "raw"
    write_code_lists(raw)
    write_source(raw, "gazette", ORIGINAL, rows_of(NUMBERS, EVENTS))
    return raw


@pytest.fixture
def translate(raw: Path) -> Callable[..., Checked]:
    """Add the translation, some of its words replaced in its text and in its rows, and check
    both.
    """

    def translate(
        *changes: tuple[str, str], rows: dict[str, list[str]] | None = None, **more: str
    ) -> Checked:
        text, typed = TRANSLATED, rows or rows_of(NUMBERS_AGAIN, EVENTS_AGAIN)
        for old, new in changes:
            assert old in text or any(old in row for lines in typed.values() for row in lines)
            text = text.replace(old, new)
            typed = {
                file: [row.replace(old, new) for row in lines] for file, lines in typed.items()
            }
        toml = {
            "published": "2020-03-05",
            "published_quote": "5 March 2020",
            "translation_of": "gazette",
            **more,
        }
        write_source(raw, "bulletin", text, typed, **toml)
        checked = check(raw)
        assert [defect.at("raw") for defect in checked.defects] == []
        return checked

    return translate


def compared(checked: Checked) -> pl.DataFrame:
    return checked.tables["check_results"].filter(rule_id=TRANSLATIONS_AGREE)


def findings(checked: Checked) -> list[tuple[str, str]]:
    """What is found of the translation: the type and the facts' names, without those that agree."""
    table = checked.tables["findings"].filter(rule_id=TRANSLATIONS_AGREE)
    return sorted(table.select("type", "group_id").rows())


def test_equal_facts_in_other_words_are_pairs_that_agree_though_published_on_another_day(
    translate: Callable[..., Checked],
) -> None:
    checked = translate()
    assert set(compared(checked)["outcome"]) == {"satisfied"}
    assert set(compared(checked)["group_id"]) == {
        "gazette/all bulletin/every-club",
        "gazette/chess bulletin/of-chess",
        "gazette/rowing bulletin/of-rowing",
        "gazette/boathouse bulletin/built",
        "gazette/meeting bulletin/assembly",
    }
    assert findings(checked) == []
    assert checked.unacknowledged == []
    for name, schema in TABLES.items():
        schema.validate(checked.tables[name], lazy=True)


PAIR = "gazette/chess bulletin/of-chess"


@pytest.mark.parametrize(
    ("changes", "pair", "said"),
    [
        (
            [("150", "160")],
            PAIR,
            "gazette says 150, its translation bulletin says 160. They cannot both be true",
        ),
        (
            [("counted 150", "counted more than 150"), (",150,,", ",150,gt,")],
            PAIR,
            "says more than 150. They cannot both",
        ),
        (
            [("counted 150", "counted about 150"), (",150,,", ",150,approx,")],
            PAIR,
            "says about 150. Both can be true, but a translation says the same; other here: hedge",
        ),
        (
            [("More than 400", "At least 400"), (",400,gt", ",400,ge")],
            "gazette/all bulletin/every-club",
            (
                "gazette says more than 400, its translation bulletin says at least 400. Both can "
                "be true"
            ),
        ),
        (
            [("More than 400", "More than 390"), (",400,", ",390,")],
            "gazette/all bulletin/every-club",
            (
                "says more than 390. Both can be true, but a translation says the same; other "
                "here: number"
            ),
        ),
        (
            [("61.5 percent", "61.50 percent"), (",61.5,", ",61.50,")],
            "gazette/rowing bulletin/of-rowing",
            "says 61.50. Both can be true, but a translation says the same; other here: precision",
        ),
        (
            [("boathouse in Moorland", "boathouse in Fenland"), (",MOOR,", ",FEN,")],
            "gazette/boathouse bulletin/built",
            (
                "says 'A boathouse' in FEN. Both can be true, but a translation says the same; "
                "other here: place"
            ),
        ),
    ],
)
def test_a_fact_that_the_translation_says_otherwise_is_a_contradiction_that_says_how(
    translate: Callable[..., Checked], changes: list[tuple[str, str]], pair: str, said: str
) -> None:
    checked = translate(*changes)
    assert findings(checked) == [("contradiction", pair)]
    assert said in compared(checked).filter(group_id=pair)["explanation"].item()
    (defect,) = [one for one in checked.unacknowledged if TRANSLATIONS_AGREE in one.expected]
    assert said in defect.message


def test_a_number_that_the_translation_puts_in_somebodys_mouth_is_a_contradiction(
    translate: Callable[..., Checked],
) -> None:
    claimed = "150 clubs in 2019 according to the council"
    row = "clubs,FEN,chess,2019,150,,,Chess in the shire counted 150 clubs in 2019,,,council,"
    checked = translate(
        ("150 clubs in 2019", claimed),
        rows=rows_of({**NUMBERS_AGAIN, "of-chess": row}, EVENTS_AGAIN),
    )
    assert findings(checked) == [("contradiction", PAIR)]
    assert (
        "says 150 (claimed by council). Both can be true"
        in compared(checked).filter(group_id=PAIR)["explanation"].item()
    )


@pytest.mark.parametrize(
    "changes",
    [
        [
            ("150 clubs", "150 members"),
            ("clubs,FEN,chess,2019", "members,FEN,,2019"),
            ("Chess in", "People in"),
        ],
        [("Chess in the shire", "Chess in Moorland"), ("clubs,FEN,chess", "clubs,MOOR,chess")],
        [("Chess in", "Rowing in"), ("clubs,FEN,chess", "clubs,FEN,rowing")],
        [("in 2019", "in 2016"), (",2019,", ",2016,")],
    ],
    ids=["indicator and unit", "area", "category", "period"],
)
def test_a_fact_about_something_else_is_what_each_text_lacks(
    translate: Callable[..., Checked], changes: list[tuple[str, str]]
) -> None:
    checked = translate(*changes)
    assert findings(checked) == [
        ("incomplete", "gazette bulletin/of-chess"),
        ("incomplete", "gazette/chess bulletin"),
    ]


@pytest.mark.parametrize(("file", "name"), [("observations", "of-chess"), ("events", "assembly")])
def test_what_the_translation_leaves_out_is_incomplete_and_named(
    translate: Callable[..., Checked], file: str, name: str
) -> None:
    rows = rows_of(NUMBERS_AGAIN, EVENTS_AGAIN)
    rows[file] = [row for row in rows[file] if not row.startswith(f"{name},")]
    sentence = (
        "Chess in the shire counted 150 clubs in 2019. "
        if file == "observations"
        else " The union assembled in 2017."
    )
    lost = "gazette/chess" if file == "observations" else "gazette/meeting"
    checked = translate((sentence, ""), rows=rows)
    assert findings(checked) == [("incomplete", f"{lost} bulletin")]
    explanation = compared(checked).filter(group_id=f"{lost} bulletin")["explanation"].item()
    assert f"({lost}), and bulletin does not." in explanation


def test_what_the_translation_adds_is_incomplete_and_named(
    translate: Callable[..., Checked],
) -> None:
    rows = rows_of(
        {**NUMBERS_AGAIN, "more": "members,MOOR,,,77,,,Moorland has 77 members,,,,"},
        {**EVENTS_AGAIN, "again": "2016,union,the union danced,,In 2016 the union danced,,,"},
    )
    added = "The union assembled in 2017. Moorland has 77 members. In 2016 the union danced."
    checked = translate(("The union assembled in 2017.", added), rows=rows)
    assert findings(checked) == [
        ("incomplete", "gazette bulletin/again"),
        ("incomplete", "gazette bulletin/more"),
    ]
    finding = checked.tables["findings"].filter(group_id="gazette bulletin/more").row(0, named=True)
    assert (finding["lower"], finding["upper"]) == (77, 77)


def test_another_date_or_doer_of_an_event_is_found(translate: Callable[..., Checked]) -> None:
    checked = translate(
        ("The union assembled in 2017", "The union assembled in 2016"),
        (",2017,union", ",2016,union"),
    )
    assert findings(checked) == [
        ("incomplete", "gazette bulletin/assembly"),
        ("incomplete", "gazette/meeting bulletin"),
    ]


def test_of_facts_alike_those_that_say_the_same_are_paired_first(
    translate: Callable[..., Checked],
) -> None:
    """The original has one number of clubs; the translation says it, and before it another one."""
    more = "more,clubs,FEN,,,300,gt,,The shire has more than 300 clubs,,,,"
    rows = rows_of(NUMBERS_AGAIN, EVENTS_AGAIN)
    rows["observations"].append(more)
    checked = translate(
        ("More than 400", "The shire has more than 300 clubs. More than 400"), rows=rows
    )
    assert findings(checked) == [("incomplete", "gazette bulletin/more")]


def write_acknowledged(raw: Path, *rows: str) -> None:
    lines = ("rule_id,group_id,type,lower,upper,reason", *rows)
    (raw / "findings.csv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def row_to_paste(finding: Defect, reason: str) -> str:
    """Return the row of findings.csv that a defect offers, with its reason."""
    return finding.expected.split(": ", 1)[1].split("...")[0] + reason


def test_an_acknowledged_difference_stops_nothing_until_it_changes(
    raw: Path, translate: Callable[..., Checked]
) -> None:
    checked = translate(("150", "160"))
    (new,) = [one for one in checked.unacknowledged if TRANSLATIONS_AGREE in one.expected]
    others = [one for one in checked.unacknowledged if one is not new]
    row = f"{TRANSLATIONS_AGREE},{PAIR},contradiction,-10,-10"
    assert f"{row},..." in new.expected
    acknowledged = [row_to_paste(one, "The translator erred here") for one in (new, *others)]
    write_acknowledged(raw, *acknowledged)
    assert check(raw).unacknowledged == []
    write_acknowledged(raw, *(line.replace("-10,-10", "-11,-11") for line in acknowledged))
    assert "changed_finding" in {defect.code for defect in check(raw).unacknowledged}


@pytest.mark.parametrize("source", ["gazette", "bulletin"])
def test_each_of_the_two_is_checked_by_itself_without_the_other(
    raw: Path, translate: Callable[..., Checked], source: str
) -> None:
    translate(("150", "160"))
    write_acknowledged(
        raw, f"{TRANSLATIONS_AGREE},{PAIR},contradiction,-10,-10,The translator erred"
    )
    alone = check(raw, source)
    assert alone.defects == []
    assert alone.unacknowledged == []
    assert compared(alone).is_empty()


def test_the_command_line_names_the_difference_and_the_row_that_acknowledges_it(
    raw: Path, translate: Callable[..., Checked], told: Told
) -> None:
    translate(("150", "160"))
    assert main(["check", "--raw", str(raw)]) == 1
    out = "".join(told())
    assert (
        "translations_agree (contradiction): clubs, chess, Fenland, 2019: gazette says 150" in out
    )
    assert f"translations_agree,{PAIR},contradiction,-10,-10,..." in out


def test_the_rule_is_there_with_the_first_translation_and_has_a_check_of_its_own(
    raw: Path, translate: Callable[..., Checked], tmp_path: Path
) -> None:
    def checks() -> set[str]:
        asset_checks = (
            definitions(Workspace(raw, tmp_path / "outputs")).resolve_asset_graph().asset_check_keys
        )
        return {key.name for key in asset_checks}

    assert TRANSLATIONS_AGREE not in checks()
    assert check(raw).tables["rules"].filter(rule_id=TRANSLATIONS_AGREE).is_empty()
    rule = (
        translate()
        .tables["rules"]
        .row(by_predicate=pl.col("rule_id") == TRANSLATIONS_AGREE, named=True)
    )
    assert rule["raw_file"] == "bulletin/source.toml"
    assert (
        "translation_of"
        in (raw / rule["raw_file"]).read_text(encoding="utf-8").splitlines()[rule["raw_line"] - 1]
    )
    assert TRANSLATIONS_AGREE in checks()


def test_a_release_with_a_translation_that_errs_is_published_and_verified(
    raw: Path, translate: Callable[..., Checked], tmp_path: Path, told: Told
) -> None:
    checked = translate(("150", "160"))
    write_acknowledged(
        raw, *(row_to_paste(row, "The translator erred here") for row in checked.unacknowledged)
    )
    (raw / "releases.csv").write_text(
        "version,date,based_on,reason\n1.0.0,2026-11-24,,The first sources\n", encoding="utf-8"
    )
    outputs = tmp_path / "outputs"
    assert main(["release", "--raw", str(raw), "--outputs", str(outputs)]) == 0, told()
    assert main(["verify", str(outputs / "releases" / "1.0.0")]) == 0, told()
    assert "translations_agree" in (
        outputs / "releases" / "1.0.0" / "tables" / "findings.csv"
    ).read_text(encoding="utf-8")


def test_a_fact_that_only_its_translation_says_again_is_still_one_that_no_rule_speaks_of(
    translate: Callable[..., Checked],
) -> None:
    assert "gazette/chess" in translate().remarks[FACTS_ARE_CHECKED]


def test_no_other_rule_may_have_its_name(raw: Path) -> None:
    rule = 'id = "translations_agree"\nkind = "same_quantity"\ntitle = "Mine"\nseverity = "error"\n'
    (raw / "rules.toml").write_text(f"[[rule]]\n{rule}", encoding="utf-8")
    assert [(defect.file, defect.column) for defect in check(raw).defects] == [("rules.toml", "id")]


def test_no_rules_file_has_a_rule_of_its_kind(raw: Path) -> None:
    rule = 'id = "mine"\nkind = "translation"\ntitle = "Mine"\nseverity = "error"\n'
    (raw / "rules.toml").write_text(f"[[rule]]\n{rule}", encoding="utf-8")
    assert [(defect.file, defect.column) for defect in check(raw).defects] == [
        ("rules.toml", "kind")
    ]
