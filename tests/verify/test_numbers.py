"""Numbers of every shape, of a text in the release and of one that may not be in it, are what their
mentions say.
"""

from pathlib import Path

import polars as pl
import pytest

from pipeline.check import check
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.release.release import publish, with_history
from pipeline.release.verify import verify
from tests.own_sources import HEADINGS, write_code_lists, write_source
from tests.verify.spoil import forge

TEXT = (
    "3 March 2020. Fenland has 120 clubs and halls. Fenland has 20 to 30 rowers. Two-thirds of "
    "members in Moorland are chess members; more than two-thirds of members in Fenland are "
    "rowing members. Fenland has 59.6 million members. Moorland has about 17.9 million members. "
    "Moorland has between 26.5 and 31.25 percent of members in rowing. Moorland has more than "
    "1,200 clubs. Fenland pays dues of 12.50 euros, and about 30 euros as dues in Moorland. "
    "Dues in Fenland are $40."
)
INDICATORS = (
    "halls,halls,,Halls,halls,true,stock,,,",
    "rowers,rowers,,Rowers,rowers,true,stock,,,",
    "dues,dues,,Dues,EUR,false,money,,,",
)
OBSERVATIONS = [
    "clubs,clubs,FEN,,,120,,,Fenland has 120 clubs,,,,,",
    "halls,halls,FEN,,,120,,,Fenland has 120 clubs and halls,,halls,,,clubs",
    "rowers,rowers,FEN,,,20/30,between,,Fenland has 20 to 30 rowers,,,,,",
    "chess,member_share,MOOR,chess,,2:3,,,Two-thirds of members in Moorland are chess,,,,,",
    (
        "rowing,member_share,FEN,rowing,,2:3,gt,,more than two-thirds of members in Fenland are "
        "rowing,,,,,"
    ),
    "many,members,FEN,,,59600000,,,Fenland has 59.6 million members,,,,,",
    "some,members,MOOR,,,17900000,approx,,Moorland has about 17.9 million members,,,,,",
    (
        "range,member_share,MOOR,rowing,,26.5/31.25,between,,Moorland has between 26.5 and 31.25 "
        "percent of members in rowing,,,,,"
    ),
    'more,clubs,MOOR,,,1200,gt,,"Moorland has more than 1,200 clubs",,,,,',
    "dues,dues,FEN,,,12.50,,,Fenland pays dues of 12.50 euros,,,,,",
    "about,dues,MOOR,,,30,approx,,about 30 euros as dues in Moorland,,,,,",
    "young,dues,FEN,,,40,,,Dues in Fenland are $40,,,,$40 is read as euros,",
]


@pytest.fixture(params=[True, False], ids=["with its text", "without its text"])
def shapes(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release of such numbers."""
    monkeypatch.setitem(HEADINGS, "observations", f"{HEADINGS['observations']},same_as")
    folder = tmp_path / "raw"
    write_code_lists(folder)
    with (folder / "codelists" / "indicators.csv").open("a", encoding="utf-8") as indicators:
        indicators.writelines(f"{line}\n" for line in INDICATORS)
    write_source(folder, "shire", TEXT, {"observations": OBSERVATIONS})
    (folder / "rules.toml").write_text("")
    (folder / "findings.csv").write_text("rule_id,group_id,type,lower,upper,reason\n")
    (folder / "releases.csv").write_text(
        "version,date,based_on,reason\n1.0.0,2026-11-24,,The first\n"
    )
    toml = folder / "shire" / "source.toml"
    is_kept = str(request.param).lower()
    toml.write_text(
        toml.read_text().replace("republish_text = true", f"republish_text = {is_kept}")
    )
    checked, raw = check(folder), RawFolder(folder)
    assert checked.defects == []
    releases = read_releases(raw).rows
    tables = with_history(checked.tables, tmp_path, releases)
    return publish(tables, raw.originals(), tmp_path, releases).folder


def test_that_nobody_touched_are_well(shapes: Path) -> None:
    assert verify(shapes).failures == []


@pytest.mark.parametrize(
    "forged",
    [
        pl.when(fact_id="shire/many").then(pl.lit("shire/some")).otherwise("fact_id"),
        pl.when(fact_id="shire/many").then(None).otherwise("fact_id"),
    ],
)
def test_that_a_mention_says_of_another_fact_are_found(forged: pl.Expr, shapes: Path) -> None:
    mentions = pl.read_parquet(shapes / "tables" / "mentions.parquet")
    forge(shapes, mentions=mentions.with_columns(forged.alias("fact_id")))
    assert "tables/mentions.csv" in {failure.file for failure in verify(shapes).failures}
