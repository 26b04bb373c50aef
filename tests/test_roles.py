"""Every mention has a role, every waiver its use, and direct speech is a statement."""

from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.defects import Defect
from tests.conftest import SOURCE, Edit

OBSERVATIONS = f"{SOURCE}/observations.csv"
WAIVERS = f"{SOURCE}/waivers.csv"
HEALTH_QUOTE = "21.2 percent are involved in medical care or assistance"
HEALTH = (
    f"activity-health,ngos_activity_share,KZ,health,,21.2,,,{HEALTH_QUOTE},,percent of NGOs,,\n"
)


def only(raw: Path, code: str) -> Defect:
    (defect,) = [defect for defect in check(raw).defects if defect.code == code]
    return defect


def test_a_number_without_a_role_is_shown_in_its_sentence_with_rows_to_paste(
    raw: Path, edit: Edit
) -> None:
    edit(OBSERVATIONS, HEALTH, "")
    defect = only(raw, "mention_without_role")
    assert (defect.file, defect.line, defect.column, defect.found) == (
        f"{SOURCE}/text.txt",
        9,
        "141",
        "21.2 percent",
    )
    assert f"observations.csv: FACT_ID,INDICATOR,AREA,,,21.2,,,{HEALTH_QUOTE},,,," in defect.message
    assert "waivers.csv: 21.2 percent,KIND,,REASON" in defect.message


def test_a_pasted_row_that_is_filled_in_is_a_fact_again(raw: Path, edit: Edit) -> None:
    edit(OBSERVATIONS, HEALTH, "")
    row = next(
        line
        for line in only(raw, "mention_without_role").expected.splitlines()
        if "observations.csv: " in line
    )
    filled = row.split("observations.csv: ")[1].replace(
        "FACT_ID,INDICATOR,AREA,", "activity-health,ngos_activity_share,KZ,health"
    )
    with (raw / OBSERVATIONS).open("a", encoding="utf-8") as file:
        file.write(filled + "\n")
    assert check(raw).defects == []


def test_the_number_of_a_row_whose_quote_is_misspelled_is_not_offered_again(
    raw: Path, edit: Edit
) -> None:
    edit(OBSERVATIONS, HEALTH_QUOTE, HEALTH_QUOTE.replace("medical", "medcal"))
    (defect,) = check(raw).defects
    assert (defect.code, defect.column) == ("quote_not_found", "quote")


def test_lying_in_a_long_quote_is_no_role(raw: Path, edit: Edit) -> None:
    edit(OBSERVATIONS, HEALTH, "")
    edit(
        OBSERVATIONS,
        "24.5 percent work with children",
        '"24.5 percent work with children, 21.2 percent are involved"',
    )
    assert only(raw, "mention_without_role").found == "21.2 percent"


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("21.2 percent are involved", "a unit is at the number"),
        ("more than 18,000 NGOs", "a hedge is at the number"),
        ("300 venues for dialogue", "what is counted stands at the number"),
        ("In 2002, the government", "the words are a date"),
    ],
)
def test_no_waiver_hides_what_counts(quote: str, why: str, raw: Path) -> None:
    for name in ("observations.csv", "events.csv"):
        path = raw / SOURCE / name
        rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(row for row in rows if quote not in row), encoding="utf-8")
    with (raw / WAIVERS).open("a", encoding="utf-8") as file:
        file.write(f'"{quote}",idiom,,It counts nothing\n')
    hidden = [
        defect.expected for defect in check(raw).defects if defect.code == "waiver_hides_a_fact"
    ]
    assert any(f"a fact of its own, since {why};" in expected for expected in hidden)


def test_a_waiver_of_a_number_that_has_a_role_is_stale(raw: Path) -> None:
    with (raw / WAIVERS).open("a", encoding="utf-8") as file:
        file.write("the country has 300 venues,idiom,,It counts nothing\n")
    defect = only(raw, "stale_waiver")
    assert (defect.file, defect.line) == (WAIVERS, 5)


def test_direct_speech_without_a_statement_is_a_defect_with_the_row_to_paste(raw: Path) -> None:
    path = raw / SOURCE / "statements.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(row for row in rows if not row.startswith("bourjaily-direct")), encoding="utf-8"
    )
    defect = only(raw, "speech_without_statement")
    assert (defect.file, defect.line) == (f"{SOURCE}/text.txt", 11)
    assert (
        'statements.csv: FACT_ID,,WHO,,,direct,,"“Working in the region since 1997'
        in defect.message
    )
    assert 'waivers.csv: "“Working in the region since 1997' in defect.message


def test_two_facts_share_no_number_unless_they_say_so(raw: Path) -> None:
    with (raw / OBSERVATIONS).open("a", encoding="utf-8") as file:
        file.write(HEALTH.replace("activity-health", "activity-health-again"))
    assert "since activity-health has this one" in only(raw, "number_claimed_twice").message
