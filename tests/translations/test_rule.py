"""The rule that a translation says the same: where it is, and how what it finds is acknowledged."""

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
from tests.conftest import Told
from tests.translations.conftest import PAIR, compared


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


def test_no_rules_file_has_a_rule_of_its_kind(raw: Path) -> None:
    rule = 'id = "mine"\nkind = "translation"\ntitle = "Mine"\nseverity = "error"\n'
    (raw / "rules.toml").write_text(f"[[rule]]\n{rule}", encoding="utf-8")
    assert [(defect.file, defect.column) for defect in check(raw).defects] == [
        ("rules.toml", "kind")
    ]
